//! VPC Block Public Access.
//!
//! Source: EC2 API, `VpcBlockPublicAccessOptions`.

use portolan_model::{BlockPublicAccess, ResourceKind};
use serde::Deserialize;

use crate::builder::{Builder, Clues};
use crate::refusal::Refusal;
use crate::wire::Text;

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Answer<'a> {
    aws_account_id: Option<Text<'a>>,
    aws_region: Option<Text<'a>>,
    internet_gateway_block_mode: Text<'a>,
}

/// Reads the options of an account and Region.
pub(crate) fn read(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: Answer<'_> = serde_json::from_slice(bytes)?;
    let place = builder.place(Clues {
        owner: answer.aws_account_id.as_ref(),
        zone: answer.aws_region.as_ref(),
        ..Clues::default()
    });
    let mode = match &*answer.internet_gateway_block_mode {
        "off" => BlockPublicAccess::Off,
        "block-bidirectional" => BlockPublicAccess::Bidirectional,
        "block-ingress" => BlockPublicAccess::Ingress,
        _ => BlockPublicAccess::Other,
    };
    builder.count(ResourceKind::BlockPublicAccess, &place);
    builder.loose.block_public_access.push((place, mode));
    Ok(())
}
