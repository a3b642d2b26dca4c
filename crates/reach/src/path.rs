//! Paths: the steps from one end to another and back, and what passes all of them.
//!
//! On a path one end is one address, and the other a set of addresses: the *far* addresses. Every filter on the way looks at
//! the far address or at a fixed one, so what it passes is a step map of the far address. What passes the
//! whole path is their intersection.

use portolan_model::Direction;
use portolan_net::StepMap;

use crate::answer::End;
use crate::bounds::Bounds;
use crate::code::Code;
use crate::evidence::{Component, Unknown};
use crate::line::{Spot, Spots};
use crate::pool::{TrafficId, TrafficPool};
use crate::recognition::Recognition;

/// A way from one end to another, and back.
#[derive(Clone, Debug)]
pub(crate) struct Path {
    pub(crate) from: End,
    pub(crate) to: End,
    /// The address at the end that is one address.
    pub(crate) near: Spot,
    /// Whether the near end is where the request starts.
    pub(crate) starts_near: bool,
    /// The addresses at the other end.
    pub(crate) far: Spots,
    pub(crate) forward: Vec<Step>,
    pub(crate) reply: Vec<Step>,
}

/// One step of a path.
#[derive(Clone, Debug)]
pub(crate) struct Step {
    pub(crate) component: Component,
    /// Which way packets pass a filter.
    pub(crate) direction: Option<Direction>,
    pub(crate) pass: Pass,
    pub(crate) rules: Rules,
    /// What was not read of the rules, so that `pass` is not exact.
    pub(crate) doubts: Vec<Unknown>,
    /// Whether packets go on from here in a way that is not known, so that no later step can be told.
    pub(crate) is_lost: bool,
}

/// What a step passes. Of a step of the reply: the requests whose replies pass.
#[derive(Clone, Debug)]
pub(crate) enum Pass {
    /// Everything.
    All,
    /// Nothing.
    Nothing(Code),
    /// Nobody knows.
    Unknown(Unknown),
    /// The same for all far addresses; the code says why the rest is stopped.
    Fixed(Bounds, Code),
    /// What depends on the far address.
    ByFar(StepMap<Spot, Bounds>, Code),
}

/// Where to look for the rules that decide about a packet at a step.
#[derive(Clone, Debug)]
pub(crate) enum Rules {
    /// Nowhere: the step has none.
    None,
    /// Among the rules of an interface's security groups.
    Groups {
        /// The interface, by number.
        interface: usize,
        /// What the groups know of the other end.
        recognition: Recognition,
        /// The address at the other end; `None` for the far one.
        address: Option<Spot>,
    },
    /// Among the entries of a network ACL.
    Acl {
        /// The network ACL, by number.
        acl: usize,
        /// The address at the other end; `None` for the far one.
        address: Option<Spot>,
    },
    /// The route for an address.
    Route {
        /// The routing, by number.
        routing: usize,
        /// The destination; `None` for the far address.
        address: Option<Spot>,
    },
}

impl Pass {
    /// Returns the code for packets that do not pass.
    pub(crate) fn code(&self) -> Option<Code> {
        match self {
            Self::All | Self::Unknown(_) => None,
            Self::Nothing(code) | Self::Fixed(_, code) | Self::ByFar(_, code) => Some(*code),
        }
    }

    fn narrow(&self, sum: &StepMap<Spot, Bounds>, pool: &mut TrafficPool) -> StepMap<Spot, Bounds> {
        match self {
            Self::All => sum.clone(),
            Self::Nothing(_) => StepMap::constant(Bounds::NONE),
            Self::Unknown(_) => sum.map(|bounds| bounds.intersection(Bounds::UNKNOWN, pool)),
            Self::Fixed(passed, _) => sum.map(|bounds| bounds.intersection(*passed, pool)),
            Self::ByFar(passed, _) => sum.zip_with(passed, |a, b| a.intersection(*b, pool)),
        }
    }
}

impl Step {
    /// Returns a step that only says where packets are.
    pub(crate) fn at(component: Component) -> Self {
        let (pass, rules, doubts) = (Pass::All, Rules::None, Vec::new());
        Self { component, direction: None, pass, rules, doubts, is_lost: false }
    }

    /// Returns a step that stops everything.
    pub(crate) fn stop(code: Code, component: Component) -> Self {
        Self { pass: Pass::Nothing(code), ..Self::at(component) }
    }

    /// Returns a step of which nobody knows what it passes.
    pub(crate) fn unknown(unknown: Unknown) -> Self {
        let component = unknown.component.clone();
        Self { pass: Pass::Unknown(unknown), ..Self::at(component) }
    }

    /// Returns a step into what is not known.
    pub(crate) fn lost(unknown: Unknown) -> Self {
        Self { is_lost: true, ..Self::unknown(unknown) }
    }
}

impl Path {
    /// Returns what is delivered and what would be answered, by far address.
    pub(crate) fn evaluate(
        &self,
        asked: TrafficId,
        pool: &mut TrafficPool,
    ) -> StepMap<Spot, (Bounds, Bounds)> {
        let narrow = |steps: &[Step], start: StepMap<Spot, Bounds>, pool: &mut TrafficPool| {
            steps.iter().fold(start, |sum, step| step.pass.narrow(&sum, pool))
        };
        let delivered = narrow(&self.forward, start(&self.far, asked), pool);
        let answered = narrow(&self.reply, delivered.clone(), pool);
        delivered.zip_with(&answered, |delivered, answered| (*delivered, *answered))
    }

    /// Returns the steps that stop what is asked, first the way there, then back.
    ///
    /// A step that stops everything that the steps before it left is reported, and then treated as if it
    /// passed everything, so that the steps behind it are seen too.
    pub(crate) fn blocking(&self, asked: TrafficId, pool: &mut TrafficPool) -> Vec<(bool, &Step)> {
        let forward = self.forward.iter().map(|step| (false, step));
        let steps = forward.chain(self.reply.iter().map(|step| (true, step)));
        stopping(steps, start(&self.far, asked), pool)
    }

    /// Returns the steps that stop the replies to what was delivered from or to some of the far addresses.
    pub(crate) fn stopping_replies(
        &self,
        far: &Spots,
        delivered: TrafficId,
        pool: &mut TrafficPool,
    ) -> Vec<&Step> {
        let steps = self.reply.iter().map(|step| ((), step));
        let found = stopping(steps, start(far, delivered), pool);
        found.into_iter().map(|((), step)| step).collect()
    }

    /// Returns what is not known on the path.
    pub(crate) fn unknowns(&self) -> impl Iterator<Item = &Unknown> {
        self.forward.iter().chain(&self.reply).flat_map(|step| {
            let whole = match &step.pass {
                Pass::Unknown(unknown) => Some(unknown),
                _ => None,
            };
            whole.into_iter().chain(&step.doubts)
        })
    }
}

/// Returns some traffic at the far addresses only.
fn start(far: &Spots, traffic: TrafficId) -> StepMap<Spot, Bounds> {
    let mut start = StepMap::constant(Bounds::NONE);
    let far = far.intervals().iter();
    start.paint_all(far.map(|interval| (*interval, Bounds::exactly(traffic))));
    start
}

/// Returns the steps that stop everything that is left of a sum, each seen as if those before it had passed
/// everything.
fn stopping<'p, W>(
    steps: impl Iterator<Item = (W, &'p Step)>,
    mut sum: StepMap<Spot, Bounds>,
    pool: &mut TrafficPool,
) -> Vec<(W, &'p Step)> {
    let mut found = Vec::new();
    for (which, step) in steps {
        let next = step.pass.narrow(&sum, pool);
        if next.values().iter().all(|bounds| bounds.is_none()) {
            found.push((which, step));
        } else {
            sum = next;
        }
    }
    found
}
