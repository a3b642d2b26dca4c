//! Harbor is checked in as it is generated, and its tables speak of what exists.

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::{fs, io};

use super::references::check_account;
use super::{Answers, Files, files, list, text};
use crate::generate::harbor::{
    CONTROLS, MISTAKES, Question, flow_logs, harbor, interface_id, readme,
};
use crate::generate::identity::resource_id;

fn generated() -> Files {
    files(|memory| harbor(memory).unwrap())
}

fn repository() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../..")
}

/// Returns the files below a folder with their contents, by path with `/` between folders.
fn read(folder: &Path, prefix: &str) -> io::Result<Files> {
    let mut found = Files::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap().to_str().unwrap();
        if path.is_dir() {
            found.extend(read(&path, &format!("{prefix}{name}/"))?);
        } else {
            found.insert(format!("{prefix}{name}"), fs::read(&path)?);
        }
    }
    Ok(found)
}

#[test]
fn checked_in_example_is_the_generated_one() {
    const REMEDY: &str =
        "run `cargo run -p portolan-testkit --bin generate -- harbor --out examples/harbor`";
    let mut expected = generated();
    expected.insert("README.md".to_owned(), readme().into_bytes());
    let example = repository().join("examples/harbor");
    let model = portolan_sources::read(&[example], &mut |_| {}).unwrap();
    expected.extend(flow_logs(&model));
    let checked_in = read(&repository().join("examples/harbor"), "").unwrap();

    let names = |files: &Files| files.keys().cloned().collect::<Vec<_>>();
    assert_eq!(names(&checked_in), names(&expected), "{REMEDY}");
    let changed = expected.iter().filter(|(name, bytes)| checked_in[*name] != **bytes);
    let changed: Vec<&String> = changed.map(|(name, _)| name).collect();
    assert!(changed.is_empty(), "{changed:?}: {REMEDY}");
}

#[test]
fn references_resolve_but_for_the_planted_ones() {
    let id = |prefix, name| resource_id(prefix, &["harbor", name]);
    let dangling = BTreeSet::from([id("sg", "old-bastion"), id("pcx", "deleted")]);
    check_account(&Answers::new(&generated()), &dangling);
}

#[test]
fn company_has_the_promised_size() {
    let files = generated();
    let folders: BTreeSet<&str> =
        files.keys().filter_map(|name| name.rsplit_once('/')).map(|(folder, _)| folder).collect();
    assert_eq!(folders.len(), 3);
    let answers = Answers::new(&files);
    assert_eq!(answers.of("Vpcs").len(), 3);
    assert_eq!(answers.of("NetworkInterfaces").len(), 35);
}

/// Returns every name by which the tables may call something.
fn names(answers: &Answers) -> BTreeSet<&str> {
    let tags = answers.of("Instances").iter().flat_map(|instance| list(instance, "Tags"));
    let services = [
        ("DBInstances", "DBInstanceIdentifier"),
        ("CacheClusters", "CacheClusterId"),
        ("Functions", "FunctionName"),
    ];
    let services = services
        .into_iter()
        .flat_map(|(key, member)| answers.of(key).iter().map(move |item| text(item, member)));
    tags.map(|tag| text(tag, "Value")).chain(services).collect()
}

#[test]
fn tables_name_what_exists() {
    let answers = Answers::new(&generated());
    let names = names(&answers);
    let interfaces = answers.of("NetworkInterfaces").iter();
    let interfaces: BTreeSet<&str> =
        interfaces.map(|interface| text(interface, "NetworkInterfaceId")).collect();
    let questions =
        MISTAKES.iter().map(|it| it.question).chain(CONTROLS.iter().map(|it| it.question));
    let asked = questions.flat_map(|Question { from, to, .. }| [from, to]);
    for name in asked.chain(MISTAKES.iter().map(|mistake| mistake.resource)) {
        let is_outside = name == "internet" || name.contains(['.', ':']);
        let is_inside = names.contains(name) && interfaces.contains(interface_id(name).as_str());
        assert!(is_outside || is_inside, "nothing is called `{name}`");
    }
}

#[test]
fn ids_of_the_tables_are_unique() {
    let ids = MISTAKES.iter().map(|it| it.id).chain(CONTROLS.iter().map(|it| it.id));
    let unique: BTreeSet<&str> = ids.clone().collect();
    assert_eq!(unique.len(), ids.count());
}
