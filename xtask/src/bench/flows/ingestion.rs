//! Text logs into the lake, beside Polars, which writes them to Parquet as they are.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::{Measured, built, figures};

const SCRIPT: &str = include_str!("ingest.py");

/// Prints how long `program`, or that of a release build, takes for the logs of a folder, and Polars for the same.
///
/// They take turns, `runs` times; all runs are printed, and the best of each are compared.
pub(super) fn compare(program: Option<&PathBuf>, folder: &Path, runs: u32) -> anyhow::Result<()> {
    let program = match program {
        Some(program) => program.clone(),
        None => built(&["-p", "portolan", "--features", "flows"], "portolan")?,
    };
    println!("Ingestion of {}\n", folder.display());
    println!(
        "{:9} {:>10} {:>9} {:>11} {:>15} {:>8}",
        "", "rows", "wall", "processors", "rows/s of work", "peak MB"
    );
    let (mut ours, mut theirs) = (0_f64, 0_f64);
    for _ in 0..runs {
        ours = ours.max(print("portolan", &measure("portolan", &program, folder)?));
        match measure("polars", Path::new("-"), folder) {
            Ok(measured) => theirs = theirs.max(print("polars", &measured)),
            Err(error) => println!("polars is skipped: {error:#}"),
        }
    }
    if theirs > 0.0 {
        println!(
            "\n{:.2} times the rows for each second of processors, best runs\n",
            ours / theirs
        );
    }
    Ok(())
}

fn measure(engine: &str, program: &Path, folder: &Path) -> anyhow::Result<Measured> {
    let mut command = Command::new("python3");
    command.args(["-c", SCRIPT, engine]).arg(program).arg(folder);
    figures(&mut command)
}

/// Prints a line, and returns the rows for each second of processors.
#[expect(clippy::cast_precision_loss, reason = "six digits are shown")]
fn print(engine: &str, measured: &Measured) -> f64 {
    let mut rate = f64::NAN;
    for figure in measured.figures.values() {
        rate = figure.rows as f64 / figure.processors;
        println!(
            "{engine:9} {:>10} {:>7.2} s {:>9.2} s {rate:>15.0} {:>8}",
            figure.rows, figure.wall, figure.processors, measured.peak_megabytes
        );
    }
    rate
}
