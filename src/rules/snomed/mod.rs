//! SNOMED CT: identifiers, systems, displays, descriptions and dual coding.

mod check_digit;
mod claim;
mod expression;
mod namespace;
mod partition;
mod placeholder;
mod shape;
mod spreadsheet;
mod system;
mod version;

use super::Rule;

/// The family.
pub static RULES: &[&dyn Rule] = &[
    &shape::SnomedCodeFormat,
    &check_digit::SnomedCodeCheckDigit,
    &spreadsheet::SnomedCodeRounded,
    &spreadsheet::SnomedCodeAsNumber,
    &partition::SnomedCodeNotAConcept,
    &placeholder::SnomedCodePlaceholder,
    &system::SnomedSystem,
    &namespace::SnomedForeignNamespace,
    &version::SnomedVersionForm,
    &expression::SnomedExpression,
];
