//! Folders, files, compression, links.

use std::io::Write as _;
use std::path::PathBuf;

use flate2::Compression;
use flate2::write::GzEncoder;
use insta::assert_snapshot;
use portolan_sources::{Progress, ReadError};

use crate::folder::Folder;

const VPCS: &str = r#"{"Vpcs": [{"VpcId": "vpc-1", "CidrBlock": "10.0.0.0/16"}]}"#;
const SUBNETS: &str =
    r#"{"Subnets": [{"SubnetId": "subnet-1", "VpcId": "vpc-1", "CidrBlock": "10.0.0.0/24"}]}"#;

fn gzip(text: &str) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
    encoder.write_all(text.as_bytes()).expect("memory");
    encoder.finish().expect("memory")
}

#[test]
fn reads_folders_of_any_depth_and_names() {
    let folder = Folder::new();
    folder.write("a/b/c/vpcs", VPCS.as_bytes());
    folder.write("subnets.txt", &gzip(SUBNETS));
    folder.write("more.json.gz", &[gzip(VPCS), gzip("\n{\"Buckets\": []}")].concat());
    folder.write("README.md", b"# Captures");
    folder.write("template.j2", b"{% if vpcs %} no {% endif %}");
    folder.write("picture.png", b"\x89PNG\r\n");
    folder.write("policy.json", br#"{"Version": "2012-10-17"}"#);
    let model = folder.read();
    assert_eq!((model.vpcs.len(), model.subnets.len()), (1, 1));
    assert_eq!(model.coverage.ignored_files(), 4);
    assert_snapshot!(folder.problems(&model), @"
    more.json.gz: 1 resource is in `a/b/c/vpcs` too (nothing lost)
      help: nothing is lost: they are equal, and count once
    ");
}

#[test]
fn tells_of_files_that_should_be_json_and_are_not() {
    let folder = Folder::new();
    folder.write("vpcs.json", VPCS.as_bytes());
    folder.write("subnets.json", b"");
    folder.write("groups.JSON", b"An error occurred (UnauthorizedOperation)");
    folder.write("acls.json.gz", &gzip(SUBNETS)[..12]);
    folder.write("tables.json", b"\xff\xfe{\0}\0");
    assert_snapshot!(folder.problems(&folder.read()), @"
    acls.json.gz:1:1 : cannot read on: incomplete deflate stream
      help: check that the file is readable and, if compressed, undamaged
    groups.JSON: is not JSON
      help: capture it with `--output json`, or take it out of the folder
    subnets.json: is empty
      help: the command that should have filled it failed: run it again and read what it says
    tables.json:1:1 : the file is UTF-16, not UTF-8
      help: PowerShell wrote it: capture with `| Out-File -Encoding utf8`, or convert it to UTF-8
    ");
}

#[cfg(unix)]
#[test]
fn follows_no_link_out_of_the_folder() {
    let (folder, elsewhere) = (Folder::new(), Folder::new());
    elsewhere.write("subnets.json", SUBNETS.as_bytes());
    folder.write("vpcs.json", VPCS.as_bytes());
    std::os::unix::fs::symlink(elsewhere.path("subnets.json"), folder.path("subnets.json"))
        .expect("a link");
    std::os::unix::fs::symlink(folder.path("vpcs.json"), folder.path("again.json"))
        .expect("a link");
    std::os::unix::fs::symlink(folder.path("."), folder.path("loop")).expect("a link");
    let model = folder.read();
    assert!(model.subnets.is_empty());
    assert_snapshot!(folder.problems(&model), @"
    subnets.json: the link leads out of the folder and was not followed
      help: name what it leads to as a source of its own
    ");
}

#[test]
fn reads_several_paths_in_their_order() {
    let folder = Folder::new();
    let group = |name: &str| {
        format!(r#"{{"SecurityGroups": [{{"GroupId": "sg-1", "GroupName": "{name}"}}]}}"#)
    };
    folder.write("a.json", group("a").as_bytes());
    folder.write("b.json", group("b").as_bytes());
    let paths = [folder.path("b.json"), folder.path("a.json")];
    let model = portolan_sources::read(&paths, &mut |_| {}).expect("two files");
    assert_eq!(&*model.security_groups["sg-1"].name, "b");
}

#[test]
fn tells_how_far_it_has_come() {
    let folder = Folder::new();
    folder.write("a.json", VPCS.as_bytes());
    folder.write("b.json", SUBNETS.as_bytes());
    let mut seen = Vec::new();
    portolan_sources::read(&[folder.path("")], &mut |progress| seen.push(progress))
        .expect("two files");
    let total = (VPCS.len() + SUBNETS.len()) as u64;
    let end = Progress { files: 2, files_total: 2, bytes: total, bytes_total: Some(total) };
    assert_eq!(seen.last(), Some(&end));
    assert!(seen.is_sorted_by_key(|progress| (progress.files, progress.bytes)));
}

/// Checks what is said if nothing can be read.
#[track_caller]
fn check_error(folder: &Folder, name: &str) -> String {
    let error: ReadError =
        portolan_sources::read(&[folder.path(name)], &mut |_| {}).expect_err("nothing to read");
    let text = format!("{error}\nhelp: {}", error.help().unwrap_or_default());
    text.replace(&folder.0.display().to_string(), "folder")
}

#[test]
fn says_what_to_do_if_there_is_nothing() {
    let folder = Folder::new();
    folder.write("empty/policy.json", br#"{"Version": "2012-10-17"}"#);
    assert_snapshot!(check_error(&folder, "absent"), @"
    cannot read `folder/absent`
    help: name a folder, a file, or `-` for standard input
    ");
    assert_snapshot!(check_error(&folder, "empty"), @"
    nothing in `folder/empty` describes an AWS account
    help: capture the account with `aws ec2 describe-vpcs` and its like, with `--output json`
    ");
    assert!(portolan_sources::read(&[] as &[PathBuf], &mut |_| {}).is_err());
}
