//! Flow logs that were read into a lake.
//!
//! One query adds up the records that say the same, so that what comes back is as long as there are different flows, however many
//! records there are. It reads only the files of its time, and what it needs beyond its memory goes to disk.

use std::net::IpAddr;

use portolan_flow::{Field, FieldType, Value as FlowValue};
use portolan_lake::engine::{Answer, Engine, Limits, Range, Value, vocabulary};
use portolan_lake::manifest::Snapshot;
use portolan_lake::{Lake, LakeError};
use portolan_query::{Options, Query, Stage, parse};
use portolan_respond::{Fields, Observations, PLACING_FIELDS, Placer};

use super::first_second;
use crate::context::Context;
use crate::error::CliError;
use crate::lake::{each_batch, now, open};
use crate::runtime::block_on;
use crate::words;

/// Names of what is added up, that no field has.
const RECORDS: &str = "records";
const SUM_OF_BYTES: &str = "sumOfBytes";
const FIRST_START: &str = "firstStart";
const LAST_START: &str = "lastStart";
const LAST_END: &str = "lastEnd";

/// Reads a lake, or that of the settings.
///
/// An interrupt ends the process, as in every command that goes on computing after it has read.
pub(super) fn read(
    place: Option<&str>,
    days: Option<i64>,
    placer: &Placer<'_>,
    context: &Context,
) -> Result<Observations, CliError> {
    let lake = match open(place, context) {
        Err(CliError::Lake(LakeError::NoLake { place })) => {
            return Err(CliError::NoRecords { place });
        }
        opened => opened?,
    };
    let place = || lake.place().to_string();
    let observations = block_on(observations(&lake, days, placer, context))?
        .map_err(|source| CliError::ReadLake { place: place(), source: Box::new(source) })?;
    observations.ok_or_else(|| CliError::NoRecords { place: place() })
}

/// Returns what the records of a lake say, if it has any.
async fn observations(
    lake: &Lake,
    days: Option<i64>,
    placer: &Placer<'_>,
    context: &Context,
) -> Result<Option<Observations>, LakeError> {
    let snapshot = lake.snapshot().await?;
    if snapshot.rows() == 0 {
        return Ok(None);
    }
    warn_of_rejects(&snapshot, context);
    let engine = Engine::open(lake, &snapshot, &Limits::default(), now().saturating_mul(1000))?;
    let mut answer = engine.query(&question(), range(&snapshot, days)).await?;
    let places = Places::of(&answer);
    let mut observations = Observations::default();
    each_batch(&mut answer, "reading the lake", context, |batch| {
        let add = |row: &[Value<'_>]| {
            observations.add_recorded(&placer.place(&Row { places: &places, values: row }));
        };
        Ok(batch.each(add)?)
    })
    .await?;
    Ok(Some(observations))
}

/// Says so if lines are missing in the lake.
fn warn_of_rejects(snapshot: &Snapshot, context: &Context) {
    let rejects = snapshot.totals().rejects;
    if rejects > 0 {
        let lines = words::count(rejects, "line");
        let text = format_args!("{lines} of flow logs could not be read into the lake");
        context.ui.warning(text, Some("what is not read is missing from the answer"));
    }
}

/// Returns the last days that the lake has, or all of time.
fn range(snapshot: &Snapshot, days: Option<i64>) -> Range {
    let newest = snapshot.time_range().map(|(_, newest)| newest);
    let from = newest.zip(days).map(|(newest, days)| first_second(newest, days));
    Range { from: from.map_or(Range::ALL.from, |from| from.saturating_mul(1000)), ..Range::ALL }
}

/// Returns the query that adds up what records say.
fn question() -> Query {
    let keys = PLACING_FIELDS.map(Field::query_name).join(", ");
    let text = format!(
        "stats count(*) as {RECORDS}, sum(bytes) as {SUM_OF_BYTES}, min(start) as {FIRST_START}, \
         max(start) as {LAST_START}, max(end) as {LAST_END} by {keys}"
    );
    let mut query = parse(&text, &vocabulary(), Options::default()).value;
    // People get 10,000 rows in order unless they ask for more; a program wants them all, in any.
    query.stages.retain(|stage| matches!(stage, Stage::Stats(_)));
    query
}

/// Which column of the answer has what.
#[derive(Debug)]
struct Places {
    fields: Vec<(Field, Option<usize>)>,
    records: Option<usize>,
    last_start: Option<usize>,
}

impl Places {
    fn of(answer: &Answer) -> Self {
        let place = |name: &str| answer.columns().iter().position(|column| column.name == name);
        let sums =
            [(Field::Bytes, SUM_OF_BYTES), (Field::Start, FIRST_START), (Field::End, LAST_END)];
        let keys = PLACING_FIELDS.map(|field| (field, field.query_name()));
        let fields = keys.into_iter().chain(sums).map(|(field, name)| (field, place(name)));
        Self { fields: fields.collect(), records: place(RECORDS), last_start: place(LAST_START) }
    }

    fn of_field(&self, field: Field) -> Option<usize> {
        self.fields.iter().find(|(known, _)| *known == field)?.1
    }
}

/// A row of the answer: the records that have the same values in all fields that matter.
struct Row<'r> {
    places: &'r Places,
    values: &'r [Value<'r>],
}

impl Row<'_> {
    fn get(&self, place: Option<usize>) -> Option<&Value<'_>> {
        self.values.get(place?)
    }

    fn integer(&self, place: Option<usize>) -> Option<i64> {
        self.get(place)?.integer()
    }
}

impl Fields for Row<'_> {
    fn value(&self, field: Field) -> FlowValue<'_> {
        let value = self.get(self.places.of_field(field)).unwrap_or(&Value::Missing);
        if field == Field::End {
            // Where a record has no end, it ends when it starts.
            let ends = [value.integer(), self.integer(self.places.last_start)];
            return ends.into_iter().flatten().max().map(FlowValue::Integer).unwrap_or_default();
        }
        flow_value(field.field_type(), value).unwrap_or_default()
    }

    fn records(&self) -> u64 {
        self.integer(self.places.records).and_then(|it| u64::try_from(it).ok()).unwrap_or(1)
    }
}

/// Returns a value of an answer as a value of a record.
fn flow_value<'v>(field_type: FieldType, value: &'v Value<'_>) -> Option<FlowValue<'v>> {
    Some(match (field_type, value) {
        (_, Value::Text(text)) => FlowValue::Text(text),
        (_, Value::Address(IpAddr::V4(address))) => FlowValue::Ipv4(*address),
        (_, Value::Address(IpAddr::V6(address))) => FlowValue::Ipv6(*address),
        (FieldType::Port, value) => FlowValue::Port(value.integer()?.try_into().ok()?),
        (FieldType::Byte, value) => FlowValue::Byte(value.integer()?.try_into().ok()?),
        (_, value) => FlowValue::Integer(value.integer()?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_question_is_understood_and_wants_every_row() {
        let keys = PLACING_FIELDS.map(Field::query_name);
        let query = question();
        let [Stage::Stats(stats)] = query.stages.as_slice() else { panic!("{query:?}") };
        let found: Vec<_> = stats.keys.iter().map(|key| key.name.as_str()).collect();
        assert_eq!(found, keys);
        let sums: Vec<_> = stats.outputs.iter().map(|output| output.name.as_str()).collect();
        assert_eq!(sums, [RECORDS, SUM_OF_BYTES, FIRST_START, LAST_START, LAST_END]);
        assert!(!sums.iter().any(|name| Field::named(name).is_some()));
    }

    #[test]
    fn values_of_answers_are_values_of_records() {
        let check = |field_type, value, expected| {
            assert_eq!(flow_value(field_type, &value), expected, "{value:?}");
        };
        check(FieldType::Port, Value::Integer(443), Some(FlowValue::Port(443)));
        check(FieldType::Port, Value::Integer(70_000), None);
        check(FieldType::Byte, Value::Integer(6), Some(FlowValue::Byte(6)));
        check(FieldType::Integer, Value::Integer(70_000), Some(FlowValue::Integer(70_000)));
        check(FieldType::Word, Value::Text("OK".into()), Some(FlowValue::Text("OK")));
        check(FieldType::Word, Value::Missing, None);
        let (v4, v6) = ([10, 0, 0, 1].into(), "2001:db8::1".parse().unwrap());
        check(FieldType::Address, Value::Address(IpAddr::V4(v4)), Some(FlowValue::Ipv4(v4)));
        check(FieldType::Address, Value::Address(IpAddr::V6(v6)), Some(FlowValue::Ipv6(v6)));
    }
}
