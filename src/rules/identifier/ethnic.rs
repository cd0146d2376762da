//! Codes of the ethnic category.

use crate::finding::{Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::registers;
use crate::uk::systems::is_ethnic_category;

/// ETH-01.
pub static META: Meta = Meta {
    id: "HM0267",
    name: "ethnic-category-code",
    title: "the ethnic category has a code that its system does not hold",
    family: Family::Identifier,
    severity: Severity::Warning,
    issue: "code-invalid",
    requirement: "ETH-01",
    basis: "NHS Data Dictionary, ETHNIC CATEGORY (2001 census); CareConnect-EthnicCategory-1",
    criterion: "COD-5",
    why: "The patient drops out of every count of equality of access and outcome.",
    remedy: "Send a letter from A to Z of the national code list, with its second character of local detail where used.",
    examples: &[
        Example::bad(
            "two letters of another list",
            r#"{"resourceType": "Patient", "extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-EthnicCategory-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-EthnicCategory-1", "code": "«WB»"}]}}]}"#,
        ),
        Example::good(
            "a national code",
            r#"{"resourceType": "Patient", "extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-EthnicCategory-1", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/STU3/CodeSystem/CareConnect-EthnicCategory-1", "code": "A"}]}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::coding(is_ethnic_category)], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some(code) = at.child(names::CODE)
        && code.value().is_some_and(|c| !registers::is_ethnic_category(c))
    {
        out.say(&META, code, "the ethnic category list has no such code");
    }
}
