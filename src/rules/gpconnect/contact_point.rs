//! Phone numbers and email addresses with system and use.

use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0555",
    name: "gpc-contact-incomplete",
    title: "a contact point lacks its system, value or use",
    family: Family::GpConnect,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "GPC-X02",
    basis: "GP Connect, use of the ContactPoint data type: system, value and use",
    criterion: "INT-4",
    why: "The consumer cannot tell a phone from an email address, or home from work, and may ring the wrong number.",
    remedy: "Send system, value and use for each contact point.",
    examples: &[
        Example::bad(
            "a value alone",
            r#"{"resourceType": "Patient", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"]}, "telecom": [«{"value": "01132432799"}»]}"#,
        ),
        Example::good(
            "all three",
            r#"{"resourceType": "Patient", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"]}, "telecom": [{"system": "phone", "value": "01132432799", "use": "home"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Contact points are complete.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["ContactPoint"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let missing = |name| at.child(name).is_none();
    if (missing(names::SYSTEM) || missing(names::VALUE) || missing(names::USE)) && is_gpc(at.resource()) {
        let parts = [names::SYSTEM, names::VALUE, names::USE].into_iter().filter(|n| missing(*n)).map(names::text);
        out.say(&META, at, format!("the contact point has no {}", parts.collect::<Vec<_>>().join(", no ")));
    }
}
