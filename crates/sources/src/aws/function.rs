//! Lambda functions.
//!
//! Source: Lambda API, `FunctionConfiguration`.

use portolan_model::Function;
use serde::Deserialize;

use crate::builder::{Builder, Clues};
use crate::refusal::Refusal;
use crate::wire::{List, Text};

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct Answer<'a> {
    function_arn: Text<'a>,
    function_name: Option<Text<'a>>,
    vpc_config: Option<VpcConfig<'a>>,
}

#[derive(Deserialize)]
#[serde(rename_all = "PascalCase", bound(deserialize = "'de: 'a"))]
struct VpcConfig<'a> {
    vpc_id: Option<Text<'a>>,
    subnet_ids: List<Text<'a>>,
    security_group_ids: List<Text<'a>>,
}

/// Reads a function.
pub(crate) fn read(builder: &mut Builder, bytes: &[u8]) -> Result<(), Refusal> {
    let answer: Answer<'_> = serde_json::from_slice(bytes)?;
    let config = answer.vpc_config.as_ref();
    let subnets = config.into_iter().flat_map(|config| config.subnet_ids.iter());
    let groups = config.into_iter().flat_map(|config| config.security_group_ids.iter());
    let function = Function {
        id: builder.id(&answer.function_arn),
        place: builder.place(Clues { arn: Some(&answer.function_arn), ..Clues::default() }),
        name: builder.text_or_empty(answer.function_name.as_ref()),
        vpc: builder.some_id(config.and_then(|config| config.vpc_id.as_ref())),
        subnets: builder.ids(subnets),
        security_groups: builder.ids(groups),
    };
    builder.insert(function);
    Ok(())
}
