//! Shapes of codes that can be judged without a terminology: LOINC, ICD-10, OPCS-4, Read, CTV3, dm+d, UCUM.

mod classifications;
mod dmd;
mod loinc;
mod read;
mod ucum;

pub use classifications::{icd10, opcs4};
pub use dmd::{DmdFault, dmd};
pub use loinc::{LoincFault, loinc};
pub use read::{ReadFault, ctv3, read_v2};
pub use ucum::ucum;

/// Whether a system that no package lists could hold a code, by the grammar that the system publishes: a currency is three
/// capital letters (ISO 4217), a unit is UCUM. Of other systems nothing is known, so that any code is possible.
pub fn possible(system: &str, code: &str) -> bool {
    match system {
        "urn:iso:std:iso:4217" => code.len() == 3 && code.bytes().all(|b| b.is_ascii_uppercase()),
        "http://unitsofmeasure.org" => ucum(code),
        _ => true,
    }
}

#[cfg(test)]
mod tests {
    use super::possible;

    #[test]
    fn grammars_decide_where_no_list_is_held() {
        for (system, code, expected) in [
            ("urn:iso:std:iso:4217", "GBP", true),
            ("urn:iso:std:iso:4217", "gbp", false),
            ("urn:iso:std:iso:4217", "pounds", false),
            ("http://unitsofmeasure.org", "mg", true),
            ("http://unitsofmeasure.org", "tablets", false),
            ("http://loinc.org", "tablets", true),
        ] {
            assert_eq!(possible(system, code), expected, "{system} {code}");
        }
    }
}
