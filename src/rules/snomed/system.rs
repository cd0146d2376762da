//! The system of SNOMED CT in spellings that receivers do not know.

use super::claim;
use crate::finding::{Example, Explained, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::snomed::{Spelling, spelling};
use crate::uk::systems::SNOMED;

/// SCT-07.
pub static META: Meta = Meta {
    id: "HM0306",
    name: "snomed-system",
    title: "the system of SNOMED CT is not spelt as it must be",
    family: Family::Snomed,
    issue: "code-invalid",
    requirement: "SCT-07",
    basis: "FHIR, Using SNOMED CT with FHIR: the system is http://snomed.info/sct for every edition",
    criterion: "COD-1",
    why: "Receivers recognise SNOMED CT by this one URI; under another the code is taken for a local one.",
    remedy: "Send http://snomed.info/sct exactly; name an edition in version, not in system.",
    explains: &[Explained::coding("HM0115"), Explained::coding("HM0116")],
    examples: &[
        Example::bad(
            "https",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "«https://snomed.info/sct»", "code": "195967001"}]}}"#,
        ),
        Example::bad(
            "the OID",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "«urn:oid:2.16.840.1.113883.6.96»", "code": "195967001"}]}}"#,
        ),
        Example::bad(
            "an edition",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "«http://snomed.info/sct/83821000000107»", "code": "195967001"}]}}"#,
        )
        .r4(),
        Example::good(
            "the system",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule =
    Rule { metas: &[&META], listens: &[super::CLAIMED, Listens::quantity(claim::is_snomed)], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some(system) = at.child(names::SYSTEM) else { return };
    let says = match system.value().map(spelling) {
        None | Some(Spelling::Canonical | Spelling::Other) => return,
        Some(Spelling::Wrong) => format!("the system of SNOMED CT is {SNOMED}"),
        Some(Spelling::Edition) => format!("an edition belongs in version; the system is {SNOMED}"),
        Some(Spelling::Oid) => format!("the OID of SNOMED CT belongs in HL7 v3; in FHIR the system is {SNOMED}"),
    };
    out.say(&META, system, says);
}
