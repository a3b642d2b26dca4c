//! Which value of an element stands at a place in its text.
//!
//! `serde_json` tells line and column where it stopped, which is the end of what it did not like. This module
//! walks over the text a second time and names the value there and where it starts. It runs only for
//! elements that are broken; tracking the path of every value that is read would cost as much as reading.

use super::path::{Path, Step};

/// Returns the path and the start of the innermost value that holds the byte at `offset`.
pub(crate) fn locate(text: &[u8], offset: usize) -> (Path, usize) {
    let mut walk = Walk { text, place: 0, path: Path::default(), found: None };
    walk.value(offset, 0);
    walk.found.unwrap_or_default()
}

struct Walk<'a> {
    text: &'a [u8],
    place: usize,
    path: Path,
    found: Option<(Path, usize)>,
}

/// The text was read by `serde_json` before, which goes no deeper.
const DEPTH_LIMIT: u32 = 128;

impl Walk<'_> {
    /// Walks over a value, and returns whether it holds the byte, or starts after it.
    fn value(&mut self, offset: usize, depth: u32) -> bool {
        self.white_space();
        let (start, steps) = (self.place, self.path.0.len());
        if start > offset {
            return true;
        }
        let is_inside = match self.peek() {
            Some(b'{') if depth < DEPTH_LIMIT => self.object(offset, depth),
            Some(b'[') if depth < DEPTH_LIMIT => self.list(offset, depth),
            Some(b'"') => {
                self.string();
                false
            }
            _ => {
                self.word();
                false
            }
        };
        if !is_inside && offset >= self.place {
            return false;
        }
        self.path.0.truncate(steps);
        self.found.get_or_insert_with(|| (self.path.clone(), start.min(self.text.len())));
        true
    }

    fn object(&mut self, offset: usize, depth: u32) -> bool {
        self.place += 1;
        loop {
            self.white_space();
            match self.peek() {
                Some(b'"') => {}
                Some(b',') => {
                    self.place += 1;
                    continue;
                }
                _ => break,
            }
            let key = self.string();
            self.white_space();
            self.place += 1;
            self.path.0.push(Step::Key(key));
            if self.value(offset, depth + 1) {
                return true;
            }
            self.path.0.pop();
        }
        self.place += 1;
        false
    }

    fn list(&mut self, offset: usize, depth: u32) -> bool {
        self.place += 1;
        for index in 0.. {
            self.white_space();
            if matches!(self.peek(), Some(b']') | None) {
                break;
            }
            self.path.0.push(Step::Index(index));
            if self.value(offset, depth + 1) {
                return true;
            }
            self.path.0.pop();
            self.white_space();
            if self.peek() == Some(b',') {
                self.place += 1;
            }
        }
        self.place += 1;
        false
    }

    /// Walks over a string and returns it.
    fn string(&mut self) -> String {
        let start = self.place;
        self.place += 1;
        while let Some(byte) = self.peek() {
            self.place += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                break;
            }
        }
        let text = self.text.get(start..self.place).unwrap_or_default();
        serde_json::from_slice(text).unwrap_or_default()
    }

    /// Walks over a number or a word: at least one byte, so that no text can hold the walk up.
    fn word(&mut self) {
        self.place += 1;
        while self.peek().is_some_and(|byte| !b",]}: \n\r\t".contains(&byte)) {
            self.place += 1;
        }
    }

    fn white_space(&mut self) {
        while self.peek().is_some_and(|byte| byte.is_ascii_whitespace()) {
            self.place += 1;
        }
    }

    fn peek(&self) -> Option<u8> {
        self.text.get(self.place).copied()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TEXT: &str = r#"{"a": [1, {"b]": "x\"y"}], "c":  tru, "d": {}}"#;

    /// Checks which value holds the byte at the first place of `needle`.
    #[track_caller]
    fn check(needle: &str, path: &str, value: &str) {
        let offset = TEXT.find(needle).expect("the text has the needle");
        let (found, start) = locate(TEXT.as_bytes(), offset);
        assert_eq!(found.to_string(), path, "{needle}");
        assert!(TEXT[start..].starts_with(value), "{needle} starts at {}", &TEXT[start..]);
    }

    #[test]
    fn names_the_innermost_value() {
        check("1,", "a[0]", "1");
        check("x", "a[1].b]", "\"x");
        check("\"b]", "a[1]", "{\"b]");
        check("tru", "c", "tru");
        check(" tru", "", "{\"a\"");
        check("{}", "d", "{}");
    }

    #[test]
    fn survives_what_is_no_json() {
        for text in
            ["", "{", "[", "[[[", "{\"a", "{\"a\":", "[}", "{]", "\"\\", ",,,", "{1:2}", "[1 2]"]
        {
            for offset in 0..8 {
                let (_, start) = locate(text.as_bytes(), offset);
                assert!(start <= text.len(), "{text} {offset}");
            }
        }
        locate("[".repeat(10_000).as_bytes(), 9_999);
    }
}
