//! Codes of OPCS-4.

use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::terminology::shapes;
use crate::tree::Element;

/// OPCS-01.
pub static META: Meta = Meta {
    id: "HM0402",
    name: "opcs-4-code",
    title: "the OPCS-4 code has not its form",
    family: Family::Snomed,
    issue: "code-invalid",
    requirement: "OPCS-01",
    basis: "NHS Data Dictionary, PROCEDURE (OPCS): letter, two digits and one digit more",
    criterion: "COD-6",
    why: "The procedure drops out of commissioning data and statistics.",
    remedy: "Send letter, two digits and, after a dot or not, the last digit.",
    examples: &[
        Example::bad(
            "two letters",
            r#"{"resourceType": "Procedure", "status": "completed", "subject": {"display": "Test"}, "code": {"coding": [{"system": "https://fhir.hl7.org.uk/Id/opcs-4", "code": "«HH11»"}]}}"#,
        ),
        Example::good(
            "with a dot",
            r#"{"resourceType": "Procedure", "status": "completed", "subject": {"display": "Test"}, "code": {"coding": [{"system": "https://fhir.hl7.org.uk/Id/opcs-4", "code": "H01.1"}]}}"#,
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
    ["opcs-4", "opcs4", "opcs"].iter().any(|n| name.eq_ignore_ascii_case(n))
}

fn fault(code: &str) -> Option<&'static str> {
    (!shapes::opcs4(code)).then_some("an OPCS-4 code is a letter, two digits and one digit more")
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn codes() {
        for (code, good) in [
            ("H01.1", true),
            ("H011", true),
            ("H01", true),
            ("HH11", false),
            ("H01.", false),
            ("H01.11", false),
            ("h011", false),
        ] {
            assert_eq!(fault(code).is_none(), good, "{code}");
        }
    }
}
