//! Clinical codes other than SNOMED CT: dm+d, ICD-10, OPCS-4, LOINC and Read.

use super::Rule;

/// The family.
pub static RULES: &[&dyn Rule] = &[];
