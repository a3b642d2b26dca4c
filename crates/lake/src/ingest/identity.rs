//! When two files are one source.
//!
//! A file that AWS delivers has a name with a hash, which no other file has. It is the same source in the bucket, in a copy of
//! the bucket and on a disk. Any other file is known by where it is.

use object_store::ObjectMeta;
use portolan_flow::KeyHints;

/// Returns the key and the version of an object that is called `shown`.
pub(super) fn of(shown: &str, meta: &ObjectMeta) -> (String, String) {
    if let Some(name) = KeyHints::of(shown).delivery {
        // Copies differ in time and tag, not in length.
        return (name.to_owned(), meta.size.to_string());
    }
    let tag = match &meta.e_tag {
        Some(tag) => tag.trim_matches('"').to_owned(),
        None => meta.last_modified.timestamp_micros().to_string(),
    };
    (shown.to_owned(), format!("{}-{tag}", meta.size))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(shown: &str, expected: (&str, &str)) {
        let meta = ObjectMeta {
            location: "a".into(),
            last_modified: std::time::SystemTime::UNIX_EPOCH.into(),
            size: 7,
            e_tag: Some("\"abc\"".into()),
            version: None,
        };
        let (key, version) = of(shown, &meta);
        assert_eq!((key.as_str(), version.as_str()), expected);
    }

    #[test]
    fn files_of_aws_are_known_by_name() {
        let name = "123456789012_vpcflowlogs_us-east-1_fl-1234abcd_20180620T1620Z_fe123456.log.gz";
        check(&format!("s3://logs/AWSLogs/{name}"), (name, "7"));
        check(&format!("/tmp/{name}"), (name, "7"));
    }

    #[test]
    fn others_are_known_by_place() {
        check("/tmp/vpc.log", ("/tmp/vpc.log", "7-abc"));
        check("s3://logs/vpc.log", ("s3://logs/vpc.log", "7-abc"));
    }
}
