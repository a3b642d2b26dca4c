//! What holds for any text.

use portolan_query::{Options, Query, Severity, complete, format, parse};
use proptest::prelude::*;
use proptest::sample::select;

use crate::vocabulary::flows;

/// Pieces of queries, put together without sense.
fn soup() -> impl Strategy<Value = String> {
    static PIECES: &[&str] = &[
        "|",
        "fields",
        "filter",
        "stats",
        "sort",
        "parse",
        "limit",
        "by",
        "as",
        "in",
        "not",
        "like",
        "(",
        ")",
        "[",
        "]",
        ",",
        ".",
        "*",
        "/",
        "/a|b/",
        "'x'",
        "\"",
        "`a b`",
        "bytes",
        "source ip",
        "@timestamp",
        "5m",
        "5",
        "1.5e3",
        "-",
        "!",
        "=",
        "!=",
        "=~",
        "^",
        "count",
        "count(*)",
        "sum(bytes)",
        "bin(5m)",
        "case(",
        "SOURCE",
        "join",
        "# c\n",
        "dedup",
        "lookup t a OUTPUT b",
        "é",
        "\u{0}",
        "and",
        "or",
        "where",
        "fillmissing with",
        "pattern",
        "diff",
    ];
    let piece = prop_oneof![4 => select(PIECES).prop_map(String::from), 1 => "\\PC{0,4}"];
    prop::collection::vec(piece, 0..24).prop_map(|pieces| pieces.join(" "))
}

/// Expressions that are valid.
fn expression() -> impl Strategy<Value = String> {
    static LEAVES: &[&str] = &[
        "bytes",
        "srcPort",
        "action",
        "1",
        "2.5",
        "'it''s'",
        "\"a\\\"b\"",
        "a.b[0].c",
        "`x-y`",
        "now()",
        "source ip",
    ];
    let leaf = select(LEAVES).prop_map(|it| it.replace("''", "\\'"));
    leaf.prop_recursive(4, 24, 3, |inner| {
        let sign = select(&["+", "-", "*", "/", "%", "^"][..]);
        let comparator = select(&["=", "==", "!=", "<>", "<", "<=", ">", ">="][..]);
        prop_oneof![
            (inner.clone(), sign, inner.clone()).prop_map(|(a, sign, b)| format!("{a} {sign} {b}")),
            (inner.clone(), comparator, inner.clone())
                .prop_map(|(a, sign, b)| format!("({a} {sign} {b})")),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| format!("(({a}) = 1 and not ({b}) = 2)")),
            (inner.clone(), inner.clone())
                .prop_map(|(a, b)| format!("(({a}) > 1 or ({b}) > 2 or !isempty({b}))")),
            inner.clone().prop_map(|it| format!("-{it}")),
            inner.clone().prop_map(|it| format!("({it})")),
            inner.clone().prop_map(|it| format!("coalesce({it}, {it})")),
            inner.clone().prop_map(|it| format!("({it} not in [1, -2, 'x'])")),
            inner.clone().prop_map(|it| format!("({it} like /a\\/|b/)")),
            inner.prop_map(|it| format!("datefloor({it}, 5 mins)")),
        ]
    })
}

/// Queries that are mostly valid.
fn query() -> impl Strategy<Value = String> {
    let command = prop_oneof![
        expression().prop_map(|it| format!("filter ({it}) = 1")),
        expression().prop_map(|it| format!("FIELDS {it} AS x, bytes # why\n")),
        expression().prop_map(|it| format!("sort {it} desc, bytes")),
        Just(String::from("parse @message '* \"*\"' as p, `q r`")),
        Just(String::from("parse @message /(?<p>a|b) #/")),
        Just(String::from("filldown srcAddr by*")),
        Just(String::from("cidrlookup nets source ip as net OUTPUT owner as who, place")),
        Just(String::from("outlier action=remove param=1.5 bytes packets")),
        Just(String::from(
            "autoregress bytes as b p=1-3 | accum bytes | sessionize srcAddr maxspan 5m as s"
        )),
        Just(String::from("filter srcAddr in ( SOURCE 'x' | filter bytes > 1 | fields srcAddr )")),
        Just(String::from(
            "join type=left left=a right=b where a.x=b.x (SOURCE logGroups(namePrefix: ['p']))"
        )),
        Just(String::from("appendcols override=true max=3 ( SOURCE lg | stats count() )")),
        Just(String::from("unnest a.b into c | expand c")),
        Just(String::from("addtotals row=true col=true fieldname=Sum bytes, packets")),
    ];
    let end = prop_oneof![
        Just(String::new()),
        expression().prop_map(|it| format!("| stats sum({it}) as total, count() by bin(5m), action offset 1h | fillmissing with 0 for total")),
        Just(String::from("| dedup srcAddr, dstAddr | limit any 5")),
        Just(String::from("| relevantfields bytes, action where bytes > 5")),
        Just(String::from("| pattern @message | diff previousday | anomaly")),
    ];
    let commands = prop::collection::vec(command, 1..4).prop_map(|it| it.join(" | "));
    (commands, end).prop_map(|(commands, end)| format!("{commands} {end}"))
}

/// Returns the query if it has no errors.
fn valid(text: &str) -> Option<Query> {
    let parsed = parse(text, &flows(), Options::default());
    (!parsed.has_errors()).then_some(parsed.value)
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 256, ..ProptestConfig::default() })]

    #[test]
    fn any_text_gives_something_and_places_within_it(text in soup(), cursor in 0_usize..200) {
        let parsed = parse(&text, &flows(), Options::default());
        for it in &parsed.diagnostics {
            prop_assert!(!it.message.is_empty() && !it.labels.is_empty());
            for label in &it.labels {
                prop_assert!(text.get(label.span.start..label.span.end).is_some(), "{text:?}: {it:?}");
            }
        }
        for it in complete(&text, cursor, &flows()) {
            prop_assert!(!it.text.is_empty());
        }
        if let Ok(formatted) = format(&text, &flows()) {
            prop_assert_eq!(format(&formatted, &flows()), Ok(formatted));
        }
    }

    #[test]
    fn formatting_changes_neither_the_query_nor_itself(text in query()) {
        let Some(query) = valid(&text) else {
            let parsed = parse(&text, &flows(), Options::default());
            let syntax = parsed.diagnostics.iter().find(|it| it.severity == Severity::Error && it.code.as_str() < "Q0101");
            prop_assert!(syntax.is_none(), "{text}: {syntax:?}");
            return Ok(());
        };
        let formatted = format(&text, &flows()).unwrap();
        prop_assert_eq!(format(&formatted, &flows()), Ok(formatted.clone()));
        prop_assert_eq!(valid(&formatted), Some(query), "{}\n{}", text, formatted);
        let comments = |it: &str| it.matches("# why").count();
        prop_assert_eq!(comments(&text), comments(&formatted));
    }
}

#[test]
fn chains_of_any_length_and_any_depth_are_safe() {
    let chain = |word: &str, count| vec!["bytes = 1"; count].join(word);
    assert!(valid(&format!("filter {}", chain(" or ", 2000))).is_some());
    assert!(valid(&format!("filter {}", ["bytes"; 90].join(" + ") + " > 1")).is_some());
    for text in [
        format!("filter {}", vec!["bytes"; 5000].join(" + ")),
        format!("filter {}", "not ".repeat(5000)),
        format!("filter {}", "-".repeat(5000)),
        format!("filter {}", "abs(".repeat(5000)),
        format!("filter {}", "bytes ^ ".repeat(5000)),
        format!("filter a in {}", "(SOURCE 'x' | filter a in ".repeat(500)),
        "|".repeat(5000),
        "x".repeat(300_000),
    ] {
        assert!(valid(&text).is_none());
    }
}

#[test]
fn the_canonical_form() {
    let check =
        |text: &str, expected: &str| assert_eq!(format(text, &flows()).as_deref(), Ok(expected));
    check(
        "# top talkers\nFILTER action='REJECT' AND NOT (bytes>1 OR ISPRESENT(x)) # rejected\n|STATS COUNT() as n BY source ip, BIN(5 mins)|SORT n DESC|LIMIT 5",
        "# top talkers\n# rejected\nfilter action = \"REJECT\" and not (bytes > 1 or ispresent(x))\n\
         | stats count(*) as n by source ip, bin(5m)\n| sort n desc\n| limit 5\n",
    );
    check("filter (a - b) - (c - d) = -(2 ^ 3) ^ 2", "filter a - b - (c - d) = -(2 ^ 3) ^ 2\n");
    check(
        "source lg start=-1d end=now|logcompare timeshift 7 days",
        "SOURCE \"lg\" start=-1d end=now\n| logcompare timeshift 7d\n",
    );
}
