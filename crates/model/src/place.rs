//! Where a resource is: its account and Region, its name and its tags.

use std::collections::BTreeMap;
use std::fmt;
use std::sync::Arc;

use crate::id::{AccountId, RegionName};

/// The account and Region of a resource, each `None` where nothing that was read tells it.
#[derive(Clone, Debug, Default, Eq, Hash, Ord, PartialEq, PartialOrd)]
pub struct Place {
    /// The account that owns the resource.
    pub account: Option<AccountId>,
    /// The Region that the resource is in.
    pub region: Option<RegionName>,
}

impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let account = self.account.as_ref().map_or("unknown account", AccountId::as_str);
        let region = self.region.as_ref().map_or("unknown Region", RegionName::as_str);
        write!(f, "{account} {region}")
    }
}

/// The tags of a resource, by key.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub struct Tags(pub BTreeMap<Arc<str>, Arc<str>>);

impl Tags {
    /// Returns the value of the `Name` tag, if it is there and not empty.
    pub fn name(&self) -> Option<&str> {
        self.0.get("Name").map(AsRef::as_ref).filter(|name| !name.is_empty())
    }
}
