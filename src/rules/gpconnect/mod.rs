//! GP Connect Access Record: Structured, and its errors.

mod acute_orders;
mod address_text;
mod allergy_category;
mod allergy_inactive;
mod allergy_reactions;
mod attachment_place;
mod attachment_type;
mod consultation_encounter;
mod consultation_structure;
mod contact_point;
mod contact_relationship;
mod dosage_text;
mod empty_note;
mod empty_reason;
mod ended_allergy_code;
mod ended_allergy_place;
mod entry_profile;
mod error_issue_type;
mod error_nhs_number;
mod error_shape;
mod errors;
mod immunisation_not_given;
mod item_in_no_list;
mod item_in_several_lists;
mod link_display;
mod list_code;
mod list_repeated;
mod list_title;
mod lists;
mod medication;
mod medication_without_plan;
mod nopat;
mod order_dates;
mod order_dosage;
mod order_medication;
mod plan_completed_open;
mod plan_past_end;
mod problem_repeated;
mod problem_self_link;
mod reason_beside_entries;
mod record_content;
mod record_incomplete;
mod record_metadata;
mod record_without_profile;
mod reference_unresolved;
mod referral_priority;
mod report_without_results;
mod resource_repeated;
mod secondary_empty;
mod several_roles;
mod stopped_reason;
mod structured;
mod warning;
mod warning_code;
mod warning_date;
mod warning_in_structure;
mod warning_note;

use crate::rules::Rule;

/// Rules by id.
pub static RULES: &[&Rule] = &[
    &record_without_profile::RULE,
    &record_metadata::RULE,
    &record_content::RULE,
    &resource_repeated::RULE,
    &several_roles::RULE,
    &entry_profile::RULE,
    &reference_unresolved::RULE,
    &list_title::RULE,
    &list_code::RULE,
    &list_repeated::RULE,
    &item_in_no_list::RULE,
    &item_in_several_lists::RULE,
    &empty_reason::RULE,
    &empty_note::RULE,
    &reason_beside_entries::RULE,
    &secondary_empty::RULE,
    &warning_code::RULE,
    &warning_note::RULE,
    &warning_date::RULE,
    &warning_in_structure::RULE,
    &record_incomplete::RULE,
    &allergy_inactive::RULE,
    &allergy_category::RULE,
    &allergy_reactions::RULE,
    &ended_allergy_place::RULE,
    &ended_allergy_code::RULE,
    &medication_without_plan::RULE,
    &acute_orders::RULE,
    &dosage_text::RULE,
    &stopped_reason::RULE,
    &order_medication::RULE,
    &order_dosage::RULE,
    &order_dates::RULE,
    &plan_past_end::RULE,
    &plan_completed_open::RULE,
    &immunisation_not_given::RULE,
    &referral_priority::RULE,
    &problem_self_link::RULE,
    &link_display::RULE,
    &problem_repeated::RULE,
    &consultation_structure::RULE,
    &consultation_encounter::RULE,
    &attachment_type::RULE,
    &attachment_place::RULE,
    &report_without_results::RULE,
    &nopat::RULE,
    &address_text::RULE,
    &contact_point::RULE,
    &contact_relationship::RULE,
    &error_shape::RULE,
    &error_issue_type::RULE,
    &error_nhs_number::RULE,
];
