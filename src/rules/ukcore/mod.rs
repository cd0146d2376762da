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
mod retired;
mod retired_used;
mod superseded;
mod telecom;

use crate::rules::Rule;

/// Rules by id.
pub static RULES: &[&dyn Rule] = &[
    &retired_used::RetiredUsed,
    &restricted::Restricted,
    &label::Label,
    &redacted::Redacted,
    &superseded::Superseded,
    &name_use::NameUse,
    &name_length::NameLength,
    &birth_date::BirthDate,
    &death_status::DeathStatus,
    &deceased_before_birth::DeceasedBeforeBirth,
    &practitioner::Practitioner,
    &address::Address,
    &multiple_birth::MultipleBirth,
    &removed::Removed,
    &telecom::Telecom,
    &eps_focus::EpsFocus,
    &eps_order::EpsOrder,
    &bars::Bars,
];
