//! UK rules beyond the profiles: one rule a file, metadata and check together, dispatched by what each listens to.

pub mod capability;
mod careconnect;
mod codes;
mod gpconnect;
mod identifier;
mod listen;
mod message_definition;
mod nhs_number;
mod pattern;
mod quality;
mod query;
mod snomed;
mod transfer_of_care;
mod ukcore;
mod when;

pub use listen::{Claim, Facts, Listens, Rule, Scene, Sink};
pub use quality::COMMON_TYPES;

/// Rules by family, in the order they are listed to people. Adding a rule is its file and one line in its family.
pub static FAMILIES: &[&[&Rule]] = &[
    nhs_number::RULES,
    identifier::RULES,
    snomed::RULES,
    codes::RULES,
    careconnect::RULES,
    gpconnect::RULES,
    transfer_of_care::RULES,
    ukcore::RULES,
    quality::RULES,
    message_definition::RULES,
];

/// Every rule.
pub fn all() -> impl Iterator<Item = &'static Rule> {
    FAMILIES.iter().flat_map(|family| family.iter().copied())
}
