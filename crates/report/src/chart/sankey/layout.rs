//! Where the nodes and ribbons of a Sankey diagram are, in units of the drawing.
//!
//! Invariants: the nodes of a column do not overlap and leave room for their labels; the ribbons on
//! either side of a node are together as wide as the node is high; everything is within the canvas.

use super::{Link, Sankey, as_f64};

/// The width of the canvas.
pub(super) const WIDTH: f64 = 1000.0;

/// The room for the labels right of the last column.
const LABELS: f64 = 250.0;

/// The width of a node.
pub(super) const NODE_WIDTH: f64 = 12.0;

/// The space between two nodes of a column.
const GAP: f64 = 8.0;

/// The least space that a node takes, so that its label does not touch the next.
const LABEL_HEIGHT: f64 = 18.0;

/// The height that the ribbons together should have.
const RIBBONS: f64 = 320.0;

/// The width of a ribbon that carries one thing: at least, so that it is seen, and at most.
const UNIT: (f64, f64) = (1.2, 18.0);

/// A diagram with its measures.
#[derive(Debug)]
pub(super) struct Layout {
    pub(super) height: f64,
    /// For each column, for each node.
    pub(super) nodes: Vec<Vec<NodeBox>>,
    /// For each link.
    pub(super) ribbons: Vec<Ribbon>,
}

/// The place of a node.
#[derive(Clone, Copy, Debug)]
pub(super) struct NodeBox {
    pub(super) x: f64,
    pub(super) y: f64,
    pub(super) height: f64,
}

/// The place of a ribbon: from `(x0, y0)` to `(x1, y1)`, which are its upper corners.
#[derive(Clone, Copy, Debug)]
pub(super) struct Ribbon {
    pub(super) x0: f64,
    pub(super) y0: f64,
    pub(super) x1: f64,
    pub(super) y1: f64,
    pub(super) width: f64,
}

impl Layout {
    pub(super) fn new(sankey: &Sankey) -> Self {
        let unit = unit(sankey);
        let heights: Vec<Vec<f64>> =
            (0..sankey.columns.len()).map(|column| heights(sankey, column, unit)).collect();
        let height = heights.iter().map(|column| column_height(column)).fold(0.0, f64::max);
        let nodes: Vec<Vec<NodeBox>> = heights
            .iter()
            .enumerate()
            .map(|(column, heights)| column_boxes(x(column, sankey.columns.len()), heights, height))
            .collect();
        let ribbons = ribbons(sankey, &nodes, unit);
        Self { height, nodes, ribbons }
    }
}

fn unit(sankey: &Sankey) -> f64 {
    let first = sankey.links.iter().filter(|link| link.column == 0);
    let total: f64 = first.map(|link| link.breadth).sum();
    (RIBBONS / total.max(1.0)).clamp(UNIT.0, UNIT.1)
}

/// Returns the heights of the nodes of a column: of what enters them, or leaves the first column.
fn heights(sankey: &Sankey, column: usize, unit: f64) -> Vec<f64> {
    let count = sankey.columns.get(column).map_or(0, Vec::len);
    let sum = |node: usize| {
        let is_of = |link: &&Link| match column.checked_sub(1) {
            Some(before) => link.column == before && link.to == node,
            None => link.column == 0 && link.from == node,
        };
        sankey.links.iter().filter(is_of).map(|link| link.breadth * unit).sum()
    };
    (0..count).map(sum).collect()
}

/// Returns the height of a column with its gaps.
fn column_height(heights: &[f64]) -> f64 {
    let slots: f64 = heights.iter().map(|height| height.max(LABEL_HEIGHT)).sum();
    slots + GAP * as_f64(heights.len().saturating_sub(1))
}

fn x(column: usize, columns: usize) -> f64 {
    let steps = as_f64(columns.saturating_sub(1).max(1));
    (WIDTH - LABELS - NODE_WIDTH) / steps * as_f64(column)
}

/// Returns the places of nodes of these heights, the column centred on the canvas.
fn column_boxes(x: f64, heights: &[f64], canvas: f64) -> Vec<NodeBox> {
    let mut top = (canvas - column_height(heights)) / 2.0;
    let mut boxes = Vec::with_capacity(heights.len());
    for &height in heights {
        let slot = height.max(LABEL_HEIGHT);
        boxes.push(NodeBox { x, y: top + (slot - height) / 2.0, height });
        top += slot + GAP;
    }
    boxes
}

/// Returns the places of the links. At either end of a node they lie in the order of the nodes that they lead to.
fn ribbons(sankey: &Sankey, nodes: &[Vec<NodeBox>], unit: f64) -> Vec<Ribbon> {
    let node = |column: usize, place: usize| nodes.get(column)?.get(place).copied();
    let before = |wanted: &Link, is_earlier: &dyn Fn(&Link) -> bool| -> f64 {
        let earlier = sankey.links.iter().filter(|it| it.column == wanted.column && is_earlier(it));
        earlier.map(|link| link.breadth * unit).sum()
    };
    let ribbon = |link: &Link| {
        let (from, to) = (node(link.column, link.from)?, node(link.column + 1, link.to)?);
        let out =
            before(link, &|it| it.from == link.from && (it.to, it.rating) < (link.to, link.rating));
        let into =
            before(link, &|it| it.to == link.to && (it.from, it.rating) < (link.from, link.rating));
        Some(Ribbon {
            x0: from.x + NODE_WIDTH,
            y0: from.y + out,
            x1: to.x,
            y1: to.y + into,
            width: link.breadth * unit,
        })
    };
    sankey.links.iter().filter_map(ribbon).collect()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::super::Stream;
    use super::*;
    use crate::rating::Rating;

    /// What rounding may add up to.
    const TOLERANCE: f64 = 1e-6;

    fn streams() -> impl Strategy<Value = Vec<Stream>> {
        let stop = |name: &'static str| (0..12_usize).prop_map(move |n| format!("{name}{n}"));
        let stops = (Just("Internet".to_owned()), stop("gateway"), stop("subnet"), stop("port"));
        let stream =
            (stops, 0..Rating::ALL.len(), 1..3000_usize).prop_map(|(stops, rating, count)| {
                let stops = vec![stops.0, stops.1, stops.2, stops.3];
                Stream { stops, rating: Rating::ALL[rating], count }
            });
        prop::collection::vec(stream, 1..60)
    }

    proptest! {
        #[test]
        fn nodes_do_not_overlap_and_stay_on_the_canvas(streams in streams()) {
            let layout = Layout::new(&Sankey::new(streams, &[2, 6, 8, 10]));
            for column in &layout.nodes {
                for pair in column.windows(2) {
                    prop_assert!(pair[0].y + pair[0].height <= pair[1].y + TOLERANCE);
                    let middles = [pair[0], pair[1]].map(|it| it.y + it.height / 2.0);
                    prop_assert!(middles[1] - middles[0] >= LABEL_HEIGHT - TOLERANCE);
                }
                for node in column {
                    prop_assert!(node.y >= -TOLERANCE && node.x >= 0.0);
                    prop_assert!(node.y + node.height <= layout.height + TOLERANCE);
                    prop_assert!(node.x + NODE_WIDTH <= WIDTH);
                }
            }
        }

        #[test]
        fn ribbons_fill_the_sides_of_nodes(streams in streams()) {
            let sankey = Sankey::new(streams, &[2, 6, 8, 10]);
            let layout = Layout::new(&sankey);
            prop_assert_eq!(layout.ribbons.len(), sankey.links.len());
            let last = layout.nodes.len() - 1;
            for (column, nodes) in layout.nodes.iter().enumerate() {
                for (place, node) in nodes.iter().enumerate() {
                    let side = |is_of: &dyn Fn(&Link) -> bool| -> f64 {
                        let links = sankey.links.iter().zip(&layout.ribbons);
                        links.filter(|(link, _)| is_of(link)).map(|(_, ribbon)| ribbon.width).sum()
                    };
                    if column > 0 {
                        let sum = side(&|link| link.column + 1 == column && link.to == place);
                        prop_assert!((sum - node.height).abs() < TOLERANCE);
                    }
                    if column < last {
                        let sum = side(&|link| link.column == column && link.from == place);
                        prop_assert!((sum - node.height).abs() < TOLERANCE);
                    }
                }
            }
            for (link, ribbon) in sankey.links.iter().zip(&layout.ribbons) {
                let (from, to) =
                    (layout.nodes[link.column][link.from], layout.nodes[link.column + 1][link.to]);
                prop_assert!(ribbon.y0 >= from.y - TOLERANCE);
                prop_assert!(ribbon.y0 + ribbon.width <= from.y + from.height + TOLERANCE);
                prop_assert!(ribbon.y1 >= to.y - TOLERANCE);
                prop_assert!(ribbon.y1 + ribbon.width <= to.y + to.height + TOLERANCE);
            }
        }

        #[test]
        fn no_column_has_more_nodes_than_it_may(streams in streams()) {
            let limits = [1, 3, 5, 7];
            let sankey = Sankey::new(streams, &limits);
            for (column, limit) in sankey.columns.iter().zip(limits) {
                prop_assert!(column.len() <= limit);
            }
        }
    }
}
