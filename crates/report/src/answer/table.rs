//! An answer for a terminal: the verdict first, then why.

use std::io;

use portolan_reach::{Blocker, Flow, Hop, Verdict};

use crate::answer::view::{AnswerView, Share};
use crate::answer::words::{
    BlockerText, hop_notes, hop_rules, hop_text, packet_text, passing_text,
};
use crate::coverage;
use crate::format::Style;
use crate::grid::{Cell, Grid};
use crate::paint::Role;
use crate::rating::Rating;
use crate::services::traffic_text;
use crate::why::unknown_texts;

/// The most flows that are listed in a terminal; there is one for each pair of addresses that differ.
const FLOWS: usize = 12;

/// Writes verdict, packets, layers, evidence, and what is not known.
pub(crate) fn write(
    view: &AnswerView<'_>,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    verdict(view).write(style, out)?;
    layers(view).write(style, out)?;
    flows(view).write(style, out)?;
    evidence(view).write(style, out)?;
    blockers(view).write(style, out)?;
    notes(view).write(style, out)?;
    coverage::grid(&view.chart.model().coverage).write(style, out)
}

fn verdict(view: &AnswerView<'_>) -> Grid {
    let verdict = view.answer().verdict;
    let role = match verdict {
        Verdict::Reachable | Verdict::Unreachable => Role::Strong,
        Verdict::Unknown => Role::Rated(Rating::Unknown),
    };
    let mut grid = Grid::new(0);
    grid.line([
        Cell::new(verdict.as_str(), role),
        Cell::plain(format!("  {}", view.question_text())),
    ]);
    grid
}

fn layers(view: &AnswerView<'_>) -> Grid {
    let mut grid = Grid::new(2);
    let layers = view.layers();
    if !layers.is_empty() {
        grid.blank();
        grid.head(&["layer", "verdict", "what passes"]);
    }
    for (name, answer) in layers {
        let verdict = Cell::strong(answer.verdict.as_str());
        grid.row([Cell::plain(name), verdict, Cell::plain(passing_text(answer))]);
    }
    grid
}

fn flows(view: &AnswerView<'_>) -> Grid {
    let mut grid = Grid::new(2);
    let flows = &view.answer().flows;
    if !flows.is_empty() {
        grid.blank();
        grid.head(&["", "traffic", "from", "to"]);
    }
    for flow in flows.iter().take(FLOWS) {
        grid.row(flow_row(view, flow));
    }
    if let Some(more) = flows.len().checked_sub(FLOWS).filter(|more| *more > 0) {
        grid.line([Cell::faint(format!("  and {more} more; --format json lists all"))]);
    }
    grid
}

fn flow_row(view: &AnswerView<'_>, flow: &Flow) -> [Cell; 4] {
    let share = Share::of(flow);
    let role = match share {
        Share::Answered => Role::Strong,
        Share::OneWay => Role::Rated(Rating::Medium),
        Share::Possible => Role::Rated(Rating::Unknown),
    };
    [
        Cell::new(share.name(), role),
        Cell::plain(traffic_text(&flow.traffic)),
        Cell::plain(view.outside.describe(&flow.sources)),
        Cell::plain(view.outside.describe(&flow.destinations)),
    ]
}

fn evidence(view: &AnswerView<'_>) -> Grid {
    let mut grid = Grid::new(2);
    if let Some(flow) = view.shown_flow() {
        let packet = packet_text(&flow.witness);
        add_path(view, &mut grid, &format!("The way of one packet, {packet}"), &flow.hops);
        if !flow.reply_hops.is_empty() {
            add_path(view, &mut grid, "The way of its reply", &flow.reply_hops);
        }
    } else if !view.hops().is_empty() {
        add_path(view, &mut grid, "The most promising way", view.hops());
    }
    grid
}

fn add_path(view: &AnswerView<'_>, grid: &mut Grid, title: &str, hops: &[Hop]) {
    grid.blank();
    grid.line([Cell::strong(title)]);
    for (place, hop) in hops.iter().enumerate() {
        let is_last = place + 1 == hops.len();
        let (corner, line) = if is_last { ("└ ", "  ") } else { ("├ ", "│ ") };
        grid.hanging(2, 6, [Cell::faint(corner), Cell::plain(hop_text(view.names, hop))]);
        let line = || Cell::faint(format!("{line}  "));
        for rule in hop_rules(view.names, hop) {
            grid.hanging(2, 8, [line(), Cell::faint(rule)]);
        }
        for note in hop_notes(view.names, hop) {
            grid.hanging(2, 8, [line(), Cell::strong("note: "), Cell::plain(note)]);
        }
    }
}

fn blockers(view: &AnswerView<'_>) -> Grid {
    let mut grid = Grid::new(2);
    let blockers = &view.answer().blockers;
    if !blockers.is_empty() {
        grid.blank();
        let title = if blockers.len() == 1 { "In the way" } else { "In the way, all of these" };
        grid.line([Cell::strong(title)]);
    }
    for (place, blocker) in blockers.iter().enumerate() {
        add_blocker(view, &mut grid, place + 1, blocker);
    }
    grid
}

fn add_blocker(view: &AnswerView<'_>, grid: &mut Grid, number: usize, blocker: &Blocker) {
    let text = BlockerText::new(view, blocker);
    grid.hanging(
        2,
        5,
        [
            Cell::faint(format!("{number}. ")),
            Cell::new(text.code, Role::Rated(Rating::High)),
            Cell::plain(format!("  {}", text.place)),
        ],
    );
    grid.hanging(5, 5, [Cell::plain(text.meaning)]);
    if let Some(rule) = text.rule {
        grid.hanging(5, 5, [Cell::faint("rule: "), Cell::plain(rule)]);
    }
    for note in text.notes {
        grid.hanging(5, 5, [Cell::strong("note: "), Cell::plain(note)]);
    }
    grid.hanging(5, 5, [Cell::faint("to change it: "), Cell::plain(text.remedy)]);
}

fn notes(view: &AnswerView<'_>) -> Grid {
    let mut grid = Grid::new(2);
    let unknowns = &view.answer().unknowns;
    if !unknowns.is_empty() {
        grid.blank();
        grid.line([Cell::strong("Not known, and could change the answer")]);
    }
    for text in unknown_texts(view.names, unknowns) {
        grid.hanging(2, 4, [Cell::plain(text)]);
    }
    grid.blank();
    for assumption in view.assumptions() {
        grid.hanging(0, 2, [Cell::faint(format!("Assumed: {assumption}."))]);
    }
    grid
}
