//! What queries become: everything implicit is written out.

use portolan_query::{
    Aggregate, Arithmetic, Comparator, Comparison, Expression, Function, Kind, Literal, Options,
    Period, Query, Stage, Unit, Vocabulary, Which, complete, parse,
};

use crate::vocabulary::flows;

#[track_caller]
fn checked(text: &str) -> Query {
    let parsed = parse(text, &flows(), Options::default());
    assert!(!parsed.has_errors(), "{text}: {:?}", parsed.diagnostics);
    parsed.value
}

/// Returns the name of a stage, with a `+` if nobody wrote it.
fn outline(stage: &Stage) -> String {
    let debug = format!("{stage:?}");
    let name = debug.split([' ', '(']).next().unwrap_or_default().to_owned();
    let is_default = match stage {
        Stage::Sort(sort) => sort.is_default,
        Stage::Limit(limit) => limit.is_default,
        _ => false,
    };
    if is_default { format!("+{name}") } else { name }
}

/// Checks the stages of a query and the columns of its result.
#[track_caller]
fn check(text: &str, stages: &str, columns: &[(&str, Kind)]) {
    let query = checked(text);
    let found: Vec<_> = query.stages.iter().map(outline).collect();
    assert_eq!(found.join(" "), stages, "{text}");
    let shown: Vec<_> = query.columns.iter().map(|it| (it.name.as_str(), it.kind)).collect();
    assert_eq!(shown, columns, "{text}");
}

fn field(name: &str, kind: Kind) -> Expression {
    Expression::field(name, kind)
}

fn integer(number: i64) -> Expression {
    Expression::Literal(Literal::Integer(number))
}

#[test]
fn order_and_limit_are_written_out() {
    let default = [("@timestamp", Kind::Time), ("@message", Kind::Text)];
    check("", "+Sort +Limit", &default);
    check("filter bytes > 1", "Filter +Sort +Limit", &default);
    check("limit any 5", "Limit", &default);
    check("sort bytes desc | limit 5", "Sort Limit", &default);
    check("dedup srcAddr | limit 3", "+Sort Dedup Limit", &default);
    check("estimate", "Estimate", &[("bytesToScan", Kind::Integer)]);
    let counted = [("srcAddr", Kind::Address), ("count(*)", Kind::Integer)];
    check("stats count() by srcAddr", "Stats +Sort +Limit", &counted);
    check("stats count(*) by srcAddr | sort count(*) desc | limit 2", "Stats Sort Limit", &counted);
    check("stats count(*)", "Stats +Limit", &counted[1..]);
}

#[test]
fn the_extensions_run_as_they_stand() {
    let text = "| filter @timestamp >= \"2023-08-01\" | stats count by source ip";
    check(
        text,
        "Filter Stats +Sort +Limit",
        &[("srcAddr", Kind::Address), ("count(*)", Kind::Integer)],
    );
    let query = checked(text);
    let Stage::Filter(condition) = &query.stages[0] else { panic!("{query:?}") };
    let expected = Expression::Compare {
        operator: Comparator::GreaterOrEqual,
        left: Box::new(field("@timestamp", Kind::Time)),
        right: Box::new(integer(1_690_848_000_000)),
    };
    assert_eq!(*condition, expected);
}

#[test]
fn what_is_shown() {
    check(
        "fields srcAddr, bytes/2 as half | fields action",
        "Compute +Sort +Limit",
        &[("srcAddr", Kind::Address), ("half", Kind::Decimal), ("action", Kind::Text)],
    );
    check(
        "fields srcAddr | display bytes, packets | display bytes",
        "+Sort +Limit",
        &[("bytes", Kind::Integer)],
    );
    check(
        "fields srcAddr | parse @message \"* *\" as a, b",
        "Parse +Sort +Limit",
        &[("srcAddr", Kind::Address), ("a", Kind::Text), ("b", Kind::Text)],
    );
    check(
        "stats sum(bytes) as total by srcAddr | fields total / 2 as half",
        "Stats Compute +Sort +Limit",
        &[("half", Kind::Decimal)],
    );
    check(
        "pattern @message | anomaly",
        "Pattern Anomaly +Limit",
        &[
            ("@pattern", Kind::Text),
            ("@ratio", Kind::Decimal),
            ("@sampleCount", Kind::Integer),
            ("@severityLabel", Kind::Text),
            ("@anomaly", Kind::Boolean),
            ("@anomalyScore", Kind::Decimal),
        ],
    );
    check(
        "fields bytes | autoregress bytes p=1-2 | accum bytes as sum",
        "+Sort Autoregress Accumulate +Limit",
        &[
            ("bytes", Kind::Integer),
            ("bytes_p1", Kind::Integer),
            ("bytes_p2", Kind::Integer),
            ("sum", Kind::Integer),
        ],
    );
    check(
        "countFrequent action",
        "CountFrequent +Limit",
        &[("action", Kind::Text), ("_approxcount", Kind::Integer)],
    );
}

#[test]
fn values_made_in_one_command_can_be_used_in_it() {
    let query = checked("fields bytes as b, b + 1 as c, c + 1 as d");
    let computed: Vec<_> =
        query.stages.iter().filter(|it| matches!(it, Stage::Compute(_))).collect();
    assert_eq!(computed.len(), 3);
}

#[test]
fn aggregates_are_computed_once_and_outputs_are_made_of_them() {
    let query = checked(
        "stats sum(bytes) / count(*) as mean, sum(bytes) as total, total * 8 as bits by bin(5m)",
    );
    let Stage::Stats(stats) = &query.stages[0] else { panic!("{query:?}") };
    let aggregates: Vec<_> = stats.aggregates.iter().map(|it| it.aggregate).collect();
    assert_eq!(aggregates, [Aggregate::Sum, Aggregate::Count]);
    let sum = || Box::new(Expression::Aggregate { index: 0, kind: Kind::Integer });
    let count = Box::new(Expression::Aggregate { index: 1, kind: Kind::Integer });
    let outputs: Vec<_> = stats.outputs.iter().map(|it| it.expression.clone()).collect();
    let divide = Expression::Arithmetic { operator: Arithmetic::Divide, left: sum(), right: count };
    let times = Expression::Arithmetic {
        operator: Arithmetic::Multiply,
        left: sum(),
        right: Box::new(integer(8)),
    };
    assert_eq!(outputs, [divide, *sum(), times]);
    let five_minutes = Literal::Period(Period { count: 5, unit: Unit::Minute });
    let arguments = vec![field("@timestamp", Kind::Time), Expression::Literal(five_minutes)];
    let expected = Expression::Call { function: Function::DateFloor, arguments };
    assert_eq!((stats.keys[0].name.as_str(), &stats.keys[0].expression), ("bin(5m)", &expected));
}

#[test]
fn keys_can_be_used_in_outputs() {
    let query = checked("stats bytes + count(*) as x, source port as port by bytes, srcPort");
    let Stage::Stats(stats) = &query.stages[0] else { panic!("{query:?}") };
    let first = Box::new(Expression::Key { index: 0, kind: Kind::Integer });
    let count = Box::new(Expression::Aggregate { index: 0, kind: Kind::Integer });
    let sum = Expression::Arithmetic { operator: Arithmetic::Add, left: first, right: count };
    assert_eq!(stats.outputs[0].expression, sum);
    assert_eq!(stats.outputs[1].expression, Expression::Key { index: 1, kind: Kind::Integer });
}

#[test]
fn paths_are_fields_or_parts_of_what_was_computed() {
    let query =
        checked("fields jsonParse(@message) as m | filter m.users[1].`a.b` = 'x' and a.0.b = 1");
    let Stage::Filter(Expression::And(both)) = &query.stages[1] else { panic!("{query:?}") };
    let mut names = Vec::new();
    for condition in both {
        condition.walk(&mut |it| match it {
            Expression::Field { name, .. } => names.push(name.clone()),
            Expression::Item { step, .. } => names.push(format!("{step:?}")),
            _ => {}
        });
    }
    assert_eq!(names, ["Key(\"a.b\")", "Index(1)", "Key(\"users\")", "m", "a.0.b"]);
}

#[test]
fn joins_know_which_fields_are_used() {
    let query = checked(
        "join type=left left=a right=b where b.dstAddr=a.srcaddr (SOURCE 'x') | fields a.bytes, b.action",
    );
    let Stage::Join(join) = &query.stages[0] else { panic!("{query:?}") };
    assert!(join.keeps_unmatched);
    assert_eq!(join.left_key, field("srcAddr", Kind::Address));
    assert_eq!(join.right_key, field("dstAddr", Kind::Address));
    assert_eq!(
        (join.left_fields.as_slice(), join.right_fields.as_slice()),
        (&[String::from("bytes")][..], &[String::from("action")][..])
    );
    assert_eq!(query.columns[0].name, "a.bytes");
}

#[test]
fn diff_takes_the_place_of_pattern() {
    let query = checked("filter bytes > 1 | pattern @message | diff previousWeek");
    let against = Comparison::Earlier(Period { count: 1, unit: Unit::Week });
    assert!(matches!(query.stages[1], Stage::Diff { against: it, .. } if it == against));
    assert_eq!(query.comparison(), Some(against));
    assert_eq!(checked("stats count(*)").comparison(), None);
}

#[test]
fn fillmissing_knows_the_periods() {
    let query = checked(
        "stats avg(bytes) as mean by action, bin(1m) as t offset 1h | fillmissing with 0 for mean",
    );
    let Stage::FillMissing(fill) = &query.stages[1] else { panic!("{query:?}") };
    assert_eq!((fill.time.as_str(), fill.period), ("t", Period { count: 1, unit: Unit::Minute }));
    assert_eq!(fill.keys, ["action"]);
    assert_eq!(fill.fills, [(String::from("mean"), Literal::Integer(0))]);
}

#[test]
fn clamped_periods_are_obeyed_or_not() {
    let period = |options| {
        let query = parse("stats count(*) by bin(300s)", &flows(), options).value;
        let Stage::Stats(stats) = &query.stages[0] else { panic!("{query:?}") };
        let Expression::Call { arguments, .. } = &stats.keys[0].expression else {
            panic!("{query:?}")
        };
        arguments[1].clone()
    };
    let seconds =
        |count| Expression::Literal(Literal::Period(Period { count, unit: Unit::Second }));
    assert_eq!(period(Options::default()), seconds(300));
    assert_eq!(period(Options { aws_compatible: true, ..Options::default() }), seconds(60));
}

#[test]
fn tail_keeps_the_last() {
    let query = checked("sort bytes asc | tail 3");
    assert!(
        matches!(query.stages[1], Stage::Limit(limit) if limit.which == Which::Last && limit.count == 3)
    );
}

#[track_caller]
fn check_complete(text: &str, expected: &[&str]) {
    let (before, after) = text.split_once('^').unwrap_or((text, ""));
    let (cursor, text) = (before.len(), format!("{before}{after}"));
    let found = complete(&text, cursor, &flows());
    let found: Vec<_> =
        found.iter().map(|it| it.text.as_str()).take(expected.len().max(1)).collect();
    assert_eq!(found, expected, "{text}");
}

#[test]
fn completion_knows_where_it_is() {
    check_complete("^", &["fields", "display", "filter"]);
    check_complete("sta^", &["stats"]);
    check_complete("filter a = 'x | y' | so^", &["sort"]);
    check_complete("filter src^", &["srcAddr", "srcPort"]);
    check_complete("filter @^", &["@timestamp", "@message", "@logStream"]);
    check_complete("filter isIp^ = 1", &["isIpInSubnet(", "isIpv4InSubnet("]);
    check_complete("stats cou^", &["count(", "count_distinct(", "countOverTime("]);
    check_complete("stats sum(bytes) as total by srcAddr | sort to^", &["total", "toNumber("]);
    check_complete("stats sum(bytes) as total by srcAddr | sort src^", &["srcAddr"]);
    check_complete("fields bytes as weight | filter we^", &["weight"]);
    check_complete("filter action like /^", &[]);
    check_complete("filter action = \"RE^", &[]);
    check_complete("stats count(*) ^", &["by", "as"]);
    check_complete("filter action ^", &["like", "not"]);
    check_complete("filter dest^", &["destination ip", "destination address"]);
    assert_eq!(complete("filter", 99, &Vocabulary::default()), []);
}
