//! A lake: a place with a manifest in it.

use std::sync::Arc;

use object_store::ObjectStore;
use url::Url;

use crate::error::LakeError;
use crate::manifest::{Log, Snapshot};
use crate::place::Place;

/// Says what time it is, in seconds since 1970 UTC.
pub type Clock = fn() -> i64;

/// Flow logs in a folder or a bucket.
#[derive(Clone, Debug)]
pub struct Lake {
    place: Place,
    url: Url,
    store: Arc<dyn ObjectStore>,
    clock: Clock,
}

impl Lake {
    /// Opens a lake to fill it. What is not there yet is made.
    pub fn create(place: Place, clock: Clock) -> Result<Self, LakeError> {
        let store = place.store(true)?;
        Ok(Self { url: place.url()?, place, store, clock })
    }

    /// Opens a lake that is there.
    ///
    /// # Errors
    ///
    /// Returns [`LakeError::NoLake`] if a folder is not there. Whether a bucket holds a lake shows when it is read: an empty
    /// one has no rows.
    pub fn open(place: Place, clock: Clock) -> Result<Self, LakeError> {
        if let Place::Local(path) = &place
            && !path.is_dir()
        {
            return Err(LakeError::NoLake { place: place.to_string() });
        }
        let store = place.store(false)?;
        Ok(Self { url: place.url()?, place, store, clock })
    }

    /// Opens a lake in a store of any kind, which the address stands for.
    pub fn in_store(
        store: Arc<dyn ObjectStore>,
        place: Place,
        clock: Clock,
    ) -> Result<Self, LakeError> {
        Ok(Self { url: place.url()?, place, store, clock })
    }

    /// Returns where it is.
    pub fn place(&self) -> &Place {
        &self.place
    }

    /// Returns the address that the paths of files are relative to; it ends in a slash.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Returns the store, whose root is the lake's.
    pub fn store(&self) -> &Arc<dyn ObjectStore> {
        &self.store
    }

    /// Returns the files as of the last commit.
    pub async fn snapshot(&self) -> Result<Snapshot, LakeError> {
        self.log().snapshot().await
    }

    /// Returns the time.
    pub(crate) fn now(&self) -> i64 {
        (self.clock)()
    }

    pub(crate) fn log(&self) -> Log {
        Log::new(Arc::clone(&self.store))
    }
}
