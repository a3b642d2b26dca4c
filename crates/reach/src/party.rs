//! Names: what a person may call one side of a question, and what it stands for in a model.
//!
//! Everything in a model that has a name is a row: its kind, its names, and how to recognise its
//! interfaces. `row` lists them, table by table; looking a name up, joining what shares a name and
//! proposing similar names then need no knowledge of any kind of resource. An index of all names was
//! rejected: it would be built to be asked twice.

mod row;

use std::collections::BTreeSet;
use std::fmt;

use portolan_model::{Coverage, EndpointId, Model, NetworkInterface, ResourceKind, Status};
use portolan_net::{IpPrefix, Set as _, SyntaxError, parse_ipv4_set, parse_ipv6_set};

use crate::ip_set::IpSet;
use crate::question::Party;
use row::{Meaning, Row, rows};

/// Why a name stands for nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PartyError {
    /// It looks like addresses, and is not well written.
    Syntax {
        /// The text.
        text: String,
        /// What is wrong with it; spans are bytes of the text.
        errors: Vec<SyntaxError>,
    },
    /// Nothing in the model has this name.
    NotFound {
        /// The name.
        name: String,
        /// Names that look like it, best first.
        similar: Vec<String>,
    },
    /// Several resources have the name, and they cannot be taken together.
    Ambiguous {
        /// The name.
        name: String,
        /// Names that tell them apart, sorted.
        candidates: Vec<String>,
    },
    /// No interface of the resource is in the model, so that no packet can come from it or go to it.
    NoInterface {
        /// The name.
        name: String,
        /// What kind of resource it is, such as `instance`.
        kind: &'static str,
        /// Whether interfaces were read at all.
        are_interfaces_known: bool,
    },
    /// The addresses of the prefix list were not read.
    NoEntries {
        /// The name.
        name: String,
    },
    /// Packets only pass through the resource: it never has an interface.
    NotAnEnd {
        /// The name.
        name: String,
        /// What kind of resource it is, such as `route table`.
        kind: &'static str,
    },
}

impl PartyError {
    /// Returns what the user can do about it, if anything.
    pub fn help(&self) -> Option<String> {
        match self {
            Self::Syntax { .. } => None,
            Self::NotFound { similar, .. } if similar.is_empty() => Some(
                "name `internet`, an address, a CIDR, or the id, ARN or Name tag of a resource"
                    .to_owned(),
            ),
            Self::NotFound { similar: names, .. } => Some(format!("did you mean {}?", any(names))),
            Self::Ambiguous { candidates: names, .. } => Some(format!("write {}", any(names))),
            Self::NoInterface { are_interfaces_known: true, .. } => {
                Some("nothing uses it, so that no packet comes from it or goes to it".to_owned())
            }
            Self::NoInterface { .. } => Some(
                "read the output of `aws ec2 describe-network-interfaces` too, or name addresses"
                    .to_owned(),
            ),
            Self::NoEntries { .. } => Some(format!(
                "read the output of `{}` too",
                ResourceKind::PrefixListEntries.command()
            )),
            Self::NotAnEnd { .. } => {
                Some("name what is at the end of the path, such as a subnet".to_owned())
            }
        }
    }
}

impl fmt::Display for PartyError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Syntax { text, .. } => write!(f, "`{text}` is not a list of addresses"),
            Self::NotFound { name, .. } => write!(f, "nothing that was read is called `{name}`"),
            Self::Ambiguous { name, .. } => write!(f, "`{name}` is the name of different things"),
            Self::NoInterface { name, kind, are_interfaces_known: true } => {
                write!(f, "no network interface belongs to the {kind} `{name}`")
            }
            Self::NoInterface { name, kind, .. } => {
                write!(f, "no network interface of the {kind} `{name}` was read")
            }
            Self::NoEntries { name } => {
                write!(f, "the entries of the prefix list `{name}` were not read")
            }
            Self::NotAnEnd { name, kind } => {
                write!(f, "packets neither begin nor end at `{name}`, a {kind}")
            }
        }
    }
}

impl std::error::Error for PartyError {}

/// Returns what `name` stands for in a model.
///
/// A name is one of
///
/// - `internet`, or the name of an Internet gateway: the Internet;
/// - addresses: `10.0.0.7`, `10.0.0.0/8,192.0.2.1-192.0.2.9`, also `0.0.0.0/0` and `::/0`, which are all
///   addresses of the family and not the Internet; or the name of a prefix list;
/// - the id, ARN or Name tag of an interface, instance, load balancer, database, function, subnet, VPC,
///   security group, NAT gateway or interface endpoint, or the name that AWS gave to the service which an
///   interface belongs to: the interfaces of the resource;
/// - the name of a gateway endpoint: the service behind it.
///
/// An exact name goes before one in other case. A name that several resources share stands for all of them
/// if they have interfaces.
///
/// # Errors
///
/// Returns [`PartyError`] if nothing has the name, or no packet can come from or go to what has it.
pub fn resolve(model: &Model, name: &str) -> Result<Party, PartyError> {
    let name = name.trim();
    if name.eq_ignore_ascii_case("internet") {
        return Ok(Party::Internet);
    }
    let addresses = parse_addresses(name);
    if let Ok(set) = addresses {
        return Ok(Party::Addresses(set));
    }
    let found = find(model, name)?;
    match (found.is_empty(), addresses) {
        (false, _) => together(model, name, &found),
        (true, Err(errors)) if looks_like_addresses(name) => {
            Err(PartyError::Syntax { text: name.to_owned(), errors })
        }
        (true, _) => {
            Err(PartyError::NotFound { name: name.to_owned(), similar: similar(model, name) })
        }
    }
}

/// Returns every row of that exact name, or else every row of that name in other case.
///
/// # Errors
///
/// Returns [`PartyError::Ambiguous`] if other cases give several spellings.
fn find<'a>(model: &'a Model, name: &str) -> Result<Vec<Row<'a>>, PartyError> {
    let name = id_in_arn(name).unwrap_or(name);
    let exact: Vec<_> = rows(model).filter(|row| row.names.contains(&name)).collect();
    if !exact.is_empty() {
        return Ok(exact);
    }
    let is_meant = |it: &&str| it.eq_ignore_ascii_case(name);
    let found: Vec<_> = rows(model).filter(|row| row.names.iter().any(is_meant)).collect();
    let spelt = |row: &Row<'a>| row.names.iter().copied().filter(is_meant).collect::<Vec<_>>();
    let spellings: BTreeSet<&str> = found.iter().flat_map(spelt).collect();
    if spellings.len() > 1 { Err(ambiguous(name, spellings)) } else { Ok(found) }
}

/// Returns the id at the end of an EC2 ARN. Ids of EC2 are unique, so that the rest of the ARN adds nothing.
fn id_in_arn(name: &str) -> Option<&str> {
    let mut parts = name.splitn(6, ':');
    let (arn, service) = (parts.next()?, parts.nth(1)?);
    let (_, id) = parts.nth(2)?.rsplit_once('/')?;
    (arn == "arn" && service == "ec2").then_some(id)
}

/// Returns what rows of one name stand for together: their interfaces if there are any.
fn together(model: &Model, name: &str, rows: &[Row<'_>]) -> Result<Party, PartyError> {
    let owns = |row: &Row<'_>, interface: &NetworkInterface| match &row.meaning {
        Meaning::Interfaces(predicate) => predicate(interface),
        _ => false,
    };
    let interfaces = model.interfaces.values();
    let owned = interfaces.filter(|interface| rows.iter().any(|row| owns(row, interface)));
    let owned: Vec<_> = owned.map(|interface| interface.id.clone()).collect();
    if owned.is_empty() {
        without_interfaces(model, name, rows)
    } else {
        Ok(Party::Interfaces(owned))
    }
}

fn without_interfaces(model: &Model, name: &str, rows: &[Row<'_>]) -> Result<Party, PartyError> {
    let meanings = || rows.iter().map(|row| &row.meaning);
    let services: BTreeSet<&EndpointId> = meanings().filter_map(Meaning::service).collect();
    if services.len() > 1 {
        return Err(ambiguous(name, services.into_iter().map(EndpointId::as_str)));
    }
    if let Some(service) = services.into_iter().next() {
        return Ok(Party::Service(service.clone()));
    }
    let prefixes: Vec<&IpPrefix> = meanings().flat_map(Meaning::addresses).collect();
    if !prefixes.is_empty() {
        return Ok(Party::Addresses(ip_set(&prefixes)));
    }
    if meanings().any(|meaning| matches!(meaning, Meaning::Internet)) {
        return Ok(Party::Internet);
    }
    Err(nowhere(model, name, rows))
}

fn nowhere(model: &Model, name: &str, rows: &[Row<'_>]) -> PartyError {
    let name = name.to_owned();
    if rows.iter().any(|row| matches!(row.meaning, Meaning::Unread)) {
        return PartyError::NoEntries { name };
    }
    let kind = |row: Option<&Row<'_>>| row.map_or("resource", |row| row.kind);
    let end = rows.iter().find(|row| !matches!(row.meaning, Meaning::Passage));
    match end {
        Some(_) => PartyError::NoInterface {
            name,
            kind: kind(end),
            are_interfaces_known: are_interfaces_known(&model.coverage),
        },
        None => PartyError::NotAnEnd { name, kind: kind(rows.first()) },
    }
}

fn are_interfaces_known(coverage: &Coverage) -> bool {
    let status = |place| coverage.status(place, ResourceKind::NetworkInterfaces);
    coverage.places().any(|place| status(place) == Status::Present)
}

fn ambiguous<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> PartyError {
    let candidates = candidates.into_iter().map(str::to_owned).collect();
    PartyError::Ambiguous { name: name.to_owned(), candidates }
}

fn ip_set(prefixes: &[&IpPrefix]) -> IpSet {
    let v4 =
        prefixes.iter().filter_map(|it| if let IpPrefix::V4(it) = it { Some(*it) } else { None });
    let v6 =
        prefixes.iter().filter_map(|it| if let IpPrefix::V6(it) = it { Some(*it) } else { None });
    IpSet { v4: v4.collect(), v6: v6.collect() }
}

/// Returns whether somebody who wrote this meant addresses, whatever is wrong with them.
fn looks_like_addresses(text: &str) -> bool {
    let begins_like_one = text.starts_with(|it: char| it.is_ascii_digit() || it == ':');
    let is_arn = text.starts_with("arn:");
    begins_like_one && text.contains(['.', ':', '/']) || text.contains("::") && !is_arn
}

/// Reads a list of addresses, ranges and prefixes of both families.
fn parse_addresses(text: &str) -> Result<IpSet, Vec<SyntaxError>> {
    let (mut set, mut errors) = (IpSet::default(), Vec::new());
    let mut start = 0;
    for item in text.split(',') {
        let found = if item.contains(':') {
            let parsed = parse_ipv6_set(item);
            set.v6 = set.v6.union(&parsed.value);
            parsed.errors
        } else {
            let parsed = parse_ipv4_set(item);
            set.v4 = set.v4.union(&parsed.value);
            parsed.errors
        };
        errors.extend(found.into_iter().map(|error| shifted(error, start)));
        start += item.len() + 1;
    }
    if errors.is_empty() { Ok(set) } else { Err(errors) }
}

fn shifted(error: SyntaxError, by: usize) -> SyntaxError {
    SyntaxError { span: error.span.start + by..error.span.end + by, ..error }
}

/// How many similar names to propose.
const PROPOSALS: usize = 3;

/// Returns names that contain the name or are spelt almost like it, best first.
fn similar(model: &Model, name: &str) -> Vec<String> {
    let name = name.to_lowercase();
    // Nobody who types a name wants to read an ARN.
    let is_arn = |it: &str| it.starts_with("arn:");
    let known = rows(model).flat_map(|row| row.names).chain(["internet"]);
    let known: BTreeSet<&str> = known.filter(|it| is_arn(it) == is_arn(&name)).collect();
    let mut scored: Vec<_> =
        known.into_iter().filter_map(|it| Some((strangeness(it, &name)?, it))).collect();
    scored.sort_unstable();
    scored.into_iter().take(PROPOSALS).map(|(_, it)| it.to_owned()).collect()
}

/// Returns how far `candidate` is from `name` (lower-case), or `None` if they are not alike.
fn strangeness(candidate: &str, name: &str) -> Option<usize> {
    let candidate = candidate.to_lowercase();
    let length = name.chars().count();
    let distance = strsim::osa_distance(&candidate, name);
    let is_misspelt = distance <= length.div_ceil(4);
    // Of two letters or fewer every other name is a part.
    let is_part = length > 2 && candidate.contains(name);
    (is_misspelt || is_part).then_some(distance)
}

/// Writes `a`, `a or b`, `a, b or c`, each in backticks.
fn any(names: &[String]) -> String {
    let quoted: Vec<String> = names.iter().map(|name| format!("`{name}`")).collect();
    match quoted.split_last() {
        Some((last, [])) => last.clone(),
        Some((last, rest)) => format!("{} or {last}", rest.join(", ")),
        None => String::new(),
    }
}

#[cfg(test)]
mod tests;
