//! Exact reachability over the model, with witnesses and blockers.
//!
//! A [`Chart`] is a [`Model`](portolan_model::Model) compiled for questions. It answers three:
//! [`Chart::exposure`], what can be reached from outside; [`Chart::reach`], whether one party can reach
//! another and why; [`Chart::matrix`], who inside can talk to whom. What the answers mean, step by step,
//! is written in `docs/design/reachability.md`, together with why the engine is built as it is.
//!
//! Invariants: the engine is a pure function of the model and the [`Settings`]; what is not known is
//! never reported as closed, nor as open; every answer carries its evidence.

mod acl;
mod acl_decision;
mod admitted;
mod answer;
mod balancer;
mod bounds;
mod chart;
mod code;
mod evidence;
mod exposure;
mod filters;
mod flow;
mod groups;
mod index;
mod ip_set;
mod line;
mod matrix;
mod note;
mod party;
mod path;
mod pool;
mod question;
mod recognition;
mod routing;
mod rules;
mod shadow;
mod walk;
mod world;

pub use crate::acl_decision::AclDecision;
pub use crate::admitted::{Admission, Admitted};
pub use crate::answer::{Answer, Certainty, End, Flow, Verdict};
pub use crate::chart::Chart;
pub use crate::code::Code;
pub use crate::evidence::{
    Blocker, Component, Hop, RuleReference, Unknown, UnknownReason, Witness,
};
pub use crate::exposure::{ExposedAddress, Exposure, Opening, Zone};
pub use crate::ip_set::IpSet;
pub use crate::matrix::{Bridge, Cell, Cells, Class, Matrix, Pair};
pub use crate::note::{Absence, Note, Remark};
pub use crate::party::{PartyError, resolve};
pub use crate::question::{Party, Question, Settings};
pub use crate::shadow::{Shadow, ShadowedEntry};
