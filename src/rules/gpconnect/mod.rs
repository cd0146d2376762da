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
pub static RULES: &[&dyn Rule] = &[
    &record_without_profile::BundleWithoutProfile,
    &record_metadata::RecordMetadata,
    &record_content::RecordContent,
    &resource_repeated::ResourceRepeated,
    &several_roles::SeveralRoles,
    &entry_profile::EntryProfile,
    &reference_unresolved::ReferenceUnresolved,
    &list_title::ListTitle,
    &list_code::ListCode,
    &list_repeated::ListRepeated,
    &item_in_no_list::ItemInNoList,
    &item_in_several_lists::ItemInSeveralLists,
    &empty_reason::EmptyReason,
    &empty_note::EmptyNote,
    &reason_beside_entries::ReasonBesideEntries,
    &secondary_empty::SecondaryEmpty,
    &warning_code::WarningCode,
    &warning_note::WarningNote,
    &warning_date::WarningDate,
    &warning_in_structure::WarningInStructure,
    &record_incomplete::RecordIncomplete,
    &allergy_inactive::AllergyInactive,
    &allergy_category::AllergyCategory,
    &allergy_reactions::AllergyReactions,
    &ended_allergy_place::EndedAllergyPlace,
    &ended_allergy_code::EndedAllergyCode,
    &medication_without_plan::MedicationWithoutPlan,
    &acute_orders::AcuteOrders,
    &dosage_text::DosageText,
    &stopped_reason::StoppedReason,
    &order_medication::OrderMedication,
    &order_dosage::OrderDosage,
    &order_dates::OrderDates,
    &plan_past_end::PlanPastEnd,
    &plan_completed_open::PlanCompletedOpen,
    &immunisation_not_given::ImmunisationNotGiven,
    &referral_priority::ReferralPriority,
    &problem_self_link::ProblemSelfLink,
    &link_display::LinkDisplay,
    &problem_repeated::ProblemRepeated,
    &consultation_structure::ConsultationStructure,
    &consultation_encounter::ConsultationEncounter,
    &attachment_type::AttachmentType,
    &attachment_place::AttachmentPlace,
    &report_without_results::ReportWithoutResults,
    &nopat::Nopat,
    &address_text::AddressText,
    &contact_point::ContactPointParts,
    &contact_relationship::ContactRelationship,
    &error_shape::ErrorShape,
    &error_issue_type::ErrorIssueType,
    &error_nhs_number::ErrorNhsNumber,
];
