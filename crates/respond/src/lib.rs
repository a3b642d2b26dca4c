//! What to change and why: rules tightened to observed traffic, with proof.

mod choose;
mod closing;
mod cover;
mod envelope;
mod evaluate;
mod intent;
mod need;
mod observe;
mod plan;
mod proof;
mod recorded;
mod request;
mod tighten;
mod vocabulary;
mod why;

pub use crate::evaluate::{
    Case, Complexity, Decision, Layer, LayerScore, Origin, Score, Side, cases_of, evaluate,
};
pub use crate::intent::{Intent, Name, parse_intents};
pub use crate::observe::{
    Conversation, Handshake, Moment, Observations, ObservedFlow, Sighting, Span, Totals, Watch,
};
pub use crate::plan::{
    Closing, Doubt, Evidence, Fate, GroupPlan, Peers, Plan, PlannedRule, Policy, Proof,
};
pub use crate::recorded::{Fields, PLACING_FIELDS, Placer, Recorded, handshake};
pub use crate::request::{Clue, Request, Requests};
pub use crate::tighten::tighten;
pub use crate::why::{LoggedReason, Reason, Why, why};
