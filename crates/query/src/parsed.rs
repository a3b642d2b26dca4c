//! What parsing gives.

use crate::diagnostic::Diagnostic;

/// What was read, and everything there is to say about it.
#[derive(Clone, Debug, PartialEq)]
pub struct Parsed<T> {
    /// The value, made of the parts that could be read.
    pub value: T,
    /// Errors, warnings and notes, in the order of the text.
    pub diagnostics: Vec<Diagnostic>,
}

impl<T> Parsed<T> {
    /// Returns the value only if there was no error, with warnings and notes.
    ///
    /// # Errors
    ///
    /// Returns every diagnostic if one is an error.
    pub fn into_result(self) -> Result<(T, Vec<Diagnostic>), Vec<Diagnostic>> {
        if self.has_errors() { Err(self.diagnostics) } else { Ok((self.value, self.diagnostics)) }
    }

    /// Returns whether the value cannot be used.
    pub fn has_errors(&self) -> bool {
        self.diagnostics.iter().any(Diagnostic::is_error)
    }
}
