//! Which names a stage of a query sees, and what they are in the plan so far.
//!
//! Until a stage needs them otherwise, fields of the log stay what they are in the files: an address is one or two columns of
//! numbers, a time a column of seconds. So conditions on them reach the Parquet reader as plain comparisons.

use arrow::datatypes::{DataType, SchemaRef, TimeUnit};
use datafusion::common::{Column, ScalarValue};
use datafusion::error::Result;
use datafusion::logical_expr::{Expr, cast, lit};
use portolan_flow::{Field, FieldType};

use super::function;
use super::value::plain;

/// An expression and the type of its values.
#[derive(Clone, Debug)]
pub(crate) struct Typed {
    pub(crate) expr: Expr,
    pub(crate) kind: DataType,
}

impl Typed {
    pub(crate) fn new(expr: Expr, kind: DataType) -> Self {
        Self { expr, kind }
    }

    /// What nothing is.
    pub(crate) fn missing() -> Self {
        Self::new(lit(ScalarValue::Null), DataType::Null)
    }

    /// Returns a call of a function of ours.
    pub(crate) fn call(name: &str, arguments: Vec<Self>) -> Result<Self> {
        let kinds: Vec<DataType> = arguments.iter().map(|it| it.kind.clone()).collect();
        let kind = function::find(name).map_or(DataType::Null, |found| (found.kind)(&kinds));
        let arguments = arguments.into_iter().map(|it| it.expr).collect();
        Ok(Self::new(function::call(name, arguments)?, kind))
    }

    pub(crate) fn cast(self, kind: DataType) -> Self {
        if self.kind == kind { self } else { Self::new(cast(self.expr, kind.clone()), kind) }
    }

    pub(crate) fn is_text(&self) -> bool {
        matches!(plain(&self.kind), DataType::Utf8)
    }

    pub(crate) fn is_address(&self) -> bool {
        matches!(self.kind, DataType::UInt32 | DataType::FixedSizeBinary(_))
    }

    pub(crate) fn is_time(&self) -> bool {
        matches!(self.kind, DataType::Timestamp(_, _))
    }

    pub(crate) fn is_number(&self) -> bool {
        self.is_time()
            || matches!(plain(&self.kind), DataType::Int64 | DataType::Float64 | DataType::Boolean)
    }
}

/// What a name stands for.
#[derive(Clone, Debug)]
pub(crate) enum Binding {
    /// A field of the log that is still in its own columns.
    Field(Field),
    /// The time of a record, which is its `start`.
    Timestamp,
    /// The line that a record was read from.
    Message,
    /// A column of the plan.
    Column { column: String, kind: DataType },
}

/// The names and what they stand for.
#[derive(Clone, Debug)]
pub(crate) struct Scope {
    /// Later ones hide earlier ones of the same name.
    names: Vec<(String, Binding)>,
    /// The columns of the lake, as long as they are in the plan.
    lake: Option<SchemaRef>,
}

impl Scope {
    /// Returns the scope of the log itself.
    pub(crate) fn of_lake(schema: SchemaRef) -> Self {
        Self { names: Vec::new(), lake: Some(schema) }
    }

    /// Returns a scope of columns alone.
    pub(crate) fn of_columns(columns: impl IntoIterator<Item = (String, Binding)>) -> Self {
        Self { names: columns.into_iter().collect(), lake: None }
    }

    /// Makes a name stand for something.
    pub(crate) fn bind(&mut self, name: &str, binding: Binding) {
        self.names.retain(|(known, _)| known != name);
        self.names.push((name.to_owned(), binding));
    }

    /// Returns what a name stands for, if anything does.
    pub(crate) fn find(&self, name: &str) -> Option<Binding> {
        let bound = self.names.iter().find(|(known, _)| known == name);
        if let Some((_, binding)) = bound {
            return Some(binding.clone());
        }
        self.lake.as_ref()?;
        match name {
            "@timestamp" => Some(Binding::Timestamp),
            "@message" => Some(Binding::Message),
            name => Field::in_query(name).map(Binding::Field).or_else(|| self.unknown_field(name)),
        }
    }

    /// Returns a field that AWS added after this was written; it has a column of its own all the same.
    fn unknown_field(&self, name: &str) -> Option<Binding> {
        let column = format!("x_{}", name.replace('-', "_"));
        let kind = self.lake_column(&column)?.kind;
        Some(Binding::Column { column, kind })
    }

    /// Returns a column of the lake; one that no file has is missing everywhere.
    pub(crate) fn lake_column(&self, name: &str) -> Option<Typed> {
        let field = self.lake.as_ref()?.field_with_name(name).ok()?;
        Some(Typed::new(column(name), field.data_type().clone()))
    }

    /// Returns the columns of an address: IPv4, and IPv6 if a file has it.
    pub(crate) fn address_columns(&self, field: Field) -> (Option<Typed>, Option<Typed>) {
        let name = field.column_name();
        (self.lake_column(name), self.lake_column(&format!("{name}6")))
    }

    /// Returns the value that a name has.
    pub(crate) fn value(&self, name: &str) -> Result<Typed> {
        match self.find(name) {
            None => Ok(Typed::missing()),
            Some(Binding::Column { column: name, kind }) => Ok(Typed::new(column(&name), kind)),
            Some(Binding::Field(field)) => self.field(field),
            Some(Binding::Timestamp) => {
                let seconds = DataType::Timestamp(TimeUnit::Second, None);
                let start = self.lake_column(Field::Start.column_name());
                Ok(start.map_or_else(Typed::missing, |start| start.cast(seconds)))
            }
            Some(Binding::Message) => self.message(),
        }
    }

    fn field(&self, field: Field) -> Result<Typed> {
        if field.field_type() != FieldType::Address {
            return Ok(self.lake_column(field.column_name()).unwrap_or_else(Typed::missing));
        }
        match self.address_columns(field) {
            (Some(v4), None) => Ok(v4),
            (None, Some(v6)) => Ok(v6),
            (Some(v4), Some(v6)) => Typed::call("anyaddress", vec![v4, v6]),
            (None, None) => Ok(Typed::missing()),
        }
    }

    /// Returns the line that a record was: its layout says which fields in which order.
    fn message(&self) -> Result<Typed> {
        let Some(layout) = self.lake_column("layout") else {
            return Ok(Typed::missing());
        };
        let mut arguments = vec![layout];
        for field in Field::ALL {
            let present = match self.address_columns(*field) {
                (None, None) => continue,
                _ => self.field(*field)?,
            };
            let name = Typed::new(lit(field.text_name()), DataType::Utf8);
            arguments.extend([name, present]);
        }
        Typed::call("message", arguments)
    }
}

/// Returns a column of the plan by its exact name.
pub(crate) fn column(name: &str) -> Expr {
    Expr::Column(Column::from_name(name))
}
