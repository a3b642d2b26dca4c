//! The names that people give to the ends of a question: `internet`, addresses, ids, Name tags.

use portolan_model::Model;
use portolan_reach::{Party, PartyError, resolve};

use crate::named_network::named_network;

/// Looks up a name in a network.
///
/// The first byte chooses the network, the last line is the name, and the lines before it are Name tags of what is in
/// the network, so that names can meet. Whatever they are, the name stands for something or the error helps.
pub fn question_text(bytes: &[u8]) {
    let Some((seed, text)) = bytes.split_first() else { return };
    let Ok(text) = str::from_utf8(text) else { return };
    let (tags, name) = text.rsplit_once('\n').unwrap_or(("", text));
    let model = named_network(*seed, tags);
    match resolve(&model, name) {
        Ok(party) => meaning(&model, &party),
        Err(error) => remedy(&model, &error),
    }
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
