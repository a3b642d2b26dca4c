//! Files that describe accounts.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| portolan_fuzzing::aws_cli_json(bytes));
