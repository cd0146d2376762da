//! Vital signs claim their own profile.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::{codings_of, last_segment, pair, profiles};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::profiles::{CARE_CONNECT_OBSERVATION, VITAL_SIGNS};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0701",
    name: "careconnect-vital-sign-profile",
    title: "a vital sign claims the general observation profile",
    family: Family::CareConnect,
    severity: Severity::Information,
    dimension: Dimension::Consistency,
    issue: "structure",
    requirement: "CC-VITAL",
    basis: "CareConnect STU3, vital sign profiles: BloodPressure, BodyTemperature, HeartRate, OxygenSaturation, RespiratoryRate",
    criterion: "INT-2",
    why: "Under the general profile neither the code, the unit nor the date of the reading is checked, and early warning scores need all three.",
    remedy: "Claim the CareConnect profile of the vital sign.",
    examples: &[
        Example::bad(
            "a heart rate",
            r#"{"resourceType": "Observation", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-Observation-1"]}, "status": "final", "code": «{"coding": [{"system": "http://loinc.org", "code": "8867-4"}]}»}"#,
        ),
        Example::good(
            "its own profile",
            r#"{"resourceType": "Observation", "meta": {"profile": ["https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-HeartRate-Observation-1"]}, "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "8867-4"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Vital signs claim their own profile.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Observation"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let mut claimed = profiles(at).peekable();
    if claimed.peek().is_none() || !claimed.all(|p| last_segment(p) == CARE_CONNECT_OBSERVATION) {
        return;
    }
    let Some(code) = at.child(names::CODE) else { return };
    for (loinc, snomed, profile) in VITAL_SIGNS {
        if codings_of(at, "code").any(|c| matches!(pair(c).1, own if own == *loinc || own == *snomed)) {
            out.say(&META, code, format!("this vital sign has a profile of its own, {profile}"));
            return;
        }
    }
}
