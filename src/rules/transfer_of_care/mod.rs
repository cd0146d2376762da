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
mod sections;
mod send_document;
mod timestamp;
mod without_profile;

use crate::rules::Rule;

pub use sections::{SectionOf, sections_of};

/// Rules by id.
pub static RULES: &[&dyn Rule] = &[
    &section_missing::SectionMissing,
    &prsb_section_missing::PrsbSectionMissing,
    &section_repeated::SectionRepeated,
    &section_unknown::SectionUnknown,
    &section_text::SectionText,
    &section_title::SectionTitle,
    &section_entry::SectionEntry,
    &replaces::Replaces,
    &document_identifier::DocumentIdentifier,
    &full_url::FullUrl,
    &reference_form::ReferenceForm,
    &list_empty::ListEmpty,
    &none_known::NoneKnown,
    &discharge_facts::DischargeFacts,
    &practice_code::PracticeCode,
    &demographics::Demographics,
    &event_code::EventCode,
    &event_document::EventDocument,
    &handling::Handling,
    &handling_type::HandlingType,
    &without_profile::WithoutProfile,
    &focus::Focus,
    &response::Response,
    &response_ack::ResponseAck,
    &response_code::ResponseCode,
    &response_level::ResponseLevel,
    &response_failure::ResponseFailure,
    &timestamp::Timestamp,
    &sd_payload::SdPayload,
    &sd_parties::SdParties,
    &sd_section::SdSection,
    &sd_report::SdReport,
    &sd_confidentiality::SdConfidentiality,
    &sd_sender::SdSender,
    &sd_people::SdPeople,
    &sd_handling::SdHandling,
    &sd_delay::SdDelay,
];
