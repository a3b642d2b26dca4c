//! An answer as a page: the path drawn from top to bottom, each step with its rules.

use std::io;

use maud::{Markup, html};
use portolan_reach::{Blocker, Hop};

use crate::answer::view::{AnswerView, Share};
use crate::answer::words::{
    BlockerText, hop_notes, hop_rules, hop_text, packet_text, passing_text,
};
use crate::coverage;
use crate::page;
use crate::services::traffic_text;
use crate::why::unknown_texts;

/// Writes the page.
pub(crate) fn write(view: &AnswerView<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let answer = view.answer();
    let content = html! {
        section {
            h2.verdict { span.badge.(answer.verdict.as_str()) { (answer.verdict.as_str()) } }
            p { (view.question_text()) }
            (layers(view))
            (flows(view))
        }
        (blockers(view))
        (evidence(view))
        (notes(view))
        (coverage::section(&view.chart.model().coverage))
    };
    page::write("Who can reach whom", &view.question_text(), &content, out)
}

fn list(heads: &[&str], rows: &Markup) -> Markup {
    html! {
        div.scroll { table.list {
            thead { tr { @for head in heads { th scope="col" { (head) } } } }
            tbody { (rows) }
        } }
    }
}

fn layers(view: &AnswerView<'_>) -> Markup {
    let layers = view.layers();
    if layers.is_empty() {
        return Markup::default();
    }
    let rows = html! {
        @for (name, answer) in layers {
            tr {
                td { (name) }
                td.short { span.badge.(answer.verdict.as_str()) { (answer.verdict.as_str()) } }
                td.ports { (passing_text(answer)) }
            }
        }
    };
    list(&["Layer", "Verdict", "What passes"], &rows)
}

fn flows(view: &AnswerView<'_>) -> Markup {
    let flows = &view.answer().flows;
    if flows.is_empty() {
        return Markup::default();
    }
    let rows = html! {
        @for flow in flows {
            tr {
                td { (Share::of(flow).name()) }
                td.ports { (traffic_text(&flow.traffic)) }
                td { (view.outside.describe(&flow.sources)) }
                td { (view.outside.describe(&flow.destinations)) }
            }
        }
    };
    list(&["", "Traffic", "From", "To"], &rows)
}

fn evidence(view: &AnswerView<'_>) -> Markup {
    match view.shown_flow() {
        Some(flow) => html! {
            section {
                h2 { "The way of one packet" }
                p { (packet_text(&flow.witness)) }
                (path(view, &flow.hops))
            }
            @if !flow.reply_hops.is_empty() {
                section { h2 { "The way of its reply" } (path(view, &flow.reply_hops)) }
            }
        },
        None if view.hops().is_empty() => Markup::default(),
        None => html! { section { h2 { "The most promising way" } (path(view, view.hops())) } },
    }
}

fn path(view: &AnswerView<'_>, hops: &[Hop]) -> Markup {
    let is_blocked = |hop: &Hop| {
        let blockers = view.answer().blockers.iter();
        view.shown_flow().is_none() && blockers.clone().any(|it| it.component == hop.component)
    };
    html! {
        ol.path { @for hop in hops {
            li.stop[is_blocked(hop)].critical[is_blocked(hop)] {
                (hop_text(view.names, hop))
                @for rule in hop_rules(view.names, hop) { span.rule { (rule) } }
                @for note in hop_notes(view.names, hop) { span.rule { "note: " (note) } }
            }
        } }
    }
}

fn blockers(view: &AnswerView<'_>) -> Markup {
    let blockers = &view.answer().blockers;
    if blockers.is_empty() {
        return Markup::default();
    }
    let rows = html! { @for blocker in blockers { (blocker_row(view, blocker)) } };
    html! {
        section {
            h2 { "In the way" }
            (list(&["Code", "Where", "Meaning", "To change it"], &rows))
        }
    }
}

fn blocker_row(view: &AnswerView<'_>, blocker: &Blocker) -> Markup {
    let text = BlockerText::new(view, blocker);
    html! {
        tr {
            td { code { (text.code) } }
            td {
                (text.place)
                @if let Some(rule) = text.rule { br; (rule) }
                @for note in text.notes { br; "note: " (note) }
            }
            td { (text.meaning) }
            td { (text.remedy) }
        }
    }
}

fn notes(view: &AnswerView<'_>) -> Markup {
    let unknowns = &view.answer().unknowns;
    html! {
        @if !unknowns.is_empty() {
            section {
                h2 { "Not known, and could change the answer" }
                ul.lines { @for text in unknown_texts(view.names, unknowns) { li { (text) } } }
            }
        }
        section {
            h2 { "Assumed" }
            ul.lines { @for assumption in view.assumptions() { li { (assumption) } } }
        }
    }
}
