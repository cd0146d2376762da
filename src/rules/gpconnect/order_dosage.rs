//! An order has the dosage of its plan.

use super::medication::{dosage, intent, plan};
use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::same_words;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0535",
    name: "gpc-order-other-dosage",
    title: "the latest order of an active plan has another dosage than the plan",
    family: Family::GpConnect,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "GPC-M04",
    basis: "GP Connect Access Record: Structured, medication: plan and orders have one dosage; dosage changes are marked",
    criterion: "INT-4",
    why: "Two doses for one drug leave the reader to guess which the patient takes.",
    remedy: "Start a new plan when the dosage changes, or give the date in the extension for dosage changes.",
    examples: &[
        Example::bad(
            "two doses",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "MedicationRequest", "id": "p", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "status": "active", "intent": "plan", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}, "dosageInstruction": [{"text": "One daily"}]}}, {"resource": {"resourceType": "MedicationRequest", "id": "o", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "basedOn": [{"reference": "MedicationRequest/p"}], "status": "active", "intent": "order", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}, "dosageInstruction": [«{"text": "Two daily"}»]}}]}"#,
        ),
        Example::good(
            "one dose",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "MedicationRequest", "id": "p", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "status": "active", "intent": "plan", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}, "dosageInstruction": [{"text": "One daily"}]}}, {"resource": {"resourceType": "MedicationRequest", "id": "o", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "basedOn": [{"reference": "MedicationRequest/p"}], "status": "active", "intent": "order", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}, "dosageInstruction": [{"text": "one daily."}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Live orders have the dosage of their plan.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MedicationRequest"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let live = |r: Element<'_>| r.text(crate::tree::names::STATUS) == Some("active");
    // Orders of the past may rightly differ: the plan holds the dosage of today.
    if intent(at) != "order" || !live(at) || !is_gpc(at) {
        return;
    }
    let Some(plan) = plan(scene, at).filter(|p| live(*p)) else { return };
    let (Some(own), Some(planned)) = (dosage(at), dosage(plan)) else { return };
    if !same_words(own, planned)
        && let Some(instruction) = at.get("dosageInstruction")
    {
        out.say(&META, instruction, "the plan of this order has another dosage");
    }
}
