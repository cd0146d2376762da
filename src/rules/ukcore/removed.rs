//! Removed patients have no practice.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::last_segment;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0763",
    name: "pds-removed-with-practice",
    title: "a patient removed from registration still has a GP practice",
    family: Family::UkCore,
    severity: Severity::Information,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "PDS-12",
    basis: "Personal Demographics Service FHIR API: removal from registration, exit codes",
    criterion: "COD-5",
    why: "Letters go to a practice that no longer has the patient.",
    remedy: "Leave generalPractitioner out once the patient has died, emigrated or left the register.",
    examples: &[
        Example::bad(
            "moved to Scotland",
            r#"{"resourceType": "Patient", "extension": [{"url": "https://fhir.nhs.uk/R4/StructureDefinition/Extension-PDS-RemovalFromRegistration", "extension": [{"url": "removalFromRegistrationCode", "valueCodeableConcept": {"coding": [{"code": "SCT"}]}}]}], "generalPractitioner": [«{"identifier": {"value": "Y12345"}}»]}"#,
        ).r4(),
        Example::good(
            "no practice",
            r#"{"resourceType": "Patient", "extension": [{"url": "https://fhir.nhs.uk/R4/StructureDefinition/Extension-PDS-RemovalFromRegistration", "extension": [{"url": "removalFromRegistrationCode", "valueCodeableConcept": {"coding": [{"code": "SCT"}]}}]}]}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// Removed patients have no practice.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

/// Death, embarkation, Scotland, Northern Ireland, transfer, other reasons.
const EXITS: &[&str] = &["DEA", "EMB", "SCT", "NIT", "TRA", "ORR"];

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(practice) = at.get("generalPractitioner") else { return };
    let mut removals = at
        .named(names::EXTENSION)
        .filter(|e| e.text(names::URL).is_some_and(|u| last_segment(u).contains("RemovalFromRegistration")));
    let Some(removal) = removals.next() else { return };
    let values = removal.named(names::EXTENSION).filter_map(|e| e.child(names::VALUE));
    let mut codes = values.flat_map(|v| v.named(names::CODING)).filter_map(|c| c.text(names::CODE));
    if codes.any(|code| EXITS.contains(&code)) {
        out.say(&META, practice, "the patient was removed from registration");
    }
}
