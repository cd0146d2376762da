//! Statements and orders lead to their plan.

use super::medication::{intent, plan};
use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::type_name;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0530",
    name: "gpc-medication-without-plan",
    title: "a medication statement or order does not lead to its plan",
    family: Family::GpConnect,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "GPC-M01",
    basis: "GP Connect Access Record: Structured, medication: MedicationStatement.basedOn and MedicationRequest.basedOn",
    criterion: "INT-4",
    why: "Issues that belong to no plan cannot be shown under their drug, and repeat and acute items cannot be told apart.",
    remedy: "Send one MedicationRequest with intent plan for each statement, and refer to it in basedOn from the statement and from every order.",
    examples: &[
        Example::bad(
            "an order of its own",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": «{"resourceType": "MedicationRequest", "id": "o", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "status": "active", "intent": "order", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}}»}]}"#,
        ),
        Example::good(
            "an order of a plan",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "MedicationRequest", "id": "p", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "status": "active", "intent": "plan", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}}}, {"resource": {"resourceType": "MedicationRequest", "id": "o", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "basedOn": [{"reference": "MedicationRequest/p"}], "status": "active", "intent": "order", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Statements and orders lead to a plan.
pub static RULE: Rule =
    Rule { metas: &[&META], listens: &[Listens::Types(&["MedicationStatement", "MedicationRequest"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let statement = type_name(at) == "MedicationStatement";
    if !is_gpc(at) || (!statement && intent(at) != "order") || scene.message.bundle_of(at).is_none() {
        return;
    }
    if plan(scene, at).is_none() {
        let what = if statement { "statement" } else { "order" };
        out.say(&META, at, format!("the {what} is based on no MedicationRequest with intent plan of this record"));
    }
}
