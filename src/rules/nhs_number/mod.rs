//! The NHS number, its verification status, and the CHI number.

mod check_digit;
mod chi;
mod claim;
mod format;
mod gp_connect_status;
mod health_and_care;
mod leak;
mod missing_value;
mod number;
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

/// The family.
pub static RULES: &[&dyn Rule] = &[
    &check_digit::NhsNumberCheckDigit,
    &format::NhsNumberFormat,
    &placeholder::NhsNumberRepeatedDigit,
    &placeholder::NhsNumberPlaceholder,
    &range::NhsNumberNotIssued,
    &range::NhsNumberTestRange,
    &range::NhsNumberOfAnotherCountry,
    &system::NhsNumberSystem,
    &several::NhsNumberSeveral,
    &missing_value::NhsNumberValueMissing,
    &status_missing::NhsNumberStatusMissing,
    &status_code::NhsNumberStatusCode,
    &status_system::NhsNumberStatusSystem,
    &status_value::NhsNumberVerifiedButAbsent,
    &status_value::NhsNumberAbsentButSent,
    &status_postponed::NhsNumberTracePostponed,
    &status_place::NhsNumberStatusMisplaced,
    &unavailable_reason::NhsNumberUnavailableButSent,
    &gp_connect_status::GpConnectPatientNotVerified,
    &leak::NhsNumberInOtherField,
    &shared_number::NhsNumberOfTwoPeople,
    &chi::ChiNumberInvalid,
    &chi::ChiNumberContradictsPatient,
    &health_and_care::HealthAndCareNumberInvalid,
];

/// At every Identifier that claims to be an NHS number, in whatever spelling.
const CLAIMED: Listens = Listens::identifier(claim::is_system);
