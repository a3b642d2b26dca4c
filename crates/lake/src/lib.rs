//! The flow-log lake: Parquet with a manifest, and the engine that answers queries on it.
<<<<<<< HEAD

#[cfg(feature = "cluster")]
pub mod cluster;
=======
//!
//! The store half: [`Lake`] is a place with a [`manifest`] in it, [`schema`] says which columns its files have.

pub mod manifest;
pub mod schema;

mod error;
mod lake;
mod name;
mod place;

pub use error::LakeError;
pub use lake::{Clock, Lake};
pub use place::Place;
>>>>>>> 8bb3ec6 (WIP lake store)
