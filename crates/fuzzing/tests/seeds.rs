//! Replays the committed seeds of every fuzz target, so that what the fuzzer once found stays mended.

use std::path::{Path, PathBuf};
use std::{fs, io};

use portolan_fuzzing::{
    aws_cli_json, cloudtrail_json, flow_envelope, flow_text, intent_text, net_text, query_text,
    question_text, report_text,
};

/// A fuzz target and its body.
type Target = (&'static str, fn(&[u8]));

static TARGETS: &[Target] = &[
    ("aws_cli_json", aws_cli_json),
    ("cloudtrail_json", cloudtrail_json),
    ("flow_envelope", flow_envelope),
    ("flow_text", flow_text),
    ("intent_text", intent_text),
    ("net_text", net_text),
    ("query_text", query_text),
    ("question_text", question_text),
    ("report_text", report_text),
];

#[test]
fn seeds_pass() {
    for (target, body) in TARGETS {
        let seeds = files(&folder("corpus").join(target)).unwrap();
        assert!(!seeds.is_empty(), "{target} has no seeds");
        for seed in seeds {
            // Shown only if the body panics, and then last.
            println!("{}", seed.display());
            body(&fs::read(seed).unwrap());
        }
    }
}

#[test]
fn every_target_is_replayed() {
    let files = files(&folder("fuzz_targets")).unwrap();
    let names: Vec<_> = files.iter().map(|it| it.file_stem().unwrap().to_str().unwrap()).collect();
    assert_eq!(names, TARGETS.iter().map(|(name, _)| *name).collect::<Vec<_>>());
}

fn folder(name: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../fuzz").join(name)
}

/// Returns the files of a folder, sorted.
fn files(folder: &Path) -> io::Result<Vec<PathBuf>> {
    let paths = fs::read_dir(folder)?.map(|entry| Ok(entry?.path()));
    let mut paths = paths.collect::<io::Result<Vec<_>>>()?;
    paths.sort();
    Ok(paths)
}
