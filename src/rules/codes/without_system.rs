//! A code means nothing without its system.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0408",
    name: "code-without-system",
    title: "the coding has a code and no system",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    issue: "code-invalid",
    requirement: "COD-01",
    basis: "FHIR, Coding.code: the symbol has a meaning within the system alone",
    criterion: "COD-2",
    why: "Nobody but the sender can say what the code means: 01 stands for a hundred things.",
    remedy: "Send the URI of the code system in system; words without a code system belong in text.",
    examples: &[
        Example::bad(
            "a code alone",
            r#"{"resourceType": "Observation", "status": "final", "code": {"coding": [«{"code": "271649006", "display": "Systolic blood pressure"}»]}}"#,
        ),
        Example::good(
            "with its system",
            r#"{"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "271649006", "display": "Systolic blood pressure"}]}}"#,
        )
        .r4(),
        Example::good("words", r#"{"resourceType": "Observation", "status": "final", "code": {"text": "Blood pressure"}}"#),
    ],
    ..Meta::NEW
};

/// Codes have a system.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Coding"])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let alone = at.child(names::SYSTEM).is_none() && at.text(names::CODE).is_some_and(|c| !c.is_empty());
    // A tag may be a word between two systems; the answers of a form mean what the form says of them.
    let form = matches!(names::text(at.resource().type_id()), "Questionnaire" | "QuestionnaireResponse");
    if alone && at.name() != "tag" && !form {
        out.say(&META, at, "the code has no system");
    }
}
