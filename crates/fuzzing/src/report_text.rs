//! Reports about resources whose names want to be more than names.

use std::collections::BTreeSet;

use portolan_reach::{Chart, Exposure, Settings};
use portolan_report::{ExposureOptions, Format, Style, exposure};
use serde::de::IgnoredAny;

use crate::named_network::named_network;

/// Reports what can be reached of a network.
///
/// The first byte chooses the network, the lines are Name tags of what is in it. In no format may a name do anything but
/// be read.
pub fn report_text(bytes: &[u8]) {
    let Some((seed, names)) = bytes.split_first() else { return };
    let Ok(names) = str::from_utf8(names) else { return };
    let report = Report::of(*seed, names);
    shows_all(&report.text(Format::Table));
    shows_all(&report.text(Format::Markdown));
    is_json(&report.text(Format::Json));
    computes_nothing(&report.text(Format::Csv));
    let harmless = Report::of(*seed, &harmless(names));
    same_markup(&report.text(Format::Html), &harmless.text(Format::Html));
}

struct Report {
    chart: Chart,
    exposure: Exposure,
}

impl Report {
    fn of(seed: u8, names: &str) -> Self {
        let chart = Chart::new(named_network(seed, names), Settings::default());
        Self { exposure: chart.exposure(), chart }
    }

    fn text(&self, format: Format) -> String {
        let (options, style) = (ExposureOptions::default(), Style::default());
        let mut bytes = Vec::new();
        let written = exposure(&self.chart, &self.exposure, &options, format, &style, &mut bytes);
        assert!(written.is_ok(), "memory takes everything");
        String::from_utf8_lossy(&bytes).into_owned()
    }
}

/// Checks that nothing in the text is obeyed by a terminal.
fn shows_all(text: &str) {
    let obeyed = text.chars().find(|it| it.is_control() && *it != '\n');
    assert_eq!(obeyed, None, "{text:?}");
}

fn is_json(text: &str) {
    assert!(serde_json::from_str::<IgnoredAny>(text).is_ok(), "{text}");
}

/// Checks that the text is rows of cells, none of which begins as a formula does.
fn computes_nothing(text: &str) {
    let rows = csv::Reader::from_reader(text.as_bytes()).into_records();
    let rows = rows.collect::<Result<Vec<_>, _>>();
    assert!(rows.is_ok(), "{text}");
    let mut cells = rows.iter().flatten().flatten();
    let formula = cells.find(|it| it.starts_with(['=', '+', '-', '@', '\t', '\r']));
    assert_eq!(formula, None, "{text}");
}

/// Returns the text with a letter that means nothing for each that means something in HTML. Different names stay
/// different, for what shares a name may be shown together.
fn harmless(text: &str) -> String {
    let pairs = [('<', 'ἀ'), ('>', 'ἁ'), ('&', 'ἂ'), ('"', 'ἃ'), ('\'', 'ἄ')];
    let letter = |letter| pairs.iter().find(|(it, _)| *it == letter).map_or(letter, |(_, it)| *it);
    text.chars().map(letter).collect()
}

/// Checks that names add no tag and no attribute to a page. Only which there are is compared: names decide about the order
/// of things and so about what is shown together.
fn same_markup(page: &str, harmless: &str) {
    let known: BTreeSet<String> = markup(harmless).collect();
    let added = markup(page).find(|it| !known.contains(it));
    assert_eq!(added, None, "{page}");
}

/// Returns each tag with the names of its attributes.
fn markup(page: &str) -> impl Iterator<Item = String> {
    let tags = page.split('<').skip(1).map(|it| it.split_once('>').map_or(it, |(tag, _)| tag));
    // Values stand between quotes.
    tags.map(|tag| tag.split('"').step_by(2).collect())
}
