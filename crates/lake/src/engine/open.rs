//! From a lake to an engine on it.

use std::sync::Arc;

use arrow::datatypes::{Field, Schema};
use datafusion::error::{DataFusionError, Result};
use datafusion::execution::object_store::ObjectStoreUrl;
use url::Url;

use super::{Engine, Limits, Source, SourceFile};
use crate::manifest::{FileEntry, Snapshot};
use crate::{Lake, schema};

/// The name under which a session knows the store of its lake, whose root is the lake's.
const HERE: &str = "lake://here";

impl Engine {
    /// Returns an engine on the files of a snapshot of a lake; `now` is the time in milliseconds since 1970.
    ///
    /// # Errors
    ///
    /// Fails if there is no place to spill to.
    pub fn open(lake: &Lake, snapshot: &Snapshot, limits: &Limits, now: i64) -> Result<Self> {
        let here = Url::parse(HERE).map_err(external)?;
        let source = source(snapshot, ObjectStoreUrl::parse(HERE)?, "")?;
        Self::new((here, Arc::clone(lake.store())), source, limits, now)
    }

    /// Returns an engine that has a cluster read the files. Its members reach the lake by its own address.
    ///
    /// # Errors
    ///
    /// Fails if there is no place to spill to.
    #[cfg(feature = "cluster")]
    pub fn open_on_cluster(
        lake: &Lake,
        snapshot: &Snapshot,
        limits: &Limits,
        now: i64,
        client: crate::cluster::Client,
    ) -> Result<Self> {
        let mut root = lake.url().clone();
        root.set_path("");
        let prefix = lake.url().path().trim_start_matches('/');
        let source = source(snapshot, ObjectStoreUrl::parse(root.as_str())?, prefix)?;
        let mut engine = Self::new((root, Arc::clone(lake.store())), source, limits, now)?;
        engine.cluster = Some(Arc::new(client));
        Ok(engine)
    }
}

fn external(error: impl std::error::Error + Send + Sync + 'static) -> DataFusionError {
    DataFusionError::External(Box::new(error))
}

/// Returns the files as one table: every column that a file has.
fn source(snapshot: &Snapshot, store: ObjectStoreUrl, prefix: &str) -> Result<Source> {
    let mut columns = Schema::empty();
    for layout in distinct_columns(snapshot) {
        columns = Schema::try_merge([columns, layout.schema().as_ref().clone()])?;
    }
    // Times and the layout are asked for by the engine itself, whatever the files have.
    let fields = columns.fields().iter().map(|field| field.as_ref().clone());
    let mut fields: Vec<Field> = fields.map(|field| field.with_nullable(true)).collect();
    if !fields.iter().any(|field| field.name() == schema::LAYOUT) {
        fields.push(Field::new(schema::LAYOUT, schema::text(), true));
    }
    let files = snapshot.files().map(|entry| file(entry, prefix)).collect();
    Ok(Source { store, files, schema: Arc::new(Schema::new(fields)) })
}

/// Returns an entry for each different set of columns: there are few, of however many files.
fn distinct_columns(snapshot: &Snapshot) -> Vec<&FileEntry> {
    let mut entries: Vec<&FileEntry> = Vec::new();
    for entry in snapshot.files() {
        let is_known =
            |known: &&FileEntry| known.layout == entry.layout && known.wide == entry.wide;
        if !entries.iter().any(is_known) {
            entries.push(entry);
        }
    }
    entries
}

fn file(entry: &FileEntry, prefix: &str) -> SourceFile {
    // A file without times meets no range but all of time.
    let (first, last) = entry.start.unwrap_or((i64::MAX, i64::MIN));
    let path = format!("{prefix}{}", entry.path);
    SourceFile { path, bytes: entry.size, rows: entry.rows, first, last }
}
