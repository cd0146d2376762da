//! UCUM unit codes, by the `octofhir-ucum` crate: grammar and tables of UCUM 2.2, case-sensitive.

/// Whether a text is a valid UCUM unit: its grammar, and every symbol and prefix in it known.
pub fn ucum(code: &str) -> bool {
    // White space is never part of a UCUM code; the length bounds the work on hostile input.
    !code.is_empty()
        && code.len() <= 256
        && code.bytes().all(|b| b.is_ascii_graphic())
        && octofhir_ucum::validate(code).is_ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn units() {
        for good in [
            "mg",
            "mm[Hg]",
            "kg/m2",
            "mmol/L",
            "/min",
            "10*9/L",
            "10^9/L",
            "{tablet}",
            "Cel",
            "%",
            "[iU]/L",
            "mL/min/{1.73_m2}",
            "1",
            "ug",
            "umol/L",
            "m[IU]/L",
            "a",
            "wk",
            "mo",
        ] {
            assert!(ucum(good), "{good}");
        }
        for bad in ["", "mmHg", "mg/", "tablet", "kg m", "mg ", "\u{b5}g", "mmol//L", "KG", "degrees C"] {
            assert!(!ucum(bad), "{bad}");
        }
        assert!(!ucum(&"(".repeat(100_000)));
    }
}
