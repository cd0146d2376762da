//! Codes of one sex and the recorded gender.

use super::events;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::{codings_of, pair};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::systems::SNOMED;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0807",
    name: "code-contradicts-gender",
    title: "a code applies to one sex and the recorded gender is the other",
    family: Family::Quality,
    severity: Severity::Information,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "X-03",
    basis: "FHIR, Patient.gender (administrative); SNOMED CT concepts that apply to one sex",
    criterion: "COD-5",
    why: "It may be a record of the wrong patient, a wrong code, or rightly so: gender is administrative and need not be the sex at birth.",
    remedy: "Check that the entry belongs to this patient; nothing is to be changed when it does.",
    examples: &[
        Example::bad(
            "a prostate in a female record",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "id": "1", "gender": "female"}}, {"resource": {"resourceType": "Condition", "code": {"coding": [«{"system": "http://snomed.info/sct", "code": "399068003"}»]}, "subject": {"reference": "Patient/1"}}}]}"#,
        ),
        Example::good(
            "in a male record",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "id": "1", "gender": "male"}}, {"resource": {"resourceType": "Condition", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "399068003"}]}, "subject": {"reference": "Patient/1"}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Codes of one sex and the recorded gender.
pub static RULE: Rule =
    Rule { metas: &[&META], listens: &[Listens::Types(&["Condition", "Procedure", "Observation"])], check };

/// Concepts of male anatomy.
const MALE: &[&str] = &["399068003", "266569009", "90470006", "363449006"];
/// Concepts of female anatomy and of pregnancy.
const FEMALE: &[&str] =
    &["77386006", "363354003", "363443007", "371973000", "236886002", "11466000", "129103003", "34801009"];

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    for coding in codings_of(at, "code") {
        let (system, code) = pair(coding);
        let (male, female) = (MALE.contains(&code), FEMALE.contains(&code));
        if system != SNOMED || !(male || female) {
            continue;
        }
        let gender = events::patient(scene, at).and_then(|p| p.text(names::GENDER));
        if (male && gender == Some("female")) || (female && gender == Some("male")) {
            out.say(&META, coding, "the concept applies to the other sex than the recorded gender");
        }
    }
}
