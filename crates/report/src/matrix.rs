//! Who inside can talk to whom, as a report: by class of interfaces, or pair by pair.

mod csv;
mod html;
pub(crate) mod json;
mod markdown;
mod party;
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

/// Who inside can talk to whom, counted and ready to be written.
#[derive(Debug)]
pub struct MatrixReport<'a> {
    view: MatrixView<'a>,
}

impl<'a> MatrixReport<'a> {
    /// Computes the matrix as far as it must be known before its first line can be written.
    pub fn new(chart: &'a Chart, matrix: &'a Matrix<'a>, options: MatrixOptions) -> Self {
        Self { view: MatrixView::new(chart, matrix, options) }
    }

    /// Writes the report.
    ///
    /// Pairs of classes are sorted by the names of their sources, then of their destinations, and pairs of
    /// interfaces like their classes; what only a way that is not known joins comes last. The page shows classes only, whatever the options.
    pub fn write(&self, format: Format, style: &Style, out: &mut dyn io::Write) -> io::Result<()> {
        let view = &self.view;
        match format {
            Format::Table => table::write(view, style, out),
            Format::Json => crate::json::write(&json::Document::new(view), out),
            Format::Csv => csv::write(view, out),
            Format::Markdown => markdown::write(view, out),
            Format::Html => html::write(&view.of_classes(), out),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::fixture::{joined, matrix_as, matrix_of, terminal};

    const CLASSES: MatrixOptions = MatrixOptions { expand: false, limit: None };

    #[test]
    fn lists_whom_each_class_can_talk_to() {
        insta::assert_snapshot!(matrix_as(Format::Table, &terminal(80), CLASSES, "bastion"), @r"
        4 interfaces in 3 classes; 5 pairs of classes can or may talk.

        VPC harbor

        bastion  instance in public-a, group bastion
          to  sessions                  maybe all traffic
              subnet subnet-0a1 (public-a) was not read; subnet subnet-0a1 (public-a)
                has a network ACL that was not read
          to  web-1 and web-2           tcp 22

        sessions  cache in private-a, group cache
          to  bastion, web-1 and web-2  maybe all traffic
              subnet subnet-0b1 (private-a) was not read; subnet subnet-0b1 (private-a)
                has a network ACL that was not read

        web-1 and web-2  2 instances in public-a, group web
          to  sessions                  maybe all traffic
              subnet subnet-0a1 (public-a) was not read; subnet subnet-0a1 (public-a)
                has a network ACL that was not read

        A class is interfaces that no rule tells apart; --expand lists their pairs.

        Not everything essential was read of 1 Region of 1 account; what is missing is
          not judged.
          network ACLs  not read in 111122223333           aws ec2 describe-network-acls
                        eu-west-1
        ");
    }

    #[test]
    fn says_what_may_cross_an_unknown_way() {
        let text = |format, width| matrix_of(joined(), format, &terminal(width), CLASSES);
        insta::assert_snapshot!(text(Format::Table, 80), @r"
        7 interfaces in 4 classes; 5 pairs of classes can or may talk.

        VPC harbor

        bastion  instance in public-a, group bastion
          to  sessions                             tcp 22
          to  web-1 and web-2                      tcp 22

        VPC office

        clock, door and printer  3 instances in desks, group bastion
          to  each other                           tcp 22

        Between VPCs, by ways that are not known

        everything in harbor  4 interfaces
          to  everything in office (3 interfaces)  maybe all traffic
              transit gateway tgw-0e1 is not modelled yet

        everything in office  3 interfaces
          to  sessions (1 interface in harbor)     maybe all traffic
              transit gateway tgw-0e1 is not modelled yet

        A class is interfaces that no rule tells apart; --expand lists their pairs.

        Not everything essential was read of 1 Region of 1 account; what is missing is
          not judged.
          network ACLs  not read in 111122223333           aws ec2 describe-network-acls
                        eu-west-1
        ");
        insta::assert_snapshot!(text(Format::Csv, 80), @r#"
        from,from_detail,from_id,to,to_detail,to_id,passes,may_pass,why
        bastion,instance in public-a,class 0,sessions,cache in private-a,class 2,tcp 22,,
        bastion,instance in public-a,class 0,web-1 and web-2,2 instances in public-a,class 1,tcp 22,,
        "clock, door and printer",3 instances in desks,class 3,"clock, door and printer",3 instances in desks,class 3,tcp 22,,
        everything in harbor,4 interfaces,classes 0-2,everything in office,3 interfaces,class 3,,all traffic,transit gateway tgw-0e1 is not modelled yet
        everything in office,3 interfaces,class 3,sessions,1 interface in harbor,class 2,,all traffic,transit gateway tgw-0e1 is not modelled yet
        "#);
        insta::assert_snapshot!(text(Format::Markdown, 80), @r"
        # Who inside can talk to whom

        7 interfaces in 4 classes; 5 pairs of classes can or may talk.

        | From | To | Passes | May pass | Why |
        | --- | --- | --- | --- | --- |
        | bastion (instance in public-a) | sessions (cache in private-a) | tcp 22 |  |  |
        | bastion (instance in public-a) | web-1 and web-2 (2 instances in public-a) | tcp 22 |  |  |
        | clock, door and printer (3 instances in desks) | clock, door and printer (3 instances in desks) | tcp 22 |  |  |
        | everything in harbor (4 interfaces) | everything in office (3 interfaces) |  | all traffic | transit gateway tgw-0e1 is not modelled yet |
        | everything in office (3 interfaces) | sessions (1 interface in harbor) |  | all traffic | transit gateway tgw-0e1 is not modelled yet |

        ## What was read

        Not everything essential was read of 1 Region of 1 account; what is missing is not judged.

        | Resources | What is missing | Command that reads it |
        | --- | --- | --- |
        | network ACLs | not read in 111122223333 eu-west-1 | aws ec2 describe-network-acls |
        ");
    }

    #[test]
    fn gives_machines_the_classes_that_may_talk() {
        let text = matrix_of(joined(), Format::Json, &Style::default(), CLASSES);
        let document: serde_json::Value = serde_json::from_str(&text).unwrap();
        let bridge = &document["bridges"][0];
        assert_eq!(bridge["from"], serde_json::json!([0, 1, 2]));
        assert_eq!(bridge["to"], serde_json::json!([3]));
        assert_eq!(bridge["unknowns"][0]["component"]["id"], "tgw-0e1");
        assert_eq!(document["classes"][1]["name"], "web-1 and web-2");
    }

    #[test]
    fn writes_out_what_may_cross_an_unknown_way() {
        let options = MatrixOptions { expand: true, limit: None };
        let csv = matrix_of(joined(), Format::Csv, &Style::default(), options);
        let across = csv.lines().filter(|line| line.contains("transit gateway tgw-0e1"));
        // From 4 interfaces to 3, and from 3 to the one in the subnet that is routed.
        assert_eq!(across.count(), 4 * 3 + 3, "{csv}");
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
