//! Allergies are to medication or to the environment.

use super::structured::is_gpc;
use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0522",
    name: "gpc-allergy-category",
    title: "an allergy is in a category that GP records do not have",
    family: Family::GpConnect,
    issue: "value",
    requirement: "GPC-A01",
    basis: "GP Connect Access Record: Structured, AllergyIntolerance.category: medication or environment",
    criterion: "INT-4",
    why: "Prescribing checks use medication allergies; an entry in another category is passed over.",
    remedy: "Send medication for drugs, environment for everything else.",
    examples: &[
        Example::bad(
            "food",
            r#"{"resourceType": "AllergyIntolerance", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-AllergyIntolerance-1"]}, "clinicalStatus": "active", "verificationStatus": "unconfirmed", "category": ["«food»"], "patient": {"reference": "Patient/1"}}"#,
        ),
        Example::good(
            "medication",
            r#"{"resourceType": "AllergyIntolerance", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-AllergyIntolerance-1"]}, "clinicalStatus": "active", "verificationStatus": "unconfirmed", "category": ["medication"], "patient": {"reference": "Patient/1"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Medication or environment.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["AllergyIntolerance"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    for category in at.all("category") {
        if !matches!(category.value(), Some("medication" | "environment") | None) && is_gpc(at) {
            out.say(&META, category, "the category is medication or environment");
        }
    }
}
