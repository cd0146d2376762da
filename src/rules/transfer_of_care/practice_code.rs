//! The GP practice is named by its ODS code.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::{identifier, target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::sections::{Document, code_of};
use crate::uk::systems::ODS_ORGANISATION;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0616",
    name: "toc-gp-practice-without-ods-code",
    title: "the GP practice of a document has no ODS code",
    family: Family::TransferOfCare,
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "FAULT-28",
    basis: "PRSB record standards as published in the Transfer of Care guides: GP practice identifier is mandatory",
    criterion: "NAT-6",
    why: "The practice is routed and matched by its code; a name alone may be that of several.",
    remedy: "Send the ODS code in Organization.identifier with system https://fhir.nhs.uk/Id/ods-organization-code, V81999 when it is not known.",
    examples: &[
        Example::bad(
            "a name alone",
            r#"{"resourceType": "Bundle", "type": "document", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "GP practice", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886711000000101"}]}, "entry": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": «{"resourceType": "Organization", "name": "Test Surgery"}»}]}"#,
        ),
        Example::good(
            "its code",
            r#"{"resourceType": "Bundle", "type": "document", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "section": [{"title": "GP practice", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886711000000101"}]}, "entry": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}]}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Organization", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "Y12345"}], "name": "Test Surgery"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// GP practices have an ODS code.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Composition"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if Document::of(at).is_none() {
        return;
    }
    for section in at.all("section").filter(|s| code_of(*s) == Some("886711000000101")) {
        for practice in section.named(names::ENTRY).filter_map(|e| target(scene, e)) {
            if type_name(practice) == "Organization" && identifier(practice, ODS_ORGANISATION).is_none() {
                out.say(&META, practice, "the practice has no identifier with system ods-organization-code");
            }
        }
    }
}
