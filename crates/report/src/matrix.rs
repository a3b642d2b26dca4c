//! Who inside can talk to whom, as a report: by class of interfaces, or pair by pair.

mod csv;
mod html;
pub(crate) mod json;
mod markdown;
mod table;
mod view;

use std::io;

use portolan_reach::{Chart, Matrix};

use crate::format::{Format, Style};
use crate::matrix::view::MatrixView;

/// What of a matrix to write.
#[derive(Clone, Copy, Debug, Default, Eq, PartialEq)]
pub struct MatrixOptions {
    /// Whether to write pairs of interfaces instead of pairs of classes.
    pub expand: bool,
    /// The most pairs to write; `None` for all.
    pub limit: Option<usize>,
}

/// Writes who inside can talk to whom.
///
/// Pairs of classes and pairs of interfaces are sorted by source, then destination. The page shows classes
/// only, whatever the options.
pub fn matrix(
    chart: &Chart,
    matrix: &Matrix,
    options: &MatrixOptions,
    format: Format,
    style: &Style,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let view = MatrixView::new(chart, matrix, *options);
    match format {
        Format::Table => table::write(&view, style, out),
        Format::Json => crate::json::write(&json::Document::new(&view), out),
        Format::Csv => csv::write(&view, out),
        Format::Markdown => markdown::write(&view, out),
        Format::Html => html::write(&view, out),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{matrix_as, terminal};

    const CLASSES: MatrixOptions = MatrixOptions { expand: false, limit: None };

    #[test]
    fn lists_whom_each_class_can_talk_to() {
        insta::assert_snapshot!(matrix_as(Format::Table, &terminal(80), CLASSES, "bastion"), @r"
        4 interfaces in 3 classes; 5 pairs of classes can or may talk.

        bastion  in public-a
          to  web       2 in public-a  tcp 22
          to  sessions  in private-a           may: all traffic

        web  2 in public-a
          to  sessions  in private-a           may: all traffic

        sessions  in private-a
          to  bastion   in public-a            may: all traffic
          to  web       2 in public-a          may: all traffic

        A class is interfaces that no rule tells apart; --expand lists their pairs.

        Not everything essential was read of 1 Region of 1 account; what is missing is
          not judged.
          network ACLs  not read in 111122223333           aws ec2 describe-network-acls
                        eu-west-1
        ");
    }

    #[test]
    fn lists_pairs_of_interfaces_up_to_a_limit() {
        let options = MatrixOptions { expand: true, limit: Some(2) };
        let text = matrix_as(Format::Csv, &Style::default(), options, "bastion");
        assert_eq!(text.lines().count(), 3, "{text}");
        let text = matrix_as(Format::Json, &Style::default(), options, "bastion");
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let pairs = document["interface_pairs"].as_array().unwrap().len();
        let all = matrix_as(
            Format::Csv,
            &Style::default(),
            MatrixOptions { limit: None, ..options },
            "bastion",
        );
        assert_eq!(document["omitted"], all.lines().count() - 1 - pairs);
        assert!(document["class_pairs"].as_array().unwrap().is_empty());
    }

    #[test]
    fn every_format_names_both_ends() {
        for format in Format::ALL {
            let text = matrix_as(format, &Style::default(), CLASSES, "bastion");
            assert!(text.contains("bastion") && text.contains("web"), "{format}: {text}");
        }
    }
}
