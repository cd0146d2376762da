//! The Scottish CHI number: its form, date, check digit and sex digit.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::Date;
use crate::tree::{Element, names};
use crate::uk::nhs_number::{self as number, CheckDigit};
use crate::uk::systems::CHI_NUMBER;

/// CHI-01.
pub static FORM: Meta = Meta {
    id: "HM0221",
    name: "chi-number-invalid",
    title: "the CHI number is not one",
    family: Family::NhsNumber,
    issue: "value",
    requirement: "CHI-01",
    basis: "Public Health Scotland, CHI number: DDMMYY, three digits, check digit (modulus 11 or, since 2025, Luhn)",
    criterion: "NAT-1",
    why: "The number matches no patient in Scotland, or the wrong one.",
    remedy: "Take the number from the source again; look it up in the CHI index.",
    examples: &[
        Example::bad(
            "no thirteenth month",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/chi-number", "value": "«3113336489»"}]}"#,
        ),
        Example::bad(
            "both check digits fail",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/chi-number", "value": "«0101336481»"}]}"#,
        )
        .r4(),
        Example::good(
            "modulus 11",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/chi-number", "value": "0101336489"}]}"#,
        ),
        Example::good(
            "Luhn",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/chi-number", "value": "0101336485"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// CHI-02.
pub static PERSON: Meta = Meta {
    id: "HM0222",
    name: "chi-number-contradicts-patient",
    title: "the CHI number speaks of another sex or date of birth than the patient",
    family: Family::NhsNumber,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "CHI-02",
    basis: "Public Health Scotland, CHI number: first six digits are the date of birth, the ninth is odd for males",
    criterion: "NAT-1",
    why: "The number may be another person's.",
    remedy: "Compare with the CHI index; a person may keep an older number, so check before changing anything.",
    examples: &[
        Example::bad(
            "another day",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/chi-number", "value": "«0101336489»"}], "gender": "female", "birthDate": "1933-02-01"}"#,
        ),
        Example::bad(
            "another sex",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/chi-number", "value": "«0101336489»"}], "gender": "male", "birthDate": "1933-01-01"}"#,
        )
        .r4(),
        Example::good(
            "both agree",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/chi-number", "value": "0101336489"}], "gender": "female", "birthDate": "1933-01-01"}"#,
        ),
    ],
    ..Meta::NEW
};

/// Form, date and check digit.
pub static FORM_RULE: Rule =
    Rule { metas: &[&FORM], listens: &[Listens::identifier_of(&[CHI_NUMBER])], check: check_form };

fn check_form(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some(value) = at.child(names::VALUE).filter(|v| v.value().is_some()) else { return };
    let says = match value.value().and_then(number::digits) {
        None => "a CHI number is ten digits",
        Some(d) if !number::has_chi_date(&d) => "the first six digits are not a date of birth",
        Some(d) if number::check_digit(&d) != CheckDigit::Fits && !number::luhn(&d) => {
            "the last digit follows neither from modulus 11 nor from Luhn"
        }
        Some(_) => return,
    };
    out.say(&FORM, value, says);
}

/// Against the patient.
pub static PERSON_RULE: Rule =
    Rule { metas: &[&PERSON], listens: &[Listens::Types(&["Patient"])], check: check_person };

fn check_person(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    for identifier in at.named(names::IDENTIFIER).filter(|i| i.text(names::SYSTEM) == Some(CHI_NUMBER)) {
        let Some(value) = identifier.child(names::VALUE) else { continue };
        let Some(digits) = value.value().and_then(number::digits) else { continue };
        if !number::has_chi_date(&digits) {
            continue;
        }
        let born = at.text(names::BIRTH_DATE).and_then(Date::parse);
        if let Some(born) = born
            && !number::chi_dates(&digits).contains(&Some(born))
        {
            out.say(&PERSON, value, "its first six digits are not the patient's date of birth");
        }
        let odd = digits[8] % 2 == 1;
        let says = match at.text(names::GENDER) {
            Some("male") if !odd => "its ninth digit is even, as for a female, and the patient is sent as male",
            Some("female") if odd => "its ninth digit is odd, as for a male, and the patient is sent as female",
            _ => continue,
        };
        out.say(&PERSON, value, says);
    }
}
