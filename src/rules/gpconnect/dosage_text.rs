//! Dosage instructions that instruct nobody.

use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::is_blank;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0532",
    name: "gpc-dosage-text-empty",
    title: "the dosage text says nothing",
    family: Family::GpConnect,
    severity: Severity::Error,
    dimension: Dimension::Completeness,
    issue: "value",
    requirement: "GPC-M02",
    basis: "GP Connect Access Record: Structured, medication: dosage.text is mandatory; \"No information available\" when there is none",
    criterion: "INT-4",
    why: "The dose is what the next prescriber needs most; filler looks as if it had been recorded.",
    remedy: "Send the instruction as recorded, or \"No information available\" when none is.",
    examples: &[
        Example::bad(
            "a dot",
            r#"{"resourceType": "MedicationRequest", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "status": "active", "intent": "plan", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}, "dosageInstruction": [{"text": "«.»"}]}"#,
        ),
        Example::good(
            "a dose",
            r#"{"resourceType": "MedicationRequest", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationRequest-1"]}, "status": "active", "intent": "plan", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}, "dosageInstruction": [{"text": "One daily"}]}"#,
        ),
        Example::good(
            "said to be missing",
            r#"{"resourceType": "MedicationStatement", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-MedicationStatement-1"]}, "status": "active", "medicationReference": {"reference": "Medication/1"}, "subject": {"reference": "Patient/1"}, "taken": "unk", "dosage": [{"text": "No information available"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Dosage texts say something.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Dosage"])], check };

/// Words that stand for nothing.
const FILLER: &[&str] = &["n/a", "na", "none", "null", "nil", "tbc", "tbd", "xxx", "unknown"];

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(text) = at.child(names::TEXT) else { return };
    let value = text.value().unwrap_or("");
    if (is_blank(value) || FILLER.iter().any(|f| f.eq_ignore_ascii_case(value.trim()))) && is_gpc(at.resource()) {
        out.say(&META, text, "the text holds no instruction");
    }
}
