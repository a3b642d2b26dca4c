//! What classes and interfaces are called.

use std::collections::BTreeMap;

use portolan_model::{InterfaceId, VpcId};
use portolan_reach::{Class, Component, Matrix};

use crate::names::{Names, Resource};
use crate::services::counted;

/// How many resources or subnets are named before the rest is only counted.
const NAMED: usize = 3;

/// One end of a pair.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Party {
    /// What it is called: by the resources that are in it.
    pub(crate) name: String,
    /// What kind of resources they are, how many, and where.
    pub(crate) detail: String,
    /// The name, with what else it takes to tell it from the others.
    pub(crate) unique: String,
    /// Its id: of an interface its own, of classes their numbers in the JSON document.
    pub(crate) id: String,
}

/// Names every class.
pub(crate) fn parties(names: Names<'_>, matrix: &Matrix<'_>) -> Vec<Party> {
    let classes = || matrix.classes.iter().zip(0_u32..);
    let mut parties: Vec<Party> =
        classes().map(|(class, number)| party(names, class, number)).collect();
    let mut seen: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    for (number, party) in parties.iter().enumerate() {
        seen.entry(party.name.clone()).or_default().push(number);
    }
    for alike in seen.into_values().filter(|alike| alike.len() > 1) {
        for number in alike {
            let class = matrix.classes.get(number);
            if let Some((party, class)) = parties.get_mut(number).zip(class) {
                let (place, groups) = (places(names, class), groups(names, class));
                party.unique = format!("{} in {place}, {groups}", party.name);
            }
        }
    }
    parties
}

fn party(names: Names<'_>, class: &Class, number: u32) -> Party {
    let resources = resources(names, [class]);
    let name = listed(resources.iter().map(|resource| resource.label().to_owned()), "");
    let interfaces = match class.interfaces.len() {
        count if count > resources.len() => format!(", {count} interfaces"),
        _ => String::new(),
    };
    let detail = format!("{}{interfaces} in {}", kinds(&resources), places(names, class));
    Party { unique: name.clone(), name, detail, id: format!("class {number}") }
}

/// Returns the resources that the interfaces of classes belong to, each once.
fn resources<'a>(names: Names<'_>, classes: impl IntoIterator<Item = &'a Class>) -> Vec<Resource> {
    let interfaces = classes.into_iter().flat_map(|class| &class.interfaces);
    let mut resources: Vec<Resource> = interfaces.map(|id| names.resource(id)).collect();
    resources.sort_unstable();
    resources.dedup();
    resources
}

/// Returns what kind of resources there are and how many: `load balancer`, `3 instances`.
fn kinds(resources: &[Resource]) -> String {
    let mut kinds: Vec<&str> = resources.iter().map(|resource| resource.kind).collect();
    kinds.dedup();
    match (resources.len(), kinds.as_slice()) {
        (1, [kind]) => (*kind).to_owned(),
        (count, [kind]) => format!("{count} {kind}s"),
        (count, _) => format!("{count} resources"),
    }
}

/// Names one interface, where it is told from the others of its class.
pub(crate) fn interface(names: Names<'_>, id: &InterfaceId, class: Option<&Class>) -> Party {
    let resource = names.resource(id);
    let name = resource.label().to_owned();
    let place = class.map(|class| format!(" in {}", places(names, class)));
    let detail = format!("{}{}", resource.kind, place.unwrap_or_default());
    Party { unique: format!("{name} ({id})"), name, detail, id: id.to_string() }
}

/// Names several classes, which must be sorted: as far as they are whole VPCs, by these.
pub(crate) fn together(names: Names<'_>, matrix: &Matrix<'_>, classes: &[u32]) -> Party {
    let class = |number: &u32| matrix.classes.get(*number as usize);
    let vpc = |number: &u32| class(number).map(|class| &class.vpc);
    let name_of = |part: &[u32]| vpc_name(names, part.first().and_then(vpc));
    let by_vpc: Vec<&[u32]> = classes.chunk_by(|one, other| vpc(one) == vpc(other)).collect();
    let is_whole = |part: &[u32]| {
        let first = part.first().and_then(vpc);
        matrix.classes.iter().filter(|class| Some(&class.vpc) == first).count() == part.len()
    };
    let part_name = |part: &&[u32]| {
        let name = name_of(part);
        if is_whole(part) { name } else { format!("a part of {name}") }
    };
    let interfaces = classes.iter().filter_map(class).map(|class| class.interfaces.len()).sum();
    let count = counted(interfaces, "interface", "interfaces");
    let vpcs = listed(by_vpc.iter().map(part_name), " VPCs");
    let id = match classes {
        [class] => format!("class {class}"),
        _ => format!("classes {}", ranges(classes)),
    };
    match by_vpc.as_slice() {
        [part] if !is_whole(part) => {
            let resources = resources(names, part.iter().filter_map(class));
            let name = listed(resources.iter().map(|resource| resource.label().to_owned()), "");
            let detail = format!("{count} in {}", name_of(part));
            Party { unique: name.clone(), name, detail, id }
        }
        _ => {
            let name = format!("everything in {vpcs}");
            Party { unique: name.clone(), name, detail: count, id }
        }
    }
}

/// Returns the name of a VPC, or its id; nothing of none.
pub(crate) fn vpc_name(names: Names<'_>, id: Option<&VpcId>) -> String {
    let name = |id: &VpcId| names.component_name(&Component::Vpc(id.clone()));
    id.map(|id| name(id).unwrap_or_else(|| id.to_string())).unwrap_or_default()
}

/// Returns the security groups of a class in words.
pub(crate) fn groups(names: Names<'_>, class: &Class) -> String {
    let name = |id| {
        let group = Component::SecurityGroup(id);
        names.component_name(&group).unwrap_or_else(|| group.id().to_owned())
    };
    let groups: Vec<String> = class.security_groups.iter().cloned().map(name).collect();
    match groups.as_slice() {
        [] => "no security group".to_owned(),
        [group] => format!("group {group}"),
        _ => format!("groups {}", groups.join(" + ")),
    }
}

fn places(names: Names<'_>, class: &Class) -> String {
    listed(class.subnets.iter().map(|subnet| names.subnet(subnet)), " subnets")
}

/// Lists texts in words, each once: `web-1 and web-2`, `web ×10`, `web-1, web-2, web-3 and 7 more`.
fn listed(texts: impl Iterator<Item = String>, what: &str) -> String {
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    for text in texts {
        *counts.entry(text).or_default() += 1;
    }
    let entry = |(text, count): (String, usize)| match count {
        1 => (text, 1),
        _ => (format!("{text} ×{count}"), count),
    };
    let entries: Vec<(String, usize)> = counts.into_iter().map(entry).collect();
    let shown = if entries.len() > NAMED + 1 { NAMED } else { entries.len() };
    let (shown, rest) = entries.split_at_checked(shown).unwrap_or_default();
    let rest: usize = rest.iter().map(|(_, count)| count).sum();
    let mut shown: Vec<String> = shown.iter().map(|(text, _)| text.clone()).collect();
    if rest > 0 {
        shown.push(format!("{rest} more{what}"));
    }
    match shown.as_slice() {
        [first @ .., last] if !first.is_empty() => format!("{} and {last}", first.join(", ")),
        _ => shown.concat(),
    }
}

/// Returns sorted numbers as ranges, such as `0-3, 7`.
fn ranges(numbers: &[u32]) -> String {
    let runs = numbers.chunk_by(|one, next| one + 1 == *next).map(|run| match run {
        [first, .., last] => format!("{first}-{last}"),
        _ => run.iter().map(ToString::to_string).collect(),
    });
    runs.collect::<Vec<_>>().join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(texts: &[&str], expected: &str) {
        assert_eq!(listed(texts.iter().map(|text| (*text).to_owned()), " subnets"), expected);
    }

    #[test]
    fn lists_few_and_counts_the_rest() {
        check(&[], "");
        check(&["a"], "a");
        check(&["b", "a"], "a and b");
        check(&["a", "b", "c", "d"], "a, b, c and d");
        check(&["a", "b", "c", "d", "e"], "a, b, c and 2 more subnets");
        check(&["web", "web", "web", "job"], "job and web ×3");
        check(&["a", "b", "c", "z", "y", "z"], "a, b, c and 3 more subnets");
    }

    #[test]
    fn numbers_in_a_row_are_a_range() {
        assert_eq!(ranges(&[0, 1, 2, 5, 7, 8]), "0-2, 5, 7-8");
        assert_eq!(ranges(&[]), "");
    }
}
