//! Folders of files that are made for one test.

use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, Ordering};

use portolan_model::Model;

use crate::print;

/// Reads one file that holds all of `json`.
pub(crate) fn read(json: &str) -> Model {
    portolan_sources::read_bytes("file.json", json.as_bytes())
}

/// Reads files of the given names, as if they were in one folder.
pub(crate) fn read_all(files: &[(&str, &str)]) -> Model {
    let folder = Folder::new();
    for (name, text) in files {
        folder.write(name, text.as_bytes());
    }
    folder.read()
}

/// A folder that is gone with its owner.
pub(crate) struct Folder(pub(crate) PathBuf);

impl Folder {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("portolan-sources-{}-{number}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("a temporary folder");
        Self(path)
    }

    pub(crate) fn path(&self, name: &str) -> PathBuf {
        self.0.join(name)
    }

    pub(crate) fn write(&self, name: &str, bytes: &[u8]) {
        let path = self.path(name);
        std::fs::create_dir_all(path.parent().expect("a parent")).expect("a folder");
        std::fs::write(path, bytes).expect("a file");
    }

    pub(crate) fn read(&self) -> Model {
        portolan_sources::read(std::slice::from_ref(&self.0), &mut |_| {})
            .expect("something is recognised")
    }

    /// Returns the problems, with paths below the folder.
    pub(crate) fn problems(&self, model: &Model) -> String {
        print::problems(&model.coverage).replace(&format!("{}/", self.0.display()), "")
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        // What is left behind in the temporary folder does no harm.
        drop(std::fs::remove_dir_all(&self.0));
    }
}
