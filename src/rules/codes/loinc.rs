//! Codes of LOINC.

use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::terminology::shapes::{self, LoincFault};
use crate::tree::Element;
use crate::uk::systems::LOINC;

/// LOINC-01.
pub static META: Meta = Meta {
    id: "HM0403",
    name: "loinc-code",
    title: "the LOINC code is not one",
    family: Family::Snomed,
    issue: "code-invalid",
    requirement: "LOINC-01",
    basis: "LOINC Users' Guide, check digit: modulus 10 (Luhn)",
    criterion: "COD-2",
    why: "The observation is not recognised, or taken for another one.",
    remedy: "Take the code from LOINC again.",
    examples: &[
        Example::bad(
            "a wrong check digit",
            r#"{"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "«85354-8»"}]}}"#,
        ),
        Example::bad(
            "no hyphen",
            r#"{"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "«853549»"}]}}"#,
        )
        .r4(),
        Example::good(
            "blood pressure",
            r#"{"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "85354-9"}]}}"#,
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
    url == LOINC
}

fn fault(code: &str) -> Option<&'static str> {
    // Parts (LP), answers (LA) and lists (LL) have letters in front, and are not codes of observations.
    if code.starts_with('L') {
        return None;
    }
    Some(match shapes::loinc(code).err()? {
        LoincFault::Shape => "a LOINC code is up to seven digits, a hyphen and a check digit",
        LoincFault::CheckDigit { .. } => "the check digit does not follow from the digits before it",
    })
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn codes() {
        for (code, good) in [
            ("85354-9", true),
            ("8310-5", true),
            ("8867-4", true),
            ("59408-5", true),
            ("9279-1", true),
            ("LA6576-8", true),
            ("85354-8", false),
            ("853549", false),
            ("85354-99", false),
            ("-9", false),
        ] {
            assert_eq!(fault(code).is_none(), good, "{code}");
        }
    }
}
