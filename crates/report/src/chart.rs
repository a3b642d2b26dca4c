//! Pictures. Each has a layout, which is numbers, and a drawing, which is markup.
//!
//! Geometry stands in attributes and colours in classes, so that a page that forbids inline styles can show
//! them. No picture is alone: the same numbers are in a table beside it.

pub(crate) mod heat_map;
pub(crate) mod sankey;
pub(crate) mod series;
