//! One saved answer of the AWS CLI: its name, and how its items are written.
//!
//! Items are streamed, so that a file with a hundred thousand interfaces needs the memory of one.

use std::fmt;
use std::io::{self, Write};

use serde::Serialize as _;
use serde_json::Serializer;
use serde_json::ser::{Formatter as _, PrettyFormatter};

use super::json::Json;
use super::place::Place;

/// What the CLI indents by.
const INDENT: &[u8] = b"    ";

/// An AWS CLI command whose answer is one list.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Command {
    /// The command after the service, such as `describe-vpcs`.
    pub name: &'static str,
    /// The single top-level key of the answer, such as `Vpcs`.
    pub key: &'static str,
}

impl Command {
    pub(crate) const fn new(name: &'static str, key: &'static str) -> Self {
        Self { name, key }
    }
}

/// One answer of one command, as a person would save it.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub struct Document {
    /// The folder of account and Region, such as `111122223333-production/eu-west-1`.
    pub folder: String,
    /// The command that was run.
    pub command: Command,
    /// What a command that describes one thing was asked about: a prefix list's id, a load balancer's
    /// name, or a target group's ARN.
    pub subject: Option<String>,
}

impl Document {
    pub(crate) fn new(place: &Place, command: Command, subject: Option<&str>) -> Self {
        Self { folder: place.folder(), command, subject: subject.map(str::to_owned) }
    }
}

impl fmt::Display for Document {
    /// Writes the path relative to the root, with `/` between folders; in subjects, `:` and `/` become
    /// `%3A` and `%2F`, as `CloudMapper` saves ARNs.
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(formatter, "{}/{}", self.folder, self.command.name)?;
        if let Some(subject) = &self.subject {
            write!(formatter, ".{}", subject.replace(':', "%3A").replace('/', "%2F"))?;
        }
        formatter.write_str(".json")
    }
}

/// Writes one document item by item, byte for byte as the CLI lays it out.
#[derive(Debug)]
pub(crate) struct DocumentWriter<W> {
    output: W,
    // INVARIANT: indented to the depth of an item.
    formatter: PrettyFormatter<'static>,
    is_empty: bool,
}

impl<W: Write> DocumentWriter<W> {
    pub(crate) fn begin(mut output: W, key: &str) -> io::Result<Self> {
        let mut formatter = PrettyFormatter::with_indent(INDENT);
        formatter.begin_object(&mut output)?;
        formatter.begin_object_key(&mut output, true)?;
        write!(output, "\"{key}\"")?;
        formatter.begin_object_value(&mut output)?;
        formatter.begin_array(&mut output)?;
        Ok(Self { output, formatter, is_empty: true })
    }

    pub(crate) fn item(&mut self, item: &Json) -> io::Result<()> {
        self.formatter.begin_array_value(&mut self.output, self.is_empty)?;
        self.is_empty = false;
        item.serialize(&mut Serializer::with_formatter(&mut self.output, self.formatter.clone()))?;
        self.formatter.end_array_value(&mut self.output)
    }

    pub(crate) fn end(mut self) -> io::Result<W> {
        self.formatter.end_array(&mut self.output)?;
        self.formatter.end_object_value(&mut self.output)?;
        self.formatter.end_object(&mut self.output)?;
        self.output.write_all(b"\n")?;
        self.output.flush()?;
        Ok(self.output)
    }
}

#[cfg(test)]
mod tests {
    use super::super::json::object;
    use super::*;

    /// Writes `items` and checks that the layout is that of a whole document printed at once.
    fn check(items: &[Json]) {
        let mut writer = DocumentWriter::begin(Vec::new(), "Vpcs").unwrap();
        for item in items {
            writer.item(item).unwrap();
        }
        let written = writer.end().unwrap();

        let mut whole = Vec::new();
        let whole_document = object! { "Vpcs": items.to_vec() };
        let formatter = PrettyFormatter::with_indent(INDENT);
        whole_document.serialize(&mut Serializer::with_formatter(&mut whole, formatter)).unwrap();
        whole.push(b'\n');
        assert_eq!(String::from_utf8(written).unwrap(), String::from_utf8(whole).unwrap());
    }

    #[test]
    fn streamed_layout_equals_whole_layout() {
        let vpc = object! { "VpcId": "vpc-1", "Tags": Vec::new(), "Set": vec![object! {"A": 1}] };
        check(&[]);
        check(std::slice::from_ref(&vpc));
        check(&[vpc.clone(), vpc]);
    }
}
