//! Base and profile conformance, one constraint kind a file.

mod ahead;
mod attachment;
mod binding;
mod bundle;
mod cardinality;
mod checker;
mod contained;
mod control;
mod datum;
mod definition;
mod definition_code_system;
mod definition_structure;
mod definition_value_set;
mod element_id;
mod extension;
mod extension_place;
mod fixed;
mod grammar;
mod host;
mod identifier;
mod invariant;
mod invariant_words;
mod limits;
mod meta_element;
mod narrative;
mod narrative_markup;
mod primitive;
mod questionnaire;
mod questionnaire_form;
mod reference;
mod repeats;
mod shape;
mod slice;
mod slice_match;
mod slice_path;
mod specification;
mod types;
mod unknown;
mod vital_signs;
mod walk;

pub use ahead::MANY as LARGE_BUNDLE;
pub use checker::{BestPractice, Checker, Context, Options, Standard};
pub use datum::text as datum_text;
pub use host::MessageHost;

use crate::finding::Meta;

/// Every constraint kind.
pub static ALL: &[&Meta] = &[
    &unknown::ELEMENT,
    &unknown::ORDER,
    &shape::ARRAY,
    &shape::LITERAL,
    &element_id::ELEMENT_ID,
    &grammar::GRAMMAR,
    &questionnaire::ANSWER,
    &questionnaire_form::CONDITION,
    &cardinality::MINIMUM,
    &cardinality::MAXIMUM,
    &types::TYPE,
    &types::PROFILE,
    &primitive::FORMAT,
    &primitive::UNREASONABLE,
    &fixed::FIXED,
    &fixed::PATTERN,
    &limits::LENGTH,
    &limits::RANGE,
    &binding::REQUIRED,
    &binding::EXTENSIBLE,
    &binding::READ_AS,
    &binding::CODE,
    &binding::WITHDRAWN,
    &binding::LATER,
    &binding::DISPLAY,
    &binding::SYSTEM,
    &slice::CLOSED,
    &slice::MINIMUM,
    &slice::MAXIMUM,
    &slice::ORDER,
    &slice::AMBIGUOUS,
    &extension::UNKNOWN,
    &extension::CONTEXT,
    &extension::CONTENT,
    &reference::UNRESOLVED,
    &reference::TARGET,
    &reference::FORMAT,
    &reference::AGGREGATION,
    &contained::ORPHAN,
    &contained::IDENTITY,
    &meta_element::PROFILE_NOT_HELD,
    &meta_element::LABEL,
    &meta_element::RESOURCE_ID,
    &narrative::MARKUP,
    &narrative::LINK,
    &narrative::LANGUAGE,
    &attachment::ATTACHMENT,
    &identifier::SYSTEM,
    &control::SECTIONS,
    &control::VALUE,
    &invariant::INVARIANT,
    &invariant::BEST_PRACTICE,
    &bundle::entry::FIRST,
    &bundle::entry::FULL_URL,
    &bundle::links::NOT_FOUND,
    &bundle::links::UNREACHABLE,
    &bundle::kind::KIND,
    &definition::CANONICAL,
    &definition_code_system::CODE_SYSTEM,
    &definition_value_set::COMPOSITION,
    &definition_value_set::MAPPED,
    &definition_structure::STRUCTURE,
    &specification::PROFILE_AT_FAULT,
    &specification::DEPENDENCY_MISSING,
];
