//! The names that people give to the ends of a question.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| portolan_fuzzing::question_text(bytes));
