//! The views of every capture: they come to an end, and twice to the same.

use std::path::{Path, PathBuf};

use portolan_reach::{Bridge, Cell, Chart, Settings};

use crate::{read, reference};

/// Returns the captures in a folder: its folders and JSON files, sorted.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let paths = std::fs::read_dir(folder).expect("a folder");
    let paths = paths.map(|entry| entry.expect("an entry").path());
    let is_input = |path: &PathBuf| {
        let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
        path.is_dir() && name != "expected" || name.starts_with("input_")
    };
    let mut paths: Vec<PathBuf> = paths.filter(is_input).collect();
    paths.sort();
    paths
}

fn views(path: &Path) -> (String, usize) {
    let model = read(path);
    let interfaces = model.interfaces.len();
    let chart = Chart::new(model, Settings::default());
    let matrix = chart.matrix();
    let cells: Vec<Cell> = matrix.cells().collect();
    let bridges: Vec<Bridge> = matrix.bridges().collect();
    let text = format!("{:#?}\n{:#?}\n{cells:#?}\n{bridges:#?}", chart.exposure(), matrix.classes);
    (text, interfaces)
}

fn check(captures: &[PathBuf], expected: usize) {
    assert_eq!(captures.len(), expected);
    for capture in captures {
        let (first, interfaces) = views(capture);
        assert!(interfaces > 0, "{}: no interface was read", capture.display());
        assert!(first == views(capture).0, "{}: two readings differ", capture.display());
    }
}

#[test]
fn charts_the_captures_of_batfish() {
    let Some(folder) = reference("batfish") else { return };
    check(&entries(&folder), 13);
}

#[test]
fn charts_the_captures_of_np_guard() {
    let Some(folder) = reference("np-guard") else { return };
    check(&entries(&folder), 5);
}

#[test]
fn charts_the_demo_of_cloudmapper() {
    let Some(folder) = reference("cloudmapper-demo") else { return };
    check(&[folder], 1);
}
