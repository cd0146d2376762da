//! Clinical elements: coded in SNOMED CT, with well-formed codes, degraded, or text only.

use super::{Observed, of_resource};
use crate::finding::{Dimension, MeasureKey};
use crate::terminology::snomed::{Component, Sctid};
use crate::tree::{Element, names};

const SNOMED: &str = "http://snomed.info/sct";
const DMD: &str = "https://dmd.nhs.uk";

/// Elements that the UK profiles bind to SNOMED CT (dm+d included), by resource type.
const CLINICAL: &[(&str, &[&str])] = &[
    ("AllergyIntolerance", &["code"]),
    ("Condition", &["code"]),
    ("DiagnosticReport", &["code"]),
    ("Encounter", &["type", "reason", "reasonCode"]),
    ("FamilyMemberHistory", &["relationship"]),
    ("Immunization", &["vaccineCode"]),
    ("Medication", &["code"]),
    ("MedicationAdministration", &["medication"]),
    ("MedicationDispense", &["medication"]),
    ("MedicationRequest", &["medication"]),
    ("MedicationStatement", &["medication"]),
    ("Observation", &["code"]),
    ("Procedure", &["code"]),
    ("ProcedureRequest", &["code"]),
    ("ReferralRequest", &["reasonCode"]),
    ("ServiceRequest", &["code"]),
];

/// Codes that stand for "the original code was lost on transfer" (GP Connect guidance on degraded codes).
const DEGRADED: &[&str] = &[
    "196421000000109",
    "196461000000101",
    "196471000000108",
    "196451000000104",
    "196431000000106",
    "196441000000102",
    "196411000000103",
];

/// Counts the clinical elements of one resource.
pub(super) fn observe(resource: Element<'_>, observed: &mut Observed) {
    let ty = names::text(resource.type_id());
    let Some((_, elements)) = CLINICAL.iter().find(|(name, _)| *name == ty) else { return };
    for name in *elements {
        for concept in resource.all(name).filter(|c| c.type_id() == names::T_CODEABLE_CONCEPT) {
            one(resource, concept, name, observed);
        }
    }
}

fn one(resource: Element<'_>, concept: Element<'_>, name: &str, observed: &mut Observed) {
    let key = || MeasureKey { element: format!("{}.{name}", names::text(resource.type_id())), ..of_resource(resource) };
    let mut coded = false;
    let mut local = false;
    let mut degraded = false;
    for coding in concept.named(names::CODING) {
        match coding.text(names::SYSTEM) {
            Some(SNOMED | DMD) => {
                coded = true;
                let code = coding.text(names::CODE).unwrap_or("");
                let good = Sctid::parse(code).is_ok_and(|id| id.component() == Component::Concept);
                observed.share("snomed-valid", Dimension::Validity, key(), good);
                degraded |= DEGRADED.contains(&code);
            }
            _ => local = true,
        }
    }
    observed.share("snomed-coded", Dimension::Validity, key(), coded);
    let bucket = match (degraded, coded, local) {
        (true, ..) => "degraded",
        (_, true, _) => "snomed",
        (_, false, true) => "other-system",
        _ => "text-only",
    };
    observed.tally("coding", key(), bucket);
}
