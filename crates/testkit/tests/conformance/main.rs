//! The engine against answers that others published, where their data is at hand.

#[cfg(test)]
mod batfish;
#[cfg(test)]
mod captures;
#[cfg(test)]
mod np_guard;

use std::path::{Path, PathBuf};

use portolan_model::Model;

/// Returns the folder of a set of reference data, or says that the test is skipped.
#[cfg(test)]
fn reference(name: &str) -> Option<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../shared/data/aws").join(name);
    if folder.is_dir() {
        return Some(folder);
    }
    eprintln!("SKIPPED: the reference data in {} is not here", folder.display());
    None
}

#[cfg(test)]
fn read(path: &Path) -> Model {
    portolan_sources::read(&[path.to_owned()], &mut |_| {})
        .unwrap_or_else(|error| panic!("{}: {error}", path.display()))
}
