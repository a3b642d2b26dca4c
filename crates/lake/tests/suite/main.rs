//! The lake as those who use it see it.
#![expect(clippy::unwrap_used, reason = "all of this is tests, also outside of test functions")]

mod crash;
mod faulty;
mod forms;
mod journey;
mod mutated;
mod peers;
mod writers;

use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

use object_store::ObjectStore;
use object_store::memory::InMemory;
use portolan_lake::{
    ExportFormat, IngestReport, Lake, LakeError, Meter, Place, SourcePlace, export, ingest,
};

/// The first second of 2026.
const NEW_YEAR: i64 = 1_767_225_600;

/// The header of the default format.
const HEADER: &str = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end \
                      action log-status";

/// The time in tests.
fn clock() -> i64 {
    NEW_YEAR + 10 * 24 * 60 * 60
}

fn block_on<T>(work: impl Future<Output = T>) -> T {
    tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap().block_on(work)
}

fn lake_in(store: Arc<dyn ObjectStore>) -> Lake {
    Lake::in_store(store, Place::parse("/nowhere/lake").unwrap(), clock).unwrap()
}

fn lake_in_memory() -> Lake {
    lake_in(Arc::new(InMemory::new()))
}

fn lake_at(folder: &Path) -> Lake {
    Lake::create(Place::parse(folder.to_str().unwrap()).unwrap(), clock).unwrap()
}

fn source(path: &Path) -> SourcePlace {
    SourcePlace::parse(path.to_str().unwrap()).unwrap()
}

async fn fill(lake: &Lake, places: &[SourcePlace]) -> Result<IngestReport, LakeError> {
    ingest(lake, places, &Arc::new(Meter::default())).await
}

/// Returns a line of the default format; all that differs comes of the number.
fn line(number: u32) -> String {
    let start = NEW_YEAR + i64::from(number % 7_200);
    let action = if number.is_multiple_of(5) { "REJECT" } else { "ACCEPT" };
    format!(
        "2 123456789012 eni-{} 10.0.{}.{} 192.0.2.{} {} 443 6 {} {} {start} {} {action} OK",
        number % 7,
        number / 250 % 250,
        number % 250,
        number % 200,
        1024 + number % 60_000,
        1 + number % 9,
        40 + number,
        start + 59,
    )
}

/// Returns a text log of lines.
fn log(numbers: std::ops::Range<u32>) -> String {
    let lines: Vec<_> = numbers.map(line).collect();
    format!("{HEADER}\n{}\n", lines.join("\n"))
}

/// Returns every row of a lake as the report has it, sorted.
async fn report(lake: &Lake) -> Vec<String> {
    let mut bytes = Vec::new();
    export(lake, ExportFormat::Csv, None, &mut bytes).await.unwrap();
    let text = String::from_utf8(bytes).unwrap();
    let mut rows: Vec<_> = text.lines().skip(1).map(str::to_owned).collect();
    rows.sort();
    rows
}

/// Returns how often each row is in the lake.
async fn counts(lake: &Lake) -> BTreeMap<String, usize> {
    let mut counts = BTreeMap::new();
    for row in report(lake).await {
        *counts.entry(row).or_default() += 1;
    }
    counts
}
