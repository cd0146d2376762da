//! A stopped plan says when and why.

use super::medication::intent;
use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::extension;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::profiles::extensions::MEDICATION_STATUS_REASON;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0533",
    name: "gpc-stopped-without-reason",
    title: "a stopped medication plan does not say when and why it was stopped",
    family: Family::GpConnect,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "GPC-M03",
    basis: "GP Connect Access Record: Structured, medication: extension MedicationStatusReason on stopped plans",
    criterion: "INT-4",
    why: "A drug stopped for harm must not be started again by someone who does not know.",
    remedy: "Add the extension with statusChangeDate and statusReason; the reason is \"No information available\" when none is recorded.",
    examples: &[
        Example::bad(
            "no reason",
            r#"{"resourceType": "MedicationRequest", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "status": "«stopped»", "intent": "plan", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}}"#,
        ),
        Example::good(
            "date and reason",
            r#"{"resourceType": "MedicationRequest", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-MedicationStatusReason-1", "extension": [{"url": "statusReason", "valueCodeableConcept": {"text": "No information available"}}, {"url": "statusChangeDate", "valueDateTime": "2020-01-01"}]}], "status": "stopped", "intent": "plan", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Stopped plans say when and why.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MedicationRequest"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(status) = at.child(names::STATUS).filter(|s| s.value() == Some("stopped")) else { return };
    if intent(at) != "plan" || !is_gpc(at) {
        return;
    }
    let reason = extension(at, MEDICATION_STATUS_REASON);
    let part = |name: &str| reason.is_some_and(|r| r.named(names::EXTENSION).any(|e| e.text(names::URL) == Some(name)));
    if !part("statusReason") || !part("statusChangeDate") {
        out.say(&META, status, "the plan is stopped, without a statusReason and a statusChangeDate");
    }
}
