//! Tests of the language as a whole.

mod checked;
mod conformance;
mod diagnostics;
mod laws;
mod manual;
mod vocabulary;
