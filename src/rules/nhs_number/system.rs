//! The system of the NHS number in spellings that receivers do not know.

use crate::finding::{Example, Family, Fix, Meta, Severity};
use crate::rules::{Rule, Scene, Sink, query};
use crate::tree::{Element, names};
use crate::uk::nhs_number::Spelling;
use crate::uk::systems::NHS_NUMBER;
use crate::uk::{nhs_number, systems};

/// NHS-07.
pub static META: Meta = Meta {
    id: "HM0207",
    name: "nhs-number-system",
    title: "the system of the NHS number is not the canonical one",
    family: Family::NhsNumber,
    issue: "value",
    requirement: "NHS-07",
    basis: "HL7 UK, system identifiers: NHS_NUMBER is https://fhir.nhs.uk/Id/nhs-number",
    criterion: "NAT-1",
    why: "Receivers look for the one system, character by character; under another they find no NHS number.",
    fix: "writes the system as it is published; the number itself is left alone",
    remedy: "Send https://fhir.nhs.uk/Id/nhs-number exactly.",
    examples: &[
        Example::bad(
            "the system of the DSTU2 era",
            r#"{"resourceType": "Patient", "identifier": [{"system": "«http://fhir.nhs.net/Id/nhs-number»", "value": "9990000018"}]}"#,
        ),
        Example::bad(
            "id in lower case",
            r#"{"resourceType": "Patient", "identifier": [{"system": "«https://fhir.nhs.uk/id/nhs-number»", "value": "9990000018"}]}"#,
        )
        .r4(),
        Example::bad(
            "the OID",
            r#"{"resourceType": "Patient", "identifier": [{"system": "«urn:oid:2.16.840.1.113883.2.1.4.1»", "value": "9990000018"}]}"#,
        ),
        Example::good(
            "the e-Referral Service prescribes the older system",
            r#"{"resourceType": "Patient", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Patient-1"]}, "identifier": [{"system": "http://fhir.nhs.net/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
        Example::good(
            "the canonical system",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
        Example::good(
            "a local system",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://hospital.test/nhs-number-index", "value": "7"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[super::CLAIMED], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some(system) = at.child(names::SYSTEM) else { return };
    let Some(url) = system.value() else { return };
    if systems::is_ers(url) && query::is_ers(at) {
        return;
    }
    match nhs_number::spelling(url) {
        Spelling::Canonical | Spelling::Other => {}
        Spelling::Wrong => {
            let draft = out.say(&META, system, format!("the system of the NHS number is {NHS_NUMBER}"));
            draft.mended_by(Fix::published(system.mark(), url, NHS_NUMBER));
        }
        Spelling::Oid => {
            let says = format!("the OID of the NHS number belongs in HL7 v3; in FHIR the system is {NHS_NUMBER}");
            out.say(&META, system, says).severity = Severity::Warning;
        }
    }
}
