//! A Sankey diagram: streams that pass through columns of nodes, as ribbons.
//!
//! A ribbon is as wide as the logarithm of what it carries. True widths were tried: where one resource has a
//! thousand open ports and another has one, the one that matters becomes a hair.
//!
//! A diagram with more than some forty nodes cannot be read, so the least important of a column are folded into one
//! called "others (n)".

mod drawing;
mod layout;

use std::cmp::Reverse;
use std::collections::{BTreeMap, BTreeSet};

use crate::rating::Rating;

pub(crate) use drawing::draw;

/// Something that passes through every column.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Stream {
    /// The label of the node that it passes in each column.
    pub(crate) stops: Vec<String>,
    /// How bad it is.
    pub(crate) rating: Rating,
    /// How many things it stands for.
    pub(crate) count: usize,
}

/// A diagram: nodes in columns, and links between neighbouring columns.
#[derive(Debug)]
pub(crate) struct Sankey {
    columns: Vec<Vec<Node>>,
    links: Vec<Link>,
}

#[derive(Debug)]
struct Node {
    label: String,
    rating: Rating,
    count: usize,
}

/// What goes from a node to a node of the next column, of one rating.
#[derive(Debug)]
struct Link {
    /// The column of the first node.
    column: usize,
    from: usize,
    to: usize,
    rating: Rating,
    count: usize,
    /// The width, in units that the layout scales.
    breadth: f64,
}

impl Sankey {
    /// Makes a diagram of streams, with at most `limits` nodes in each column.
    ///
    /// Every stream must have as many stops as there are limits.
    pub(crate) fn new(streams: Vec<Stream>, limits: &[usize]) -> Self {
        let streams = limits.iter().enumerate().fold(streams, folded);
        let streams = merged(streams);
        let mut columns: Vec<Vec<Node>> = Vec::new();
        for column in 0..limits.len() {
            let nodes = nodes(&streams, column, columns.last().map(Vec::as_slice));
            columns.push(nodes);
        }
        let links = links(&streams, &columns);
        Self { columns, links }
    }

    /// Returns whether there is nothing to see.
    pub(crate) fn is_empty(&self) -> bool {
        self.links.is_empty()
    }
}

/// How important a node is: the least is kept first.
type Importance = (Rating, Reverse<usize>);

/// Returns what is known of each label in a column.
fn labels(streams: &[Stream], column: usize) -> BTreeMap<&str, Importance> {
    let mut labels: BTreeMap<&str, Importance> = BTreeMap::new();
    for stream in streams {
        let Some(label) = stream.stops.get(column) else { continue };
        let entry = labels.entry(label).or_insert((stream.rating, Reverse(0)));
        entry.0 = entry.0.min(stream.rating);
        entry.1.0 += stream.count;
    }
    labels
}

/// Gives the least important nodes of a column one name, if there are more than `limit`.
fn folded(mut streams: Vec<Stream>, (column, limit): (usize, &usize)) -> Vec<Stream> {
    let mut ranked: Vec<(Importance, String)> = labels(&streams, column)
        .into_iter()
        .map(|(label, importance)| (importance, label.to_owned()))
        .collect();
    if ranked.len() <= *limit {
        return streams;
    }
    ranked.sort();
    let rest: BTreeSet<String> =
        ranked.split_off(limit.saturating_sub(1)).into_iter().map(|(_, label)| label).collect();
    let others = format!("{OTHERS}({})", rest.len());
    for stream in &mut streams {
        if let Some(stop) = stream.stops.get_mut(column).filter(|stop| rest.contains(*stop)) {
            stop.clone_from(&others);
        }
    }
    streams
}

/// How the label of folded nodes begins.
const OTHERS: &str = "others ";

/// Joins the streams that pass the same nodes and are equally bad.
fn merged(streams: Vec<Stream>) -> Vec<Stream> {
    let mut counts: BTreeMap<(Vec<String>, Rating), usize> = BTreeMap::new();
    for stream in streams {
        *counts.entry((stream.stops, stream.rating)).or_default() += stream.count;
    }
    let stream = |((stops, rating), count)| Stream { stops, rating, count };
    counts.into_iter().map(stream).collect()
}

/// Returns the nodes of a column from top to bottom: near their neighbours of the column before, then by
/// importance. What was folded is last.
fn nodes(streams: &[Stream], column: usize, before: Option<&[Node]>) -> Vec<Node> {
    let mut ranked: Vec<(bool, f64, Importance, &str)> = labels(streams, column)
        .into_iter()
        .map(|(label, importance)| {
            let height = before.map_or(0.0, |before| mean_height(streams, column, label, before));
            (label.starts_with(OTHERS), height, importance, label)
        })
        .collect();
    ranked.sort_by(|a, b| {
        a.0.cmp(&b.0).then(a.1.total_cmp(&b.1)).then(a.2.cmp(&b.2)).then(a.3.cmp(b.3))
    });
    ranked
        .into_iter()
        .map(|(_, _, (rating, Reverse(count)), label)| Node {
            label: label.to_owned(),
            rating,
            count,
        })
        .collect()
}

/// Returns the mean place of the nodes from which a node is reached.
fn mean_height(streams: &[Stream], column: usize, label: &str, before: &[Node]) -> f64 {
    let (mut sum, mut weight) = (0.0, 0.0);
    for stream in streams {
        let Some((from, to)) = stop_pair(stream, column.saturating_sub(1)) else { continue };
        let place = before.iter().position(|node| node.label == from);
        if let Some(place) = place.filter(|_| to == label) {
            sum += as_f64(place) * breadth(stream.count);
            weight += breadth(stream.count);
        }
    }
    if weight > 0.0 { sum / weight } else { 0.0 }
}

fn stop_pair(stream: &Stream, column: usize) -> Option<(&str, &str)> {
    Some((stream.stops.get(column)?, stream.stops.get(column + 1)?))
}

fn links(streams: &[Stream], columns: &[Vec<Node>]) -> Vec<Link> {
    let mut links: BTreeMap<(usize, usize, usize, Rating), (usize, f64)> = BTreeMap::new();
    let place = |column: usize, label: &str| {
        columns.get(column)?.iter().position(|node| node.label == label)
    };
    for stream in streams {
        for column in 0..columns.len().saturating_sub(1) {
            let ends = stop_pair(stream, column)
                .and_then(|(from, to)| Some((place(column, from)?, place(column + 1, to)?)));
            if let Some((from, to)) = ends {
                let sum = links.entry((column, from, to, stream.rating)).or_default();
                sum.0 += stream.count;
                sum.1 += breadth(stream.count);
            }
        }
    }
    let link = |((column, from, to, rating), (count, breadth))| Link {
        column,
        from,
        to,
        rating,
        count,
        breadth,
    };
    links.into_iter().map(link).collect()
}

/// Returns the width of a ribbon that carries `count` things: one more each time they double.
fn breadth(count: usize) -> f64 {
    1.0 + as_f64(count.max(1)).log2()
}

#[expect(clippy::cast_precision_loss, reason = "a picture does not show the 53rd bit")]
const fn as_f64(number: usize) -> f64 {
    number as f64
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    pub(super) fn stream(stops: &[&str], rating: Rating, count: usize) -> Stream {
        Stream { stops: stops.iter().map(ToString::to_string).collect(), rating, count }
    }

    fn labels_of(sankey: &Sankey, column: usize) -> Vec<&str> {
        sankey.columns[column].iter().map(|node| node.label.as_str()).collect()
    }

    #[test]
    fn folds_the_least_important_nodes() {
        let streams = vec![
            stream(&["Internet", "a"], Rating::Info, 9),
            stream(&["Internet", "b"], Rating::Critical, 1),
            stream(&["Internet", "c"], Rating::Info, 3),
            stream(&["Internet", "d"], Rating::Low, 1),
        ];
        let sankey = Sankey::new(streams, &[4, 3]);
        assert_eq!(labels_of(&sankey, 1), ["b", "d", "others (2)"]);
        assert_eq!(sankey.columns[1][2].count, 12);
    }

    #[test]
    fn keeps_nodes_near_their_neighbours() {
        let streams = vec![
            stream(&["g1", "s1", "x"], Rating::Critical, 1),
            stream(&["g2", "s2", "y"], Rating::High, 1),
            stream(&["g1", "s3", "z"], Rating::Info, 1),
        ];
        let sankey = Sankey::new(streams, &[9, 9, 9]);
        assert_eq!(labels_of(&sankey, 1), ["s1", "s3", "s2"]);
        assert_eq!(labels_of(&sankey, 2), ["x", "z", "y"]);
    }

    #[test]
    fn keeps_ratings_apart_in_links() {
        let streams = vec![
            stream(&["g", "s"], Rating::Critical, 1),
            stream(&["g", "s"], Rating::Info, 2),
            stream(&["g", "s"], Rating::Info, 2),
        ];
        let sankey = Sankey::new(streams, &[9, 9]);
        let links: Vec<(Rating, usize, f64)> =
            sankey.links.iter().map(|it| (it.rating, it.count, it.breadth)).collect();
        assert_eq!(links, [(Rating::Critical, 1, 1.0), (Rating::Info, 4, 3.0)]);
    }
}
