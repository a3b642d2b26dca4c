//! The matrix: who inside can talk to whom, kept per class of interfaces that no rule tells apart.

mod class;
mod compute;

use portolan_model::{InterfaceId, InterfaceKind, SecurityGroupId, SubnetId, VpcId};
use portolan_net::Traffic;

use crate::pool::{TrafficId, TrafficPool};

/// All pairs, by class.
#[derive(Clone, Debug)]
pub struct Matrix {
    /// The classes, in the order of their first interfaces.
    pub classes: Vec<Class>,
    /// The pairs of classes between which something passes or may pass, by source, then destination.
    /// A cell whose two ends are the same class speaks of two different interfaces of it.
    pub cells: Vec<Cell>,
    pub(crate) pool: TrafficPool,
}

/// Interfaces that no filter and no route tells apart.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Class {
    /// Its VPC.
    pub vpc: VpcId,
    /// Its subnet.
    pub subnet: SubnetId,
    /// Its security groups.
    pub security_groups: Vec<SecurityGroupId>,
    /// Its kind of interface.
    pub kind: InterfaceKind,
    /// Its members; never empty.
    pub interfaces: Vec<InterfaceId>,
}

/// What passes from one class to another.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub struct Cell {
    /// The index of the source class.
    pub from: u32,
    /// The index of the destination class.
    pub to: u32,
    /// What certainly passes and is answered.
    pub certain: TrafficId,
    /// What passes or may pass: never less than `certain`.
    pub possible: TrafficId,
}

impl Matrix {
    /// Returns the packets that an id stands for.
    pub fn traffic(&self, id: TrafficId) -> &Traffic {
        self.pool.traffic(id)
    }

    /// Returns every pair of interfaces with the cell that speaks of it: the matrix written out. There
    /// can be as many as the square of the number of interfaces.
    pub fn pairs(&self) -> impl Iterator<Item = (&InterfaceId, &InterfaceId, &Cell)> {
        self.cells.iter().flat_map(|cell| {
            let members = |index: u32| {
                self.classes.get(index as usize).map_or(&[][..], |class| &class.interfaces)
            };
            let to = members(cell.to);
            members(cell.from).iter().flat_map(move |from| {
                to.iter().filter(move |to| *to != from).map(move |to| (from, to, cell))
            })
        })
    }
}
