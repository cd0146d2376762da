//! Any text as an expression constraint and as a SNOMED CT expression; what parses prints to what parses to the same.
#![no_main]

use hallmark::bench::snomed::{Ecl, Expression};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if let Ok(constraint) = Ecl::parse(text) {
        let _ = constraint.concepts();
        let printed = constraint.to_string();
        let again = Ecl::parse(&printed).unwrap_or_else(|error| panic!("{printed}: {error:?}"));
        assert_eq!(again.to_string(), printed);
    }
    let _ = Expression::parse(text);
});
