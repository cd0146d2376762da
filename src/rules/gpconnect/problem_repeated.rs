//! One problem recorded twice.

use super::structured::is_record;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::{claims, resources, snomed_code, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::TextSet;
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0545",
    name: "gpc-problem-repeated",
    title: "a record holds one problem twice",
    family: Family::GpConnect,
    severity: Severity::Warning,
    dimension: Dimension::Uniqueness,
    issue: "duplicate",
    requirement: "GPC-P02",
    basis: "GP Connect Access Record: Structured, problems; findings of record transfers between practices",
    criterion: "INT-4",
    why: "Problem lists grow with every transfer until they are no longer read.",
    remedy: "Return a problem once; join entries with one code, onset and status.",
    examples: &[
        Example::bad(
            "the same code and onset",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "Condition", "id": "1", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ProblemHeader-Condition-1"]}, "clinicalStatus": "active", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}, "subject": {"reference": "Patient/1"}, "onsetDateTime": "2010-01-01"}}, {"resource": «{"resourceType": "Condition", "id": "2", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ProblemHeader-Condition-1"]}, "clinicalStatus": "active", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}, "subject": {"reference": "Patient/1"}, "onsetDateTime": "2010-01-01"}»}]}"#,
        ),
        Example::good(
            "another onset",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "Condition", "id": "1", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ProblemHeader-Condition-1"]}, "clinicalStatus": "active", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}, "subject": {"reference": "Patient/1"}, "onsetDateTime": "2010-01-01"}}, {"resource": {"resourceType": "Condition", "id": "2", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ProblemHeader-Condition-1"]}, "clinicalStatus": "active", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}, "subject": {"reference": "Patient/1"}, "onsetDateTime": "2012-01-01"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Problems stand once.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_record(scene, at) {
        return;
    }
    let mut seen = TextSet::default();
    let mut ids = TextSet::default();
    for problem in resources(scene, at).filter(|r| type_name(*r) == "Condition" && claims(*r, "-ProblemHeader-")) {
        let Some(code) = snomed_code(problem, "code") else { continue };
        let Some(onset) = problem.get("onset").and_then(Element::value) else { continue };
        // A resource given twice is another rule's.
        if !ids.insert(problem.text(names::ID)) {
            continue;
        }
        let status = problem.get("clinicalStatus").and_then(Element::value);
        if !seen.insert((code, onset, status)) {
            out.say(&META, problem, "an earlier problem has the same code, onset and status");
        }
    }
}
