//! Clinical codes other than SNOMED CT: dm+d, ICD-10, OPCS-4, LOINC and Read.

mod ctv3;
mod dmd;
mod icd10;
mod loinc;
mod opcs4;
mod read_ellipsis;
mod read_short;
mod read_v2;
mod without_system;

use super::Rule;

/// The family.
pub static RULES: &[&Rule] = &[
    &dmd::RULE,
    &icd10::RULE,
    &opcs4::RULE,
    &loinc::RULE,
    &read_v2::RULE,
    &read_short::RULE,
    &ctv3::RULE,
    &read_ellipsis::RULE,
    &without_system::RULE,
];
