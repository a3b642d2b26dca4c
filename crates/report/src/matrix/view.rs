//! What every format of a matrix shows.

use portolan_model::InterfaceId;
use portolan_net::{Set as _, Traffic};
use portolan_reach::{Cell, Chart, Class, Component, Matrix};

use crate::matrix::MatrixOptions;
use crate::names::Names;
use crate::services::traffic_text;

/// What every format shows.
#[derive(Debug)]
pub(crate) struct MatrixView<'a> {
    pub(crate) chart: &'a Chart,
    pub(crate) matrix: &'a Matrix,
    pub(crate) names: Names<'a>,
    pub(crate) options: MatrixOptions,
}

/// One end of a pair: what it is called, and what more there is to say of it.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) struct Party {
    pub(crate) name: String,
    pub(crate) detail: String,
}

/// Two ends and what passes from the first to the second.
#[derive(Debug)]
pub(crate) struct Pair<'a> {
    pub(crate) from: End<'a>,
    pub(crate) to: End<'a>,
    /// What passes and is answered.
    pub(crate) certain: &'a Traffic,
    /// What may pass besides.
    pub(crate) possible: Traffic,
}

/// A class, or an interface of it.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum End<'a> {
    Class(u32),
    Interface(&'a InterfaceId),
}

impl<'a> MatrixView<'a> {
    pub(crate) fn new(chart: &'a Chart, matrix: &'a Matrix, options: MatrixOptions) -> Self {
        Self { chart, matrix, names: Names::new(chart.model()), options }
    }

    /// Iterates over the pairs that were asked for.
    pub(crate) fn pairs(&self) -> Box<dyn Iterator<Item = Pair<'a>> + '_> {
        let limit = self.options.limit.unwrap_or(usize::MAX);
        if self.options.expand {
            let pairs = self
                .matrix
                .pairs()
                .map(|(from, to, cell)| self.pair(End::Interface(from), End::Interface(to), cell));
            Box::new(pairs.take(limit))
        } else {
            Box::new(self.class_pairs().take(limit))
        }
    }

    /// Iterates over all pairs of classes.
    pub(crate) fn class_pairs(&self) -> impl Iterator<Item = Pair<'a>> {
        let cells = self.matrix.cells.iter();
        cells.map(|cell| self.pair(End::Class(cell.from), End::Class(cell.to), cell))
    }

    fn pair(&self, from: End<'a>, to: End<'a>, cell: &Cell) -> Pair<'a> {
        let (certain, all) =
            (self.matrix.traffic(cell.certain), self.matrix.traffic(cell.possible));
        Pair { from, to, certain, possible: all.difference(certain) }
    }

    /// Returns how many pairs there are of what was asked for.
    pub(crate) fn count(&self) -> usize {
        if !self.options.expand {
            return self.matrix.cells.len();
        }
        let size = |index: u32| self.class(index).map_or(0, |class| class.interfaces.len());
        let pairs = |cell: &Cell| match (size(cell.from), size(cell.to)) {
            (size, _) if cell.from == cell.to => size.saturating_mul(size.saturating_sub(1)),
            (from, to) => from.saturating_mul(to),
        };
        self.matrix.cells.iter().map(pairs).fold(0, usize::saturating_add)
    }

    /// Returns how many pairs the limit leaves out.
    pub(crate) fn omitted(&self) -> usize {
        self.count().saturating_sub(self.options.limit.unwrap_or(usize::MAX))
    }

    /// Returns the result in one sentence.
    pub(crate) fn headline(&self) -> String {
        let interfaces: usize =
            self.matrix.classes.iter().map(|class| class.interfaces.len()).sum();
        format!(
            "{interfaces} interfaces in {} classes; {} pairs of {} can or may talk.",
            self.matrix.classes.len(),
            self.count(),
            if self.options.expand { "interfaces" } else { "classes" },
        )
    }

    pub(crate) fn class(&self, index: u32) -> Option<&'a Class> {
        self.matrix.classes.get(index as usize)
    }

    /// Returns what one end of a pair is called.
    pub(crate) fn party(&self, end: End<'_>) -> Party {
        match end {
            End::Class(index) => {
                self.class(index).map_or_else(|| unnamed(index), |class| self.class_party(class))
            }
            End::Interface(id) => {
                let resource = self.names.resource(id);
                Party { name: resource.label().to_owned(), detail: id.to_string() }
            }
        }
    }

    /// Names a class of one by its member, and another by its security groups.
    fn class_party(&self, class: &Class) -> Party {
        let subnet = self.names.subnet(&class.subnet);
        let first = class.interfaces.first().map(|id| self.names.resource(id));
        let count = class.interfaces.len();
        match (class.interfaces.as_slice(), first) {
            ([_], Some(resource)) => {
                Party { name: resource.label().to_owned(), detail: format!("in {subnet}") }
            }
            (_, Some(resource)) if class.security_groups.is_empty() => {
                Party { name: resource.kind.to_owned(), detail: format!("{count} in {subnet}") }
            }
            _ => {
                let groups: Vec<String> = class
                    .security_groups
                    .iter()
                    .map(|id| {
                        let group = Component::SecurityGroup(id.clone());
                        self.names.component_name(&group).unwrap_or_else(|| id.to_string())
                    })
                    .collect();
                Party { name: groups.join(" + "), detail: format!("{count} in {subnet}") }
            }
        }
    }
}

fn unnamed(index: u32) -> Party {
    Party { name: format!("class {index}"), detail: String::new() }
}

impl Pair<'_> {
    /// Returns what passes, in words; empty if nothing certainly does.
    pub(crate) fn certain_text(&self) -> String {
        if self.certain.is_empty() { String::new() } else { traffic_text(self.certain) }
    }

    /// Returns what may pass besides, in words; empty if everything is known.
    pub(crate) fn possible_text(&self) -> String {
        if self.possible.is_empty() { String::new() } else { traffic_text(&self.possible) }
    }
}
