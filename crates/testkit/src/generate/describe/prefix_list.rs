//! `describe-managed-prefix-lists`, `describe-prefix-lists`, `get-managed-prefix-list-entries`.

use super::super::estate::PrefixList;
use super::super::json::{Json, object};
use super::super::place::Place;
use super::name_tag;

pub(super) fn managed(place: &Place, list: &PrefixList) -> Json {
    let arn = format!("prefix-list/{}", list.id);
    // AWS's own lists belong to nobody's account and show neither size nor version.
    let (owner, arn) = if list.is_published {
        ("AWS", format!("arn:aws:ec2:{}:aws:{arn}", place.region.name))
    } else {
        (place.account.id.as_str(), place.arn("ec2", &arn))
    };
    let own = |value| (!list.is_published).then_some(value);
    object! {
        "PrefixListId": &list.id,
        "AddressFamily": "IPv4",
        "State": "create-complete",
        "PrefixListArn": arn,
        "PrefixListName": &list.name,
        "MaxEntries": own(room(list)),
        "Version": own(1),
        "Tags": if list.is_published { Json::List(Vec::new()) } else { name_tag(&list.name) },
        "OwnerId": owner.to_owned(),
    }
}

/// Returns how many entries fit: people ask for a round number.
fn room(list: &PrefixList) -> u32 {
    u32::try_from(list.entries.len().next_multiple_of(10)).unwrap_or(u32::MAX)
}

/// Returns one of AWS's lists with its entries, which only this older command shows together.
pub(super) fn published(_: &Place, list: &PrefixList) -> Json {
    object! {
        "Cidrs": Json::list(list.entries.iter().map(|(block, _)| block)),
        "PrefixListId": &list.id,
        "PrefixListName": &list.name,
    }
}

pub(super) fn entries(list: &PrefixList) -> Vec<Json> {
    let entry = |(block, note): &(String, &'static str)| {
        object! { "Cidr": block, "Description": Some(*note).filter(|note| !note.is_empty()) }
    };
    list.entries.iter().map(entry).collect()
}
