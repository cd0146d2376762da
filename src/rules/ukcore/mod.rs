//! UK Core, the Personal Demographics Service and messages built on UK Core.

mod address;
mod bars;
mod birth_date;
mod death_status;
mod deceased_before_birth;
mod eps_focus;
mod eps_order;
mod label;
mod medicines;
mod multiple_birth;
mod name_length;
mod name_use;
mod pds;
mod practitioner;
mod redacted;
mod removed;
mod restricted;
mod retired_used;
mod superseded;
mod telecom;

use crate::rules::Rule;

/// Rules by id.
pub static RULES: &[&Rule] = &[
    &retired_used::RULE,
    &restricted::RULE,
    &label::RULE,
    &redacted::RULE,
    &superseded::RULE,
    &name_use::RULE,
    &name_length::RULE,
    &birth_date::RULE,
    &death_status::RULE,
    &deceased_before_birth::RULE,
    &practitioner::RULE,
    &address::RULE,
    &multiple_birth::RULE,
    &removed::RULE,
    &telecom::RULE,
    &eps_focus::RULE,
    &eps_order::RULE,
    &bars::RULE,
];
