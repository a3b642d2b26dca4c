//! What a cell is the product of.
//!
//! What passes from one class to another depends on four things that are each of few: what the groups of
//! the source allow towards a position, what those of the destination allow from one, what the groups allow
//! to each other by name, and what crosses from position to position. They are looked up once for each
//! combination that there is; a cell is then a few operations on small numbers.

use portolan_model::{Direction, InterfaceKind};
use portolan_net::{Protocol, Set as _, Traffic};

use crate::bounds::Bounds;
use crate::chart::Chart;
use crate::matrix::beyond::{Beyond, Loss};
use crate::matrix::class::{District, Mentions, Traits};
use crate::matrix::grid::Grid;
use crate::matrix::position::Position;
use crate::pool::TrafficPool;
use crate::recognition::Recognition;
use crate::routing::{Routed, Way};
use crate::walk::is_opaque;

/// What passes between two positions, whatever the security groups say.
#[derive(Clone, Copy, Debug)]
enum Crossing {
    /// Nothing.
    Closed,
    /// This, and the groups recognise each other so far.
    Open(Bounds, Recognition),
    /// Perhaps this, by a way that is not known.
    Lost(Loss),
}

/// The factors of all pairs from one VPC to another, or to itself.
#[derive(Debug)]
pub(super) struct Factors<'m> {
    pub(super) to: &'m District,
    mentions: Mentions,
    /// By position in the source VPC, then position in the other.
    crossings: Grid<Crossing>,
    /// What groups allow from a position: by position in the source VPC, then combination of groups in
    /// the other.
    arriving: Grid<Bounds>,
    /// What an interface endpoint takes.
    endpoint_traffic: Bounds,
}

/// The factors of one source class.
pub(super) struct Row<'f> {
    factors: &'f Factors<'f>,
    from: &'f Traits,
    /// By position of the other VPC: what the groups of the source allow.
    leaving: Vec<Bounds>,
    /// By combination of groups of the other VPC: what holding it allows when leaving, and when arriving.
    held: Vec<(Bounds, Bounds)>,
    /// What the groups of the source may allow to whoever is at the end of a way that is not known.
    anyone: Bounds,
}

impl<'m> Factors<'m> {
    pub(super) fn new(
        chart: &Chart,
        from: &District,
        to: &'m District,
        beyond: &Beyond,
        pool: &mut TrafficPool,
    ) -> Self {
        let (rows, columns) = (from.positions.len(), to.positions.len());
        let between = Between { chart, from, to };
        let tcp_udp = Traffic::protocol(Protocol::TCP).union(&Traffic::protocol(Protocol::UDP));
        Self {
            to,
            mentions: Mentions::new(chart, to),
            crossings: Grid::new(rows, columns, |p, q| between.crossing(p, q, beyond, pool)),
            arriving: Grid::new(rows, to.group_sets.len(), |p, set| between.arriving(p, set)),
            endpoint_traffic: Bounds::exactly(pool.intern(tcp_udp)),
        }
    }

    /// Returns whether anything may cross from some positions.
    fn is_open(&self, positions: &[usize]) -> bool {
        let crossings = positions.iter().flat_map(|position| self.crossings.row(*position));
        crossings.into_iter().any(|crossing| !matches!(crossing, Crossing::Closed))
    }

    /// Returns the factors of one source class; `None` if nothing passes.
    pub(super) fn row<'f>(
        &'f self,
        chart: &Chart,
        from: (&District, &'f Traits),
        pool: &mut TrafficPool,
    ) -> Option<Row<'f>> {
        let (district, from) = from;
        if from.kind == InterfaceKind::Endpoint || !self.is_open(&from.positions) {
            return None;
        }
        let set = *district.group_sets.get(from.group_set)?;
        let side = chart.filters.group_side(set, Direction::Outbound);
        let positions = self.to.positions.iter();
        Some(Row {
            factors: self,
            from,
            leaving: positions.map(|position| *side.by_address.get(position.spot)).collect(),
            held: self.mentions.held(chart, set, self.to.group_sets.len(), pool),
            anyone: Recognition::Anyone.allowed(side, &chart.index, pool),
        })
    }
}

/// Two districts, while the factors of their pairs are computed.
struct Between<'c> {
    chart: &'c Chart,
    from: &'c District,
    to: &'c District,
}

impl Between<'_> {
    /// Returns what a combination of groups lets in from a position.
    fn arriving(&self, position: usize, set: usize) -> Bounds {
        let place = self.from.positions.get(position).zip(self.to.group_sets.get(set));
        place.map_or(Bounds::NONE, |(position, set)| {
            let side = self.chart.filters.group_side(*set, Direction::Inbound);
            *side.by_address.get(position.spot)
        })
    }

    fn crossing(&self, p: usize, q: usize, beyond: &Beyond, pool: &mut TrafficPool) -> Crossing {
        let places = self.from.positions.get(p).zip(self.to.positions.get(q));
        let Some((from, to)) = places.filter(|(p, q)| p.spot.is_ipv4() == q.spot.is_ipv4()) else {
            return Crossing::Closed;
        };
        let is_local = self.from.vpc == self.to.vpc;
        let home = self.chart.index.subnets.get(from.subnet);
        if home.is_some_and(|subnet| subnet.cidrs.contains(to.spot)) {
            let within = Crossing::Open(Bounds::ALL, Recognition::Yes(to.interface));
            return if is_local { within } else { Crossing::Closed };
        }
        let filters = &self.chart.filters;
        let routed = filters.routing(filters.routing_number(from.subnet)).at(to.spot);
        let recognition = match &routed.way {
            Way::Local if is_local => Recognition::Yes(to.interface),
            Way::Peering(id, vpc) if *vpc == self.to.vpc => {
                Recognition::over_peering(&self.chart.model, id, to.interface)
            }
            _ => return beyond.loss(p, to.spot).map_or(Crossing::Closed, Crossing::Lost),
        };
        let passed = self.passed(routed, from, to, pool);
        if passed.is_none() { Crossing::Closed } else { Crossing::Open(passed, recognition) }
    }

    /// Returns what passes from subnet to subnet and is answered, as far as they are concerned.
    fn passed(
        &self,
        routed: &Routed,
        from: &Position,
        to: &Position,
        pool: &mut TrafficPool,
    ) -> Bounds {
        let filters = &self.chart.filters;
        let (here, there) = (from.subnet, to.subnet);
        let acl = |subnet| filters.acl(filters.acl_number(subnet));
        let back = filters.routing(filters.routing_number(there)).at(from.spot);
        [
            certainty(routed),
            returning(&routed.way, back),
            *acl(here).passes(Direction::Outbound).get(to.spot),
            *acl(there).passes(Direction::Inbound).get(from.spot),
            *acl(there).passes_replies(Direction::Outbound).get(from.spot),
            *acl(here).passes_replies(Direction::Inbound).get(to.spot),
        ]
        .into_iter()
        .fold(Bounds::ALL, |sum, passed| sum.intersection(passed, pool))
    }
}

impl Row<'_> {
    /// Returns what passes to a class of the other VPC, by any of their addresses.
    pub(super) fn bounds(&self, to: &Traits, pool: &mut TrafficPool) -> Bounds {
        let mut sum = Bounds::NONE;
        for from in &self.from.positions {
            let crossings = self.factors.crossings.row(*from);
            let arriving = self.factors.arriving.row(*from).get(to.group_set);
            let arriving = arriving.copied().unwrap_or(Bounds::NONE);
            for position in &to.positions {
                let bounds = match crossings.get(*position) {
                    None | Some(Crossing::Closed) => continue,
                    Some(Crossing::Lost(loss)) => self.lost(*position, *loss, pool),
                    Some(Crossing::Open(passed, recognition)) => {
                        let by_group = self.recognised(to.group_set, *recognition);
                        let arriving = arriving.union(by_group.1, pool);
                        let leaving = self.leaving(*position).union(by_group.0, pool);
                        let passed =
                            arriving.intersection(leaving, pool).intersection(*passed, pool);
                        self.taken(to.kind, passed, pool)
                    }
                };
                sum = sum.union(bounds, pool);
            }
        }
        sum
    }

    /// Returns what may leave to a position by a way that is not known.
    pub(super) fn lost(&self, position: usize, loss: Loss, pool: &mut TrafficPool) -> Bounds {
        let by_group = if loss.anyone { self.anyone } else { Bounds::NONE };
        let leaving = self.leaving(position).union(by_group, pool);
        Bounds::at_most(pool.intersection(leaving.possible(), loss.possible))
    }

    fn leaving(&self, position: usize) -> Bounds {
        self.leaving.get(position).copied().unwrap_or(Bounds::NONE)
    }

    fn recognised(&self, set: usize, recognition: Recognition) -> (Bounds, Bounds) {
        let held = self.held.get(set).copied().unwrap_or((Bounds::NONE, Bounds::NONE));
        (recognition.of(held.0), recognition.of(held.1))
    }

    /// Narrows what the groups allow to what the two interfaces send and take.
    fn taken(&self, kind: InterfaceKind, passed: Bounds, pool: &mut TrafficPool) -> Bounds {
        let is_known = !is_opaque(kind) && !is_opaque(self.from.kind);
        let passed = if is_known { passed } else { Bounds::at_most(passed.possible()) };
        match kind {
            InterfaceKind::NatGateway | InterfaceKind::Lambda => Bounds::NONE,
            InterfaceKind::Endpoint => passed.intersection(self.factors.endpoint_traffic, pool),
            _ => passed,
        }
    }
}

/// Returns whether replies are routed back the way that the packets came.
fn returning(came: &Way, back: &Routed) -> Bounds {
    match (came, &back.way) {
        (_, Way::Undecided(..)) => Bounds::UNKNOWN,
        (Way::Local, Way::Local) => certainty(back),
        (Way::Peering(there, _), Way::Peering(by, _)) if there == by => certainty(back),
        _ => Bounds::NONE,
    }
}

/// Returns whether a route works.
const fn certainty(routed: &Routed) -> Bounds {
    if routed.is_certain { Bounds::ALL } else { Bounds::UNKNOWN }
}
