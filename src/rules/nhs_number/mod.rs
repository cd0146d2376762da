//! The NHS number, its verification status, and the CHI number.

mod check_digit;
mod chi;
mod claim;
mod format;
mod gp_connect_status;
mod health_and_care;
mod leak;
mod missing_value;
mod placeholder;
mod range;
mod several;
mod shared_number;
mod status_code;
mod status_missing;
mod status_place;
mod status_postponed;
mod status_system;
mod status_value;
mod system;
mod unavailable_reason;

use super::{Listens, Rule};
use crate::uk::nhs_number;

/// The family.
pub static RULES: &[&Rule] = &[
    &check_digit::RULE,
    &format::RULE,
    &placeholder::REPEATED_RULE,
    &placeholder::SEQUENCE_RULE,
    &range::NOT_ISSUED_RULE,
    &range::TEST_RULE,
    &range::OTHER_SCHEME_RULE,
    &system::RULE,
    &several::RULE,
    &missing_value::RULE,
    &status_missing::RULE,
    &status_code::RULE,
    &status_system::RULE,
    &status_value::PRESENT_RULE,
    &status_value::ABSENT_RULE,
    &status_postponed::RULE,
    &status_place::RULE,
    &unavailable_reason::RULE,
    &gp_connect_status::RULE,
    &leak::RULE,
    &shared_number::RULE,
    &chi::FORM_RULE,
    &chi::PERSON_RULE,
    &health_and_care::RULE,
];

/// At every Identifier that claims to be an NHS number, in whatever spelling.
const CLAIMED: Listens = Listens::identifier(nhs_number::is_system);
