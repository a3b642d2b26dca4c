//! What must hold for every generated account, checked on the JSON that comes out.

mod harbor;
mod references;
mod scale;

use std::collections::BTreeMap;

use serde_json::Value;

use super::sink::Memory;

/// Documents by path.
type Files = BTreeMap<String, Vec<u8>>;

/// Returns what `generate` writes.
fn files(generate: impl FnOnce(&mut Memory)) -> Files {
    let mut memory = Memory::default();
    generate(&mut memory);
    memory.into_files()
}

/// The items of all documents by their top-level key, such as `Vpcs`; instances stand by themselves too.
struct Answers {
    items: BTreeMap<String, Vec<Value>>,
}

impl Answers {
    fn new(files: &Files) -> Self {
        let mut items: BTreeMap<String, Vec<Value>> = BTreeMap::new();
        for bytes in files.values() {
            let document: BTreeMap<String, Vec<Value>> = serde_json::from_slice(bytes).unwrap();
            for (key, values) in document {
                items.entry(key).or_default().extend(values);
            }
        }
        let reservations = items.get("Reservations").into_iter().flatten();
        let instances = reservations.flat_map(|it| list(it, "Instances")).cloned().collect();
        items.insert("Instances".to_owned(), instances);
        Self { items }
    }

    fn of(&self, key: &str) -> &[Value] {
        self.items.get(key).map_or(&[], Vec::as_slice)
    }
}

/// Returns a member that must be a string.
fn text<'item>(item: &'item Value, member: &str) -> &'item str {
    item[member].as_str().unwrap_or_else(|| panic!("no `{member}` in {item}"))
}

/// Returns a member that must be a list.
fn list<'item>(item: &'item Value, member: &str) -> &'item [Value] {
    item[member].as_array().unwrap_or_else(|| panic!("no `{member}` in {item}"))
}
