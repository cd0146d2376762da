//! An order falls within its plan.

use super::medication::{intent, plan, validity};
use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::when::When;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0536",
    name: "gpc-order-outside-plan",
    title: "an order begins before or after its plan",
    family: Family::GpConnect,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "GPC-M04",
    basis: "GP Connect Access Record: Structured, medication: validityPeriod of plan and orders",
    criterion: "INT-4",
    why: "The timeline of the drug contradicts itself: supplied before it was prescribed, or after it ended.",
    remedy: "Correct the dates, or base the order on the plan it was issued under.",
    examples: &[
        Example::bad(
            "before the plan",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "MedicationRequest", "id": "p", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "status": "active", "intent": "plan", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}, "dispenseRequest": {"validityPeriod": {"start": "2020-05-01"}}}}, {"resource": {"resourceType": "MedicationRequest", "id": "o", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "basedOn": [{"reference": "MedicationRequest/p"}], "status": "active", "intent": "order", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}, "dispenseRequest": {"validityPeriod": {"start": "«2020-04-01»"}}}}]}"#,
        ),
        Example::good(
            "within the plan",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "MedicationRequest", "id": "p", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "status": "active", "intent": "plan", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}, "dispenseRequest": {"validityPeriod": {"start": "2020-05-01"}}}}, {"resource": {"resourceType": "MedicationRequest", "id": "o", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "basedOn": [{"reference": "MedicationRequest/p"}], "status": "active", "intent": "order", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}, "dispenseRequest": {"validityPeriod": {"start": "2020-05-01T10:00:00+01:00"}}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Orders begin within their plan.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MedicationRequest"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if intent(at) != "order" || !is_gpc(at) {
        return;
    }
    let Some(start) = validity(at).0 else { return };
    let Some(plan) = plan(scene, at) else { return };
    let when = |e: Option<Element<'_>>| e.and_then(Element::value).and_then(When::parse);
    let Some(own) = when(Some(start)) else { return };
    let day = |w: When| When { moment: None, ..w };
    let (from, to) = validity(plan);
    if when(from).is_some_and(|from| day(own).before(day(from))) {
        out.say(&META, start, "the order begins before its plan");
    } else if when(to).is_some_and(|to| day(to).before(day(own))) {
        out.say(&META, start, "the order begins after the end of its plan");
    }
}
