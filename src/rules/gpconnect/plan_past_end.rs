//! An active plan has not ended.

use super::medication::{intent, validity};
use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::when::{When, reported_on};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0537",
    name: "gpc-plan-active-past-end",
    title: "an active medication plan ended in the past",
    family: Family::GpConnect,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "GPC-M05",
    basis: "GP Connect Access Record: Structured, medication: status and validityPeriod.end of the plan",
    criterion: "INT-4",
    why: "The reader cannot tell whether the patient still takes the drug.",
    remedy: "Send completed or stopped for plans that have ended, or no end for those that go on.",
    examples: &[
        Example::bad(
            "ended years ago",
            r#"{"resourceType": "MedicationRequest", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "status": "active", "intent": "plan", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}, "dispenseRequest": {"validityPeriod": {"start": "2018-05-01", "end": "«2019-01-01»"}}}"#,
        ),
        Example::good(
            "no end",
            r#"{"resourceType": "MedicationRequest", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "status": "active", "intent": "plan", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}, "dispenseRequest": {"validityPeriod": {"start": "2018-05-01"}}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Active plans have not ended.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MedicationRequest"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if at.text(names::STATUS) != Some("active") || intent(at) != "plan" || !is_gpc(at) {
        return;
    }
    let Some(end) = validity(at).1 else { return };
    let Some(ended) = end.value().and_then(When::parse) else { return };
    if reported_on(scene, at).is_some_and(|today| ended.before(today)) {
        out.say(&META, end, "the plan is active, and its validity ended before the message was made");
    }
}
