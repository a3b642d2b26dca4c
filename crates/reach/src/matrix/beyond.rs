//! Ways that are not known: what may get lost on them, and so arrive anywhere.

use portolan_net::{Set as _, StepMap};

use crate::answer::End;
use crate::chart::Chart;
use crate::evidence::Unknown;
use crate::index::NodeAddress;
use crate::line::{Spot, Spots};
use crate::matrix::class::District;
use crate::matrix::grid::Numbering;
use crate::matrix::inside::Inside;
use crate::matrix::position::Position;
use crate::path::{Path, Rules, Step};
use crate::pool::{TrafficId, TrafficPool};
use crate::recognition::Recognition;
use crate::walk::Start;

/// What a position may send into the unknown, whatever the security groups say.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(super) struct Loss {
    pub(super) possible: TrafficId,
    /// Whether a reference to a group may match whoever is at the other end.
    pub(super) anyone: bool,
    /// The number of what is not known.
    pub(super) unknowns: usize,
}

/// What the positions of one VPC may send into the unknown.
#[derive(Debug, Default)]
pub(super) struct Beyond {
    /// By position, then destination.
    losses: Vec<Option<StepMap<Spot, Option<Loss>>>>,
    pub(super) unknowns: Numbering<Vec<Unknown>>,
}

impl Beyond {
    /// Walks into the unknown from every position.
    pub(super) fn new(
        chart: &Chart,
        inside: &Inside,
        district: &District,
        pool: &mut TrafficPool,
    ) -> Self {
        let mut beyond = Self::default();
        for position in &district.positions {
            let home = chart.index.subnets.get(position.subnet);
            let lost = inside.lost(position.subnet).zip(home);
            let lost = lost.map(|(lost, home)| lost.difference(&home.cidrs));
            let losses = lost.map(|lost| beyond.losses_from(chart, position, &lost, pool));
            beyond.losses.push(losses);
        }
        beyond
    }

    /// Returns what a position may lose on the way to an address.
    pub(super) fn loss(&self, position: usize, to: Spot) -> Option<Loss> {
        *self.losses.get(position)?.as_ref()?.get(to)
    }

    fn losses_from(
        &mut self,
        chart: &Chart,
        position: &Position,
        lost: &Spots,
        pool: &mut TrafficPool,
    ) -> StepMap<Spot, Option<Loss>> {
        let address = NodeAddress { inside: position.spot, outside: None };
        let start = Start { interface: position.interface, address };
        let paths = chart.walk(pool).paths_from_interface(start, lost, false);
        let lost = paths.into_iter().filter(|path| matches!(path.to, End::Beyond(_)));
        lost.fold(StepMap::constant(None), |sum, path| match self.losses_on(path, pool) {
            Some(losses) => sum.zip_with(&losses, |one, other| one.or(*other)),
            None => sum,
        })
    }

    /// Returns what may get lost on a path, its security groups aside.
    fn losses_on(
        &mut self,
        mut path: Path,
        pool: &mut TrafficPool,
    ) -> Option<StepMap<Spot, Option<Loss>>> {
        let (place, recognition) = path.forward.iter().enumerate().find_map(groups)?;
        path.forward.drain(..=place);
        let anyone = recognition == Recognition::Anyone;
        let mut unknowns: Vec<Unknown> = path.unknowns().cloned().collect();
        unknowns.sort_unstable();
        unknowns.dedup();
        let unknowns = self.unknowns.number(unknowns);
        let passed = path.evaluate(TrafficId::ALL, pool);
        Some(passed.map(|(_, answered)| {
            let possible = answered.possible();
            (possible != TrafficId::NONE).then_some(Loss { possible, anyone, unknowns })
        }))
    }
}

/// Returns where a path leaves the security groups of its source, and what they know of the other end.
fn groups((place, step): (usize, &Step)) -> Option<(usize, Recognition)> {
    match step.rules {
        Rules::Groups { recognition, .. } => Some((place, recognition)),
        _ => None,
    }
}
