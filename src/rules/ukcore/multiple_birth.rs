//! Birth numbers are of the set.

use super::pds::is_pds;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0762",
    name: "multiple-birth-number",
    title: "the number of a multiple birth is not 1 to 9",
    family: Family::UkCore,
    severity: Severity::Information,
    dimension: Dimension::Validity,
    issue: "value",
    requirement: "PDS-11",
    basis: "Personal Demographics Service FHIR API: multipleBirthInteger 1 to 7, 8 not applicable, 9 not known",
    criterion: "COD-5",
    why: "Twins are told apart by this number.",
    remedy: "Send 1 to 7, 8 when it does not apply, 9 when it is not known.",
    examples: &[
        Example::bad(
            "12",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "U"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "multipleBirthInteger": «12»}"#,
        ).r4(),
        Example::good(
            "2",
            r#"{"resourceType": "Patient", "id": "9990000018", "meta": {"security": [{"system": "http://terminology.hl7.org/CodeSystem/v3-Confidentiality", "code": "U"}]}, "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "multipleBirthInteger": 2}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// Birth numbers are of the set.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if let Some(number) = at.get("multipleBirth").filter(|n| n.type_id() == names::T_INTEGER)
        && number.value().and_then(|v| v.parse::<i32>().ok()).is_none_or(|n| !(1..=9).contains(&n))
        && is_pds(at)
    {
        out.say(&META, number, "the number is 1 to 7, 8 (not applicable) or 9 (not known)");
    }
}
