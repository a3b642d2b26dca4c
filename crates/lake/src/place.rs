//! Places that hold files: a folder, or a bucket with a prefix.

use std::fmt;
use std::fs;
use std::path::{self, PathBuf};
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::aws::AmazonS3Builder;
use object_store::local::LocalFileSystem;
use object_store::path::Path;
use object_store::prefix::PrefixStore;
use url::Url;

use crate::error::LakeError;

/// The scheme of places in S3.
const S3: &str = "s3://";

/// Where a lake or a source is.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub enum Place {
    /// A folder or a file.
    Local(PathBuf),
    /// Objects of a bucket whose keys begin with a prefix.
    S3 {
        /// The bucket.
        bucket: String,
        /// What the keys begin with, without slashes at its ends. It may be empty.
        prefix: String,
    },
}

impl Place {
    /// Reads `s3://bucket/prefix`; everything else is a path.
    ///
    /// # Errors
    ///
    /// Returns [`LakeError::Place`] if there is no bucket, or another scheme.
    pub fn parse(text: &str) -> Result<Self, LakeError> {
        let wrong = |reason| LakeError::Place { place: text.to_owned(), reason };
        if let Some(rest) = text.strip_prefix(S3) {
            let (bucket, prefix) = rest.split_once('/').unwrap_or((rest, ""));
            if bucket.is_empty() {
                return Err(wrong("write `s3://BUCKET/PREFIX`"));
            }
            let prefix = prefix.trim_matches('/').to_owned();
            return Ok(Self::S3 { bucket: bucket.to_owned(), prefix });
        }
        if text.is_empty() {
            return Err(wrong("name a folder, or `s3://BUCKET/PREFIX`"));
        }
        if text.contains("://") {
            return Err(wrong("only folders and `s3://BUCKET/PREFIX` are known"));
        }
        Ok(Self::Local(PathBuf::from(text)))
    }

    /// Returns the store of the place, rooted there. A folder that is not there is made if `create`.
    pub(crate) fn store(&self, create: bool) -> Result<Arc<dyn ObjectStore>, LakeError> {
        match self {
            Self::Local(path) => {
                let shown = path.display().to_string();
                if create {
                    fs::create_dir_all(path).map_err(LakeError::file("make", &shown))?;
                }
                let store = LocalFileSystem::new_with_prefix(path)
                    .map_err(LakeError::store("open", shown))?;
                Ok(Arc::new(store))
            }
            Self::S3 { bucket, prefix } => {
                let store = s3(bucket)?;
                Ok(Arc::new(PrefixStore::new(store, Path::from(prefix.as_str()))))
            }
        }
    }

    /// Returns the address of the place, with a slash at its end.
    ///
    /// # Errors
    ///
    /// Returns [`LakeError::Place`] if the path cannot be written as one.
    pub fn url(&self) -> Result<Url, LakeError> {
        let wrong = || LakeError::Place { place: self.to_string(), reason: "write the whole path" };
        match self {
            Self::Local(path) => {
                let whole = path::absolute(path).map_err(|_| wrong())?;
                Url::from_directory_path(whole).map_err(|()| wrong())
            }
            Self::S3 { bucket, prefix } if prefix.is_empty() => {
                Url::parse(&format!("{S3}{bucket}/")).map_err(|_| wrong())
            }
            Self::S3 { bucket, prefix } => {
                Url::parse(&format!("{S3}{bucket}/{prefix}/")).map_err(|_| wrong())
            }
        }
    }
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Local(path) => path.display().fmt(f),
            Self::S3 { bucket, prefix } => write!(f, "{S3}{bucket}/{prefix}"),
        }
    }
}

/// Opens a bucket with what the environment says: credentials, Region, and `AWS_ENDPOINT_URL` for other servers than AWS's.
///
/// Without encryption only servers on this machine are spoken to.
pub(crate) fn s3(bucket: &str) -> Result<Arc<dyn ObjectStore>, LakeError> {
    let builder = AmazonS3Builder::from_env().with_bucket_name(bucket);
    let endpoint = builder.get_config_value(&object_store::aws::AmazonS3ConfigKey::Endpoint);
    let is_near = endpoint.as_deref().is_some_and(is_loopback);
    let store = builder
        .with_allow_http(is_near)
        .build()
        .map_err(LakeError::store("open", format!("{S3}{bucket}")))?;
    Ok(Arc::new(store))
}

fn is_loopback(endpoint: &str) -> bool {
    let Ok(url) = Url::parse(endpoint) else { return false };
    match url.host() {
        Some(url::Host::Ipv4(address)) => address.is_loopback(),
        Some(url::Host::Ipv6(address)) => address.is_loopback(),
        Some(url::Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(text: &str, expected: &str) {
        let found = Place::parse(text).map_or_else(
            |error| error.help().unwrap_or_default(),
            |place| format!("{place} {}", place.url().unwrap()),
        );
        assert_eq!(found, expected, "{text}");
    }

    #[test]
    fn places_are_paths_or_buckets() {
        check("/tmp/lake", "/tmp/lake file:///tmp/lake/");
        check("s3://logs", "s3://logs/ s3://logs/");
        check("s3://logs/a/b/", "s3://logs/a/b s3://logs/a/b/");
        check("s3:///a", "write `s3://BUCKET/PREFIX`");
        check("", "name a folder, or `s3://BUCKET/PREFIX`");
        check("gs://logs", "only folders and `s3://BUCKET/PREFIX` are known");
    }

    #[test]
    fn only_this_machine_is_spoken_to_in_the_clear() {
        for near in ["http://127.0.0.1:9000", "http://[::1]:9000", "http://localhost:5000"] {
            assert!(is_loopback(near), "{near}");
        }
        for far in ["http://10.0.0.1:9000", "http://localhost.example.com", "127.0.0.1", ""] {
            assert!(!is_loopback(far), "{far}");
        }
    }
}
