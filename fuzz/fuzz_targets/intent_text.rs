//! The tables in which people write down what is meant to pass.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| portolan_fuzzing::intent_text(bytes));
