//! Nothing happens before birth.

use super::events;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::resources;
use crate::rules::when::When;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::NodeId;
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0803",
    name: "date-before-birth",
    title: "something happened before the patient was born",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "X-02",
    basis: "Government Data Quality Framework: consistency; FHIR, Patient.birthDate",
    criterion: "COD-5",
    why: "Either the date of birth or the date of the event is wrong, and both are used to decide on treatment.",
    remedy: "Check the date against the source; check that the entries belong to this patient.",
    examples: &[
        Example::bad(
            "an illness before birth",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "id": "1", "birthDate": "1980-05-01"}}, {"resource": {"resourceType": "Condition", "subject": {"reference": "Patient/1"}, "onsetDateTime": "«1979-01-01»"}}]}"#,
        ),
        Example::bad(
            "most of the record before birth",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "id": "1", "birthDate": "«2020-05-01»"}}, {"resource": {"resourceType": "Condition", "subject": {"reference": "Patient/1"}, "onsetDateTime": "1979"}}, {"resource": {"resourceType": "Condition", "subject": {"reference": "Patient/1"}, "onsetDateTime": "1980"}}, {"resource": {"resourceType": "Condition", "subject": {"reference": "Patient/1"}, "onsetDateTime": "1981"}}, {"resource": {"resourceType": "Condition", "subject": {"reference": "Patient/1"}, "onsetDateTime": "1982"}}]}"#,
        ),
        Example::good(
            "after birth",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Patient", "id": "1", "birthDate": "1980-05-01"}}, {"resource": {"resourceType": "Condition", "subject": {"reference": "Patient/1"}, "onsetDateTime": "1980"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Nothing happens before birth.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

/// As many as this are told one by one; more are one fault, of the date of birth.
const FEW: usize = 3;

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let mut early: Vec<(NodeId, events::Event<'a>)> = Vec::new();
    // Nearly always one patient for all.
    let mut last: Option<(Element<'a>, Option<When>)> = None;
    for resource in resources(scene, at) {
        let mut events = events::of(resource).peekable();
        if events.peek().is_none() {
            continue;
        }
        let Some(patient) = events::patient(scene, resource) else { continue };
        if last.is_none_or(|(known, _)| known != patient) {
            last = Some((patient, events::born(patient)));
        }
        let Some((_, Some(born))) = last else { continue };
        early.extend(events.filter(|e| e.when.last < born.first).map(|e| (patient.id(), e)));
    }
    if early.len() > FEW
        && let Some(date) = Element::new(at.tree(), early[0].0).child(names::BIRTH_DATE)
        && early.iter().all(|(patient, _)| *patient == early[0].0)
    {
        out.say(&META, date, format!("{} events of the record lie before this date", early.len())).key = "many".into();
        return;
    }
    for (_, event) in early {
        out.say(&META, event.element, format!("{} lies before the patient's date of birth", event.name));
    }
}
