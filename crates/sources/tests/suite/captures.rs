//! Captures of real accounts that others published, where they are at hand.

use std::path::{Path, PathBuf};

use portolan_model::Model;

use crate::print::{problems, readings};

/// Returns the folder of a set of captures, or says that the test is skipped.
fn captures(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/aws").join(name);
    if folder.is_dir() {
        return folder.canonicalize().ok();
    }
    println!("SKIPPED: the captures in {} are not here", folder.display());
    None
}

fn read(path: &Path) -> Model {
    portolan_sources::read(&[path.to_owned()], &mut |_| {})
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}

/// Returns what is in a folder, sorted.
fn entries(folder: &Path) -> Vec<PathBuf> {
    let mut paths: Vec<PathBuf> = std::fs::read_dir(folder)
        .expect("a folder")
        .map(|entry| entry.expect("an entry").path())
        .collect();
    paths.sort();
    paths
}

/// Returns the files in a folder at any depth, sorted.
fn files_below(folder: &Path) -> Box<dyn Iterator<Item = PathBuf>> {
    Box::new(entries(folder).into_iter().flat_map(|path| {
        if path.is_dir() { files_below(&path) } else { Box::new(std::iter::once(path)) }
    }))
}

#[test]
fn reads_the_captures_of_batfish() {
    let Some(folder) = captures("batfish") else { return };
    let networks: Vec<PathBuf> =
        entries(&folder).into_iter().filter(|path| path.is_dir()).collect();
    assert_eq!(networks.len(), 13);
    for network in networks {
        let model = read(&network);
        assert_eq!(problems(&model.coverage), "", "{}", network.display());
        assert!(!model.interfaces.is_empty(), "{}", network.display());
        assert!(!readings(&model.coverage).contains("unknown"), "{}", readings(&model.coverage));
    }
}

#[test]
fn reads_the_captures_of_np_guard() {
    let Some(folder) = captures("np-guard") else { return };
    let files: Vec<PathBuf> = entries(&folder)
        .into_iter()
        .filter(|path| path.extension().is_some_and(|end| end == "json"))
        .collect();
    assert_eq!(files.len(), 5);
    for file in files {
        let model = read(&file);
        assert_eq!(problems(&model.coverage), "", "{}", file.display());
        assert_eq!(model.vpcs.len(), 2);
        assert!(model.interfaces.values().all(|interface| interface.instance.is_some()));
        assert!(!model.interfaces.is_empty());
    }
}

#[test]
fn reads_the_demo_of_cloudmapper() {
    let Some(folder) = captures("cloudmapper-demo") else { return };
    let model = read(&folder);
    assert_eq!(problems(&model.coverage), "");
    let tables = (model.security_groups.len(), model.load_balancers.len(), model.databases.len());
    assert_eq!(tables, (8, 2, 3));
    // One interface has an answer of its own, the other is told by an instance.
    assert_eq!(model.interfaces.len(), 2);
}

/// What is wrong with some of the recorded answers themselves, and how often.
const FAULTY: &[(&str, usize)] = &[
    // The health of targets without their target group, entries without their prefix list.
    ("nothing tells which", 3),
    // Requests for something that was deleted.
    ("AWS answered with the error", 11),
    // Addresses that were blanked out.
    ("invalid IPv4 address syntax", 4),
    // Interfaces cut down to what the test of the recorder needed.
    ("missing field `VpcId`", 3),
    // Two load balancers of one name, edited by hand.
    ("is not the same as earlier in the file", 1),
];

#[test]
fn reads_the_recorded_answers_of_cloud_custodian() {
    let Some(folder) = captures("custodian") else { return };
    let mut counts = vec![0; FAULTY.len()];
    let (mut files, mut faulty, mut foreign) = (0, 0, 0);
    for file in files_below(&folder).filter(|path| path.extension().is_some()) {
        let bytes = std::fs::read(&file).expect("a file");
        let name = file.to_string_lossy();
        let model = portolan_sources::read_bytes(&name, &bytes);
        files += 1;
        foreign += model.coverage.ignored_files();
        faulty += u32::from(!model.coverage.is_whole());
        for problem in model.coverage.problems().filter(|problem| problem.loses_data) {
            let reason = FAULTY.iter().position(|(text, _)| problem.message.contains(text));
            counts[reason.unwrap_or_else(|| panic!("{name}: {}", problem.message))] += 1;
        }
    }
    println!(
        "Cloud Custodian: {files} recorded answers read, {faulty} of them at fault themselves, \
         {foreign} about nothing that the model holds"
    );
    for ((text, _), count) in FAULTY.iter().zip(&counts) {
        println!("  {count} times: {text}");
    }
    assert_eq!(files, 753);
    let expected: Vec<usize> = FAULTY.iter().map(|(_, count)| *count).collect();
    assert_eq!(counts, expected);
}

#[test]
fn reads_harbor() {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../examples/harbor");
    let model = read(&folder);
    assert_eq!(problems(&model.coverage), "");
    assert_eq!((model.vpcs.len(), model.interfaces.len()), (3, 35));
    assert_eq!(model.coverage.gaps().count(), 0, "{}", readings(&model.coverage));
}
