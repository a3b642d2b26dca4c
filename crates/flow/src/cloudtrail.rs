//! Events of CloudTrail: who changed what lets traffic through, and when.
//!
//! Flow logs do not say which rule let a flow pass, and a model says only what the rules are now. The calls in between are in
//! CloudTrail. Of these, the ones that change security groups, network ACLs, the groups of an interface, and flow logs
//! themselves become [`Change`]s in the types of the model; all others are counted and passed over.
//!
//! A call that failed changed nothing, and so [`ChangeEvent::change`] does not give it out. A call of a known name in a shape
//! that we cannot read is [`Change::Other`]: something changed, and we do not know what.
//!
//! Sources: `CloudTrail` User Guide, "CloudTrail record contents"; `ec2.amazonaws.com` events as recorded by AWS.

mod change;
mod node;

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

use crate::scan;
use crate::timestamp;
pub use change::{Change, InterfaceGroups, RuleUpdate};

/// The service whose calls change networks.
const EC2: &str = "ec2.amazonaws.com";

/// What a file of CloudTrail says.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Trail {
    /// The calls that change what this module is about, the failed ones included, in the order of the file.
    pub events: Vec<ChangeEvent>,
    /// How many events are about something else.
    pub passed: u64,
    /// What could not be read.
    pub errors: Vec<TrailError>,
}

/// A call that changes something, or was meant to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct ChangeEvent {
    /// The id of the event. One that was delivered twice has the same.
    pub id: String,
    /// The name of the call, such as `AuthorizeSecurityGroupIngress`.
    pub name: String,
    /// When it was made, in seconds since 1970 UTC.
    pub time: i64,
    /// Who made it.
    pub actor: Actor,
    /// The account that received it.
    pub account: Option<String>,
    /// The Region that received it.
    pub region: String,
    /// Where it came from: an address, or the name of a service that acts for somebody.
    pub source: Option<String>,
    /// What became of it.
    pub outcome: Outcome,
    // Private, so that nobody takes a failed call for a change.
    attempted: Change,
}

/// What became of a call.
#[derive(Clone, Debug, Eq, PartialEq)]
pub enum Outcome {
    /// It succeeded.
    Done,
    /// It failed and changed nothing.
    Failed {
        /// The code, such as `Client.InvalidPermission.Duplicate`; absent if AWS only says that it failed.
        code: Option<String>,
        /// What AWS said about it.
        message: Option<String>,
    },
}

/// Who made a call.
#[derive(Clone, Debug, Default, Deserialize, Eq, PartialEq)]
#[serde(rename_all = "camelCase", default)]
pub struct Actor {
    /// What it is: `IAMUser`, `AssumedRole`, `Root`, `AWSService` and others.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The ARN, which names a session if it is a role.
    pub arn: Option<String>,
    /// The unique id.
    pub principal_id: Option<String>,
    /// The account.
    pub account_id: Option<String>,
    /// The name of an IAM user.
    pub user_name: Option<String>,
    /// The service that acted, if it was one.
    pub invoked_by: Option<String>,
}

/// Something in a file of CloudTrail that could not be read.
#[derive(Clone, Debug, Eq, PartialEq, thiserror::Error)]
#[error("byte {offset}: {message}")]
pub struct TrailError {
    /// Where the event or document begins, in bytes.
    pub offset: usize,
    /// What is wrong, and where within it.
    pub message: String,
}

impl ChangeEvent {
    /// Returns what the call changed; `None` if it failed.
    pub fn change(&self) -> Option<&Change> {
        (self.outcome == Outcome::Done).then_some(&self.attempted)
    }

    /// Returns what the call was meant to change, whether it did or not.
    pub fn attempted(&self) -> &Change {
        &self.attempted
    }
}

/// Reads a file of CloudTrail: `{"Records": […]}`, single events, or events as `EventBridge` delivers them.
///
/// Documents may follow one another. What cannot be read is an error, and the rest is read all the same.
///
/// ```
/// let json = br#"{"Records":[{"eventID":"1","eventTime":"2026-01-01T00:00:00Z","eventSource":"ec2.amazonaws.com",
///     "eventName":"DeleteSecurityGroup","awsRegion":"eu-west-1","requestParameters":{"groupId":"sg-1"}}]}"#;
/// let trail = portolan_flow::read_trail(json);
/// assert!(matches!(trail.events[0].change(), Some(portolan_flow::Change::GroupDeleted { .. })));
/// ```
pub fn read_trail(json: &[u8]) -> Trail {
    let json = scan::without_mark(json);
    let mut trail = Trail::default();
    let mut documents = serde_json::Deserializer::from_slice(json).into_iter::<&RawValue>();
    loop {
        let offset = documents.byte_offset();
        match documents.next() {
            Some(Ok(document)) => trail.read_document(json, document),
            Some(Err(error)) => {
                trail.errors.push(TrailError { offset, message: error.to_string() });
                return trail;
            }
            None => return trail,
        }
    }
}

/// What may be around events.
#[derive(Deserialize)]
struct Document<'a> {
    #[serde(rename = "Records", borrow, default)]
    records: Option<Vec<&'a RawValue>>,
    #[serde(borrow, default)]
    detail: Option<&'a RawValue>,
}

/// An event, in AWS's words.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Wire<'a> {
    #[serde(rename = "eventID")]
    event_id: String,
    event_time: String,
    event_name: String,
    aws_region: String,
    #[serde(rename = "sourceIPAddress")]
    source: Option<String>,
    error_code: Option<String>,
    error_message: Option<String>,
    #[serde(default)]
    user_identity: Option<Actor>,
    recipient_account_id: Option<String>,
    #[serde(borrow, default)]
    request_parameters: Option<&'a RawValue>,
    #[serde(borrow, default)]
    response_elements: Option<&'a RawValue>,
}

/// The two names by which most events are passed over.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Name<'a> {
    #[serde(borrow, default)]
    event_source: Option<Cow<'a, str>>,
    #[serde(borrow)]
    event_name: Cow<'a, str>,
}

impl Trail {
    fn read_document(&mut self, file: &[u8], document: &RawValue) {
        match serde_json::from_str(document.get()) {
            Ok(Document { records: Some(records), .. }) => {
                for record in records {
                    self.read_event(file, record);
                }
            }
            Ok(Document { detail: Some(event), .. }) => self.read_event(file, event),
            Ok(Document { .. }) => self.read_event(file, document),
            Err(error) => self.errors.push(TrailError::of(file, document, &error)),
        }
    }

    fn read_event(&mut self, file: &[u8], event: &RawValue) {
        match change_event(event.get()) {
            Ok(Some(event)) => self.events.push(event),
            Ok(None) => self.passed += 1,
            Err(error) => self.errors.push(TrailError::of(file, event, &error)),
        }
    }
}

impl TrailError {
    /// Returns the error with the place of `part` within the file that it borrows from.
    fn of(file: &[u8], part: &RawValue, error: &serde_json::Error) -> Self {
        let offset = part.get().as_ptr().addr().saturating_sub(file.as_ptr().addr());
        Self { offset, message: error.to_string() }
    }
}

/// Reads an event; `None` if it is about something else.
fn change_event(json: &str) -> Result<Option<ChangeEvent>, serde_json::Error> {
    let name: Name<'_> = serde_json::from_str(json)?;
    let reader = change::reader(&name.event_name);
    let Some(reader) = reader.filter(|_| name.event_source.as_deref() == Some(EC2)) else {
        return Ok(None);
    };
    let wire: Wire<'_> = serde_json::from_str(json)?;
    let time = timestamp::millis(&wire.event_time).map(|it| it.div_euclid(1_000));
    let time = time.ok_or_else(|| {
        serde::de::Error::custom(format_args!("`{}` is not a time", wire.event_time.escape_debug()))
    })?;
    let request = node::parse(wire.request_parameters)?;
    let response = node::parse(wire.response_elements)?;
    let call = change::Call::of(&request, &response);
    if call.is_about_another_attribute(&wire.event_name) {
        return Ok(None);
    }
    let outcome = if wire.error_code.is_some() || call.is_refused() {
        Outcome::Failed { code: wire.error_code, message: wire.error_message }
    } else {
        Outcome::Done
    };
    Ok(Some(ChangeEvent {
        attempted: reader(&call).unwrap_or(Change::Other),
        id: wire.event_id,
        name: wire.event_name,
        time,
        actor: wire.user_identity.unwrap_or_default(),
        account: wire.recipient_account_id,
        region: wire.aws_region,
        source: wire.source,
        outcome,
    }))
}

#[cfg(test)]
mod tests;
