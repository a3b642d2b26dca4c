//! The account model: an AWS organisation's network at one moment, as a value.
