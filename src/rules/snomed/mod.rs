//! SNOMED CT: identifiers, systems, displays, descriptions and dual coding.

mod check_digit;
mod claim;
mod degraded;
mod described;
mod description;
mod display;
mod dmd_state;
mod dual;
mod expression;
mod history;
mod medicine;
mod namespace;
mod partition;
mod placeholder;
mod prescribed;
mod product;
mod shape;
mod spreadsheet;
mod strength;
mod system;
mod term;
mod text;
mod translation;
mod version;
mod view;

use super::{Listens, Rule};

/// The family.
pub static RULES: &[&Rule] = &[
    &shape::RULE,
    &check_digit::RULE,
    &spreadsheet::ROUNDED_RULE,
    &spreadsheet::NUMBER_RULE,
    &partition::RULE,
    &placeholder::RULE,
    &system::RULE,
    &namespace::RULE,
    &version::RULE,
    &expression::RULE,
    &description::PARTS_RULE,
    &description::ID_RULE,
    &description::STANDARD_RULE,
    &description::MISSING_RULE,
    &display::FSN_RULE,
    &display::NONE_RULE,
    &display::SEVERAL_RULE,
    &dual::LEGACY_RULE,
    &dual::SELECTED_RULE,
    &dual::UNSELECTED_RULE,
    &dual::TWICE_RULE,
    &text::ALONE_RULE,
    &text::CONTRADICTS_RULE,
    &degraded::WITHOUT_TEXT_RULE,
    &degraded::DEGRADED_RULE,
    &medicine::RULE,
    &term::RULE,
    &product::RULE,
    &dmd_state::RULE,
    &strength::RULE,
    &prescribed::RULE,
    &translation::RULE,
    &history::INACTIVE_RULE,
    &history::SINCE_INACTIVE_RULE,
    &history::UNKNOWN_RULE,
    &history::ACTIVE_RECORD_RULE,
    &described::DESCRIPTION_RULE,
    &described::DISPLAY_RULE,
    &described::UNRELATED_RULE,
];

/// At every Coding that claims to be SNOMED CT, in whatever spelling.
const CLAIMED: Listens = Listens::coding(claim::is_snomed);

/// At every Coding that an index can answer for: SNOMED CT and dm+d, in whatever spelling.
const LOOKED_UP: Listens = Listens::coding(claim::is_looked_up);
