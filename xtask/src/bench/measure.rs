//! Clocks and memory, and figures that travel from a process to the one that started it.

use std::collections::BTreeMap;
use std::fs;
use std::time::{Duration, Instant};

use anyhow::Context as _;

/// Figures by name: times in nanoseconds, sizes in bytes, counts.
pub(crate) type Figures = BTreeMap<String, u64>;

/// Returns the result of a piece of work and how long it took.
pub(crate) fn timed<T>(work: impl FnOnce() -> T) -> (T, Duration) {
    let start = Instant::now();
    let result = work();
    (result, start.elapsed())
}

/// Returns the shortest of several runs: what disturbs a run only makes it longer.
pub(crate) fn best_of<T>(runs: usize, mut work: impl FnMut() -> T) -> Duration {
    (0..runs).map(|_| timed(&mut work).1).min().unwrap_or_default()
}

/// Returns the most memory that this process has had resident, in bytes.
///
/// Source: proc(5), `/proc/pid/status`, `VmHWM`.
pub(crate) fn peak_memory() -> anyhow::Result<u64> {
    let status = fs::read_to_string("/proc/self/status").context("needs Linux's /proc")?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:")).context("no VmHWM")?;
    let kibibytes: u64 = line.trim().trim_end_matches(" kB").trim().parse()?;
    Ok(kibibytes * 1024)
}

/// Prints figures for [`read`].
pub(crate) fn print(figures: &Figures) {
    for (name, value) in figures {
        println!("{name} {value}");
    }
}

/// Reads what [`print()`] printed.
pub(crate) fn read(text: &str) -> Figures {
    let pair = |line: &str| {
        let (name, value) = line.split_once(' ')?;
        Some((name.to_owned(), value.parse().ok()?))
    };
    text.lines().filter_map(pair).collect()
}

/// Returns a time as a person reads it.
#[expect(clippy::cast_precision_loss, reason = "three digits are shown")]
pub(crate) fn time(nanoseconds: u64) -> String {
    match nanoseconds {
        0..10_000 => format!("{nanoseconds} ns"),
        10_000..10_000_000 => format!("{:.2} ms", nanoseconds as f64 / 1e6),
        10_000_000..1_000_000_000 => format!("{:.0} ms", nanoseconds as f64 / 1e6),
        _ => format!("{:.2} s", nanoseconds as f64 / 1e9),
    }
}

/// Returns a size in mebibytes.
#[expect(clippy::cast_precision_loss, reason = "one digit after the point is shown")]
pub(crate) fn size(bytes: u64) -> String {
    format!("{:.1} MiB", bytes as f64 / f64::from(1 << 20))
}

/// Returns how many times one figure is another.
#[expect(clippy::cast_precision_loss, reason = "two digits after the point are shown")]
pub(crate) fn ratio(figure: u64, of: u64) -> f64 {
    figure as f64 / of.max(1) as f64
}
