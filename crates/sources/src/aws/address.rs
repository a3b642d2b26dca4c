//! Elastic IP addresses.
//!
//! Source: EC2 API, `Address`.

use std::net::Ipv4Addr;

use portolan_model::ResourceKind;
use serde::Deserialize;

use crate::builder::{Builder, Clues};
use crate::loose::MappedAddress;
use crate::refusal::Refusal;
use crate::wire::Text;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Answer<'a> {
    public_ip: Option<Ipv4Addr>,
    private_ip_address: Option<Ipv4Addr>,
    network_interface_id: Option<Text<'a>>,
    network_border_group: Option<Text<'a>>,
}

/// Reads an address. If it is mapped to an interface, it waits until that was read.
pub(crate) fn read(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: Answer<'_> = serde_json::from_slice(bytes)?;
    // An address of a Snow device has none.
    let public = answer.public_ip.ok_or(Refusal::Foreign)?;
    let place =
        builder.place(Clues { zone: answer.network_border_group.as_ref(), ..Clues::default() });
    builder.count(ResourceKind::Addresses, &place);
    let interface = builder.some_id(answer.network_interface_id.as_ref());
    if let (Some(interface), Some(private)) = (interface, answer.private_ip_address) {
        let file = builder.shared_path();
        builder.loose.addresses.push(MappedAddress { file, interface, private, public });
    }
    Ok(())
}
