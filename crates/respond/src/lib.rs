//! What to change and why: rules tightened to observed traffic, with proof.

mod choose;
mod closing;
mod cover;
mod envelope;
mod need;
mod observe;
mod plan;
mod proof;
mod request;
mod tighten;
mod vocabulary;

pub use crate::observe::{
    Conversation, Handshake, Moment, Observations, ObservedFlow, Sighting, Span, Totals, Watch,
};
pub use crate::plan::{
    Closing, Doubt, Evidence, Fate, GroupPlan, Peers, Plan, PlannedRule, Policy, Proof,
};
pub use crate::request::{Clue, Request, Requests};
pub use crate::tighten::tighten;
