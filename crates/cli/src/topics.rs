//! The pages of `portolan help TOPIC`. What is a table in the program is printed from that table.

use portolan_model::ResourceKind;

use crate::config::KEYS;
use crate::status::Status;

/// One topic.
#[derive(Debug)]
struct Topic {
    name: &'static str,
    /// The page, in which `{table}` stands for what the program knows better.
    text: &'static str,
    table: fn() -> String,
}

static TOPICS: &[Topic] = &[
    Topic { name: "exit-codes", text: include_str!("topics/exit-codes.txt"), table: Status::table },
    Topic { name: "formats", text: include_str!("topics/formats.txt"), table: String::new },
    Topic { name: "environment", text: include_str!("topics/environment.txt"), table: variables },
    Topic { name: "sources", text: include_str!("topics/sources.txt"), table: commands },
];

/// Returns the names of the topics.
pub(crate) fn names() -> impl Iterator<Item = &'static str> {
    TOPICS.iter().map(|topic| topic.name)
}

/// Returns the text of a topic, or `None` if there is no such topic.
pub(crate) fn text(name: &str) -> Option<String> {
    let topic = TOPICS.iter().find(|topic| topic.name == name)?;
    Some(topic.text.replace("{table}", &(topic.table)()))
}

fn variables() -> String {
    let settable = KEYS.iter().filter(|key| key.kind.is_one_value());
    let rows = settable.map(|key| format!("  {:<28} {}", key.variable, key.doc));
    rows.collect::<Vec<_>>().join("\n")
}

fn commands() -> String {
    ResourceKind::ESSENTIAL.map(|kind| format!("  {}", kind.command())).join("\n")
}
