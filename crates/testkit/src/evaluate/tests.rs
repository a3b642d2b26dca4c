//! The examples of AWS's documentation, and what it leaves open.

use portolan_query::{Kind, KnownField, Options, Vocabulary, parse};

use super::{Answer, Row, Table, Value, World, evaluate, json};

/// Name and kind of the fields.
static FIELDS: &[(&str, Kind)] = &[
    ("@timestamp", Kind::Time),
    ("@message", Kind::Text),
    ("srcAddr", Kind::Address),
    ("dstAddr", Kind::Address),
    ("dstPort", Kind::Integer),
    ("bytes", Kind::Integer),
    ("action", Kind::Text),
    ("accountId", Kind::Text),
    ("startTime", Kind::Seconds),
];

fn vocabulary() -> Vocabulary {
    Vocabulary::new(FIELDS.iter().map(|(name, kind)| KnownField {
        name: String::from(*name),
        aliases: Vec::new(),
        kind: *kind,
        summary: String::new(),
    }))
}

/// Returns rows from lines: first the names, then values with two spaces between them, `-` for missing ones.
fn rows(text: &str) -> Vec<Row> {
    let mut lines = text
        .trim()
        .lines()
        .map(|line| line.trim().split("  ").map(str::trim).filter(|it| !it.is_empty()));
    let names: Vec<_> = lines.next().into_iter().flatten().collect();
    let value = |(name, text): (&&str, &str)| {
        let kind =
            FIELDS.iter().find(|(field, _)| field == name).map_or(Kind::Text, |(_, kind)| *kind);
        (String::from(*name), if text == "-" { Value::Missing } else { Value::of_kind(text, kind) })
    };
    lines.map(|line| names.iter().zip(line).map(value).collect()).collect()
}

fn world() -> World {
    let sources = [(
        String::from("other"),
        rows("srcAddr  owner\n10.0.0.1  ann\n10.0.0.1  bob\n10.0.0.9  eve"),
    )];
    let table = Table {
        columns: ["net", "owner"].map(String::from).to_vec(),
        rows: [("10.0.0.0/8", "corp"), ("10.0.0.0/24", "lab"), ("2001:db8::/32", "doc")]
            .map(|(net, owner)| {
                [("net", net), ("owner", owner)].map(|(key, it)| (key.into(), it.into())).into()
            })
            .to_vec(),
    };
    World {
        now: 1_690_848_000_000,
        window: 0..1_000_000_000,
        tables: [(String::from("nets"), table)].into(),
        sources: sources.into(),
    }
}

fn run(query: &str, rows: &[Row]) -> Answer {
    let parsed = parse(query, &vocabulary(), Options::default());
    assert!(!parsed.has_errors(), "{query}: {:?}", parsed.diagnostics);
    evaluate(&parsed.value, rows, &world())
}

fn shown(value: &Value) -> String {
    match value {
        Value::Missing => String::from("-"),
        Value::List(_) | Value::Map(_) => json::stringify(value),
        _ => value.to_text().unwrap_or_default(),
    }
}

/// Checks the rows that a query gives, with two spaces between values.
#[track_caller]
fn check(query: &str, input: &str, expected: &[&str]) {
    let answer = run(query, &rows(input));
    let lines: Vec<_> = answer
        .rows
        .iter()
        .map(|row| row.iter().map(shown).collect::<Vec<_>>().join("  "))
        .collect();
    assert_eq!(lines, expected, "{query}");
}

/// Checks the value of an expression in a row with some fields.
#[track_caller]
fn check_value(expression: &str, expected: &str) {
    let row = "srcAddr  dstPort  bytes  action  n  none\n10.0.0.1  443  1000  ACCEPT  12  -";
    check(&format!("fields {expression} as value"), row, &[expected]);
}

const FLOWS: &str = "
@timestamp  srcAddr   dstAddr   dstPort  bytes  action
0           10.0.0.1  10.0.0.2  443      100    ACCEPT
60000       10.0.0.1  10.0.0.3  22       50     REJECT
120000      10.0.0.2  10.0.0.3  443      -      ACCEPT
300000      10.0.0.9  10.0.0.2  53       7      -
";

#[test]
fn numbers() {
    check_value("abs(-3)", "3");
    check_value("abs(f3 - 4)", "-");
    check_value("ceil(1.2)", "2");
    check_value("floor(-1.2)", "-2");
    check_value("greatest(1, bytes, 2.5)", "1000");
    check_value("least(1, none)", "-");
    check_value("log(1)", "0");
    check_value("log(0)", "-");
    check_value("round(2.5)", "3");
    check_value("round(-2.345, 2)", "-2.35");
    check_value("round(bytes, -4)", "0");
    check_value("sqrt(16)", "4");
    check_value("sqrt(-1)", "-");
    check_value("round(haversine(36.12, -86.67, 33.94, -118.40))", "2886");
    check_value("toNumber('1.50')", "1.5");
    check_value("toInt('3000000000')", "-");
    check_value("toLong('-1.9')", "-1");
    check_value("toDouble('x')", "-");
    check_value("2 ^ 3", "8");
    check_value("10 % 3", "1");
    check_value("bytes / 1024", "0.9765625");
    check_value("bytes / 0", "-");
    check_value("9223372036854775807 + 1", "-");
    check_value("-2 ^ 2", "-4");
    check_value("n + 1", "13");
    check_value("(bytes > 5) + 1", "2");
    check_value("decToHex(255)", "0xff");
    check_value("decToHex(-255.7)", "-0xff");
    check_value("hexToDec('0xff')", "255");
    check_value("hexToDec('ffffffffffffffffff')", "-");
}

#[test]
fn texts() {
    check_value("concat(action, '-', none, dstPort)", "ACCEPT-443");
    check_value("ltrim('xyZxyfooxyZ', 'xyZ')", "fooxyZ");
    check_value("rtrim('xyZfooxyxyZ', 'xyZ')", "xyZfoo");
    check_value("trim('xyZxyfooxyxyZ', 'xyZ')", "foo");
    check_value("strlen('größe')", "5");
    check_value("messageSize('größe')", "7");
    check_value("substr('xyZfooxyZ', 3, 3)", "foo");
    check_value("substr('größe', 2)", "öße");
    check_value("replace('a_b_c', '_', '-')", "a-b-c");
    check_value("regexReplace('10.0.0.1', /(\\d+)\\.(\\d+)$/, '$2-$1')", "10.0.1-0");
    check_value("strcontains(action, 'CEP')", "1");
    check_value("strcontains(action, 'cep')", "0");
    check_value("strcontains(action, 'cep', true)", "1");
    check_value("startsWith(none, 'a')", "-");
    check_value("endsWith(action, 'T')", "1");
    check_value("toupper('ß') ", "SS");
    check_value("urlencode('a b/ü')", "a%20b%2F%C3%BC");
    check_value("urldecode('a+b%2F%C3%BC%zz')", "a b/ü%zz");
    check_value("urldecode('%FF')", "-");
    check_value("base64encode('größe')", "Z3LDtsOfZQ==");
    check_value("base64decode('Z3LDtsOfZQ==')", "größe");
    check_value("base64decode('Z3LDtsOfZQ')", "-");
    check_value("hexToAscii('48656c6c6f')", "Hello");
    check_value("hexToAscii('486')", "-");
    check_value("split('a,b,,c', ',')", r#"["a","b","","c"]"#);
    check_value("md5('abc')", "900150983cd24fb0d6963f7d28e17f72");
    check_value("toupper(jsonParse('[1]'))", "-");
    check_value("isempty(none) + isempty('') + isempty(' ')", "2");
    check_value("isblank(none) + isblank(' ') + isblank('x')", "2");
}

#[test]
fn general_and_json() {
    check_value("coalesce(none, f, action)", "ACCEPT");
    check_value("case(bytes > 5000, 'large', bytes > 500, 'middle', 'small')", "middle");
    check_value("case(bytes > 5000, 'large', none = 1, 'none')", "-");
    check_value("if(none > 1, 'yes', 'no')", "no");
    check_value("isNumeric(n) + isNumeric(action) + isNumeric(none)", "1");
    check_value("ispresent(none)", "0");
    check_value(
        "jsonParse('{\"b\":[1,{\"c d\":\"x\"}],\"a\":null}')",
        r#"{"a":null,"b":[1,{"c d":"x"}]}"#,
    );
    check(
        "fields jsonParse(@message) as m | display m.b[1].`c d`, m.b.0, m.nope, m.b[7]",
        "@message\n{\"b\":[1,{\"c d\":\"x\"}]}",
        &["x  1  -  -"],
    );
    check_value("jsonParse('3')", "-");
    check_value("jsonArraySize('[1,2,3]')", "3");
    check_value("jsonArrayContains('[\"admin\", 7]', 'admin')", "1");
    check_value("jsonArrayContains('[\"admin\", 7]', 7)", "1");
    check_value("jsonArrayContains('admin', 'admin')", "0");
    check_value("now()", "1690848000");
    check_value("queryTimeRange()", "1000000000");
}

#[test]
fn addresses() {
    check_value("isValidIp(srcAddr) + isValidIpV4(srcAddr) + isValidIpV6(srcAddr)", "2");
    check_value("isIpv4InSubnet(srcAddr, '10.0.0.0/24')", "1");
    check_value("isIpv4InSubnet(srcAddr, '10.0.0.77/24')", "1");
    check_value("isIpInSubnet('2001:db8::1', '2001:db8::/32')", "1");
    check_value("isIpv4InSubnet('2001:db8::1', '2001:db8::/32')", "0");
    check_value("isIpInSubnet(srcAddr, '0.0.0.0/0')", "1");
    check_value("isIpInSubnet(srcAddr, '10.0.0.0/33')", "0");
    check_value("isIpInSubnet(none, '10.0.0.0/8')", "-");
    check_value("ipv4ToNumber(srcAddr)", "167772161");
    check_value("ipv4ToNumber('::1')", "-");
    check_value("isPrivateIP(srcAddr) + isPublicIP(srcAddr) + isReservedIP(srcAddr)", "1");
    check_value("isPublicIP('8.8.8.8')", "1");
    check_value("isReservedIP('198.18.0.1') + isReservedIP('::1') + isReservedIP('8.8.8.8')", "2");
}

#[test]
fn times() {
    check_value("datefloor('2022-01-14T13:18:31-08:00', 1h)", "2022-01-14 21:00:00.000");
    check_value("dateceil('2022-01-14T13:18:31-08:00', 1h)", "2022-01-14 22:00:00.000");
    check_value("toMillis(fromMillis(1642195111000))", "1642195111000");
    check_value("parseDate('2023-08-01', 'yyyy-MM-dd', 'UTC')", "1690848000000");
    check_value("strftime(fromMillis(1690848000000), '%Y-%m-%d', 'UTC')", "2023-08-01");
    check("fields bin(1h)", "@timestamp\n3600001", &["1970-01-01 01:00:00.000"]);
    check("fields datefloor(startTime, 1m)", "startTime\n61", &["1970-01-01 00:01:00.000"]);
    check("filter @timestamp >= '1970-01-01T00:02:00' | fields bytes", FLOWS, &["7", "-"]);
}

#[test]
fn conditions_have_three_values() {
    check("filter bytes > 10 | fields bytes", FLOWS, &["50", "100"]);
    check("filter not bytes > 10 | fields bytes", FLOWS, &["7"]);
    check("filter bytes != 50 | fields bytes", FLOWS, &["7", "100"]);
    check("filter bytes > 10 or action = 'ACCEPT' | fields bytes", FLOWS, &["-", "50", "100"]);
    check("filter action not like 'REJ' | fields bytes", FLOWS, &["-", "100"]);
    check("filter action not in ['REJECT'] | fields bytes", FLOWS, &["-", "100"]);
    check("filter !ispresent(action) | fields bytes", FLOWS, &["7"]);
    check("filter dstPort = '443' and dstPort in [443, 'x'] | fields bytes", FLOWS, &["-", "100"]);
    check("filter dstPort = 'https' | fields bytes", FLOWS, &[]);
    check("filter dstPort != 'https' and dstPort < '54' | fields dstPort", FLOWS, &["53", "22"]);
    check("filter srcAddr like /^10\\.0\\.0\\.[12]$/ | stats count(*)", FLOWS, &["3"]);
    check(
        "filter accountId = 123456789012 | fields accountId",
        "accountId\n123456789012\n0123456789012",
        &["123456789012", "0123456789012"],
    );
    check(
        "filter accountId = '123456789012' | fields accountId",
        "accountId\n123456789012\n0123456789012",
        &["123456789012"],
    );
}

#[test]
fn aggregates() {
    check(
        "stats count(*), count(bytes), count_distinct(dstPort), sum(bytes), avg(bytes), min(bytes), max(action)",
        FLOWS,
        &["4  3  3  157  52.333333333333336  7  REJECT"],
    );
    check(
        "stats sum(bytes) as total by srcAddr | sort total desc",
        FLOWS,
        &["10.0.0.1  150", "10.0.0.9  7", "10.0.0.2  -"],
    );
    check("stats count(*) by action", FLOWS, &["-  1", "ACCEPT  2", "REJECT  1"]);
    check(
        "stats pct(bytes, 50), pct(bytes, 0), pct(bytes, 100), variance(bytes), stddev(dstPort)",
        "bytes  dstPort\n1  2\n3  4",
        &["1  1  3  1  1"],
    );
    check("stats values(dstPort)", FLOWS, &["[22,53,443]"]);
    check("stats topk(2, dstPort)", FLOWS, &["[443,22]"]);
    check(
        "stats earliest(bytes), latest(bytes), sortsFirst(action), sortsLast(dstPort)",
        FLOWS,
        &["100  7  ACCEPT  443"],
    );
    check("stats rate(bytes, 1m)", FLOWS, &["-18.6"]);
    check("stats histogram(bytes, 2)", FLOWS, &[r#"{"53.5-100":1,"7-53.5":2}"#]);
    check(
        "stats countOverTime(bytes), sumOverTime(bytes) by bin(5m)",
        FLOWS,
        &["1970-01-01 00:00:00.000  2  150", "1970-01-01 00:05:00.000  1  7"],
    );
    check("stats sum(bytes) / count(*) as mean, mean * 2 as twice", FLOWS, &["39.25  78.5"]);
    check(
        "stats count(*) by bin(5m) offset 1h",
        FLOWS,
        &["1970-01-01 01:00:00.000  3", "1970-01-01 01:05:00.000  1"],
    );
    check("stats sum(bytes)", "bytes", &["-"]);
    check("stats count(*) by action", "bytes", &[]);
    check("stats sum(bytes) as b by srcAddr | stats max(b), count(*)", FLOWS, &["150  3"]);
    check("stats sum(strcontains(action, 'ACC')), sum(action = 'REJECT')", FLOWS, &["2  1"]);
}

#[test]
fn rows_are_chosen_and_ordered() {
    check("fields dstPort | limit 2", FLOWS, &["53", "443"]);
    check(
        "sort dstPort asc, bytes desc | fields dstPort, bytes",
        FLOWS,
        &["22  50", "53  7", "443  100", "443  -"],
    );
    check("sort bytes asc | fields bytes | tail 2", FLOWS, &["50", "100"]);
    check(
        "fields srcAddr, bytes | dedup srcAddr",
        FLOWS,
        &["10.0.0.9  7", "10.0.0.2  -", "10.0.0.1  50"],
    );
    check(
        "fields bytes, action | sort @timestamp asc | dedup action",
        FLOWS,
        &["100  ACCEPT", "50  REJECT", "7  -"],
    );
    check("fields bytes | dedup f", FLOWS, &["7", "-", "50", "100"]);
    check("countFrequent action", FLOWS, &["ACCEPT  2", "-  1", "REJECT  1"]);
}

#[test]
fn parts_of_texts() {
    let message = "@message\nuser=ann, method:GET, latency := 5 ms\nnothing";
    check(
        "parse @message \"user=*, method:*, latency := *\" as @user, @method, @latency | fields @user, @latency",
        message,
        &["ann  5 ms  GET", "-  -  -"],
    );
    check(
        "parse @message /method:(?<m>\\w+)(?<no>x)?/ | display m, no",
        message,
        &["GET  -", "-  -"],
    );
    check("parse @message \"*=*,\" as a, b | display a, b", message, &["user  ann", "-  -"]);
    let documented = "@message\n{'fieldsA': 'logs', 'fieldsB': [{'fA': 'a1'}, {'fA': 'a2'}]}";
    check(
        "parse @message \"'fieldsA': '*', 'fieldsB': ['*']\" as fld, array | display fld",
        documented,
        &["-"],
    );
}

#[test]
fn lists() {
    let message = r#"@message
{"events":[{"name":"exception"},{"name":"user action"}]}
{"events":7}"#;
    let query =
        "fields jsonParse(@message) as m | unnest m.events into event | display event.name, event";
    check(
        query,
        message,
        &[r#"exception  {"name":"exception"}"#, r#"user action  {"name":"user action"}"#, "-  7"],
    );
    let items = "items  host\n[\"apple\",\"banana\"]  web-01\n[]  web-02\nx  web-03";
    check(
        "expand items | display items, host",
        items,
        &["apple  web-01", "banana  web-01", "x  web-03"],
    );
}

#[test]
fn values_from_elsewhere() {
    check(
        "cidrlookup nets srcAddr OUTPUT owner | display srcAddr, owner",
        "srcAddr\n10.0.0.1\n10.1.0.1\n8.8.8.8\n2001:db8::5",
        &["10.0.0.1  lab", "10.1.0.1  corp", "8.8.8.8  -", "2001:db8::5  doc"],
    );
    check(
        "lookup nets owner as who OUTPUT net as prefix | display prefix",
        "who\ncorp\nnobody",
        &["10.0.0.0/8", "-"],
    );
    check(
        "cidrlookup nets srcAddr as net OUTPUTNEW owner | display owner",
        "srcAddr  owner\n10.0.0.1  me\n10.0.0.2  -",
        &["me", "lab"],
    );
    let joined = "join left=a right=b where a.srcAddr = b.srcAddr (SOURCE 'other') | sort b.owner asc | fields a.bytes, b.owner";
    check(joined, FLOWS, &["100  ann", "50  ann", "100  bob", "50  bob", "7  eve"]);
    let left = "join type=left left=a right=b where a.srcAddr = b.srcAddr (SOURCE 'other') | stats count(*), count(b.owner)";
    check(left, FLOWS, &["6  5"]);
    check(
        "filter srcAddr in (SOURCE 'other' | filter owner = 'bob' | fields srcAddr) | stats count(*)",
        FLOWS,
        &["2"],
    );
    check(
        "stats sum(bytes) as b by srcAddr | appendcols ( SOURCE 'other' | stats count(*) as n by srcAddr )",
        FLOWS,
        &["10.0.0.1  150  2", "10.0.0.2  -  1", "10.0.0.9  7  -"],
    );
}

#[test]
fn sequences() {
    check(
        "fields bytes | sort @timestamp asc | autoregress bytes p=1-2 | accum bytes as sum",
        FLOWS,
        &["100  -  -  100", "50  100  -  150", "-  50  100  -", "7  -  50  157"],
    );
    check("sort @timestamp asc | filldown by* | fields bytes", FLOWS, &["100", "50", "50", "7"]);
    check(
        "fields bytes, dstPort | sort @timestamp asc | addtotals col=true bytes, dstPort",
        FLOWS,
        &["100  443  543", "50  22  72", "-  443  443", "7  53  60", "157  961  1118"],
    );
    check(
        "stats sum(bytes) as b by bin(2m) as t | fillmissing with 0 for b | sort t asc",
        FLOWS,
        &[
            "1970-01-01 00:00:00.000  150",
            "1970-01-01 00:02:00.000  -",
            "1970-01-01 00:04:00.000  7",
        ],
    );
    check(
        "stats sum(bytes) as b by bin(1m) as t | fillmissing with 0 for b | stats count(*), count(b)",
        FLOWS,
        &["6  5"],
    );
    check(
        "sort @timestamp asc | sessionize srcAddr maxspan 59s as s | fields s",
        FLOWS,
        &["10.0.0.1-1", "10.0.0.1-2", "10.0.0.2-1", "10.0.0.9-1"],
    );
    check("sessionize srcAddr maxspan 1m | stats count_distinct(session_id)", FLOWS, &["3"]);
    let cpu = "cpu\n1\n2\n2\n3\n100";
    check("outlier cpu | display cpu", cpu, &["1", "2", "2", "3", "5.5"]);
    check(
        "outlier action=remove param=1.0 uselower=true mark=true cpu | display cpu, cpu_outlier",
        cpu,
        &["1  0", "2  0", "2  0", "3  0"],
    );
}

#[test]
fn patterns_and_comparisons() {
    let message = "@timestamp  @message\n1  [INFO] Request time: 327 ms\n2  [INFO] Request time: 12 ms\n3  [ERROR] gone";
    check(
        "pattern @message",
        message,
        &[
            "[INFO] Request time: <Number-1> ms  0.6666666666666666  2  Info",
            "[ERROR] gone  0.3333333333333333  1  Error",
        ],
    );
    check(
        "pattern @message | anomaly | display @sampleCount, @anomaly",
        message,
        &["2  0", "1  0"],
    );
    let two = "@timestamp  @message\n-100  a 1\n-50  b\n5  a 2\n6  a 3\n7  c";
    check(
        "pattern @message | diff | display @pattern, @sampleCount, @previousSampleCount, @diffCount, @diffDescription",
        two,
        &["a <Number-1>  2  1  1  more", "b  0  1  -1  gone", "c  1  0  1  new"],
    );
    check(
        "logcompare timeshift 12d | stats count(*) by @window",
        "@timestamp  @message\n-100000000  a\n5  b\n6  c",
        &["baseline  1", "current  2"],
    );
    check(
        "relevantfields action, dstPort where bytes > 60 | display @fieldName, @relevanceScore, @topRelevanceContributors, @conditionalMedian",
        FLOWS,
        &[
            "dstPort  0.6666666666666666  -  443",
            "action  0.5  ACCEPT (50% -> 100%), REJECT (50% -> 0%)  -",
        ],
    );
}
