//! Systems of identifiers, codes and units in spellings that receivers do not know.

use crate::finding::{Example, Explained, Family, Fix, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink, query};
use crate::tree::{Element, names};
use crate::uk::registry::{self, Weight};
use crate::uk::systems::is_ers;

/// Row 6 of the faults seen most.
pub static META: Meta = Meta {
    id: "HM0230",
    name: "system-misspelt",
    title: "the system is a known one in a wrong spelling",
    family: Family::Identifier,
    issue: "value",
    requirement: "FAULT-06",
    basis: "HL7 UK, system identifiers; FHIR, Identifier.system and Coding.system: compared character by character",
    criterion: "INT-1",
    why: "A receiver compares systems exactly: identifiers are not matched and codes are taken for local ones.",
    remedy: "Send the system that the finding names, copied rather than typed.",
    fix: "writes the system as it is published",
    explains: &[Explained::coding("HM0115"), Explained::coding("HM0116")],
    examples: &[
        Example::bad(
            "id in lower case",
            r#"{"resourceType": "Organization", "identifier": [{"system": "«https://fhir.nhs.uk/id/ods-organization-code»", "value": "A82038"}]}"#,
        ),
        Example::bad(
            "a unit's system with https",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "Weight"}, "valueQuantity": {"value": 70, "unit": "kg", "system": "«https://unitsofmeasure.org»", "code": "kg"}}"#,
        ),
        Example::bad(
            "a trailing slash",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "«https://dmd.nhs.uk/»", "code": "39113611000001102"}]}}"#,
        )
        .r4(),
        Example::good(
            "the canonical system",
            r#"{"resourceType": "Organization", "identifier": [{"system": "https://fhir.nhs.uk/Id/ods-organization-code", "value": "A82038"}]}"#,
        ),
        Example::good(
            "the e-Referral Service prescribes the older system",
            r#"{"resourceType": "Practitioner", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/eRS-Practitioner-1"]}, "identifier": [{"system": "http://fhir.nhs.net/Id/sds-user-id", "value": "200000000001"}]}"#,
        ),
        Example::good(
            "a local system",
            r#"{"resourceType": "Organization", "identifier": [{"system": "https://hospital.test/ods", "value": "7"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Row 8.
pub static LEGACY: Meta = Meta {
    id: "HM0231",
    name: "system-legacy",
    title: "the system is an OID or an older URI of one that has a canonical URI",
    family: Family::Identifier,
    severity: Severity::Warning,
    issue: "value",
    requirement: "FAULT-08",
    basis: "HL7 UK, system identifiers and community NamingSystems",
    criterion: "INT-8",
    why: "Receivers that know the canonical URI only take the codes for local ones.",
    remedy: "Send the system that the finding names, or agree on the older one with every receiver.",
    examples: &[
        Example::bad(
            "the OID of EMIS drug codes",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "«urn:oid:2.16.840.1.113883.2.1.6.9»", "code": "ABCD1"}]}}"#,
        ),
        Example::good(
            "its URI",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "https://fhir.hl7.org.uk/Id/emis-drug-codes", "code": "ABCD1"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Identifiers, codings and quantities of such systems.
const fn systems(such: fn(&str) -> bool) -> [Listens; 3] {
    [Listens::identifier(such), Listens::coding(such), Listens::quantity(such)]
}

/// Misspelt.
pub static META_RULE: Rule = Rule {
    metas: &[&META],
    listens: &systems(|s| registry::correction(s).is_some_and(|c| c.weight == Weight::Misspelt)),
    check: check_meta,
};

fn check_meta(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some(system) = at.child(names::SYSTEM) else { return };
    if let Some(url) = system.value()
        && let Some(found) = registry::correction(url)
        && found.weight == Weight::Misspelt
        && !(is_ers(url) && query::is_ers(at))
    {
        let draft = out.say(&META, system, format!("did you mean {}?", found.right));
        draft.mended_by(Fix::published(system.mark(), url, found.right));
    }
}

/// Legacy.
pub static LEGACY_RULE: Rule =
    Rule { metas: &[&LEGACY], listens: &systems(|s| registry::legacy(s).is_some()), check: check_legacy };

fn check_legacy(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some(system) = at.child(names::SYSTEM) else { return };
    let Some(found) = system.value().and_then(registry::legacy) else { return };
    match found.weight {
        Weight::Misspelt => {}
        Weight::Legacy => {
            out.say(&LEGACY, system, format!("the canonical system is {}", found.right));
        }
        Weight::Depends => {
            let says = format!("some projects know this as {}", found.right);
            out.say(&LEGACY, system, says).severity = Severity::Information;
        }
    }
}
