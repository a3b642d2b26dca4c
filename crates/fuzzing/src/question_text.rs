//! The names that people give to the ends of a question: `internet`, addresses, ids, Name tags.

use std::sync::Arc;

use portolan_model::{Model, Tags};
use portolan_reach::{Party, PartyError, resolve};
use portolan_testkit::network;

/// Looks up a name in a network.
///
/// The first byte chooses the network, the last line is the name, and the lines before it are Name tags of what is in
/// the network, so that names can meet. Whatever they are, the name stands for something or the error helps.
pub fn question_text(bytes: &[u8]) {
    let Some((seed, text)) = bytes.split_first() else { return };
    let Ok(text) = str::from_utf8(text) else { return };
    let (tags, name) = text.rsplit_once('\n').unwrap_or(("", text));
    let mut model = network::random(u64::from(*seed));
    tag(&mut model, tags);
    match resolve(&model, name) {
        Ok(party) => meaning(&model, &party),
        Err(error) => remedy(&model, &error),
    }
}

/// Gives each line as a Name tag to one resource, until either run out.
fn tag(model: &mut Model, names: &str) {
    let interfaces = model.interfaces.values_mut().map(|it| &mut it.tags);
    let endpoints = model.endpoints.values_mut().map(|it| &mut it.tags);
    let subnets = model.subnets.values_mut().map(|it| &mut it.tags);
    let tables = model.route_tables.values_mut().map(|it| &mut it.tags);
    let tagged = interfaces.zip(endpoints).zip(subnets.zip(tables));
    let tagged = tagged.flat_map(|((one, two), (three, four))| [one, two, three, four]);
    // What is typed is trimmed, so that a tag with blanks around it cannot be asked for.
    for (tags, name) in tagged.zip(names.lines().map(str::trim)) {
        set_name(tags, name);
    }
}

fn set_name(tags: &mut Tags, name: &str) {
    tags.0.insert(Arc::from("Name"), Arc::from(name));
}

/// Checks that a name never stands for nothing, and that addresses can be typed again as they are printed.
fn meaning(model: &Model, party: &Party) {
    match party {
        Party::Addresses(set) => {
            assert!(!set.is_empty());
            assert_eq!(resolve(model, &set.to_string()).as_ref(), Ok(party));
        }
        Party::Interfaces(interfaces) => assert!(!interfaces.is_empty()),
        Party::Internet | Party::Service(_) => {}
    }
}

/// Checks that the error points into the text and proposes only what exists.
fn remedy(model: &Model, error: &PartyError) {
    assert!(!error.to_string().is_empty());
    match error {
        PartyError::Syntax { text, errors } => {
            assert!(!errors.is_empty());
            assert!(errors.iter().all(|it| text.get(it.span.clone()).is_some()), "{error:?}");
        }
        PartyError::NotFound { similar: names, .. }
        | PartyError::Ambiguous { candidates: names, .. } => {
            assert!(names.iter().all(|name| is_known(model, name)), "{error:?}");
        }
        _ => assert!(error.help().is_some()),
    }
}

fn is_known(model: &Model, name: &str) -> bool {
    !matches!(resolve(model, name), Err(PartyError::NotFound { .. } | PartyError::Syntax { .. }))
}
