//! The model while it is being read.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;

use portolan_model::{Model, Place, Position, ReadProblem, ResourceKind, Tags};

use crate::census::Census;
use crate::document::Document;
use crate::loose::Loose;
use crate::names::Names;
use crate::places::are_apart;
use crate::region;
use crate::resource::Resource;
use crate::wire::{Tag, Text};

/// Everything that was read so far, and the file that is being read.
#[derive(Debug, Default)]
pub(crate) struct Builder {
    /// The resources that are complete in themselves.
    pub(crate) model: Model,
    /// What belongs to resources that other files describe.
    pub(crate) loose: Loose,
    /// What the open document has said so far.
    pub(crate) document: Document,
    /// How many resources of which kind were where.
    pub(crate) census: Census,
    names: Names,
    files: Vec<SourceFile>,
    /// Which file first described a resource.
    origins: HashMap<(ResourceKind, Arc<str>), usize>,
    /// How many resources of a file were in an earlier one too, by both files.
    repetitions: BTreeMap<(usize, usize), u64>,
    /// Where the current list is, as far as folders and wrappers tell.
    pub(crate) hint: Place,
    /// What is wrong with the current element, although it could be read.
    pub(crate) complaints: Vec<Complaint>,
}

/// Something that is wrong with an element that could be read.
#[derive(Debug)]
pub(crate) struct Complaint {
    /// What is wrong.
    pub(crate) message: String,
    /// What to do about it.
    pub(crate) help: &'static str,
}

/// A file that was read, or is being read.
#[derive(Debug)]
struct SourceFile {
    path: Arc<str>,
    /// Where its last list is, as far as folders and wrappers tell.
    hint: Place,
    /// How many problems it has.
    problems: u64,
    /// Where the first problem is that is counted and not told.
    untold: Option<Position>,
}

/// How many problems of one file are told; the others are counted.
///
/// A file in which everything is wrong must not take more memory than one in which nothing is.
const TOLD_PROBLEMS: u64 = 100;

/// What an element tells about where it is.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Clues<'a> {
    /// The account that owns it.
    pub(crate) owner: Option<&'a Text<'a>>,
    /// Its ARN.
    pub(crate) arn: Option<&'a Text<'a>>,
    /// Its Availability Zone or network border group, or its Region.
    pub(crate) zone: Option<&'a Text<'a>>,
}

impl Builder {
    /// Goes on to the next file.
    pub(crate) fn open(&mut self, path: &str) {
        self.files.push(SourceFile {
            path: path.into(),
            hint: Place::default(),
            problems: 0,
            untold: None,
        });
        self.document = Document::default();
    }

    /// Takes note of what folders and wrappers tell of where the next list is.
    pub(crate) fn set_hint(&mut self, hint: Place) {
        if let Some(file) = self.files.last_mut() {
            file.hint.clone_from(&hint);
        }
        self.hint = hint;
    }

    /// Returns the number of the file that is being read.
    pub(crate) fn file_number(&self) -> usize {
        self.files.len().saturating_sub(1)
    }

    /// Returns the path of the file that is being read.
    pub(crate) fn path(&self) -> &str {
        self.path_of(self.file_number())
    }

    /// Returns the path of the file that is being read, to keep.
    pub(crate) fn shared_path(&self) -> Arc<str> {
        self.files.last().map(|file| Arc::clone(&file.path)).unwrap_or_default()
    }

    fn path_of(&self, number: usize) -> &str {
        self.files.get(number).map_or("", |file| &file.path)
    }

    /// Returns a text that is kept once.
    pub(crate) fn text(&mut self, text: &str) -> Arc<str> {
        self.names.share(text)
    }

    /// Returns a text, or the empty one.
    pub(crate) fn text_or_empty(&mut self, text: Option<&Text<'_>>) -> Arc<str> {
        self.names.share(text.map_or("", |text| text))
    }

    /// Returns an id, or any other type made of a text.
    pub(crate) fn id<I: From<Arc<str>>>(&mut self, text: &str) -> I {
        self.names.share(text).into()
    }

    /// Returns an id unless it is absent or empty; some answers write the empty text for none.
    pub(crate) fn some_id<I: From<Arc<str>>>(&mut self, text: Option<&Text<'_>>) -> Option<I> {
        text.filter(|text| !text.is_empty()).map(|text| self.id(text))
    }

    /// Returns a set of ids, sorted: AWS gives such lists in any order.
    pub(crate) fn ids<'a, I: From<Arc<str>> + Ord>(
        &mut self,
        texts: impl IntoIterator<Item = &'a Text<'a>>,
    ) -> Vec<I> {
        let mut ids: Vec<I> = texts.into_iter().map(|text| self.id(text)).collect();
        ids.sort_unstable();
        ids.dedup();
        ids
    }

    /// Returns tags.
    pub(crate) fn tags(&mut self, tags: &[Tag<'_>]) -> Tags {
        let tags = tags.iter();
        Tags(
            tags.map(|tag| (self.text(&tag.key), self.text_or_empty(tag.value.as_ref()))).collect(),
        )
    }

    /// Returns where an element is: what it says itself, and else what folders and wrappers say.
    pub(crate) fn place(&mut self, clues: Clues<'_>) -> Place {
        let (arn_region, arn_account) =
            clues.arn.map_or((None, None), |arn| region::arn_parts(arn));
        let zone_region = clues.zone.and_then(|zone| region::region_of_zone(zone));
        let owner = clues.owner.map(|owner| &**owner).filter(|owner| !is_service(owner));
        let account = owner.or(arn_account).map(|account| self.id(account));
        let region = zone_region.or(arn_region).map(|region| self.id(region));
        Place {
            account: account.or_else(|| self.hint.account.clone()),
            region: region.or_else(|| self.hint.region.clone()),
        }
    }

    /// Takes a resource. Of two that contradict each other the first stays.
    pub(crate) fn insert<R: Resource>(&mut self, mut resource: R) {
        let place = resource.place().map(|place| place.clone());
        let place = place.unwrap_or_else(|| self.hint.clone());
        let key = (R::KIND, self.names.share(resource.id_text()));
        let file = self.file_number();
        let known = R::table(&mut self.model).get_mut(resource.id());
        let meeting = known.map(|known| meet(known, &mut resource));
        let is_new = meeting.is_none();
        self.census.count((R::KIND, file), &place, resource.vpcs(), u64::from(is_new));
        match meeting {
            None => {
                self.origins.insert(key, file);
                R::table(&mut self.model).insert(resource.id().clone(), resource);
            }
            Some(Meeting::Complement) => {}
            Some(Meeting::Repetition) => self.repeat(&key),
            Some(Meeting::Contradiction(fields)) => self.contradict(&key, &fields),
        }
    }

    /// Counts something that is not a resource of its own, at `place`.
    pub(crate) fn count(&mut self, kind: ResourceKind, place: &Place) {
        self.census.count((kind, self.file_number()), place, None, 1);
    }

    /// Counts a resource that an earlier file described in the same way. Of what several accounts or Regions
    /// share, each is shown a description, so that is none.
    fn repeat(&mut self, key: &(ResourceKind, Arc<str>)) {
        let origin = self.origins.get(key).copied().unwrap_or_default();
        let hint_at = |number: usize| self.files.get(number).map(|file| &file.hint);
        let is_shared =
            hint_at(origin).zip(hint_at(self.file_number())).is_some_and(|(a, b)| are_apart(a, b));
        if !is_shared {
            *self.repetitions.entry((self.file_number(), origin)).or_default() += 1;
        }
    }

    /// Complains of a resource that an earlier file described differently.
    fn contradict(&mut self, key: &(ResourceKind, Arc<str>), fields: &[&str]) {
        let origin = self.origins.get(key).copied().unwrap_or_default();
        let fields = fields.iter().map(|field| format!("`{field}`")).collect::<Vec<_>>().join(", ");
        let other = if origin == self.file_number() {
            "earlier in the file".to_owned()
        } else {
            format!("in `{}`", self.path_of(origin))
        };
        let message = format!("`{}` is not the same as {other}: {fields} differ", key.1);
        let help = "remove the older of the two captures; the first one read counts";
        self.complaints.push(Complaint { message, help });
    }

    /// Adds a problem with the file that is being read.
    pub(crate) fn problem(&mut self, position: Option<Position>, message: String, help: &str) {
        let Some(file) = self.files.last_mut() else { return };
        file.problems += 1;
        if file.problems > TOLD_PROBLEMS {
            file.untold = file.untold.take().or(position);
            return;
        }
        let path = file.path.to_string();
        self.model.coverage.add_problem(loss(path, position, message, help));
    }

    /// Adds one problem for all problems of a file that were counted and not told.
    pub(crate) fn report_untold(&mut self) {
        for file in self.files.iter_mut().filter(|file| file.problems > TOLD_PROBLEMS) {
            let message = format!("{} more problems from here on", file.problems - TOLD_PROBLEMS);
            let help = "put right what is told, and read again";
            let problem = loss(file.path.to_string(), file.untold.take(), message, help);
            self.model.coverage.add_problem(problem);
        }
    }

    /// Adds one problem for all resources of a file that another file has too.
    pub(crate) fn report_repetitions(&mut self) {
        for ((file, origin), count) in std::mem::take(&mut self.repetitions) {
            let what = if count == 1 {
                "1 resource is".to_owned()
            } else {
                format!("{count} resources are")
            };
            let message = if file == origin {
                format!("{what} in the file twice")
            } else {
                format!("{what} in `{}` too", self.path_of(origin))
            };
            self.model.coverage.add_problem(ReadProblem {
                path: self.path_of(file).to_owned(),
                position: None,
                message,
                help: Some("nothing is lost: they are equal, and count once".to_owned()),
                loses_data: false,
            });
        }
    }
}

fn loss(path: String, position: Option<Position>, message: String, help: &str) -> ReadProblem {
    ReadProblem { path, position, message, help: Some(help.to_owned()), loses_data: true }
}

/// How two captures of one resource stand to each other.
enum Meeting {
    /// They say the same.
    Repetition,
    /// Each says what the other leaves out.
    Complement,
    /// They disagree on these fields.
    Contradiction(Vec<&'static str>),
}

/// Brings two captures of one resource together.
fn meet<R: Resource>(known: &mut R, other: &mut R) -> Meeting {
    let is_same = known.differing(other).is_empty();
    known.exchange(other);
    let fields = known.differing(other);
    match (is_same, fields.is_empty()) {
        (true, _) => Meeting::Repetition,
        (false, true) => Meeting::Complement,
        (false, false) => Meeting::Contradiction(fields),
    }
}

/// Returns whether an owner is no account but AWS itself, as of its own prefix lists.
fn is_service(owner: &str) -> bool {
    matches!(owner, "" | "AWS" | "amazon" | "amazon-aws")
}
