//! Programs of others: DuckDB reads our files, and moto is the S3 that refuses a second commit.
//!
//! They come from `PyPI`, into a folder below `target`, when they are first needed. Where that is not possible the tests say
//! that they were skipped.

use std::io::{BufRead as _, BufReader};
use std::path::PathBuf;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::OnceLock;

use object_store::aws::AmazonS3Builder;
use object_store::{ObjectStoreExt as _, PutMode, PutOptions};

use super::*;

/// Returns the Python that has the peers, if it can be had.
fn python() -> Option<&'static Path> {
    static PYTHON: OnceLock<Option<PathBuf>> = OnceLock::new();
    PYTHON
        .get_or_init(|| {
            let repository = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2)?;
            let folder = Path::new(env!("CARGO_TARGET_TMPDIR")).join("peers");
            let installed = Command::new(repository.join(".ci/install")).arg(&folder).status();
            installed.is_ok_and(|it| it.success()).then(|| folder.join("bin/python"))
        })
        .as_deref()
}

/// Returns what DuckDB answers.
fn duckdb(python: &Path, sql: &str) -> String {
    let program = "import duckdb, sys\nfor row in duckdb.sql(sys.argv[1]).fetchall(): print(*row)";
    let output = Command::new(python).args(["-c", program, sql]).output().unwrap();
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    String::from_utf8(output.stdout).unwrap()
}

#[test]
fn duckdb_reads_what_we_write() {
    let Some(python) = python() else {
        eprintln!("skipped: DuckDB cannot be installed");
        return;
    };
    let folder = tempfile::tempdir().unwrap();
    std::fs::write(folder.path().join("a.log"), log(0..10_000)).unwrap();
    let custom = format!("start srcaddr srcport\n{NEW_YEAR} 2001:db8::1 80\n- - -\n");
    std::fs::write(folder.path().join("b.log"), custom).unwrap();
    let root = folder.path().join("lake");
    block_on(async {
        fill(&lake_at(&root), &[source(&folder.path().join("a.log"))]).await.unwrap();
        fill(&lake_at(&root), &[source(&folder.path().join("b.log"))]).await.unwrap();
    });
    let files = format!(
        "read_parquet('{}/day=*/*/*.parquet', hive_partitioning = true, union_by_name = true)",
        root.display()
    );
    let check = |select: &str, expected: &str| {
        let sql = select.replace("LAKE", &files);
        assert_eq!(duckdb(python, &sql).trim(), expected, "{select}");
    };
    check("select count(*) from LAKE", "10002");
    check(
        "select srcaddr, dstaddr, srcport, protocol, bytes, \"end\", action, log_status from LAKE \
         where bytes = 45",
        "167772165 3221225989 1029 6 45 1767225664 REJECT OK",
    );
    check("select sum(bytes), min(srcport), max(srcport) from LAKE", "50395000 80 11023");
    check("select count(*) from LAKE where srcaddr between 167772160 and 167772164", "5");
    check(
        "select lower(hex(srcaddr6)) from LAKE where srcaddr6 is not null",
        "20010db8000000000000000000000001",
    );
    check("select count(*) from LAKE where layout like 'version account-id %'", "10000");
    check("select count(distinct interface_id), count(distinct account_id) from LAKE", "7 1");
    check(
        "select hour, count(*) from LAKE group by hour order by hour",
        "00 6401\n01 3600\nNone 1",
    );
}

/// An S3 server on loopback. It ends when it is dropped, with this process, and after two minutes.
struct Server {
    child: Child,
    /// Closed, it tells the server to end.
    input: Option<ChildStdin>,
    port: u16,
}

/// One request at a time, so that “create, unless it is there” is one step, as it is in S3.
const SERVER: &str = "
import os, sys, threading
from moto.server import DomainDispatcherApplication, create_backend_app
from werkzeug.serving import make_server
server = make_server('127.0.0.1', 0, DomainDispatcherApplication(create_backend_app), threaded=False)
print(server.port, flush=True)
end = lambda: os._exit(0)
late = threading.Timer(120, end); late.daemon = True; late.start()
threading.Thread(target=lambda: (sys.stdin.read(), end()), daemon=True).start()
server.serve_forever()
";

impl Server {
    fn start(python: &Path) -> Self {
        let mut child = Command::new(python)
            .args(["-c", SERVER])
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        let mut line = String::new();
        BufReader::new(child.stdout.take().unwrap()).read_line(&mut line).unwrap();
        let input = child.stdin.take();
        Self { child, input, port: line.trim().parse().unwrap() }
    }

    fn store(&self) -> Arc<dyn ObjectStore> {
        let store = AmazonS3Builder::new()
            .with_bucket_name("lake")
            .with_region("us-east-1")
            .with_endpoint(format!("http://127.0.0.1:{}", self.port))
            .with_allow_http(true)
            .with_access_key_id("test")
            .with_secret_access_key("test")
            .build();
        Arc::new(store.unwrap())
    }

    /// Makes the bucket; the object store has no word for that.
    fn make_bucket(&self, python: &Path) {
        let program = "import boto3, sys\n\
            boto3.client('s3', endpoint_url=sys.argv[1], region_name='us-east-1', aws_access_key_id='test', \
            aws_secret_access_key='test').create_bucket(Bucket='lake')";
        let endpoint = format!("http://127.0.0.1:{}", self.port);
        let output = Command::new(python).args(["-c", program, &endpoint]).output().unwrap();
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        drop(self.input.take());
        drop(self.child.wait());
    }
}

#[test]
fn s3_refuses_a_second_commit() {
    let Some(python) = python() else {
        eprintln!("skipped: moto cannot be installed");
        return;
    };
    let server = Server::start(python);
    server.make_bucket(python);
    let folder = tempfile::tempdir().unwrap();
    for number in 0..6 {
        let path = folder.path().join(format!("{number}.log"));
        std::fs::write(path, log(number * 10..number * 10 + 10)).unwrap();
    }
    block_on(async {
        let store = server.store();
        let create = || PutOptions { mode: PutMode::Create, ..PutOptions::default() };
        store.put_opts(&"probe".into(), "1".into(), create()).await.unwrap();
        let again = store.put_opts(&"probe".into(), "2".into(), create()).await.unwrap_err();
        assert!(matches!(again, object_store::Error::AlreadyExists { .. }), "{again}");
        let probe = store.get(&"probe".into()).await.unwrap().bytes().await.unwrap();
        assert_eq!(probe, "1".as_bytes());

        // Writers that begin at the same commit, with sources that overlap.
        let write = |first: u32| {
            let lake = lake_in(Arc::clone(&store));
            let path = |number: u32| source(&folder.path().join(format!("{}.log", number % 6)));
            let places: Vec<_> = (first..first + 4).map(path).collect();
            async move {
                let mut rows = 0;
                for place in places {
                    rows += fill(&lake, &[place]).await.unwrap().rows;
                }
                rows
            }
        };
        let (one, two, three) = tokio::join!(write(0), write(2), write(4));
        assert_eq!(one + two + three, 60);
        let lake = lake_in(Arc::clone(&store));
        let counts = counts(&lake).await;
        assert_eq!(counts.len(), 60);
        assert!(counts.values().all(|it| *it == 1));
        portolan_lake::compact(&lake, std::time::Duration::ZERO).await.unwrap();
        assert_eq!(report(&lake).await.len(), 60);
        assert_eq!(lake.snapshot().await.unwrap().files().count(), 1);
    });
}
