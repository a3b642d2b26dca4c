//! Bytes that are not as they were written: what is wrong is said with its place, and nothing panics.
//!
//! libFuzzer would find more, but with DataFusion in the program every one of its runs would take minutes to build.

use std::error::Error;

use object_store::path::Path as StorePath;
use object_store::{ObjectStoreExt as _, PutPayload};
use portolan_lake::LakeStatus;
use proptest::prelude::*;
use proptest::sample::Index;

use super::*;

/// What a lake of 33 commits is read from.
const MANIFEST: [&str; 3] = [
    "manifest/00000000000000000033.json",
    "checkpoint/00000000000000000032.files.json.zst",
    "checkpoint/00000000000000000032.sources.json.zst",
];

/// One change to bytes.
#[derive(Clone, Debug)]
enum Change {
    /// Another byte in its place.
    Set(Index, u8),
    /// A byte more.
    Insert(Index, u8),
    /// The bytes from one place to another are gone.
    Remove(Index, Index),
    /// Nothing behind it.
    Cut(Index),
}

fn change() -> impl Strategy<Value = Change> {
    // Digits make other numbers of numbers, and quotes and brackets other structures.
    let byte = prop_oneof![any::<u8>(), proptest::sample::select(&b"0179\"{}[],-"[..])];
    let byte = byte.boxed();
    prop_oneof![
        4 => (any::<Index>(), byte.clone()).prop_map(|(place, byte)| Change::Set(place, byte)),
        2 => (any::<Index>(), byte).prop_map(|(place, byte)| Change::Insert(place, byte)),
        1 => (any::<Index>(), any::<Index>()).prop_map(|(one, other)| Change::Remove(one, other)),
        1 => any::<Index>().prop_map(Change::Cut),
    ]
}

fn changed(bytes: &[u8], changes: &[Change]) -> Vec<u8> {
    let mut bytes = bytes.to_vec();
    for change in changes {
        let place = |index: &Index| index.index(bytes.len() + 1);
        match change {
            Change::Insert(at, byte) => {
                let at = place(at);
                bytes.insert(at, *byte);
            }
            Change::Set(at, byte) => {
                let at = place(at);
                bytes.splice(at..(at + 1).min(bytes.len()), [*byte]);
            }
            Change::Remove(one, other) => {
                let (one, other) = (place(one), place(other));
                bytes.drain(one.min(other)..one.max(other));
            }
            Change::Cut(at) => {
                let at = place(at);
                bytes.truncate(at);
            }
        }
    }
    bytes
}

/// Returns an error and its causes in one text.
fn chain(error: &dyn Error) -> String {
    let causes = std::iter::successors(Some(error), |error| (*error).source());
    causes.map(ToString::to_string).collect::<Vec<_>>().join(": ")
}

/// Returns a lake of 33 commits, and hence with a checkpoint, in a store of its own.
fn grown() -> Arc<InMemory> {
    let store = Arc::new(InMemory::new());
    let folder = tempfile::tempdir().unwrap();
    block_on(async {
        let lake = lake_in(Arc::clone(&store) as Arc<dyn ObjectStore>);
        for number in 0..33 {
            let path = folder.path().join(format!("{number}.log"));
            std::fs::write(&path, log(number * 3..number * 3 + 3)).unwrap();
            fill(&lake, &[source(&path)]).await.unwrap();
        }
    });
    store
}

#[test]
fn a_damaged_manifest_is_named() {
    let store = grown();
    let object = proptest::sample::select(&MANIFEST[..]);
    let changes = proptest::collection::vec(change(), 1..4);
    let folder = tempfile::tempdir().unwrap();
    let more = folder.path().join("more.log");
    std::fs::write(&more, log(1000..1001)).unwrap();
    proptest!(ProptestConfig::with_cases(400), |(object in object, changes in changes)| {
        let whole = block_on(async {
            let path = StorePath::from(object);
            let whole = store.get(&path).await.unwrap().bytes().await.unwrap();
            let damaged = changed(&whole, &changes);
            store.put(&path, PutPayload::from(damaged)).await.unwrap();
            whole
        });
        let (read, written) = block_on(async {
            // A copy, so that what is written on top does not stay.
            let lake = lake_in(Arc::new(store.fork()));
            let read = lake.snapshot().await.map(|snapshot| LakeStatus::of(&snapshot));
            let written = fill(&lake, &[source(&more)]).await.map(|report| report.rows);
            store.put(&StorePath::from(object), whole.into()).await.unwrap();
            (read.map(|status| status.rows), written)
        });
        for error in [read.err(), written.err()].into_iter().flatten() {
            let said = chain(&error);
            let lacks_commit = matches!(error, LakeError::MissingCommit { .. });
            prop_assert!(said.contains(object) || lacks_commit, "{object}: {said}");
        }
    });
}

#[test]
fn a_damaged_source_of_parquet_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let mut parquet = Vec::new();
    block_on(async {
        let path = folder.path().join("a.log");
        std::fs::write(&path, log(0..50)).unwrap();
        let lake = lake_in_memory();
        fill(&lake, &[source(&path)]).await.unwrap();
        export(&lake, ExportFormat::Parquet, None, &mut parquet).await.unwrap();
        std::fs::remove_file(path).unwrap();
    });
    let path = folder.path().join("a.parquet");
    let changes = proptest::collection::vec(change(), 1..4);
    proptest!(ProptestConfig::with_cases(400), |(changes in changes)| {
        std::fs::write(&path, changed(&parquet, &changes)).unwrap();
        let report = block_on(fill(&lake_in_memory(), &[source(&path)]));
        let report = report.map_err(|error| TestCaseError::fail(chain(&error)))?;
        for (named, _) in &report.problems {
            prop_assert!(named.ends_with("a.parquet"), "{named}");
        }
        let passed = report.ignored.len() + report.problems.len();
        let kept = report.rows + report.rejects + passed as u64;
        prop_assert!(kept > 0 || report.sources == 1, "{report:?}");
    });
}
