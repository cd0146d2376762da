//! One reaction with one manifestation.

use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0523",
    name: "gpc-allergy-reactions",
    title: "an allergy has several reactions or manifestations",
    family: Family::GpConnect,
    dimension: Dimension::Consistency,
    issue: "structure",
    requirement: "GPC-A01",
    basis: "GP Connect Access Record: Structured, AllergyIntolerance.reaction: at most one, with one manifestation",
    criterion: "INT-4",
    why: "Consumers file one reaction for each allergy; the others are lost on the way.",
    remedy: "Send one reaction with one manifestation; put anything more into the note.",
    examples: &[
        Example::bad(
            "two reactions",
            r#"{"resourceType": "AllergyIntolerance", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-AllergyIntolerance-1"]}, "clinicalStatus": "active", "verificationStatus": "unconfirmed", "patient": {"reference": "Patient/1"}, "reaction": [{"manifestation": [{"text": "Rash"}]}, «{"manifestation": [{"text": "Wheeze"}]}»]}"#,
        ),
        Example::good(
            "one",
            r#"{"resourceType": "AllergyIntolerance", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-AllergyIntolerance-1"]}, "clinicalStatus": "active", "verificationStatus": "unconfirmed", "patient": {"reference": "Patient/1"}, "reaction": [{"manifestation": [{"text": "Rash"}]}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// One reaction, one manifestation.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["AllergyIntolerance"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    for (i, reaction) in at.all("reaction").enumerate() {
        if i == 0 && reaction.all("manifestation").nth(1).is_none() {
            continue;
        }
        if !is_gpc(at) {
            return;
        }
        if i > 0 {
            out.say(&META, reaction, "at most one reaction is allowed");
        } else if let Some(second) = reaction.all("manifestation").nth(1) {
            out.say(&META, second, "at most one manifestation is allowed");
        }
    }
}
