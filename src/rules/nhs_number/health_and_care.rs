//! The Health and Care number of Northern Ireland.

use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::nhs_number::{self as number, CheckDigit, Range};

/// HC-01.
pub static META: Meta = Meta {
    id: "HM0223",
    name: "health-and-care-number-invalid",
    title: "the Health and Care number is not one",
    family: Family::NhsNumber,
    issue: "value",
    requirement: "HC-01",
    basis: "HSC Northern Ireland, Health and Care number: ten digits from 320 to 399 million, modulus 11",
    criterion: "NAT-1",
    why: "The number matches no patient in Northern Ireland, or the wrong one.",
    remedy: "Take the number from the source again.",
    examples: &[
        Example::bad(
            "an NHS number's range",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://registry.test/Id/health-and-care-number", "value": "«9990000018»"}]}"#,
        ),
        Example::good(
            "a number",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://registry.test/Id/health-and-care-number", "value": "3200000015"}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule =
    Rule { metas: &[&META], listens: &[Listens::identifier(number::is_health_and_care_system)], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some(value) = at.child(names::VALUE).filter(|v| v.value().is_some()) else { return };
    let says = match value.value().and_then(number::digits) {
        None => "a Health and Care number is ten digits",
        Some(d) if number::range(&d) != Range::NorthernIreland => {
            "Health and Care numbers lie between 320 and 399 million"
        }
        Some(d) if number::check_digit(&d) != CheckDigit::Fits => "the last digit does not follow from the first nine",
        Some(_) => return,
    };
    out.say(&META, value, says);
}
