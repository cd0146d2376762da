//! An acute plan is issued once.

use super::medication::{intent, plan};
use super::structured::is_record;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{codings_of, extension, pair, resources, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, NodeId};
use crate::uk::profiles::extensions::PRESCRIPTION_TYPE;
use std::collections::HashMap;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0531",
    name: "gpc-acute-several-orders",
    title: "an acute plan has more than one order",
    family: Family::GpConnect,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "GPC-M01",
    basis: "GP Connect Access Record: Structured, medication: one plan and at most one order for an acute prescription",
    criterion: "INT-4",
    why: "Issues of separate acute prescriptions are shown as one, and the count of supplies is wrong.",
    remedy: "Send a plan and a statement of its own for each acute prescription.",
    examples: &[
        Example::bad(
            "two orders",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "MedicationRequest", "id": "p", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-PrescriptionType-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-PrescriptionType-1", "code": "acute"}]}}], "status": "active", "intent": "plan", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}}}, {"resource": {"resourceType": "MedicationRequest", "id": "a", "basedOn": [{"reference": "MedicationRequest/p"}], "status": "active", "intent": "order", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}}}, {"resource": «{"resourceType": "MedicationRequest", "id": "b", "basedOn": [{"reference": "MedicationRequest/p"}], "status": "active", "intent": "order", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}}»}]}"#,
        ),
        Example::good(
            "one order",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "MedicationRequest", "id": "p", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-PrescriptionType-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-PrescriptionType-1", "code": "acute"}]}}], "status": "active", "intent": "plan", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}}}, {"resource": {"resourceType": "MedicationRequest", "id": "a", "basedOn": [{"reference": "MedicationRequest/p"}], "status": "active", "intent": "order", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// One order for an acute plan.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_record(scene, at) {
        return;
    }
    let mut orders: HashMap<NodeId, u32> = HashMap::new();
    for order in resources(scene, at).filter(|r| type_name(*r) == "MedicationRequest" && intent(*r) == "order") {
        let Some(plan) = plan(scene, order) else { continue };
        let seen = orders.entry(plan.id()).or_default();
        *seen += 1;
        if *seen == 1 {
            continue;
        }
        let acute = extension(plan, PRESCRIPTION_TYPE)
            .is_some_and(|e| codings_of(e, "value").any(|c| matches!(pair(c).1, "acute" | "acute-handwritten")));
        if acute {
            out.say(&META, order, "the acute plan of this order has an earlier order");
        }
    }
}
