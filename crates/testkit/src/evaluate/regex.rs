//! Regular expressions, compiled once for each thread: compiling takes longer than all else that is done here.

use std::cell::RefCell;
use std::collections::BTreeMap;

use regex::Regex;

thread_local! {
    static COMPILED: RefCell<BTreeMap<String, Option<Regex>>> = const { RefCell::new(BTreeMap::new()) };
}

/// Returns the compiled regular expression; `None` if it is none.
pub(crate) fn compiled(regex: &str) -> Option<Regex> {
    COMPILED.with_borrow_mut(|all| {
        if let Some(known) = all.get(regex) {
            return known.clone();
        }
        let new = Regex::new(regex).ok();
        all.insert(regex.to_owned(), new.clone());
        new
    })
}
