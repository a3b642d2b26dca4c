//! What a lake does with records before they are looked at changes nothing: adding up those that agree in all fields that matter,
//! and then looking at the sums, is looking at each.

use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::net::IpAddr;

use portolan_flow::{Field, Value};
use portolan_model::{
    Belonging, BelongingKind, InterfaceKind, Model, NetworkInterface, Place, PrivateAddress, Tags,
};
use portolan_respond::{Fields, Observations, PLACING_FIELDS, Placer};
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;

/// A record, or the sum of several, as a map.
#[derive(Clone, Debug, Default)]
struct Row {
    values: BTreeMap<Field, Cell>,
    records: u64,
}

/// A value that nothing borrows.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
enum Cell {
    Byte(u8),
    Port(u16),
    Integer(i64),
    Address(IpAddr),
    Text(&'static str),
}

impl Fields for Row {
    fn value(&self, field: Field) -> Value<'_> {
        match self.values.get(&field) {
            None => Value::Absent,
            Some(Cell::Byte(byte)) => Value::Byte(*byte),
            Some(Cell::Port(port)) => Value::Port(*port),
            Some(Cell::Integer(number)) => Value::Integer(*number),
            Some(Cell::Address(IpAddr::V4(address))) => Value::Ipv4(*address),
            Some(Cell::Address(IpAddr::V6(address))) => Value::Ipv6(*address),
            Some(Cell::Text(text)) => Value::Text(text),
        }
    }

    fn records(&self) -> u64 {
        self.records
    }
}

impl Row {
    fn number(&self, field: Field) -> Option<i64> {
        match self.values.get(&field) {
            Some(Cell::Integer(number)) => Some(*number),
            _ => None,
        }
    }
}

/// Adds up as a query does: `start` is the first, `end` the last of ends and starts, `bytes` the sum.
fn added_up(rows: &[Row]) -> Vec<Row> {
    let mut sums: BTreeMap<Vec<Option<Cell>>, Row> = BTreeMap::new();
    for row in rows {
        let key = PLACING_FIELDS.iter().map(|field| row.values.get(field).cloned()).collect();
        let sum = sums.entry(key).or_insert_with(|| Row { records: 0, ..row.clone() });
        let first =
            [sum.number(Field::Start), row.number(Field::Start)].into_iter().flatten().min();
        let ends = [sum, row].map(|it| it.number(Field::End).max(it.number(Field::Start)));
        let end = ends.into_iter().flatten().max();
        let is_new = sum.records == 0;
        let bytes = sum.number(Field::Bytes).filter(|_| !is_new).unwrap_or(0)
            + row.number(Field::Bytes).unwrap_or(0);
        for (field, value) in
            [(Field::Start, first), (Field::End, end), (Field::Bytes, Some(bytes))]
        {
            if let Some(value) = value {
                sum.values.insert(field, Cell::Integer(value));
            }
        }
        sum.records += 1;
    }
    sums.into_values().collect()
}

fn observed(model: &Model, rows: &[Row]) -> Observations {
    let placer = Placer::new(model);
    let mut observations = Observations::default();
    for row in rows {
        observations.add_recorded(&placer.place(row));
    }
    observations
}

/// An interface that is in the model, with addresses of both families.
fn model() -> Model {
    let mut model = Model::default();
    let addresses = ["10.0.0.1", "10.0.0.2"].map(|it| it.parse().unwrap());
    let interface = NetworkInterface {
        id: "eni-1".into(),
        place: Place::default(),
        tags: Tags::default(),
        vpc: "vpc-1".into(),
        subnet: "subnet-1".into(),
        ipv4: addresses.map(|address| PrivateAddress { address, public: None }).into(),
        ipv6: vec!["2001:db8::1".parse().unwrap()],
        ipv4_prefixes: Vec::new(),
        ipv6_prefixes: Vec::new(),
        security_groups: Vec::new(),
        source_dest_check: true,
        kind: InterfaceKind::Standard,
        description: "".into(),
        instance: None,
        belonging: Belonging { kind: BelongingKind::Unattached, name: None },
    };
    model.interfaces.insert(interface.id.clone(), interface);
    model
}

/// Returns the few values that a field has here, so that records often agree.
fn choices(field: Field) -> Vec<Option<Cell>> {
    let address = |text: &str| Some(Cell::Address(text.parse().unwrap()));
    let text = |text| Some(Cell::Text(text));
    match field {
        Field::InterfaceId => vec![text("eni-1"), text("eni-2"), None],
        Field::SrcAddr | Field::DstAddr | Field::PktSrcAddr | Field::PktDstAddr => {
            let known = ["10.0.0.1", "10.0.0.2", "2001:db8::1", "192.0.2.7"].map(address);
            known.into_iter().chain([None]).collect()
        }
        Field::SrcPort | Field::DstPort => {
            vec![Some(Cell::Port(443)), Some(Cell::Port(50_000)), None]
        }
        Field::Protocol => vec![Some(Cell::Byte(6)), Some(Cell::Byte(1))],
        Field::Action => vec![text("ACCEPT"), text("REJECT")],
        Field::LogStatus => vec![text("OK"), text("OK"), text("NODATA"), text("SKIPDATA"), None],
        Field::TcpFlags => vec![Some(Cell::Byte(2)), Some(Cell::Byte(18)), None],
        Field::FlowDirection => vec![text("ingress"), text("egress"), None],
        _ => [Some(0), Some(7), Some(60), None].map(|it| it.map(Cell::Integer)).into(),
    }
}

fn row(timed: bool) -> impl Strategy<Value = Row> {
    let fields = PLACING_FIELDS.into_iter().chain([Field::End, Field::Bytes]);
    let values: Vec<_> = fields
        .map(|field| prop::sample::select(choices(field)).prop_map(move |value| (field, value)))
        .collect();
    (values, 0_i64..100).prop_map(move |(values, start)| {
        let start = (Field::Start, timed.then_some(Cell::Integer(start)));
        let values = values.into_iter().chain([start]);
        let values = values.filter_map(|(field, value)| Some((field, value?))).collect();
        Row { values, records: 1 }
    })
}

proptest! {
    #[test]
    fn sums_say_what_their_records_say(rows in prop::collection::vec(row(true), 0..60)) {
        let model = model();
        prop_assert_eq!(observed(&model, &added_up(&rows)), observed(&model, &rows));
    }

    #[test]
    fn records_without_time_are_counted(rows in prop::collection::vec(row(false), 0..20)) {
        let model = model();
        let observations = observed(&model, &added_up(&rows));
        prop_assert_eq!(observations.unplaced(), rows.len() as u64);
        prop_assert_eq!(observations, observed(&model, &rows));
    }
}

/// Writes down which fields are asked for.
struct Asked<'r> {
    row: &'r Row,
    fields: RefCell<BTreeSet<Field>>,
}

impl Fields for Asked<'_> {
    fn value(&self, field: Field) -> Value<'_> {
        self.fields.borrow_mut().insert(field);
        self.row.value(field)
    }
}

#[test]
fn no_other_field_matters() {
    let model = model();
    let mut runner = proptest::test_runner::TestRunner::deterministic();
    let mut asked = BTreeSet::new();
    for _ in 0..500 {
        let row = row(true).new_tree(&mut runner).unwrap().current();
        let it = Asked { row: &row, fields: RefCell::default() };
        Placer::new(&model).place(&it);
        asked.extend(it.fields.into_inner());
    }
    let sums = [Field::Start, Field::End, Field::Bytes];
    assert_eq!(asked, PLACING_FIELDS.into_iter().chain(sums).collect());
}
