//! Profiles of focus resources.

use super::model::{REFERRAL, any_held, of};
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::{last_segment, profiles, target, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0952",
    name: "message-focus-profile",
    title: "a focus resource does not claim the profile that the MessageDefinition asks for",
    family: Family::Fhir,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "structure",
    requirement: "MSG-03",
    basis: "FHIR messaging, MessageDefinition.focus.profile",
    criterion: "INT-1",
    why: "Without the claim the resource is not checked against the rules of the message.",
    remedy: "Add the profile to meta.profile of the resource.",
    examples: &[Example::bad("another profile", r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "eventCoding": {"system": "https://hospital.test/events", "code": "referral"}, "source": {"endpoint": "https://hospital.test/"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "definition": "https://hospital.test/MessageDefinition/referral"}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": «{"resourceType": "ServiceRequest", "meta": {"profile": ["https://hospital.test/StructureDefinition/Other"]}, "status": "active", "intent": "order", "subject": {"display": "x"}}»}]}"#).r4().holding(REFERRAL), Example::good("as defined", r#"{"resourceType": "Bundle", "type": "message", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "eventCoding": {"system": "https://hospital.test/events", "code": "referral"}, "source": {"endpoint": "https://hospital.test/"}, "focus": [{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}], "definition": "https://hospital.test/MessageDefinition/referral"}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "ServiceRequest", "meta": {"profile": ["https://hospital.test/StructureDefinition/Referral"]}, "status": "active", "intent": "order", "subject": {"display": "x"}}}]}"#).r4().holding(REFERRAL)],
    ..Meta::NEW
};

/// Focus resources claim the profile asked for.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !any_held(scene) {
        return;
    }
    let Some(definition) = of(scene, at) else { return };
    for resource in at.all("focus").filter_map(|f| target(scene, f)) {
        let rows = || definition.focus.iter().filter(|f| f.ty == type_name(resource) && !f.profile.is_empty());
        let base = |url: &str| url.starts_with("http://hl7.org/fhir/StructureDefinition/");
        let met =
            rows().any(|f| base(&f.profile) || profiles(resource).any(|p| last_segment(p) == last_segment(&f.profile)));
        if rows().next().is_some() && !met {
            let wanted: Vec<&str> = rows().map(|f| f.profile.as_str()).collect();
            out.say(&META, resource, format!("the definition asks for the profile {}", wanted.join(" or ")));
        }
    }
}
