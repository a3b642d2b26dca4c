//! HTML pages that need nothing but themselves: no script, no other file, no request.

use std::io;

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::inert::inert_document;

/// The look of every page, light and dark.
const STYLE: &str = concat!(include_str!("page.css"), include_str!("chart/series.css"));

/// What a browser lets a page do: show itself and nothing else, whatever is in it.
const POLICY: &str =
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'";

/// Writes a page with its title and what it is about.
pub(crate) fn write(
    title: &str,
    about: &str,
    content: &Markup,
    out: &mut dyn io::Write,
) -> io::Result<()> {
    let page = html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta http-equiv="Content-Security-Policy" content=(POLICY);
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta name="color-scheme" content="light dark";
                title { (title) " · Portolan" }
                style { (PreEscaped(STYLE)) }
            }
            body {
                a.skip href="#content" { "Skip to the content" }
                header { strong { "portolan" } h1 { (title) } span.about { (about) } }
                main id="content" { (content) }
            }
        }
    };
    let page = page.into_string();
    out.write_all(inert_document(&page).as_bytes())?;
    out.write_all(b"\n")
}

/// Returns one of the numbers at the top of a page.
pub(crate) fn figure(name: &str, value: &str, note: &str, class: &str) -> Markup {
    html! {
        div.figure.(class) { dt { (name) } dd { b { (value) } small { (note) } } }
    }
}
