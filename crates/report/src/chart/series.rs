//! Lines over time.

use maud::{Markup, PreEscaped, html};

use crate::rows::series::{Series, SeriesLine};

/// The size of the drawing.
const WIDTH: f64 = 1000.0;
const HEIGHT: f64 = 260.0;

/// The space for the axes: numbers to the left, times below.
const LEFT: f64 = 70.0;
const BOTTOM: f64 = 24.0;
const TOP: f64 = 10.0;

/// The most lines that are drawn; the others are only in the table.
const LINES: usize = 6;

/// The look of a picture that stands alone; in a page, `page.css` says the same.
const STYLE: &str = include_str!("series.css");

/// Draws the lines. `id` names the picture in its page.
pub(crate) fn draw(series: &Series, id: &str) -> Markup {
    picture(series, id, false)
}

/// Draws the lines as a document of their own.
pub(crate) fn stand_alone(series: &Series) -> Markup {
    picture(series, "series", true)
}

fn picture(series: &Series, id: &str, is_alone: bool) -> Markup {
    let view = format!("0 0 {WIDTH} {}", HEIGHT + legend_height(series));
    let namespace = is_alone.then_some("http://www.w3.org/2000/svg");
    html! {
        svg.series xmlns=[namespace] viewBox=(view) role="img" aria-labelledby={ (id) "-title " (id) "-text" } {
            title id={ (id) "-title" } { (series.name) }
            desc id={ (id) "-text" } { (description(series)) }
            @if is_alone { style { (PreEscaped(STYLE)) } }
            (axes(series))
            @for (place, line) in series.lines.iter().take(LINES).enumerate() {
                (draw_line(series, line, place))
            }
        }
    }
}

fn description(series: &Series) -> String {
    let ends = series.times.first().zip(series.times.last());
    let (first, last) = ends.map_or(("", ""), |(first, last)| (first.1.as_str(), last.1.as_str()));
    format!("{} lines from {first} to {last}, at most {}", series.lines.len(), series.highest())
}

fn legend_height(series: &Series) -> f64 {
    if series.lines.len() > 1 { 22.0 } else { 0.0 }
}

/// Draws the largest number, nothing, and the first and the last time.
fn axes(series: &Series) -> Markup {
    let base = HEIGHT - BOTTOM;
    let label = |text: &str, x: f64, y: f64, anchor: &str| {
        html! { text.axis x=(number(x)) y=(number(y)) text-anchor=(anchor) { (text) } }
    };
    html! {
        line.axis x1=(LEFT) x2=(WIDTH) y1=(base) y2=(base) {}
        line.axis x1=(LEFT) x2=(WIDTH) y1=(TOP) y2=(TOP) {}
        (label(&short(series.highest()), LEFT - 6.0, TOP + 4.0, "end"))
        (label("0", LEFT - 6.0, base + 4.0, "end"))
        @if let Some((_, first)) = series.times.first() { (label(first, LEFT, HEIGHT - 6.0, "start")) }
        @if let Some((_, last)) = series.times.last() { (label(last, WIDTH, HEIGHT - 6.0, "end")) }
    }
}

fn draw_line(series: &Series, line: &SeriesLine, place: usize) -> Markup {
    let class = format!("line line-{place}");
    #[expect(clippy::cast_precision_loss, reason = "there are six at most")]
    let x = LEFT + place as f64 * (WIDTH - LEFT) / LINES as f64;
    html! {
        path class=(class) d=(outline(series, line)) { title { (line.name) } }
        @if series.lines.len() > 1 {
            rect class=(class) x=(number(x)) y=(number(HEIGHT + 6.0)) width="10" height="10" {}
            text x=(number(x + 16.0)) y=(number(HEIGHT + 15.0)) { (shortened(&line.name)) }
        }
    }
}

/// Returns the path through the values; it is broken where there is none.
fn outline(series: &Series, line: &SeriesLine) -> String {
    let (first, last) = match (series.times.first(), series.times.last()) {
        (Some(first), Some(last)) => (first.0, last.0),
        _ => return String::new(),
    };
    let highest = if series.highest() > 0.0 { series.highest() } else { 1.0 };
    let values: Vec<_> = series.times.iter().zip(&line.values).collect();
    let runs = values.split(|(_, value)| value.is_none());
    let place = |((millis, _), value): &(&(i64, String), &Option<f64>)| {
        let x = LEFT + share(*millis, first, last) * (WIDTH - LEFT);
        let share = value.unwrap_or_default() / highest;
        format!("{x:.1},{:.1}", HEIGHT - BOTTOM - share * (HEIGHT - BOTTOM - TOP))
    };
    let run = |run: &[_]| run.iter().map(place).collect::<Vec<_>>().join("L");
    let drawn: Vec<String> = runs.filter(|it| !it.is_empty()).map(run).collect();
    drawn.iter().flat_map(|it| ["M", it]).collect()
}

/// Returns how far `at` is on the way from `first` to `last`.
#[expect(clippy::cast_precision_loss, reason = "a picture is not more precise than that")]
fn share(at: i64, first: i64, last: i64) -> f64 {
    if first == last { 0.5 } else { (at - first) as f64 / (last - first) as f64 }
}

fn number(value: f64) -> String {
    format!("{value:.1}")
}

/// Returns a number with a unit of thousands.
fn short(value: f64) -> String {
    let units = [(1e12, "T"), (1e9, "G"), (1e6, "M"), (1e3, "k")];
    let unit = units.iter().find(|(size, _)| value >= *size);
    unit.map_or_else(|| value.to_string(), |(size, name)| format!("{:.1}{name}", value / size))
}

fn shortened(name: &str) -> String {
    if name.chars().count() <= 18 {
        name.to_owned()
    } else {
        name.chars().take(17).chain(['…']).collect()
    }
}
