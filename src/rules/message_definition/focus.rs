//! Types and numbers of focus resources.

use super::model::{REFERRAL, any_held, of};
use crate::finding::{Dimension, Example, Family, Meta};
use crate::message::logical_id;
use crate::rules::query::{target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0951",
    name: "message-focus-not-defined",
    title: "the focus of a message has a type or number that its MessageDefinition does not allow",
    family: Family::Fhir,
    dimension: Dimension::Consistency,
    issue: "structure",
    requirement: "MSG-02",
    basis: "FHIR messaging, MessageDefinition.focus: code, min and max",
    criterion: "INT-1",
    why: "The receiver processes what the definition names: something else, or too few of it, is an order half carried out.",
    remedy: "Refer from focus to the resources that the definition asks for.",
    examples: &[Example::bad("a patient in focus", r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "eventCoding": {"system": "https://hospital.test/events", "code": "referral"}, "source": {"endpoint": "https://hospital.test/"}, "focus": [«{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}»], "definition": "https://hospital.test/MessageDefinition/referral"}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "active": true}}]}"#).r4().holding(REFERRAL), Example::good("as defined", r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "eventCoding": {"system": "https://hospital.test/events", "code": "referral"}, "source": {"endpoint": "https://hospital.test/"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "definition": "https://hospital.test/MessageDefinition/referral"}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "ServiceRequest", "meta": {"profile": ["https://hospital.test/StructureDefinition/Referral"]}, "status": "active", "intent": "order", "subject": {"display": "x"}}}]}"#).r4().holding(REFERRAL)],
    ..Meta::NEW
};

/// Focus resources are as defined.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !any_held(scene) {
        return;
    }
    let Some(definition) = of(scene, at).filter(|d| !d.focus.is_empty()) else { return };
    let ty = |focus: Element<'a>| {
        let by_text = || focus.text(names::REFERENCE).and_then(logical_id).map(|(_, ty, _)| ty);
        target(scene, focus).map(type_name).or_else(by_text)
    };
    for focus in at.all("focus") {
        if let Some(own) = ty(focus)
            && !definition.focus.iter().any(|f| f.ty == own || f.ty == "Resource")
        {
            out.say(&META, focus, "the definition allows no focus of this type");
        }
    }
    for wanted in &definition.focus {
        let count = at.all("focus").filter(|f| ty(*f) == Some(wanted.ty.as_str())).count() as u32;
        let unknown = at.all("focus").any(|f| ty(f).is_none());
        if count < wanted.min && !unknown {
            let says = format!("the definition asks for {} {} in focus, here are {count}", wanted.min, wanted.ty);
            out.say(&META, at, says).key = format!("minimum {}", wanted.ty);
        } else if wanted.max.is_some_and(|max| count > max) {
            let max = wanted.max.unwrap_or_default();
            let says = format!("the definition allows {max} {} in focus, here are {count}", wanted.ty);
            out.say(&META, at, says).key = format!("maximum {}", wanted.ty);
        }
    }
}
