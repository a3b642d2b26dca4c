//! Queries in the language of CloudWatch Logs Insights.

#![no_main]

use libfuzzer_sys::fuzz_target;

fuzz_target!(|bytes: &[u8]| portolan_fuzzing::query_text(bytes));
