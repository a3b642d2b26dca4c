//! The JSON that CloudWatch Logs and Firehose put around the lines of a flow log.
//!
//! There are several kinds, and each is the answer of one API: subscriptions (`logEvents`), `filter-log-events` and
//! `get-log-events` (`events`), `get-query-results` (`results`), and what Firehose delivers (`message`). They are told apart
//! by which of these names they have; the rest of a document is passed over. Documents may follow one another with nothing
//! between them, as Firehose writes them.
//!
//! Sources: CloudWatch Logs User Guide, "Using subscription filters"; CloudWatch Logs API Reference, `FilterLogEvents`,
//! `GetLogEvents`, `GetQueryResults`; Firehose Developer Guide, "Configure VPC flow logs".

use std::borrow::Cow;
use std::fmt;

use serde::de::{self, Deserialize, Deserializer, Visitor};

use crate::scan;
use crate::timestamp;

/// The messages of one document.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Batch<'a> {
    /// The account that owns the log group, if the document says so.
    pub owner: Option<Cow<'a, str>>,
    /// The log group, if the document says so.
    pub log_group: Option<Cow<'a, str>>,
    /// The messages, in the order of the document.
    pub events: Vec<Event<'a>>,
}

/// One message.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Event<'a> {
    /// What the flow log wrote: a line.
    pub message: Cow<'a, str>,
    /// When, in milliseconds since 1970 UTC, as CloudWatch sees it.
    pub timestamp: Option<i64>,
    /// The log stream. Flow logs name theirs after the interface: `eni-1235b8ca123456789-all`.
    pub log_stream: Option<Cow<'a, str>>,
    /// The id of the event, by which CloudWatch tells one that is delivered twice.
    pub id: Option<Cow<'a, str>>,
}

/// Why not all of an envelope could be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[non_exhaustive]
pub enum EnvelopeError {
    /// The JSON is broken, or not of a known kind.
    #[error("byte {offset}: {message}")]
    Json {
        /// Where the document begins that could not be read, in bytes.
        offset: usize,
        /// What is wrong, and where within the document.
        message: String,
    },
    /// A result of a query has rows without the original lines.
    #[error("{rows} rows of the query result have no `@message`")]
    NoMessage {
        /// How many rows.
        rows: usize,
    },
}

impl EnvelopeError {
    /// Returns what the user can do about it.
    pub fn help(&self) -> &'static str {
        match self {
            Self::Json { .. } => "the file may be cut off; what stands before this place was read",
            Self::NoMessage { .. } => "ask the query for it, as in `fields @timestamp, @message`",
        }
    }
}

/// Reads the messages of JSON, and all that is wrong with it.
///
/// What stands before an error is returned. A control message of a subscription is an empty batch.
///
/// ```
/// let json = br#"{"owner":"1","logEvents":[{"timestamp":5,"message":"2 1 eni-1"}]}"#;
/// let (batches, errors) = portolan_flow::read_envelope(json);
/// assert_eq!(batches[0].events[0].message, "2 1 eni-1");
/// assert!(errors.is_empty());
/// ```
pub fn read_envelope(json: &[u8]) -> (Vec<Batch<'_>>, Vec<EnvelopeError>) {
    let json = scan::without_mark(json);
    let mut batches = Vec::new();
    let mut errors = Vec::new();
    let mut documents = serde_json::Deserializer::from_slice(json).into_iter::<Document<'_>>();
    loop {
        let offset = documents.byte_offset();
        match documents.next() {
            Some(Ok(document)) => batches.push(document.into_batch(&mut errors)),
            Some(Err(error)) => {
                errors.push(EnvelopeError::Json { offset, message: error.to_string() });
                break;
            }
            None => break,
        }
    }
    (batches, errors)
}

/// A document of any kind, or the list that `--query` leaves of one.
enum Document<'a> {
    Whole(Box<Wire<'a>>),
    Events(Vec<WireEvent<'a>>),
}

/// All names of all kinds.
#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(borrow, default)]
    owner: Option<Text<'a>>,
    #[serde(borrow, default)]
    log_group: Option<Text<'a>>,
    #[serde(borrow, default)]
    log_stream: Option<Text<'a>>,
    #[serde(borrow, default)]
    message_type: Option<Text<'a>>,
    #[serde(borrow, default, alias = "events")]
    log_events: Option<Vec<WireEvent<'a>>>,
    #[serde(borrow, default)]
    results: Option<Vec<Vec<WireField<'a>>>>,
    #[serde(borrow, default)]
    message: Option<Text<'a>>,
    #[serde(default)]
    timestamp: Option<i64>,
}

#[derive(serde::Deserialize)]
#[serde(rename_all = "camelCase")]
struct WireEvent<'a> {
    #[serde(borrow)]
    message: Text<'a>,
    #[serde(default)]
    timestamp: Option<i64>,
    #[serde(borrow, default)]
    log_stream_name: Option<Text<'a>>,
    #[serde(borrow, default, alias = "eventId")]
    id: Option<Text<'a>>,
}

/// A cell of a query result.
#[derive(serde::Deserialize)]
struct WireField<'a> {
    #[serde(borrow)]
    field: Text<'a>,
    #[serde(borrow, default)]
    value: Option<Text<'a>>,
}

/// A text that borrows unless it has escapes.
struct Text<'a>(Cow<'a, str>);

impl<'a> Document<'a> {
    fn into_batch(self, errors: &mut Vec<EnvelopeError>) -> Batch<'a> {
        match self {
            Self::Whole(wire) => wire.into_batch(errors),
            Self::Events(events) => {
                let events = events.into_iter().map(|it| it.into_event(None)).collect();
                Batch { events, ..Batch::default() }
            }
        }
    }
}

impl<'a> Wire<'a> {
    fn into_batch(self, errors: &mut Vec<EnvelopeError>) -> Batch<'a> {
        let stream = self.log_stream.map(|it| it.0);
        let is_control = self.message_type.is_some_and(|it| it.0 == "CONTROL_MESSAGE");
        let events = self.log_events.unwrap_or_default().into_iter().filter(|_| !is_control);
        let mut events: Vec<_> = events.map(|it| it.into_event(stream.as_ref())).collect();
        let rows = self.results.unwrap_or_default();
        let all = rows.len();
        let found = events.len();
        events.extend(rows.into_iter().filter_map(event_of_row));
        let without_message = all - (events.len() - found);
        if without_message > 0 {
            errors.push(EnvelopeError::NoMessage { rows: without_message });
        }
        let alone = self.message.map(|message| Event {
            message: message.0,
            timestamp: self.timestamp,
            log_stream: stream,
            id: None,
        });
        events.extend(alone);
        Batch { owner: self.owner.map(|it| it.0), log_group: self.log_group.map(|it| it.0), events }
    }
}

impl<'a> WireEvent<'a> {
    /// Returns the event; `stream` is that of the document.
    fn into_event(self, stream: Option<&Cow<'a, str>>) -> Event<'a> {
        Event {
            message: self.message.0,
            timestamp: self.timestamp,
            log_stream: self.log_stream_name.map(|it| it.0).or_else(|| stream.cloned()),
            id: self.id.map(|it| it.0),
        }
    }
}

/// Returns the event of a row of a query result; `None` if the query did not ask for the message.
fn event_of_row(row: Vec<WireField<'_>>) -> Option<Event<'_>> {
    let mut event = Event::default();
    let mut has_message = false;
    for WireField { field, value } in row {
        let Some(Text(value)) = value else { continue };
        match &*field.0 {
            "@message" => {
                event.message = value;
                has_message = true;
            }
            "@timestamp" => event.timestamp = timestamp::millis(&value),
            "@logStream" => event.log_stream = Some(value),
            "@ptr" => event.id = Some(value),
            _ => {}
        }
    }
    has_message.then_some(event)
}

impl<'de> Deserialize<'de> for Document<'de> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(DocumentVisitor)
    }
}

struct DocumentVisitor;

impl<'de> Visitor<'de> for DocumentVisitor {
    type Value = Document<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("log events")
    }

    fn visit_map<A: de::MapAccess<'de>>(self, map: A) -> Result<Document<'de>, A::Error> {
        let wire = Wire::deserialize(de::value::MapAccessDeserializer::new(map))?;
        Ok(Document::Whole(Box::new(wire)))
    }

    fn visit_seq<A: de::SeqAccess<'de>>(self, events: A) -> Result<Document<'de>, A::Error> {
        let events = Vec::deserialize(de::value::SeqAccessDeserializer::new(events))?;
        Ok(Document::Events(events))
    }
}

impl<'de: 'a, 'a> Deserialize<'de> for Text<'a> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_str(TextVisitor)
    }
}

struct TextVisitor;

impl<'de> Visitor<'de> for TextVisitor {
    type Value = Text<'de>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a string")
    }

    fn visit_borrowed_str<E>(self, text: &'de str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Borrowed(text)))
    }

    fn visit_str<E>(self, text: &str) -> Result<Text<'de>, E> {
        Ok(Text(Cow::Owned(text.to_owned())))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::line::message_lines;

    /// Checks the lines of the JSON, each after its time, and the errors after them.
    fn check(json: &str, expected: &str) {
        let (batches, errors) = read_envelope(json.as_bytes());
        let lines = message_lines(&batches).map(|line| {
            let time = line.timestamp.map_or_else(|| "-".to_owned(), |it| it.to_string());
            format!("{time} {}", line.text.unwrap())
        });
        let found: Vec<_> = lines.chain(errors.iter().map(EnvelopeError::to_string)).collect();
        assert_eq!(found.join("\n"), expected);
    }

    #[test]
    fn subscriptions_are_read() {
        check(
            r#"{"messageType":"DATA_MESSAGE","owner":"123456789010","logGroup":"flows","logStream":"eni-1-all",
                "subscriptionFilters":["all"],"logEvents":[
                {"id":"31953106606966983378809025079804211143289615424298221568","timestamp":1432826855000,
                 "message":"2 123456789010 eni-1","extractedFields":{"version":"2"}}]}"#,
            "1432826855000 2 123456789010 eni-1",
        );
        check(
            r#"{"messageType":"CONTROL_MESSAGE","owner":"CloudwatchLogs","logGroup":"","logStream":"","logEvents":[
                {"id":"","timestamp":1,"message":"CWL CONTROL MESSAGE: Checking health of destination Firehose."}]}"#,
            "",
        );
    }

    #[test]
    fn a_subscription_says_where_its_events_are_from() {
        let json = br#"{"owner":"1","logGroup":"g","logStream":"s","logEvents":[{"id":"7","message":"m"}]}"#;
        let (batches, _) = read_envelope(json);
        let expected = Event {
            message: "m".into(),
            timestamp: None,
            log_stream: Some("s".into()),
            id: Some("7".into()),
        };
        assert_eq!(batches[0].events, [expected]);
        assert_eq!(batches[0].log_group.as_deref(), Some("g"));
    }

    #[test]
    fn answers_of_the_command_line_are_read() {
        check(
            r#"{"events":[{"logStreamName":"s","timestamp":1,"message":"a","ingestionTime":2,"eventId":"3"}],
                "searchedLogStreams":[],"nextToken":"t"}"#,
            "1 a",
        );
        check(r#"{"nextForwardToken":"f/1","events":[{"timestamp":1,"message":"a"}]}"#, "1 a");
        check(r#"[{"timestamp":1,"message":"a"},{"timestamp":2,"message":"b"}]"#, "1 a\n2 b");
    }

    #[test]
    fn query_results_are_read_if_they_have_the_message() {
        check(
            r#"{"results":[[{"field":"@timestamp","value":"2026-01-01 00:00:00.000"},
                {"field":"@message","value":"2 1 eni-1"},{"field":"@ptr","value":"p"}],
                [{"field":"srcAddr","value":"10.0.0.1"}]],"statistics":{"recordsMatched":2.0},"status":"Complete"}"#,
            "1767225600000 2 1 eni-1\n1 rows of the query result have no `@message`",
        );
    }

    #[test]
    fn documents_may_follow_one_another() {
        check(
            "{\"message\":\"a\"}{\"message\":\"b\\n\"}\n{\"message\":\"c\\nd\"}",
            "- a\n- b\n- c\n- d",
        );
    }

    #[test]
    fn what_is_before_an_error_is_kept() {
        check(
            r#"{"message":"a"}{"message":"b""#,
            "- a\nbyte 15: EOF while parsing an object at line 1 column 29",
        );
        check("{}", "");
        check("3", "byte 0: invalid type: integer `3`, expected log events at line 1 column 1");
    }

    #[test]
    fn messages_borrow() {
        let (batches, _) = read_envelope(br#"{"message":"a b"}"#);
        assert!(matches!(batches[0].events[0].message, Cow::Borrowed("a b")));
    }
}
