//! A secondary list is sent for its items, or to say that items are held back.

use super::lists::{Kind, kind};
use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::extension;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::profiles::extensions::LIST_WARNING;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0515",
    name: "gpc-secondary-list-empty",
    title: "a secondary list is empty and carries no warning",
    family: Family::GpConnect,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "GPC-L05",
    basis: "GP Connect Access Record: Structured, secondary lists",
    criterion: "INT-4",
    why: "Such a list exists only to hold items that came along; empty, it tells the consumer nothing or hides a fault.",
    remedy: "Leave the list out, or add the warning that explains why its items are missing.",
    examples: &[
        Example::bad(
            "nothing in it",
            r#"«{"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/GPConnect-SecondaryListValues-1", "code": "problems-medications-related-to-problems"}]}}»"#,
        ),
        Example::good(
            "held back",
            r#"{"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-ListWarningCode-1", "valueCode": "confidential-items"}], "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/GPConnect-SecondaryListValues-1", "code": "problems-medications-related-to-problems"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Empty secondary lists carry a warning.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["List"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if at.child(names::ENTRY).is_none()
        && is_gpc(at)
        && kind(at) == Kind::Secondary
        && extension(at, LIST_WARNING).is_none()
    {
        out.say(&META, at, "the secondary list has no entries and no warning");
    }
}
