//! Identifiers of descriptions and relationships where a concept belongs.

use super::claim::{self, Fault};
use super::view;
use crate::finding::{Example, Explained, Family, Meta};
use crate::rules::{Rule, Scene, Sink};
use crate::terminology::snomed::sctid::Component;
use crate::tree::Element;

/// SCT-04.
pub static META: Meta = Meta {
    id: "HM0304",
    name: "snomed-code-not-a-concept",
    title: "the SNOMED CT code is the id of a description or relationship, not of a concept",
    family: Family::Snomed,
    issue: "code-invalid",
    requirement: "SCT-04",
    basis: "SNOMED CT, Release File Specification: partition identifier 00 or 10 for concepts; FHIR, Using SNOMED CT",
    criterion: "COD-2",
    why: "Receivers look the code up among concepts and find nothing, so the entry arrives without its meaning.",
    remedy: "Send the concept id as the code, and the description id in the description extension of the coding.",
    explains: &[Explained::coding("HM0115"), Explained::coding("HM0116")],
    examples: &[
        Example::bad(
            "a description id",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«301485011»"}]}}"#,
        ),
        Example::bad(
            "a description id with a namespace",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«787121000006116»"}]}}"#,
        )
        .r4(),
        Example::good(
            "a concept id",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
        Example::good(
            "a core id of 18 digits",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "900000000000207008"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[super::CLAIMED], check };

fn check(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some((code, text)) = claim::code(at) else { return };
    let says = match claim::fault(text) {
        Some(Fault::NotConcept(Component::Description)) => {
            "its partition (second digit from the right) is that of a description; send it in the description extension"
        }
        Some(Fault::NotConcept(_)) => "its partition (second digit from the right) is that of a relationship",
        _ => return,
    };
    let named = view::of(scene).and_then(|view| Some((view, view.description(text.parse().ok()?)?.0)));
    let draft = out.say(&META, code, says);
    draft.notes.extend(named.map(|(view, concept)| format!("it describes {}", view.name(concept))));
}
