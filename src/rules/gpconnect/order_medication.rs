//! An order is for the medication of its plan.

use super::medication::{intent, plan};
use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::{codings_of, pair, target};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::systems::SNOMED;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0534",
    name: "gpc-order-other-medication",
    title: "an order is for another medication than its plan",
    family: Family::GpConnect,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "GPC-M04",
    basis: "GP Connect Access Record: Structured, medication: plan and orders are for one medication",
    criterion: "INT-4",
    why: "The consumer shows the issue under the drug of its plan: the patient appears to have had what they did not.",
    remedy: "Start a new plan when the medication changes, and base the order on it.",
    examples: &[
        Example::bad(
            "another drug",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "MedicationRequest", "id": "p", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "status": "active", "intent": "plan", "medicationCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "39113611000001102"}]}, "subject": {"reference": "Patient/1"}}}, {"resource": {"resourceType": "MedicationRequest", "id": "o", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "basedOn": [{"reference": "MedicationRequest/p"}], "status": "active", "intent": "order", "medicationCodeableConcept": «{"coding": [{"system": "http://snomed.info/sct", "code": "322236009"}]}», "subject": {"reference": "Patient/1"}}}]}"#,
        ),
        Example::good(
            "the same drug",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "MedicationRequest", "id": "p", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "status": "active", "intent": "plan", "medicationCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "39113611000001102"}]}, "subject": {"reference": "Patient/1"}}}, {"resource": {"resourceType": "MedicationRequest", "id": "o", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "basedOn": [{"reference": "MedicationRequest/p"}], "status": "active", "intent": "order", "medicationCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "39113611000001102"}]}, "subject": {"reference": "Patient/1"}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Orders are for the medication of their plan.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MedicationRequest"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if intent(at) != "order" || !is_gpc(at) {
        return;
    }
    let Some(medication) = at.get("medication") else { return };
    let Some(of_plan) = plan(scene, at).and_then(|p| p.get("medication")) else { return };
    let (Some(a), Some(b)) = (coded(scene, medication), coded(scene, of_plan)) else { return };
    let shared = codings_of(a.0, a.1).map(pair).any(|x| x.0 == SNOMED && codings_of(b.0, b.1).any(|y| pair(y) == x));
    let both = |e: (Element<'a>, &'static str)| codings_of(e.0, e.1).any(|c| pair(c).0 == SNOMED);
    if a.0 != b.0 && !shared && both(a) && both(b) {
        out.say(&META, medication, "the plan of this order is for another SNOMED CT code");
    }
}

/// Where the codings of a medication stand: the element, and the name of the concept below it.
fn coded<'a>(scene: &'a Scene<'a, 'a>, medication: Element<'a>) -> Option<(Element<'a>, &'static str)> {
    if medication.child(crate::tree::names::REFERENCE).is_some() {
        return target(scene, medication).map(|m| (m, "code"));
    }
    medication.parent().map(|request| (request, "medication"))
}
