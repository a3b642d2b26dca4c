//! Whatever is killed, and whenever: nothing is lost, and nothing is there twice.

use std::sync::atomic::Ordering;
use std::time::Duration;

use portolan_lake::{compact, expire};

use super::faulty::{Faulty, Stop};
use super::*;

/// A folder of three small logs, each of two hours.
fn logs() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    for (name, numbers) in [("a.log", 0..40), ("b.log", 3_580..3_620), ("c.log", 7_100..7_140)] {
        std::fs::write(folder.path().join(name), log(numbers)).unwrap();
    }
    folder
}

/// Does the work on stores that stop at each of its operations, and gives each store to `check` with what came of it.
async fn at_every_operation<T>(
    prepared: impl AsyncFn() -> Arc<dyn ObjectStore>,
    work: impl AsyncFn(&Lake) -> Result<T, LakeError>,
    check: impl AsyncFn(&Lake, Result<T, LakeError>),
) {
    let whole = Faulty::new(prepared().await, Stop::Before(u64::MAX));
    let operations = whole.operations();
    assert!(work(&lake_in(Arc::new(whole))).await.is_ok());
    let operations = operations.load(Ordering::Relaxed);
    assert!(operations > 3);
    for stop in (0..operations).flat_map(|it| [Stop::Before(it), Stop::After(it)]) {
        let store = prepared().await;
        let result = work(&lake_in(Arc::new(Faulty::new(Arc::clone(&store), stop)))).await;
        check(&lake_in(store), result).await;
    }
}

#[test]
fn an_ingestion_that_is_killed_is_done_again() {
    let folder = logs();
    let places = [source(folder.path())];
    block_on(async {
        let whole = lake_in_memory();
        fill(&whole, &places).await.unwrap();
        let expected = counts(&whole).await;
        assert_eq!(expected.len(), 120);
        let empty = async || Arc::new(InMemory::new()) as Arc<dyn ObjectStore>;
        at_every_operation(
            empty,
            async |lake| fill(lake, &places).await,
            async |lake, _| {
                let before = lake.snapshot().await.unwrap().rows();
                assert!(before == 0 || before == 120, "half of it is there: {before}");
                fill(lake, &places).await.unwrap();
                assert_eq!(counts(lake).await, expected);
                compact(lake, Duration::ZERO).await.unwrap();
                assert_eq!(counts(lake).await, expected);
            },
        )
        .await;
    });
}

#[test]
fn a_compaction_that_is_killed_changes_no_row() {
    let folder = logs();
    block_on(async {
        let filled = async || {
            let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
            let lake = lake_in(Arc::clone(&store));
            for name in ["a.log", "b.log"] {
                fill(&lake, &[source(&folder.path().join(name))]).await.unwrap();
            }
            store
        };
        let expected = counts(&lake_in(filled().await)).await;
        let work = async |lake: &Lake| compact(lake, Duration::ZERO).await;
        at_every_operation(filled, work, async |lake, _| {
            assert_eq!(counts(lake).await, expected);
            compact(lake, Duration::ZERO).await.unwrap();
            assert_eq!(counts(lake).await, expected);
            let data = lake.snapshot().await.unwrap().files().count();
            assert_eq!(data, 2, "one file an hour");
        })
        .await;
    });
}

#[test]
fn an_expiry_that_is_killed_is_done_or_not() {
    let folder = logs();
    block_on(async {
        let filled = async || {
            let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
            fill(&lake_in(Arc::clone(&store)), &[source(folder.path())]).await.unwrap();
            store
        };
        at_every_operation(
            filled,
            async |lake| expire(lake, 3).await,
            async |lake, _| {
                let rows = lake.snapshot().await.unwrap().rows();
                assert!(rows == 0 || rows == 120, "{rows}");
                expire(lake, 3).await.unwrap();
                assert_eq!(lake.snapshot().await.unwrap().rows(), 0);
                let again = fill(lake, &[source(folder.path())]).await.unwrap();
                assert_eq!((again.known_sources, again.rows), (3, 0));
            },
        )
        .await;
    });
}
