//! Codes of ICD-10, 5th edition, as used in the United Kingdom.

use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::terminology::shapes;
use crate::tree::Element;

/// ICD-01.
pub static META: Meta = Meta {
    id: "HM0401",
    name: "icd-10-code",
    title: "the ICD-10 code has not its form",
    family: Family::Snomed,
    issue: "code-invalid",
    requirement: "ICD-01",
    basis: "NHS Data Dictionary, DIAGNOSIS (ICD): letter, two digits, and up to three characters more",
    criterion: "COD-6",
    why: "The diagnosis drops out of commissioning data and statistics.",
    remedy: "Send letter, two digits and, after a dot or not, the fourth character (X when there is none).",
    examples: &[
        Example::bad(
            "the dot in the wrong place",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "«I2.19»"}]}}"#,
        ),
        Example::good(
            "with a dot",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "I21.9"}]}}"#,
        ),
        Example::good(
            "with the filler X",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://hl7.org/fhir/sid/icd-10", "code": "K35X"}]}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::coding(is_system)], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::code(&META, at, fault, out);
}

fn is_system(url: &str) -> bool {
    let name = url.rsplit('/').next().unwrap_or_default();
    ["icd-10", "icd10", "icd-10-uk"].iter().any(|n| name.eq_ignore_ascii_case(n))
}

fn fault(code: &str) -> Option<&'static str> {
    (!shapes::icd10(code)).then_some("an ICD-10 code is a letter, two digits and up to three characters more")
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn codes() {
        for (code, good) in [
            ("I21.9", true),
            ("I219", true),
            ("K35X", true),
            ("M8000", true),
            ("A00", true),
            ("A17.0D", true),
            ("I2.19", false),
            ("21.9", false),
            ("I21.", false),
            ("i21.9", false),
            ("I21.99999", false),
            ("é21", false),
            ("", false),
        ] {
            assert_eq!(fault(code).is_none(), good, "{code}");
        }
    }
}
