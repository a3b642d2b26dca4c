//! Random queries on random logs, here and in the reference evaluator, which shares nothing with us but the tree of the query.

use std::collections::BTreeMap;

use portolan_query::{Aggregate, Expression, Function, Stage};
use portolan_testkit::evaluate::{self, World, evaluate};
use portolan_testkit::query::{Menu, random};
use portolan_testkit::random::SplitMix64;

use super::*;

/// How many queries are compared; a longer search is asked for in the environment.
const QUERIES: u64 = 300;

type Rows = Vec<evaluate::Row>;

/// The columns of the made-up log: the field and its type in the lake.
const FIELDS: &[(&str, &str, DataType)] = &[
    ("accountId", "account_id", DataType::Utf8),
    ("interfaceId", "interface_id", DataType::Utf8),
    ("srcAddr", "srcaddr", DataType::UInt32),
    ("dstAddr", "dstaddr", DataType::UInt32),
    ("srcPort", "srcport", DataType::UInt16),
    ("dstPort", "dstport", DataType::UInt16),
    ("protocol", "protocol", DataType::UInt8),
    ("packets", "packets", DataType::Int64),
    ("bytes", "bytes", DataType::Int64),
    ("startTime", "start", DataType::Int64),
    ("endTime", "end", DataType::Int64),
    ("action", "action", DataType::Utf8),
    ("logStatus", "log_status", DataType::Utf8),
    ("flowDirection", "flow_direction", DataType::Utf8),
];

const HEADER: &str = "account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end action \
                      log-status flow-direction";

/// Makes a log: few different values, so that they meet, some of IPv6, some records without data.
fn log(random: &mut SplitMix64, count: u64) -> Rows {
    let mut rows: Rows = (0..count).map(|_| record(random)).collect();
    rows.sort_by_key(|row| match row.get("startTime") {
        Some(evaluate::Value::Integer(start)) => *start,
        _ => 0,
    });
    rows
}

fn record(random: &mut SplitMix64) -> evaluate::Row {
    use evaluate::Value as V;
    let mut row = evaluate::Row::new();
    let start = MIDNIGHT + i64::try_from(random.below(7200)).unwrap();
    let word = |random: &mut SplitMix64, words: &[&str]| V::text(*random.pick(words).unwrap());
    row.insert("accountId".into(), V::text("123456789010"));
    row.insert("interfaceId".into(), V::text(format!("eni-{}", random.below(5))));
    row.insert("startTime".into(), V::Integer(start));
    row.insert("endTime".into(), V::Integer(start + i64::try_from(random.below(60)).unwrap()));
    let has_data = random.chance(92);
    row.insert("logStatus".into(), V::text(if has_data { "OK" } else { "NODATA" }));
    if has_data {
        let hosts = ["10.0.0.1", "10.0.0.2", "10.0.12.9", "192.0.2.7", "2001:db8::1", "9.9.9.9"];
        row.insert("srcAddr".into(), word(random, &hosts));
        row.insert("dstAddr".into(), word(random, &hosts));
        let port = |random: &mut SplitMix64| *random.pick(&[22, 53, 443, 50_000]).unwrap();
        row.insert("srcPort".into(), V::Integer(port(random)));
        row.insert("dstPort".into(), V::Integer(port(random)));
        row.insert("protocol".into(), V::Integer(*random.pick(&[6, 17]).unwrap()));
        let packets = i64::try_from(random.below(20)).unwrap();
        row.insert("packets".into(), V::Integer(packets));
        row.insert("action".into(), word(random, &["ACCEPT", "REJECT"]));
        row.insert("flowDirection".into(), word(random, &["ingress", "egress"]));
        if random.chance(95) {
            row.insert("bytes".into(), V::Integer(packets * 100));
        }
    }
    let text = |name: &str| row.get(name).and_then(V::to_text).unwrap_or_else(|| "-".into());
    let line = FIELDS.iter().map(|(name, _, _)| text(name)).collect::<Vec<_>>().join(" ");
    row.insert("@message".into(), V::text(line));
    row.insert("@timestamp".into(), V::Time(start * 1000));
    row
}

/// Returns the records as lake files have them; a file without IPv6 has no columns for it.
fn file_of(rows: &[evaluate::Row]) -> RecordBatch {
    let mut columns: Vec<(String, ArrayRef, bool)> = Vec::new();
    for (name, in_lake, kind) in FIELDS {
        let value = |row: &evaluate::Row| match row.get(*name) {
            None => Value::Missing,
            Some(evaluate::Value::Integer(whole)) => Value::Integer(*whole),
            Some(other) => other.to_text().map_or(Value::Missing, Value::owned),
        };
        if *kind == DataType::UInt32 {
            let v6 = column(
                &DataType::FixedSizeBinary(16),
                rows.iter().map(|row| match value(row) {
                    Value::Text(text) => address(&text, true),
                    _ => Value::Missing,
                }),
            );
            let v6 = v6.unwrap();
            columns.push((
                (*in_lake).to_owned(),
                column(kind, rows.iter().map(value)).unwrap(),
                true,
            ));
            if v6.null_count() < v6.len() {
                columns.push((format!("{in_lake}6"), v6, true));
            }
            continue;
        }
        let plain = if *kind == DataType::Utf8 { DataType::Utf8 } else { DataType::Int64 };
        let array = column(&plain, rows.iter().map(value)).unwrap();
        let read = if *kind == DataType::Utf8 { reading_type(kind) } else { kind.clone() };
        columns.push(((*in_lake).to_owned(), arrow::compute::cast(&array, &read).unwrap(), true));
    }
    let layout = column(&DataType::Utf8, rows.iter().map(|_| Value::owned(HEADER.to_owned())));
    let layout = arrow::compute::cast(&layout.unwrap(), &reading_type(&DataType::Utf8)).unwrap();
    columns.push(("layout".to_owned(), layout, true));
    RecordBatch::try_from_iter_with_nullable(columns).unwrap()
}

fn engine_on(folder: &Path, rows: &Rows) -> Engine {
    let half = rows.len() / 2;
    let (first, second) = rows.split_at(half);
    let start = |row: &evaluate::Row| match row.get("startTime") {
        Some(evaluate::Value::Integer(start)) => *start,
        _ => 0,
    };
    let mut schema = Schema::empty();
    let mut files = Vec::new();
    for (name, part) in [("0.parquet", first), ("1.parquet", second)] {
        let batch = file_of(part);
        let file = std::fs::File::create(folder.join(name)).unwrap();
        let mut writer = ArrowWriter::try_new(file, batch.schema(), None).unwrap();
        writer.write(&batch).unwrap();
        writer.close().unwrap();
        schema = Schema::try_merge([schema, batch.schema().as_ref().clone()]).unwrap();
        files.push(SourceFile {
            path: name.to_owned(),
            bytes: std::fs::metadata(folder.join(name)).unwrap().len(),
            rows: part.len() as u64,
            first: part.first().map_or(0, start),
            last: part.last().map_or(0, start),
        });
    }
    let store = LocalFileSystem::new_with_prefix(folder).unwrap();
    let url = Url::parse("lake://test").unwrap();
    let source = Source {
        store: ObjectStoreUrl::parse(url.as_str()).unwrap(),
        files: files.into(),
        schema: Arc::new(schema),
    };
    let limits = Limits { memory: 256 << 20, threads: 2 };
    Engine::new((url, Arc::new(store)), source, &limits, NOW).unwrap()
}

const NOW: i64 = (MIDNIGHT + 86_400) * 1000;
const WINDOW: Range = Range { from: (MIDNIGHT + 600) * 1000, to: (MIDNIGHT + 6600) * 1000 };

/// What both answers are written as: floats to nine digits, lists and maps as JSON.
fn cell_of(value: &Value<'_>) -> String {
    match value {
        Value::Float(float) => digits(*float),
        Value::Json(text) => sorted(serde_json::from_str(text).unwrap()),
        other => other.to_string(),
    }
}

fn expected_cell(value: &evaluate::Value) -> String {
    match value {
        evaluate::Value::Decimal(float) => digits(*float),
        evaluate::Value::List(_) | evaluate::Value::Map(_) => sorted(json_of(value)),
        other => other.to_text().unwrap_or_default(),
    }
}

fn digits(float: f64) -> String {
    let rounded: f64 = format!("{float:.8e}").parse().unwrap();
    format!("{}", rounded + 0.0)
}

fn sorted(json: serde_json::Value) -> String {
    match json {
        serde_json::Value::Number(number) => digits(number.as_f64().unwrap()),
        serde_json::Value::Array(all) => {
            format!("[{}]", all.into_iter().map(sorted).collect::<Vec<_>>().join(","))
        }
        serde_json::Value::Object(map) => {
            let map: BTreeMap<_, _> =
                map.into_iter().map(|(key, value)| (key, sorted(value))).collect();
            format!("{map:?}")
        }
        other => other.to_string(),
    }
}

fn json_of(value: &evaluate::Value) -> serde_json::Value {
    match value {
        evaluate::Value::Missing => serde_json::Value::Null,
        evaluate::Value::Boolean(it) => (*it).into(),
        evaluate::Value::Integer(it) => (*it).into(),
        evaluate::Value::Decimal(it) => (*it).into(),
        evaluate::Value::List(all) => all.iter().map(json_of).collect(),
        evaluate::Value::Map(map) => {
            map.iter().map(|(key, value)| (key.clone(), json_of(value))).collect()
        }
        other => other.to_text().into(),
    }
}

type Cells = Vec<Vec<String>>;

async fn found(engine: &Engine, query: &Query) -> Result<Cells> {
    let rows = engine.query(query, WINDOW).await?.all().await?;
    Ok(rows.iter().map(|row| row.iter().map(cell_of).collect()).collect())
}

fn expected(query: &Query, rows: &Rows) -> Cells {
    let world = World { now: NOW, window: WINDOW.from..WINDOW.to, ..World::default() };
    let answer = evaluate(query, rows, &world);
    answer.rows.iter().map(|row| row.iter().map(expected_cell).collect()).collect()
}

/// Returns what rows are sorted by, row by row: rows that are equal in it are in no order.
fn keys_of(query: &Query, rows: &Cells) -> Cells {
    let last = query.stages.iter().rev().find_map(|stage| match stage {
        Stage::Sort(sort) => Some(sort),
        _ => None,
    });
    let names =
        last.into_iter().flat_map(|sort| &sort.keys).filter_map(|key| match &key.expression {
            Expression::Field { name, .. } => Some(name),
            _ => None,
        });
    let place = |name: &String| query.columns.iter().position(|column| column.name == *name);
    let places: Vec<usize> = names.filter_map(place).collect();
    // An answer that is an error has one cell.
    let key = |row: &Vec<String>, place: &usize| row.get(*place).cloned().unwrap_or_default();
    rows.iter().map(|row| places.iter().map(|place| key(row, place)).collect()).collect()
}

/// Returns whether something depends on an order of rows that is not said: not everything that is shown is sorted by.
fn leaves_order_open(query: &Query) -> bool {
    let Some(place) = query.stages.iter().rposition(|it| matches!(it, Stage::Sort(_))) else {
        return false;
    };
    let (before, after) = query.stages.split_at(place + 1);
    let depends = |stage: &Stage| match stage {
        Stage::Limit(limit) => !limit.is_default,
        Stage::Dedup(_) | Stage::Autoregress(_) | Stage::FillDown(_) | Stage::Accumulate(_) => true,
        _ => false,
    };
    let Some(Stage::Sort(sort)) = before.last() else {
        return false;
    };
    let is_key = |name: &str| {
        sort.keys.iter().any(
            |key| matches!(&key.expression, Expression::Field { name: key, .. } if key == name),
        )
    };
    let made_later = |name: &str| name == "total" || name.contains("_p");
    let open = |column: &portolan_query::Column| !is_key(&column.name) && !made_later(&column.name);
    after.iter().any(depends) && query.columns.iter().any(open)
}

/// What is left out: the time of the test itself, and lists whose order of equal values is open.
fn menu() -> Menu {
    let mut menu = Menu::all();
    menu.functions.retain(|it| !matches!(it, Function::Now));
    menu.aggregates.retain(|it| *it != Aggregate::TopK);
    menu
}

#[test]
fn random_queries_have_the_answers_of_the_reference() {
    let (count, first) = match std::env::var_os("PORTOLAN_AGREEMENT") {
        Some(asked) => {
            let asked = asked.into_string().unwrap();
            let (count, first) = asked.split_once('@').unwrap_or((&asked, "0"));
            (count.parse().unwrap(), first.parse().unwrap())
        }
        None => (QUERIES, 0),
    };
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let mut failures = Vec::new();
    for seed in first..first + count {
        let folder = tempfile::tempdir().unwrap();
        let rows = log(&mut SplitMix64::new(seed / 20), 60);
        let engine = engine_on(folder.path(), &rows);
        let (text, query) = random(seed, &menu(), &vocabulary(), &rows);
        if leaves_order_open(&query) {
            continue;
        }
        let mut expected = expected(&query, &rows);
        let mut found = match runtime.block_on(found(&engine, &query)) {
            Ok(found) => found,
            Err(error) => vec![vec![format!("error: {error}")]],
        };
        let in_order = keys_of(&query, &expected) == keys_of(&query, &found);
        expected.sort();
        found.sort();
        if in_order && expected == found {
            continue;
        }
        let kind = if expected == found { "order" } else { "rows" };
        if expected != found {
            let all = expected.clone();
            expected.retain(|row| !found.contains(row));
            found.retain(|row| !all.contains(row));
        }
        expected.truncate(6);
        found.truncate(6);
        failures.push(format!(
            "{seed} ({kind}): {text}\n  expected {expected:?}\n  found    {found:?}"
        ));
    }
    assert!(failures.is_empty(), "{} failures\n{}", failures.len(), failures.join("\n"));
}
