//! A plan for a terminal: groups that change, what closes, groups that stay and why, and what was proved.

use std::io;

use portolan_model::{Direction, Model, SecurityGroupId};
use portolan_respond::{Fate, GroupPlan, Plan, PlannedRule};

use crate::format::Style;
use crate::grid::{Cell, Grid};
use crate::names::Names;
use crate::paint::Role;
use crate::plan::words::{
    closing_text, direction_name, doubt_text, evidence_lines, fate_name, group_text, proof_lines,
    rule_text, use_text,
};
use crate::rating::Rating;
use crate::services::counted;

/// How many closings of a group are shown.
const CLOSINGS: usize = 5;

/// How many reasons of a group that stays are shown.
const DOUBTS: usize = 3;

pub(crate) fn write(
    model: &Model,
    plan: &Plan,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let names = Names::new(model);
    let mut grid = Grid::new(2);
    add_summary(&mut grid, plan);
    for (id, group) in plan.changed() {
        add_changed(&mut grid, names, id, group);
    }
    add_doubtful(&mut grid, names, plan);
    add_lines(&mut grid, "Proved", &proof_lines(&plan.proof));
    add_lines(&mut grid, "The log", &evidence_lines(&plan.evidence));
    grid.write(style, out)
}

fn add_summary(grid: &mut Grid, plan: &Plan) {
    let rules = |fate| plan.groups.values().flat_map(move |group| group.with(fate)).count();
    let changed = plan.changed().count();
    let text = format!(
        "{} of {} change: {} added, {} removed, {} kept",
        changed,
        counted(plan.groups.len(), "security group", "security groups"),
        counted(rules(Fate::Added), "rule", "rules"),
        rules(Fate::Removed),
        rules(Fate::Kept),
    );
    grid.line([Cell::strong(text)]);
}

fn add_changed(grid: &mut Grid, names: Names<'_>, id: &SecurityGroupId, group: &GroupPlan) {
    grid.blank();
    grid.line([Cell::strong(group_text(names, id))]);
    for direction in [Direction::Inbound, Direction::Outbound] {
        for planned in group.rules.iter().filter(|it| it.rule.direction == direction) {
            add_rule(grid, names, planned);
        }
    }
    for closing in group.closes.iter().take(CLOSINGS) {
        let role = if closing.is_public { Role::Rated(Rating::High) } else { Role::Plain };
        let kind = if closing.is_public { "closes, Internet: " } else { "closes: " };
        let text = closing_text(names, closing);
        let direction = direction_name(closing.direction);
        grid.hanging(2, 4, [Cell::faint(kind), Cell::new(format!("{direction} {text}"), role)]);
    }
    if group.closes.len() > CLOSINGS {
        let more = group.closes.len() - CLOSINGS;
        grid.hanging(2, 4, [Cell::faint(format!("closes: {more} more (`--format json`)"))]);
    }
    if !group.is_minimal {
        let text = "there may be fewer rules: the search was stopped";
        grid.hanging(2, 4, [Cell::faint(text)]);
    }
}

fn add_rule(grid: &mut Grid, names: Names<'_>, planned: &PlannedRule) {
    let role = match planned.fate {
        Fate::Kept => Role::Faint,
        Fate::Added => Role::Strong,
        Fate::Removed => Role::Rated(Rating::Medium),
    };
    let note = planned.doubt.as_ref().map(|doubt| doubt_text(names, doubt));
    grid.row([
        Cell::new(fate_name(planned.fate), role),
        Cell::faint(direction_name(planned.rule.direction)),
        Cell::plain(rule_text(names, &planned.rule)),
        Cell::faint(note.unwrap_or_else(|| use_text(planned))),
    ]);
}

fn add_doubtful(grid: &mut Grid, names: Names<'_>, plan: &Plan) {
    let doubtful: Vec<_> = plan.groups.iter().filter(|(_, it)| !it.doubts.is_empty()).collect();
    if doubtful.is_empty() {
        return;
    }
    grid.blank();
    grid.line([Cell::strong(
        "Left as they are, because the log cannot show what they are needed for",
    )]);
    for (id, group) in doubtful {
        let mut reasons: Vec<_> =
            group.doubts.iter().take(DOUBTS).map(|doubt| doubt_text(names, doubt)).collect();
        if group.doubts.len() > DOUBTS {
            reasons.push(format!("{} more", group.doubts.len() - DOUBTS));
        }
        let name = format!("{}: ", group_text(names, id));
        grid.hanging(2, 4, [Cell::plain(name), Cell::faint(reasons.join("; "))]);
    }
}

fn add_lines(grid: &mut Grid, heading: &str, lines: &[String]) {
    grid.blank();
    grid.line([Cell::strong(heading)]);
    for line in lines {
        grid.hanging(2, 4, [Cell::plain(line)]);
    }
}
