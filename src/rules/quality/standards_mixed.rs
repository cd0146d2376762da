//! Profiles are of the release of the message.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::profiles::is_profile_of_other;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0812",
    name: "standards-mixed",
    title: "one message mixes profiles of CareConnect (STU3) and UK Core (R4)",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "structure",
    requirement: "X-07",
    basis: "CareConnect profiles are for FHIR STU3, UK Core profiles for R4: one message is of one release",
    criterion: "INT-2",
    why: "Half of the message is checked against rules of the other release, and receivers refuse it.",
    remedy: "Claim profiles of one standard: CareConnect in STU3 messages, UK Core in R4 messages.",
    examples: &[
        Example::bad(
            "UK Core in STU3",
            r#"{"resourceType": "Patient", "meta": {"profile": ["«https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient»"]}, "active": true}"#,
        ),
        Example::bad(
            "CareConnect in R4",
            r#"{"resourceType": "Patient", "meta": {"profile": ["«https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1»"]}, "active": true}"#,
        ).r4(),
        Example::good(
            "CareConnect in STU3",
            r#"{"resourceType": "Patient", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Patient-1"]}, "active": true}"#,
        ),
        Example::good(
            "UK Core in R4",
            r#"{"resourceType": "Patient", "meta": {"profile": ["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient"]}, "active": true}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// Profiles are of the release of the message.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Meta"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    for profile in at.named(names::PROFILE) {
        let url = profile.value().unwrap_or("");
        if is_profile_of_other(url, scene.release()) {
            let says =
                format!("the profile is for the other release; the message is FHIR {}", scene.release().as_str());
            out.say(&META, profile, says);
        }
    }
}
