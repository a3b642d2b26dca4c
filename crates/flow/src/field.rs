//! Every field of every flow log, once.
//!
//! Headers, the columns of the lake, the vocabulary of queries and the manual are all made from the one table here. Each
//! field has three names that people and AWS use, and they differ by more than spelling: `start` in a log is `startTime` in
//! a query. [`Field::named`] takes any of them, in any case, with words parted by `-`, `_`, a space or nothing.
//!
//! Sources: Amazon VPC User Guide, "Flow log records" and "Transit Gateway Flow Log records"; CloudWatch Logs User Guide,
//! "Supported logs and discovered fields", for the query names of version 2. The later ones follow its pattern.

mod alias;
mod table;

use std::fmt;

pub use table::Field;

/// What the values of a field are.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum FieldType {
    /// An address of either family.
    Address,
    /// A TCP or UDP port, 0 to 65535; 0 where the protocol has none.
    Port,
    /// A number from 0 to 255: protocol, flags, or a small code.
    Byte,
    /// A count, 0 to 2⁶³ - 1.
    Integer,
    /// A time, in seconds since 1970 UTC.
    Seconds,
    /// A text of which there are few: a code, an account, a Region.
    Word,
    /// Any other text: identifiers, names, tags.
    Text,
}

/// Which resource writes a flow log.
#[derive(Clone, Copy, Debug, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub enum LogKind {
    /// Network interfaces: of a VPC, a subnet, one interface, or a regional NAT gateway.
    Vpc,
    /// Attachments of a transit gateway.
    TransitGateway,
}

/// Which kinds of log can have a field.
#[derive(Clone, Copy, Debug, Eq, Hash, PartialEq)]
enum Carrier {
    Vpc,
    TransitGateway,
    Both,
}

/// What the table says of one field.
#[derive(Debug)]
struct Row {
    text_name: &'static str,
    column_name: &'static str,
    query_name: &'static str,
    field_type: FieldType,
    version: u8,
    carrier: Carrier,
    description: &'static str,
}

impl Field {
    /// Returns the name in text logs and in formats, such as `pkt-srcaddr`.
    pub fn text_name(self) -> &'static str {
        self.row().text_name
    }

    /// Returns the name in AWS's Parquet files and in the lake, such as `pkt_srcaddr`.
    pub fn column_name(self) -> &'static str {
        self.row().column_name
    }

    /// Returns the canonical name in queries, such as `pktSrcAddr`.
    pub fn query_name(self) -> &'static str {
        self.row().query_name
    }

    /// Returns what the values are.
    pub fn field_type(self) -> FieldType {
        self.row().field_type
    }

    /// Returns the version of flow logs that brought the field: 2 to 11.
    pub fn version(self) -> u8 {
        self.row().version
    }

    /// Returns one line about the field.
    pub fn description(self) -> &'static str {
        self.row().description
    }

    /// Returns whether logs of this kind can have the field.
    pub fn is_in(self, kind: LogKind) -> bool {
        match self.row().carrier {
            Carrier::Both => true,
            Carrier::Vpc => kind == LogKind::Vpc,
            Carrier::TransitGateway => kind == LogKind::TransitGateway,
        }
    }

    /// Returns the other names that people use, such as `source ip`.
    pub fn aliases(self) -> impl Iterator<Item = &'static str> {
        alias::ALL.iter().filter(move |(_, field)| *field == self).map(|(alias, _)| *alias)
    }

    /// Returns the field that a header calls so: by its text or column name, in any case.
    pub fn in_header(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| {
            name.eq_ignore_ascii_case(it.text_name()) || name.eq_ignore_ascii_case(it.column_name())
        })
    }

    /// Returns the field with exactly this query name.
    pub fn in_query(name: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|it| it.query_name() == name)
    }

    /// Returns the field that a person calls so.
    ///
    /// Takes every name of the table and every alias, in any case and with `-`, `_` or spaces between words or not.
    ///
    /// ```
    /// use portolan_flow::Field;
    ///
    /// for name in ["srcaddr", "src_addr", "srcAddr", "Source IP"] {
    ///     assert_eq!(Field::named(name), Some(Field::SrcAddr));
    /// }
    /// ```
    pub fn named(name: &str) -> Option<Self> {
        let by_row = Self::ALL
            .iter()
            .copied()
            .find(|it| sounds_like(name, it.text_name()) || sounds_like(name, it.query_name()));
        by_row.or_else(|| {
            alias::ALL.iter().find(|(alias, _)| sounds_like(name, alias)).map(|(_, field)| *field)
        })
    }
}

impl fmt::Display for Field {
    /// Writes the text name.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.text_name())
    }
}

impl fmt::Display for FieldType {
    /// Writes what the manual calls the type.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Address => "address",
            Self::Port => "port",
            Self::Byte => "0 to 255",
            Self::Integer => "count",
            Self::Seconds => "seconds",
            Self::Word => "word",
            Self::Text => "text",
        })
    }
}

/// Returns whether two names are the same but for case and what parts their words.
fn sounds_like(one: &str, other: &str) -> bool {
    sounds(one).eq(sounds(other))
}

fn sounds(name: &str) -> impl Iterator<Item = u8> {
    let parts = |byte: &u8| matches!(byte, b'-' | b'_' | b' ');
    name.bytes().filter(move |byte| !parts(byte)).map(|byte| byte.to_ascii_lowercase())
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn names_are_unique() {
        for name in [Field::text_name, Field::column_name, Field::query_name] {
            let names: BTreeSet<_> = Field::ALL.iter().map(|it| name(*it)).collect();
            assert_eq!(names.len(), Field::ALL.len());
        }
    }

    #[test]
    fn columns_are_named_as_aws_does() {
        for field in Field::ALL {
            assert_eq!(field.column_name(), field.text_name().replace('-', "_"));
        }
    }

    /// Every name, however spelled, leads to one field.
    #[test]
    fn no_name_means_two_fields() {
        for field in Field::ALL {
            let names = [field.text_name(), field.column_name(), field.query_name()];
            for name in names.into_iter().chain(field.aliases()) {
                assert_eq!(Field::named(name), Some(*field), "{name}");
                assert_eq!(Field::named(&name.to_uppercase()), Some(*field), "{name}");
            }
        }
    }

    #[test]
    fn descriptions_are_one_line() {
        for field in Field::ALL {
            let description = field.description();
            assert!(!description.starts_with(char::is_lowercase), "{field}");
            assert!(!description.contains(['\n', '|']) && !description.ends_with('.'), "{field}");
        }
    }

    fn check(name: &str, expected: Option<Field>) {
        assert_eq!(Field::named(name), expected, "{name}");
    }

    #[test]
    fn people_write_names_in_many_ways() {
        check("start", Some(Field::Start));
        check("startTime", Some(Field::Start));
        check("end", Some(Field::End));
        check("src_addr", Some(Field::SrcAddr));
        check("source ip", Some(Field::SrcAddr));
        check("pkt-src-aws-service", Some(Field::PktSrcAwsService));
        check("flow_direction", Some(Field::FlowDirection));
        check("instance-tag-2", Some(Field::InstanceTag2));
        check("instanceTag2", Some(Field::InstanceTag2));
        check("srcaddrs", None);
        check("", None);
        check("-", None);
    }

    /// The names that CloudWatch discovers by itself.
    #[test]
    fn query_names_of_version_2_are_those_of_aws() {
        let names: BTreeSet<_> =
            Field::ALL.iter().filter(|it| it.version() == 2).map(|it| it.query_name()).collect();
        let expected = "accountId action bytes dstAddr dstPort endTime interfaceId logStatus packets protocol srcAddr \
                        srcPort startTime version";
        assert_eq!(Vec::from_iter(names).join(" "), expected);
    }

    #[test]
    fn versions_bring_as_many_fields_as_aws_says() {
        let count = |version, kind| {
            let fields = Field::ALL.iter();
            fields.filter(|it| it.version() == version && it.is_in(kind)).count()
        };
        let vpc: Vec<_> = (2..=11).map(|version| count(version, LogKind::Vpc)).collect();
        assert_eq!(vpc, [14, 7, 4, 4, 0, 10, 1, 1, 1, 12]);
        let transit_gateway: usize = (2..=6).map(|it| count(it, LogKind::TransitGateway)).sum();
        assert_eq!(transit_gateway, 36);
    }

    #[test]
    fn headers_use_names_of_files() {
        assert_eq!(Field::in_header("pkt-srcaddr"), Some(Field::PktSrcAddr));
        assert_eq!(Field::in_header("PKT_SRCADDR"), Some(Field::PktSrcAddr));
        assert_eq!(Field::in_header("pktSrcAddr"), None);
        assert_eq!(Field::in_query("pktSrcAddr"), Some(Field::PktSrcAddr));
        assert_eq!(Field::in_query("pktsrcaddr"), None);
    }
}
