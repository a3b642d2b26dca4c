//! The lake as processes use it, some of which are killed.

use std::fmt::Write as _;
use std::fs;
use std::path::Path;

use super::{portolan, scratch};

/// The first second of 2026.
const NEW_YEAR: u64 = 1_767_225_600;

/// How many hours the log has, and hence at least how many files become of it.
const HOURS: u64 = 24;

/// How many records an hour has.
const RECORDS: u64 = 500;

fn write_log(path: &Path) {
    let mut text = String::from("srcaddr dstaddr dstport bytes start end action\n");
    for record in 0..HOURS * RECORDS {
        let start = NEW_YEAR + record % HOURS * 3600 + record % 3600;
        let (high, low) = (record / 250 % 250, record % 250);
        writeln!(text, "10.1.{high}.{low} 10.2.0.1 443 {record} {start} {start} ACCEPT").unwrap();
    }
    fs::write(path, text).unwrap();
}

/// Returns how many data files there are, committed or not.
fn data_files(lake: &Path) -> usize {
    let folders = |path: &Path| fs::read_dir(path).into_iter().flatten().flatten();
    let is_data = |path: &Path| path.extension().is_some_and(|it| it == "parquet");
    let days = folders(lake).map(|it| it.path());
    let hours = days.flat_map(|day| folders(&day).map(|it| it.path()).collect::<Vec<_>>());
    let files = hours.flat_map(|hour| folders(&hour).map(|it| it.path()).collect::<Vec<_>>());
    files.filter(|path| is_data(path)).count()
}

#[test]
fn an_ingestion_that_is_killed_loses_and_doubles_nothing() {
    let log = scratch("killed.log");
    write_log(&log);
    for files in [0, 1, 7, 23, 24] {
        let lake = scratch(&format!("killed-{files}"));
        drop(fs::remove_dir_all(&lake));
        let (log, place) = (log.to_str().unwrap(), lake.to_str().unwrap());
        let ingest = ["flows", "ingest", log, "--lake", place];
        let mut child = portolan(&ingest).stdout(std::process::Stdio::null()).spawn().unwrap();
        while data_files(&lake) < files && child.try_wait().unwrap().is_none() {
            std::thread::yield_now();
        }
        child.kill().unwrap();
        child.wait().unwrap();

        assert!(portolan(&ingest).output().unwrap().status.success());
        let compact = ["flows", "compact", "--lake", place, "--grace-hours", "0"];
        assert!(portolan(&compact).output().unwrap().status.success());
        let export = portolan(&["flows", "export", "--lake", place, "-f", "csv"]).output().unwrap();
        let text = String::from_utf8(export.stdout).unwrap();
        let mut bytes: Vec<u64> = text
            .lines()
            .skip(1)
            .map(|row| row.split(',').nth(7).unwrap().parse().unwrap())
            .collect();
        bytes.sort_unstable();
        assert!(bytes.into_iter().eq(0..HOURS * RECORDS), "killed at {files} files");
    }
}
