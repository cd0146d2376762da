//! Ranges of ten-digit numbers: not issued, made for tests, or another country's.

use super::claim;
use crate::finding::{Dimension, Environment, Example, Family, Meta, Severity};
use crate::rules::{Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::nhs_number::{self as number, CheckDigit, Range};
use crate::uk::systems::CHI_NUMBER;

const BASIS: &str = "NHS Data Dictionary, NHS NUMBER: ranges in use are 400 to 499 and 600 to 799 million";

/// NHS-05.
pub static NOT_ISSUED: Meta = Meta {
    id: "HM0204",
    name: "nhs-number-not-issued",
    title: "the NHS number lies in a range that is not issued",
    family: Family::NhsNumber,
    severity: Severity::Warning,
    dimension: Dimension::Accuracy,
    issue: "value",
    requirement: "NHS-05",
    basis: BASIS,
    criterion: "NAT-1",
    why: "No patient has this number, so nothing that is filed under it will be found.",
    remedy: "Trace the patient with PDS and send the number that comes back.",
    examples: &[
        Example::bad(
            "a reserved range",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "«5990000006»"}]}"#,
        ),
        Example::good(
            "the range of England and Wales",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "4000000004"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// NHS-06.
pub static TEST: Meta = Meta {
    id: "HM0205",
    name: "nhs-number-test-range",
    title: "a test NHS number is in a production feed",
    family: Family::NhsNumber,
    severity: Severity::Warning,
    dimension: Dimension::Accuracy,
    issue: "value",
    requirement: "NHS-06",
    basis: "NHS England, PDS test data: numbers that begin with 9 are for tests",
    criterion: "NAT-1",
    why: "A made-up patient among real ones is treated, counted and called in like a real one.",
    remedy: "Remove test records from the production feed; for a test feed set environment = \"test\".",
    examples: &[
        Example::bad(
            "a number made up for tests",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "«9990000018»"}]}"#,
        ),
        Example::good(
            "a number that can be issued",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "4000000004"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// NHS-19.
pub static OTHER_SCHEME: Meta = Meta {
    id: "HM0206",
    name: "nhs-number-of-another-country",
    title: "a number of another health service is sent as an NHS number",
    family: Family::NhsNumber,
    severity: Severity::Warning,
    issue: "value",
    requirement: "NHS-19",
    basis: "NHS Data Dictionary, NHS NUMBER; Public Health Scotland, CHI number; HSC Northern Ireland, H&C number",
    criterion: "NAT-1",
    why: "PDS does not know the number, so the patient is not found and a duplicate record is made.",
    remedy: "Send the number under the system of the service that issued it, and the NHS number beside it if there is one.",
    examples: &[
        Example::bad(
            "a CHI number",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "«0101336489»"}]}"#,
        ),
        Example::bad(
            "a Health and Care number",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "«3200000015»"}]}"#,
        ),
        Example::good(
            "a CHI number under its own system",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/chi-number", "value": "0101336489"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Digits that could be a number at all: another rule speaks of the rest.
fn sound<'t>(at: Element<'t>) -> Option<(Element<'t>, [u8; 10])> {
    claim::digits(at).filter(|(_, d)| number::check_digit(d) == CheckDigit::Fits && !number::is_repeated(d))
}

/// Not issued.
pub static NOT_ISSUED_RULE: Rule = Rule { metas: &[&NOT_ISSUED], listens: &[super::CLAIMED], check: check_not_issued };

fn check_not_issued(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some((value, digits)) = sound(at) else { return };
    let says = match number::range(&digits) {
        Range::Reserved => "numbers that begin with 5 are reserved and not issued",
        Range::Unallocated => "this range of numbers is not allocated to any health service",
        Range::Scotland if !number::has_chi_date(&digits) => {
            "this range is Scotland's, but its CHI numbers begin with a date of birth and this one does not"
        }
        _ => return,
    };
    out.say(&NOT_ISSUED, value, says);
}

/// For tests only.
pub static TEST_RULE: Rule = Rule { metas: &[&TEST], listens: &[super::CLAIMED], check: check_test };

fn check_test(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if scene.environment == Environment::Production
        && let Some((value, digits)) = sound(at)
        && number::range(&digits) == Range::Test
    {
        out.say(&TEST, value, "numbers that begin with 9 are made for tests, and this feed is declared as production");
    }
}

/// Another health service's.
pub static OTHER_SCHEME_RULE: Rule =
    Rule { metas: &[&OTHER_SCHEME], listens: &[super::CLAIMED], check: check_other_scheme };

fn check_other_scheme(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some((value, digits)) = claim::digits(at) else { return };
    let fits = number::check_digit(&digits) == CheckDigit::Fits && !number::is_repeated(&digits);
    let says = match number::range(&digits) {
        // CHI numbers issued since the replacement carry a Luhn digit, which fails modulus 11.
        Range::Scotland if number::has_chi_date(&digits) && (fits || number::luhn(&digits)) => {
            &format!("this is a Scottish CHI number; its system is {CHI_NUMBER}")
        }
        Range::NorthernIreland if fits => "this is a Health and Care number of Northern Ireland",
        Range::Ireland if fits => "this is an Individual Health Identifier of Ireland",
        _ => return,
    };
    out.say(&OTHER_SCHEME, value, says);
}
