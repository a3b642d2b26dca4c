//! An answer as Markdown.

use std::io;

use portolan_reach::Hop;

use crate::answer::view::{AnswerView, Share};
use crate::answer::words::{
    BlockerText, hop_notes, hop_rules, hop_text, packet_text, passing_text,
};
use crate::coverage;
use crate::markdown::{escaped, table};
use crate::services::traffic_text;
use crate::why::unknown_texts;

/// Writes verdict, packets, layers, evidence, and what is not known.
pub(crate) fn write(view: &AnswerView<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let answer = view.answer();
    writeln!(out, "# {}: {}\n", answer.verdict.as_str(), escaped(&view.question_text()))?;
    write_layers(view, out)?;
    write_flows(view, out)?;
    write_evidence(view, out)?;
    write_blockers(view, out)?;
    if !answer.unknowns.is_empty() {
        writeln!(out, "## Not known, and could change the answer\n")?;
        for text in unknown_texts(view.names, &answer.unknowns) {
            writeln!(out, "- {}", escaped(&text))?;
        }
        writeln!(out)?;
    }
    writeln!(out, "## Assumed\n")?;
    for assumption in view.assumptions() {
        writeln!(out, "- {}", escaped(&assumption))?;
    }
    writeln!(out)?;
    coverage::write_markdown(&view.chart.model().coverage, out)
}

fn write_layers(view: &AnswerView<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let layers = view.layers();
    if layers.is_empty() {
        return Ok(());
    }
    let rows = layers.into_iter().map(|(name, answer)| {
        vec![name.to_owned(), answer.verdict.as_str().to_owned(), passing_text(answer)]
    });
    table(&["Layer", "Verdict", "What passes"], rows, out)
}

fn write_flows(view: &AnswerView<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let flows = &view.answer().flows;
    if flows.is_empty() {
        return Ok(());
    }
    let rows = flows.iter().map(|flow| {
        vec![
            Share::of(flow).name().to_owned(),
            traffic_text(&flow.traffic),
            view.outside.describe(&flow.sources),
            view.outside.describe(&flow.destinations),
        ]
    });
    table(&["", "Traffic", "From", "To"], rows, out)
}

fn write_evidence(view: &AnswerView<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    if let Some(flow) = view.shown_flow() {
        let packet = packet_text(&flow.witness);
        write_path(view, &format!("The way of one packet, {packet}"), &flow.hops, out)?;
        if !flow.reply_hops.is_empty() {
            write_path(view, "The way of its reply", &flow.reply_hops, out)?;
        }
    } else if !view.hops().is_empty() {
        write_path(view, "The most promising way", view.hops(), out)?;
    }
    Ok(())
}

fn write_path(
    view: &AnswerView<'_>,
    title: &str,
    hops: &[Hop],
    out: &mut dyn io::Write,
) -> io::Result<()> {
    writeln!(out, "## {}\n", escaped(title))?;
    for hop in hops {
        writeln!(out, "1. {}", escaped(&hop_text(view.names, hop)))?;
        for rule in hop_rules(view.names, hop) {
            writeln!(out, "   - {}", escaped(&rule))?;
        }
        for note in hop_notes(view.names, hop) {
            writeln!(out, "   - note: {}", escaped(&note))?;
        }
    }
    writeln!(out)
}

fn write_blockers(view: &AnswerView<'_>, out: &mut dyn io::Write) -> io::Result<()> {
    let blockers = &view.answer().blockers;
    if blockers.is_empty() {
        return Ok(());
    }
    writeln!(out, "## In the way\n")?;
    let rows = blockers.iter().map(|blocker| {
        let text = BlockerText::new(view, blocker);
        let rule = text.rule.unwrap_or_default();
        let (code, meaning) = (text.code.to_owned(), text.meaning.to_owned());
        vec![code, text.place, meaning, rule, text.notes.join("; "), text.remedy]
    });
    table(&["Code", "Where", "Meaning", "Rule", "Note", "To change it"], rows, out)
}
