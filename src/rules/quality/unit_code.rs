//! Unit codes are UCUM.

use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::systems::UCUM;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0825",
    name: "unit-code-invalid",
    title: "the code of a unit is not UCUM",
    family: Family::Quality,
    dimension: Dimension::Validity,
    issue: "code-invalid",
    requirement: "FAULT-19",
    basis: "UCUM, The Unified Code for Units of Measure: grammar and unit tables",
    criterion: "COD-2",
    why: "No program can read the amount: a dose or result without a unit.",
    remedy: "Send the case-sensitive UCUM code: mg, mL, mmol/L, mm[Hg], Cel; counted things in braces, {tablet}.",
    examples: &[
        Example::bad(
            "no such unit",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "valueQuantity": {"value": 5.1, "unit": "x", "system": "http://unitsofmeasure.org", "code": "«mmmol/LL»"}}"#,
        ),
        Example::bad(
            "a coding of a unit",
            r#"{"resourceType": "DeviceMetric", "identifier": {"value": "1"}, "type": {"text": "x"}, "category": "measurement", "unit": {"coding": [{"system": "http://unitsofmeasure.org", "code": "«pounds»"}]}}"#,
        ),
        Example::good(
            "mmol/L",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "valueQuantity": {"value": 5.1, "unit": "mmol/L", "system": "http://unitsofmeasure.org", "code": "mmol/L"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Unit codes are UCUM.
pub static RULE: Rule = Rule {
    metas: &[&META],
    listens: &[Listens::Types(&["Quantity", "Duration", "Age", "SimpleQuantity", "Distance", "Count", "Coding"])],
    check,
};

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if at.text(names::SYSTEM) != Some(UCUM) {
        return;
    }
    let Some(code) = at.child(names::CODE) else { return };
    let text = code.value().unwrap_or("");
    if octofhir_ucum::validate(text).is_err() {
        out.say(&META, code, "the code cannot be read as UCUM");
    }
}
