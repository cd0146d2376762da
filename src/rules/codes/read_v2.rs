//! Codes of Read version 2.

use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::terminology::shapes::{self, ReadFault};
use crate::tree::Element;
use crate::uk::systems::READ_V2;

/// READ-01.
pub static META: Meta = Meta {
    id: "HM0404",
    name: "read-v2-code",
    title: "the Read code has not its form",
    family: Family::Snomed,
    issue: "code-invalid",
    requirement: "READ-01",
    basis: "GP Connect, Populating legacy coding: Read version 2 as five characters, with or without a two character term code",
    criterion: "COD-1",
    why: "Read codes are told apart by every character and by case: the original meaning is lost.",
    remedy: "Send all five characters, filled up with dots at the end, and the term code after them if there is one.",
    examples: &[
        Example::bad(
            "a dot inside",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://read.info/readv2", "code": "«H.3..»"}]}}"#,
        ),
        Example::bad(
            "too long",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://read.info/readv2", "code": "«H43..0000»"}]}}"#,
        ),
        Example::good(
            "five characters",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://read.info/readv2", "code": "H43.."}]}}"#,
        ),
        Example::good(
            "with a term code",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://read.info/readv2", "code": "136..00"}]}}"#,
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
    url == READ_V2
}

fn fault(code: &str) -> Option<&'static str> {
    Some(match shapes::read_v2(code).err()? {
        // Each of these has a rule of its own.
        ReadFault::Ellipsis | ReadFault::Short => return None,
        ReadFault::DotsInside => "the dots of a Read code stand at its end only",
        ReadFault::Characters => "a Read code is letters and digits, with dots at its end only",
        ReadFault::Length(_) | ReadFault::TermId => "a Read code is five characters, or seven with its term code",
    })
}

#[cfg(test)]
mod tests {
    use super::fault;

    #[test]
    fn codes() {
        for (code, good) in [
            ("H43..", true),
            ("9bJ4.", true),
            ("136..00", true),
            (".H43.", true),
            ("H.3..", false),
            ("H43..0", false),
            (".....", false),
            ("H43 .", false),
        ] {
            assert_eq!(fault(code).is_none(), good, "{code}");
        }
    }
}
