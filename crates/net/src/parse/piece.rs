//! Pieces of a source that know where they lie.

use std::ops::Range;
use std::str::FromStr;

use super::SyntaxError;

/// A piece of the source.
#[derive(Clone, Copy, Debug)]
pub(super) struct Piece<'a> {
    /// Where it starts, in bytes of the source.
    start: usize,
    pub(super) text: &'a str,
}

impl<'a> Piece<'a> {
    pub(super) const fn whole(source: &'a str) -> Self {
        Self { start: 0, text: source }
    }

    pub(super) const fn span(self) -> Range<usize> {
        self.start..self.start + self.text.len()
    }

    /// Returns an error that points at this piece.
    pub(super) fn error(self, message: impl Into<String>) -> SyntaxError {
        SyntaxError::new(self.span(), message)
    }

    /// Returns the piece without the first `count` bytes, or an empty piece at its end.
    pub(super) fn skip(self, count: usize) -> Self {
        let text = self.text.get(count..).unwrap_or_default();
        Self { start: self.start + self.text.len() - text.len(), text }
    }

    /// Returns the first `count` bytes of the piece.
    pub(super) fn take(self, count: usize) -> Self {
        Self { text: self.text.get(..count).unwrap_or(self.text), ..self }
    }

    pub(super) fn trim(self) -> Self {
        let end = self.text.trim_end().len();
        self.take(end).skip(end - self.text.trim().len())
    }

    pub(super) fn split_once(self, separator: char) -> Option<(Self, Self)> {
        let at = self.text.find(separator)?;
        Some((self.take(at), self.skip(at + separator.len_utf8())))
    }

    /// Yields the pieces between the separators: one more than there are separators.
    pub(super) fn split(self, separator: char) -> impl Iterator<Item = Self> {
        let mut rest = Some(self);
        std::iter::from_fn(move || {
            let piece = rest?;
            let (item, after) = piece.split_once(separator).unzip();
            rest = after;
            Some(item.unwrap_or(piece))
        })
    }

    /// Reads a number of decimal digits.
    pub(super) fn number<N: FromStr>(
        self,
        expected: &str,
        too_large: &str,
    ) -> Result<N, SyntaxError> {
        // `str::parse` would take `+22`.
        if self.text.is_empty() || !self.text.bytes().all(|byte| byte.is_ascii_digit()) {
            return Err(self.error(expected));
        }
        self.text.parse().map_err(|_| self.error(too_large))
    }
}
