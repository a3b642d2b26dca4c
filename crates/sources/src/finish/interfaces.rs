//! Interfaces that only instances describe, and public addresses that only `describe-addresses` maps.

use portolan_model::{Model, ReadProblem};

use crate::builder::Builder;
use crate::loose::MappedAddress;

/// Takes the interfaces that no answer about interfaces has described.
pub(super) fn adopt_embedded(builder: &mut Builder) {
    for (id, interface) in std::mem::take(&mut builder.loose.embedded) {
        builder.model.interfaces.entry(id).or_insert(interface);
    }
}

/// Fills the public addresses that interfaces do not know.
pub(super) fn map_addresses(builder: &mut Builder) {
    for mapped in std::mem::take(&mut builder.loose.addresses) {
        if let Err(problem) = map_address(&mut builder.model, &mapped) {
            builder.model.coverage.add_problem(problem);
        }
    }
}

fn map_address(model: &mut Model, mapped: &MappedAddress) -> Result<(), ReadProblem> {
    let Some(interface) = model.interfaces.get_mut(&mapped.interface) else { return Ok(()) };
    let private = interface.ipv4.iter_mut().find(|one| one.address == mapped.private);
    let Some(private) = private else { return Ok(()) };
    let known = *private.public.get_or_insert(mapped.public);
    if known == mapped.public {
        return Ok(());
    }
    Err(ReadProblem {
        path: mapped.file.to_string(),
        position: None,
        message: format!(
            "`{}` maps to {} here, and to {known} where `{}` is described",
            mapped.private, mapped.public, mapped.interface
        ),
        help: Some(
            "capture both again, at one time; the interface's description counts".to_owned(),
        ),
        loses_data: true,
    })
}
