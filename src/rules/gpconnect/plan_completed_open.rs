//! A completed plan has an end.

use super::medication::{intent, validity};
use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0538",
    name: "gpc-plan-completed-without-end",
    title: "a completed medication plan has no end date",
    family: Family::GpConnect,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "GPC-M05",
    basis: "GP Connect Access Record: Structured, medication: validityPeriod.end of completed plans",
    criterion: "INT-4",
    why: "When the patient ceased to take the drug decides whether it can explain what happens next.",
    remedy: "Send dispenseRequest.validityPeriod.end with the date on which the plan was completed.",
    examples: &[
        Example::bad(
            "no end",
            r#"{"resourceType": "MedicationRequest", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "status": "«completed»", "intent": "plan", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}, "dispenseRequest": {"validityPeriod": {"start": "2018-05-01"}}}"#,
        ),
        Example::good(
            "an end",
            r#"{"resourceType": "MedicationRequest", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "status": "completed", "intent": "plan", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}, "dispenseRequest": {"validityPeriod": {"start": "2018-05-01", "end": "2018-06-01"}}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Completed plans have an end.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MedicationRequest"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(status) = at.child(names::STATUS).filter(|s| s.value() == Some("completed")) else { return };
    if intent(at) == "plan" && validity(at).1.is_none() && is_gpc(at) {
        out.say(&META, status, "the plan is completed, and its validityPeriod has no end");
    }
}
