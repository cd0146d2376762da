//! Transfer of Care documents and ITK3 messages.

mod demographics;
mod discharge_facts;
mod document_identifier;
mod event_code;
mod event_document;
mod focus;
mod full_url;
mod handling;
mod handling_type;
mod itk;
mod list_empty;
mod none_known;
mod practice_code;
mod prsb_section_missing;
mod reference_form;
mod replaces;
mod response;
mod response_ack;
mod response_code;
mod response_codes;
mod response_failure;
mod response_level;
mod sd_confidentiality;
mod sd_delay;
mod sd_handling;
mod sd_parties;
mod sd_payload;
mod sd_people;
mod sd_report;
mod sd_section;
mod sd_sender;
mod section_entry;
mod section_missing;
mod section_repeated;
mod section_text;
mod section_title;
mod section_unknown;
mod send_document;
mod timestamp;
mod without_profile;

use crate::rules::Rule;

/// Rules by id.
pub static RULES: &[&Rule] = &[
    &section_missing::RULE,
    &prsb_section_missing::RULE,
    &section_repeated::RULE,
    &section_unknown::RULE,
    &section_text::RULE,
    &section_title::RULE,
    &section_entry::RULE,
    &replaces::RULE,
    &document_identifier::RULE,
    &full_url::RULE,
    &reference_form::RULE,
    &list_empty::RULE,
    &none_known::RULE,
    &discharge_facts::RULE,
    &practice_code::RULE,
    &demographics::RULE,
    &event_code::RULE,
    &event_document::RULE,
    &handling::RULE,
    &handling_type::RULE,
    &without_profile::RULE,
    &focus::RULE,
    &response::RULE,
    &response_ack::RULE,
    &response_code::RULE,
    &response_level::RULE,
    &response_failure::RULE,
    &timestamp::RULE,
    &sd_payload::RULE,
    &sd_parties::RULE,
    &sd_section::RULE,
    &sd_report::RULE,
    &sd_confidentiality::RULE,
    &sd_sender::RULE,
    &sd_people::RULE,
    &sd_handling::RULE,
    &sd_delay::RULE,
];
