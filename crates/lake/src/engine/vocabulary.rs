//! The fields that queries on a lake may name.

use portolan_flow::{Field, FieldType};
use portolan_query::{Kind, KnownField, Vocabulary};

/// Returns every field of flow logs under its query name, and what CloudWatch adds to each event.
pub fn vocabulary() -> Vocabulary {
    let fields = Field::ALL.iter().map(|field| KnownField {
        name: field.query_name().to_owned(),
        aliases: field
            .aliases()
            .chain([field.text_name(), field.column_name()])
            .map(str::to_owned)
            .collect(),
        kind: kind(field.field_type()),
        summary: field.description().to_owned(),
    });
    Vocabulary::new(of_events().into_iter().chain(fields))
}

fn kind(field_type: FieldType) -> Kind {
    match field_type {
        FieldType::Address => Kind::Address,
        FieldType::Port | FieldType::Byte | FieldType::Integer => Kind::Integer,
        FieldType::Seconds => Kind::Seconds,
        FieldType::Word | FieldType::Text => Kind::Text,
    }
}

fn of_events() -> [KnownField; 2] {
    let field = |name: &str, kind, summary: &str| KnownField {
        name: name.to_owned(),
        aliases: Vec::new(),
        kind,
        summary: summary.to_owned(),
    };
    [
        field("@timestamp", Kind::Time, "When the record starts"),
        field("@message", Kind::Text, "The line that the record was read from"),
    ]
}
