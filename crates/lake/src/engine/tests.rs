//! Queries on a small log, from text to answer.
//!
//! ```text
//! time      source        destination  port  protocol  packets  bytes  action
//! 00:00:10  10.0.0.1      10.0.1.9      443  6              10   1000  ACCEPT
//! 00:00:20  10.0.0.2      10.0.1.9      443  6               5    500  ACCEPT
//! 00:01:00  192.0.2.7     10.0.1.9       22  6               1     40  REJECT
//! 00:05:00  -             -               -  -               -      -  -       (NODATA)
//! 01:00:00  10.0.0.1      10.0.1.10      53  17              2    200  ACCEPT
//! 01:10:00  2001:db8::1   2001:db8::2   443  6               7    700  ACCEPT
//! 01:20:00  192.0.2.7     10.0.1.10      22  6               1     40  REJECT
//! 01:30:00  110.0.0.1     10.0.1.9       22  6               3    120  REJECT
//! ```

mod agreement;
mod commands;

use std::net::IpAddr;
use std::path::Path;

use arrow::array::{ArrayRef, RecordBatch};
use arrow::datatypes::{DataType, Schema};
use datafusion::execution::object_store::ObjectStoreUrl;
use object_store::local::LocalFileSystem;
use parquet::arrow::ArrowWriter;

use super::value::column;
use super::*;

/// Midnight of 2026-01-01 UTC in seconds.
const MIDNIGHT: i64 = 1_767_225_600;

struct Line(i64, &'static str, &'static str, i64, i64, i64, i64, &'static str);

const FIRST: &[Line] = &[
    Line(10, "10.0.0.1", "10.0.1.9", 443, 6, 10, 1000, "ACCEPT"),
    Line(20, "10.0.0.2", "10.0.1.9", 443, 6, 5, 500, "ACCEPT"),
    Line(60, "192.0.2.7", "10.0.1.9", 22, 6, 1, 40, "REJECT"),
    Line(300, "-", "-", -1, -1, -1, -1, "-"),
];

const SECOND: &[Line] = &[
    Line(3600, "10.0.0.1", "10.0.1.10", 53, 17, 2, 200, "ACCEPT"),
    Line(4200, "2001:db8::1", "2001:db8::2", 443, 6, 7, 700, "ACCEPT"),
    Line(4800, "192.0.2.7", "10.0.1.10", 22, 6, 1, 40, "REJECT"),
    Line(5400, "110.0.0.1", "10.0.1.9", 22, 6, 3, 120, "REJECT"),
];

const LAYOUT: &str = "srcaddr dstaddr dstport protocol packets bytes start action log-status";

fn number(value: i64) -> Value<'static> {
    if value < 0 { Value::Missing } else { Value::Integer(value) }
}

fn address(text: &str, v6: bool) -> Value<'static> {
    let address = text.parse().ok().filter(|address: &IpAddr| address.is_ipv6() == v6);
    address.map_or(Value::Missing, Value::Address)
}

fn narrow(kind: &DataType, lines: &[Line], value: fn(&Line) -> i64) -> ArrayRef {
    let wide = column(&DataType::Int64, lines.iter().map(|line| number(value(line)))).unwrap();
    arrow::compute::cast(&wide, kind).unwrap()
}

fn words(lines: &[Line], value: impl Fn(&Line) -> &'static str) -> ArrayRef {
    let word = |line| match value(line) {
        "-" => Value::Missing,
        word => Value::owned(word.to_owned()),
    };
    let text = column(&DataType::Utf8, lines.iter().map(word)).unwrap();
    arrow::compute::cast(&text, &reading_type(&DataType::Utf8)).unwrap()
}

fn batch(lines: &[Line]) -> RecordBatch {
    let addresses = |kind: &DataType, value: fn(&Line) -> &'static str, v6| {
        column(kind, lines.iter().map(|line| address(value(line), v6))).unwrap()
    };
    let (v4, v6) = (DataType::UInt32, DataType::FixedSizeBinary(16));
    RecordBatch::try_from_iter_with_nullable([
        ("srcaddr", addresses(&v4, |line| line.1, false), true),
        ("srcaddr6", addresses(&v6, |line| line.1, true), true),
        ("dstaddr", addresses(&v4, |line| line.2, false), true),
        ("dstaddr6", addresses(&v6, |line| line.2, true), true),
        ("dstport", narrow(&DataType::UInt16, lines, |line| line.3), true),
        ("protocol", narrow(&DataType::UInt8, lines, |line| line.4), true),
        ("packets", narrow(&DataType::Int64, lines, |line| line.5), true),
        ("bytes", narrow(&DataType::Int64, lines, |line| line.6), true),
        ("start", narrow(&DataType::Int64, lines, |line| MIDNIGHT + line.0), true),
        ("action", words(lines, |line| line.7), true),
        ("log_status", words(lines, |line| if line.7 == "-" { "NODATA" } else { "OK" }), true),
        ("layout", words(lines, |_| LAYOUT), true),
    ])
    .unwrap()
}

fn write(folder: &Path, name: &str, lines: &[Line]) -> (SourceFile, Schema) {
    let batch = batch(lines);
    let path = folder.join(name);
    let file = std::fs::File::create(&path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let described = SourceFile {
        path: name.to_owned(),
        bytes: std::fs::metadata(&path).unwrap().len(),
        rows: batch.num_rows() as u64,
        first: MIDNIGHT + lines[0].0,
        last: MIDNIGHT + lines[lines.len() - 1].0,
    };
    (described, batch.schema().as_ref().clone())
}

fn engine(folder: &Path) -> Engine {
    let (first, schema) = write(folder, "0.parquet", FIRST);
    let (second, _) = write(folder, "1.parquet", SECOND);
    let store = LocalFileSystem::new_with_prefix(folder).unwrap();
    let url = Url::parse("lake://test").unwrap();
    let source = Source {
        store: ObjectStoreUrl::parse(url.as_str()).unwrap(),
        files: Arc::new([first, second]),
        schema: Arc::new(schema),
    };
    let limits = Limits { memory: 64 << 20, threads: 2 };
    let now = (MIDNIGHT + 86_400) * 1000;
    let mut tables = Tables::default();
    let cell = |text: &str| text.to_owned();
    let row = |a: &str, b: &str| vec![cell(a), cell(b)];
    tables.insert(
        "nets",
        Table::new(
            vec![cell("cidr"), cell("owner")],
            [row("10.0.0.0/8", "us"), row("10.0.0.2/32", "two"), row("2001:db8::/32", "docs")],
        ),
    );
    tables.insert(
        "ports",
        Table::new(vec![cell("port"), cell("name")], [row("443", "https"), row("22", "ssh")]),
    );
    Engine::new((url, Arc::new(store)), source, &limits, now).unwrap().with_tables(tables)
}

async fn rows_of(mut answer: Answer) -> Vec<String> {
    let rows = answer.all().await.unwrap();
    rows.iter()
        .map(|row| row.iter().map(ToString::to_string).collect::<Vec<_>>().join("|"))
        .collect()
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    check_within(text, Range::ALL, expected);
}

#[track_caller]
fn check_within(text: &str, range: Range, expected: &[&str]) {
    let folder = tempfile::tempdir().unwrap();
    let parsed = portolan_query::parse(text, &vocabulary(), portolan_query::Options::default());
    let (query, _) = parsed.into_result().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let engine = engine(folder.path());
    let found =
        runtime.block_on(async { rows_of(engine.query(&query, range).await.unwrap()).await });
    assert_eq!(found, expected, "{text}");
}

#[test]
fn addresses_are_compared_as_numbers() {
    check("filter srcAddr = '10.0.0.1' | stats count(*)", &["2"]);
    check("filter srcAddr != '10.0.0.1' | stats count(*)", &["5"]);
    check("filter srcAddr = '2001:db8::1' | fields bytes", &["700"]);
    check("filter not srcAddr = '2001:db8::1' | stats count(*)", &["6"]);
    check("filter srcAddr in ['10.0.0.2', '2001:db8::1'] | stats sum(bytes)", &["1200"]);
    check("filter srcAddr not in ['10.0.0.2', '2001:db8::1'] | stats count(*)", &["5"]);
    check("filter srcAddr in [1] | stats count(*)", &["0"]);
    check("filter srcAddr like '10.0.0.' | stats count(*)", &["4"]);
    check("filter srcAddr like /^10\\.0\\.0/ | stats count(*)", &["3"]);
    check("filter srcAddr not like '10.0.0.' | stats count(*)", &["3"]);
    check("filter isIpv4InSubnet(srcAddr, '10.0.0.0/31') | stats count(*)", &["2"]);
    check("filter not isIpv4InSubnet(srcAddr, '10.0.0.0/31') | stats count(*)", &["5"]);
    check("filter isIpInSubnet(srcAddr, '2001:db8::/32') | stats count(*)", &["1"]);
    check("filter isIpv4InSubnet(srcAddr, '2001:db8::/32') | stats count(*)", &["0"]);
    check("filter ispresent(srcAddr) | stats count(*), count(dstAddr), count(dstPort)", &["7|7|7"]);
}

#[test]
fn groups_of_any_keys() {
    check(
        "stats sum(bytes) as b by srcAddr | sort b desc",
        &["10.0.0.1|1200", "2001:db8::1|700", "10.0.0.2|500", "110.0.0.1|120", "192.0.2.7|80", "|"],
    );
    check(
        "stats count(*) as n by dstPort, protocol | sort dstPort, protocol",
        &["||1", "22|6|3", "53|17|1", "443|6|3"],
    );
    check("stats count_distinct(dstPort) as n by protocol | sort protocol", &["|0", "6|2", "17|1"]);
    check("stats count_distinct(srcAddr), count_distinct(action)", &["5|2"]);
    check(
        "stats min(bytes), max(bytes), avg(bytes) by action | sort action",
        &["|||", "ACCEPT|200|1000|600", "REJECT|40|120|66.66666666666667"],
    );
    check(
        "stats pct(bytes, 50) as p50, pct(bytes, 90) as p90 by action | sort action",
        &["||", "ACCEPT|500|1000", "REJECT|40|120"],
    );
    check("filter bytes > 5000 | stats count(*), sum(bytes), pct(bytes, 50)", &["0||"]);
    check("filter bytes > 5000 | stats count(*) by action", &[]);
    check(
        "stats sum(bytes)/count(*) as mean by protocol = 6 as tcp | sort tcp",
        &["|", "0|200", "1|400"],
    );
    check("stats count(*) as n by dstPort | stats max(n), count(*)", &["3|4"]);
}

/// Checks which groups are said to be wanted.
#[track_caller]
fn check_wanted(text: &str, expected: Option<&str>) {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let parsed = portolan_query::parse(text, &vocabulary(), portolan_query::Options::default());
    let (query, _) = parsed.into_result().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let plan = runtime.block_on(async {
        let mut answer = engine.query(&query, Range::ALL).await.unwrap();
        answer.all().await.unwrap();
        answer.explain()
    });
    let group = plan.lines().find(|line| line.contains("GroupExec")).expect(&plan);
    let found = group.find("top ").map(|at| group[at..].split(", metrics").next().unwrap());
    assert_eq!(found, expected, "{plan}");
}

#[test]
fn only_groups_that_can_be_wanted_are_given_out() {
    let of_ports = "stats sum(bytes) as b, count(*) as c, pct(bytes, 50) as p by dstPort";
    let check = |rest: &str, expected| check_wanted(&format!("{of_ports} {rest}"), expected);
    check("| sort b desc | limit 2", Some("top 2 by a0"));
    check("| sort c desc, b | limit 3", Some("top 3 by a1"));
    // The least, keys, percentiles, and what is filtered after grouping may be any group's.
    check("| sort b asc | limit 2", None);
    check("| sort dstPort desc | limit 2", None);
    check("| sort p desc | limit 2", None);
    check("| filter c > 1 | sort b desc | limit 2", None);
}

#[test]
fn aggregates_of_ours() {
    check("stats values(action), values(dstPort)", &["[\"ACCEPT\",\"REJECT\"]|[22,53,443]"]);
    check("stats topk(2, dstPort)", &["[22,443]"]);
    check("stats earliest(dstPort), latest(dstPort), earliest(srcAddr)", &["443|22|10.0.0.1"]);
    check("stats max(srcAddr), min(action)", &["2001:db8::1|ACCEPT"]);
    check("stats sortsFirst(srcAddr), sortsLast(dstPort)", &["10.0.0.1|443"]);
    check("stats rate(bytes, 1h)", &["-587.7551020408164"]);
    check("stats histogram(dstPort, 2)", &["{\"22-232.5\":4,\"232.5-443\":3}"]);
    check(
        "stats round(stddev(packets), 3) as d, round(variance(packets), 3) as v by protocol | sort protocol",
        &["||", "6|3.253|10.583", "17|0|0"],
    );
}

#[test]
fn time_is_the_start() {
    check("stats count(*) by bin(1h)", &["2026-01-01 00:00:00.000|4", "2026-01-01 01:00:00.000|4"]);
    check("stats count(*) by bin(1d) as day", &["2026-01-01 00:00:00.000|8"]);
    check(
        "stats count(*) by bin(1mo) as month, bin(1w) as week",
        &["2026-01-01 00:00:00.000|2025-12-29 00:00:00.000|8"],
    );
    check("filter @timestamp >= '2026-01-01 01:20:00' | stats count(*)", &["2"]);
    check("filter startTime < 1767229200 | stats count(*)", &["4"]);
    check(
        "filter @timestamp = 1767225610000 | fields @timestamp, toMillis(@timestamp)",
        &["2026-01-01 00:00:10.000|1767225610000"],
    );
    check("fields queryStartTime() < 0 as a, now() as b | limit 1", &["1|1767312000"]);
    let hour = Range { from: MIDNIGHT * 1000 + 20_000, to: (MIDNIGHT + 300) * 1000 };
    check_within("stats count(*)", hour, &["2"]);
    check_within(
        "fields @timestamp | sort @timestamp",
        hour,
        &["2026-01-01 00:00:20.000", "2026-01-01 00:01:00.000"],
    );
}

#[test]
fn newest_first_without_being_asked() {
    check("fields srcAddr, bytes | limit 3", &["110.0.0.1|120", "192.0.2.7|40", "2001:db8::1|700"]);
    check("filter dstPort = 443 | fields srcAddr | limit 2", &["2001:db8::1", "10.0.0.2"]);
    check("fields dstPort | dedup dstPort", &["22", "443", "53", ""]);
    check("fields dstPort | dedup dstPort | limit 2", &["22", "443"]);
    check(
        "fields dstPort | sort @timestamp asc | dedup dstPort, protocol | limit 3",
        &["443", "22", ""],
    );
    check("fields srcAddr | sort srcAddr desc | limit 2", &["2001:db8::1", "192.0.2.7"]);
    check("fields bytes | sort bytes | limit 2", &["", "40"]);
    check("stats count(*) as n by dstPort | sort n desc, dstPort | tail 2", &["|1", "53|1"]);
}

#[test]
fn what_is_missing_stays_missing() {
    check("filter bytes != 40 | stats count(*)", &["5"]);
    check("filter not (bytes = 40) | stats count(*)", &["5"]);
    check(
        "fields bytes + 1 as x, bytes / 0 as y, -packets as z | sort bytes desc | limit 1",
        &["1001||-10"],
    );
    check("fields 9223372036854775807 + bytes as x | sort bytes | limit 2", &["", ""]);
    check("fields noSuchField as x | filter ispresent(x) | stats count(*)", &["0"]);
    check(
        "fields coalesce(srcAddr, 'none') as a | sort @timestamp | limit 4 | filter a = 'none'",
        &["none"],
    );
    check(
        "fields if(bytes > 500, 'big', 'small') as size | stats count(*) as n by size | sort n",
        &["big|2", "small|6"],
    );
}

#[test]
fn lines_are_put_together_again() {
    check(
        "fields @message | sort @timestamp | limit 1",
        &["10.0.0.1 10.0.1.9 443 6 10 1000 1767225610 ACCEPT OK"],
    );
    check("filter logStatus = 'NODATA' | fields @message", &["- - - - - - 1767225900 - NODATA"]);
    check(
        "parse @message '* * * * * * *' as a, b, c, d, e, f, rest | filter d = 17 | display a, c + 1 as x, rest",
        &["10.0.0.1|54|1767229200 ACCEPT OK"],
    );
    check("parse action /(?<x>AC+)(?<y>Z)?/ | stats count(x), count(y)", &["4|0"]);
    check("filter @message like 'REJECT' and @message like /:db8:|192/ | stats count(*)", &["2"]);
}

#[test]
fn operators_of_ours() {
    check(
        "stats sum(bytes) as b by bin(1h) as t | accum b as total",
        &["2026-01-01 00:00:00.000|1540|1540", "2026-01-01 01:00:00.000|1060|2600"],
    );
    check(
        "fields srcAddr | lookup ports port as dstPort OUTPUT name | sort @timestamp | limit 3 | fields name",
        &["10.0.0.1|https", "10.0.0.2|https", "192.0.2.7|ssh"],
    );
    check(
        "cidrlookup nets srcAddr as cidr OUTPUT owner | stats count(*) as n by owner | sort owner",
        &["|4", "docs|1", "two|1", "us|2"],
    );
    check(
        "stats count(*) as n by dstPort | filter ispresent(dstPort) | outlier n | sort n, dstPort | fields dstPort, n",
        &["53|1", "22|3", "443|3"],
    );
    check(
        "fields dstPort | sort @timestamp | filldown dstPort | limit 4",
        &["443", "443", "22", "22"],
    );
    check(
        "stats sum(bytes) as b, sum(packets) as p by protocol | filter protocol = 17 | addtotals row=true col=true",
        &["17|200|2|219", "17|200|2|219"],
    );
    check(
        "fields bytes | sort @timestamp | autoregress bytes p=1 | limit 2",
        &["1000|", "500|1000"],
    );
    check(
        "fields jsonParse('[1,\"a\"]') as j | limit 1 | unnest j into x | fields x | sort x",
        &["[1,\"a\"]|a", "[1,\"a\"]|1"],
    );
    check("countfrequent dstPort | limit 2 | sort dstPort", &["22|3", "443|3"]);
}

#[test]
fn queries_within_queries() {
    check(
        "filter srcAddr in (SOURCE 'x' | filter bytes = 40 | fields srcAddr) | stats count(*)",
        &["2"],
    );
    check(
        "filter srcAddr not in (SOURCE 'x' | filter bytes = 40 | fields srcAddr) | stats count(*)",
        &["5"],
    );
}

#[test]
fn sql_sees_addresses_as_text() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let text = "SELECT srcaddr, sum(bytes) AS b FROM flows WHERE srcaddr LIKE '2001%' OR dstport = 53 \
                GROUP BY srcaddr ORDER BY b";
    let found =
        runtime.block_on(async { rows_of(engine.sql(text, Range::ALL).await.unwrap()).await });
    assert_eq!(found, ["10.0.0.1|200", "2001:db8::1|700"]);
}

#[test]
fn bytes_are_counted() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (query, _) = portolan_query::parse(
        "stats sum(bytes)",
        &vocabulary(),
        portolan_query::Options::default(),
    )
    .into_result()
    .unwrap();
    let progress = runtime.block_on(async {
        let mut answer = engine.query(&query, Range::ALL).await.unwrap();
        answer.all().await.unwrap();
        answer.progress()
    });
    assert_eq!(progress.rows(), 1);
    assert!(progress.bytes_scanned() > Some(0));
}

/// A log of as many pairs as rows, on an engine that can keep few of them.
#[test]
fn grouping_goes_on_where_memory_ends() {
    const ROWS: u32 = 200_000;
    let folder = tempfile::tempdir().unwrap();
    let numbers = |from: u32| -> ArrayRef {
        Arc::new(arrow::array::UInt32Array::from_iter_values((0..ROWS).map(|row| from + row)))
    };
    let start: ArrayRef =
        Arc::new(arrow::array::Int64Array::from(vec![MIDNIGHT; usize::try_from(ROWS).unwrap()]));
    let batch = RecordBatch::try_from_iter_with_nullable([
        ("srcaddr", numbers(1 << 24), true),
        ("dstaddr", numbers(1 << 25), true),
        ("start", start, true),
    ])
    .unwrap();
    let path = folder.path().join("0.parquet");
    let file = std::fs::File::create(&path).unwrap();
    let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
    writer.write(&batch).unwrap();
    writer.close().unwrap();
    let file = SourceFile {
        path: "0.parquet".to_owned(),
        bytes: std::fs::metadata(&path).unwrap().len(),
        rows: ROWS.into(),
        first: MIDNIGHT,
        last: MIDNIGHT,
    };
    let url = Url::parse("lake://test").unwrap();
    let source = Source {
        store: ObjectStoreUrl::parse(url.as_str()).unwrap(),
        files: Arc::new([file]),
        schema: batch.schema(),
    };
    let store = Arc::new(LocalFileSystem::new_with_prefix(folder.path()).unwrap());
    let limits = Limits { memory: 4 << 20, threads: 2 };
    let engine = Engine::new((url, store), source, &limits, 0).unwrap();
    let text = "stats count(*) as n by srcAddr, dstAddr | stats sum(n), count(*)";
    let parsed = portolan_query::parse(text, &vocabulary(), portolan_query::Options::default());
    let (query, _) = parsed.into_result().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let (found, plans) = runtime.block_on(async {
        let mut answer = engine.query(&query, Range::ALL).await.unwrap();
        let rows = answer.all().await.unwrap();
        (rows, answer.explain())
    });
    let found: Vec<String> = found[0].iter().map(ToString::to_string).collect();
    assert_eq!(found, ["200000", "200000"]);
    assert!(plans.contains("AggregateExec"), "{plans}");
}
