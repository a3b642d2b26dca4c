//! Takes what the splitter finds in a file to those who read it.

use std::collections::BTreeMap;

use portolan_model::{Place, Position, ReadProblem};

use crate::builder::Builder;
use crate::document::{self, Document, SIBLINGS};
use crate::json::{Fault, Path, Piece, Treatment, Visitor};
use crate::refusal::{self, Refusal};
use crate::region;
use crate::section::{self, Section};
use crate::settle::settle;

/// Objects around answers: recorded answers are `{"status_code": 200, "data": {…}}`.
///
/// Source: the recorder `placebo`, which Cloud Custodian's tests use.
const WRAPPERS: &[&str] = &["data"];

/// Reads files, one after the other.
#[derive(Debug, Default)]
pub(crate) struct Reader {
    /// What was read.
    pub(crate) builder: Builder,
    /// Whether anything in the current file was recognised.
    pub(crate) is_recognised: bool,
    target: Target,
    /// By folder and key: a page that says that more follow, unless a last page was seen.
    pages: BTreeMap<(String, &'static str), Option<Page>>,
}

/// A page that says that more follow.
#[derive(Clone, Debug)]
struct Page {
    path: String,
    file: usize,
    hint: Place,
}

/// What the value that comes is.
#[derive(Clone, Copy, Debug, Default)]
enum Target {
    #[default]
    Nothing,
    Sibling(&'static str),
    Section(&'static Section),
}

impl Reader {
    /// Goes on to the next file.
    pub(crate) fn open(&mut self, path: &str) {
        self.builder.open(path);
        self.is_recognised = false;
        self.target = Target::Nothing;
    }

    /// Takes note that nothing more can be found in the current file: of the last list, something is lost.
    pub(crate) fn fail(&mut self, fault: &Fault) {
        let position = Some(refusal::at(fault.mark, &fault.path));
        self.builder.problem(position, fault.reason.to_string(), fault.reason.help());
        if let Target::Section(section) = self.target {
            self.count_broken(section);
        }
        self.end_of_document();
    }

    /// Adds a problem for each answer whose last page is missing.
    pub(crate) fn report_missing_pages(&mut self) {
        let pages = std::mem::take(&mut self.pages);
        for ((_, key), page) in pages.into_iter().filter_map(|(key, page)| Some((key, page?))) {
            if let Some(section) = section::find(key) {
                self.builder.census.count_broken(section.kind, page.file, &page.hint);
            }
            self.builder.model.coverage.add_problem(ReadProblem {
                path: page.path,
                position: None,
                message: format!("`{key}` go on in a page that is not here"),
                help: Some("capture it again without `--no-paginate` and `--max-items`".to_owned()),
                loses_data: true,
            });
        }
    }

    /// Returns where a list is, as far as the names of folders and wrappers tell.
    fn hint(&mut self, path: &Path) -> Place {
        let wrappers: Vec<&str> = path.keys().collect();
        let text = format!("{}/{}", self.builder.path(), wrappers.join("/"));
        let (region, account) = region::parts_of_path(&text);
        Place {
            account: account.map(|account| self.builder.id(account)),
            region: region.map(|region| self.builder.id(region)),
        }
    }

    fn element(&mut self, section: &'static Section, piece: Piece<'_>) {
        let Some(bytes) = piece.bytes else {
            let position = refusal::at(piece.mark, piece.path);
            return self.broken(section, position, "the value is too large to be read".to_owned());
        };
        if bytes.starts_with(b"\"") {
            return; // A list of ids, in an answer about something else.
        }
        match (section.read)(&mut self.builder, bytes) {
            Ok(()) => self.is_recognised = true,
            Err(Refusal::Foreign) => {}
            Err(Refusal::Malformed(error)) => {
                let position = refusal::position(piece, &error);
                self.broken(section, position, refusal::message(&error));
            }
            Err(Refusal::Lacks(field)) => {
                let position = refusal::at(piece.mark, piece.path);
                self.broken(section, position, format!("missing field `{field}`"));
            }
        }
        for complaint in std::mem::take(&mut self.builder.complaints) {
            let position = Some(refusal::at(piece.mark, piece.path));
            self.builder.problem(position, complaint.message, complaint.help);
        }
    }

    fn broken(&mut self, section: &'static Section, position: Position, message: String) {
        self.is_recognised = true;
        self.count_broken(section);
        let help = format!("capture it again with `{}`", section.kind.command());
        self.builder.problem(Some(position), message, &help);
    }

    fn count_broken(&mut self, section: &'static Section) {
        let (file, hint) = (self.builder.file_number(), self.builder.hint.clone());
        self.builder.census.count_broken(section.kind, file, &hint);
    }

    fn sibling(&mut self, key: &'static str, bytes: &[u8]) {
        let text = match key {
            document::ERROR => document::error_code(bytes),
            document::MORE_ROUTES => (bytes == b"true").then(String::new),
            _ => serde_json::from_slice(bytes).ok(),
        };
        if let Some(text) = text {
            self.builder.document.siblings.insert(key, text);
        }
    }

    /// Remembers whether the lists of a document go on in another page.
    fn turn_page(&mut self, document: &Document) {
        let path = self.builder.path().to_owned();
        let folder = path.rsplit_once(['/', '\\']).map_or("", |(folder, _)| folder).to_owned();
        let page = Page { path, file: self.builder.file_number(), hint: self.builder.hint.clone() };
        for key in &document.lists {
            let known = self.pages.entry((folder.clone(), key));
            if document.has_next_page() {
                known.or_insert_with(|| Some(page.clone()));
            } else {
                known.insert_entry(None);
            }
        }
    }
}

impl Visitor for Reader {
    fn treat(&mut self, path: &Path) -> Treatment {
        let Some(key) = path.keys().last() else { return Treatment::Skip };
        if let Some(section) = section::find(key) {
            self.target = Target::Section(section);
            let hint = self.hint(path);
            self.builder.set_hint(hint);
            return Treatment::Take;
        }
        if let Some(sibling) = SIBLINGS.iter().find(|sibling| **sibling == key) {
            self.target = Target::Sibling(sibling);
            return Treatment::Take;
        }
        let is_wrapper =
            WRAPPERS.contains(&key) || region::is_region(key) || region::is_account(key);
        if is_wrapper { Treatment::Enter } else { Treatment::Skip }
    }

    fn list(&mut self, _: &Path) {
        let Target::Section(section) = self.target else { return };
        self.builder.document.lists.insert(section.key);
        if !section.is_shared {
            self.is_recognised = true;
            let file = self.builder.file_number();
            self.builder.census.open(section.kind, file, &self.builder.hint);
        }
    }

    fn piece(&mut self, piece: Piece<'_>) {
        match self.target {
            Target::Section(section) => self.element(section, piece),
            Target::Sibling(key) => self.sibling(key, piece.bytes.unwrap_or_default()),
            Target::Nothing => {}
        }
    }

    fn end_of_document(&mut self) {
        let mut document = std::mem::take(&mut self.builder.document);
        self.turn_page(&document);
        settle(&mut self.builder, &mut document);
    }
}
