//! Flow-log and CloudTrail records: header-driven parsing without copies.
//!
//! The idea: what a file holds is said by its header alone, so a [`Layout`] is read first and every line is read by it. One
//! line becomes a [`Record`], a row of typed [`Value`]s that borrow from the line; the row is reused, so a line costs no
//! allocation. A line that cannot be read is a [`LineError`] with its place. What the columns mean is in one table, [`Field`].
//! Who reads millions of lines into columns cuts many at once with a [`Cutter`], and leaves what is unusual to the [`Reader`].
//!
//! The alternative, a type for each version of flow logs, was rejected: AWS lets people choose any fields in any order.
//!
//! **Invariant:** no bytes make anything here panic, and no line is dropped: it is a record or a reject.

mod cells;
mod cloudtrail;
mod content;
mod envelope;
mod field;
mod initiator;
mod layout;
mod line;
mod object_key;
mod reader;
mod record;
mod scan;
mod tag;
mod timestamp;
mod value;

pub use cells::{Cell, Cells, Cutter};
pub use cloudtrail::{
    Actor, Change, ChangeEvent, InterfaceGroups, Outcome, RuleUpdate, Trail, TrailError, read_trail,
};
pub use content::Content;
pub use envelope::{Batch, EnvelopeError, Event, read_envelope};
pub use field::{Field, FieldType, LogKind};
pub use initiator::{Basis, Initiator, initiator};
pub use layout::{Column, Layout, LayoutError};
pub use line::{Line, Place, TextLines, export_lines, message_lines, whole_lines};
pub use object_key::{KeyHints, SourceIdentity};
pub use reader::{Counts, Reader, Reject};
pub use record::{Fault, LineError, Record};
pub use tag::decode_tag;
pub use value::Value;
