//! The notation of traffic.
//!
//! ```text
//! traffic  = term { [ ";" | "," ] term }
//! term     = "all" [ "traffic" ]
//!          | "protocol" [ "/" ] number
//!          | protocol [ "/" ] [ item { "," item } ] [ "(" "source" "ports" range { "," range } ")" ]
//! item     = range                            for TCP and UDP
//!          | ( name | range ) [ "/" range ]   for ICMP: type and code
//! ```
//!
//! It takes what people type (`tcp/22,80-90 udp/53`) and what [`Traffic`] prints (`tcp 22,
//! 80-90; udp 53`). White space separates words and means nothing else.

use super::piece::Piece;
use super::{Parsed, SyntaxError, port_range, range};
use crate::address::Family;
use crate::algebra::Set;
use crate::icmp::{IcmpKind, IcmpSet, kind_named};
use crate::interval::Interval;
use crate::interval_set::PortSet;
use crate::protocol::Protocol;
use crate::traffic::Traffic;

/// Parses traffic, such as `tcp/22,80-90 udp/53; icmp/8/0`, `esp`, `protocol/89` or `all`.
///
/// ```
/// let parsed = portolan_net::parse_traffic("tcp/22,80-90 udp/53; icmp/echo-request");
/// assert_eq!(parsed.value.to_string(), "tcp 22, 80-90; udp 53; icmp echo-request");
/// assert!(parsed.errors.is_empty());
/// ```
pub fn parse_traffic(source: &str) -> Parsed<Traffic> {
    let (words, end) = words(source);
    let mut parser = Parser { rest: &words, end, errors: Vec::new() };
    let mut terms = Vec::new();
    parser.separators();
    loop {
        match parser.term() {
            Ok(term) => terms.push(term),
            Err(error) => parser.recover(error),
        }
        parser.separators();
        if parser.rest.is_empty() {
            return Parsed { value: Traffic::union_all(terms), errors: parser.errors };
        }
    }
}

/// Cuts the source into words and marks, and returns what follows them: an empty piece.
fn words(source: &str) -> (Vec<Piece<'_>>, Piece<'_>) {
    let mut words = Vec::new();
    let mut rest = Piece::whole(source).trim();
    while !rest.text.is_empty() {
        let end = rest.text.find(|c: char| is_mark(c) || c.is_whitespace());
        let word = rest.take(end.unwrap_or(rest.text.len()).max(1));
        words.push(word);
        rest = rest.skip(word.text.len()).trim();
    }
    (words, rest)
}

const fn is_mark(character: char) -> bool {
    matches!(character, '/' | ',' | ';' | '(' | ')')
}

/// The words that are still to be read, and the errors in those that were.
struct Parser<'a> {
    rest: &'a [Piece<'a>],
    end: Piece<'a>,
    errors: Vec<SyntaxError>,
}

impl<'a> Parser<'a> {
    /// Returns the next word or mark, or the empty piece at the end.
    fn peek(&self) -> Piece<'a> {
        self.rest.first().copied().unwrap_or(self.end)
    }

    fn advance(&mut self) {
        self.rest = self.rest.get(1..).unwrap_or_default();
    }

    /// Takes this word or mark, if it is the next.
    fn accept(&mut self, text: &str) -> bool {
        let found = self.peek().text.eq_ignore_ascii_case(text);
        if found {
            self.advance();
        }
        found
    }

    fn expect(&mut self, text: &str) -> Result<(), SyntaxError> {
        let error = self.peek().error(format!("expected `{text}`"));
        if self.accept(text) { Ok(()) } else { Err(error) }
    }

    /// Takes any word, but no mark.
    fn word(&mut self, expected: &str) -> Result<Piece<'a>, SyntaxError> {
        let word = self.peek();
        if word.text.is_empty() || word.text.starts_with(is_mark) {
            return Err(word.error(expected));
        }
        self.advance();
        Ok(word)
    }

    fn separators(&mut self) {
        while self.accept(";") || self.accept(",") {}
    }

    /// Keeps the error, and goes on where the next term can begin.
    fn recover(&mut self, error: SyntaxError) {
        self.errors.push(error);
        while !self.rest.is_empty() && self.peek().text != ";" && !begins_term(self.peek()) {
            self.advance();
        }
    }

    fn term(&mut self) -> Result<Traffic, SyntaxError> {
        let name = self.word(EXPECTED_PROTOCOL).map_err(with_examples)?;
        if name.text.eq_ignore_ascii_case("all") {
            self.accept("traffic");
            return Ok(Traffic::all());
        }
        if name.text.eq_ignore_ascii_case("protocol") {
            return self.numbered_protocol();
        }
        match Protocol::named(name.text) {
            Some(protocol) if protocol.has_ports() => self.ports(protocol),
            Some(Protocol::ICMP) => Ok(Traffic::icmp(self.icmp_kinds(Family::V4))),
            Some(Protocol::ICMPV6) => Ok(Traffic::icmpv6(self.icmp_kinds(Family::V6))),
            Some(_) if self.peek().text == "/" => {
                Err(self.peek().error("AWS does not filter this protocol by port"))
            }
            Some(protocol) => Ok(Traffic::protocol(protocol)),
            None => Err(unknown_protocol(name)),
        }
    }

    fn numbered_protocol(&mut self) -> Result<Traffic, SyntaxError> {
        self.accept("/");
        let expected = "expected a protocol number";
        let number = self.word(expected)?.number(expected, "no protocol is above 255")?;
        Ok(Traffic::protocol(Protocol(number)))
    }

    fn ports(&mut self, protocol: Protocol) -> Result<Traffic, SyntaxError> {
        let destinations = self.items(begins_with_digit, Self::port_item);
        let sources = self.source_ports()?;
        Ok(Traffic::with_ports(protocol, destinations, sources))
    }

    fn source_ports(&mut self) -> Result<PortSet, SyntaxError> {
        if !self.accept("(") {
            return Ok(PortSet::full());
        }
        self.expect("source")?;
        self.expect("ports")?;
        let sources = self.items(|_| true, Self::port_item);
        self.expect(")")?;
        Ok(sources)
    }

    fn port_item(&mut self) -> Result<PortSet, SyntaxError> {
        self.word("expected a port number").and_then(port_range).map(PortSet::from)
    }

    fn icmp_kinds(&mut self, family: Family) -> IcmpSet {
        let begins =
            |word: Piece<'_>| begins_with_digit(word) || kind_named(word.text, family).is_some();
        self.items(begins, |parser| parser.icmp_item(family))
    }

    fn icmp_item(&mut self, family: Family) -> Result<IcmpSet, SyntaxError> {
        let kinds = icmp_types(self.word("expected an ICMP type")?, family)?;
        let codes = if self.accept("/") { self.icmp_codes()? } else { Interval::ALL };
        let of_type = |kind| {
            let [first, last] = [codes.first(), codes.last()].map(|code| IcmpKind { kind, code });
            Interval::between(first, last)
        };
        Ok((kinds.first()..=kinds.last()).map(of_type).collect())
    }

    fn icmp_codes(&mut self) -> Result<Interval<u8>, SyntaxError> {
        let expected = "expected an ICMP code";
        range(self.word(expected)?, |code| code.number(expected, "no ICMP code is above 255"))
    }

    /// Parses a list of items, which follows a `/` or begins with a word that nothing else can
    /// be. Without a list, everything is meant.
    fn items<S: Set>(
        &mut self,
        begins: impl Fn(Piece<'_>) -> bool,
        item: impl Fn(&mut Self) -> Result<S, SyntaxError>,
    ) -> S {
        if !self.accept("/") && !begins(self.peek()) {
            return S::full();
        }
        let mut items = Vec::new();
        loop {
            match item(self) {
                Ok(item) => items.push(item),
                Err(error) => self.errors.push(error),
            }
            let term_follows = self.rest.get(1).is_some_and(|word| begins_term(*word));
            if term_follows || !self.accept(",") {
                return S::union_all(items);
            }
        }
    }
}

const EXPECTED_PROTOCOL: &str = "expected a protocol";

fn with_examples(error: SyntaxError) -> SyntaxError {
    error.with_help("write, for example, `tcp/443`, `udp/53`, `icmp/8`, `protocol/89` or `all`")
}

fn unknown_protocol(name: Piece<'_>) -> SyntaxError {
    let error = name.error(EXPECTED_PROTOCOL);
    match port_range(name) {
        Ok(range) => error.with_help(format!("write `tcp/{range}` or `udp/{range}`")),
        Err(_) => with_examples(error),
    }
}

fn begins_term(word: Piece<'_>) -> bool {
    let is = |text| word.text.eq_ignore_ascii_case(text);
    is("all") || is("protocol") || Protocol::named(word.text).is_some()
}

fn begins_with_digit(word: Piece<'_>) -> bool {
    word.text.starts_with(|first: char| first.is_ascii_digit())
}

/// Reads the name of a type, or a number, or a range of numbers.
fn icmp_types(word: Piece<'_>, family: Family) -> Result<Interval<u8>, SyntaxError> {
    let expected = "expected an ICMP type";
    if let Some(kind) = kind_named(word.text, family) {
        return Ok(Interval::single(kind));
    }
    if !begins_with_digit(word) {
        return Err(word
            .error(expected)
            .with_help("write a number, or a name such as `echo-request`"));
    }
    range(word, |kind| kind.number(expected, "no ICMP type is above 255"))
}
