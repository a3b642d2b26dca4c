//! The cells, one source class after the other.

use std::iter::{self, FusedIterator};
use std::ops::Range;
use std::{slice, vec};

use crate::bounds::Bounds;
use crate::matrix::beyond::Beyond;
use crate::matrix::class::District;
use crate::matrix::factors::Factors;
use crate::matrix::{Cell, Matrix};
use crate::pool::TrafficPool;

/// Iterates over the cells of a matrix; see [`Matrix::cells`].
#[derive(Debug)]
pub struct Cells<'m> {
    matrix: &'m Matrix<'m>,
    pool: TrafficPool,
    districts: slice::Iter<'m, District>,
    /// Where the next row comes from.
    source: Option<Source<'m>>,
    row: vec::IntoIter<(u32, u32, Bounds)>,
}

/// A VPC, while it is the source.
#[derive(Debug)]
struct Source<'m> {
    district: &'m District,
    /// The places of the classes whose rows are to come.
    rest: Range<usize>,
    /// The factors of the pairs with each VPC that it is joined with, in the order of their classes.
    factors: Vec<Factors<'m>>,
}

impl<'m> Cells<'m> {
    pub(super) fn new(matrix: &'m Matrix<'m>, districts: &'m [District]) -> Self {
        let (pool, districts) = (matrix.chart.fork_pool(), districts.iter());
        Self { matrix, pool, districts, source: None, row: Vec::new().into_iter() }
    }

    /// Returns the next cell with the numbers of its sets.
    fn advance(&mut self) -> Option<(u32, u32, Bounds)> {
        loop {
            if let Some(cell) = self.row.next() {
                return Some(cell);
            }
            match self.source.as_mut().and_then(|source| source.rest.next()) {
                Some(class) => self.row = self.compute_row(class).into_iter(),
                None => self.source = Some(self.next_source()?),
            }
        }
    }

    fn next_source(&mut self) -> Option<Source<'m>> {
        let (matrix, district) = (self.matrix, self.districts.next()?);
        self.pool.forget_operations();
        let beyond = Beyond::new(matrix.chart, &matrix.inside, district, &mut self.pool);
        let joined = matrix.inside.joined.get(district.vpc).into_iter().flatten();
        let factors = joined
            .filter_map(|vpc| matrix.districts.get(*vpc))
            .map(|to| Factors::new(matrix.chart, district, to, &beyond, &mut self.pool))
            .collect();
        Some(Source { district, rest: 0..district.traits.len(), factors })
    }

    fn compute_row(&mut self, class: usize) -> Vec<(u32, u32, Bounds)> {
        let mut cells = Vec::new();
        let Some(Source { district, factors, .. }) = &self.source else { return cells };
        let numbers = district.classes.clone().nth(class).zip(district.traits.get(class));
        let Some((from, traits)) = numbers else { return cells };
        let is_single = self.matrix.is_single(from);
        for factors in factors {
            let row = factors.row(self.matrix.chart, (district, traits), &mut self.pool);
            let Some(row) = row else { continue };
            let targets = factors.to.classes.clone().zip(&factors.to.traits);
            let targets = targets.filter(|(to, _)| !(is_single && *to == from));
            let cells_to =
                targets.map(|(to, traits)| (from, to, row.bounds(traits, &mut self.pool)));
            cells.extend(cells_to.filter(|(_, _, bounds)| !bounds.is_none()));
        }
        cells
    }
}

impl Iterator for Cells<'_> {
    type Item = Cell;

    fn next(&mut self) -> Option<Cell> {
        let (from, to, bounds) = self.advance()?;
        let certain = self.pool.shared(bounds.certain());
        let possible = self.pool.shared(bounds.possible());
        Some(Cell { from, to, certain, possible })
    }

    /// Computes the cells and does not look up their sets.
    fn count(mut self) -> usize {
        iter::from_fn(|| self.advance()).count()
    }
}

impl FusedIterator for Cells<'_> {}
