//! The measurements of the engine.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode};
use std::time::Duration;

use anyhow::{Context as _, ensure};
use clap::Args;
use portolan_model::{InterfaceId, InterfaceKind, Model, SecurityGroup};
use portolan_net::Traffic;
use portolan_reach::{Chart, Party, Question, Settings};
use portolan_testkit::generate::{Directory, Shape, account};

use super::measure::{Figures, best_of, peak_memory, print, ratio, read, size, time, timed};

/// All pairs at 100 interfaces by np-guard's VPC analyzer, measured on a machine of two cores.
///
/// Source: `docs/design/reachability.md`, "Bars".
const NP_GUARD_100: Duration = Duration::from_millis(41_900);

/// Which accounts to measure.
#[derive(Args, Debug)]
pub(crate) struct Arguments {
    /// How many interfaces the accounts have
    #[arg(long, value_delimiter = ',', default_values_t = [100, 1_000, 10_000, 100_000])]
    interfaces: Vec<usize>,
    /// What the accounts are made from
    #[arg(long, default_value_t = 1)]
    seed: u64,
}

/// One process of a measurement.
#[derive(Args, Debug)]
pub(crate) struct StageArguments {
    /// `parse` or `chart`
    stage: String,
    /// The folder of the account
    folder: PathBuf,
}

pub(crate) fn run(arguments: &Arguments) -> anyhow::Result<ExitCode> {
    ensure!(
        !cfg!(debug_assertions),
        "build it for release: cargo run --release -p xtask -- bench reach"
    );
    for &interfaces in &arguments.interfaces {
        let folder = tempfile::tempdir()?;
        let mut sink = Directory::new(folder.path());
        account(&Shape::new(interfaces), arguments.seed, &mut sink)?;
        let parse = stage_of("parse", folder.path())?;
        let chart = stage_of("chart", folder.path())?;
        report(interfaces, &parse, &chart);
    }
    Ok(ExitCode::SUCCESS)
}

/// Runs one stage in a process of its own.
fn stage_of(stage: &str, folder: &Path) -> anyhow::Result<Figures> {
    let mut command = Command::new(std::env::current_exe()?);
    let output = command.args(["bench", "stage", stage]).arg(folder).output()?;
    let error = String::from_utf8_lossy(&output.stderr);
    ensure!(output.status.success(), "the stage `{stage}` failed: {error}");
    Ok(read(&String::from_utf8_lossy(&output.stdout)))
}

pub(crate) fn stage(arguments: &StageArguments) -> anyhow::Result<ExitCode> {
    let figures = match arguments.stage.as_str() {
        "parse" => parse(&arguments.folder)?,
        _ => chart(&arguments.folder)?,
    };
    print(&figures);
    Ok(ExitCode::SUCCESS)
}

fn json_files(folder: &Path, files: &mut Vec<PathBuf>) -> anyhow::Result<()> {
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        if path.is_dir() {
            json_files(&path, files)?;
        } else if path.extension().is_some_and(|extension| extension == "json") {
            files.push(path);
        }
    }
    Ok(())
}

/// Measures `serde_json` on the files of an account, already in memory.
fn parse(folder: &Path) -> anyhow::Result<Figures> {
    let mut paths = Vec::new();
    json_files(folder, &mut paths)?;
    let files: Vec<Vec<u8>> = paths.iter().map(fs::read).collect::<Result<_, _>>()?;
    let parse_all = || {
        let values = files.iter().map(|file| serde_json::from_slice::<serde_json::Value>(file));
        values.map(|value| value.map(drop)).collect::<Result<Vec<()>, _>>()
    };
    parse_all()?;
    let mut figures = Figures::new();
    figures.insert("json_bytes".into(), files.iter().map(|file| file.len() as u64).sum());
    figures.insert("parse".into(), nanoseconds(best_of(3, parse_all)));
    Ok(figures)
}

/// Measures reading, compiling and asking.
fn chart(folder: &Path) -> anyhow::Result<Figures> {
    let mut figures = Figures::new();
    let mut note = |name: &str, value: u64| figures.insert(name.to_owned(), value);
    let (model, reading) = timed(|| portolan_sources::read(&[folder.to_owned()], &mut |_| {}));
    let model = model?;
    note("read", nanoseconds(reading));
    note("memory_model", peak_memory()?);
    let (mut chart, compiling) = timed(|| Chart::new(model, Settings::default()));
    note("compile", nanoseconds(compiling));
    let (exposure, exposing) = timed(|| chart.exposure());
    note("exposure", nanoseconds(exposing));
    note("exposed", exposure.addresses.len() as u64);
    let ((classes, cells), pairing) = timed(|| {
        let matrix = chart.matrix();
        (matrix.classes.len(), matrix.cells().count())
    });
    note("matrix", nanoseconds(pairing));
    note("classes", classes as u64);
    note("cells", cells as u64);
    if chart.model().interfaces.len() <= 1_000 {
        let (pairs, expanding) = timed(|| chart.matrix().pairs().count());
        note("pairs", pairs as u64);
        note("all_pairs", nanoseconds(compiling + expanding));
    }
    let question = question(chart.model()).context("no two interfaces")?;
    note("reach", nanoseconds(best_of(5, || chart.reach(&question))));
    let changes = changes(chart.model());
    let changed = changes.into_iter().map(|group| {
        timed(|| {
            chart.replace_security_group(group);
            chart.exposure()
        })
        .1
    });
    note("change", nanoseconds(changed.max().unwrap_or_default()));
    note("memory", peak_memory()?);
    Ok(figures)
}

/// Returns a question between two ordinary interfaces of one VPC in different subnets.
fn question(model: &Model) -> Option<Question> {
    let ordinary = |id: &InterfaceId| {
        let interface = model.interfaces.get(id)?;
        (interface.kind == InterfaceKind::Standard).then_some(interface)
    };
    let from = model.interfaces.keys().find_map(ordinary)?;
    let to = model
        .interfaces
        .keys()
        .filter_map(ordinary)
        .find(|interface| interface.vpc == from.vpc && interface.subnet != from.subnet)?;
    Some(Question {
        from: Party::Interfaces(vec![from.id.clone()]),
        to: Party::Interfaces(vec![to.id.clone()]),
        traffic: Traffic::all(),
    })
}

/// Returns groups that are in use, each without its first rule.
fn changes(model: &Model) -> Vec<SecurityGroup> {
    let used = model.interfaces.values().step_by(model.interfaces.len().div_ceil(20));
    let groups = used.filter_map(|interface| {
        let mut group = model.security_groups.get(interface.security_groups.first()?)?.clone();
        (!group.rules.is_empty()).then(|| {
            group.rules.remove(0);
            group
        })
    });
    groups.collect()
}

fn nanoseconds(duration: Duration) -> u64 {
    u64::try_from(duration.as_nanos()).unwrap_or(u64::MAX)
}

fn report(interfaces: usize, parse: &Figures, chart: &Figures) {
    let bytes = parse.get("json_bytes").copied().unwrap_or_default();
    let parsing = parse.get("parse").copied().unwrap_or_default();
    let of = |name: &str| chart.get(name).copied().unwrap_or_default();
    println!("{interfaces} interfaces, {} of JSON", size(bytes));
    println!("  {:<38}{:>12}{:>10}", "", "time", "x parse");
    let row = |name: &str, value: u64, bar: &str| {
        println!("  {name:<38}{:>12}{:>10.3}  {bar}", time(value), ratio(value, parsing));
    };
    row("parse the JSON (serde_json)", parsing, "");
    row("read it into the model", of("read"), "");
    row("compile the chart", of("compile"), "");
    row("whole exposure", of("exposure"), "bar 1");
    row("class matrix, every cell of it", of("matrix"), "bar 3");
    row("one question", of("reach"), "");
    row("one changed rule, exposure again", of("change"), "bar 5 ms at 10,000");
    println!(
        "  {} exposed addresses; {} classes, {} cells",
        of("exposed"),
        of("classes"),
        of("cells")
    );
    let memory = of("memory");
    println!(
        "  peak memory {} = {:.2} x the JSON (bar 4); {} after reading",
        size(memory),
        ratio(memory, bytes),
        size(of("memory_model"))
    );
    if of("all_pairs") > 0 {
        let times = ratio(nanoseconds(NP_GUARD_100), of("all_pairs"));
        let peer = if interfaces == 100 {
            format!(", {times:.0} x faster than np-guard's 41.9 s (bar 1,000)")
        } else {
            String::new()
        };
        println!("  all {} pairs written out in {}{peer}", of("pairs"), time(of("all_pairs")));
    }
}
