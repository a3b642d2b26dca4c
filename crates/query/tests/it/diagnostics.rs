//! What is said about queries that are wrong or surprising.

use portolan_query::{Diagnostic, Options, UnknownFields, parse};

use crate::vocabulary::flows;

/// Returns a diagnostic as one line: code, severity, the text that it points at, message, help.
fn line(text: &str, it: &Diagnostic) -> String {
    let help = it.help.as_ref().map(|help| format!(" | {help}")).unwrap_or_default();
    let severity = it.severity.as_str();
    format!("{} {severity} [{}] {}{help}", it.code.as_str(), it.span().text(text), it.message)
}

#[track_caller]
fn check_with(options: Options, text: &str, expected: &[&str]) {
    let parsed = parse(text, &flows(), options);
    let lines: Vec<_> = parsed.diagnostics.iter().map(|it| line(text, it)).collect();
    assert_eq!(lines, expected, "{text}");
}

#[track_caller]
fn check(text: &str, expected: &[&str]) {
    check_with(Options::default(), text, expected);
}

#[test]
fn several_errors_are_found_at_once() {
    check(
        "filter bytes > | stats sum(bytes by srcAddr | frobnicate | limit x | sort nope(1)",
        &[
            "Q0003 error [|] a value is expected, but `|` stands here",
            "Q0003 error [by] `)` is expected, but `by` stands here",
            "Q0004 error [frobnicate] there is no command `frobnicate` | a query is a list of commands with `|` between them, such as `filter … | stats …`",
            "Q0003 error [x] a number is expected, but `x` stands here",
            "Q0101 error [nope] there is no function `nope`",
        ],
    );
}

#[test]
fn text_that_is_no_query() {
    check("", &[]);
    check("|", &[]);
    check("| |", &["Q0003 error [|] a command is expected, but `|` stands here"]);
    check("fields srcAddr |", &[]);
    check("filter action = 'ACC", &["Q0002 error ['] the ' that begins here does not end"]);
    check(
        "filter action like /ACC",
        &["Q0002 error [/] the regular expression that begins here does not end | end it with `/`"],
    );
    check(
        "filter action & bytes",
        &[
            "Q0202 error [action] this is text, not a condition | compare it with something, or ask `ispresent(…)`",
            "Q0001 error [&] `&` has no meaning here | write `and`",
        ],
    );
    check(
        "filter action == 'x' sort bytes desc",
        &["Q0003 error [sort] a `|` is missing before `sort`"],
    );
    check(
        "SELECT * FROM flows",
        &[
            "Q0004 error [SELECT] there is no command `SELECT` | this is SQL; the language here is a list of commands, such as `fields srcAddr | limit 5`",
        ],
    );
    check(
        "limit 5 SOURCE 'x'",
        &[
            "Q0003 error [SOURCE] a `|` is missing before `SOURCE`",
            "Q0301 error [SOURCE] `SOURCE` must be the first command",
        ],
    );
    check(
        "filter referrer= http://34.250.27.141/ and bytes = 1",
        &[
            "Q0102 note [referrer] `referrer` is not a known field",
            "Q0102 note [http] `http` is not a known field | if it is text, write `\"http\"`",
            "Q0003 error [:] `|` or the end is expected, but `:` stands here | text has to be quoted: `\"http://34.250.27.141/\"`",
        ],
    );
    check(
        "filter 1 < bytes < 2",
        &[
            "Q0003 error [<] `and`, `or` or the end of the comparison is expected, but `<` stands here",
        ],
    );
    check(
        "limit 99999999999999999999999",
        &["Q0006 error [99999999999999999999999] this is not a whole number"],
    );
    check("filter bytes > 1e999", &["Q0006 error [1e999] the number is too large"]);
    check(
        "parse @message /a(b/",
        &[
            "Q0007 error [(] unclosed group | the syntax is that of RE2: no look-around, no back-references",
        ],
    );
    check(
        "parse @message /(?<a>x)(?=y)/",
        &[
            "Q0007 error [(?=] look-around, including look-ahead and look-behind, is not supported | the syntax is that of RE2: no look-around, no back-references",
        ],
    );
    check(
        &format!("filter {}1{}", "(".repeat(200), ")".repeat(200)),
        &[
            "Q0005 error [(] more than 100 expressions are within each other | compute parts in a `fields` before",
        ],
    );
    check("limit 1 2", &["Q0003 error [2] `|` or the end is expected, but `2` stands here"]);
}

#[test]
fn names() {
    check(
        "filter srcadr = '10.0.0.1'",
        &["Q0102 note [srcadr] `srcadr` is not a known field | did you mean `srcAddr`?"],
    );
    check("fields latency", &["Q0102 note [latency] `latency` is not a known field"]);
    check(
        "filter action = REJECT",
        &["Q0102 note [REJECT] `REJECT` is not a known field | if it is text, write `\"REJECT\"`"],
    );
    check(
        "fields srcaddr, flow_direction, source ip",
        &[
            "Q0103 note [srcaddr] `srcaddr` is `srcAddr` | AWS knows only this name, in this case",
            "Q0103 note [flow_direction] `flow_direction` is `flowDirection` | AWS knows only this name, in this case",
            "Q0103 note [source ip] `source ip` is `srcAddr` | AWS knows only this name, in this case",
        ],
    );
    check(
        "filter flow-direction = 'egress'",
        &[
            "Q0404 note [flow-direction] `flow-direction` is taken for `flowDirection`; AWS would subtract | write `flowDirection`",
        ],
    );
    check(
        "fields strlenn(action)",
        &["Q0101 error [strlenn] there is no function `strlenn` | did you mean `strlen`?"],
    );
    check(
        "fields count_distnct(action)",
        &[
            "Q0101 error [count_distnct] there is no function `count_distnct` | did you mean `count_distinct`?",
        ],
    );
    check(
        "stats count(*) by srcAddr | fields dstAddr",
        &[
            "Q0104 error [dstAddr] `dstAddr` does not exist here any more | there are `srcAddr`, `count(*)`",
        ],
    );
    check(
        "stats count(*) as total by srcAddr | sort totals",
        &["Q0104 error [totals] `totals` does not exist here any more | did you mean `total`?"],
    );
    check(
        "stats sum(bytes) by srcAddr | stats avg(x) by bin(5m)",
        &[
            "Q0104 error [x] `x` does not exist here any more | there are `srcAddr`, `sum(bytes)`",
            "Q0104 error [bin(5m)] this uses `@timestamp`, which does not exist here any more | carry a time along, such as `max(@timestamp) as @t`, and use `datefloor(@t, 5m)` here",
        ],
    );
    check(
        "stats count() by srcAddr | sort count desc",
        &["Q0404 note [count] `count` is taken for `count(*)` | name it: `count(*) as count`"],
    );
    check(
        "stats count by source ip",
        &[
            "Q0403 note [count] `count` is taken for `count(*)`",
            "Q0103 note [source ip] `source ip` is `srcAddr` | AWS knows only this name, in this case",
        ],
    );
    check(
        "stats sum(bytes) as a, sum(packets) as a",
        &["Q0105 error [a] there is already a `a` | give one of them another name: `as …`"],
    );
    let strict = Options { unknown_fields: UnknownFields::Refuse, ..Options::default() };
    check_with(
        strict,
        "fields srcadr, latency",
        &[
            "Q0102 error [srcadr] `srcadr` is not a known field | did you mean `srcAddr`?",
            "Q0102 error [latency] `latency` is not a known field",
        ],
    );
}

#[test]
fn arguments() {
    check(
        "fields abs(), round(1,2,3)",
        &[
            "Q0201 error [abs()] `abs` takes 1 argument, not 0 | it is `abs(number)`",
            "Q0201 error [round(1,2,3)] `round` takes 1 to 2 arguments, not 3 | it is `round(number[, digits])`",
        ],
    );
    check("fields abs('x')", &["Q0203 warning ['x'] this is text, and never a number"]);
    check(
        "fields bin(5), bin('5m')",
        &[
            "Q0202 error [5] a period must be written out here | such as `5m` or `1h`",
            "Q0202 error ['5m'] a period must be written out here | such as `5m` or `1h`",
        ],
    );
    check(
        "filter '10.0.0.1'",
        &[
            "Q0202 error ['10.0.0.1'] this is text, not a condition | to find it anywhere, write `@message like \"10.0.0.1\"`",
        ],
    );
    check(
        "filter srcAddr = '10.0.0.0/8'",
        &[
            "Q0203 warning ['10.0.0.0/8'] an address never equals a subnet | use `isIpInSubnet(address, \"10.0.0.0/8\")`",
        ],
    );
    check("filter dstPort = 'https'", &["Q0203 warning ['https'] a number never equals this text"]);
    check(
        "filter action like 'REJ%'",
        &[
            "Q0404 note ['REJ%'] `%` stands for itself: `like` finds text as it is | leave the `%` out: `like` finds text anywhere; or use a regular expression",
        ],
    );
    check(
        "filter @timestamp >= '2023-08-01'",
        &[
            "Q0403 note ['2023-08-01'] a date as text is compared as the time that it is, in UTC if it has no zone | in CloudWatch compare `toMillis(@timestamp)` with milliseconds",
        ],
    );
    check(
        "filter @timestamp >= 'yesterday'",
        &[
            "Q0203 warning ['yesterday'] this is not a date | write it as `2023-08-01` or `2023-08-01T12:30:00Z`",
        ],
    );
    check(
        "fields datefloor(startTime, 1h)",
        &[
            "Q0404 note [startTime] this is a number of seconds, and is multiplied by 1000 to be a time | AWS would take it for milliseconds",
        ],
    );
    check(
        "stats pct(bytes, 101), topk(0, bytes)",
        &[
            "Q0202 error [stats pct(bytes, 101), topk(0, bytes)] `topk` cannot be combined with `by` or other aggregates",
            "Q0204 error [101] a number from 0 to 100 is needed here",
            "Q0204 error [0] a number from 1 to 10000 is needed here",
        ],
    );
    check(
        "stats topk(3, bytes), count(*)",
        &[
            "Q0202 error [stats topk(3, bytes), count(*)] `topk` cannot be combined with `by` or other aggregates",
        ],
    );
    check(
        "fields sum(bytes)",
        &[
            "Q0303 error [sum] `sum` is an aggregate, which only the outputs of `stats` can have | compute it with `stats … as name` before",
        ],
    );
    check(
        "stats sum(max(bytes))",
        &[
            "Q0303 error [max] `max` is an aggregate, which only the outputs of `stats` can have | compute it with `stats … as name` before",
        ],
    );
    check(
        "stats bytes by srcAddr",
        &[
            "Q0304 error [bytes] `bytes` has many values in each group | use an aggregate such as `max(bytes)`, or group `by bytes`",
        ],
    );
    check(
        "parse @message 'a*b*' as a",
        &[
            "Q0201 error ['a*b*'] there are 2 `*` and 1 names | each part needs a name: `parse field \"a=*, b=*\" as a, b`",
        ],
    );
    check(
        "parse @message /abc/",
        &["Q0202 error [/abc/] no part of this has a name | name a group: `(?<name>…)`"],
    );
    check(
        "limit 0 | limit 100001",
        &[
            "Q0204 error [0] a limit is from 1 to 100000",
            "Q0204 error [100001] a limit is from 1 to 100000",
        ],
    );
    check(
        "join left=a right=b where a.x = c.x (SOURCE 'y')",
        &[
            "Q0102 note [a.x] `x` is not a known field",
            "Q0202 error [c.x] this is a field of neither side | write `a.field` or `b.field`",
        ],
    );
    check("outlier action=drop bytes", &["Q0202 error [drop] `action` is `remove` or `transform`"]);
    check(
        "autoregress bytes p=4-1",
        &[
            "Q0204 error [4-1] `p` is a number from 1 to 1000, or two with `-` between them | such as `p=1-4`",
        ],
    );
    check(
        "SOURCE logGroup(namePrefix: ['a']) | limit 1",
        &["Q0202 error [logGroup] there is no source `logGroup` | did you mean `logGroups`?"],
    );
    check(
        "diff previousYear",
        &[
            "Q0202 error [previousYear] there is no time range `previousYear` | there are `previousDay`, `previousWeek` and `previousMonth`",
        ],
    );
    check(
        "filter srcAddr in (SOURCE 'x' | fields srcAddr, dstAddr)",
        &[
            "Q0202 error [SOURCE 'x' | fields srcAddr, dstAddr] this query gives 2 columns, and one is needed | end it with `| fields` and the one field",
        ],
    );
}

#[test]
fn places() {
    check(
        "limit 5 | stats count(*)",
        &["Q0301 error [limit] `limit` must stand after the last `stats`"],
    );
    check(
        "dedup srcAddr | fields bytes",
        &["Q0301 error [fields] `fields` cannot follow `dedup`: only `limit` can"],
    );
    check("estimate | limit 1", &["Q0301 error [estimate] `estimate` must be the last command"]);
    check(
        "anomaly",
        &[
            "Q0301 error [anomaly] `anomaly` judges patterns, and there are none | put `pattern @message` before it",
        ],
    );
    check(
        "fillmissing",
        &[
            "Q0301 error [fillmissing] `fillmissing` needs the periods of a `stats … by bin(…)` before it",
        ],
    );
    check(
        "stats count(*) by srcAddr | diff",
        &["Q0301 error [diff] `diff` compares events, and `stats` leaves none"],
    );
    let eleven = ["stats count(*) as n"; 11].join(" | ");
    check(&eleven, &["Q0302 error [stats] a query can have 10 `stats`"]);
}

#[test]
fn surprises() {
    check(
        "stats count(*) by bin(300s)",
        &[
            "Q0205 warning [300s] AWS would take `300s` for `60s`; Portolan does what you wrote | use a larger unit, such as `5m` for `300s`",
        ],
    );
    let compatible = Options { aws_compatible: true, ..Options::default() };
    check_with(
        compatible,
        "stats count(*) by bin(300s)",
        &[
            "Q0205 warning [300s] `300s` is taken for `60s`, as AWS does | use a larger unit, such as `5m` for `300s`",
        ],
    );
    check(
        "sort bytes | head 5",
        &[
            "Q0401 note [] without direction the smallest comes first | add `desc` for the largest first, or `asc`",
            "Q0402 note [head] AWS calls `head` deprecated | use `sort` and `limit`",
        ],
    );
    check(
        "display bytes | display packets",
        &[
            "Q0405 warning [display] this `display` has no effect: only the last one decides what is shown",
        ],
    );
    check(
        "filterIndex @data_source_name in ['amazon_vpc']",
        &[
            "Q0106 note [@data_source_name] nothing is indexed by `@data_source_name` here; this command is left out",
        ],
    );
}

#[test]
fn what_comes_from_tables_is_no_unknown_field() {
    check("fields action, name, email | lookup users accountId OUTPUT name, email", &[]);
    check("filter owner = 'us' | cidrlookup nets srcAddr OUTPUT owner | fields owner", &[]);
    check(
        "fields nome | lookup users accountId OUTPUT name",
        &["Q0102 note [nome] `nome` is not a known field"],
    );
    check(
        "lookup users id OUTPUT name",
        &[
            "Q0102 note [id] `id` is not a known field | if it is a column of `users`, say what it equals: `id as field`",
        ],
    );
}
