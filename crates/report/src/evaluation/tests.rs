//! Layers compared in every format.

use portolan_net::parse_traffic;

use super::*;
use crate::fixture::{model, terminal, written};

/// Returns a case between what was declared or logged; the cache is the interface that logged.
fn case(from: Origin, traffic: &str) -> Case {
    let side = |party, origin| Side { party, origin };
    let here = || Party::Interfaces(vec!["eni-0c1".into()]);
    let party = match &from {
        Origin::Declared(_) => Party::Interfaces(vec!["eni-0b1".into()]),
        _ => Party::Internet,
    };
    Case {
        from: side(party, from),
        to: side(here(), Origin::Interface("eni-0c1".into())),
        traffic: parse_traffic(traffic).into_result().unwrap(),
        is_intended: true,
    }
}

fn scores() -> Vec<LayerScore> {
    let stranger = Origin::Address([192, 0, 2, 77].into(), None);
    let neighbour = Origin::Address([10, 0, 1, 22].into(), Some("eni-0b2".into()));
    let declared = |text: &str| Origin::Declared(text.to_owned());
    let refusals = vec![case(declared("=web-1"), "tcp 5432")];
    let mut admissions = vec![
        case(declared("web-1"), "tcp 22"),
        case(stranger.clone(), "icmp"),
        case(neighbour, "tcp 9100"),
    ];
    admissions.resize(7, case(stranger, "udp 53"));
    let score = |layer, admitted, refused, filters| LayerScore {
        layer,
        intended: respond::Score { admitted, refused: 40 - admitted, partly: 0, unknown: 0 },
        unintended: respond::Score { admitted: 9 - refused, refused, partly: 0, unknown: 1 },
        false_refusals: if admitted < 40 { refusals.clone() } else { Vec::new() },
        false_admissions: if refused < 8 { admissions.clone() } else { Vec::new() },
        complexity: respond::Complexity { filters, rules: 9 * filters, port_ranges: 3 },
    };
    vec![
        score(Layer::NetworkAcls, 39, 2, 2),
        score(Layer::SecurityGroups, 40, 8, 5),
        score(Layer::Both, 39, 9, 7),
    ]
}

fn check(format: Format) -> String {
    written(|out| evaluation(&model("bastion"), &scores(), format, &terminal(160), out))
}

#[test]
fn a_table_compares_layers() {
    insta::assert_snapshot!(check(Format::Table), @r"
    What each layer admits and refuses
    layer                  intended admitted  unintended refused  false refusals  unknown  filters  rules  port ranges
    network ACLs alone     97.5 % of 40       20.0 % of 10        1               1        2        18     3
    security groups alone  100.0 % of 40      80.0 % of 10        0               1        5        45     3
    both                   97.5 % of 40       90.0 % of 10        1               1        7        63     3

    network ACLs alone: refuses web-1 (=web-1) -> sessions (eni-0c1) tcp 5432
    network ACLs alone: admits web-1 -> sessions (eni-0c1) tcp 22
    network ACLs alone: admits 192.0.2.77 -> sessions (eni-0c1) icmp
    network ACLs alone: admits web-2 (10.0.1.22) -> sessions (eni-0c1) tcp 9100
    network ACLs alone: admits 192.0.2.77 -> sessions (eni-0c1) udp 53
    network ACLs alone: admits 192.0.2.77 -> sessions (eni-0c1) udp 53
    network ACLs alone: admits 2 more
    both: refuses web-1 (=web-1) -> sessions (eni-0c1) tcp 5432
    ");
}

#[test]
fn a_layer_is_a_row_of_a_sheet() {
    insta::assert_snapshot!(check(Format::Csv), @r"
    layer,intended admitted,unintended refused,false refusals,unknown,filters,rules,port ranges
    network ACLs alone,97.5 % of 40,20.0 % of 10,1,1,2,18,3
    security groups alone,100.0 % of 40,80.0 % of 10,0,1,5,45,3
    both,97.5 % of 40,90.0 % of 10,1,1,7,63,3
    ");
}

#[test]
fn markdown_lists_cases() {
    insta::assert_snapshot!(check(Format::Markdown), @r"
    # What each layer admits and refuses

    | layer | intended admitted | unintended refused | false refusals | unknown | filters | rules | port ranges |
    | --- | --- | --- | --- | --- | --- | --- | --- |
    | network ACLs alone | 97.5 % of 40 | 20.0 % of 10 | 1 | 1 | 2 | 18 | 3 |
    | security groups alone | 100.0 % of 40 | 80.0 % of 10 | 0 | 1 | 5 | 45 | 3 |
    | both | 97.5 % of 40 | 90.0 % of 10 | 1 | 1 | 7 | 63 | 3 |

    - network ACLs alone: refuses web-1 (=web-1) -&gt; sessions (eni-0c1) tcp 5432
    - network ACLs alone: admits web-1 -&gt; sessions (eni-0c1) tcp 22
    - network ACLs alone: admits 192.0.2.77 -&gt; sessions (eni-0c1) icmp
    - network ACLs alone: admits web-2 (10.0.1.22) -&gt; sessions (eni-0c1) tcp 9100
    - network ACLs alone: admits 192.0.2.77 -&gt; sessions (eni-0c1) udp 53
    - network ACLs alone: admits 192.0.2.77 -&gt; sessions (eni-0c1) udp 53
    - network ACLs alone: admits 2 more
    - both: refuses web-1 (=web-1) -&gt; sessions (eni-0c1) tcp 5432
    ");
}

#[test]
fn a_page_lists_cases() {
    let page = check(Format::Html);
    let body = page.split_once("<ul>").unwrap().1.split_once("</ul>").unwrap().0;
    insta::assert_snapshot!(body.replace("</li>", "</li>\n"), @r"
    <li>network ACLs alone: refuses web-1 (=web-1) -&gt; sessions (eni-0c1) tcp 5432</li>
    <li>network ACLs alone: admits web-1 -&gt; sessions (eni-0c1) tcp 22</li>
    <li>network ACLs alone: admits 192.0.2.77 -&gt; sessions (eni-0c1) icmp</li>
    <li>network ACLs alone: admits web-2 (10.0.1.22) -&gt; sessions (eni-0c1) tcp 9100</li>
    <li>network ACLs alone: admits 192.0.2.77 -&gt; sessions (eni-0c1) udp 53</li>
    <li>network ACLs alone: admits 192.0.2.77 -&gt; sessions (eni-0c1) udp 53</li>
    <li>network ACLs alone: admits 2 more</li>
    <li>both: refuses web-1 (=web-1) -&gt; sessions (eni-0c1) tcp 5432</li>
    ");
}

#[test]
fn json_has_ids_and_names() {
    let document: serde_json::Value = serde_json::from_str(&check(Format::Json)).unwrap();
    let layer = &document["layers"][0];
    let sides = [&layer["false_refusals"][0]["from"], &layer["false_admissions"][2]["from"]];
    let sides = serde_json::to_string_pretty(&sides).unwrap();
    insta::assert_snapshot!(sides, @r#"
    [
      {
        "id": "=web-1",
        "interface": "eni-0b1",
        "resource": {
          "account": "111122223333",
          "id": "i-0b1",
          "kind": "instance",
          "name": "web-1",
          "region": "eu-west-1"
        }
      },
      {
        "id": "10.0.1.22",
        "interface": "eni-0b2",
        "resource": {
          "account": "111122223333",
          "id": "i-0b2",
          "kind": "instance",
          "name": "web-2",
          "region": "eu-west-1"
        }
      }
    ]
    "#);
}

#[test]
fn every_format_has_every_layer() {
    for format in Format::ALL {
        let text = check(format);
        let words: &[&str] = match format {
            Format::Json => &["network_acls", "security_groups", "both"],
            _ => &["network ACLs alone", "security groups alone", "both"],
        };
        assert!(words.iter().all(|word| text.contains(word)), "{format}: {text}");
    }
}

#[test]
fn a_share_is_never_rounded_up() {
    assert_eq!(share(1999, 2000), "99.9 % of 2000");
    assert_eq!(share(2, 2), "100.0 % of 2");
    assert_eq!(share(0, 0), "none");
}
