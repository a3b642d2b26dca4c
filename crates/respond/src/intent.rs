//! Intents: what is meant to pass and what is not, as people write it down.
//!
//! A small table in the notation of spreadsheets, because it is kept and discussed by people who have one open:
//!
//! ```text
//! from,to,port,protocol,intended
//! internet,web,"80,443",tcp,yes
//! web,orders-db,5432,,yes        # no protocol: TCP
//! internet,orders-db,,all,no     # no port: all of them
//! ```
//!
//! The first line names the columns, in any order; `from`, `to` and `intended` must be there. TOML and JSON were
//! rejected: five words of syntax for each that is said.

use std::ops::Range;

use portolan_net::{Parsed, PortSet, Protocol, Set as _, SyntaxError, Traffic, parse_ports};

/// One line: these packets are meant to pass from one party to another, or not to.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Intent {
    /// Who begins, as written.
    pub from: Name,
    /// Who is to answer, as written.
    pub to: Name,
    /// The packets.
    pub traffic: Traffic,
    /// Whether they are meant to pass.
    pub is_intended: bool,
}

/// The name of a party, and where it stands.
#[derive(Clone, Debug, Eq, PartialEq)]
pub struct Name {
    /// The name.
    pub text: String,
    /// Where, in bytes of the source.
    pub span: Range<usize>,
}

/// The columns that there can be.
const COLUMNS: [&str; 5] = ["from", "to", "port", "protocol", "intended"];

/// Parses intents: the lines that could be read, and every mistake of the others.
///
/// Empty lines are skipped, and what follows a `#` that begins a line or follows white space.
///
/// ```
/// use portolan_respond::parse_intents;
///
/// let parsed = parse_intents("from,to,port,intended\ninternet,web,443,yes\nweb,db,5432,maybe\n");
/// assert_eq!(parsed.value[0].traffic.to_string(), "tcp 443");
/// assert_eq!(parsed.errors[0].span, 55..60);
/// assert_eq!(parsed.errors[0].help.as_deref(), Some("write `yes` or `no`"));
/// ```
pub fn parse_intents(source: &str) -> Parsed<Vec<Intent>> {
    let mut parsed = Parsed { value: Vec::new(), errors: Vec::new() };
    let mut header: Option<Header> = None;
    for line in lines(source) {
        let cells = match cells(source, line.clone()) {
            Ok(cells) if cells.is_empty() => continue,
            Ok(cells) => cells,
            Err(error) => {
                parsed.errors.push(error);
                continue;
            }
        };
        match &header {
            None => match Header::of(&cells, line) {
                Ok(found) => header = Some(found),
                // Without columns no line means anything.
                Err(errors) => return Parsed { value: Vec::new(), errors },
            },
            Some(header) => match header.intent(&cells, line) {
                Ok(intent) => parsed.value.push(intent),
                Err(errors) => parsed.errors.extend(errors),
            },
        }
    }
    parsed
}

/// Yields the lines, without their ends.
fn lines(source: &str) -> impl Iterator<Item = Range<usize>> {
    source.split_inclusive('\n').scan(0, |start, line| {
        let range = *start..*start + line.trim_end_matches(['\r', '\n']).len();
        *start += line.len();
        Some(range)
    })
}

/// Splits a line into cells; a line without anything has none.
fn cells(source: &str, line: Range<usize>) -> Result<Vec<Name>, SyntaxError> {
    let mut cells = Vec::new();
    let (mut text, mut start) = (String::new(), line.start);
    let mut quote: Option<usize> = None;
    let mut previous = None;
    let body = source.get(line.clone()).unwrap_or_default();
    let mut end = line.end;
    let mut letters = body.char_indices().map(|(at, it)| (line.start + at, it)).peekable();
    while let Some((at, letter)) = letters.next() {
        match letter {
            '"' if quote.is_some() => {
                if letters.next_if(|(_, next)| *next == '"').is_some() {
                    text.push('"');
                } else {
                    quote = None;
                }
            }
            '"' if text.trim().is_empty() => {
                text.clear();
                quote = Some(at);
            }
            ',' if quote.is_none() => {
                cells.push(cell(source, &text, start..at));
                text.clear();
                start = at + 1;
            }
            '#' if quote.is_none() && previous.is_none_or(char::is_whitespace) => {
                end = at;
                break;
            }
            _ => text.push(letter),
        }
        previous = Some(letter);
    }
    if let Some(at) = quote {
        return Err(SyntaxError::new(at..line.end, "this quotation mark is never closed"));
    }
    if !cells.is_empty() || !text.trim().is_empty() {
        cells.push(cell(source, &text, start..end));
    }
    Ok(cells)
}

/// Returns a cell without what is around its text: white space and quotation marks.
///
/// The span is that of the text, if that stands in the source as it is; otherwise of all that the cell is written as.
fn cell(source: &str, text: &str, span: Range<usize>) -> Name {
    let text = text.trim();
    let raw = source.get(span.clone()).unwrap_or_default();
    let is_around = |part: &str| part.chars().all(|it| it == '"' || it.is_whitespace());
    let around = raw
        .split_once(text)
        .filter(|(before, after)| !text.is_empty() && is_around(before) && is_around(after));
    let (before, length) = match around {
        Some((before, _)) => (before.len(), text.len()),
        None => (raw.len() - raw.trim_start().len(), raw.trim().len()),
    };
    let start = span.start + before;
    Name { text: text.to_owned(), span: start..start + length }
}

/// Which column is where.
#[derive(Debug)]
struct Header {
    /// The place of each of [`COLUMNS`].
    places: [Option<usize>; 5],
    count: usize,
}

impl Header {
    fn of(cells: &[Name], line: Range<usize>) -> Result<Self, Vec<SyntaxError>> {
        let mut header = Self { places: [None; 5], count: cells.len() };
        let mut errors = Vec::new();
        for (place, cell) in cells.iter().enumerate() {
            let known = COLUMNS.iter().position(|name| cell.text.eq_ignore_ascii_case(name));
            match known.and_then(|known| header.places.get_mut(known)) {
                Some(Some(_)) => {
                    errors.push(SyntaxError::new(cell.span.clone(), "this column is there twice"));
                }
                Some(slot) => *slot = Some(place),
                None => errors.push(
                    SyntaxError::new(cell.span.clone(), "no column has this name")
                        .with_help(format!("the columns are {}", COLUMNS.join(", "))),
                ),
            }
        }
        for (name, place) in COLUMNS.iter().zip(header.places) {
            if place.is_none() && !matches!(*name, "port" | "protocol") {
                let message = format!("the column `{name}` is missing");
                errors.push(SyntaxError::new(line.end..line.end, message));
            }
        }
        if errors.is_empty() { Ok(header) } else { Err(errors) }
    }

    fn intent(&self, cells: &[Name], line: Range<usize>) -> Result<Intent, Vec<SyntaxError>> {
        if cells.len() != self.count {
            let message = format!("this line has {} cells, not {}", cells.len(), self.count);
            let help = "a cell that holds a comma is put in quotation marks";
            return Err(vec![SyntaxError::new(line, message).with_help(help)]);
        }
        let cell = |column: usize| {
            let place = self.places.get(column).copied().flatten();
            place.and_then(|place| cells.get(place)).cloned()
        };
        let mut errors = Vec::new();
        let mut party = |column| {
            let name = cell(column).filter(|name| !name.text.is_empty());
            if name.is_none() {
                let span = cell(column).map_or(line.end..line.end, |name| name.span);
                errors.push(SyntaxError::new(span, "expected the name of a party"));
            }
            name
        };
        let (from, to) = (party(0), party(1));
        let traffic = traffic(cell(2), cell(3)).map_err(|found| errors.extend(found)).ok();
        let is_intended = intended(cell(4), line).map_err(|error| errors.push(error)).ok();
        let whole =
            || Some(Intent { from: from?, to: to?, traffic: traffic?, is_intended: is_intended? });
        whole().filter(|_| errors.is_empty()).ok_or(errors)
    }
}

/// Returns the packets of a line.
fn traffic(port: Option<Name>, protocol: Option<Name>) -> Result<Traffic, Vec<SyntaxError>> {
    let is_given = |cell: &Name| !cell.text.is_empty();
    let (port, protocol) = (port.filter(is_given), protocol.filter(is_given));
    let all = |name: &Name| name.text.eq_ignore_ascii_case("all") || name.text == "-1";
    let of = |name: &Name| {
        name.text.parse::<Protocol>().map_err(|error| {
            let help = "write tcp, udp, icmp, another name, a number, or all";
            vec![SyntaxError::new(name.span.clone(), error.to_string()).with_help(help)]
        })
    };
    match (port, protocol) {
        (None, None) => Ok(Traffic::all()),
        (None, Some(protocol)) if all(&protocol) => Ok(Traffic::all()),
        (None, Some(protocol)) => of(&protocol).map(Traffic::protocol),
        (Some(ports), None) => parse(&ports).map(Traffic::tcp),
        (Some(ports), Some(protocol)) => {
            let number = if all(&protocol) { None } else { Some(of(&protocol)?) };
            let Some(number) = number.filter(|it| it.has_ports()) else {
                let message = "ports need a protocol that has them";
                let help = "write tcp or udp, or leave the ports out";
                return Err(vec![SyntaxError::new(protocol.span, message).with_help(help)]);
            };
            parse(&ports).map(|ports| Traffic::with_ports(number, ports, PortSet::full()))
        }
    }
}

fn parse(ports: &Name) -> Result<PortSet, Vec<SyntaxError>> {
    // Where the source has the text as it is, a place in the one is a place in the other.
    let is_verbatim = ports.span.len() == ports.text.len();
    let place = |span: Range<usize>| {
        let start = ports.span.start;
        if is_verbatim { span.start + start..span.end + start } else { ports.span.clone() }
    };
    parse_ports(&ports.text).into_result().map_err(|errors| {
        let shift = |error: SyntaxError| SyntaxError { span: place(error.span.clone()), ..error };
        errors.into_iter().map(shift).collect()
    })
}

fn intended(cell: Option<Name>, line: Range<usize>) -> Result<bool, SyntaxError> {
    let span = cell.as_ref().map_or(line.end..line.end, |cell| cell.span.clone());
    let text = cell.map(|cell| cell.text.to_ascii_lowercase()).unwrap_or_default();
    match text.as_str() {
        "yes" | "true" => Ok(true),
        "no" | "false" => Ok(false),
        _ => Err(SyntaxError::new(span, "expected whether it is intended")
            .with_help("write `yes` or `no`")),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[track_caller]
    fn check(source: &str, expected: &[&str]) {
        let parsed = parse_intents(source);
        let values = parsed.value.iter().map(|it| {
            let word = if it.is_intended { "yes" } else { "no" };
            format!("{} -> {}: {}: {word}", it.from.text, it.to.text, it.traffic)
        });
        let errors = parsed
            .errors
            .iter()
            .map(|error| format!("`{}`: {}", &source[error.span.clone()], error.message));
        assert_eq!(values.chain(errors).collect::<Vec<_>>(), expected);
    }

    #[test]
    fn lines_are_read_by_their_header() {
        check(
            "intended,to,from,port\r\nyes, web ,internet,\"80,443\"\n\n# none\nno,db,internet,\n",
            &["internet -> web: tcp 80, 443: yes", "internet -> db: all traffic: no"],
        );
        check(
            "from,to,port,protocol,intended\na,b,53,udp,YES # dns\na,b,,icmp,no\n\"a \"\"b\"\"\",#x,1,TCP,true\n",
            &["a -> b: udp 53: yes", "a -> b: icmp: no", "a \"b\" -> #x: tcp 1: yes"],
        );
        check("", &[]);
    }

    #[test]
    fn every_mistake_is_shown() {
        check(
            "from,tto,port,port\n",
            &[
                "`tto`: no column has this name",
                "`port`: this column is there twice",
                "``: the column `to` is missing",
                "``: the column `intended` is missing",
            ],
        );
        check(
            "from,to,port,protocol,intended\na,,70000,tcp,perhaps\na,b,1\na,b,1,esp,no\na,b,,x,no\na,\"b,,,no\na,b,\"1,9-2\",tcp,no",
            &[
                "``: expected the name of a party",
                "`70000`: no port is above 65535",
                "`perhaps`: expected whether it is intended",
                "`a,b,1`: this line has 3 cells, not 5",
                "`esp`: ports need a protocol that has them",
                "`x`: `x` is not a protocol",
                "`\"b,,,no`: this quotation mark is never closed",
                "`9-2`: this range ends before it starts",
            ],
        );
    }

    #[test]
    fn mistakes_are_placed_in_what_was_written() {
        let check = |ports: &str, place: &str| {
            let source = format!("from,to,port,intended\na,b,{ports},no\n");
            let parsed = parse_intents(&source);
            let [error] = parsed.errors.as_slice() else { panic!("{:?}", parsed.errors) };
            assert_eq!(&source[error.span.clone()], place, "{ports}");
        };
        check("9-2", "9-2");
        check(r#""1,9-2""#, "9-2");
        check(r#"" 1, 9-2 " "#, "9-2");
        check(r#""""ü""#, r#""ü"#);
        // The text is not what was written, so that no part of it can be shown.
        check(r#""22,""ü""#, r#""22,""ü""#);
        check(r#""1"-ü"#, r#""1"-ü"#);
    }
}
