//! Where generated documents go.

use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{self, BufWriter};
use std::path::PathBuf;

use super::document::{Document, DocumentWriter};
use super::json::Json;

/// Something that takes documents as they are generated.
///
/// Calls for one document come as `begin`, any number of `item`, `end`; those of the documents of one
/// Region are interleaved, because everything about one VPC is generated together.
pub trait Sink {
    /// Starts a document, which may stay without items.
    ///
    /// # Errors
    ///
    /// Returns what the operating system said when the document cannot be created.
    fn begin(&mut self, document: &Document) -> io::Result<()>;

    /// Adds an item to a document that was begun and not ended.
    ///
    /// # Errors
    ///
    /// Returns what the operating system said when the item cannot be written, and
    /// [`io::ErrorKind::NotFound`] if the document is not open.
    fn item(&mut self, document: &Document, item: &Json) -> io::Result<()>;

    /// Completes a document.
    ///
    /// # Errors
    ///
    /// Returns what the operating system said when the last bytes cannot be written, and
    /// [`io::ErrorKind::NotFound`] if the document is not open.
    fn end(&mut self, document: &Document) -> io::Result<()>;
}

fn not_open(document: &Document) -> io::Error {
    io::Error::new(io::ErrorKind::NotFound, format!("`{document}` is not open"))
}

/// Writes documents as files below one directory, creating folders as needed.
#[derive(Debug)]
pub struct Directory {
    root: PathBuf,
    open: BTreeMap<Document, DocumentWriter<BufWriter<File>>>,
    bytes: u64,
}

impl Directory {
    /// Returns a sink that writes below `root`; files of the same names are replaced.
    pub fn new(root: impl Into<PathBuf>) -> Self {
        Self { root: root.into(), open: BTreeMap::new(), bytes: 0 }
    }

    /// Returns how many bytes the completed documents hold together.
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }
}

impl Sink for Directory {
    fn begin(&mut self, document: &Document) -> io::Result<()> {
        let path = self.root.join(document.to_string());
        if let Some(folder) = path.parent() {
            fs::create_dir_all(folder)?;
        }
        let output = BufWriter::with_capacity(1 << 16, File::create(path)?);
        let writer = DocumentWriter::begin(output, document.command.key)?;
        self.open.insert(document.clone(), writer);
        Ok(())
    }

    fn item(&mut self, document: &Document, item: &Json) -> io::Result<()> {
        self.open.get_mut(document).ok_or_else(|| not_open(document))?.item(item)
    }

    fn end(&mut self, document: &Document) -> io::Result<()> {
        let writer = self.open.remove(document).ok_or_else(|| not_open(document))?;
        self.bytes += writer.end()?.get_ref().metadata()?.len();
        Ok(())
    }
}

/// Keeps documents in memory, by their relative path.
#[derive(Debug, Default)]
pub struct Memory {
    open: BTreeMap<Document, DocumentWriter<Vec<u8>>>,
    files: BTreeMap<String, Vec<u8>>,
}

impl Memory {
    /// Returns the completed documents by relative path, such as
    /// `111122223333-production/eu-west-1/describe-vpcs.json`.
    pub fn into_files(self) -> BTreeMap<String, Vec<u8>> {
        self.files
    }
}

impl Sink for Memory {
    fn begin(&mut self, document: &Document) -> io::Result<()> {
        let writer = DocumentWriter::begin(Vec::new(), document.command.key)?;
        self.open.insert(document.clone(), writer);
        Ok(())
    }

    fn item(&mut self, document: &Document, item: &Json) -> io::Result<()> {
        self.open.get_mut(document).ok_or_else(|| not_open(document))?.item(item)
    }

    fn end(&mut self, document: &Document) -> io::Result<()> {
        let writer = self.open.remove(document).ok_or_else(|| not_open(document))?;
        self.files.insert(document.to_string(), writer.end()?);
        Ok(())
    }
}
