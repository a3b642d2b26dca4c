//! Finds the elements of lists in a stream of JSON, without understanding them.
//!
//! The splitter walks over the keys at the top of each document, asks a [`Visitor`] what to do with each, and
//! hands out whole elements as bytes. It knows strings and brackets and nothing else; `serde_json` checks
//! the rest where an element is read. What nobody asked for is skipped at the speed of `memchr`.

use std::io::Read;

use super::fault::{Fault, Reason};
use super::path::{Path, Step};
use super::window::{Mark, Window};

/// The most bytes that one element may have. The largest answer of AWS for one resource is a security group
/// with its rules, at some hundred kilobytes.
const ELEMENT_LIMIT: usize = 256 << 20;

/// How deep lists and objects may be nested: the bound of `serde_json`.
const DEPTH_LIMIT: u32 = 127;

/// How many wrappers may stand around the lists.
const WRAPPER_LIMIT: u32 = 8;

/// What to do with the value of a key.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Treatment {
    /// Nobody wants it.
    Skip,
    /// It is a wrapper: look at the keys in it.
    Enter,
    /// Hand it out: element by element if it is a list, else whole.
    Take,
}

/// What a file looks like, from how it starts.
#[derive(Clone, Copy, Debug, Eq, PartialEq)]
pub(crate) enum Form {
    /// It starts with an object or a list.
    Json,
    /// It starts with something else.
    Other,
    /// There is nothing in it but white space.
    Empty,
}

/// One value that was handed out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Piece<'a> {
    /// Where it is in its document.
    pub(crate) path: &'a Path,
    /// Where it starts.
    pub(crate) mark: Mark,
    /// The text of the value, or `None` if it is too large to be held.
    pub(crate) bytes: Option<&'a [u8]>,
}

/// Who looks at what is found.
pub(crate) trait Visitor {
    /// Decides about the value of the key that `path` ends in.
    fn treat(&mut self, path: &Path) -> Treatment;

    /// Takes note that a list is to come, perhaps of no elements. A `null` in the place of a list is one.
    fn list(&mut self, path: &Path);

    /// Takes a value.
    fn piece(&mut self, piece: Piece<'_>);

    /// Takes note that a document has ended; another may follow.
    fn end_of_document(&mut self);
}

/// Splits one file.
#[derive(Debug)]
pub(crate) struct Splitter<R> {
    window: Window<R>,
    path: Path,
}

impl<R: Read> Splitter<R> {
    /// Opens a file.
    pub(crate) fn new(input: R) -> Self {
        Self::with_limit(input, ELEMENT_LIMIT)
    }

    fn with_limit(input: R, limit: usize) -> Self {
        Self { window: Window::new(input, limit), path: Path::default() }
    }

    /// Returns what the file looks like.
    pub(crate) fn form(&mut self) -> Result<Form, Fault> {
        self.skip_byte_order_mark()?;
        Ok(match self.significant()? {
            Some(b'{' | b'[') => Form::Json,
            Some(_) => Form::Other,
            None => Form::Empty,
        })
    }

    /// Shows everything in the file to `visitor`: any number of documents, one after the other.
    pub(crate) fn run(&mut self, visitor: &mut impl Visitor) -> Result<(), Fault> {
        self.skip_byte_order_mark()?;
        while self.significant()?.is_some() {
            self.enter(visitor, 0)?;
            visitor.end_of_document();
        }
        Ok(())
    }

    fn skip_byte_order_mark(&mut self) -> Result<(), Fault> {
        let start = match self.window.look(3) {
            Ok(start) => start,
            Err(error) => return Err(self.fault(Reason::Input(error))),
        };
        if start.starts_with(b"\xff\xfe") || start.starts_with(b"\xfe\xff") {
            return Err(self.fault(Reason::Utf16));
        }
        if start.starts_with(b"\xef\xbb\xbf") {
            self.window.advance(3);
        }
        Ok(())
    }

    /// Looks into a document or wrapper: the keys of an object, the elements of a list.
    fn enter(&mut self, visitor: &mut impl Visitor, wrappers: u32) -> Result<(), Fault> {
        match self.significant()? {
            Some(b'{') if wrappers < WRAPPER_LIMIT => self.members(visitor, wrappers),
            Some(b'[') if wrappers < WRAPPER_LIMIT => {
                self.elements(|splitter| splitter.enter(visitor, wrappers + 1))
            }
            _ => self.skip_value(),
        }
    }

    /// Asks `visitor` about each member of an object.
    fn members(&mut self, visitor: &mut impl Visitor, wrappers: u32) -> Result<(), Fault> {
        self.sequence(b'}', |splitter| {
            let key = splitter.key()?;
            splitter.expect(b':', "`:`")?;
            splitter.path.0.push(Step::Key(key));
            match visitor.treat(&splitter.path) {
                Treatment::Skip => splitter.skip_value()?,
                Treatment::Enter => splitter.enter(visitor, wrappers + 1)?,
                Treatment::Take => splitter.take(visitor)?,
            }
            splitter.path.0.pop();
            Ok(())
        })
    }

    /// Hands out a value, element by element if it is a list.
    fn take(&mut self, visitor: &mut impl Visitor) -> Result<(), Fault> {
        match self.significant()? {
            Some(b'[') => {
                visitor.list(&self.path);
                self.elements(|splitter| splitter.piece(visitor))
            }
            Some(b'n') => {
                visitor.list(&self.path);
                self.skip_value()
            }
            _ => self.piece(visitor),
        }
    }

    /// Hands out one value whole.
    fn piece(&mut self, visitor: &mut impl Visitor) -> Result<(), Fault> {
        self.significant()?;
        let start = self.window.mark();
        self.window.keep();
        self.skip_value()?;
        let bytes = self.window.take().map(|(bytes, _)| bytes);
        visitor.piece(Piece { path: &self.path, mark: start, bytes });
        Ok(())
    }

    /// Goes through a list, with `path` telling which element it is at.
    fn elements(
        &mut self,
        mut element: impl FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        let depth = self.path.0.len();
        self.path.0.push(Step::Index(0));
        self.sequence(b']', |splitter| {
            element(splitter)?;
            if let Some(Step::Index(index)) = splitter.path.0.get_mut(depth) {
                *index += 1;
            }
            Ok(())
        })?;
        self.path.0.pop();
        Ok(())
    }

    /// Goes through what stands between an opening bracket and `close`, separated by commas.
    fn sequence(
        &mut self,
        close: u8,
        mut item: impl FnMut(&mut Self) -> Result<(), Fault>,
    ) -> Result<(), Fault> {
        self.window.advance(1);
        if self.significant()? == Some(close) {
            self.window.advance(1);
            return Ok(());
        }
        loop {
            item(self)?;
            match self.significant()? {
                Some(b',') => self.window.advance(1),
                Some(byte) if byte == close => {
                    self.window.advance(1);
                    return Ok(());
                }
                found => return Err(self.unexpected("`,` or the closing bracket", found)),
            }
        }
    }

    /// Reads a key; one that is not valid text reads as the empty key.
    fn key(&mut self) -> Result<String, Fault> {
        match self.significant()? {
            Some(b'"') => {}
            found => return Err(self.unexpected("a key in quotes", found)),
        }
        self.window.keep();
        self.skip_string()?;
        let text = self.window.take().and_then(|(bytes, _)| serde_json::from_slice(bytes).ok());
        Ok(text.unwrap_or_default())
    }

    fn skip_value(&mut self) -> Result<(), Fault> {
        match self.significant()? {
            Some(b'"') => self.skip_string(),
            Some(b'{' | b'[') => self.skip_brackets(),
            Some(byte) if byte == b'-' || byte.is_ascii_alphanumeric() => self.skip_word(),
            found => Err(self.unexpected("a value", found)),
        }
    }

    /// Skips a list or object with all that is in it. The kinds of the open brackets are the bits of a stack.
    fn skip_brackets(&mut self) -> Result<(), Fault> {
        let (mut depth, mut kinds) = (0_u32, 0_u128);
        loop {
            let byte = self.seek(|view| view.iter().position(|byte| is_structural(*byte)))?;
            match byte {
                b'"' => {
                    self.skip_string()?;
                    continue;
                }
                b'{' | b'[' if depth == DEPTH_LIMIT => {
                    return Err(self.fault(Reason::TooDeep(DEPTH_LIMIT)));
                }
                b'{' | b'[' => {
                    depth += 1;
                    kinds = kinds << 1 | u128::from(byte == b'{');
                }
                _ => {
                    let close = if kinds & 1 == 1 { b'}' } else { b']' };
                    if byte != close {
                        return Err(self.unexpected("the other closing bracket", Some(byte)));
                    }
                    depth -= 1;
                    kinds >>= 1;
                }
            }
            self.window.advance(1);
            if depth == 0 {
                return Ok(());
            }
        }
    }

    /// Skips a string, from quote to quote.
    fn skip_string(&mut self) -> Result<(), Fault> {
        self.window.advance(1);
        loop {
            let byte = self.seek(|view| memchr::memchr2(b'"', b'\\', view))?;
            self.window.advance(1);
            if byte == b'"' {
                return Ok(());
            }
            self.seek(|view| (!view.is_empty()).then_some(0))?;
            self.window.advance(1);
        }
    }

    /// Skips a number, `true`, `false` or `null`.
    fn skip_word(&mut self) -> Result<(), Fault> {
        let is_end =
            |byte: &u8| !matches!(byte, b'+' | b'-' | b'.') && !byte.is_ascii_alphanumeric();
        self.window
            .seek(|view| view.iter().position(is_end))
            .map(drop)
            .map_err(|error| self.fault(Reason::Input(error)))
    }

    fn expect(&mut self, byte: u8, expected: &'static str) -> Result<(), Fault> {
        match self.significant()? {
            Some(found) if found == byte => {
                self.window.advance(1);
                Ok(())
            }
            found => Err(self.unexpected(expected, found)),
        }
    }

    /// Skips white space, and returns the byte after it, if there is one.
    fn significant(&mut self) -> Result<Option<u8>, Fault> {
        let is_text = |byte: &u8| !matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
        self.window
            .seek(|view| view.iter().position(is_text))
            .map_err(|error| self.fault(Reason::Input(error)))
    }

    /// Goes to what `find` finds, which must come before the file ends.
    fn seek(&mut self, find: impl Fn(&[u8]) -> Option<usize>) -> Result<u8, Fault> {
        match self.window.seek(find) {
            Ok(Some(byte)) => Ok(byte),
            Ok(None) => Err(self.fault(Reason::Truncated)),
            Err(error) => Err(self.fault(Reason::Input(error))),
        }
    }

    fn unexpected(&mut self, expected: &'static str, found: Option<u8>) -> Fault {
        self.fault(found.map_or(Reason::Truncated, |found| Reason::Unexpected { expected, found }))
    }

    fn fault(&mut self, reason: Reason) -> Fault {
        Fault { mark: self.window.mark(), path: self.path.clone(), reason }
    }
}

fn is_structural(byte: u8) -> bool {
    matches!(byte, b'"' | b'{' | b'}' | b'[' | b']')
}

#[cfg(test)]
mod tests;
