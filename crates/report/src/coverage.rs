//! What was not read: the footnote of every answer.
//!
//! A gap is most often the same in every Region, so gaps are told by kind of resource, not by place.

use std::collections::{BTreeMap, BTreeSet};
use std::io;

use maud::{Markup, html};
use portolan_model::{self as model, Coverage, ReadProblem, ResourceKind, Status};
use schemars::JsonSchema;
use serde::Serialize;

use crate::grid::{Cell, Grid};
use crate::inert::inert;
use crate::markdown::{escaped, table};
use crate::services::counted;
use crate::wire::Place;

/// The most places that are named before the rest is counted.
const NAMED: usize = 2;

/// The heads of a table of gaps.
const HEADS: [&str; 3] = ["Resources", "What is missing", "Command that reads it"];

/// One kind of resource that is not fully known.
#[derive(Debug, Eq, PartialEq)]
pub(crate) struct Gap {
    pub(crate) kind: ResourceKind,
    /// What is missing, and where, such as `not read in 111122223333 eu-west-1`.
    pub(crate) text: String,
}

impl Gap {
    pub(crate) fn into_row(self) -> Vec<String> {
        vec![self.kind.to_string(), self.text, self.kind.command().to_owned()]
    }
}

/// Returns the kinds of resource that are essential and not fully known.
pub(crate) fn gaps(coverage: &Coverage) -> Vec<Gap> {
    let mut places: BTreeMap<(ResourceKind, Status), Vec<&model::Place>> = BTreeMap::new();
    for (place, kind, status) in coverage.gaps() {
        places.entry((kind, status)).or_default().push(place);
    }
    let gap = |((kind, status), places): ((_, Status), Vec<&model::Place>)| Gap {
        kind,
        text: format!("{} in {}", status_text(status), places_text(&places)),
    };
    places.into_iter().map(gap).collect()
}

const fn status_text(status: Status) -> &'static str {
    match status {
        Status::Present => "read",
        Status::Broken => "not fully read",
        Status::Absent => "not read",
    }
}

fn places_text(places: &[&model::Place]) -> String {
    let named: Vec<String> = places.iter().take(NAMED).map(ToString::to_string).collect();
    match places.len().saturating_sub(NAMED) {
        0 => named.join(", "),
        more => format!("{} and {more} more", named.join(", ")),
    }
}

/// Returns the problems because of which something is missing.
pub(crate) fn losses(coverage: &Coverage) -> impl Iterator<Item = &ReadProblem> {
    coverage.problems().filter(|problem| problem.loses_data)
}

/// Returns a problem in one line, such as `vpcs.json:3:7: expected a list`.
pub(crate) fn problem_text(problem: &ReadProblem) -> String {
    match &problem.position {
        Some(at) => format!("{}:{}:{}: {}", problem.path, at.line, at.column, problem.message),
        None => format!("{}: {}", problem.path, problem.message),
    }
}

/// Returns in one sentence how much was read.
pub(crate) fn summary(coverage: &Coverage) -> String {
    let regions = coverage.places().count();
    let accounts: BTreeSet<_> = coverage.places().map(|place| &place.account).collect();
    let regions = counted(regions, "Region", "Regions");
    let places = format!("{regions} of {}", counted(accounts.len(), "account", "accounts"));
    if coverage.places().next().is_none() {
        "Nothing was read, so nothing can be told.".to_owned()
    } else if is_complete(coverage) {
        format!("Everything essential was read: {places}.")
    } else {
        format!("Not everything essential was read of {places}; what is missing is not judged.")
    }
}

/// Returns whether something was read and nothing essential is missing.
pub(crate) fn is_complete(coverage: &Coverage) -> bool {
    coverage.places().next().is_some() && coverage.gaps().next().is_none() && coverage.is_whole()
}

/// Returns what was not read and how to read it, one line for each essential kind of resource.
///
/// Empty if nothing essential is missing. Every line can be printed as it is. [`exposure`](crate::exposure()),
/// [`answer`](crate::answer()) and [`MatrixReport`](crate::MatrixReport) say the same at their end.
pub fn coverage_lines(coverage: &Coverage) -> Vec<String> {
    let gap = |gap: Gap| {
        let line = format!("{} {}: {}", gap.kind, gap.text, gap.kind.command());
        inert(&line).into_owned()
    };
    gaps(coverage).into_iter().map(gap).collect()
}

/// Returns the footnote for a terminal; empty rows before it set it off.
pub(crate) fn grid(coverage: &Coverage) -> Grid {
    let mut grid = Grid::new(2);
    grid.blank();
    grid.line([Cell::faint(summary(coverage))]);
    for gap in gaps(coverage) {
        grid.row([
            Cell::plain(gap.kind.to_string()),
            Cell::plain(gap.text),
            Cell::faint(gap.kind.command()),
        ]);
    }
    for problem in losses(coverage) {
        grid.hanging(2, 4, [Cell::plain(problem_text(problem))]);
    }
    grid
}

/// Writes the footnote in Markdown.
pub(crate) fn write_markdown(coverage: &Coverage, out: &mut dyn io::Write) -> io::Result<()> {
    writeln!(out, "## What was read\n\n{}\n", summary(coverage))?;
    let rows: Vec<Vec<String>> = gaps(coverage).into_iter().map(Gap::into_row).collect();
    if !rows.is_empty() {
        table(&HEADS, rows, out)?;
    }
    losses(coverage).try_for_each(|problem| writeln!(out, "- {}", escaped(&problem_text(problem))))
}

/// Returns the footnote as part of a page.
pub(crate) fn section(coverage: &Coverage) -> Markup {
    let gaps = gaps(coverage);
    html! {
        section {
            h2 { "What was read" }
            p { (summary(coverage)) }
            @if !gaps.is_empty() {
                table.list {
                    thead { tr { @for head in HEADS { th scope="col" { (head) } } } }
                    tbody { @for gap in &gaps {
                        tr { td { (gap.kind) } td { (gap.text) } td { code { (gap.kind.command()) } } }
                    } }
                }
            }
            @if !coverage.is_whole() {
                ul.lines { @for problem in losses(coverage) { li { (problem_text(problem)) } } }
            }
        }
    }
}

/// What was read and what was not.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Coverage")]
pub(crate) struct Document {
    /// Whether everything essential was read. If not, an answer may be incomplete.
    is_complete: bool,
    /// The accounts and Regions that something was read of.
    places: Vec<PlaceDocument>,
    /// The essential kinds of resource that are not fully known.
    gaps: Vec<GapDocument>,
    /// What was wrong with what was read.
    problems: Vec<ProblemDocument>,
}

/// How much was read of one account and Region: every kind of resource is in one of the lists.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "PlaceCoverage")]
struct PlaceDocument {
    #[serde(flatten)]
    place: Place,
    /// The kinds that were given, perhaps as an empty list, and read whole, in words such as `network ACLs`.
    present: Vec<String>,
    /// The kinds of which something was given and could not be read.
    broken: Vec<String>,
    /// The kinds that were not given.
    absent: Vec<String>,
}

impl PlaceDocument {
    fn of(coverage: &Coverage, place: &model::Place) -> Self {
        let kinds = |status| {
            let kinds = ResourceKind::ALL.into_iter();
            let kinds = kinds.filter(|kind| coverage.status(place, *kind) == status);
            kinds.map(|kind| kind.to_string()).collect()
        };
        Self {
            place: place.into(),
            present: kinds(Status::Present),
            broken: kinds(Status::Broken),
            absent: kinds(Status::Absent),
        }
    }
}

/// A kind of resource that is not fully known in one place.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Gap")]
struct GapDocument {
    #[serde(flatten)]
    place: Place,
    /// The kind of resource in words, such as `network ACLs`.
    resources: String,
    /// `absent` if it was not given, `broken` if some of it could not be read.
    status: &'static str,
    /// The command that prints it.
    command: &'static str,
}

/// Something that was wrong with what was read.
#[derive(Debug, JsonSchema, Serialize)]
#[schemars(rename = "Problem")]
struct ProblemDocument {
    /// The file.
    path: String,
    /// The line, from 1, or null.
    line: Option<u64>,
    /// The column in bytes, from 1, or null.
    column: Option<u64>,
    /// The way to the value, such as `SecurityGroups[3].IpPermissions`, or null.
    json_path: Option<String>,
    /// What is wrong.
    message: String,
    /// What to do about it, or null.
    help: Option<String>,
    /// Whether something is missing from the answer because of it.
    loses_data: bool,
}

impl From<&Coverage> for Document {
    fn from(coverage: &Coverage) -> Self {
        let gap = |(place, kind, status): (&model::Place, ResourceKind, Status)| GapDocument {
            place: place.into(),
            resources: kind.to_string(),
            status: if status == Status::Absent { "absent" } else { "broken" },
            command: kind.command(),
        };
        Self {
            is_complete: is_complete(coverage),
            places: coverage.places().map(|place| PlaceDocument::of(coverage, place)).collect(),
            gaps: coverage.gaps().map(gap).collect(),
            problems: coverage.problems().map(ProblemDocument::from).collect(),
        }
    }
}

impl From<&ReadProblem> for ProblemDocument {
    fn from(problem: &ReadProblem) -> Self {
        let position = problem.position.as_ref();
        Self {
            path: problem.path.clone(),
            line: position.map(|at| at.line),
            column: position.map(|at| at.column),
            json_path: position.map(|at| at.json_path.clone()),
            message: problem.message.clone(),
            help: problem.help.clone(),
            loses_data: problem.loses_data,
        }
    }
}

#[cfg(test)]
mod tests {
    use portolan_model::Reading;

    use super::*;

    fn place(region: &str) -> model::Place {
        let (account, region) = (Some("111122223333".into()), Some(region.into()));
        model::Place { account, region }
    }

    fn coverage(regions: &[&str], missing: ResourceKind) -> Coverage {
        let mut coverage = Coverage::default();
        for region in regions {
            for kind in ResourceKind::ESSENTIAL.into_iter().filter(|kind| *kind != missing) {
                coverage.add(&place(region), kind, Reading { files: 1, resources: 1, broken: 0 });
            }
        }
        coverage
    }

    #[test]
    fn tells_the_same_gap_of_many_regions_once() {
        let check = |regions: &[&str], expected: &str| {
            let lines = coverage_lines(&coverage(regions, ResourceKind::NetworkAcls));
            assert_eq!(lines, [expected]);
        };
        check(
            &["eu-west-1"],
            "network ACLs not read in 111122223333 eu-west-1: aws ec2 describe-network-acls",
        );
        check(
            &["eu-west-1", "eu-west-2", "us-east-1", "us-east-2"],
            "network ACLs not read in 111122223333 eu-west-1, 111122223333 eu-west-2 and 2 more: \
             aws ec2 describe-network-acls",
        );
    }

    #[test]
    fn every_kind_is_present_broken_or_absent() {
        let (here, mut coverage) =
            (place("eu-west-1"), coverage(&["eu-west-1"], ResourceKind::Vpcs));
        let broken = Reading { files: 1, resources: 0, broken: 1 };
        coverage.add(&here, ResourceKind::NatGateways, broken);
        let document = PlaceDocument::of(&coverage, &here);
        let essential = ["subnets", "route tables", "network ACLs", "security groups"];
        assert_eq!(document.present[..4], essential);
        assert_eq!(document.broken, ["NAT gateways"]);
        assert_eq!(document.absent[..2], ["VPCs", "security group rules"]);
        let kinds = document.present.len() + document.broken.len() + document.absent.len();
        assert_eq!(kinds, ResourceKind::ALL.len());
    }

    #[test]
    fn nothing_read_is_not_complete() {
        assert!(!is_complete(&Coverage::default()));
        assert!(!is_complete(&coverage(&["eu-west-1"], ResourceKind::Vpcs)));
        assert!(is_complete(&coverage(&["eu-west-1"], ResourceKind::Instances)));
    }
}
