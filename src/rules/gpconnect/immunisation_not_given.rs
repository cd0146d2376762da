//! A vaccination that was not given must not look given.

use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{codings_of, extension};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::profiles::extensions::VACCINATION_PROCEDURE;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0540",
    name: "gpc-immunisation-not-given",
    title: "a vaccination is marked as not given, and its procedure does not say so",
    family: Family::GpConnect,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "GPC-I01",
    basis: "GP Connect Access Record: Structured, Immunization.notGiven and extension VaccinationProcedure",
    criterion: "INT-4",
    why: "Consumers show the procedure; the patient appears protected against what they are not.",
    remedy: "Code the procedure with a concept for a vaccination that was not done, declined or refused.",
    examples: &[
        Example::bad(
            "coded as given",
            r#"{"resourceType": "Immunization", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Immunization-1"]}, "extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-VaccinationProcedure-1", "valueCodeableConcept": «{"coding": [{"system": "http://snomed.info/sct", "code": "170378007", "display": "First hepatitis A vaccination"}]}»}], "status": "completed", "notGiven": true, "vaccineCode": {"text": "x"}, "patient": {"reference": "Patient/1"}, "primarySource": true}"#,
        ),
        Example::good(
            "coded as declined",
            r#"{"resourceType": "Immunization", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Immunization-1"]}, "extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-VaccinationProcedure-1", "valueCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "591000119102", "display": "Vaccine declined by patient"}]}}], "status": "completed", "notGiven": true, "vaccineCode": {"text": "x"}, "patient": {"reference": "Patient/1"}, "primarySource": true}"#,
        ),
    ],
    ..Meta::NEW
};

/// Vaccinations not given are coded as such.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Immunization"])], check };

/// Words in a display that say a vaccination did not take place.
const NOT: &[&str] = &[
    "not ",
    "declin",
    "refus",
    "contraindicat",
    "did not",
    "no consent",
    "dissent",
    "withheld",
    "abandon",
    "unable",
    "cancel",
    "deferred",
];

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if at.get("notGiven").and_then(Element::value) != Some("true") || !is_gpc(at) {
        return;
    }
    let Some(procedure) = extension(at, VACCINATION_PROCEDURE) else { return };
    let Some(value) = procedure.child(names::VALUE) else { return };
    let mut displays =
        codings_of(procedure, "value").filter_map(|c| c.text(names::DISPLAY)).chain(value.text(names::TEXT)).peekable();
    let says_not = |display: &str| {
        let lower = display.to_lowercase();
        NOT.iter().any(|word| lower.contains(word))
    };
    // Without any words nothing can be said of the code here.
    if displays.peek().is_some() && !displays.any(says_not) {
        out.say(&META, value, "notGiven is true, and no word of the procedure says that it was not done");
    }
}
