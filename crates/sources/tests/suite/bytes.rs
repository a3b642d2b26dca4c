//! Bytes of any kind.

use proptest::prelude::*;

/// Words of which documents are made that come near to answers of AWS.
const WORDS: &[&str] = &[
    "{",
    "}",
    "[",
    "]",
    ",",
    ":",
    "\"",
    "null",
    "true",
    "-1",
    "443",
    "\"Vpcs\":[",
    "\"VpcId\":\"vpc-1\"",
    "\"SecurityGroups\":[{",
    "\"GroupId\":\"sg-1\"",
    "\"IpPermissions\":[{",
    "\"IpProtocol\":\"tcp\"",
    "\"FromPort\":",
    "\"CidrIp\":\"10.0.0.0/8\"",
    "\"Reservations\":[{\"Instances\":[{",
    "\"data\":{",
    "\"Firewall\":{",
    "\"Entries\":[{\"Cidr\":\"1.2.3.0/24\"}]",
    "\"PrefixListId\":\"pl-1\"",
    "\"us-east-1\":{",
    "\"Error\":{\"Code\":\"x\"}",
    "\"NextToken\":\"x\"",
    "\\",
    "\n",
    "\u{feff}",
    "é",
    "{}",
    "}]}",
];

proptest! {
    #[test]
    fn never_panics_on_bytes(bytes in prop::collection::vec(any::<u8>(), 0..200)) {
        portolan_sources::read_bytes("file.json", &bytes);
    }

    #[test]
    fn never_panics_on_what_comes_near(words in prop::collection::vec(prop::sample::select(WORDS), 0..40)) {
        let text = words.concat();
        let model = portolan_sources::read_bytes("file.json", text.as_bytes());
        prop_assert_eq!(&model, &portolan_sources::read_bytes("file.json", text.as_bytes()));
    }

    /// Whatever is cut off an answer is told of.
    #[test]
    fn tells_of_every_cut(length in 0_usize..90) {
        let text = r#"{"SecurityGroups": [{"GroupId": "sg-1", "Tags": [{"Key": "a", "Value": "b\\"}]}], "x": 1}"#;
        let model = portolan_sources::read_bytes("file.json", &text.as_bytes()[..length.min(text.len() - 1)]);
        prop_assert!(!model.coverage.is_whole());
    }
}
