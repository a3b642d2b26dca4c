//! The markup of a Sankey diagram.

use maud::{Markup, html};

use super::layout::{Layout, NODE_WIDTH, NodeBox, Ribbon, WIDTH};
use super::{Link, Node, Sankey};

/// The most characters of a label that are shown; the whole of it is in its tooltip.
const LABEL: usize = 34;

/// The space around the diagram, for half a line of text.
const MARGIN: f64 = 8.0;

/// Draws the diagram. `id` names it in its page; `things` is what the ribbons carry, such as `open ports`.
pub(crate) fn draw(
    sankey: &Sankey,
    id: &str,
    title: &str,
    description: &str,
    things: &str,
) -> Markup {
    let layout = Layout::new(sankey);
    let view = format!("0 {} {WIDTH} {:.1}", -MARGIN, layout.height + 2.0 * MARGIN);
    let nodes = sankey.columns.iter().zip(&layout.nodes);
    html! {
        svg.sankey viewBox=(view) role="img" aria-labelledby={ (id) "-title " (id) "-text" } {
            title id={ (id) "-title" } { (title) }
            desc id={ (id) "-text" } { (description) }
            @for (link, ribbon) in sankey.links.iter().zip(&layout.ribbons) {
                (draw_ribbon(sankey, link, ribbon, things))
            }
            @for (column, (nodes, boxes)) in nodes.enumerate() {
                @for (node, place) in nodes.iter().zip(boxes) {
                    (draw_node(node, place, column + 1 == sankey.columns.len(), things))
                }
            }
        }
    }
}

fn draw_ribbon(sankey: &Sankey, link: &Link, ribbon: &Ribbon, things: &str) -> Markup {
    let label = |column: usize, place: usize| {
        let node = sankey.columns.get(column).and_then(|nodes| nodes.get(place));
        node.map_or("", |node| node.label.as_str())
    };
    let (from, to) = (label(link.column, link.from), label(link.column + 1, link.to));
    html! {
        path.ribbon.(link.rating.name()) d=(outline(ribbon)) {
            title { (from) " → " (to) ": " (link.count) " " (things) ", " (link.rating) }
        }
    }
}

/// Returns the outline of a ribbon: two curves that leave and enter level, with straight ends.
fn outline(ribbon: &Ribbon) -> String {
    let Ribbon { x0, y0, x1, y1, width } = *ribbon;
    let middle = f64::midpoint(x0, x1);
    let (below0, below1) = (y0 + width, y1 + width);
    format!(
        "M{x0:.1},{y0:.1}C{middle:.1},{y0:.1} {middle:.1},{y1:.1} {x1:.1},{y1:.1}\
         V{below1:.1}C{middle:.1},{below1:.1} {middle:.1},{below0:.1} {x0:.1},{below0:.1}Z"
    )
}

/// Draws a node. Only those of the last column have a colour: the others carry streams of every kind.
fn draw_node(node: &Node, place: &NodeBox, is_last: bool, things: &str) -> Markup {
    let class = if is_last { node.rating.name() } else { "plain" };
    let number = |value: f64| format!("{value:.1}");
    let x = number(place.x);
    html! {
        g.node.(class) {
            title { (node.label) ": " (node.count) " " (things) ", " (node.rating) }
            rect x=(x) y=(number(place.y)) width=(NODE_WIDTH) height=(number(place.height)) rx="2" {}
            text x=(number(place.x + NODE_WIDTH + 6.0)) y=(number(place.y + place.height / 2.0)) dy=".35em" {
                (shortened(&node.label))
            }
        }
    }
}

/// Returns a label, cut if it is too long.
fn shortened(label: &str) -> String {
    if label.chars().count() <= LABEL {
        return label.to_owned();
    }
    label.chars().take(LABEL - 1).chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::super::tests::stream;
    use super::*;
    use crate::rating::Rating;

    #[test]
    fn draws_ribbons_and_nodes() {
        let streams = vec![
            stream(&["Internet", "web <1>"], Rating::Info, 2),
            stream(&["Internet", "bastion"], Rating::Critical, 1),
        ];
        let sankey = Sankey::new(streams, &[9, 9]);
        let markup = draw(&sankey, "s", "Ways in", "As a table below.", "open ports").into_string();
        insta::assert_snapshot!(markup.replace('>', ">\n"), @r#"
        <svg class="sankey" viewBox="0 -8 1000 78.0" role="img" aria-labelledby="s-title s-text">
        <title id="s-title">
        Ways in</title>
        <desc id="s-text">
        As a table below.</desc>
        <path class="ribbon critical" d="M12.0,4.0C375.0,4.0 375.0,0.0 738.0,0.0V18.0C375.0,18.0 375.0,22.0 12.0,22.0Z">
        <title>
        Internet → bastion: 1 open ports, critical</title>
        </path>
        <path class="ribbon info" d="M12.0,22.0C375.0,22.0 375.0,26.0 738.0,26.0V62.0C375.0,62.0 375.0,58.0 12.0,58.0Z">
        <title>
        Internet → web &lt;1&gt;: 2 open ports, info</title>
        </path>
        <g class="node plain">
        <title>
        Internet: 3 open ports, critical</title>
        <rect x="0.0" y="4.0" width="12" height="54.0" rx="2">
        </rect>
        <text x="18.0" y="31.0" dy=".35em">
        Internet</text>
        </g>
        <g class="node critical">
        <title>
        bastion: 1 open ports, critical</title>
        <rect x="738.0" y="0.0" width="12" height="18.0" rx="2">
        </rect>
        <text x="756.0" y="9.0" dy=".35em">
        bastion</text>
        </g>
        <g class="node info">
        <title>
        web &lt;1&gt;: 2 open ports, info</title>
        <rect x="738.0" y="26.0" width="12" height="36.0" rx="2">
        </rect>
        <text x="756.0" y="44.0" dy=".35em">
        web &lt;1&gt;</text>
        </g>
        </svg>
        "#);
    }

    #[test]
    fn cuts_long_labels() {
        assert_eq!(shortened("web"), "web");
        assert_eq!(shortened(&"x".repeat(50)).chars().count(), LABEL);
    }
}
