//! Reading a batch of sources into data files.
//!
//! One thread feeds, the others work. The feeder hands over small sources as they are, so that each is read, decompressed and
//! parsed by one worker, many at a time; large ones it decompresses itself and cuts into blocks of lines, so that all workers
//! parse one file. A worker that fills a part writes it. Nothing is kept that a later source cannot push out, so memory is
//! bounded by the parts that wait, whatever the size of the sources.

use std::io::Read;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::thread;

use arrow::array::RecordBatch;
use futures::StreamExt as _;
use object_store::memory::InMemory;
use object_store::path::Path;
use object_store::{ObjectStore, ObjectStoreExt as _};
use parquet::arrow::ParquetRecordBatchStreamBuilder;
use parquet::arrow::arrow_reader::ArrowReaderOptions;
use parquet::errors::ParquetError;
use portolan_flow::{Content, Layout, LineError, Place, Record, message_lines, read_envelope};
use tokio::runtime::Handle;

use super::blocks::Blocks;
use super::columnar;
use super::meter::Meter;
use super::object::Object;
use super::partitions::{Part, Partitions, by_hour};
use super::problem::SourceProblem;
use super::reject::Tally;
use super::stream::{self, Opened};
use super::text::{Block, Grammar, Parsed};
use crate::columnar_file::ColumnarFile;
use crate::encode;
use crate::error::LakeError;
use crate::manifest::FileEntry;
use crate::rows::Rows;

/// Up to which size a source is one worker's alone.
const SMALL: u64 = 8 << 20;

/// How many rows of Parquet are read at once. Each time has its own list of words, which should not outweigh the rows.
const PARQUET_ROWS: usize = 32 << 10;

/// What was made of a batch of sources; nothing of it is committed yet.
#[derive(Debug)]
pub(super) struct Harvest {
    pub(super) files: Vec<FileEntry>,
    /// In the order of the sources.
    pub(super) sources: Vec<SourceHarvest>,
}

/// What was made of one source.
#[derive(Debug)]
pub(super) struct SourceHarvest {
    pub(super) rows: u64,
    pub(super) tally: Tally,
    pub(super) problem: Option<SourceProblem>,
}

/// A source that is to be read.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) object: Object,
    /// Whether it is read line by line in order, since its layout changes on the way.
    pub(super) in_order: bool,
}

/// What a worker does next.
enum Task {
    Whole(usize),
    Block { source: usize, grammar: Grammar, block: Block },
}

struct Run {
    jobs: Vec<Job>,
    sources: Vec<Mutex<SourceHarvest>>,
    partitions: Mutex<Partitions>,
    files: Mutex<Vec<FileEntry>>,
    /// The memory of blocks that were parsed: new memory costs more than what is read into it.
    spare: Mutex<Vec<Vec<u8>>>,
    /// What ended the run, if anything did.
    fatal: Mutex<Option<LakeError>>,
    has_ended: AtomicBool,
    store: Arc<dyn ObjectStore>,
    handle: Handle,
    meter: Arc<Meter>,
}

/// Reads all sources of a batch and writes their rows as files.
///
/// # Errors
///
/// Returns an error if the lake cannot be written. What is wrong with a source stands in its harvest.
pub(super) fn run(
    jobs: Vec<Job>,
    store: Arc<dyn ObjectStore>,
    handle: Handle,
    meter: Arc<Meter>,
    workers: usize,
) -> Result<Harvest, LakeError> {
    let harvest = |job: &Job| {
        let tally = Tally::new(&job.object.shown);
        Mutex::new(SourceHarvest { rows: 0, tally, problem: None })
    };
    let run = Run {
        sources: jobs.iter().map(harvest).collect(),
        jobs,
        partitions: Mutex::default(),
        files: Mutex::default(),
        spare: Mutex::default(),
        fatal: Mutex::default(),
        has_ended: AtomicBool::new(false),
        store,
        handle,
        meter,
    };
    run.parse_all(workers)?;
    run.write_rest(workers)?;
    let Run { sources, files, fatal, .. } = run;
    if let Some(error) = into_inner(fatal) {
        return Err(error);
    }
    let sources = sources.into_iter().map(into_inner).collect();
    Ok(Harvest { files: into_inner(files), sources })
}

impl Run {
    fn parse_all(&self, workers: usize) -> Result<(), LakeError> {
        let (sender, receiver) = sync_channel(workers);
        let receiver = Arc::new(Mutex::new(receiver));
        thread::scope(|scope| {
            let feeder = scope.spawn(move || self.feed(&sender));
            let worker = |receiver: Arc<Mutex<_>>| scope.spawn(move || self.work(&receiver));
            let threads: Vec<_> = (0..workers).map(|_| worker(Arc::clone(&receiver))).collect();
            // When the last worker is gone, so is the channel, and the feeder does not wait for ever.
            drop(receiver);
            let ended = threads.into_iter().all(|it| it.join().is_ok());
            if feeder.join().is_ok() && ended { Ok(()) } else { Err(LakeError::Worker) }
        })
    }

    fn write_rest(&self, workers: usize) -> Result<(), LakeError> {
        thread::scope(|scope| {
            let work = || {
                while let Some(part) = self.next_part() {
                    self.write(&part);
                }
            };
            let threads: Vec<_> = (0..workers).map(|_| scope.spawn(work)).collect();
            let ended = threads.into_iter().all(|it| it.join().is_ok());
            if ended { Ok(()) } else { Err(LakeError::Worker) }
        })
    }

    fn next_part(&self) -> Option<Part> {
        if self.has_ended() { None } else { lock(&self.partitions).pop() }
    }

    fn feed(&self, tasks: &SyncSender<Task>) {
        for (source, job) in self.jobs.iter().enumerate() {
            if self.has_ended() {
                return;
            }
            let is_whole = job.in_order || (job.object.at.is_some() && job.object.size <= SMALL);
            if is_whole {
                if tasks.send(Task::Whole(source)).is_err() {
                    return;
                }
            } else if let Err(problem) = self.feed_blocks(source, tasks) {
                self.fail(source, problem);
            }
        }
    }

    fn work(&self, tasks: &Mutex<Receiver<Task>>) {
        loop {
            let Ok(task) = lock(tasks).recv() else { return };
            if self.has_ended() {
                continue;
            }
            match task {
                Task::Whole(source) => {
                    if let Err(problem) = self.read_whole(source) {
                        self.fail(source, problem);
                    }
                }
                Task::Block { source, mut grammar, block } => {
                    if let Err(problem) = self.parse(source, &mut grammar, block, false) {
                        self.fail(source, problem);
                    }
                }
            }
        }
    }

    /// Opens a source and cuts it into blocks for the workers.
    fn feed_blocks(&self, source: usize, tasks: &SyncSender<Task>) -> Result<(), SourceProblem> {
        self.read(source, |grammar, block| {
            let task = Task::Block { source, grammar: grammar.clone(), block };
            // Nobody takes tasks any more: the run has ended, and says so itself.
            drop(tasks.send(task));
            Ok(())
        })
    }

    fn read_whole(&self, source: usize) -> Result<(), SourceProblem> {
        self.read(source, |grammar, block| self.parse(source, grammar, block, true))
    }

    /// Reads a source of any kind, and hands over the blocks of text.
    fn read(
        &self,
        source: usize,
        mut take: impl FnMut(&mut Grammar, Block) -> Result<(), SourceProblem>,
    ) -> Result<(), SourceProblem> {
        let Some(job) = self.jobs.get(source) else { return Ok(()) };
        let meter = Arc::clone(&self.meter);
        let opened = stream::open(&job.object, &self.handle, move |bytes| meter.add_bytes(bytes))
            .map_err(SourceProblem::Unreadable)?;
        let Opened { packing, content } = opened;
        if packing == Content::Parquet {
            return self.read_parquet(source, &job.object, content);
        }
        let mut blocks = Blocks::new(content, &self.spare);
        let Some(first) = blocks.next_block()? else { return Ok(()) };
        match Content::of(first.text()) {
            Content::Empty => return Ok(()),
            Content::Envelope => return self.read_envelope(source, first, blocks),
            Content::Trail | Content::Unknown => return Err(SourceProblem::NotAFlowLog),
            _ => {}
        }
        let mut grammar = Grammar::detect(first.text()).ok_or(SourceProblem::NotAFlowLog)?;
        take(&mut grammar, first)?;
        while let Some(block) = blocks.next_block()? {
            if self.has_ended() || self.has_failed(source) {
                return Ok(());
            }
            take(&mut grammar, block)?;
        }
        Ok(())
    }

    /// Reads the messages of CloudWatch documents. They are read as a whole: a delivery has 128 MB at most.
    fn read_envelope(
        &self,
        source: usize,
        first: Block,
        blocks: Blocks<'_, impl Read>,
    ) -> Result<(), SourceProblem> {
        let Block { mut bytes, length, .. } = first;
        bytes.truncate(length);
        blocks.rest().read_to_end(&mut bytes).map_err(SourceProblem::Unreadable)?;
        let (batches, errors) = read_envelope(&bytes);
        if let Some(error) = errors.into_iter().next() {
            return Err(error.into());
        }
        let count = batches.iter().map(|it| it.events.len()).sum();
        if count == 0 {
            return Ok(());
        }
        let grammar = Grammar::detect_lines(message_lines(&batches));
        let mut grammar = grammar.ok_or(SourceProblem::NotAFlowLog)?;
        let mut tally = self.tally(source);
        let parsed = grammar.read(message_lines(&batches), count, true, &mut tally)?;
        self.take(source, tally, parsed)
    }

    fn read_parquet(
        &self,
        source: usize,
        object: &Object,
        mut content: Box<dyn Read + Send>,
    ) -> Result<(), SourceProblem> {
        let (store, path, size) = match &object.at {
            Some((store, path)) => (Arc::clone(store), path.clone(), object.size),
            None => {
                // Parquet is read from its end.
                let mut bytes = Vec::new();
                content.read_to_end(&mut bytes).map_err(SourceProblem::Unreadable)?;
                let (store, path, size) =
                    (InMemory::new(), Path::from("input"), bytes.len() as u64);
                self.handle.block_on(store.put(&path, bytes.into()))?;
                (Arc::new(store) as Arc<dyn ObjectStore>, path, size)
            }
        };
        let reader = ColumnarFile { store, path, size };
        // The reader of Parquet is not ours, and gives up on some damage in a way that would take the whole run with it. What it has
        // handed over by then goes with the source.
        let read = catch_unwind(AssertUnwindSafe(|| self.read_batches(source, reader)));
        read.unwrap_or_else(|_| Err(ParquetError::General("it cannot be decoded".into()).into()))?;
        self.meter.add_bytes(object.size);
        Ok(())
    }

    fn read_batches(&self, source: usize, reader: ColumnarFile) -> Result<(), SourceProblem> {
        // Which types of Arrow its writer had is of no use, and one more thing that can be damaged.
        let options = ArrowReaderOptions::new().with_skip_arrow_metadata(true);
        let opened = ParquetRecordBatchStreamBuilder::new_with_options(reader, options);
        let builder = self.handle.block_on(opened)?;
        if !columnar::is_flow_log(builder.schema()) {
            return Err(SourceProblem::NotAFlowLog);
        }
        let mut batches = builder.with_batch_size(PARQUET_ROWS).build()?;
        let mut first_row = 1;
        while let Some(batch) = self.handle.block_on(batches.next()) {
            let batch = batch?;
            self.take_batch(source, &batch, first_row)?;
            first_row += batch.num_rows() as u64;
        }
        Ok(())
    }

    fn take_batch(
        &self,
        source: usize,
        batch: &RecordBatch,
        first_row: u64,
    ) -> Result<(), SourceProblem> {
        let mut number = first_row;
        for lines in columnar::runs(batch)? {
            let layout = Arc::new(lines.layout().clone());
            let mut rows = Rows::new(Arc::clone(&layout), lines.len());
            let mut tally = self.tally(source);
            let mut line = String::new();
            for row in 0..lines.len() {
                lines.write(row, &mut line);
                push_line(&mut rows, &layout, &line, number, &mut tally);
                number += 1;
            }
            self.take(source, tally, vec![(layout, rows.finish()?)])?;
        }
        Ok(())
    }

    fn parse(
        &self,
        source: usize,
        grammar: &mut Grammar,
        block: Block,
        may_change: bool,
    ) -> Result<(), SourceProblem> {
        let mut tally = self.tally(source);
        let parsed = grammar.parse(&block, may_change, &mut tally)?;
        lock(&self.spare).push(block.bytes);
        self.take(source, tally, parsed)
    }

    fn tally(&self, source: usize) -> Tally {
        let shown = self.jobs.get(source).map_or("", |job| job.object.shown.as_str());
        Tally::new(shown)
    }

    /// Adds what came out of a part of a source.
    fn take(&self, source: usize, tally: Tally, parsed: Vec<Parsed>) -> Result<(), SourceProblem> {
        let rows: usize = parsed.iter().map(|(_, batch)| batch.num_rows()).sum();
        self.meter.add_rows(rows as u64, tally.count());
        self.with_source(source, |harvest| {
            harvest.rows += rows as u64;
            harvest.tally.merge(tally);
        });
        for (layout, batch) in parsed {
            let header: Arc<str> = layout.to_string().into();
            for (hour, batch) in by_hour(batch)? {
                let part = lock(&self.partitions).add(&header, &layout, hour, batch);
                if let Some(part) = part {
                    self.write(&part);
                }
            }
        }
        Ok(())
    }

    /// Writes a part as a file. That this fails ends the run.
    fn write(&self, part: &Part) {
        match self.try_write(part) {
            Ok(entry) => lock(&self.files).push(entry),
            Err(error) => {
                lock(&self.fatal).get_or_insert(error);
                self.has_ended.store(true, Ordering::Relaxed);
            }
        }
    }

    fn try_write(&self, part: &Part) -> Result<FileEntry, LakeError> {
        let encoded = encode::encode(&part.layout, part.hour, &part.batches)?;
        let path = Path::from(encoded.entry.path.as_str());
        let written = self.handle.block_on(self.store.put(&path, encoded.bytes.into()));
        written.map_err(LakeError::store("write", path.to_string()))?;
        Ok(encoded.entry)
    }

    fn has_ended(&self) -> bool {
        self.has_ended.load(Ordering::Relaxed)
    }

    fn has_failed(&self, source: usize) -> bool {
        self.sources.get(source).is_some_and(|it| lock(it).problem.is_some())
    }

    /// Remembers the first thing that is wrong with a source.
    fn fail(&self, source: usize, problem: SourceProblem) {
        self.with_source(source, |harvest| {
            harvest.problem.get_or_insert(problem);
        });
    }

    fn with_source(&self, source: usize, change: impl FnOnce(&mut SourceHarvest)) {
        if let Some(harvest) = self.sources.get(source) {
            change(&mut lock(harvest));
        }
    }
}

fn push_line(rows: &mut Rows, layout: &Layout, line: &str, number: u64, tally: &mut Tally) {
    let mut record = Record::default();
    match record.read(layout, line) {
        Ok(()) => rows.push(record.values()),
        Err(LineError { column, span, fault }) => tally.add(&portolan_flow::Reject {
            place: Place { line: number, offset: 0 },
            column: layout.columns().get(column).cloned(),
            span,
            fault,
            line: line.as_bytes(),
        }),
    }
}

/// Locks; a thread that panicked while it held the lock has ended the run, and what it left is not used.
fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

fn into_inner<T>(mutex: Mutex<T>) -> T {
    mutex.into_inner().unwrap_or_else(PoisonError::into_inner)
}
