//! `cargo xtask bench flows`: questions on flow logs, against DuckDB, chDB and Polars.
//!
//! Two tables of questions: against the peers on the Parquet that AWS delivers, and on the files of our lake; one of ingestion. Every engine runs in a process of its
//! own, so that its peak memory is its own; the best of several runs counts, for all of them in the same minutes. On a busy machine the
//! time of processors is the fairer figure, so both are shown. What is not installed or not there is said to be skipped.

mod ingestion;

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use clap::Args;
use serde_json::Value;

/// The questions, in the language of CloudWatch Logs Insights.
const QUESTIONS: &[(&str, &str)] = &[
    ("q1", "stats count(*) as c by srcAddr | sort c desc, srcAddr | limit 25"),
    (
        "q2",
        "filter action = 'REJECT' and dstPort = 22 | stats count(*) as c by srcAddr | sort c desc, srcAddr | limit 10000",
    ),
    ("q3", "stats sum(bytes) as b by bin(5m) as t | sort t"),
    ("q4", "stats count_distinct(dstPort) as c by srcAddr | sort c desc, srcAddr | limit 25"),
    (
        "q5",
        "stats pct(bytes, 50) as p50, pct(bytes, 95) as p95, pct(bytes, 99) as p99, count(*) as c by dstPort \
         | sort c desc | limit 50",
    ),
    (
        "q6",
        "filter isIpv4InSubnet(srcAddr, '10.0.12.0/22') | stats sum(bytes) as b by dstAddr | sort b desc | limit 15",
    ),
    ("q7", "stats sum(bytes) as b, sum(packets) as p by srcAddr, dstAddr | sort b desc | limit 25"),
    (
        "q8",
        "fields @timestamp, srcAddr, dstAddr, srcPort, dstPort, bytes | dedup srcAddr, dstAddr, dstPort | limit 1000",
    ),
    (
        "q9",
        "filter @timestamp >= 1767268800000 and @timestamp < 1767272400000 | stats count(*) as c by srcAddr \
         | sort c desc, srcAddr | limit 25",
    ),
    (
        "q10",
        "filter srcAddr = '10.0.55.33' or dstAddr = '10.0.55.33' | fields version, accountId, interfaceId, srcAddr, dstAddr, \
         srcPort, dstPort, protocol, packets, bytes, startTime, endTime, action, logStatus, vpcId, subnetId, instanceId, \
         tcpFlags, type, pktSrcAddr, pktDstAddr, flowDirection | sort @timestamp desc | limit 1000",
    ),
    ("q11", "stats count_distinct(srcAddr) as c by dstAddr | sort c desc, dstAddr | limit 25"),
];

/// The questions that an operator of ours answers: there we mean to be ahead of everybody.
const OURS: &[&str] = &["q4", "q5", "q8", "q11"];

const PEERS: &[&str] = &["duckdb", "chdb", "polars"];
const PEERS_SCRIPT: &str = include_str!("flows/peers.py");
const US: &str = "portolan";

#[derive(Args, Debug)]
#[command(arg_required_else_help = true)]
pub(super) struct Arguments {
    /// Folder of lake files, such as `flows ingest` makes of the made-up log
    #[arg(long, value_name = "FOLDER")]
    lake: Option<PathBuf>,

    /// Folder of the same log as AWS delivers it (gen.py makes it)
    #[arg(long, value_name = "FOLDER", requires = "lake")]
    aws: Option<PathBuf>,

    /// How often each question is asked, and each log read
    #[arg(long, value_name = "NUMBER", default_value_t = 3)]
    runs: u32,

    /// Megabytes that our engine may keep before it spills
    #[arg(long, value_name = "MEGABYTES", default_value_t = 2048)]
    memory: u32,

    /// The program that answers the questions (default: the example `flows_bench` of the lake, built for release)
    #[arg(long, value_name = "FILE")]
    program: Option<PathBuf>,

    /// Folder of text logs in the default format that are ingested, beside Polars; may be given again
    #[arg(long, value_name = "FOLDER")]
    text: Vec<PathBuf>,

    /// The program that ingests (default: portolan, built for release)
    #[arg(long, value_name = "FILE")]
    portolan: Option<PathBuf>,
}

/// What one engine needed for one question.
#[derive(Clone, Copy, Debug)]
struct Figure {
    wall: f64,
    processors: f64,
    rows: u64,
}

/// What an engine needed for all questions.
#[derive(Debug, Default)]
struct Measured {
    figures: BTreeMap<String, Figure>,
    peak_megabytes: u64,
}

pub(super) fn run(arguments: &Arguments) -> anyhow::Result<()> {
    let is_anything = arguments.lake.is_some() || !arguments.text.is_empty();
    anyhow::ensure!(is_anything, "name a lake with --lake, or text logs with --text");
    for folder in &arguments.text {
        ingestion::compare(arguments.portolan.as_ref(), folder, arguments.runs)?;
    }
    arguments.lake.as_ref().map_or(Ok(()), |lake| ask(lake, arguments))
}

/// Asks every engine the questions.
fn ask(lake: &Path, arguments: &Arguments) -> anyhow::Result<()> {
    let program = match &arguments.program {
        Some(program) => program.clone(),
        None => {
            built(&["-p", "portolan-lake", "--example", "flows_bench"], "examples/flows_bench")?
        }
    };
    let ours = ours(&program, lake, arguments)?;
    if let Some(aws) = &arguments.aws {
        println!("Our lake against the peers on the Parquet of AWS (addresses are text)\n");
        compare(&ours, "aws", aws, arguments.runs);
    }
    println!("Our lake against the peers on the same files\n");
    compare(&ours, "lake", lake, arguments.runs);
    Ok(())
}

/// Builds something for release, and returns where it is.
fn built(what: &[&str], path: &str) -> anyhow::Result<PathBuf> {
    let arguments = ["build", "--release"].iter().chain(what);
    let built = Command::new("cargo").args(arguments).status().context("cannot run cargo")?;
    anyhow::ensure!(built.success(), "{path} does not build");
    let metadata = cargo_metadata::MetadataCommand::new().no_deps().exec()?;
    Ok(metadata.target_directory.join("release").join(path).into())
}

fn ours(program: &Path, lake: &Path, arguments: &Arguments) -> anyhow::Result<Measured> {
    let mut command = Command::new(program);
    command.arg(lake);
    command.args([arguments.runs.to_string(), arguments.memory.to_string()]);
    command.args(QUESTIONS.iter().map(|(name, text)| format!("{name}={text}")));
    figures(&mut command)
}

fn peer(name: &str, kind: &str, folder: &Path, runs: u32) -> anyhow::Result<Measured> {
    let mut command = Command::new("python3");
    command.args(["-c", PEERS_SCRIPT, name, kind]).arg(folder).arg(runs.to_string());
    figures(&mut command)
}

/// Runs a program that prints a line of JSON for each question.
fn figures(command: &mut Command) -> anyhow::Result<Measured> {
    let output = command.output().context("cannot run it")?;
    let complaint = String::from_utf8_lossy(&output.stderr);
    anyhow::ensure!(output.status.success(), "{}", complaint.lines().last().unwrap_or_default());
    let mut measured = Measured::default();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let figure: Value = serde_json::from_str(line).with_context(|| line.to_owned())?;
        let number = |key: &str| figure.get(key).and_then(Value::as_f64).unwrap_or(f64::NAN);
        let whole = |key: &str| figure.get(key).and_then(Value::as_u64).unwrap_or_default();
        let name = figure.get("q").and_then(Value::as_str).unwrap_or_default().to_owned();
        let figure =
            Figure { wall: number("best"), processors: number("cpu"), rows: whole("rows") };
        measured.figures.insert(name, figure);
        measured.peak_megabytes = measured.peak_megabytes.max(whole("rss_mb"));
    }
    Ok(measured)
}

fn compare(ours: &Measured, kind: &str, folder: &Path, runs: u32) {
    let mut peers = Vec::new();
    for name in PEERS {
        match peer(name, kind, folder, runs) {
            Ok(measured) => peers.push((*name, measured)),
            Err(error) => println!("{name} is skipped: {error:#}"),
        }
    }
    print!("{:5} {:>9} {:>17}", "", "rows", US);
    for (name, _) in &peers {
        print!(" {name:>17}");
    }
    println!(" {:>8} {:>8}", "ratio", "of work");
    let (mut walls, mut works) = (Vec::new(), Vec::new());
    for (name, _) in QUESTIONS {
        let Some(our) = ours.figures.get(*name) else {
            continue;
        };
        print!("{name:5} {:>9} {}", our.rows, cell(*our));
        let theirs: Vec<Figure> =
            peers.iter().filter_map(|(_, it)| it.figures.get(*name).copied()).collect();
        for figure in &theirs {
            print!(" {}", cell(*figure));
        }
        let wall = our.wall / theirs.iter().map(|it| it.wall).fold(f64::INFINITY, f64::min);
        let work =
            our.processors / theirs.iter().map(|it| it.processors).fold(f64::INFINITY, f64::min);
        let mark = if OURS.contains(name) { "*" } else { "" };
        println!(" {wall:>8.3} {work:>8.3} {mark}");
        walls.push(wall);
        works.push(work);
    }
    println!(
        "geometric mean of ratios: {:.3} of wall time, {:.3} of work",
        mean(&walls),
        mean(&works)
    );
    print!("peak memory in MB: {US} {}", ours.peak_megabytes);
    for (name, it) in &peers {
        print!(", {name} {}", it.peak_megabytes);
    }
    println!(
        "\n(seconds of wall time, and of processors in brackets; ratios to the best peer; * an operator of ours)\n"
    );
}

fn cell(figure: Figure) -> String {
    format!("{:>8.3} ({:>6.3})", figure.wall, figure.processors)
}

#[expect(clippy::cast_precision_loss, reason = "a handful of ratios")]
fn mean(ratios: &[f64]) -> f64 {
    (ratios.iter().map(|ratio| ratio.ln()).sum::<f64>() / ratios.len() as f64).exp()
}
