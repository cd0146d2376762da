//! Retired artefacts are not used.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::retired::retired;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0750",
    name: "ukcore-artefact-retired",
    title: "a message uses an extension or code system that UK Core has retired",
    family: Family::UkCore,
    severity: Severity::Warning,
    dimension: Dimension::Validity,
    issue: "business-rule",
    requirement: "PKG-02",
    basis: "UK Core 2.0.0, artefacts of status retired",
    criterion: "INT-2",
    why: "Receivers built on the current UK Core no longer read it.",
    remedy: "Use what UK Core has in its place.",
    examples: &[
        Example::bad(
            "a retired extension",
            r#"{"resourceType": "Condition", "subject": {"display": "x"}, "code": {"coding": [{"extension": [{"url": "«https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-CodingSCTDescId»"}], "system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ).r4(),
        Example::bad(
            "a retired code system",
            r#"{"resourceType": "Condition", "subject": {"display": "x"}, "code": {"coding": [{"system": "«https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategory»", "code": "A"}]}}"#,
        ).r4(),
        Example::good(
            "a current extension",
            r#"{"resourceType": "Condition", "subject": {"display": "x"}, "code": {"coding": [{"extension": [{"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-CodingSCTDescDisplay", "valueString": "x"}], "system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// Retired artefacts are not used.
pub static RULE: Rule = Rule {
    metas: &[&META],
    listens: &[
        Listens::Types(&["Meta"]),
        Listens::extension(|url| retired(url).is_some()),
        Listens::coding(|system| retired(system).is_some()),
    ],
    check,
};

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let (name, many) = match at.type_id() {
        names::T_EXTENSION => (names::URL, false),
        names::T_CODING => (names::SYSTEM, false),
        _ => (names::PROFILE, true),
    };
    for url in at.named(name).take(if many { usize::MAX } else { 1 }) {
        if let Some((was, now)) = url.value().and_then(retired) {
            let says = if now.is_empty() {
                format!("UK Core has retired {was}, and has nothing in its place")
            } else {
                format!("UK Core has retired {was}; it has {now}")
            };
            out.say(&META, url, says);
        }
    }
}
