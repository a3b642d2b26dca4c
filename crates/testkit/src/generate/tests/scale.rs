//! Accounts of any size: exact numbers, believable proportions, the same bytes every time.

use std::collections::BTreeSet;
use std::{env, fs, process};

use super::references::check_account;
use super::{Answers, Files, files, list};
use crate::generate::{Counts, Directory, Shape, account};

fn generated(shape: &Shape, seed: u64) -> (Counts, Files) {
    let mut counts = Counts::default();
    let files = files(|memory| counts = account(shape, seed, memory).unwrap());
    (counts, files)
}

/// Checks that what is counted is what is written.
#[track_caller]
fn check_counts(interfaces: usize, vpcs: usize) {
    let (counts, files) = generated(&Shape::new(interfaces), 1);
    let answers = Answers::new(&files);
    assert_eq!(counts.interfaces, interfaces);
    assert_eq!(counts.vpcs, vpcs);
    assert_eq!(answers.of("NetworkInterfaces").len(), interfaces);
    assert_eq!(answers.of("Vpcs").len(), vpcs);
    assert_eq!(answers.of("Subnets").len(), counts.subnets);
    assert_eq!(answers.of("NetworkAcls").len(), counts.network_acls);
    assert_eq!(answers.of("SecurityGroups").len(), counts.security_groups);
    assert_eq!(answers.of("SecurityGroupRules").len(), counts.security_group_rules);
    assert_eq!(answers.of("Reservations").len(), counts.instances);
}

#[test]
fn numbers_are_exact() {
    check_counts(0, 0);
    check_counts(1, 1);
    check_counts(7, 1);
    check_counts(99, 1);
    check_counts(601, 2);
}

#[test]
fn same_seed_same_bytes() {
    let shape = Shape { interfaces: 90, interfaces_per_vpc: 30 };
    let (_, first) = generated(&shape, 5);
    let (_, again) = generated(&shape, 5);
    let (_, other) = generated(&shape, 6);
    assert_eq!(first, again);
    assert_ne!(first, other);
}

#[test]
fn references_resolve() {
    let (_, files) = generated(&Shape::new(700), 1);
    check_account(&Answers::new(&files), &BTreeSet::new());
    // Enough VPCs that every place has several, so that there is peering.
    let (_, files) = generated(&Shape { interfaces: 900, interfaces_per_vpc: 30 }, 2);
    let answers = Answers::new(&files);
    assert_eq!(answers.of("VpcPeeringConnections").len(), 2 * (30 - 12));
    check_account(&answers, &BTreeSet::new());
}

#[test]
fn proportions_are_believable() {
    let (counts, files) = generated(&Shape::new(1000), 3);
    let per_hundred = |part: usize| 100 * part / counts.interfaces;
    assert!((13..=17).contains(&per_hundred(counts.public_interfaces)), "{counts}");
    assert!((80..=90).contains(&per_hundred(counts.instances)), "{counts}");
    assert!((8..=12).contains(&per_hundred(counts.security_groups)), "{counts}");
    assert!((7..=11).contains(&(counts.security_group_rules / counts.security_groups)), "{counts}");
    for interface in Answers::new(&files).of("NetworkInterfaces") {
        let is_nat = interface["InterfaceType"] == "nat_gateway";
        let groups = list(interface, "Groups").len();
        assert!(if is_nat { groups == 0 } else { (1..=3).contains(&groups) }, "{interface}");
    }
}

#[test]
fn directory_holds_what_memory_holds() {
    let root = env::temp_dir().join(format!("portolan-testkit-{}", process::id()));
    let shape = Shape { interfaces: 20, interfaces_per_vpc: 10 };
    let mut directory = Directory::new(&root);
    account(&shape, 1, &mut directory).unwrap();
    let (_, expected) = generated(&shape, 1);
    for (name, bytes) in &expected {
        assert_eq!(&fs::read(root.join(name)).unwrap(), bytes, "{name}");
    }
    let size: usize = expected.values().map(Vec::len).sum();
    assert_eq!(directory.bytes(), u64::try_from(size).unwrap());
    fs::remove_dir_all(root).unwrap();
}
