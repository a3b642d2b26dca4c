//! Everything that people and AWS write in the notation of networking.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| portolan_fuzzing::net_text(bytes));
