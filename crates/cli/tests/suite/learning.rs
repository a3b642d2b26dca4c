//! What is learnt from flow logs is the same whether they lie in files or in a lake.

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Output;

use super::{portolan, scratch};

/// Logs with everything that is read in a way of its own: both families, TCP flags, directions, addresses behind the interface, an
/// end before the start, no end, no bytes, lost records, records of strangers, and records without time.
const LOGS: [(&str, &str); 4] = [
    (
        "flags.log",
        "interface-id srcaddr dstaddr srcport dstport protocol bytes start end action log-status tcp-flags flow-direction \
         pkt-srcaddr pkt-dstaddr\n\
         eni-0f364aff4f90cc45a 10.40.10.30 10.20.10.11 57459 9100 6 840 1767225600 1767225660 ACCEPT OK 2 ingress \
         10.40.10.30 10.20.10.11\n\
         eni-0f364aff4f90cc45a 10.20.10.11 10.40.10.30 9100 57459 6 1840 1767225600 1767225660 ACCEPT OK 18 egress \
         10.20.10.11 10.40.10.30\n\
         eni-0f364aff4f90cc45a 10.40.10.30 10.20.10.11 57459 9100 6 - 1768435200 1768435100 ACCEPT OK - ingress - -\n\
         eni-0f364aff4f90cc45a 10.40.20.11 10.20.10.11 57459 9100 6 40 1768435200 - REJECT OK 2 ingress - -\n\
         eni-0f364aff4f90cc45a - - - - - - 1768435200 1768435260 - NODATA - - - -\n",
    ),
    (
        "default.log",
        "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n\
         2 444455556666 eni-0347abbe2fd5b3966 2001:db8::66 2a05:d018:17e:9000::a 50100 22 6 9 900 1767225600 1767225660 \
         ACCEPT OK\n\
         2 444455556666 eni-0347abbe2fd5b3966 2a05:d018:17e:9000::a 2001:db8::66 22 50100 6 9 900 1767225600 1767225660 \
         ACCEPT OK\n\
         2 444455556666 eni-0347abbe2fd5b3966 198.51.100.7 10.40.0.10 50100 22 6 9 900 1768435200 1768435260 ACCEPT OK\n\
         2 444455556666 eni-0347abbe2fd5b3966 192.0.2.66 10.40.0.10 50100 22 6 1 40 1768435200 1768435260 REJECT OK\n\
         2 444455556666 eni-0347abbe2fd5b3966 192.0.2.66 10.40.0.10 0 0 1 1 40 1768435200 1768435260 REJECT OK\n\
         2 444455556666 eni-0347abbe2fd5b3966 192.0.2.1 192.0.2.2 1 2 17 1 40 1768435200 1768435260 ACCEPT OK\n\
         2 999999999999 eni-stranger 10.9.9.9 10.9.9.8 1 2 17 1 40 1768435200 1768435260 ACCEPT OK\n\
         2 444455556666 eni-0d349e2fe7a14b315 - - - - - - - 1767225600 1767225660 - SKIPDATA\n\
         2 444455556666 eni-0d349e2fe7a14b315 - - - - - - - 1768435200 1768435260 - SKIPDATA\n\
         2 444455556666 eni-0d349e2fe7a14b315 - - - - - - - 1768435200 1768435260 - SKIPDATA\n",
    ),
    (
        "timeless.log",
        "interface-id srcaddr dstaddr srcport dstport protocol action\n\
         eni-0f364aff4f90cc45a 10.40.10.30 10.20.10.11 57459 9100 6 ACCEPT\n",
    ),
    ("broken.log", "interface-id srcaddr dstaddr start\neni-1 10.0.0.300 10.0.0.1 1768435200\n"),
];

/// Returns a folder with these logs, and a lake that was filled from them.
fn logs_and_lake(name: &str) -> (PathBuf, PathBuf) {
    let folder = scratch(name);
    drop(fs::remove_dir_all(&folder));
    let (logs, lake) = (folder.join("logs"), folder.join("lake"));
    fs::create_dir_all(&logs).unwrap();
    for (name, text) in LOGS {
        fs::write(logs.join(name), text).unwrap();
    }
    fill(&logs, &lake);
    (logs, lake)
}

fn fill(logs: &Path, lake: &Path) {
    let (logs, lake) = (logs.to_str().unwrap(), lake.to_str().unwrap());
    let ingest = ["flows", "ingest", logs, "--lake", lake, "--allow-partial"];
    let filled = portolan(&ingest).output().unwrap();
    assert!(filled.status.success(), "{}", String::from_utf8_lossy(&filled.stderr));
}

fn ask(command: &str, place: &Path, more: &[&str]) -> Output {
    let flows = ["--flows", place.to_str().unwrap()];
    let whole = [&[command, "examples/harbor", "--format", "json"][..], &flows, more].concat();
    portolan(&whole).output().unwrap()
}

/// Asks in both places, and returns the answer that both give.
fn same(command: &str, (logs, lake): (&Path, &Path), more: &[&str]) -> String {
    let [of_files, of_lake] = [logs, lake].map(|place| ask(command, place, more));
    for output in [&of_files, &of_lake] {
        let messages = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{command} {more:?}: {messages}");
    }
    let [of_files, of_lake] =
        [of_files, of_lake].map(|output| String::from_utf8(output.stdout).unwrap());
    assert_eq!(of_files, of_lake, "{command} {more:?}");
    of_files
}

#[test]
fn a_lake_and_its_files_say_the_same() {
    let (logs, lake) = logs_and_lake("learning");
    let places = (logs.as_path(), lake.as_path());
    for (more, skipped) in [(&[][..], 3), (&["--days", "3"], 2)] {
        same("evaluate", places, more);
        let plan = same("tighten", places, &[more, &["--watched", "0"]].concat());
        // Without these nothing would be compared.
        let skipped = format!("{skipped} SKIPDATA records");
        for part in ["\"unplaced\": 3", "\"fate\": \"remove\"", skipped.as_str()] {
            assert!(plan.contains(part), "{part}: {plan}");
        }
    }
    let whole = same("tighten", places, &["--watched", "0"]);
    let last = same("tighten", places, &["--watched", "0", "--days", "3"]);
    assert_ne!(whole, last);
}

#[test]
fn the_logs_of_the_example_say_the_same() {
    let logs = super::repository().join("examples/harbor/flow-logs");
    let lake = scratch("learning-harbor");
    drop(fs::remove_dir_all(&lake));
    fill(&logs, &lake);
    for command in ["tighten", "evaluate"] {
        for more in [&[][..], &["--days", "9"]] {
            same(command, (&logs, &lake), more);
        }
    }
}

#[test]
fn files_of_other_days_are_not_read() {
    let (_, lake) = logs_and_lake("learning-days");
    let more = ["--days", "3", "--watched", "0"];
    let before = ask("tighten", &lake, &more);
    fs::remove_dir_all(lake.join("day=2026-01-01")).unwrap();
    let after = ask("tighten", &lake, &more);
    assert!(before.status.success() && after.status.success());
    assert_eq!(before.stdout, after.stdout);
    let whole = ask("tighten", &lake, &[]);
    let messages = String::from_utf8(whole.stderr).unwrap();
    assert_eq!(whole.status.code(), Some(1));
    assert!(messages.contains("error: cannot read the lake at `"), "{messages}");
    assert!(messages.contains("day=2026-01-01/hour=00/"), "{messages}");
    assert!(messages.contains("help: if a file of the lake is missing or damaged"), "{messages}");
}

#[test]
fn the_lake_of_the_settings_is_the_one_without_a_name() {
    let (_, lake) = logs_and_lake("learning-settings");
    let ask = |flows: &[&str]| {
        let mut command = portolan(&[&["evaluate", "examples/harbor"], flows].concat());
        command.env("PORTOLAN_LAKE", &lake).output().unwrap().stdout
    };
    let named = ask(&["--flows", lake.to_str().unwrap()]);
    assert!(!named.is_empty());
    assert_eq!(ask(&["--flows"]), named);
}

#[test]
fn an_answer_about_the_lake_can_be_explained() {
    let (_, lake) = logs_and_lake("learning-why");
    let lake = lake.to_str().unwrap();
    let explain = |query: &str, more: &[&str]| {
        let query = ["flows", "query", query, "--lake", lake, "--format", "json"];
        let answer = portolan(&query).output().unwrap().stdout;
        let answer = String::from_utf8(answer).unwrap();
        let why = ["flows", "why", &answer, "examples/harbor", "--format", "json"];
        let output = portolan(&[&why, more].concat()).output().unwrap();
        String::from_utf8([output.stdout, output.stderr].concat()).unwrap()
    };
    let fields = "fields interfaceId, srcAddr, dstAddr, srcPort, dstPort, protocol, action, start";
    let only = "filter srcAddr = \"192.0.2.66\" and dstPort = 22";
    for query in [only.to_owned(), format!("{fields} | {only}")] {
        let why = explain(&query, &[]);
        assert!(why.contains("\"reason\": \"no_rule\""), "{why}");
        assert!(why.contains("\"interface\": \"eni-0347abbe2fd5b3966\""), "{why}");
    }
    let why = explain("filter action = \"REJECT\"", &[]);
    assert!(why.contains("the answer has 3 rows"), "{why}");
    let why = explain("filter action = \"NOTHING\"", &[]);
    assert!(why.contains("the answer has 0 rows"), "{why}");
}
