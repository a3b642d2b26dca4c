//! Measures queries on a folder of lake files: `flows_bench FOLDER RUNS MEMORY_MB NAME=QUERY…`, a line of JSON for each.
//!
//! One process for each engine, so that its peak memory is its own. `cargo xtask bench flows` runs it beside DuckDB, chDB and
//! Polars.

#![expect(clippy::print_stdout, reason = "figures are all that it is for")]

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::Instant;

use arrow::datatypes::{Field, Schema, SchemaRef};
use object_store::local::LocalFileSystem;
use parquet::arrow::arrow_reader::{ArrowReaderMetadata, ArrowReaderOptions};
use parquet::file::statistics::Statistics;
use portolan_lake::engine::{Engine, Limits, Range, Source, SourceFile, reading_type, vocabulary};
use url::Url;

type Error = Box<dyn std::error::Error>;

#[tokio::main]
async fn main() -> Result<(), Error> {
    let mut arguments = std::env::args().skip(1);
    let folder = PathBuf::from(arguments.next().ok_or("no folder is given")?);
    let runs: u32 = arguments.next().ok_or("no number of runs is given")?.parse()?;
    let memory: usize = arguments.next().ok_or("no memory is given")?.parse()?;
    let engine = open(&folder, memory << 20)?;
    for argument in arguments {
        let (name, text) = argument.split_once('=').ok_or("a query needs a name")?;
        measure(&engine, name, text, runs).await?;
    }
    Ok(())
}

async fn measure(engine: &Engine, name: &str, text: &str, runs: u32) -> Result<(), Error> {
    let parsed = portolan_query::parse(text, &vocabulary(), portolan_query::Options::default());
    let (query, _) = parsed.into_result().map_err(|errors| format!("{errors:?}"))?;
    if runs == 0 {
        let mut answer = engine.query(&query, Range::ALL).await?;
        println!("{:?}", answer.columns());
        for row in answer.all().await?.iter().take(10) {
            println!("{:?}", row.iter().map(ToString::to_string).collect::<Vec<_>>());
        }
        println!("{}", answer.explain());
        return Ok(());
    }
    let (mut best, mut least, mut rows, mut bytes) = (f64::MAX, f64::MAX, 0, 0);
    for _ in 0..runs {
        let (begun, used) = (Instant::now(), processor_seconds()?);
        let mut answer = engine.query(&query, Range::ALL).await?;
        rows = answer.all().await?.len();
        bytes = answer.progress().bytes_scanned().unwrap_or_default();
        best = best.min(begun.elapsed().as_secs_f64());
        least = least.min(processor_seconds()? - used);
    }
    let peak = peak_memory_mb()?;
    println!(
        "{{\"engine\":\"portolan\",\"q\":\"{name}\",\"rows\":{rows},\"best\":{best:.3},\"cpu\":{least:.3},\
         \"bytes\":{bytes},\"rss_mb\":{peak}}}"
    );
    Ok(())
}

fn open(folder: &Path, memory: usize) -> Result<Engine, Error> {
    let root = folder.canonicalize()?;
    let mut files = Vec::new();
    let mut schema = Schema::empty();
    for entry in walkdir::WalkDir::new(&root).sort_by_file_name() {
        let entry = entry?;
        if entry.path().extension().is_some_and(|it| it == "parquet") {
            let (file, of_file) = describe(&root, entry.path())?;
            files.push(file);
            schema = Schema::try_merge([schema, of_file])?;
        }
    }
    let store = LocalFileSystem::new_with_prefix(&root)?;
    let url = Url::parse("lake://folder")?;
    let source = Source {
        store: datafusion::execution::object_store::ObjectStoreUrl::parse(url.as_str())?,
        files: files.into(),
        schema: SchemaRef::new(schema),
    };
    let limits = Limits { memory, ..Limits::default() };
    Ok(Engine::new((url, Arc::new(store)), source, &limits, 0)?)
}

fn describe(root: &Path, path: &Path) -> Result<(SourceFile, Schema), Error> {
    let file = std::fs::File::open(path)?;
    let metadata = ArrowReaderMetadata::load(&file, ArrowReaderOptions::default())?;
    let (mut first, mut last) = (i64::MAX, i64::MIN);
    for group in metadata.metadata().row_groups() {
        let start = group.columns().iter().find(|it| it.column_descr().name() == "start");
        if let Some(Statistics::Int64(values)) = start.and_then(|it| it.statistics()) {
            first = first.min(values.min_opt().copied().unwrap_or(i64::MIN));
            last = last.max(values.max_opt().copied().unwrap_or(i64::MAX));
        }
    }
    let rows = metadata.metadata().file_metadata().num_rows();
    let described = SourceFile {
        path: path.strip_prefix(root)?.to_string_lossy().into_owned(),
        bytes: file.metadata()?.len(),
        rows: u64::try_from(rows)?,
        first,
        last,
    };
    let field =
        |field: &Arc<Field>| Field::new(field.name(), reading_type(field.data_type()), true);
    let fields: Vec<Field> = metadata.schema().fields().iter().map(field).collect();
    Ok((described, Schema::new(fields)))
}

/// Returns the seconds that all processors have spent on this process.
fn processor_seconds() -> Result<f64, Error> {
    /// Linux counts in hundredths wherever programs look.
    const TICKS_PER_SECOND: f64 = 100.0;
    let stat = std::fs::read_to_string("/proc/self/stat")?;
    let (_, fields) = stat.rsplit_once(')').ok_or("no process state")?;
    let times = fields.split_ascii_whitespace().skip(11).take(2);
    let ticks = times.map(str::parse::<f64>).sum::<Result<f64, _>>()?;
    Ok(ticks / TICKS_PER_SECOND)
}

/// Returns the most memory that this process has had.
fn peak_memory_mb() -> Result<u64, Error> {
    let status = std::fs::read_to_string("/proc/self/status")?;
    let peak = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).ok_or("no peak")?;
    let kilobytes: u64 = peak.trim().trim_end_matches("kB").trim().parse()?;
    Ok(kilobytes / 1024)
}
