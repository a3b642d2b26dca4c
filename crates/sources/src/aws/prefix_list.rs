//! Managed prefix lists and their entries.
//!
//! Source: EC2 API, `ManagedPrefixList`, `PrefixList`, `PrefixListEntry`.

use portolan_model::{PrefixList, ResourceKind};
use serde::Deserialize;

use crate::builder::{Builder, Clues};
use crate::refusal::Refusal;
use crate::wire::{AnyCidr, Text};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Answer<'a> {
    prefix_list_id: Text<'a>,
    prefix_list_name: Option<Text<'a>>,
    prefix_list_arn: Option<Text<'a>>,
    owner_id: Option<Text<'a>>,
    /// Only in the older answer, `describe-prefix-lists`, which is about AWS's own lists.
    cidrs: Option<Vec<AnyCidr>>,
}

/// Reads a prefix list.
pub(crate) fn read(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: Answer<'_> = serde_json::from_slice(bytes)?;
    let list = PrefixList {
        id: builder.id(&answer.prefix_list_id),
        place: builder.place(Clues {
            owner: answer.owner_id.as_ref(),
            arn: answer.prefix_list_arn.as_ref(),
            ..Clues::default()
        }),
        name: builder.text_or_empty(answer.prefix_list_name.as_ref()),
        entries: answer.cidrs.map(|cidrs| cidrs.iter().map(|cidr| cidr.0).collect()),
    };
    builder.insert(list);
    Ok(())
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase")]
struct Entry {
    cidr: Option<AnyCidr>,
}

/// Reads an entry. It waits for the end of the document, which may tell whose it is.
pub(crate) fn read_entry(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let entry: Entry = serde_json::from_slice(bytes)?;
    let cidr = entry.cidr.ok_or(Refusal::Foreign)?;
    let place = builder.hint.clone();
    builder.count(ResourceKind::PrefixListEntries, &place);
    builder.document.entries.push(cidr.0);
    Ok(())
}
