//! A trace postponed for a baby, at a patient who is none.

use super::claim;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::Date;
use crate::tree::{Element, names};
use crate::uk::verification::{Code, Status};

/// NHS-15.
pub static META: Meta = Meta {
    id: "HM0215",
    name: "nhs-number-trace-postponed",
    title: "the trace is postponed as for a newborn, but the patient is older than six weeks",
    family: Family::NhsNumber,
    severity: Severity::Warning,
    dimension: Dimension::Timeliness,
    issue: "business-rule",
    requirement: "NHS-15",
    basis: "NHS Data Dictionary, NHS NUMBER STATUS INDICATOR CODE 08: trace postponed, baby under six weeks old",
    criterion: "NAT-2",
    why: "The number was never traced although it could have been, so the record may not be matched.",
    remedy: "Trace the patient with PDS and send the status that results.",
    examples: &[
        Example::bad(
            "an adult",
            r#"{"resourceType": "Patient", "meta": {"lastUpdated": "2026-01-05T10:00:00Z"}, "identifier": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1", "code": "«08»"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number"}], "birthDate": "1980-01-01"}"#,
        ),
        Example::good(
            "a newborn",
            r#"{"resourceType": "Patient", "meta": {"lastUpdated": "2026-01-05T10:00:00Z"}, "identifier": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-NHSNumberVerificationStatus-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-NHSNumberVerificationStatus-1", "code": "08"}]}}], "system": "https://fhir.nhs.uk/Id/nhs-number"}], "birthDate": "2026-01-01"}"#,
        ),
    ],
    ..Meta::NEW
};

/// Six weeks in days.
const SIX_WEEKS: i64 = 42;

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    for identifier in claim::of(at) {
        let Some((code, Code::Postponed)) = Status::of(identifier).and_then(Status::code) else { continue };
        let Some(born) = at.text(names::BIRTH_DATE).and_then(Date::parse) else { return };
        let Some(sent) = message_date(at, scene) else { return };
        if sent.days() - born.days() > SIX_WEEKS {
            out.say(&META, code, "08 is for babies under six weeks; by its date of birth this patient is older");
        }
    }
}

/// The day of the message: of the Bundle around the patient, else of the patient, else today.
fn message_date(patient: Element<'_>, scene: &Scene<'_, '_>) -> Option<Date> {
    let root = scene.message.root();
    let updated = |e: Element<'_>| e.child(names::META).and_then(|m| m.text(names::LAST_UPDATED)).and_then(Date::parse);
    let timestamp = || root.get("timestamp").and_then(Element::value).and_then(Date::parse);
    timestamp().or_else(|| updated(root)).or_else(|| updated(patient)).or_else(|| Date::parse(scene.today))
}
