//! An answer as a JSON document.

use portolan_reach as reach;
use schemars::JsonSchema;
use serde::Serialize;

use crate::answer::view::{AnswerView, Share};
use crate::coverage;
use crate::json::FORMAT_VERSION;
use crate::names::Names;
use crate::wire::{Blocker, End, Hop, Traffic, Unknown, Witness, certainty_name, prefixes};

/// Whether one party can reach another, and why: the output of `portolan reach --format json`.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Reach")]
pub(crate) struct Document {
    /// The version of this format, such as `1.0`.
    format_version: &'static str,
    /// The question, as it was asked.
    question: Question,
    /// `reachable`, `unreachable`, or `unknown`.
    verdict: &'static str,
    /// The packets that pass and are answered.
    traffic: Traffic,
    /// The packets that pass, to which no reply comes back.
    one_way: Traffic,
    /// The packets that may pass.
    possible: Traffic,
    /// The way of one packet that passes; if there is none, the way on which the least blocks.
    hops: Vec<Hop>,
    /// Everything that is in the way on `hops`, in their order. Empty if the verdict is `reachable`.
    blockers: Vec<Blocker>,
    /// Everything that is not known and could change the answer.
    unknowns: Vec<Unknown>,
    /// Every set of packets that passes or may pass, certain and answered ones first.
    flows: Vec<Flow>,
    /// The same question layer by layer, or null if it was not asked so.
    layers: Option<Layers>,
    /// What the answer takes for granted. For people; it may change.
    assumptions: Vec<String>,
    /// What was read and what was not.
    coverage: coverage::Document,
}

/// A question, as it was asked.
#[derive(Debug, JsonSchema, Serialize)]
struct Question {
    /// Who begins.
    from: String,
    /// Who is to answer.
    to: String,
    /// The packets, or null for all.
    traffic: Option<String>,
}

/// The answers of the layers, each alone and together.
#[derive(Debug, JsonSchema, Serialize)]
struct Layers {
    /// With network ACLs only.
    network_acls: Layer,
    /// With security groups only.
    security_groups: Layer,
    /// With both.
    both: Layer,
}

/// The answer of one layer.
#[derive(Debug, JsonSchema, Serialize)]
struct Layer {
    /// `reachable`, `unreachable`, or `unknown`.
    verdict: &'static str,
    /// The packets that pass and are answered.
    traffic: Traffic,
    /// The packets that pass, to which no reply comes back.
    one_way: Traffic,
    /// The packets that may pass.
    possible: Traffic,
}

/// A set of packets that go one way between two ends.
#[derive(Debug, JsonSchema, Serialize)]
struct Flow {
    /// Where they come from.
    from: End,
    /// Where they arrive.
    to: End,
    /// `certain`, or `possible` where something that would decide is not known.
    certainty: &'static str,
    /// Whether the packets arrive, whatever becomes of the replies: `certain` or `possible`.
    delivery: &'static str,
    /// Whether replies come back. Packets that are not answered are delivered all the same.
    is_answered: bool,
    /// Source addresses as prefixes, as the sender writes them.
    sources: Vec<String>,
    /// Destination addresses as prefixes, as the sender writes them.
    destinations: Vec<String>,
    /// The packets.
    traffic: Traffic,
    /// A packet of the set.
    witness: Witness,
    /// The way of the witness.
    hops: Vec<Hop>,
    /// The way of its reply. Empty if it is not answered.
    reply_hops: Vec<Hop>,
    /// What stops its reply. Empty if it is answered.
    reply_blockers: Vec<Blocker>,
    /// What is not known, for a flow that is only possible.
    unknowns: Vec<Unknown>,
}

impl Document {
    pub(crate) fn new(view: &AnswerView<'_>) -> Self {
        let (names, answer) = (view.names, view.answer());
        let Layer { verdict, traffic, one_way, possible } = answer.into();
        Self {
            format_version: FORMAT_VERSION,
            question: Question {
                from: view.question.from.clone(),
                to: view.question.to.clone(),
                traffic: view.question.traffic.clone(),
            },
            verdict,
            traffic,
            one_way,
            possible,
            hops: view.hops().iter().map(|hop| Hop::new(names, hop)).collect(),
            blockers: answer.blockers.iter().map(|it| Blocker::new(names, it)).collect(),
            unknowns: answer.unknowns.iter().map(|it| Unknown::new(names, it)).collect(),
            flows: answer.flows.iter().map(|it| flow(names, it)).collect(),
            layers: layers(view),
            assumptions: view.assumptions(),
            coverage: (&view.chart.model().coverage).into(),
        }
    }
}

fn layers(view: &AnswerView<'_>) -> Option<Layers> {
    let [(_, network_acls), (_, security_groups), (_, both)] = *view.layers() else { return None };
    Some(Layers {
        network_acls: network_acls.into(),
        security_groups: security_groups.into(),
        both: both.into(),
    })
}

impl From<&reach::Answer> for Layer {
    fn from(answer: &reach::Answer) -> Self {
        let traffic = |share: Share| Traffic::from(&share.traffic(answer));
        Self {
            verdict: answer.verdict.as_str(),
            traffic: traffic(Share::Answered),
            one_way: traffic(Share::OneWay),
            possible: traffic(Share::Possible),
        }
    }
}

fn flow(names: Names<'_>, flow: &reach::Flow) -> Flow {
    Flow {
        from: End::new(names, &flow.from),
        to: End::new(names, &flow.to),
        certainty: certainty_name(flow.certainty),
        delivery: certainty_name(flow.delivery),
        is_answered: flow.is_answered,
        sources: prefixes(&flow.sources),
        destinations: prefixes(&flow.destinations),
        traffic: (&flow.traffic).into(),
        witness: (&flow.witness).into(),
        hops: flow.hops.iter().map(|hop| Hop::new(names, hop)).collect(),
        reply_hops: flow.reply_hops.iter().map(|hop| Hop::new(names, hop)).collect(),
        reply_blockers: flow.reply_blockers.iter().map(|it| Blocker::new(names, it)).collect(),
        unknowns: flow.unknowns.iter().map(|it| Unknown::new(names, it)).collect(),
    }
}
