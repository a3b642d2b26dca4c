//! A cluster of processes on loopback: a scheduler and three executors answer what one process answers.
//!
//! Members stop when the test ends, however it ends. What is waited for is seen, not slept for; the waits are bounded.

use std::fmt::Write as _;
use std::fs;
use std::io::{BufRead as _, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Child, ChildStderr, Output, Stdio};
use std::time::{Duration, Instant};

use super::portolan;

/// The longest that anything is waited for. Reaching it fails the test.
const PATIENCE: Duration = Duration::from_mins(2);

/// How many records the lake has.
const RECORDS: u32 = 60_000;

/// Questions whose answers have an order, so that they can be compared as text.
const QUESTIONS: [&str; 6] = [
    "stats count(*) as n by srcAddr | sort n desc, srcAddr | limit 20",
    "filter action = 'REJECT' and dstPort = 22 | stats count(*) as n by srcAddr | sort n desc, srcAddr",
    "stats sum(bytes) as b by bin(5m) as t | sort t",
    "stats pct(bytes, 95) as p, count_distinct(dstPort) as d by protocol | sort protocol",
    "filter isIpv4InSubnet(srcAddr, '10.0.1.0/24') | stats sum(packets) as p by dstAddr | sort dstAddr",
    "filter dstPort > 1000 | stats max(bytes) as m, avg(packets) as a by action, dstPort | sort dstPort, action | limit 50",
];

/// A member of a cluster, which is killed when it is dropped.
struct Member {
    process: Child,
    address: String,
    // Kept open, so that the member can go on talking.
    messages: BufReader<ChildStderr>,
}

impl Member {
    /// Starts a member and waits until it says where it listens.
    fn start(arguments: &[&str]) -> Self {
        let mut command = portolan(arguments);
        command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::piped());
        let mut process = command.spawn().unwrap();
        let messages = BufReader::new(process.stderr.take().unwrap());
        // From here on it is killed whatever happens.
        let mut member = Self { process, address: String::new(), messages };
        let mut said = String::new();
        while !member.address.starts_with("127.0.0.1:") {
            let line = said.len();
            let read = member.messages.read_line(&mut said).unwrap();
            assert!(read > 0, "the member ended: {said}");
            member.address = said[line..].trim().rsplit(' ').next().unwrap().to_owned();
        }
        member
    }

    fn kill(&mut self) {
        self.process.kill().unwrap();
        self.process.wait().unwrap();
    }
}

impl Drop for Member {
    fn drop(&mut self) {
        drop(self.process.kill());
        drop(self.process.wait());
    }
}

/// A lake, a token, and a cluster that has it.
struct Cluster {
    folder: tempfile::TempDir,
    scheduler: Member,
    executors: Vec<Member>,
}

impl Cluster {
    fn start() -> Self {
        let folder = tempfile::tempdir().unwrap();
        fs::write(folder.path().join("flows.log"), log()).unwrap();
        let token = portolan(&["cluster", "token"]).output().unwrap();
        write_secret(&folder.path().join("token"), &token.stdout);
        let path = |name: &str| folder.path().join(name).display().to_string();
        let ingested = portolan(&["flows", "ingest", &path("flows.log"), "--lake", &path("lake")]);
        succeeded(&run(ingested));
        let scheduler = Self::schedule(folder.path(), "127.0.0.1:0");
        let mut cluster = Self { folder, scheduler, executors: Vec::new() };
        cluster.executors = (0..3).map(|number| cluster.execute(number)).collect();
        cluster
    }

    fn schedule(folder: &Path, bind: &str) -> Member {
        let token = folder.join("token").display().to_string();
        Member::start(&["cluster", "scheduler", "--bind", bind, "--token-file", &token])
    }

    fn execute(&self, number: usize) -> Member {
        let work = self.work_folder(number).display().to_string();
        fs::create_dir_all(&work).unwrap();
        let token = self.path("token");
        Member::start(&[
            "cluster",
            "executor",
            "--scheduler",
            &self.scheduler.address,
            "--token-file",
            &token,
            "--cores",
            "1",
            "--work-directory",
            &work,
        ])
    }

    fn path(&self, name: &str) -> String {
        self.folder.path().join(name).display().to_string()
    }

    fn work_folder(&self, number: usize) -> PathBuf {
        self.folder.path().join(format!("work-{number}"))
    }

    fn locally(&self, question: &str) -> String {
        succeeded(&run(portolan(&[
            "flows",
            "query",
            question,
            "--lake",
            &self.path("lake"),
            "-f",
            "json",
        ])))
    }

    fn command(&self, question: &str, token: &str) -> std::process::Command {
        let cluster = format!("df://{}", self.scheduler.address);
        let (lake, token) = (self.path("lake"), self.path(token));
        portolan(&[
            "flows",
            "query",
            question,
            "--lake",
            &lake,
            "-f",
            "json",
            "--cluster",
            &cluster,
            "--token-file",
            &token,
        ])
    }

    fn together(&self, question: &str) -> String {
        succeeded(&run(self.command(question, "token")))
    }

    /// Has the cluster begin to answer a question, and returns who asks and which executor works.
    fn begin(&self, question: &str) -> (Child, usize) {
        let mut command = self.command(question, "token");
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped());
        let asking = command.spawn().unwrap();
        let folders: Vec<_> = (0..3).map(|number| self.work_folder(number)).collect();
        wait_until("an executor has begun", || folders.iter().any(|it| has_files(it)));
        (asking, folders.iter().position(|it| has_files(it)).unwrap())
    }
}

fn run(mut command: std::process::Command) -> Output {
    command.stdin(Stdio::null()).output().unwrap()
}

/// Returns what was printed.
fn succeeded(output: &Output) -> String {
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{messages}");
    String::from_utf8(output.stdout.clone()).unwrap()
}

/// Returns records of three hours, the same ones each time.
fn log() -> String {
    let mut text = String::from(
        "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action log-status\n",
    );
    let mut state: u32 = 1;
    let mut next = |below: u32| {
        // Numerical Recipes' generator; its upper bits are good enough for a log.
        state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
        (state >> 8) % below
    };
    for record in 0..RECORDS {
        let start = 1_767_225_600 + record * 10_800 / RECORDS;
        let (source, target) = (next(4), next(200));
        let action = if next(8) == 0 { "REJECT" } else { "ACCEPT" };
        let port =
            [22, 80, 443, 3306, 5432, 8080 + next(400)].into_iter().nth(next(6) as usize).unwrap();
        let protocol = if next(10) == 0 { 17 } else { 6 };
        writeln!(
            text,
            "2 123456789012 eni-0123456789abcdef{} 10.0.{source}.{} 10.1.0.{target} {} {port} {protocol} {} {} {start} {} {action} OK",
            next(4), next(250), 1024 + next(60_000), 1 + next(90), 40 + next(100_000), start + 60,
        )
        .unwrap();
    }
    text
}

/// Waits until something is so.
fn wait_until(what: &str, mut is_so: impl FnMut() -> bool) {
    let begun = Instant::now();
    while !is_so() {
        assert!(begun.elapsed() < PATIENCE, "waited in vain until {what}");
        std::thread::yield_now();
    }
}

/// Writes a file that only its owner reads.
fn write_secret(path: &Path, secret: &[u8]) {
    fs::write(path, secret).unwrap();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        fs::set_permissions(path, fs::Permissions::from_mode(0o600)).unwrap();
    }
}

fn has_files(folder: &Path) -> bool {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    entries.map(|entry| entry.path()).any(|path| path.is_file() || has_files(&path))
}

#[test]
fn a_cluster_answers_what_one_process_answers() {
    let cluster = Cluster::start();
    for question in QUESTIONS {
        assert_eq!(cluster.together(question), cluster.locally(question), "{question}");
    }
}

#[test]
fn an_executor_that_dies_at_work_fails_no_query() {
    let mut cluster = Cluster::start();
    let question = QUESTIONS[5];
    let expected = cluster.locally(question);
    let (asking, busy) = cluster.begin(question);
    cluster.executors[busy].kill();
    assert_eq!(succeeded(&asking.wait_with_output().unwrap()), expected);
}

#[test]
fn a_scheduler_that_is_started_anew_is_asked_again() {
    let mut cluster = Cluster::start();
    let question = QUESTIONS[5];
    let expected = cluster.locally(question);
    let (asking, _) = cluster.begin(question);
    let address = cluster.scheduler.address.clone();
    cluster.scheduler.kill();
    cluster.scheduler = Cluster::schedule(cluster.folder.path(), &address);
    let output = asking.wait_with_output().unwrap();
    let messages = String::from_utf8_lossy(&output.stderr);
    assert!(messages.contains("was lost"), "{messages}");
    assert_eq!(succeeded(&output), expected);
}

#[test]
fn only_members_are_talked_to() {
    let cluster = Cluster::start();
    let other = portolan(&["cluster", "token"]).output().unwrap().stdout;
    write_secret(Path::new(&cluster.path("other")), &other);
    let output = run(cluster.command(QUESTIONS[0], "other"));
    let messages = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{messages}");
    assert!(
        messages.contains("does not accept us") && messages.contains("--token-file"),
        "{messages}"
    );
    let open = run(portolan(&["cluster", "scheduler", "--bind", "0.0.0.0:0"]));
    let messages = String::from_utf8_lossy(&open.stderr);
    assert_eq!(open.status.code(), Some(2), "{messages}");
    assert!(messages.contains("there is no token"), "{messages}");
}
