//! The check digit of the NHS number.

use super::claim;
use crate::finding::{Example, Explained, Family, Meta};
use crate::rules::{Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::nhs_number::{self as number, CheckDigit};

/// NHS-01.
pub static META: Meta = Meta {
    id: "HM0200",
    name: "nhs-number-check-digit",
    title: "the NHS number fails its check digit",
    family: Family::NhsNumber,
    issue: "value",
    requirement: "NHS-01",
    basis: "NHS Data Dictionary, attribute NHS NUMBER: modulus 11 check digit, weights 10 to 2",
    criterion: "NAT-1",
    why: "The number belongs to nobody: the record cannot be matched, or a slip of one digit lands on another patient.",
    remedy: "Take the number from the source again and trace it with PDS; never repair or invent one.",
    explains: &[Explained::here("HM0203")],
    examples: &[
        Example::bad(
            "one digit mistyped",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "«9990000019»"}]}"#,
        ),
        Example::bad(
            "nine digits for which no check digit exists",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "«1234567890»"}]}"#,
        ),
        Example::bad(
            "in a reference by identifier",
            r#"{"resourceType": "Flag", "status": "active", "code": {"text": "Test"}, "subject": {"identifier": {"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "«9990000019»"}}}"#,
        )
        .r4(),
        Example::good(
            "a number that passes",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}]}"#,
        ),
        Example::good(
            "another system",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://hospital.test/mrn", "value": "9990000019"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[super::CLAIMED], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some((value, digits)) = claim::digits(at) else { return };
    match number::check_digit(&digits) {
        CheckDigit::Fits => {}
        CheckDigit::Differs => {
            out.say(&META, value, "the last digit does not follow from the first nine")
                .notes
                .push("one wrong digit, or two neighbours swapped, always shows up like this".to_owned());
        }
        CheckDigit::NoneExists => {
            out.say(&META, value, "no NHS number begins with these nine digits: they have no check digit");
        }
    }
}
