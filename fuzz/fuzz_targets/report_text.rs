//! Reports about resources whose names want to be more than names.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| portolan_fuzzing::report_text(bytes));
