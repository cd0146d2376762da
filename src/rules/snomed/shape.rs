//! The shape of a SNOMED CT code: 6 to 18 digits, nothing around them.

use super::claim::{self, Fault};
use crate::finding::{Example, Explained, Family, Meta};
use crate::rules::{Rule, Scene, Sink};
use crate::tree::Element;

/// SCT-01.
pub static META: Meta = Meta {
    id: "HM0300",
    name: "snomed-code-format",
    title: "the code has not the form of a SNOMED CT identifier",
    family: Family::Snomed,
    issue: "code-invalid",
    requirement: "SCT-01",
    basis: "SNOMED CT, Release File Specification: SCTID is 6 to 18 digits without leading zeros",
    criterion: "COD-2",
    why: "Receivers compare codes exactly: this one means nothing to them, and the entry cannot be found or counted.",
    remedy: "Send the concept id as the terminology gives it, as text, with nothing before or after it.",
    explains: &[Explained::here("HM0111"), Explained::coding("HM0115"), Explained::coding("HM0116")],
    examples: &[
        Example::bad(
            "a space after the digits",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«195967001 »"}]}}"#,
        ),
        Example::bad(
            "a Read code",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«H33..»"}]}}"#,
        )
        .r4(),
        Example::good(
            "a concept id",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
        Example::good(
            "another system",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://read.info/readv2", "code": "H33.."}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[super::CLAIMED], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some((code, text)) = claim::code(at)
        && let Some(Fault::Shape(fault)) = claim::fault(text)
    {
        out.say(&META, code, format!("this is not a SNOMED CT identifier: {fault}"));
    }
}
