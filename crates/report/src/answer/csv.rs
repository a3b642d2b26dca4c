//! An answer as comma-separated values: a row for each flow, and a row for each blocker.

use std::io;

use portolan_reach::{Blocker, Flow};

use crate::answer::view::AnswerView;
use crate::answer::words::{blocker_notes, hop_notes};
use crate::services::traffic_text;
use crate::sheet::Sheet;
use crate::why::rule_text;
use crate::wire::{certainty_name, direction_name};

const HEADS: [&str; 16] = [
    "verdict",
    "row",
    "from",
    "to",
    "certainty",
    "is_answered",
    "traffic",
    "sources",
    "destinations",
    "code",
    "component",
    "direction",
    "rule",
    "on_reply",
    "meaning",
    "notes",
];

/// Writes the flows, then the blockers.
pub(crate) fn write(view: &AnswerView<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let mut sheet = Sheet::new(&HEADS, out)?;
    let answer = view.answer();
    let flows = answer.flows.iter().map(|flow| flow_cells(view, flow));
    for cells in flows.chain(answer.blockers.iter().map(|it| blocker_cells(view, it))) {
        sheet.row(&cells.each_ref().map(String::as_str))?;
    }
    sheet.finish()
}

fn flow_cells(view: &AnswerView<'_>, flow: &Flow) -> [String; 16] {
    let nothing = String::new;
    let hops = flow.hops.iter().chain(&flow.reply_hops);
    [
        view.answer().verdict.as_str().to_owned(),
        "flow".to_owned(),
        view.names.end(&flow.from),
        view.names.end(&flow.to),
        certainty_name(flow.certainty).to_owned(),
        flow.is_answered.to_string(),
        traffic_text(&flow.traffic),
        view.outside.listed(&flow.sources),
        view.outside.listed(&flow.destinations),
        nothing(),
        nothing(),
        nothing(),
        nothing(),
        nothing(),
        nothing(),
        hops.flat_map(|hop| hop_notes(view.names, hop)).collect::<Vec<_>>().join("; "),
    ]
}

fn blocker_cells(view: &AnswerView<'_>, blocker: &Blocker) -> [String; 16] {
    let nothing = String::new;
    [
        view.answer().verdict.as_str().to_owned(),
        "blocker".to_owned(),
        view.question.from.clone(),
        view.question.to.clone(),
        nothing(),
        nothing(),
        view.question.traffic.clone().unwrap_or_default(),
        nothing(),
        nothing(),
        blocker.code.as_str().to_owned(),
        view.names.short(&blocker.component),
        blocker.direction.map(direction_name).unwrap_or_default().to_owned(),
        blocker.rule.as_ref().map(|rule| rule_text(view.names, rule)).unwrap_or_default(),
        blocker.on_reply.to_string(),
        blocker.code.meaning().to_owned(),
        blocker_notes(view.names, blocker).join("; "),
    ]
}
