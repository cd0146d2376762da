//! Codes of Clinical Terms Version 3.

use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::terminology::shapes::{self, ReadFault};
use crate::tree::Element;
use crate::uk::systems::CTV3;

/// READ-03.
pub static META: Meta = Meta {
    id: "HM0406",
    name: "ctv3-code",
    title: "the CTV3 code has not its form",
    family: Family::Snomed,
    issue: "code-invalid",
    requirement: "READ-03",
    basis: "GP Connect, Populating legacy coding: CTV3 as five characters, without a term code",
    criterion: "COD-1",
    why: "The code is not found in CTV3, and the original meaning is lost.",
    remedy: "Send the five characters of the concept, not those of its term.",
    examples: &[
        Example::bad(
            "with a term code",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://read.info/ctv3", "code": "«XaBVJY1»"}]}}"#,
        ),
        Example::good(
            "a concept",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://read.info/ctv3", "code": "XaBVJ"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::coding(is_system)], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::code(&META, at, fault, out);
}

fn is_system(url: &str) -> bool {
    url == CTV3
}

fn fault(code: &str) -> Option<&'static str> {
    Some(match shapes::ctv3(code).err()? {
        ReadFault::Ellipsis => return None,
        ReadFault::TermId => "two characters too many: a CTV3 code is sent without its term code",
        _ => "a CTV3 code is five letters, digits or dots",
    })
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn codes() {
        for (code, good) in [("XaBVJ", true), ("X7.2.", true), ("XaBVJY1", false), ("XaB", false), ("XaB J", false)] {
            assert_eq!(fault(code).is_none(), good, "{code}");
        }
    }
}
