//! GP Connect Access Record: Structured, and its errors.

mod allergy_category;
mod allergy_inactive;
mod allergy_reactions;
mod empty_note;
mod empty_reason;
mod ended_allergy_code;
mod ended_allergy_place;
mod entry_profile;
mod item_in_no_list;
mod item_in_several_lists;
mod list_code;
mod list_repeated;
mod list_title;
mod lists;
mod reason_beside_entries;
mod record_content;
mod record_incomplete;
mod record_metadata;
mod record_without_profile;
mod reference_unresolved;
mod resource_repeated;
mod secondary_empty;
mod several_roles;
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
];
