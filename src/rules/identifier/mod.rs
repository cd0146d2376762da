//! UK identifiers other than the NHS number, their systems, postcodes, dates and phone numbers.

mod address;
mod address_key;
mod dates;
mod din;
mod ethnic;
mod gmc;
mod gmp;
mod gmp_check;
mod gphc;
mod hcpc;
mod local_system;
mod misspelt_system;
mod nmc;
mod ods_default;
mod ods_organisation;
mod ods_site;
mod other_release;
mod postcode;
mod registry;
mod sds_role;
mod sds_same;
mod sds_user;
mod swapped;
mod telecom;
mod ubrn;
mod uuid;
mod value;

use super::Rule;

/// The family.
pub static RULES: &[&dyn Rule] = &[
    &misspelt_system::SystemMisspelt,
    &misspelt_system::SystemLegacy,
    &other_release::SystemOfOtherRelease,
    &local_system::CodeSystemLocal,
    &ods_organisation::RULE,
    &ods_site::RULE,
    &ods_default::RULE,
    &sds_user::RULE,
    &sds_role::RULE,
    &gmp::RULE,
    &gmp_check::RULE,
    &gmc::RULE,
    &swapped::GmcGmpNumberSwapped,
    &nmc::RULE,
    &gphc::RULE,
    &hcpc::RULE,
    &din::RULE,
    &ubrn::RULE,
    &sds_same::SdsUserIsRoleProfile,
    &address_key::AddressKeyFormat,
    &address::PostcodeFormat,
    &address::PostcodePseudo,
    &address::PostcodeInOtherField,
    &uuid::UuidNotBare,
    &uuid::UrnInvalid,
    &uuid::UriIdentifierBare,
    &dates::DateInUkOrder,
    &dates::MidnightWithoutSummerTime,
    &dates::DateSentinel,
    &telecom::TelecomValue,
    &ethnic::EthnicCategoryCode,
];
