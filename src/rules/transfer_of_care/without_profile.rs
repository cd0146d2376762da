//! Resources of ITK3 messages claim their profiles.

use super::itk::is_itk;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{profiles, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0625",
    name: "itk-resource-without-profile",
    title: "resources of an ITK3 message claim no profile",
    family: Family::TransferOfCare,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "GPCM-SD-108",
    basis: "GP Connect Send Document and Transfer of Care: meta.profile of every resource",
    criterion: "INT-5",
    why: "Receivers validate against the profiles named; what names none is refused or filed unchecked.",
    remedy: "Add meta.profile to every resource of the message.",
    examples: &[
        Example::bad(
            "a header without profile",
            r#"«{"resourceType": "MessageHeader", "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK003D"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}»"#,
        ),
        Example::good(
            "a header with its profile",
            r#"{"resourceType": "MessageHeader", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-MessageHeader-2"]}, "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK003D"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Resources of messages claim profiles.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_itk(at) {
        return;
    }
    for &node in &scene.message.resources {
        let resource = Element::new(scene.message.tree, node);
        if resource.name_id() != names::CONTAINED && profiles(resource).next().is_none() {
            out.say(&META, resource, format!("the {} claims no profile", type_name(resource)));
        }
    }
}
