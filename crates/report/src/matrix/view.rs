//! What every format of a matrix shows.

use std::iter;
use std::sync::Arc;

use portolan_model::{InterfaceId, VpcId};
use portolan_net::{Set as _, Traffic};
use portolan_reach::{Bridge, Cell, Chart, Class, Matrix, Unknown};

use crate::matrix::MatrixOptions;
use crate::matrix::party::{Party, interface, parties, together, vpc_name};
use crate::names::Names;
use crate::services::traffic_text;
use crate::why::unknown_texts;

/// What every format shows.
#[derive(Debug)]
pub(crate) struct MatrixView<'a> {
    pub(crate) chart: &'a Chart,
    pub(crate) matrix: &'a Matrix<'a>,
    pub(crate) names: Names<'a>,
    pub(crate) options: MatrixOptions,
    /// What the classes are called, by number.
    pub(crate) parties: Vec<Party>,
    /// The VPCs, by name.
    vpcs: Vec<&'a VpcId>,
    /// By number of the class: its place in a list by name.
    ranks: Vec<usize>,
    /// How many pairs there are of what was asked for.
    pub(crate) count: usize,
}

/// Two ends and what passes from the first to the second.
#[derive(Debug)]
pub(crate) struct Pair<'a> {
    pub(crate) from: End<'a>,
    pub(crate) to: End<'a>,
    /// What passes and is answered.
    pub(crate) certain: Arc<Traffic>,
    /// What may pass besides.
    pub(crate) possible: Traffic,
    /// Why it only may pass.
    pub(crate) unknowns: Vec<Unknown>,
}

/// One end of a pair.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum End<'a> {
    Class(u32),
    /// An interface of a class.
    Interface(u32, &'a InterfaceId),
    /// Several classes, sorted.
    Classes(Vec<u32>),
}

impl End<'_> {
    /// Adds another class of the same VPC.
    fn add(&mut self, class: u32) {
        match self {
            Self::Class(first) => *self = Self::Classes(vec![*first, class]),
            Self::Classes(classes) => classes.push(class),
            Self::Interface(..) => return,
        }
        if let Self::Classes(classes) = self {
            classes.sort_unstable();
        }
    }
}

impl<'a> MatrixView<'a> {
    pub(crate) fn new(chart: &'a Chart, matrix: &'a Matrix<'a>, options: MatrixOptions) -> Self {
        let names = Names::new(chart.model());
        let parties = parties(names, matrix);
        let mut vpcs: Vec<&VpcId> = matrix.classes.iter().map(|class| &class.vpc).collect();
        vpcs.dedup();
        vpcs.sort_by_cached_key(|vpc| (vpc_name(names, Some(vpc)), (*vpc).clone()));
        let ranks = ranks(matrix, &parties, &vpcs);
        let mut view = Self { chart, matrix, names, options, parties, vpcs, ranks, count: 0 };
        view.count = view.counted();
        view
    }

    /// Returns the view of classes, all of them.
    pub(crate) fn of_classes(&self) -> Self {
        Self::new(self.chart, self.matrix, MatrixOptions::default())
    }

    /// Iterates over the pairs that were asked for, by the names of their sources, then of their destinations. What
    /// only a way that is not known joins comes last.
    pub(crate) fn pairs(&self) -> Box<dyn Iterator<Item = Pair<'a>> + '_> {
        let limit = self.options.limit.unwrap_or(usize::MAX);
        if self.options.expand {
            let bridges = self.bridges().flat_map(Bridge::cells);
            let cells = self.cells().chain(bridges);
            Box::new(cells.flat_map(|cell| self.expand(&cell)).take(limit))
        } else {
            Box::new(self.class_pairs().chain(self.bridge_pairs()).take(limit))
        }
    }

    /// Iterates over the pairs that were asked for, as people like to read them: what a source only may send to
    /// several classes of one VPC, for the same reasons, is one pair.
    pub(crate) fn rows(&self) -> impl Iterator<Item = Pair<'a>> {
        let mut pairs = self.pairs().peekable();
        iter::from_fn(move || {
            let first = pairs.next()?;
            let mut row = vec![first];
            while let Some(pair) =
                pairs.next_if(|pair| row.iter().all(|other| other.from == pair.from))
            {
                self.add(pair, &mut row);
            }
            Some(row)
        })
        .flatten()
    }

    /// Adds a pair to those of the same source.
    fn add(&self, pair: Pair<'a>, row: &mut Vec<Pair<'a>>) {
        let same = row.iter_mut().find(|other| {
            pair.certain.is_empty()
                && other.certain.is_empty()
                && (&other.possible, &other.unknowns) == (&pair.possible, &pair.unknowns)
                && self.vpc(&other.to) == self.vpc(&pair.to)
        });
        match (same, &pair.to) {
            (Some(other), End::Class(to)) => other.to.add(*to),
            _ => row.push(pair),
        }
    }

    /// Iterates over all pairs of classes, those left out that only a way which is not known joins.
    pub(crate) fn class_pairs(&self) -> impl Iterator<Item = Pair<'a>> {
        self.cells().map(|cell| self.pair(End::Class(cell.from), End::Class(cell.to), &cell))
    }

    /// Iterates over what only a way that is not known joins. Of a source, what may go to several VPCs alike is
    /// one pair.
    pub(crate) fn bridge_pairs(&self) -> impl Iterator<Item = Pair<'a>> {
        self.vpcs.iter().flat_map(|vpc| bridge_pairs(self.matrix.bridges_from(vpc)))
    }

    pub(crate) fn bridges(&self) -> impl Iterator<Item = Bridge> {
        self.vpcs.iter().flat_map(|vpc| self.matrix.bridges_from(vpc))
    }

    fn cells(&self) -> impl Iterator<Item = Cell> {
        self.vpcs.iter().flat_map(|vpc| {
            let mut cells: Vec<Cell> = self.matrix.cells_from(vpc).collect();
            cells.sort_by_key(|cell| (self.rank(cell.from), self.rank(cell.to)));
            cells
        })
    }

    /// Returns the place of a class in a list by name.
    pub(crate) fn rank(&self, class: u32) -> usize {
        self.ranks.get(class as usize).copied().unwrap_or(usize::MAX)
    }

    fn pair(&self, from: End<'a>, to: End<'a>, cell: &Cell) -> Pair<'a> {
        let possible = cell.possible.difference(&cell.certain);
        let unknowns =
            if possible.is_empty() { Vec::new() } else { self.matrix.unknowns(cell.from, cell.to) };
        Pair { from, to, certain: Arc::clone(&cell.certain), possible, unknowns }
    }

    /// Returns the pairs of interfaces that a pair of classes stands for.
    fn expand(&self, cell: &Cell) -> Vec<Pair<'a>> {
        let (from, to) = (self.members(cell.from), self.members(cell.to));
        let ends = from.iter().flat_map(|one| to.iter().map(move |other| (one, other)));
        let ends = ends.filter(|(from, to)| from != to);
        ends.map(|(from, to)| {
            let from = End::Interface(cell.from, from);
            self.pair(from, End::Interface(cell.to, to), cell)
        })
        .collect()
    }

    fn members(&self, class: u32) -> &'a [InterfaceId] {
        self.class(class).map_or(&[], |class| &class.interfaces)
    }

    fn counted(&self) -> usize {
        if !self.options.expand {
            return self.matrix.cells().count() + self.bridge_pairs().count();
        }
        let size = |class: u32| self.members(class).len();
        let pairs = |cell: Cell| match (size(cell.from), size(cell.to)) {
            (size, _) if cell.from == cell.to => size.saturating_mul(size.saturating_sub(1)),
            (from, to) => from.saturating_mul(to),
        };
        let bridges = self.matrix.bridges().flat_map(Bridge::cells);
        self.matrix.cells().chain(bridges).map(pairs).fold(0, usize::saturating_add)
    }

    /// Returns how many pairs the limit leaves out, if any.
    pub(crate) fn omitted(&self) -> Option<usize> {
        self.count.checked_sub(self.options.limit?).filter(|omitted| *omitted > 0)
    }

    /// Returns the result in one sentence.
    pub(crate) fn headline(&self) -> String {
        let classes = &self.matrix.classes;
        let interfaces: usize = classes.iter().map(|class| class.interfaces.len()).sum();
        let what = if self.options.expand { "interfaces" } else { "classes" };
        format!(
            "{interfaces} interfaces in {} classes; {} pairs of {what} can or may talk.",
            classes.len(),
            self.count,
        )
    }

    pub(crate) fn class(&self, number: u32) -> Option<&'a Class> {
        self.matrix.classes.get(number as usize)
    }

    /// Returns the VPC of an end; of several classes, that of the first.
    pub(crate) fn vpc(&self, end: &End<'_>) -> Option<&'a VpcId> {
        let number = match end {
            End::Class(number) | End::Interface(number, _) => Some(number),
            End::Classes(numbers) => numbers.first(),
        };
        self.class(*number?).map(|class| &class.vpc)
    }

    /// Returns what one end of a pair is called.
    pub(crate) fn party(&self, end: &End<'_>) -> Party {
        match end {
            End::Class(number) => self.parties.get(*number as usize).cloned().unwrap_or_default(),
            End::Interface(class, id) => interface(self.names, id, self.class(*class)),
            End::Classes(classes) => together(self.names, self.matrix, classes),
        }
    }

    /// Returns why something only may pass, in words; empty if everything is known.
    pub(crate) fn why(&self, pair: &Pair<'_>) -> String {
        unknown_texts(self.names, &pair.unknowns).join("; ")
    }
}

/// Returns the place of each class in a list by VPC, name and detail.
fn ranks(matrix: &Matrix<'_>, parties: &[Party], vpcs: &[&VpcId]) -> Vec<usize> {
    let mut order: Vec<(usize, (&Class, &Party))> =
        matrix.classes.iter().zip(parties).enumerate().collect();
    order.sort_by_cached_key(|(_, (class, party))| {
        let vpc = vpcs.iter().position(|vpc| **vpc == class.vpc);
        (vpc, party.name.clone(), party.detail.clone())
    });
    let mut ranks = vec![0; order.len()];
    for (rank, (class, _)) in order.into_iter().enumerate() {
        ranks.get_mut(class).into_iter().for_each(|place| *place = rank);
    }
    ranks
}

/// Returns the pairs that the bridges of one source VPC are: bridges that differ only in where they lead are one.
fn bridge_pairs<'a>(bridges: impl Iterator<Item = Bridge>) -> impl Iterator<Item = Pair<'a>> {
    let mut merged: Vec<Bridge> = Vec::new();
    for bridge in bridges {
        let same = merged.iter_mut().find(|other| {
            (&other.from, &other.possible, &other.unknowns)
                == (&bridge.from, &bridge.possible, &bridge.unknowns)
        });
        match same {
            Some(other) => other.to.extend(bridge.to),
            None => merged.push(bridge),
        }
    }
    merged.into_iter().map(|mut bridge| {
        bridge.to.sort_unstable();
        Pair {
            from: End::Classes(bridge.from),
            to: End::Classes(bridge.to),
            certain: Arc::new(Traffic::empty()),
            possible: (*bridge.possible).clone(),
            unknowns: bridge.unknowns,
        }
    })
}

impl Pair<'_> {
    /// Returns what passes, in words; empty if nothing certainly does.
    pub(crate) fn certain_text(&self) -> String {
        if self.certain.is_empty() { String::new() } else { traffic_text(&self.certain) }
    }

    /// Returns what may pass besides, in words; empty if everything is known.
    pub(crate) fn possible_text(&self) -> String {
        if self.possible.is_empty() { String::new() } else { traffic_text(&self.possible) }
    }
}
