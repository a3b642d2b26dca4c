//! What every format of an answer shows.

use portolan_model::RouteTableId;
use portolan_net::{Set as _, Traffic};
use portolan_reach::{Answer, Certainty, Chart, Code, Component, End, Flow, Hop};

use crate::answer::{AnswerSet, QuestionText};
use crate::assumed::{is_delegated, unread_services};
use crate::names::Names;
use crate::sources::Outside;

/// What every format shows.
#[derive(Debug)]
pub(crate) struct AnswerView<'a> {
    pub(crate) chart: &'a Chart,
    pub(crate) names: Names<'a>,
    pub(crate) outside: Outside,
    pub(crate) question: &'a QuestionText,
    pub(crate) answers: AnswerSet<'a>,
}

impl<'a> AnswerView<'a> {
    pub(crate) fn new(
        chart: &'a Chart,
        question: &'a QuestionText,
        answers: AnswerSet<'a>,
    ) -> Self {
        let names = Names::new(chart.model());
        Self { chart, names, outside: Outside::new(chart.model()), question, answers }
    }

    /// Returns the answer with everything evaluated.
    pub(crate) const fn answer(&self) -> &'a Answer {
        self.answers.full()
    }

    /// Returns the question in one line, such as `internet -> web-1, tcp 443`.
    pub(crate) fn question_text(&self) -> String {
        let QuestionText { from, to, traffic } = self.question;
        match traffic {
            Some(traffic) => format!("{from} -> {to}, {traffic}"),
            None => format!("{from} -> {to}"),
        }
    }

    /// Returns the flow that the evidence is shown of: the first, for certain and answered ones come first.
    pub(crate) fn shown_flow(&self) -> Option<&'a Flow> {
        self.answer().flows.first()
    }

    /// Returns the hops that are shown: of the flow, or of the path on which the least is in the way.
    pub(crate) fn hops(&self) -> &'a [Hop] {
        match self.shown_flow() {
            Some(flow) => &flow.hops,
            None => &self.answer().blocked_path,
        }
    }

    /// Returns the layers with their names, if the question was asked layer by layer.
    pub(crate) fn layers(&self) -> Vec<(&'static str, &'a Answer)> {
        match self.answers {
            AnswerSet::One(_) => Vec::new(),
            AnswerSet::Layers { network_acls, security_groups, both } => vec![
                ("network ACLs", network_acls),
                ("security groups", security_groups),
                ("both", both),
            ],
        }
    }

    /// Returns what the answer takes for granted.
    pub(crate) fn assumptions(&self) -> Vec<String> {
        let settings = self.chart.settings();
        let answer = self.answer();
        let leaves = answer.flows.iter().any(|flow| flow.to == End::Internet)
            || answer.blockers.iter().any(|it| it.code == Code::Port25Blocked);
        let own = [
            (
                settings.port_25_is_blocked && leaves,
                "EC2 blocks outbound TCP to port 25 of the Internet, as it does until AWS lifts it",
            ),
            (!settings.network_acls, "network ACLs pass everything: they are not evaluated"),
            (!settings.security_groups, "security groups pass everything: they are not evaluated"),
            (
                self.has_delegated(),
                "the first address of a prefix that is delegated to an interface stands for all of them",
            ),
            (true, "whether something listens, and what a host's own firewall does, is not judged"),
        ];
        let own = own.into_iter().filter(|(holds, _)| *holds).map(|(_, text)| text.to_owned());
        unread_services(self.chart.model(), self.route_tables()).into_iter().chain(own).collect()
    }

    /// Returns the route tables along the ways that are shown.
    fn route_tables(&self) -> impl Iterator<Item = &'a RouteTableId> {
        let answer = self.answer();
        let flows = answer.flows.iter().flat_map(|flow| flow.hops.iter().chain(&flow.reply_hops));
        flows.chain(&answer.blocked_path).filter_map(|hop| match &hop.component {
            Component::RouteTable(id) => Some(id),
            _ => None,
        })
    }

    /// Returns whether the answer speaks of a delegated prefix by its first address.
    fn has_delegated(&self) -> bool {
        let ends = self.answer().flows.iter().flat_map(|flow| [&flow.from, &flow.to]);
        ends.into_iter().any(|end| match end {
            End::Interface { interface, address } => {
                is_delegated(self.chart.model(), interface, *address)
            }
            _ => false,
        })
    }
}

/// How sure a set of packets is.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Share {
    /// It passes and is answered.
    Answered,
    /// It passes, and replies do not come back.
    OneWay,
    /// It may pass, answered or not.
    Possible,
}

impl Share {
    pub(crate) const ALL: [Self; 3] = [Self::Answered, Self::OneWay, Self::Possible];

    pub(crate) const fn of(flow: &Flow) -> Self {
        match (flow.certainty, flow.is_answered) {
            (Certainty::Certain, true) => Self::Answered,
            (Certainty::Certain, false) => Self::OneWay,
            (Certainty::Possible, _) => Self::Possible,
        }
    }

    /// Returns the share in words.
    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Answered => "passes",
            Self::OneWay => "passes one way",
            Self::Possible => "may pass",
        }
    }

    /// Returns the packets of the share, of all flows together.
    pub(crate) fn traffic(self, answer: &Answer) -> Traffic {
        let flows = answer.flows.iter().filter(|flow| Self::of(flow) == self);
        Traffic::union_all(flows.map(|flow| flow.traffic.clone()))
    }
}
