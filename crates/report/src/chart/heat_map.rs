//! A heat map: a table whose cells are coloured by what they mean.
//!
//! It is a real table, so that it can be read aloud, copied and searched; a picture made of rectangles was
//! rejected. What does not fit is folded into a last row and column, which show the worst of what they hold.

use maud::{Markup, html};

use crate::rating::Rating;

/// A heat map.
#[derive(Debug)]
pub(crate) struct HeatMap {
    /// What the rows are, such as `Resource`.
    pub(crate) corner: &'static str,
    /// Whether there are many columns with little in them, so that their heads stand upright.
    pub(crate) is_narrow: bool,
    /// The heads of the columns.
    pub(crate) columns: Vec<Head>,
    /// The rows. Each has as many cells as there are columns.
    pub(crate) rows: Vec<Row>,
}

/// The head of a column or row: a name, and something small below it.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Head {
    pub(crate) name: String,
    pub(crate) note: String,
}

/// A row.
#[derive(Clone, Debug)]
pub(crate) struct Row {
    pub(crate) head: Head,
    pub(crate) cells: Vec<Option<Cell>>,
}

/// A cell in which there is something.
#[derive(Clone, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) struct Cell {
    /// What it means, which is its colour.
    pub(crate) tone: Tone,
    /// What it shows.
    pub(crate) text: String,
    /// What it says when it is pointed at.
    pub(crate) title: String,
}

/// What a cell means. Of cells that are folded into one, the first in this order is shown.
#[derive(Clone, Copy, Debug, Eq, Ord, PartialEq, PartialOrd)]
pub(crate) enum Tone {
    /// How bad it is.
    Rated(Rating),
    /// Every packet passes.
    Everything,
    /// It is not known what passes.
    Maybe,
    /// Some packets pass.
    Something,
}

impl Tone {
    /// Returns the class of the cell.
    const fn class(self) -> &'static str {
        match self {
            Self::Rated(rating) => rating.name(),
            Self::Everything => "everything",
            Self::Maybe => "unknown",
            Self::Something => "something",
        }
    }

    /// Returns the word that says the same as the colour; empty where the text says it.
    const fn word(self) -> &'static str {
        match self {
            Self::Rated(rating) => rating.name(),
            Self::Everything | Self::Maybe | Self::Something => "",
        }
    }
}

impl HeatMap {
    /// Returns the map with at most so many rows and columns, in their order; the rest is folded.
    pub(crate) fn folded(self, rows: usize, columns: usize) -> Self {
        let Self { columns: mut heads, rows: mut all, .. } = self;
        if heads.len() > columns {
            let kept = columns.saturating_sub(1);
            let head = others(heads.len() - kept);
            heads.truncate(kept);
            heads.push(head);
            for row in &mut all {
                let rest = row.cells.split_off(kept.min(row.cells.len()));
                row.cells.push(worst(rest.into_iter()));
            }
        }
        if all.len() > rows {
            let rest = all.split_off(rows.saturating_sub(1));
            let column = |place: usize| {
                worst(rest.iter().map(|row| row.cells.get(place).cloned().flatten()))
            };
            let cells = (0..heads.len()).map(column).collect();
            all.push(Row { head: others(rest.len()), cells });
        }
        Self { columns: heads, rows: all, ..self }
    }

    /// Draws the map as a table with a caption.
    pub(crate) fn draw(&self, caption: &str) -> Markup {
        html! {
            div.scroll {
                table.heat.narrow[self.is_narrow] {
                    caption { (caption) }
                    thead {
                        tr {
                            th scope="col" { (self.corner) }
                            @for head in &self.columns {
                                th scope="col" { (head.name) @if !head.note.is_empty() { small { (head.note) } } }
                            }
                        }
                    }
                    tbody { @for row in &self.rows { (draw_row(row)) } }
                }
            }
        }
    }
}

fn others(count: usize) -> Head {
    Head { name: format!("others ({count})"), note: String::new() }
}

fn worst(cells: impl Iterator<Item = Option<Cell>>) -> Option<Cell> {
    cells.flatten().min_by_key(|cell| cell.tone)
}

fn draw_row(row: &Row) -> Markup {
    html! {
        tr {
            th scope="row" title=(row.head.name) { (row.head.name) @if !row.head.note.is_empty() { small { (row.head.note) } } }
            @for cell in &row.cells {
                @match cell {
                    Some(cell) => td.(cell.tone.class()) title=(cell.title) {
                        b { (cell.text) } small { (cell.tone.word()) }
                    },
                    None => td.none { span aria-label="none" { "·" } },
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn cell(rating: Rating) -> Cell {
        Cell { tone: Tone::Rated(rating), text: "any".to_owned(), title: "tcp 22".to_owned() }
    }

    fn head(name: &str) -> Head {
        Head { name: name.to_owned(), note: String::new() }
    }

    fn sample() -> HeatMap {
        let row =
            |name: &str, cells: [Option<Cell>; 3]| Row { head: head(name), cells: cells.into() };
        HeatMap {
            corner: "Resource",
            is_narrow: false,
            columns: vec![head("22"), head("80"), head("443")],
            rows: vec![
                row("bastion", [Some(cell(Rating::Critical)), None, None]),
                row("web", [None, Some(cell(Rating::Low)), Some(cell(Rating::Info))]),
                row("api", [None, None, Some(cell(Rating::Unknown))]),
            ],
        }
    }

    fn names(map: &HeatMap) -> (Vec<&str>, Vec<&str>) {
        let columns = map.columns.iter().map(|head| head.name.as_str()).collect();
        (columns, map.rows.iter().map(|row| row.head.name.as_str()).collect())
    }

    #[test]
    fn folds_what_does_not_fit_and_keeps_the_worst() {
        let map = sample().folded(2, 2);
        assert_eq!(names(&map), (vec!["22", "others (2)"], vec!["bastion", "others (2)"]));
        assert_eq!(map.rows[1].cells, [None, Some(cell(Rating::Unknown))]);
    }

    #[test]
    fn leaves_alone_what_fits() {
        let map = sample().folded(3, 3);
        assert_eq!(names(&map), (vec!["22", "80", "443"], vec!["bastion", "web", "api"]));
    }

    #[test]
    fn draws_a_table() {
        let map = HeatMap { rows: sample().rows[..1].to_vec(), ..sample() };
        insta::assert_snapshot!(map.draw("Who can reach what").into_string().replace('>', ">\n"), @r#"
        <div class="scroll">
        <table class="heat">
        <caption>
        Who can reach what</caption>
        <thead>
        <tr>
        <th scope="col">
        Resource</th>
        <th scope="col">
        22</th>
        <th scope="col">
        80</th>
        <th scope="col">
        443</th>
        </tr>
        </thead>
        <tbody>
        <tr>
        <th scope="row" title="bastion">
        bastion</th>
        <td class="critical" title="tcp 22">
        <b>
        any</b>
        <small>
        critical</small>
        </td>
        <td class="none">
        <span aria-label="none">
        ·</span>
        </td>
        <td class="none">
        <span aria-label="none">
        ·</span>
        </td>
        </tr>
        </tbody>
        </table>
        </div>
        "#);
    }
}
