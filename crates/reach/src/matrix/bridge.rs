//! Bridges: what may pass between VPCs that only a way which is not known joins.

use std::collections::BTreeSet;
use std::hash::Hash;

use rustc_hash::FxHashMap;

use crate::evidence::Unknown;
use crate::matrix::beyond::Beyond;
use crate::matrix::class::{District, Traits};
use crate::matrix::factors::{Factors, Row};
use crate::matrix::{Bridge, Matrix};
use crate::pool::{TrafficId, TrafficPool};

/// What may get lost on the way to something, and the numbers of what is not known; `None` for nothing.
type Lost = Option<(TrafficId, BTreeSet<usize>)>;

/// Returns the bridges out of VPCs.
pub(super) fn bridges<'m>(
    matrix: &'m Matrix<'m>,
    districts: &'m [District],
) -> impl Iterator<Item = Bridge> {
    let mut pool = matrix.chart.fork_pool();
    districts.iter().flat_map(move |from| bridges_from(matrix, from, &mut pool))
}

fn bridges_from(matrix: &Matrix<'_>, from: &District, pool: &mut TrafficPool) -> Vec<Bridge> {
    let others = matrix.inside.bridged.get(from.vpc).into_iter().flatten();
    let others: Vec<_> = others.filter_map(|vpc| matrix.districts.get(*vpc)).collect();
    if others.is_empty() {
        return Vec::new();
    }
    pool.forget_operations();
    let beyond = Beyond::new(matrix.chart, &matrix.inside, from, pool);
    let crossing = |to| Crossing { matrix, from, to, beyond: &beyond };
    others.into_iter().flat_map(|to| crossing(to).bridges(pool)).collect()
}

/// Two VPCs and what may get lost between them.
struct Crossing<'m> {
    matrix: &'m Matrix<'m>,
    from: &'m District,
    to: &'m District,
    beyond: &'m Beyond,
}

impl Crossing<'_> {
    /// Returns the bridges: classes that lose the same are together.
    fn bridges(&self, pool: &mut TrafficPool) -> Vec<Bridge> {
        let factors = Factors::new(self.matrix.chart, self.from, self.to, self.beyond, pool);
        let sources = self.from.classes.clone().zip(&self.from.traits);
        let rows = sources.filter_map(|(class, traits)| {
            let row = factors.row(self.matrix.chart, (self.from, traits), pool)?;
            Some((class, self.row(&row, traits, pool)))
        });
        let mut bridges = Vec::new();
        for (lost, from) in together(rows) {
            let destinations = self.to.classes.clone().zip(&self.to.traits);
            let cells = destinations.map(|(class, traits)| (class, join(traits, &lost, pool)));
            for (lost, to) in together(cells) {
                let Some((possible, unknowns)) = lost else { continue };
                bridges.push(Bridge {
                    from: from.clone(),
                    to,
                    possible: pool.shared(possible),
                    unknowns: self.unknowns(&unknowns),
                });
            }
        }
        bridges
    }

    /// Returns what a source class may lose on the way to each position.
    fn row(&self, row: &Row<'_>, from: &Traits, pool: &mut TrafficPool) -> Vec<Lost> {
        let mut lost: Vec<Lost> = vec![None; self.to.positions.len()];
        for (number, (to, lost)) in self.to.positions.iter().zip(&mut lost).enumerate() {
            for position in &from.positions {
                let is_same_family = self
                    .from
                    .positions
                    .get(*position)
                    .is_some_and(|from| from.spot.is_ipv4() == to.spot.is_ipv4());
                let Some(loss) = self.beyond.loss(*position, to.spot).filter(|_| is_same_family)
                else {
                    continue;
                };
                let possible = row.lost(number, loss, pool).possible();
                if possible != TrafficId::NONE {
                    add(lost, (possible, &BTreeSet::from([loss.unknowns])), pool);
                }
            }
        }
        lost
    }

    fn unknowns(&self, numbers: &BTreeSet<usize>) -> Vec<Unknown> {
        let lists = numbers.iter().filter_map(|number| self.beyond.unknowns.values.get(*number));
        let unknowns: BTreeSet<Unknown> = lists.flatten().cloned().collect();
        unknowns.into_iter().collect()
    }
}

/// Returns what may get lost on the way to a class.
fn join(to: &Traits, lost: &[Lost], pool: &mut TrafficPool) -> Lost {
    let mut sum = None;
    for position in &to.positions {
        if let Some(Some((possible, unknowns))) = lost.get(*position) {
            add(&mut sum, (*possible, unknowns), pool);
        }
    }
    sum
}

fn add(
    sum: &mut Lost,
    (possible, unknowns): (TrafficId, &BTreeSet<usize>),
    pool: &mut TrafficPool,
) {
    let (traffic, reasons) = sum.get_or_insert_with(|| (TrafficId::NONE, BTreeSet::new()));
    *traffic = pool.union(*traffic, possible);
    reasons.extend(unknowns);
}

/// Returns the different values, in the order of their first classes, each with its classes.
fn together<V: Clone + Eq + Hash>(values: impl Iterator<Item = (u32, V)>) -> Vec<(V, Vec<u32>)> {
    let mut places: FxHashMap<V, usize> = FxHashMap::default();
    let mut groups: Vec<(V, Vec<u32>)> = Vec::new();
    for (class, value) in values {
        let place = *places.entry(value.clone()).or_insert(groups.len());
        match groups.get_mut(place) {
            Some((_, classes)) => classes.push(class),
            None => groups.push((value, vec![class])),
        }
    }
    groups
}
