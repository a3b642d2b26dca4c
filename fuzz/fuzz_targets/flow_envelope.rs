//! The JSON that CloudWatch Logs puts around flow logs.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| portolan_fuzzing::flow_envelope(bytes));
