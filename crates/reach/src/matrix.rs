//! The matrix: who inside can talk to whom, kept per class of interfaces that no rule tells apart.
//!
//! Nothing of it is written down. The matrix knows the classes and what they are made of; its cells are products of few
//! factors, and are computed when they are asked for.

mod beyond;
mod bridge;
mod cells;
mod class;
mod factors;
mod grid;
mod inside;
mod position;

use std::collections::BTreeSet;
use std::sync::Arc;

use portolan_model::{InterfaceId, InterfaceKind, SecurityGroupId, SubnetId, VpcId};
use portolan_net::{Set as _, Traffic};

use crate::answer::{Certainty, End};
use crate::chart::Chart;
use crate::evidence::Unknown;
use crate::matrix::bridge::bridges;
use crate::matrix::class::{District, classes};
use crate::matrix::inside::Inside;
use crate::question::{Party, Question};

pub use crate::matrix::cells::Cells;

/// All pairs, by class.
#[derive(Debug)]
pub struct Matrix<'c> {
    /// The classes, those of a VPC together, in the order of their first interfaces.
    pub classes: Vec<Class>,
    chart: &'c Chart,
    inside: Inside,
    districts: Vec<District>,
}

/// Interfaces that no filter and no route tells apart.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Class {
    /// Its VPC.
    pub vpc: VpcId,
    /// The subnets that its members are in, sorted: several, where it makes no difference in which.
    pub subnets: Vec<SubnetId>,
    /// Its security groups.
    pub security_groups: Vec<SecurityGroupId>,
    /// Its kind of interface.
    pub kind: InterfaceKind,
    /// Its members; never empty.
    pub interfaces: Vec<InterfaceId>,
}

/// What passes from one class to another, or between the members of one.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Cell {
    /// The index of the source class.
    pub from: u32,
    /// The index of the destination class.
    pub to: u32,
    /// What certainly passes and is answered.
    pub certain: Arc<Traffic>,
    /// What passes or may pass: never less than `certain`, and never empty.
    pub possible: Arc<Traffic>,
}

/// What may pass from classes of one VPC to classes of another, because a way that is not known may lead
/// there: a transit gateway, an appliance, a route table that was not read. It holds for each class of
/// `from` with each of `to`.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Bridge {
    /// The indices of the source classes, all of one VPC.
    pub from: Vec<u32>,
    /// The indices of the destination classes, all of one VPC.
    pub to: Vec<u32>,
    /// What may pass; never empty.
    pub possible: Arc<Traffic>,
    /// What is not known.
    pub unknowns: Vec<Unknown>,
}

/// What passes between two interfaces.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Pair<'m> {
    /// The source.
    pub from: &'m InterfaceId,
    /// The destination.
    pub to: &'m InterfaceId,
    /// What certainly passes and is answered.
    pub certain: Arc<Traffic>,
    /// What passes or may pass.
    pub possible: Arc<Traffic>,
}

impl Bridge {
    /// Returns what it says of each pair of classes.
    pub fn cells(self) -> impl Iterator<Item = Cell> {
        let Self { from, to, possible, .. } = self;
        let certain = Arc::new(Traffic::empty());
        from.into_iter().flat_map(move |from| {
            let (certain, possible) = (Arc::clone(&certain), Arc::clone(&possible));
            to.clone().into_iter().map(move |to| {
                let (certain, possible) = (Arc::clone(&certain), Arc::clone(&possible));
                Cell { from, to, certain, possible }
            })
        })
    }
}

impl<'c> Matrix<'c> {
    pub(crate) fn new(chart: &'c Chart) -> Self {
        let inside = Inside::new(chart);
        let (districts, classes) = classes(chart, &inside);
        Self { classes, chart, inside, districts }
    }

    /// Computes the pairs of classes between which something passes or may pass, by source, then
    /// destination. Pairs that only a way which is not known joins are not among them: see
    /// [`Self::bridges`].
    pub fn cells(&self) -> Cells<'_> {
        Cells::new(self, &self.districts)
    }

    /// Computes the cells whose source is in a VPC.
    pub fn cells_from(&self, vpc: &VpcId) -> Cells<'_> {
        Cells::new(self, self.district(vpc))
    }

    /// Computes what may pass between VPCs that only a way which is not known joins, by source VPC, then
    /// destination VPC.
    pub fn bridges(&self) -> impl Iterator<Item = Bridge> {
        bridges(self, &self.districts)
    }

    /// Computes the bridges whose source is a VPC.
    pub fn bridges_from(&self, vpc: &VpcId) -> impl Iterator<Item = Bridge> {
        bridges(self, self.district(vpc))
    }

    /// Computes every pair of interfaces between which something passes or may pass: the matrix written out. There
    /// can be as many as the square of the number of interfaces. Those of bridges come last.
    pub fn pairs(&self) -> impl Iterator<Item = Pair<'_>> {
        let cells = self.cells().chain(self.bridges().flat_map(Bridge::cells));
        cells.flat_map(|cell| self.pairs_of(cell))
    }

    /// Asks what is not known between two classes, where something only may pass.
    pub fn unknowns(&self, from: u32, to: u32) -> Vec<Unknown> {
        let from = self.members(from).first();
        let to = self.members(to).iter().find(|to| Some(*to) != from);
        let (Some(from), Some(to)) = (from, to) else { return Vec::new() };
        let party = |id: &InterfaceId| Party::Interfaces(vec![id.clone()]);
        let answer = self.chart.reach(&Question {
            from: party(from),
            to: party(to),
            traffic: Traffic::all(),
        });
        let flows = answer.flows.into_iter().filter(|flow| {
            flow.is_answered && flow.certainty == Certainty::Possible && flow.to != End::Internet
        });
        let unknowns: BTreeSet<Unknown> = flows.flat_map(|flow| flow.unknowns).collect();
        unknowns.into_iter().collect()
    }

    fn pairs_of(&self, cell: Cell) -> impl Iterator<Item = Pair<'_>> {
        let Cell { from, to, certain, possible } = cell;
        let ends = self.members(from).iter().flat_map(move |from| {
            self.members(to).iter().filter(move |to| *to != from).map(move |to| (from, to))
        });
        ends.map(move |(from, to)| Pair {
            from,
            to,
            certain: Arc::clone(&certain),
            possible: Arc::clone(&possible),
        })
    }

    fn district(&self, vpc: &VpcId) -> &[District] {
        let number = self.chart.index.vpc(vpc);
        number.and_then(|number| self.districts.get(number..=number)).unwrap_or_default()
    }

    fn members(&self, class: u32) -> &[InterfaceId] {
        self.classes.get(class as usize).map_or(&[], |class| &class.interfaces)
    }

    /// Returns whether a class has one member only, and so no pair with itself.
    fn is_single(&self, class: u32) -> bool {
        self.members(class).len() < 2
    }
}
