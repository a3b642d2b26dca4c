//! What a process does besides printing: files, pipes, signals, standard input.

use std::fs;
use std::io::{Read as _, Write as _};
use std::process::{Command, Stdio};

use super::{portolan, scratch};

/// A network of one VPC, with everything essential and nothing else.
const SMALL: &str = r#"{
    "Vpcs": [{"VpcId": "vpc-1", "OwnerId": "111122223333", "CidrBlock": "10.0.0.0/16"}],
    "Subnets": [], "RouteTables": [], "NetworkAcls": [], "SecurityGroups": [], "NetworkInterfaces": []
}"#;

/// Runs the program with `input` at its standard input; returns status, output, messages.
fn run_with_input(arguments: &[&str], input: &str) -> (Option<i32>, String, String) {
    let mut command = portolan(arguments);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
    let output = child.wait_with_output().unwrap();
    let text = |bytes| String::from_utf8(bytes).unwrap();
    (output.status.code(), text(output.stdout), text(output.stderr))
}

#[test]
fn standard_input_is_a_source() {
    let (status, output, messages) = run_with_input(&["exposure", "-", "-f", "json"], SMALL);
    assert_eq!((status, messages.as_str()), (Some(0), ""));
    assert!(output.contains("\"format_version\""), "{output}");
}

#[test]
fn input_that_says_nothing_is_an_error() {
    let (status, output, messages) = run_with_input(&["exposure", "-"], "{}");
    assert_eq!((status, output.as_str()), (Some(1), ""));
    assert!(messages.starts_with("error: nothing in `-` describes an AWS account"), "{messages}");
}

#[test]
fn broken_input_is_no_answer() {
    let (status, output, messages) = run_with_input(&["exposure", "-"], "{\"Vpcs\": [");
    assert_eq!((status, output.as_str()), (Some(1), ""));
    assert!(messages.starts_with("warning: -:1:"), "{messages}");
}

#[test]
fn partly_broken_input_is_answered_with_status_5() {
    let input = SMALL.replace("\"Subnets\": []", "\"Subnets\": [{\"SubnetId\": 1}]");
    let (status, output, messages) = run_with_input(&["exposure", "-"], &input);
    assert_eq!(status, Some(5));
    assert!(!output.is_empty());
    assert!(messages.contains("Subnets[0]"), "{messages}");
    let (status, same_output, _) = run_with_input(&["exposure", "-", "--allow-partial"], &input);
    assert_eq!((status, same_output), (Some(0), output));
}

#[test]
fn the_format_follows_the_name_of_the_file() {
    let path = scratch("exposure.json");
    let file = path.to_str().unwrap();
    let (status, output, messages) = run_with_input(&["exposure", "-", "-o", file], SMALL);
    assert_eq!((status, output.as_str()), (Some(0), ""));
    assert_eq!(messages, format!("note: wrote `{file}`\n"));
    assert!(fs::read_to_string(&path).unwrap().starts_with('{'));
    let (status, _, messages) = run_with_input(&["exposure", "-", "-o", "exposure.sarif"], SMALL);
    assert_eq!(status, Some(2));
    assert!(messages.contains("help: say it with `--format`"), "{messages}");
}

#[test]
fn a_file_is_replaced_whole_or_not_at_all() {
    let path = scratch("kept.txt");
    fs::write(&path, "before").unwrap();
    let file = path.to_str().unwrap();
    let (status, ..) = run_with_input(&["exposure", "-", "-q", "-o", file], "{}");
    assert_eq!((status, fs::read_to_string(&path).unwrap().as_str()), (Some(1), "before"));
    let (status, _, messages) = run_with_input(&["exposure", "-", "-q", "-o", file], SMALL);
    assert_eq!((status, messages.as_str()), (Some(0), ""));
    assert_ne!(fs::read_to_string(&path).unwrap(), "before");
    let beside = path.parent().unwrap().read_dir().unwrap();
    let drafts = beside.filter(|it| {
        let name = it.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with("kept.txt.")
    });
    assert_eq!(drafts.count(), 0);
}

#[test]
fn a_file_that_cannot_be_written_is_an_error() {
    let arguments = ["ports", "22", "-o", "no/such/folder/ports.md"];
    let output = portolan(&arguments).output().unwrap();
    assert_eq!(output.status.code(), Some(1));
    let messages = String::from_utf8(output.stderr).unwrap();
    assert!(messages.starts_with("error: cannot write to `no/such/folder/ports.md`"), "{messages}");
}

#[test]
fn a_closed_pipe_is_success() {
    let mut child = portolan(&["ports", "0-65535"]).stdout(Stdio::piped()).spawn().unwrap();
    let mut start = [0; 1];
    child.stdout.take().unwrap().read_exact(&mut start).unwrap();
    assert_eq!(child.wait().unwrap().code(), Some(0));
}

#[cfg(unix)]
#[test]
fn an_interrupt_ends_the_process_at_once() {
    use std::os::unix::process::ExitStatusExt as _;

    let mut command = portolan(&["exposure", "-"]);
    // The pipe stays open, so that the process would wait for ever.
    let mut child = command.stdin(Stdio::piped()).spawn().unwrap();
    let killed = Command::new("kill").args(["-INT", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    assert_eq!(child.wait().unwrap().signal(), Some(2));
}

#[test]
fn colours_can_be_forced_and_are_off_in_a_pipe() {
    let text = |arguments: &[&str]| {
        let output = portolan(arguments).output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let has_colour = |arguments: &[&str]| text(arguments).contains('\u{1b}');
    assert!(has_colour(&["exposure", "examples/harbor", "--color", "always"]));
    assert!(!has_colour(&["exposure", "examples/harbor"]));
    assert!(has_colour(&["exposure", "nowhere", "--color", "always"]));
    assert!(!has_colour(&["exposure", "nowhere"]));
    assert!(has_colour(&["expose", "--color", "always"]));
    assert!(has_colour(&["reach", "--color=always"]));
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for format in ["table", "json", "csv", "markdown", "html"] {
        let run = || portolan(&["exposure", "examples/harbor", "-f", format]).output().unwrap();
        let (first, second) = (run(), run());
        assert!(!first.stdout.is_empty(), "{format}");
        assert_eq!(first.stdout, second.stdout, "{format}");
    }
}

#[test]
fn pages_stand_alone() {
    let output = portolan(&["exposure", "examples/harbor", "-f", "html"]).output().unwrap();
    let page = String::from_utf8(output.stdout).unwrap();
    assert!(page.starts_with("<!DOCTYPE html>"), "{}", &page[..40]);
    assert!(page.contains("<svg"));
    for foreign in ["<script", "<link", "src=", "@import", "url("] {
        assert!(!page.contains(foreign), "{foreign}");
    }
}

/// The first lines of what the program prints.
fn head(arguments: &[&str], lines: usize) -> String {
    let output = portolan(arguments).output().unwrap();
    let text = String::from_utf8(output.stdout).unwrap();
    text.lines().take(lines).collect::<Vec<_>>().join("\n")
}

#[test]
fn man_pages_are_roff() {
    insta::assert_snapshot!(head(&["generate", "man"], 5), @r#"
    .ie \n(.g .ds Aq \(aq
    .el .ds Aq '
    .TH portolan 1  "portolan 0.1.0" 
    .SH NAME
    portolan \- Chart every port of an AWS network: which are open, to whom, through which rules
    "#);
    insta::assert_snapshot!(head(&["generate", "man", "matrix"], 5), @r#"
    .ie \n(.g .ds Aq \(aq
    .el .ds Aq '
    .TH portolan-matrix 1  "portolan 0.1.0" 
    .SH NAME
    portolan\-matrix \- Show who inside can talk to whom
    "#);
}

#[test]
fn completions_are_scripts() {
    insta::assert_snapshot!(head(&["generate", "completions", "fish"], 2), @r"
    # Print an optspec for argparse to handle cmd's options that are independent of any subcommand.
    function __fish_portolan_global_optspecs
    ");
    let script = |shell| head(&["generate", "completions", shell], usize::MAX);
    for shell in ["bash", "elvish", "fish", "powershell", "zsh"] {
        assert!(script(shell).contains("assume-port-25-open"), "{shell}");
    }
}

#[test]
fn colours_stand_around_words() {
    let arguments = ["exposure", "examples/harbor", "--resource", "bastion-1", "--color", "always"];
    insta::assert_snapshot!(head(&arguments, 6).replace('\u{1b}', "^"), @r"
    ^[1m1 resource can be reached from outside.^[0m
      ^[1m^[31m1 critical^[0m

    ^[1mbastion-1^[0m  instance i-0493bb3b8ae275bcf  ^[2m444455556666 eu-west-1^[0m
      ^[2m203.0.113.60 (10.40.0.10), 2a05:d018:17e:9000::a^[0m
      ^[1m^[31mcritical^[0m  ^[1mtcp 22^[0m  ssh  from 198.51.100.0/24 (256 addresses), anywhere (IPv6)
    ");
}
