//! Patients of one message that share an NHS number, or one person with two. Across messages the run record decides.

use super::claim;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use std::collections::HashMap;

/// NHS-21.
pub static META: Meta = Meta {
    id: "HM0220",
    name: "nhs-number-of-two-people",
    title: "two different patients of a message have one NHS number",
    family: Family::NhsNumber,
    dimension: Dimension::Uniqueness,
    issue: "duplicate",
    requirement: "NHS-21",
    basis: "NHS Data Dictionary, NHS NUMBER: unique to one patient",
    criterion: "NAT-1",
    why: "The records of two people are joined in the receiving system.",
    remedy: "Trace both patients with PDS and send each number with its own patient.",
    examples: &[
        Example::bad(
            "other dates of birth",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "birthDate": "1980-01-01"}}, {"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e1", "resource": {"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "«9990000018»"}], "birthDate": "1990-02-02"}}]}"#,
        ),
        Example::bad(
            "one person, two numbers",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "name": [{"family": "Test", "given": ["Ann"]}], "birthDate": "1980-01-01", "address": [{"postalCode": "LS1 4HY"}]}}, {"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e1", "resource": {"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "«9990000026»"}], "name": [{"family": "Test", "given": ["Ann"]}], "birthDate": "1980-01-01", "address": [{"postalCode": "LS1 4HY"}]}}]}"#,
        )
        .r4(),
        Example::good(
            "two people, two numbers",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "birthDate": "1980-01-01"}}, {"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e1", "resource": {"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000026"}], "birthDate": "1990-02-02"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// What makes a person, as far as it is sent.
struct Person<'t> {
    value: Element<'t>,
    number: &'t str,
    born: Option<&'t str>,
    gender: Option<&'t str>,
}

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Message], check };

fn check(scene: &Scene<'_, '_>, _: Element<'_>, out: &mut Sink) {
    let message = scene.message;
    let is_patient = |n: &&u32| message.tree.node(**n).ty == names::T_PATIENT;
    if message.resources.iter().filter(is_patient).nth(1).is_none() {
        return;
    }
    let mut by_number: HashMap<&str, Person<'_>> = HashMap::new();
    let mut by_person: HashMap<[&str; 4], &str> = HashMap::new();
    for node in message.resources.iter().filter(is_patient) {
        let patient = Element::new(message.tree, *node);
        let Some(value) = claim::of(patient).find_map(|i| i.child(names::VALUE)) else { continue };
        let Some(number) = value.value().filter(|v| !v.is_empty()) else { continue };
        let person =
            Person { value, number, born: patient.text(names::BIRTH_DATE), gender: patient.text(names::GENDER) };
        if let Some(traits) = traits(patient) {
            match by_person.get(&traits) {
                Some(known) if *known != number => {
                    let says = "name, date of birth and postcode are those of another patient with another NHS number";
                    out.say(&META, value, says).severity = Severity::Warning;
                }
                Some(_) => {}
                None => {
                    by_person.insert(traits, number);
                }
            }
        }
        match by_number.get(number) {
            Some(known) if differs(known.born, person.born) => {
                out.say(
                    &META,
                    person.value,
                    "another patient of this message has the number and another date of birth",
                );
            }
            Some(known) if differs(known.gender, person.gender) => {
                out.say(&META, person.value, "another patient of this message has the number and another gender");
            }
            Some(_) => {}
            None => {
                by_number.insert(person.number, person);
            }
        }
    }
}

fn differs(a: Option<&str>, b: Option<&str>) -> bool {
    matches!((a, b), (Some(a), Some(b)) if a != b)
}

/// Family name, first given name, date of birth and postcode, when all are sent.
fn traits(patient: Element<'_>) -> Option<[&str; 4]> {
    let name = patient.child(names::NAME)?;
    let family = name.get("family")?.value()?;
    let given = name.get("given")?.value()?;
    let postcode = patient.get("address")?.get("postalCode")?.value()?;
    Some([family, given, patient.text(names::BIRTH_DATE)?, postcode])
}
