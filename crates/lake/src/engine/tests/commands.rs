//! The commands that compare, join and fill, with answers that were worked out by hand.

use super::*;

/// The second hour of the log.
const SECOND_HOUR: Range = Range { from: (MIDNIGHT + 3600) * 1000, to: (MIDNIGHT + 7200) * 1000 };

#[test]
fn a_join_puts_equal_keys_beside_each_other() {
    let join = |before: &str, kind: &str, source: &str, after: &str| {
        format!(
            "{before} | join {kind} left=a right=b where a.srcAddr = b.srcAddr ({source}) | {after}"
        )
    };
    let shown = "fields a.srcAddr, a.bytes, b.bytes | sort b.bytes asc";
    check(
        &join("filter dstPort = 53", "", "SOURCE 'x'", shown),
        &["10.0.0.1|200|200", "10.0.0.1|200|1000"],
    );
    let gaps = "filter protocol = 17 or logStatus = 'NODATA'";
    let shown = "fields srcAddr, b.bytes | sort a.srcAddr asc, b.bytes asc";
    check(&join(gaps, "type=left", "SOURCE 'x'", shown), &["|", "10.0.0.1|200", "10.0.0.1|1000"]);
    check(&join(gaps, "type=inner", "SOURCE 'x'", shown), &["10.0.0.1|200", "10.0.0.1|1000"]);
    let sums = "stats sum(b.bytes) as s, count(*) as n by a.dstPort | sort n asc, s asc";
    check(
        &join("filter ispresent(bytes)", "", "SOURCE 'x'", sums),
        &["53|1200|2", "443|2400|4", "22|280|5"],
    );
    // The other side has a time range of its own.
    check(
        &join("filter dstPort = 53", "", "SOURCE 'x' start=1767229200", "fields b.bytes"),
        &["200"],
    );
}

#[test]
fn columns_of_another_query_are_put_beside_by_position() {
    let by_action = "stats count(*) as n by action | sort action asc";
    let check = |main: &str, append: &str, expected: &[&str]| {
        check(&format!("{main} | appendcols {append}"), expected);
    };
    check(
        by_action,
        "(SOURCE 'x' | stats sum(bytes) as b by action | sort action asc)",
        &["|1|", "ACCEPT|4|2400", "REJECT|3|200"],
    );
    let largest = "(SOURCE 'x' | stats max(bytes) as n by protocol | sort protocol asc)";
    check(
        by_action,
        &format!("override=true {largest}"),
        &["||", "ACCEPT|6|1000", "REJECT|17|200"],
    );
    check(by_action, largest, &["|1|", "ACCEPT|4|6", "REJECT|3|17"]);
    check(by_action, &format!("max=2 {largest}"), &["|1|", "ACCEPT|4|6", "REJECT|3|"]);
    // What is missing is filled.
    check(
        "stats sum(bytes) as b by action | sort action asc",
        "(SOURCE 'x' | stats count(*) as b)",
        &["|8", "ACCEPT|2400", "REJECT|200"],
    );
}

#[test]
fn an_earlier_time_is_put_beside_this_one() {
    check_within(
        "logcompare timeshift 1h | fields @timestamp, @window, bytes | sort @timestamp asc",
        SECOND_HOUR,
        &[
            "2026-01-01 01:00:00.000|current|200",
            "2026-01-01 01:00:10.000|baseline|1000",
            "2026-01-01 01:00:20.000|baseline|500",
            "2026-01-01 01:01:00.000|baseline|40",
            "2026-01-01 01:05:00.000|baseline|",
            "2026-01-01 01:10:00.000|current|700",
            "2026-01-01 01:20:00.000|current|40",
            "2026-01-01 01:30:00.000|current|120",
        ],
    );
    check_within(
        "filter action = 'ACCEPT' | logcompare timeshift 1h | stats sum(bytes) as b by @window",
        SECOND_HOUR,
        &["baseline|1500", "current|900"],
    );
    // The source says the time range.
    check(
        "SOURCE 'x' start=1767229200 end=1767232800 | logcompare timeshift 1h | stats count(*) as n by @window",
        &["baseline|4", "current|4"],
    );
}

#[test]
fn texts_of_one_pattern_are_counted_together() {
    check(
        "filter ispresent(action) | fields concat(action, ' port ', dstPort) as t | pattern t",
        &[
            "ACCEPT port <Number-1>|0.5714285714285714|4|",
            "REJECT port <Number-1>|0.42857142857142855|3|",
        ],
    );
    check(
        "fields concat('failed: ', srcAddr) as t | filter bytes = 700 | pattern t",
        &["failed: <IPv6-1>|1|1|Error"],
    );
}

#[test]
fn patterns_are_compared_with_the_time_before() {
    check_within(
        "pattern action | diff",
        SECOND_HOUR,
        &["REJECT|0.5|2||1|1|more", "ACCEPT|0.5|2||2|0|same"],
    );
    let kinds = "fields if(dstPort = 53, 'dns', if(bytes = 500, 'half', 'x')) as t | pattern t";
    let expected = ["dns|0.25|1||0|1|new", "half|0|0||1|-1|gone", "x|0.75|3||3|0|same"];
    check_within(&format!("{kinds} | diff"), SECOND_HOUR, &expected);
    let gone = ["x|0.75|3||0|3|new", "dns|0.25|1||0|1|new"];
    check_within(&format!("{kinds} | diff previousDay"), SECOND_HOUR, &gone);
    check_within(
        &format!("{kinds} | diff | anomaly | fields @pattern, @anomaly"),
        SECOND_HOUR,
        &["dns|1", "half|0", "x|0"],
    );
}

#[test]
fn unusual_counts_stand_out() {
    let shown = "anomaly | fields @pattern, @anomaly, round(@anomalyScore, 4) as score";
    // Both are as far from the median as the median distance.
    check(&format!("pattern action | {shown}"), &["ACCEPT|0|0.6745", "REJECT|0|0.6745"]);
    // Three, three and two: the median distance is none, the mean distance a third of that of the last.
    let kinds = "fields if(dstPort = 443, 'a', if(dstPort = 22, 'b', 'c')) as t";
    check(&format!("{kinds} | pattern t | {shown}"), &["a|0|0", "b|0|0", "c|0|2.3937"]);
}

#[test]
fn sessions_end_with_a_pause() {
    check(
        "sessionize srcAddr | fields srcAddr | sort @timestamp asc",
        &[
            "10.0.0.1|10.0.0.1-1",
            "10.0.0.2|10.0.0.2-1",
            "192.0.2.7|192.0.2.7-1",
            "|-1",
            "10.0.0.1|10.0.0.1-2",
            "2001:db8::1|2001:db8::1-1",
            "192.0.2.7|192.0.2.7-2",
            "110.0.0.1|110.0.0.1-1",
        ],
    );
    let sessions = |gap: &str| {
        format!(
            "filter dstPort = 22 | sessionize srcAddr, dstPort maxspan {gap} as s \
             | stats count(*) as n by s | sort s asc"
        )
    };
    check(&sessions("78m"), &["110.0.0.1-22-1|1", "192.0.2.7-22-1|1", "192.0.2.7-22-2|1"]);
    // A pause as long as allowed is none.
    check(&sessions("79m"), &["110.0.0.1-22-1|1", "192.0.2.7-22-1|2"]);
}

#[test]
fn telling_fields_come_first() {
    check(
        "relevantfields dstPort, action, bytes, interfaceId where protocol = 17",
        &[
            "action|0.5|ACCEPT (50% -> 100%), REJECT (50% -> 0%)||",
            "bytes|0.5||200|310",
            "dstPort|0.5||53|232.5",
            "interfaceId|0|||",
        ],
    );
    check(
        "relevantfields packets, protocol where action = 'REJECT'",
        &["packets|0.75||1|6", "protocol|0.25||6|6"],
    );
}

#[test]
fn periods_without_rows_are_filled() {
    let check = |fill: &str, expected: [&str; 4]| {
        let times = ["00:00", "00:30", "01:00", "01:30"];
        let expected: Vec<String> = times
            .iter()
            .zip(expected)
            .map(|(time, value)| format!("2026-01-01 {time}:00.000|{value}"))
            .collect();
        let expected: Vec<&str> = expected.iter().map(String::as_str).collect();
        let query =
            format!("stats count(*) as n by bin(30m) as t | fillmissing {fill} | sort t asc");
        check(&query, &expected);
    };
    check("with 0 for n", ["4", "0", "3", "1"]);
    check("", ["4", "", "3", "1"]);
    check("with 'none' for n", ["4", "none", "3", "1"]);
    check("with 0.5 for n", ["4", "0.5", "3", "1"]);
    super::check(
        "filter dstPort = 22 | stats sum(bytes) as b by bin(45m) as t, srcAddr \
         | fillmissing with -1 for b | sort t asc, srcAddr asc",
        &[
            "2026-01-01 00:00:00.000|110.0.0.1|-1",
            "2026-01-01 00:00:00.000|192.0.2.7|40",
            "2026-01-01 00:45:00.000|110.0.0.1|-1",
            "2026-01-01 00:45:00.000|192.0.2.7|40",
            "2026-01-01 01:30:00.000|110.0.0.1|120",
            "2026-01-01 01:30:00.000|192.0.2.7|-1",
        ],
    );
}

#[test]
fn progress_ends_where_the_files_do() {
    let folder = tempfile::tempdir().unwrap();
    let engine = engine(folder.path());
    let text = "stats sum(bytes) by srcAddr";
    let parsed = portolan_query::parse(text, &vocabulary(), portolan_query::Options::default());
    let (query, _) = parsed.into_result().unwrap();
    let runtime = tokio::runtime::Runtime::new().unwrap();
    let check = |range: Range, files: &[&str]| {
        let progress = runtime.block_on(async {
            let mut answer = engine.query(&query, range).await.unwrap();
            answer.all().await.unwrap();
            answer.progress()
        });
        let size = |name: &&str| std::fs::metadata(folder.path().join(name)).unwrap().len();
        let bytes: u64 = files.iter().map(size).sum();
        assert_eq!((progress.bytes_done(), progress.bytes_total()), (bytes, bytes), "{files:?}");
    };
    check(Range::ALL, &["0.parquet", "1.parquet"]);
    check(SECOND_HOUR, &["1.parquet"]);
}
