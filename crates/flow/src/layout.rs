//! Which fields the lines of a file have, and in which order.
//!
//! A flow log's format never changes; who wants another makes another flow log, whose files land beside the old ones. So each
//! file is read by its own header. What CloudWatch has no header for is read by the format that the flow log was made with,
//! or by AWS's defaults.

use std::fmt;

use crate::field::{Field, FieldType, LogKind};
use crate::record::Record;
use crate::scan;

/// The longest line of a layout that we believe in. AWS has 72 fields.
const MAX_COLUMNS: usize = 256;

/// The longest name that we take for the name of a field. AWS's longest has 26 bytes.
const MAX_NAME: usize = 64;

/// How many lines are tried before a text without a header is given up.
const LINES_TRIED: usize = 100;

/// The fields of a VPC flow log for which nothing else was asked.
static VPC_DEFAULT: &[Field] = &[
    Field::Version,
    Field::AccountId,
    Field::InterfaceId,
    Field::SrcAddr,
    Field::DstAddr,
    Field::SrcPort,
    Field::DstPort,
    Field::Protocol,
    Field::Packets,
    Field::Bytes,
    Field::Start,
    Field::End,
    Field::Action,
    Field::LogStatus,
];

/// The fields of a transit gateway flow log for which nothing else was asked.
static TRANSIT_GATEWAY_DEFAULT: &[Field] = &[
    Field::Version,
    Field::ResourceType,
    Field::AccountId,
    Field::TgwId,
    Field::TgwAttachmentId,
    Field::TgwSrcVpcAccountId,
    Field::TgwDstVpcAccountId,
    Field::TgwSrcVpcId,
    Field::TgwDstVpcId,
    Field::TgwSrcSubnetId,
    Field::TgwDstSubnetId,
    Field::TgwSrcEni,
    Field::TgwDstEni,
    Field::TgwSrcAzId,
    Field::TgwDstAzId,
    Field::TgwPairAttachmentId,
    Field::SrcAddr,
    Field::DstAddr,
    Field::SrcPort,
    Field::DstPort,
    Field::Protocol,
    Field::Packets,
    Field::Bytes,
    Field::Start,
    Field::End,
    Field::LogStatus,
    Field::Type,
    Field::PacketsLostNoRoute,
    Field::PacketsLostBlackhole,
    Field::PacketsLostMtuExceeded,
    Field::PacketsLostTtlExpired,
    Field::TcpFlags,
    Field::Region,
    Field::FlowDirection,
    Field::PktSrcAwsService,
    Field::PktDstAwsService,
];

/// One column of a file.
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub enum Column {
    /// A field of the table.
    Known(Field),
    /// A field that AWS added after this was written, by its name in the header. Its values are kept as text.
    Unknown(Box<str>),
}

impl Column {
    /// Returns the name in text logs.
    pub fn text_name(&self) -> &str {
        match self {
            Self::Known(field) => field.text_name(),
            Self::Unknown(name) => name,
        }
    }

    /// Returns the name in Parquet files: the text name with `_` for `-`.
    pub fn column_name(&self) -> String {
        self.text_name().replace('-', "_")
    }

    /// Returns what the values are; [`FieldType::Text`] if we do not know.
    pub fn field_type(&self) -> FieldType {
        self.field().map_or(FieldType::Text, Field::field_type)
    }

    /// Returns the field, if we know it.
    pub fn field(&self) -> Option<Field> {
        match self {
            Self::Known(field) => Some(*field),
            Self::Unknown(_) => None,
        }
    }

    fn named(name: &str) -> Option<Self> {
        if let Some(field) = Field::in_header(name) {
            return Some(Self::Known(field));
        }
        let starts_well = name.starts_with(|it: char| it.is_ascii_alphabetic());
        let goes_on_well =
            name.bytes().all(|it| it.is_ascii_alphanumeric() || matches!(it, b'-' | b'_'));
        let is_name = starts_well && goes_on_well && name.len() <= MAX_NAME;
        is_name.then(|| Self::Unknown(name.to_ascii_lowercase().into()))
    }
}

/// Why a text is not the header or the format of a flow log.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum LayoutError {
    /// There is no field at all.
    #[error("there is no field in the format")]
    Empty,
    /// Something in it is not the name of a field.
    #[error("`{name}` is not the name of a field")]
    NotAName {
        /// The text, cut short if it is long.
        name: String,
    },
    /// A field stands there twice.
    #[error("the field `{name}` is there twice")]
    Repeated {
        /// The text name of the field.
        name: String,
    },
    /// There are more columns than any flow log has.
    #[error("there are more than {MAX_COLUMNS} fields")]
    TooMany,
}

impl LayoutError {
    /// Returns what the user can do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Empty | Self::NotAName { .. } => {
                "write the fields as in the flow log, such as `${version} ${srcaddr} ${dstaddr}`"
            }
            Self::Repeated { .. } | Self::TooMany => "name each field once",
        }
    }
}

/// The columns of a file, in its order.
///
/// ```
/// use portolan_flow::{Field, Layout};
///
/// let layout = Layout::parse("${srcaddr} ${dstport}").unwrap();
/// assert_eq!(layout.slot(Field::DstPort), Some(1));
/// assert_eq!(layout.to_string(), "srcaddr dstport");
/// ```
#[derive(Clone, Debug, Eq, Hash, PartialEq)]
pub struct Layout {
    // INVARIANT: 1 to MAX_COLUMNS columns, all different.
    columns: Vec<Column>,
    // INVARIANT: the type of each column. Kept because it is asked for once for each value that is read.
    types: Vec<FieldType>,
}

impl Layout {
    /// Returns the default layout of a kind of log: version 2 of VPC flow logs, version 6 of those of transit gateways.
    pub fn default_of(kind: LogKind) -> Self {
        let fields = match kind {
            LogKind::Vpc => VPC_DEFAULT,
            LogKind::TransitGateway => TRANSIT_GATEWAY_DEFAULT,
        };
        Self::of(fields.iter().copied().map(Column::Known).collect())
    }

    /// Reads the header of a file (`version srcaddr`) or a format as in `CreateFlowLogs` (`${version} ${srcaddr}`).
    ///
    /// Names are parted by any white space. A name that we do not know is a column of text.
    ///
    /// # Errors
    ///
    /// Returns an error if there is no name, one twice, too many, or something that cannot be one.
    pub fn parse(text: &str) -> Result<Self, LayoutError> {
        let mut columns = Vec::new();
        for token in text.split_ascii_whitespace() {
            let name =
                token.strip_prefix("${").and_then(|it| it.strip_suffix('}')).unwrap_or(token);
            let column = Column::named(name).ok_or_else(|| not_a_name(name))?;
            if columns.contains(&column) {
                return Err(LayoutError::Repeated { name: column.text_name().to_owned() });
            }
            if columns.len() == MAX_COLUMNS {
                return Err(LayoutError::TooMany);
            }
            columns.push(column);
        }
        if columns.is_empty() { Err(LayoutError::Empty) } else { Ok(Self::of(columns)) }
    }

    /// Returns the layout that a line declares, or `None` if it is no header.
    ///
    /// A header consists of names, most of which we know. No record is like that: its values are numbers, addresses and ids.
    pub fn of_header(line: &[u8]) -> Option<Self> {
        // Nearly all lines that are asked about are records, and begin with a number.
        line.iter().find(|it| !it.is_ascii_whitespace()).filter(|it| !it.is_ascii_digit())?;
        let layout = Self::parse(str::from_utf8(line).ok()?).ok()?;
        let known = layout.columns.iter().filter(|it| it.field().is_some()).count();
        (known * 2 > layout.columns.len()).then_some(layout)
    }

    /// Returns the layout of a text: what its first line declares, or else the default whose records are there.
    ///
    /// `None` if there is no header, and none of the first lines is a record of a default format.
    pub fn detect(text: &[u8]) -> Option<Self> {
        let mut lines = scan::lines(text).filter(|it| !it.trim_ascii().is_empty());
        let first = lines.next()?;
        Self::of_header(first)
            .or_else(|| std::iter::once(first).chain(lines).take(LINES_TRIED).find_map(default_for))
    }

    /// Returns the columns, in the order of the file.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// Returns where a field stands, counted from 0, or `None` if the file does not have it.
    pub fn slot(&self, field: Field) -> Option<usize> {
        self.columns.iter().position(|it| it.field() == Some(field))
    }

    /// Returns which kind of log has these fields: that of a transit gateway if a column is only there.
    pub fn kind(&self) -> LogKind {
        let is_only_there = |field: Field| !field.is_in(LogKind::Vpc);
        let is_gateway = self.columns.iter().filter_map(Column::field).any(is_only_there);
        if is_gateway { LogKind::TransitGateway } else { LogKind::Vpc }
    }

    /// Returns the type of each column.
    pub(crate) fn types(&self) -> &[FieldType] {
        &self.types
    }

    /// Returns whether each column takes any text, so that a header may pass for a record.
    pub(crate) fn takes_any_text(&self) -> bool {
        self.types.iter().all(|it| matches!(it, FieldType::Word | FieldType::Text))
    }

    fn of(columns: Vec<Column>) -> Self {
        let types = columns.iter().map(Column::field_type).collect();
        Self { columns, types }
    }
}

impl fmt::Display for Layout {
    /// Writes the header of a file: the names, parted by one space.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (index, column) in self.columns.iter().enumerate() {
            let space = if index == 0 { "" } else { " " };
            write!(f, "{space}{}", column.text_name())?;
        }
        Ok(())
    }
}

fn not_a_name(name: &str) -> LayoutError {
    LayoutError::NotAName { name: name.chars().take(MAX_NAME).collect() }
}

/// Returns the default layout of which the line is a record.
fn default_for(line: &[u8]) -> Option<Layout> {
    let line = str::from_utf8(line).ok()?;
    let layouts = [LogKind::Vpc, LogKind::TransitGateway].map(Layout::default_of);
    layouts.into_iter().find(|layout| Record::default().read(layout, line).is_ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn check(header: &str, expected: &str) {
        let layout = Layout::parse(header);
        assert_eq!(layout.map_or_else(|error| error.to_string(), |it| it.to_string()), expected);
    }

    #[test]
    fn headers_and_formats_are_read() {
        check("version srcaddr", "version srcaddr");
        check("  version   srcaddr\r", "version srcaddr");
        check("${version} ${pkt-srcaddr}", "version pkt-srcaddr");
        check("version pkt_srcaddr", "version pkt-srcaddr");
        check("version field-of-tomorrow", "version field-of-tomorrow");
    }

    #[test]
    fn what_is_no_header_says_why() {
        check(" ", "there is no field in the format");
        check("version 10.0.0.1", "`10.0.0.1` is not the name of a field");
        check("start end start", "the field `start` is there twice");
        check("start new_field new_field", "the field `new_field` is there twice");
        check(&"x".repeat(65), &format!("`{}` is not the name of a field", "x".repeat(64)));
        let many: Vec<_> = (0..300).map(|number| format!("field-{number}")).collect();
        check(&many.join(" "), "there are more than 256 fields");
    }

    #[test]
    fn defaults_are_those_of_aws() {
        let expected = "version account-id interface-id srcaddr dstaddr srcport dstport protocol packets bytes start end \
                        action log-status";
        assert_eq!(Layout::default_of(LogKind::Vpc).to_string(), expected);
        let gateway = Layout::default_of(LogKind::TransitGateway);
        assert_eq!(gateway.columns().len(), 36);
        assert_eq!(gateway.kind(), LogKind::TransitGateway);
        assert_eq!(gateway, Layout::parse(&gateway.to_string()).unwrap());
    }

    fn detected(text: &str) -> Option<String> {
        Layout::detect(text.as_bytes()).map(|it| it.to_string())
    }

    #[test]
    fn a_text_is_known_by_its_first_lines() {
        let vpc = Layout::default_of(LogKind::Vpc).to_string();
        let record = "2 123456789010 eni-1 - - - - - - - 1431280876 1431280934 - NODATA";
        assert_eq!(detected("\u{feff}start end\n1 2\n"), Some("start end".to_owned()));
        assert_eq!(detected("\r\n\r\nstart end\r\n"), Some("start end".to_owned()));
        assert_eq!(detected(record), Some(vpc.clone()));
        assert_eq!(detected(&format!("cut off in the middle\n{record}")), Some(vpc));
        assert_eq!(detected("10.0.0.1 10.0.0.2\n"), None);
        assert_eq!(detected(""), None);
    }

    #[test]
    fn a_transit_gateway_is_known_without_header() {
        let record = "6 TransitGateway 123456789012 tgw-1 tgw-attach-1 1 2 vpc-1 vpc-2 subnet-1 subnet-2 eni-1 eni-2 \
                      use1-az4 use1-az4 tgw-attach-2 10.20.33.164 10.40.11.28 80 443 6 1 40 1702065600 1702065660 OK \
                      IPv4 0 0 0 0 2 us-east-1 egress - -";
        let expected = Layout::default_of(LogKind::TransitGateway).to_string();
        assert_eq!(detected(record), Some(expected));
    }

    #[test]
    fn records_are_no_headers() {
        assert_eq!(Layout::of_header(b"us-east-1 egress"), None);
        assert_eq!(Layout::of_header(b"ACCEPT OK"), None);
        assert_eq!(Layout::of_header(b"- - type"), None);
        assert_eq!(Layout::of_header(b""), None);
        assert!(Layout::of_header(b"action log-status").is_some());
    }
}
