//! Data quality of any standard: placeholders, contradictions, dates, links.

mod active_but_over;
mod after_death;
mod before_birth;
mod dstu2;
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
mod reference_uuid;
mod sender_other;
mod sex_and_code;
mod standards_mixed;
mod subject_other;
mod truncated;
mod unit_code;
mod unit_without_code;

use crate::rules::Rule;

/// Rules by id.
pub static RULES: &[&dyn Rule] = &[
    &reference_type::ReferenceType,
    &reference_uuid::ReferenceUuid,
    &subject_other::SubjectOther,
    &before_birth::BeforeBirth,
    &after_death::AfterDeath,
    &in_future::InFuture,
    &onset_abatement::OnsetAbatement,
    &sex_and_code::SexAndCode,
    &identifier_shared::IdentifierShared,
    &id_repeated::IdRepeated,
    &active_but_over::ActiveButOver,
    &finished_open::FinishedOpen,
    &standards_mixed::StandardsMixed,
    &placeholder::Placeholder,
    &dstu2::Dstu2,
    &truncated::Truncated,
    &no_known_allergies::NoKnownAllergies,
    &unit_without_code::UnitWithoutCode,
    &unit_code::UnitCode,
    &period_without_start::PeriodWithoutStart,
    &sender_other::SenderOther,
];
