//! SNOMED CT: identifiers, systems, displays, descriptions and dual coding.

mod check_digit;
mod claim;
mod degraded;
mod described;
mod description;
mod display;
mod dual;
mod expression;
mod history;
mod medicine;
mod namespace;
mod partition;
mod placeholder;
mod shape;
mod spreadsheet;
mod system;
mod term;
mod text;
mod version;
mod view;

pub use view::{Concept, SnomedView, Successors, Term};

use super::{Listens, Rule};

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
    &description::DescriptionExtensionParts,
    &description::DescriptionIdInvalid,
    &description::DescriptionExtensionOfOtherStandard,
    &description::DescriptionIdMissing,
    &display::DisplayIsFullySpecifiedName,
    &display::DisplaySaysNothing,
    &display::DisplayDiffersForOneCode,
    &dual::LegacyCodeWithoutSnomed,
    &dual::UserSelectedSeveral,
    &dual::UserSelectedMissing,
    &dual::MedicineCodedTwice,
    &text::ConceptTextOnly,
    &text::ConceptTextContradictsDisplay,
    &degraded::DegradedCodeWithoutText,
    &degraded::DegradedCode,
    &medicine::MedicineNotCoded,
    &term::DisplayNotOfTheConcept,
    &history::SnomedConceptInactive,
    &history::SnomedConceptInactiveSince,
    &history::SnomedConceptUnknown,
    &history::ActiveRecordOfInactiveConcept,
    &described::DescriptionOfAnotherConcept,
    &described::CodingsUnrelated,
];

/// At every Coding that claims to be SNOMED CT, in whatever spelling.
const CLAIMED: Listens = Listens::coding(claim::is_snomed);
