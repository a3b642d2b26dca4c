//! The way from the top of a document to a value.

use std::fmt;

/// One step down.
#[derive(Clone, Debug, Eq, PartialEq)]
pub(crate) enum Step {
    /// To the value of a key.
    Key(String),
    /// To an element of a list, from 0.
    Index(u64),
}

/// The steps from the top of a document.
#[derive(Clone, Debug, Default, Eq, PartialEq)]
pub(crate) struct Path(pub(crate) Vec<Step>);

impl Path {
    /// Returns the path that goes on with the steps of `rest`.
    pub(crate) fn join(&self, rest: &Self) -> Self {
        Self(self.0.iter().chain(&rest.0).cloned().collect())
    }

    /// Yields the keys on the way.
    pub(crate) fn keys(&self) -> impl Iterator<Item = &str> {
        self.0.iter().filter_map(|step| match step {
            Step::Key(key) => Some(key.as_str()),
            Step::Index(_) => None,
        })
    }
}

impl fmt::Display for Path {
    /// Writes `SecurityGroups[3].IpPermissions[0].FromPort`.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (place, step) in self.0.iter().enumerate() {
            match step {
                Step::Key(key) if place == 0 => f.write_str(key)?,
                Step::Key(key) => write!(f, ".{key}")?,
                Step::Index(index) => write!(f, "[{index}]")?,
            }
        }
        Ok(())
    }
}
