//! Files that describe accounts, read into the model.
