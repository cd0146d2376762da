//! An empty list says why it is empty.

use super::lists::{Kind, kind};
use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{codings_of, pair};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::lists::EMPTY_REASON_SYSTEM;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0512",
    name: "gpc-empty-list-reason",
    title: "an empty list does not say no-content-recorded",
    family: Family::GpConnect,
    dimension: Dimension::Completeness,
    issue: "code-invalid",
    requirement: "GPC-L04",
    basis: "GP Connect Access Record: Structured, empty lists: emptyReason from CareConnect-ListEmptyReasonCode-1",
    criterion: "INT-4",
    why: "The consumer must be able to tell an area with nothing in it from an area that could not be read.",
    remedy: "Send emptyReason with code no-content-recorded and system https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-ListEmptyReasonCode-1.",
    examples: &[
        Example::bad(
            "no reason",
            r#"«{"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "717711000000103"}]}, "note": [{"text": "Information not available"}]}»"#,
        ),
        Example::bad(
            "a reason of an older draft",
            r#"{"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "717711000000103"}]}, "note": [{"text": "Information not available"}], "emptyReason": «{"coding": [{"system": "http://hl7.org/fhir/special-values", "code": "nocontentrecorded"}]}»}"#,
        ),
        Example::good(
            "as published",
            r#"{"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "717711000000103"}]}, "note": [{"text": "Information not available"}], "emptyReason": {"coding": [{"system": "https://fhir.nhs.uk/STU3/CodeSystem/CareConnect-ListEmptyReasonCode-1", "code": "no-content-recorded"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Empty lists say no-content-recorded.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["List"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if at.child(names::ENTRY).is_some() || !is_gpc(at) {
        return;
    }
    let Some(reason) = at.get("emptyReason") else {
        if matches!(kind(at), Kind::Primary(_) | Kind::Secondary) {
            out.say(&META, at, "the list has no entries and no emptyReason");
        }
        return;
    };
    let mut pairs = codings_of(at, "emptyReason").map(pair);
    if !pairs.any(|p| p == (EMPTY_REASON_SYSTEM, "no-content-recorded")) {
        let right_code = codings_of(at, "emptyReason").any(|c| pair(c).1 == "no-content-recorded");
        let says = if right_code {
            format!("no-content-recorded belongs to the code system {EMPTY_REASON_SYSTEM}")
        } else {
            "the reason is not no-content-recorded".to_owned()
        };
        out.say(&META, reason, says);
    }
}
