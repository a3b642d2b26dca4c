//! Which names a stage refers to.

use portolan_query::{Assignment, Expression, Query, Stage};

/// Calls `add` with each name that the stage reads.
pub(crate) fn of_stage(stage: &Stage, add: &mut dyn FnMut(&str)) {
    match stage {
        Stage::Compute(all) | Stage::CountFrequent(all) => of_assignments(all, add),
        Stage::Filter(one) | Stage::Pattern(one) => of_expression(one, add),
        Stage::Diff { text, .. } => of_expression(text, add),
        Stage::Stats(stats) => {
            of_assignments(&stats.keys, add);
            let arguments = stats.aggregates.iter().filter_map(|it| it.argument.as_ref());
            arguments.for_each(|argument| of_expression(argument, add));
            if stats.aggregates.iter().any(|it| it.aggregate.needs_time()) {
                add("@timestamp");
            }
        }
        Stage::Sort(sort) => sort.keys.iter().for_each(|key| of_expression(&key.expression, add)),
        Stage::Dedup(keys) => keys.iter().for_each(|key| of_expression(key, add)),
        Stage::Parse(parse) => of_expression(&parse.text, add),
        Stage::Unnest { list, .. } => of_expression(list, add),
        Stage::Expand(name) => add(name),
        Stage::Lookup(lookup) => {
            lookup.keys.iter().for_each(|(_, key)| of_expression(key, add));
            lookup.outputs.iter().for_each(|output| add(&output.name));
        }
        Stage::CidrLookup(lookup) => {
            of_expression(&lookup.address, add);
            lookup.outputs.iter().for_each(|output| add(&output.name));
        }
        Stage::Join(join) => {
            of_expression(&join.left_key, add);
            join.left_fields.iter().for_each(|name| add(name));
        }
        Stage::AppendColumns(append) => {
            append.query.columns.iter().for_each(|column| add(&column.name));
        }
        Stage::AddTotals(totals) => totals.fields.iter().for_each(|name| add(name)),
        Stage::Autoregress(auto) => of_expression(&auto.expression, add),
        Stage::FillDown(names) => names.iter().for_each(|name| add(name)),
        Stage::FillMissing(fill) => {
            add(&fill.time);
            fill.keys.iter().for_each(|name| add(name));
            fill.fills.iter().for_each(|(name, _)| add(name));
        }
        Stage::Outlier(outlier) => outlier.fields.iter().for_each(|name| add(name)),
        Stage::Accumulate(assignment) => of_expression(&assignment.expression, add),
        Stage::Sessionize(sessions) => {
            sessions.keys.iter().for_each(|key| of_expression(key, add));
            add("@timestamp");
        }
        Stage::RelevantFields(relevant) => {
            relevant.fields.iter().for_each(|name| add(name));
            of_expression(&relevant.condition, add);
        }
        Stage::LogCompare(_) => add("@timestamp"),
        Stage::Anomaly => {
            for name in ["@pattern", "@sampleCount", "@diffCount", "@previousSampleCount"] {
                add(name);
            }
        }
        Stage::Limit(_) | Stage::Estimate => {}
    }
}

/// Returns the names that stages from a place on, and the result, read: what has to be let through until there.
pub(crate) fn after(query: &Query, place: usize) -> Vec<String> {
    let mut names: Vec<String> = Vec::new();
    let mut add = |name: &str| {
        if !names.iter().any(|known| known == name) {
            names.push(name.to_owned());
        }
    };
    query.stages.iter().skip(place).for_each(|stage| of_stage(stage, &mut add));
    query.columns.iter().for_each(|column| add(&column.name));
    names
}

fn of_assignments(assignments: &[Assignment], add: &mut dyn FnMut(&str)) {
    for assignment in assignments {
        of_expression(&assignment.expression, add);
    }
}

fn of_expression(expression: &Expression, add: &mut dyn FnMut(&str)) {
    expression.walk(&mut |part| {
        if let Expression::Field { name, .. } = part {
            add(name);
        }
    });
}
