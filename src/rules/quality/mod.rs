//! Data quality of any standard: placeholders, contradictions, dates, links.

mod active_but_over;
mod after_death;
mod after_message;
mod before_birth;
mod dstu2;
mod ends_before_start;
mod events;
mod finished_open;
mod id_repeated;
mod identifier_shared;
mod in_future;
mod no_known_allergies;
mod onset_abatement;
mod period_without_start;
mod placeholder;
mod reference_type;
pub use reference_type::COMMON as COMMON_TYPES;
mod reference_uuid;
mod search_total;
mod sender_other;
mod sex_and_code;
mod standards_mixed;
mod subject_other;
mod truncated;
mod unit_code;
mod unit_without_code;

use crate::rules::Rule;

/// Rules by id.
pub static RULES: &[&Rule] = &[
    &reference_type::RULE,
    &reference_uuid::RULE,
    &subject_other::RULE,
    &before_birth::RULE,
    &after_death::RULE,
    &in_future::RULE,
    &onset_abatement::RULE,
    &sex_and_code::RULE,
    &identifier_shared::RULE,
    &id_repeated::RULE,
    &active_but_over::RULE,
    &finished_open::RULE,
    &standards_mixed::RULE,
    &placeholder::RULE,
    &dstu2::RULE,
    &truncated::RULE,
    &no_known_allergies::RULE,
    &unit_without_code::RULE,
    &unit_code::RULE,
    &period_without_start::RULE,
    &sender_other::RULE,
    &ends_before_start::RULE,
    &after_message::RULE,
    &search_total::RULE,
];
