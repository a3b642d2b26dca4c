//! Two writers at once, and the log that they share.

use portolan_lake::manifest::CHECKPOINT_EVERY;

use super::*;

/// Writes as many logs of twenty lines, and returns where each is.
fn many_logs(folder: &Path, count: u32) -> Vec<SourcePlace> {
    let write = |number: u32| {
        let path = folder.join(format!("{number}.log"));
        std::fs::write(&path, log(number * 20..number * 20 + 20)).unwrap();
        source(&path)
    };
    (0..count).map(write).collect()
}

#[test]
fn writers_with_the_same_sources_read_each_once() {
    let folder = tempfile::tempdir().unwrap();
    let places = many_logs(folder.path(), 12);
    block_on(async {
        let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
        let lake = lake_in(Arc::clone(&store));
        let write = |lake: Lake, places: Vec<SourcePlace>| async move {
            let mut rows = 0;
            for place in places {
                rows += fill(&lake, &[place]).await.unwrap().rows;
            }
            rows
        };
        let backwards: Vec<_> = places.iter().rev().cloned().collect();
        let (one, other) = tokio::join!(
            write(lake_in(Arc::clone(&store)), places.clone()),
            write(lake_in(Arc::clone(&store)), backwards)
        );
        assert_eq!(one + other, 240);
        let counts = counts(&lake).await;
        assert_eq!(counts.len(), 240);
        assert!(counts.values().all(|it| *it == 1));
    });
}

#[test]
fn a_writer_that_is_overtaken_reads_the_rest() {
    let folder = tempfile::tempdir().unwrap();
    let places = many_logs(folder.path(), 3);
    let all = [source(folder.path())];
    block_on(async {
        // Each round one writer reads all, the other one of them; who is faster is left to chance.
        for round in 0..10 {
            let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
            let (lake, other) = (lake_in(Arc::clone(&store)), lake_in(store));
            let one = std::slice::from_ref(&places[round % 3]);
            let (all, one) = tokio::join!(fill(&lake, &all), fill(&other, one));
            assert_eq!(all.unwrap().rows + one.unwrap().rows, 60);
            assert_eq!(counts(&lake).await.len(), 60);
        }
    });
}

#[test]
fn checkpoints_change_nothing() {
    let folder = tempfile::tempdir().unwrap();
    let count = u32::try_from(CHECKPOINT_EVERY).unwrap() + 2;
    let places = many_logs(folder.path(), count);
    block_on(async {
        let store: Arc<dyn ObjectStore> = Arc::new(InMemory::new());
        let lake = lake_in(Arc::clone(&store));
        for place in &places {
            fill(&lake, std::slice::from_ref(place)).await.unwrap();
        }
        let with = lake.snapshot().await.unwrap();
        for name in ["files", "sources"] {
            use object_store::ObjectStoreExt as _;
            let path = format!("checkpoint/{CHECKPOINT_EVERY:020}.{name}.json.zst");
            store.delete(&path.as_str().into()).await.unwrap();
        }
        assert_eq!(lake.snapshot().await.unwrap(), with);
        let again = fill(&lake, &places).await.unwrap();
        assert_eq!((again.known_sources, again.rows), (u64::from(count), 0));
    });
}

#[test]
fn a_hole_in_the_log_is_noticed() {
    let folder = tempfile::tempdir().unwrap();
    let places = many_logs(folder.path(), 3);
    block_on(async {
        use object_store::ObjectStoreExt as _;
        let lake = lake_in_memory();
        for place in &places {
            fill(&lake, std::slice::from_ref(place)).await.unwrap();
        }
        lake.store().delete(&format!("manifest/{:020}.json", 2).as_str().into()).await.unwrap();
        let error = lake.snapshot().await.unwrap_err();
        assert_eq!(error.to_string(), "the manifest lacks commit 2");
    });
}

#[test]
fn what_a_later_program_wrote_is_refused() {
    block_on(async {
        use object_store::ObjectStoreExt as _;
        let lake = lake_in_memory();
        let path = format!("manifest/{:020}.json", 1);
        let later = br#"{"format": 2, "branches": []}"#.to_vec();
        lake.store().put(&path.as_str().into(), later.into()).await.unwrap();
        let error = lake.snapshot().await.unwrap_err();
        let named = "`manifest/00000000000000000001.json` is of format 2, and this program knows 1";
        assert_eq!(error.to_string(), named);
    });
}
