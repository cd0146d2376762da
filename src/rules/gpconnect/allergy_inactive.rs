//! Allergies are active or resolved.

use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0521",
    name: "gpc-allergy-inactive",
    title: "an allergy has the clinical status inactive",
    family: Family::GpConnect,
    dimension: Dimension::Consistency,
    issue: "value",
    requirement: "GPC-A01",
    basis: "GP Connect Access Record: Structured, AllergyIntolerance.clinicalStatus: active or resolved",
    criterion: "INT-4",
    why: "Consumers know two states: shown as an allergy, or as ended. Inactive falls between them.",
    remedy: "Send active; an ended allergy is resolved, in the list of ended allergies.",
    examples: &[
        Example::bad(
            "inactive",
            r#"{"resourceType": "AllergyIntolerance", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-AllergyIntolerance-1"]}, "clinicalStatus": "«inactive»", "verificationStatus": "unconfirmed", "patient": {"reference": "Patient/1"}}"#,
        ),
        Example::good(
            "active",
            r#"{"resourceType": "AllergyIntolerance", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-AllergyIntolerance-1"]}, "clinicalStatus": "active", "verificationStatus": "unconfirmed", "patient": {"reference": "Patient/1"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Allergies are active or resolved.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["AllergyIntolerance"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if let Some(status) = at.get("clinicalStatus")
        && status.value() == Some("inactive")
        && is_gpc(at)
    {
        out.say(&META, status, "the status is active or resolved, never inactive");
    }
}
