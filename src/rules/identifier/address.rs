//! Postcodes in addresses: form, pseudo postcodes, and postcodes in other fields.

use crate::finding::{Dimension, Example, Explained, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::postcode::{self, Postcode};

const BASIS: &str = "NHS Data Dictionary, POSTCODE; BS 7666";

/// PC-01.
pub static FORM: Meta = Meta {
    id: "HM0256",
    name: "postcode-format",
    title: "the postcode is not one of the United Kingdom",
    family: Family::Identifier,
    issue: "value",
    requirement: "PC-01",
    basis: BASIS,
    criterion: "INT-1",
    why: "Letters do not arrive, and the patient is not matched or placed in an area.",
    remedy: "Send the postcode in capitals with one space before its last three characters; of an address abroad, send the country too.",
    explains: &[Explained::here("HM0112"), Explained::here("HM0820")],
    examples: &[
        Example::bad(
            "letters that the last part never has",
            r#"{"resourceType": "Patient", "address": [{"postalCode": "«LS1 4OV»"}]}"#,
        ),
        Example::bad(
            "the gap in the wrong place",
            r#"{"resourceType": "Patient", "address": [{"postalCode": "«LS14 HY»"}]}"#,
        )
        .r4(),
        Example::bad(
            "a code of another country, which the address does not name",
            r#"{"resourceType": "Practitioner", "address": [{"city": "Testville", "state": "NSW", "postalCode": "«2537»"}]}"#,
        ),
        Example::good("a postcode", r#"{"resourceType": "Patient", "address": [{"postalCode": "LS1 4HY"}]}"#),
        Example::good(
            "an address abroad",
            r#"{"resourceType": "Patient", "address": [{"postalCode": "75001", "country": "FRA"}]}"#,
        ),
        Example::good("no fixed abode", r#"{"resourceType": "Patient", "address": [{"postalCode": "ZZ99 3VZ"}]}"#),
    ],
    ..Meta::NEW
};

/// PC-02.
pub static PSEUDO: Meta = Meta {
    id: "HM0257",
    name: "postcode-pseudo",
    title: "the postcode stands for no place in particular",
    family: Family::Identifier,
    severity: Severity::Information,
    dimension: Dimension::Completeness,
    issue: "informational",
    requirement: "PC-02",
    basis: "NHS Data Dictionary, POSTCODE: pseudo country and default codes ZZ99",
    criterion: "COD-5",
    why: "The code is valid, but the place where the patient lives is not known to the receiver.",
    remedy: "Nothing, when it is true; otherwise send the patient's postcode.",
    examples: &[
        Example::bad("no fixed abode", r#"{"resourceType": "Patient", "address": [{"postalCode": "«ZZ99 3VZ»"}]}"#),
        Example::good("a postcode", r#"{"resourceType": "Patient", "address": [{"postalCode": "LS1 4HY"}]}"#).r4(),
    ],
    ..Meta::NEW
};

/// PC-03.
pub static MISPLACED: Meta = Meta {
    id: "HM0258",
    name: "postcode-in-other-field",
    title: "a postcode stands in another field of the address",
    family: Family::Identifier,
    severity: Severity::Warning,
    issue: "structure",
    requirement: "PC-03",
    basis: "FHIR, Address.postalCode; NHS Data Dictionary, POSTCODE",
    criterion: "INT-1",
    why: "Receivers match and place patients by postalCode; in a line or the city it is not seen.",
    remedy: "Send the postcode in postalCode, once.",
    examples: &[
        Example::bad(
            "in a line",
            r#"{"resourceType": "Patient", "address": [{"line": ["1 Test Street", "«LS1 4HY»"], "city": "Leeds"}]}"#,
        ),
        Example::bad("in the city", r#"{"resourceType": "Patient", "address": [{"city": "«Leeds LS1 4HY»"}]}"#).r4(),
        Example::good(
            "in its place",
            r#"{"resourceType": "Patient", "address": [{"line": ["1 Test Street"], "city": "Leeds", "postalCode": "LS1 4HY"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// What an address says of its country.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Country {
    /// The United Kingdom or a crown dependency.
    Home,
    /// Another.
    Abroad,
    /// It names none.
    Unsaid,
}

fn country(address: Element<'_>) -> Country {
    const HOME: &[&str] = &[
        "uk",
        "u.k.",
        "gb",
        "gbr",
        "united kingdom",
        "great britain",
        "england",
        "scotland",
        "wales",
        "cymru",
        "northern ireland",
        "gb-eng",
        "gb-sct",
        "gb-wls",
        "gb-nir",
        "isle of man",
        "im",
        "imn",
        "jersey",
        "guernsey",
        "je",
        "jey",
        "gg",
        "ggy",
    ];
    match address.get("country").and_then(Element::value).map(str::trim).filter(|c| !c.is_empty()) {
        None => Country::Unsaid,
        Some(said) if HOME.iter().any(|h| said.eq_ignore_ascii_case(h)) => Country::Home,
        Some(_) => Country::Abroad,
    }
}

/// Form.
pub static FORM_RULE: Rule = Rule { metas: &[&FORM], listens: &[Listens::Types(&["Address"])], check: check_form };

fn check_form(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some(code) = at.get("postalCode") else { return };
    let Some(text) = code.value() else { return };
    match postcode::read(text) {
        Postcode::Good | Postcode::Pseudo => {}
        _ if country(at) == Country::Abroad => {}
        Postcode::Untidy => {
            let says = "in capitals and with one space before its last three characters this would be a postcode";
            out.say(&FORM, code, says).severity = Severity::Warning;
        }
        Postcode::Bad if country(at) == Country::Home || postcode::is_meant(text) => {
            out.say(&FORM, code, "this does not have the shape of a UK postcode");
        }
        // It may be right in the country where the address lies, which nobody has named.
        Postcode::Bad => {
            let says = "this does not have the shape of a UK postcode, and the address names no country";
            out.say(&FORM, code, says).severity = Severity::Warning;
        }
    }
}

/// Pseudo postcodes.
pub static PSEUDO_RULE: Rule =
    Rule { metas: &[&PSEUDO], listens: &[Listens::Types(&["Address"])], check: check_pseudo };

fn check_pseudo(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some(code) = at.get("postalCode")
        && code.value().map(postcode::read) == Some(Postcode::Pseudo)
    {
        out.say(&PSEUDO, code, "this is a pseudo postcode: it stands for no place in the United Kingdom");
    }
}

/// In another field.
pub static MISPLACED_RULE: Rule =
    Rule { metas: &[&MISPLACED], listens: &[Listens::Types(&["Address"])], check: check_misplaced };

fn check_misplaced(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    for field in at.children() {
        if !matches!(field.name(), "line" | "city" | "district" | "state") {
            continue;
        }
        if field.value().is_some_and(ends_in_postcode) {
            let says = if at.get("postalCode").is_some() {
                "this field ends in a postcode, and the address has one in postalCode as well"
            } else {
                "this field ends in a postcode, which belongs in postalCode"
            };
            out.say(&MISPLACED, field, says);
        }
    }
    let mut codes = at.all("postalCode");
    if let (Some(_), Some(second)) = (codes.next(), codes.next()) {
        out.say(&MISPLACED, second, "the address has two postcodes");
    }
}

/// Whether the last two words are the two parts of a postcode, in capitals.
fn ends_in_postcode(text: &str) -> bool {
    let text = text.trim_end_matches([' ', '.', ',']);
    let Some(gap) = text.rfind(' ') else { return false };
    let start = text[..gap].rfind([' ', ',']).map_or(0, |i| i + 1);
    let (outward, inward) = (&text[start..gap], &text[gap + 1..]);
    inward.len() == 3
        && (2..=4).contains(&outward.len())
        && matches!(postcode::read(&text[start..]), Postcode::Good | Postcode::Pseudo)
}

#[cfg(test)]
mod tests {
    use super::ends_in_postcode;

    #[test]
    fn postcodes_at_the_end() {
        for (text, expected) in [
            ("LS1 4HY", true),
            ("Leeds LS1 4HY", true),
            ("Leeds,LS1 4HY.", true),
            ("Ward ZZ99 3VZ", true),
            ("1 Test Street", false),
            ("Flat B2 1st floor", false),
            ("Leeds", false),
            ("LS14HY", false),
        ] {
            assert_eq!(ends_in_postcode(text), expected, "{text}");
        }
    }
}
