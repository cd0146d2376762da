//! Unique booking reference numbers of the e-Referral Service.

use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink, pattern};
use crate::tree::Element;
use crate::uk::registers;
use crate::uk::systems::UBRN;

/// UBRN-01.
pub static META: Meta = Meta {
    id: "HM0253",
    name: "ubrn-format",
    title: "the booking reference number has not its form",
    family: Family::Identifier,
    issue: "value",
    requirement: "UBRN-01",
    basis: "NHS Data Dictionary, UNIQUE BOOKING REFERENCE NUMBER (CONVERTED) (n12)",
    criterion: "INT-1",
    why: "The referral is not found in the e-Referral Service, and the booking is lost.",
    remedy: "Send the twelve digits without spaces.",
    examples: &[
        Example::bad(
            "eight digits and a gap",
            r#"{"resourceType": "ReferralRequest", "status": "active", "intent": "plan", "subject": {"display": "Test"}, "identifier": [{"system": "https://fhir.nhs.uk/Id/UBRN", "value": "«7000 0000»"}]}"#,
        ),
        Example::good(
            "twelve digits",
            r#"{"resourceType": "ReferralRequest", "status": "active", "intent": "plan", "subject": {"display": "Test"}, "identifier": [{"system": "https://fhir.nhs.uk/Id/UBRN", "value": "000000070000"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::identifier_of(&[UBRN])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    pattern::value(&META, at, fault, out);
}

fn fault(value: &str) -> Option<&'static str> {
    (!registers::is_ubrn(value)).then_some("a unique booking reference number is twelve digits")
}
