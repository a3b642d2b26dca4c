//! What happens to rows in the course of their lives.

use std::ops::ControlFlow;
use std::time::Duration;

use portolan_lake::{LakeStatus, compact, expire, follow};

use super::*;

#[test]
fn reading_twice_is_reading_once() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::create_dir_all(folder.path().join("deep/er")).unwrap();
    std::fs::write(folder.path().join("deep/er/a.log"), log(0..10)).unwrap();
    let name = "123456789012_vpcflowlogs_us-east-1_fl-1234abcd_20180620T1620Z_fe123456.log";
    std::fs::write(folder.path().join(name), log(10..20)).unwrap();
    std::fs::write(folder.path().join("deep").join(name), log(10..20)).unwrap();
    block_on(async {
        let lake = lake_in_memory();
        let first = fill(&lake, &[source(folder.path())]).await.unwrap();
        assert_eq!((first.rows, first.sources, first.known_sources), (20, 2, 1));
        let second = fill(&lake, &[source(folder.path()), source(folder.path())]).await.unwrap();
        assert_eq!((second.rows, second.sources, second.known_sources), (0, 0, 6));
        assert_eq!(lake.snapshot().await.unwrap().number(), 1);
    });
}

#[test]
fn a_lake_does_not_drink_itself() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.log"), log(0..10)).unwrap();
    block_on(async {
        let folder = folder.path().canonicalize().unwrap();
        let lake = lake_at(&folder.join("lake"));
        for _ in 0..2 {
            fill(&lake, &[source(&folder)]).await.unwrap();
        }
        assert_eq!(lake.snapshot().await.unwrap().rows(), 10);
    });
}

#[test]
fn files_are_sorted_and_said_what_they_hold() {
    let folder = tempfile::tempdir().unwrap();
    let backwards: Vec<_> = (0..100).rev().map(line).collect();
    let text = format!(
        "{HEADER}\n{}\n2 1 eni-1 - - - - - - - {NEW_YEAR} 0 - SKIPDATA\n",
        backwards.join("\n")
    );
    std::fs::write(folder.path().join("a.log"), text).unwrap();
    block_on(async {
        let lake = lake_in_memory();
        fill(&lake, &[source(folder.path())]).await.unwrap();
        let snapshot = lake.snapshot().await.unwrap();
        let file = snapshot.files().next().unwrap();
        assert!(file.path.starts_with("day=2026-01-01/hour=00/"), "{}", file.path);
        assert_eq!((file.rows, file.rows_without_data), (101, 1));
        assert_eq!(file.start, Some((NEW_YEAR, NEW_YEAR + 99)));
        assert_eq!(file.addresses["srcaddr"], (0x0a00_0000, 0x0a00_0063));
        assert_eq!(snapshot.files_within(NEW_YEAR + 100..=i64::MAX).count(), 0);
        let mut bytes = Vec::new();
        export(&lake, ExportFormat::Csv, None, &mut bytes).await.unwrap();
        let text = String::from_utf8(bytes).unwrap();
        let times: Vec<_> = text.lines().skip(1).map(|it| it.split(',').next().unwrap()).collect();
        assert!(times.is_sorted(), "{times:?}");
    });
}

#[test]
fn small_files_become_one_and_the_old_ones_go() {
    let folder = tempfile::tempdir().unwrap();
    block_on(async {
        let lake = lake_at(&folder.path().join("lake"));
        for number in 0..6 {
            let path = folder.path().join(format!("{number}.log"));
            std::fs::write(&path, log(number * 10..number * 10 + 10)).unwrap();
            fill(&lake, &[source(&path)]).await.unwrap();
        }
        let before = counts(&lake).await;
        let kept = compact(&lake, Duration::from_secs(u64::MAX)).await.unwrap();
        assert_eq!((kept.merged, kept.made, kept.swept), (6, 1, 0));
        assert_eq!(counts(&lake).await, before);
        // The clock of tests stands still, and files are younger than it thinks.
        let swept = compact(&lake, Duration::ZERO).await.unwrap();
        assert_eq!((swept.merged, swept.made), (0, 0));
        assert_eq!(counts(&lake).await, before);
    });
}

#[test]
fn old_rows_go_and_their_sources_stay_known() {
    let folder = tempfile::tempdir().unwrap();
    let old = line(1).replace(&NEW_YEAR.to_string()[..4], "1700");
    std::fs::write(folder.path().join("a.log"), format!("{}{old}\n", log(0..10))).unwrap();
    block_on(async {
        let lake = lake_in_memory();
        fill(&lake, &[source(folder.path())]).await.unwrap();
        let gone = expire(&lake, 30).await.unwrap();
        assert_eq!((gone.files, gone.rows), (1, 1));
        assert_eq!(expire(&lake, 30).await.unwrap().files, 0);
        let again = fill(&lake, &[source(folder.path())]).await.unwrap();
        assert_eq!((again.rows, again.known_sources), (0, 1));
        assert_eq!(lake.snapshot().await.unwrap().rows(), 10);
    });
}

#[test]
fn an_export_makes_an_equal_lake() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.log"), log(0..50)).unwrap();
    let custom = format!(
        "start pkt-srcaddr srcaddr interface-type\n{NEW_YEAR} 2001:db8::1 - nat_gateway\n\
         - 10.0.0.1 2001:db8::2 -\n"
    );
    std::fs::write(folder.path().join("b.log"), custom).unwrap();
    let dump = folder.path().join("dump.parquet");
    block_on(async {
        let lake = lake_in_memory();
        fill(&lake, &[source(&folder.path().join("a.log")), source(&folder.path().join("b.log"))])
            .await
            .unwrap();
        let mut bytes = Vec::new();
        let written = export(&lake, ExportFormat::Parquet, None, &mut bytes).await.unwrap();
        assert_eq!(written.rows, 52);
        std::fs::write(&dump, &bytes).unwrap();
        let restored = lake_in_memory();
        let read = fill(&restored, &[source(&dump)]).await.unwrap();
        assert_eq!((read.rows, read.rejects), (52, 0));
        assert_eq!(report(&restored).await, report(&lake).await);
        let layouts = |lake: &portolan_lake::manifest::Snapshot| -> Vec<(String, u64)> {
            LakeStatus::of(lake).formats.iter().map(|it| (it.layout.clone(), it.rows)).collect()
        };
        let (one, other) = (lake.snapshot().await.unwrap(), restored.snapshot().await.unwrap());
        assert_eq!(layouts(&one), layouts(&other));
        // What comes out again is the same, byte for byte.
        let mut again = Vec::new();
        export(&restored, ExportFormat::Parquet, None, &mut again).await.unwrap();
        assert!(again == bytes);
    });
}

#[test]
fn what_comes_is_read_as_it_comes() {
    let folder = tempfile::tempdir().unwrap();
    block_on(async {
        let lake = lake_in_memory();
        let mut rows = Vec::new();
        let mut next = 0;
        let tell = |report: Result<IngestReport, LakeError>| {
            rows.push(report.unwrap().rows);
            std::fs::write(folder.path().join(format!("{next}.log")), log(next * 5..next * 5 + 5))
                .unwrap();
            next += 1;
            if next == 4 { ControlFlow::Break(()) } else { ControlFlow::Continue(()) }
        };
        let never = std::future::pending();
        follow(&lake, &[source(folder.path())], || Duration::ZERO, never, tell).await;
        assert_eq!(rows, [0, 5, 5, 5]);
        let stopped = std::future::ready(());
        let mut looks = 0;
        let tell = |_| {
            looks += 1;
            ControlFlow::Continue(())
        };
        follow(&lake, &[source(folder.path())], || Duration::MAX, stopped, tell).await;
        assert_eq!((looks, lake.snapshot().await.unwrap().rows()), (1, 20));
    });
}

#[test]
fn numbers_sum_up() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.log"), log(0..50)).unwrap();
    std::fs::write(folder.path().join("b.log"), format!("tcp-flags start\n2 {NEW_YEAR}\n"))
        .unwrap();
    block_on(async {
        let lake = lake_in_memory();
        assert_eq!(LakeStatus::of(&lake.snapshot().await.unwrap()), LakeStatus::default());
        fill(&lake, &[source(folder.path())]).await.unwrap();
        let status = LakeStatus::of(&lake.snapshot().await.unwrap());
        assert_eq!((status.commit, status.files, status.rows, status.sources), (1, 2, 51, 2));
        let formats: Vec<_> = status.formats.iter().map(|it| (it.version, it.rows)).collect();
        assert_eq!(formats, [(2, 50), (3, 1)]);
    });
}
