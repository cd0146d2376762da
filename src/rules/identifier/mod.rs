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
mod prescription;
mod sds_role;
mod sds_same;
mod sds_user;
mod swapped;
mod telecom;
mod ubrn;
mod uuid;
mod value;
mod zone;

use super::Rule;

/// The family.
pub static RULES: &[&Rule] = &[
    &misspelt_system::META_RULE,
    &misspelt_system::LEGACY_RULE,
    &other_release::RULE,
    &local_system::RULE,
    &ods_organisation::RULE,
    &ods_site::RULE,
    &ods_default::RULE,
    &sds_user::RULE,
    &sds_role::RULE,
    &gmp::RULE,
    &gmp_check::RULE,
    &gmc::RULE,
    &swapped::RULE,
    &nmc::RULE,
    &gphc::RULE,
    &hcpc::RULE,
    &din::RULE,
    &ubrn::RULE,
    &sds_same::RULE,
    &address_key::RULE,
    &address::FORM_RULE,
    &address::PSEUDO_RULE,
    &address::MISPLACED_RULE,
    &uuid::BARE_RULE,
    &uuid::URN_RULE,
    &uuid::URI_RULE,
    &dates::UK_ORDER_RULE,
    &dates::LOST_ZONE_RULE,
    &dates::SENTINEL_RULE,
    &telecom::RULE,
    &ethnic::RULE,
    &zone::RULE,
    &prescription::RULE,
];
