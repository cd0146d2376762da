//! What an emergency care discharge tells of the discharge itself.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::{target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::sections::{Document, code_of};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0615",
    name: "toc-discharge-facts",
    title: "an emergency care discharge does not say when, how or where to the patient left",
    family: Family::TransferOfCare,
    severity: Severity::Information,
    dimension: Dimension::Completeness,
    issue: "incomplete",
    requirement: "TOC-14",
    basis: "PRSB emergency care discharge: discharge status, date and destination",
    criterion: "COD-4",
    why: "The GP must know whether the patient is at home, admitted, or left before treatment.",
    remedy: "Send Encounter.period.end, hospitalization.dischargeDisposition and the extension for the discharge status.",
    examples: &[
        Example::bad(
            "no end, status or destination",
            r#"{"resourceType": "Bundle", "type": "document", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-ECD-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "Discharge details", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886811000000106"}]}, "entry": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": «{"resourceType": "Encounter", "status": "finished"}»}]}"#,
        ),
        Example::good(
            "all three",
            r#"{"resourceType": "Bundle", "type": "document", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-ECD-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "Discharge details", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886811000000106"}]}, "entry": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Encounter", "extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-EmergencyCareDischargeStatus-1", "valueCodeableConcept": {"text": "Treated"}}], "status": "finished", "period": {"start": "2026-01-01", "end": "2026-01-02"}, "hospitalization": {"dischargeDisposition": {"text": "Home"}}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Emergency discharges tell when, how and where to.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Composition"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if Document::of(at) != Some(Document::Emergency) {
        return;
    }
    for section in at.all("section").filter(|s| code_of(*s) == Some("886811000000106")) {
        for encounter in section.named(names::ENTRY).filter_map(|e| target(scene, e)) {
            if type_name(encounter) != "Encounter" {
                continue;
            }
            let ended = encounter.child(names::PERIOD).is_some_and(|p| p.child(names::END).is_some());
            let to = encounter.get("hospitalization").is_some_and(|h| h.get("dischargeDisposition").is_some());
            let status = encounter
                .named(names::EXTENSION)
                .any(|e| e.text(names::URL).is_some_and(|u| u.to_lowercase().contains("emergencycaredischargestatus")));
            let missing = [(ended, "period.end"), (to, "discharge destination"), (status, "discharge status")];
            let missing: Vec<&str> = missing.into_iter().filter(|(there, _)| !there).map(|(_, name)| name).collect();
            if !missing.is_empty() {
                out.say(&META, encounter, format!("the encounter lacks {}", missing.join(", ")));
            }
        }
    }
}
