//! A store that stops in the middle of things.

use std::fmt;
use std::ops::Range;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use async_trait::async_trait;
use bytes::Bytes;
use futures::StreamExt as _;
use futures::stream::BoxStream;
use object_store::path::Path;
use object_store::{
    CopyOptions, Error, GetOptions, GetResult, ListResult, MultipartUpload, ObjectMeta,
    ObjectStore, PutMultipartOptions, PutOptions, PutPayload, PutResult, Result,
};

/// When the store stops working.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Stop {
    /// Before the operation of this number does anything.
    Before(u64),
    /// After it is done, so that only the answer is lost.
    After(u64),
}

/// A store whose every operation from one on fails, as they do for a process that is killed there.
#[derive(Debug)]
pub(crate) struct Faulty {
    inner: Arc<dyn ObjectStore>,
    stop: Stop,
    operations: Arc<AtomicU64>,
}

impl Faulty {
    pub(crate) fn new(inner: Arc<dyn ObjectStore>, stop: Stop) -> Self {
        Self { inner, stop, operations: Arc::default() }
    }

    /// Returns the counter of operations.
    pub(crate) fn operations(&self) -> Arc<AtomicU64> {
        Arc::clone(&self.operations)
    }

    async fn work<T>(&self, operation: impl Future<Output = Result<T>> + Send) -> Result<T> {
        let number = self.operations.fetch_add(1, Ordering::Relaxed);
        match self.stop {
            Stop::Before(last) if number >= last => Err(killed()),
            Stop::After(last) if number > last => Err(killed()),
            Stop::After(last) if number == last => {
                operation.await?;
                Err(killed())
            }
            _ => operation.await,
        }
    }
}

fn killed() -> Error {
    Error::Generic { store: "faulty", source: "killed".into() }
}

impl fmt::Display for Faulty {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "faulty {}", self.inner)
    }
}

#[async_trait]
impl ObjectStore for Faulty {
    async fn put_opts(
        &self,
        location: &Path,
        payload: PutPayload,
        options: PutOptions,
    ) -> Result<PutResult> {
        self.work(self.inner.put_opts(location, payload, options)).await
    }

    async fn put_multipart_opts(
        &self,
        location: &Path,
        options: PutMultipartOptions,
    ) -> Result<Box<dyn MultipartUpload>> {
        self.work(self.inner.put_multipart_opts(location, options)).await
    }

    async fn get_opts(&self, location: &Path, options: GetOptions) -> Result<GetResult> {
        self.work(self.inner.get_opts(location, options)).await
    }

    async fn get_ranges(&self, location: &Path, ranges: &[Range<u64>]) -> Result<Vec<Bytes>> {
        self.work(self.inner.get_ranges(location, ranges)).await
    }

    fn delete_stream(
        &self,
        locations: BoxStream<'static, Result<Path>>,
    ) -> BoxStream<'static, Result<Path>> {
        // Deleting is only ever tidying up; whether it happens is the least of worries.
        self.inner.delete_stream(locations)
    }

    fn list(&self, prefix: Option<&Path>) -> BoxStream<'static, Result<ObjectMeta>> {
        let number = self.operations.fetch_add(1, Ordering::Relaxed);
        let (Stop::Before(last) | Stop::After(last)) = self.stop;
        if number >= last {
            return futures::stream::iter([Err(killed())]).boxed();
        }
        self.inner.list(prefix)
    }

    async fn list_with_delimiter(&self, prefix: Option<&Path>) -> Result<ListResult> {
        self.work(self.inner.list_with_delimiter(prefix)).await
    }

    async fn copy_opts(&self, from: &Path, to: &Path, options: CopyOptions) -> Result<()> {
        self.work(self.inner.copy_opts(from, to, options)).await
    }
}
