//! Strength and form in the display of a medicine against those of its product. Needs an index.

use super::claim;
use super::view::{self, SnomedView};
use crate::finding::{Dimension, Example, Explained, Family, Meta, Severity};
use crate::rules::{Rule, Scene, Sink};
use crate::tree::{Element, names};

/// MED-01.
pub static META: Meta = Meta {
    id: "HM0371",
    name: "medicine-display-other-strength",
    title: "the display of a medicine names another strength or form than its code",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Accuracy,
    issue: "code-invalid",
    requirement: "MED-01",
    basis: "NHS Business Services Authority, dm+d: the name of a product states strength and form; FHIR, Coding.display",
    criterion: "COD-6",
    why: "People read the one and systems dispense the other: a dose may be wrong by a factor.",
    remedy: "Send the name that dm+d gives the code; if the display is what was meant, send its code.",
    explains: &[Explained::here("HM0360")],
    examples: &[
        Example::bad(
            "another strength",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "7777811000001100", "display": "«Testamol 100mg tablets»"}]}}"#,
        ),
        Example::bad(
            "another form",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "https://dmd.nhs.uk", "code": "7777811000001100", "display": "«Testamol 10mg capsules»"}]}}"#,
        )
        .r4()
        .says("form"),
        Example::good(
            "its own name",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "7777811000001100", "display": "Testamol 10mg tablets"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[super::LOOKED_UP], check };

fn check(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some(view) = view::of(scene) {
        judge(view, at, out);
    }
}

fn judge(view: &dyn SnomedView, coding: Element<'_>, out: &mut Sink) {
    let Some((_, id)) = claim::looked_up(coding) else { return };
    let Some(display) = coding.child(names::DISPLAY) else { return };
    let Some(shown) = display.value() else { return };
    let Some(name) = view.product_name(id.value()) else { return };
    let (sent, held) = (strengths(shown), strengths(&name));
    if !sent.is_empty() && !held.is_empty() && sent != held {
        out.say(&META, display, "the strength is not that of the product");
        return;
    }
    let (sent, held) = (form(shown), form(&name));
    if sent.is_some() && held.is_some() && sent != held {
        out.say(&META, display, "the form is not that of the product");
    }
}

/// Amounts with their units, as written but for zeros and spellings, sorted.
fn strengths(text: &str) -> Vec<(String, &'static str)> {
    let lower = text.to_lowercase();
    let mut found = Vec::new();
    let mut rest = lower.as_str();
    while let Some(at) = rest.find(|c: char| c.is_ascii_digit()) {
        rest = &rest[at..];
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.' && c != ',').unwrap_or(rest.len());
        let (number, after) = rest.split_at(end);
        let word = after.trim_start();
        let word = &word[..word.find(|c: char| !c.is_alphabetic() && c != '%').unwrap_or(word.len())];
        if let Some(unit) = unit(word) {
            found.push((plain(number), unit));
        }
        rest = after;
    }
    found.sort();
    found
}

fn plain(number: &str) -> String {
    let number = number.trim_end_matches(['.', ',']).replace(',', "");
    if number.contains('.') { number.trim_end_matches('0').trim_end_matches('.').to_owned() } else { number }
}

/// A unit of strength in one spelling.
fn unit(word: &str) -> Option<&'static str> {
    Some(match word {
        "mg" | "milligram" | "milligrams" => "mg",
        "g" | "gram" | "grams" => "g",
        "microgram" | "micrograms" | "mcg" | "ug" => "microgram",
        "nanogram" | "nanograms" => "nanogram",
        "ml" | "millilitre" | "millilitres" => "ml",
        "unit" | "units" | "iu" => "unit",
        "mmol" | "millimole" | "millimoles" => "mmol",
        "%" => "%",
        _ => return None,
    })
}

/// The form that a text names, where it names one.
fn form(text: &str) -> Option<&'static str> {
    const FORMS: &[(&str, &str)] = &[
        ("tablet", "tablet"),
        ("capsule", "capsule"),
        ("suppositor", "suppository"),
        ("injection", "injection"),
        ("infusion", "infusion"),
        ("suspension", "suspension"),
        ("oral solution", "oral solution"),
        ("eye drop", "eye drops"),
        ("ear drop", "ear drops"),
        ("ointment", "ointment"),
        ("cream", "cream"),
        ("patch", "patch"),
        ("inhaler", "inhaler"),
        ("nebuliser", "nebuliser liquid"),
    ];
    let lower = text.to_lowercase();
    let mut found = FORMS.iter().filter(|(word, _)| lower.contains(word)).map(|(_, form)| *form);
    // Two forms in one name tell nothing.
    found.next().filter(|_| found.next().is_none())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strengths_and_forms() {
        for (a, b, same) in [
            ("Paracetamol 500mg tablets", "Paracetamol 500 mg tablets", true),
            ("Levothyroxine 25microgram tablets", "Levothyroxine sodium 25 micrograms tablets", true),
            ("Levothyroxine 25microgram tablets", "Levothyroxine 25mg tablets", false),
            ("Co-codamol 8mg/500mg tablets", "Co-codamol 500mg / 8mg tablets", true),
            ("Heparin 1,000units/1ml", "Heparin 1000 units in 1 ml", true),
            ("Morphine 10.0mg/5ml", "Morphine 10mg/5ml", true),
            ("Hydrocortisone 1% cream", "Hydrocortisone 0.1% cream", false),
        ] {
            assert_eq!(strengths(a) == strengths(b), same, "{a} {b}");
        }
        assert!(strengths("B12 vitamin, 28 tablets").is_empty());
        assert_eq!(form("Testamol 10mg Capsules"), Some("capsule"));
        assert_eq!(form("Powder for solution for injection or infusion"), None);
    }
}
