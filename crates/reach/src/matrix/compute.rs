//! Computing the matrix: a few look-ups for each pair of classes.

use std::collections::BTreeSet;
use std::num::NonZeroUsize;

use portolan_model::{Direction, InterfaceKind};
use portolan_net::{Protocol, Set as _, Traffic};
use rustc_hash::FxHashMap;

use crate::bounds::Bounds;
use crate::chart::Chart;
use crate::index::Node;
use crate::line::Spot;
use crate::matrix::class::{Group, classes, neighbours, public_class};
use crate::matrix::{Cell, Matrix};
use crate::pool::{TrafficId, TrafficPool};
use crate::recognition::Recognition;
use crate::routing::{Identity, Routed, Way};
use crate::walk::is_opaque;

impl Matrix {
    pub(crate) fn compute(chart: &Chart, pool: &mut TrafficPool) -> Self {
        let neighbours = neighbours(chart);
        let classes = classes(chart, &neighbours);
        let mut by_vpc: Vec<Vec<usize>> = vec![Vec::new(); chart.index.vpcs.len()];
        for (number, class) in classes.iter().enumerate() {
            if let Some(members) = by_vpc.get_mut(class.vpc) {
                members.push(number);
            }
        }
        let table = Table { chart, classes: &classes, neighbours: &neighbours, by_vpc: &by_vpc };
        let mut rows = table.rows(pool);
        rows.sort_unstable_by_key(|row| row.first().map(|cell| cell.from));
        let cells = rows.into_iter().flatten().collect();
        let classes = classes.iter().map(|class| public_class(chart, class)).collect();
        Self { classes, cells, pool: pool.clone() }
    }
}

/// What the rows of the matrix are computed from.
#[derive(Clone, Copy)]
struct Table<'c> {
    chart: &'c Chart,
    classes: &'c [Group],
    neighbours: &'c [BTreeSet<usize>],
    by_vpc: &'c [Vec<usize>],
}

/// The cells of one source class, by destination; never empty.
type Row = Vec<Cell>;

impl Table<'_> {
    /// Returns the rows, in any order. VPCs are independent, so each processor takes its share of them,
    /// with a pool of its own; the numbers of its sets are translated at the end.
    fn rows(self, pool: &mut TrafficPool) -> Vec<Row> {
        let workers = std::thread::available_parallelism().map_or(1, NonZeroUsize::get);
        let base = pool.clone();
        let shares = std::thread::scope(|scope| {
            let work = |worker| {
                let mut pool = base.clone();
                scope.spawn(move || {
                    let vpcs = (worker..self.by_vpc.len()).step_by(workers);
                    let rows: Vec<Row> =
                        vpcs.flat_map(|vpc| self.rows_of(vpc, &mut pool)).collect();
                    (rows, pool)
                })
            };
            let handles: Vec<_> = (0..workers).map(work).collect();
            handles.into_iter().map(std::thread::ScopedJoinHandle::join).collect::<Vec<_>>()
        });
        let mut all = Vec::new();
        for share in shares {
            let (mut rows, own) = share.unwrap_or_else(|panic| std::panic::resume_unwind(panic));
            let numbers = pool.absorb(own);
            let new = |id: TrafficId| numbers.get(id.index()).copied().unwrap_or(id);
            for cell in rows.iter_mut().flatten() {
                (cell.certain, cell.possible) = (new(cell.certain), new(cell.possible));
            }
            all.append(&mut rows);
        }
        all
    }

    fn rows_of(self, vpc: usize, pool: &mut TrafficPool) -> Vec<Row> {
        pool.forget_operations();
        let sources = self.by_vpc.get(vpc).into_iter().flatten();
        sources.map(|from| self.row(*from, pool)).filter(|row| !row.is_empty()).collect()
    }

    fn row(self, from: usize, pool: &mut TrafficPool) -> Row {
        let Some(class) = self.classes.get(from) else { return Row::new() };
        let mut pairing = Pairing::new(self.chart, class, pool);
        let peers = self.neighbours.get(class.vpc).into_iter().flatten();
        let targets = peers.filter_map(|peer| self.by_vpc.get(*peer)).flatten();
        let mut row = Row::new();
        for &to in targets {
            let Some(other) = self.classes.get(to) else { continue };
            if from == to && class.members.len() < 2 {
                continue;
            }
            let bounds = pairing.bounds(other);
            if !bounds.is_none() {
                row.push(cell(from, to, bounds));
            }
        }
        row.sort_unstable_by_key(|cell| cell.to);
        row
    }
}

fn cell(from: usize, to: usize, bounds: Bounds) -> Cell {
    let number = |index: usize| u32::try_from(index).unwrap_or(u32::MAX);
    let (certain, possible) = (bounds.certain(), bounds.possible());
    Cell { from: number(from), to: number(to), certain, possible }
}

/// One class as the source of pairs.
struct Pairing<'c> {
    chart: &'c Chart,
    pool: &'c mut TrafficPool,
    source: &'c Node,
    /// The number of the source.
    example: usize,
    addresses: &'c [Spot],
    /// What the groups of the source allow towards holders of a combination of groups, and back.
    by_groups: FxHashMap<usize, (Bounds, Bounds)>,
    /// What crosses the border of a subnet from one of the source's addresses.
    crossings: FxHashMap<(usize, Spot), Bounds>,
    /// What a combination of groups lets in from one of the source's addresses, with what it lets in
    /// by reference.
    allowed: FxHashMap<(usize, Spot, Bounds), Bounds>,
    endpoint_traffic: Bounds,
}

impl<'c> Pairing<'c> {
    fn new(chart: &'c Chart, class: &'c Group, pool: &'c mut TrafficPool) -> Self {
        #[expect(clippy::indexing_slicing, reason = "examples are numbers of the index")]
        let source = &chart.index.interfaces[class.example];
        let tcp_udp = Traffic::protocol(Protocol::TCP).union(&Traffic::protocol(Protocol::UDP));
        let endpoint_traffic = Bounds::exactly(pool.intern(tcp_udp));
        Self {
            chart,
            pool,
            source,
            example: class.example,
            addresses: &class.addresses,
            by_groups: FxHashMap::default(),
            crossings: FxHashMap::default(),
            allowed: FxHashMap::default(),
            endpoint_traffic,
        }
    }

    /// Returns what passes from the source to another class, by any of their addresses.
    fn bounds(&mut self, class: &Group) -> Bounds {
        let Some(target) = self.chart.index.interfaces.get(class.example) else {
            return Bounds::NONE;
        };
        if self.source.kind == InterfaceKind::Endpoint {
            return Bounds::NONE;
        }
        let mut sum = Bounds::NONE;
        for from in self.addresses {
            for to in &class.addresses {
                if from.is_ipv4() == to.is_ipv4() {
                    let bounds = self.between(class, target, *from, *to);
                    sum = sum.union(bounds, self.pool);
                }
            }
        }
        sum
    }

    fn between(&mut self, class: &Group, target: &Node, from: Spot, to: Spot) -> Bounds {
        let filters = &self.chart.filters;
        let (out_by_group, in_by_group) = self.by_groups(class, target, to);
        let side = filters.group_side(self.source.group_set, Direction::Outbound);
        let mut leaving = side.by_address.get(to).union(out_by_group, self.pool);
        if is_opaque(self.source.kind) {
            leaving = Bounds::at_most(leaving.possible());
        }
        let home = self.chart.index.subnets.get(self.source.subnet);
        if home.is_some_and(|subnet| subnet.cidrs.contains(to)) {
            return self.arriving(leaving, target, from, in_by_group);
        }
        let routed = filters.routing(filters.routing_number(self.source.subnet)).at(to);
        let here = filters.acl(filters.acl_number(self.source.subnet));
        leaving = leaving.intersection(*here.passes(Direction::Outbound).get(to), self.pool);
        let is_there = match &routed.way {
            Way::Local => self.source.vpc == target.vpc,
            Way::Peering(_, vpc) => *vpc == target.vpc,
            _ => false,
        };
        if !is_there {
            return self.lost(&routed.way, to);
        }
        if leaving.is_none() {
            return leaving;
        }
        let mut sum = leaving.intersection(certainty(routed), self.pool);
        for passed in [
            self.returning(&routed.way, target, from),
            self.crossing(target.subnet, from),
            *here.passes_replies(Direction::Inbound).get(to),
        ] {
            sum = sum.intersection(passed, self.pool);
        }
        self.arriving(sum, target, from, in_by_group)
    }

    /// Returns what enters a subnet from an address of the source, and is answered as far as its network
    /// ACL is concerned.
    fn crossing(&mut self, subnet: usize, from: Spot) -> Bounds {
        if let Some(known) = self.crossings.get(&(subnet, from)) {
            return *known;
        }
        let acl = self.chart.filters.acl(self.chart.filters.acl_number(subnet));
        let entering = *acl.passes(Direction::Inbound).get(from);
        let answered = *acl.passes_replies(Direction::Outbound).get(from);
        let crossing = entering.intersection(answered, self.pool);
        self.crossings.insert((subnet, from), crossing);
        crossing
    }

    /// Returns what may pass by a way that is not known.
    fn lost(&mut self, way: &Way, to: Spot) -> Bounds {
        let (Way::Opaque(_, identity) | Way::Undecided(_, identity)) = way else {
            return Bounds::NONE;
        };
        let recognition = match identity {
            Identity::Kept => Recognition::Anyone,
            Identity::Lost => Recognition::No,
        };
        let filters = &self.chart.filters;
        let side = filters.group_side(self.source.group_set, Direction::Outbound);
        let by_group = recognition.allowed(side, &self.chart.index, self.pool);
        let leaving = side.by_address.get(to).union(by_group, self.pool);
        let here = filters.acl(filters.acl_number(self.source.subnet));
        let passed = leaving.intersection(*here.passes(Direction::Outbound).get(to), self.pool);
        Bounds::at_most(passed.possible())
    }

    /// Returns whether replies are routed back the way that the packets came.
    fn returning(&self, came: &Way, target: &Node, from: Spot) -> Bounds {
        let filters = &self.chart.filters;
        let back = filters.routing(filters.routing_number(target.subnet)).at(from);
        match (came, &back.way) {
            (_, Way::Undecided(..)) => Bounds::UNKNOWN,
            (Way::Local, Way::Local) => certainty(back),
            (Way::Peering(there, _), Way::Peering(back_by, _)) if there == back_by => {
                certainty(back)
            }
            _ => Bounds::NONE,
        }
    }

    /// Narrows what leaves to what the target interface takes.
    fn arriving(&mut self, sum: Bounds, target: &Node, from: Spot, by_group: Bounds) -> Bounds {
        let key = (target.group_set, from, by_group);
        let allowed = match self.allowed.get(&key) {
            Some(known) => *known,
            None => {
                let side = self.chart.filters.group_side(target.group_set, Direction::Inbound);
                let allowed = side.by_address.get(from).union(by_group, self.pool);
                self.allowed.insert(key, allowed);
                allowed
            }
        };
        let sum = sum.intersection(allowed, self.pool);
        match target.kind {
            InterfaceKind::NatGateway | InterfaceKind::Lambda => Bounds::NONE,
            InterfaceKind::Endpoint => sum.intersection(self.endpoint_traffic, self.pool),
            kind if is_opaque(kind) => Bounds::at_most(sum.possible()),
            _ => sum,
        }
    }

    /// Returns what holding groups allows: the target's for leaving, the source's for arriving.
    fn by_groups(&mut self, class: &Group, target: &Node, to: Spot) -> (Bounds, Bounds) {
        let is_local = self.source.vpc == target.vpc;
        if let Some(known) = self.by_groups.get(&target.group_set).filter(|_| is_local) {
            return *known;
        }
        let (chart, filters) = (self.chart, &self.chart.filters);
        let routed = filters.routing(filters.routing_number(self.source.subnet)).at(to);
        let recognise = |interface| match &routed.way {
            _ if is_local => Recognition::Yes(interface),
            Way::Peering(id, _) => Recognition::over_peering(&chart.model, id, interface),
            _ => Recognition::No,
        };
        let out = filters.group_side(self.source.group_set, Direction::Outbound);
        let inn = filters.group_side(target.group_set, Direction::Inbound);
        let bounds = (
            recognise(class.example).allowed(out, &chart.index, self.pool),
            recognise(self.example).allowed(inn, &chart.index, self.pool),
        );
        if is_local {
            self.by_groups.insert(target.group_set, bounds);
        }
        bounds
    }
}

/// Returns whether a route works.
const fn certainty(routed: &Routed) -> Bounds {
    if routed.is_certain { Bounds::ALL } else { Bounds::UNKNOWN }
}
