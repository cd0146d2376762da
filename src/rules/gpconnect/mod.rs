//! GP Connect Access Record: Structured, and its errors.

mod entry_profile;
mod item_in_no_list;
mod item_in_several_lists;
mod list_code;
mod list_repeated;
mod list_title;
mod lists;
mod record_content;
mod record_metadata;
mod record_without_profile;
mod reference_unresolved;
mod resource_repeated;
mod several_roles;
mod structured;

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
];
