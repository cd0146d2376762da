//! One practice, by its code.

use super::pds::is_pds;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::systems::ODS_ORGANISATION;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0760",
    name: "pds-general-practitioner",
    title: "the GP practice of a patient is not one ODS code",
    family: Family::UkCore,
    severity: Severity::Warning,
    dimension: Dimension::Validity,
    issue: "structure",
    requirement: "PDS-09",
    basis: "Personal Demographics Service FHIR API: one generalPractitioner, by ODS code",
    criterion: "NAT-6",
    why: "Results and letters are routed by this code.",
    remedy: "Send one generalPractitioner with identifier, system https://fhir.nhs.uk/Id/ods-organization-code.",
    examples: &[
        Example::bad(
            "two practices",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "U"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "generalPractitioner": [{"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "Y12345"}}, «{"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "Y12346"}}»]}"#,
        ).r4(),
        Example::good(
            "one",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "U"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "generalPractitioner": [{"identifier": {"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "Y12345"}}]}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// One practice, by its code.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    for (i, practice) in at.all("generalPractitioner").enumerate() {
        if !is_pds(at) {
            return;
        }
        let identifier = practice.child(names::IDENTIFIER);
        let ods = identifier.is_some_and(|id| id.text(names::SYSTEM) == Some(ODS_ORGANISATION));
        if i > 0 {
            out.say(&META, practice, "a patient has one registered practice");
        } else if !ods {
            out.say(&META, practice, "the practice is not named by an ODS code");
        }
    }
}
