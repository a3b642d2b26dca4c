//! What there is to read.

use std::path;
use std::sync::Arc;

use futures::TryStreamExt as _;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::{ObjectMeta, ObjectStore, ObjectStoreExt as _};

use super::identity;
use crate::error::LakeError;
use crate::name;
use crate::place::{self, Place};

/// What is written for standard input.
const STANDARD_INPUT: &str = "-";

/// Something to read flow logs from, as the user names it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum SourcePlace {
    /// A file, a folder of any depth, or the objects of a bucket below a prefix.
    Place(Place),
    /// Standard input, which is a new source each time.
    StandardInput,
}

/// One file or object.
#[derive(Clone, Debug)]
pub(crate) struct Object {
    /// What the ledger knows it by.
    pub(crate) key: String,
    /// What changes when its content does.
    pub(crate) version: String,
    /// How many bytes it has; 0 for standard input.
    pub(crate) size: u64,
    /// How it is named to people.
    pub(crate) shown: String,
    /// Whether the user named it, rather than a folder that it is in.
    pub(crate) is_named: bool,
    /// Where it is; `None` for standard input.
    pub(crate) at: Option<(Arc<dyn ObjectStore>, Path)>,
}

impl SourcePlace {
    /// Reads `-` or a [`Place`].
    pub fn parse(text: &str) -> Result<Self, LakeError> {
        if text == STANDARD_INPUT {
            return Ok(Self::StandardInput);
        }
        Place::parse(text).map(Self::Place)
    }

    /// Returns what is there, in the order of the names.
    pub(crate) async fn objects(&self) -> Result<Vec<Object>, LakeError> {
        match self {
            Self::StandardInput => Ok(vec![Object {
                key: STANDARD_INPUT.to_owned(),
                version: name::random(),
                size: 0,
                shown: "standard input".to_owned(),
                is_named: true,
                at: None,
            }]),
            Self::Place(Place::Local(path)) => local_objects(path).await,
            Self::Place(Place::S3 { bucket, prefix }) => {
                let store = place::s3(bucket)?;
                let root = format!("s3://{bucket}/");
                list(&store, &Path::from(prefix.as_str()), &root).await
            }
        }
    }
}

async fn local_objects(path: &path::Path) -> Result<Vec<Object>, LakeError> {
    let shown = path.display().to_string();
    let whole = path.canonicalize().map_err(LakeError::file("read", &shown))?;
    let store: Arc<dyn ObjectStore> = Arc::new(LocalFileSystem::new());
    let at = Path::from_absolute_path(&whole)
        .map_err(|error| LakeError::store("read", &shown)(error.into()))?;
    if whole.is_dir() {
        return list(&store, &at, "/").await;
    }
    let meta = store.head(&at).await.map_err(LakeError::store("read", &shown))?;
    Ok(vec![Object { is_named: true, ..object(&store, meta, "/") }])
}

async fn list(
    store: &Arc<dyn ObjectStore>,
    prefix: &Path,
    root: &str,
) -> Result<Vec<Object>, LakeError> {
    let listed: Vec<_> = store
        .list(Some(prefix))
        .try_collect()
        .await
        .map_err(LakeError::store("list", format!("{root}{prefix}")))?;
    let mut objects: Vec<_> = listed.into_iter().map(|meta| object(store, meta, root)).collect();
    if objects.is_empty()
        && let Ok(meta) = store.head(prefix).await
    {
        // The prefix is the whole key of an object.
        objects.push(Object { is_named: true, ..object(store, meta, root) });
    }
    objects.sort_by(|a, b| a.key.cmp(&b.key));
    Ok(objects)
}

fn object(store: &Arc<dyn ObjectStore>, meta: ObjectMeta, root: &str) -> Object {
    let shown = format!("{root}{}", meta.location);
    let (key, version) = identity::of(&shown, &meta);
    Object {
        key,
        version,
        size: meta.size,
        shown,
        is_named: false,
        at: Some((Arc::clone(store), meta.location)),
    }
}
