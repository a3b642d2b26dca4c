//! From names to ports.

use portolan_catalog::{Match, MatchKind, find, guides, registry, suggest};

/// Checks that the best match of `text` is of this kind and at this port.
fn check(text: &str, kind: MatchKind, port: u16) {
    let best = find(text).first().map(|best| (best.kind, *best.ports.start()));
    assert_eq!(best, Some((kind, port)), "{text}");
}

#[test]
fn names_come_first() {
    check("ssh", MatchKind::Name, 22);
    check("SMTP", MatchKind::Name, 25);
    check(" https ", MatchKind::Name, 443);
    check("rdp", MatchKind::Name, 3389);
    check("mysql", MatchKind::Name, 3306);
    check("redis", MatchKind::Name, 6379);
    check("x11", MatchKind::Name, 6000);
    check("bootps", MatchKind::Name, 67);
}

#[test]
fn aliases_resolve() {
    check("postgres", MatchKind::Alias, 5432);
    check("mongo", MatchKind::Alias, 27017);
    check("sqlserver", MatchKind::Alias, 1433);
    check("samba", MatchKind::Alias, 445);
    check("efs", MatchKind::Alias, 2049);
    check("jenkins", MatchKind::Alias, 8080);
    check("k8s", MatchKind::Alias, 6443);
}

#[test]
fn an_alias_may_be_a_registered_name() {
    check("domain", MatchKind::Alias, 53);
    check("ms-wbt-server", MatchKind::Alias, 3389);
    let ports: Vec<u16> = find("efs").iter().map(|found| *found.ports.start()).collect();
    assert!(ports.starts_with(&[2049, 20048, 520]), "ours before the registry's: {ports:?}");
}

#[test]
fn parts_come_last() {
    check("mini sq", MatchKind::Part, 4333);
    let kinds: Vec<MatchKind> = find("mysql").iter().map(|found| found.kind).collect();
    assert!(kinds.is_sorted() && kinds.contains(&MatchKind::Part), "{kinds:?}");
}

#[test]
fn every_name_and_alias_finds_its_ports() {
    for guide in guides() {
        for name in guide.aliases.iter().chain([&guide.name]) {
            let ports: Vec<_> = find(name)
                .into_iter()
                .filter(|found| found.kind < MatchKind::Part)
                .map(|found| found.ports)
                .collect();
            assert!(ports.starts_with(guide.ports), "{name}: {ports:?}");
        }
    }
}

#[test]
fn registered_names_are_found() {
    for row in registry().iter().step_by(97) {
        let Some(name) = row.name else { continue };
        let is_row = |found: &Match| found.kind == MatchKind::Name && found.ports == row.ports;
        assert!(find(name).iter().any(is_row), "{name}");
    }
}

#[test]
fn nothing_means_nothing() {
    assert_eq!(find(""), []);
    assert_eq!(find("  "), []);
    assert_eq!(find("no such service"), []);
}

#[test]
fn suggests_what_was_meant() {
    let check = |text: &str, expected: &str| {
        let suggestions = suggest(text);
        assert_eq!(suggestions.first(), Some(&expected), "{text}: {suggestions:?}");
        assert!(suggestions.len() <= 3, "{suggestions:?}");
    };
    check("postgrse", "postgres");
    check("postgresq", "postgresql");
    check("htps", "https");
    check("mysqll", "mysql");
    check("elasticsaerch", "elasticsearch");
    check("Memcahced", "memcached");
}

#[test]
fn suggests_nothing_for_a_name_or_a_noise() {
    for text in ["", "ssh", "SSH", "zqxjkvbwpm"] {
        assert!(suggest(text).is_empty(), "{text}: {:?}", suggest(text));
    }
}
