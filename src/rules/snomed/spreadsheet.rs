//! Codes that went through a spreadsheet: rounded to 15 digits, or in exponent form.

use super::claim::{self, Fault};
use crate::finding::{Dimension, Example, Explained, Family, Meta};
use crate::rules::{Rule, Scene, Sink};
use crate::terminology::snomed::sctid::Truncation;
use crate::tree::{Element, Kind, names};
use crate::uk::snomed::{Spelling, spelling};

/// SCT-03.
pub static ROUNDED: Meta = Meta {
    id: "HM0302",
    name: "snomed-code-rounded",
    title: "the SNOMED CT code was rounded by a spreadsheet",
    family: Family::Snomed,
    dimension: Dimension::Accuracy,
    issue: "code-invalid",
    requirement: "SCT-03",
    basis: "SNOMED CT, Release File Specification: SCTID up to 18 digits; spreadsheets keep 15",
    criterion: "COD-2",
    why: "The last digits are lost: of a 17 or 18 digit code nobody can say which concept was meant.",
    remedy: "Keep codes as text in every step; take this one from the terminology again.",
    explains: &[Explained::coding("HM0115"), Explained::coding("HM0116")],
    examples: &[
        Example::bad(
            "16 digits, the last one lost",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«1091811000000100»"}]}}"#,
        ),
        Example::bad(
            "17 digits, two lost",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«39113611000001100»"}]}}"#,
        )
        .r4(),
        Example::good(
            "whole",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1091811000000102"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// SCT-05.
pub static NUMBER: Meta = Meta {
    id: "HM0303",
    name: "snomed-code-as-number",
    title: "the SNOMED CT code was written as a number",
    family: Family::Snomed,
    issue: "code-invalid",
    requirement: "SCT-05",
    basis: "SNOMED CT, Release File Specification: SCTID is an identifier, not a quantity; RFC 8259 section 6",
    criterion: "COD-2",
    why: "Above 15 digits numbers are rounded by most software, so the code arrives as another one.",
    remedy: "Send the code as text, all its digits written out.",
    explains: &[Explained::here("HM0104"), Explained::coding("HM0115"), Explained::coding("HM0116")],
    examples: &[
        Example::bad(
            "exponent form",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«1.08266E+15»"}]}}"#,
        ),
        Example::good(
            "as text",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1082661000000107"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Rounded.
pub static ROUNDED_RULE: Rule = Rule { metas: &[&ROUNDED], listens: &[super::CLAIMED], check: check_rounded };

fn check_rounded(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some((code, text)) = claim::code(at) else { return };
    let Some(Fault::Rounded(truncation)) = claim::fault(text) else { return };
    let draft = out.say(&ROUNDED, code, "every digit after the fifteenth is 0 and the check digit fails");
    let note = match truncation {
        // A code of a terminology is no patient value.
        Truncation::Repairable(id) => format!("only the check digit was lost: the code with these digits is {id}"),
        Truncation::Lost => "more than the check digit was lost, so the code cannot be repaired".to_owned(),
    };
    draft.notes.push(note);
}

/// A number, or in exponent form.
pub static NUMBER_RULE: Rule = Rule { metas: &[&NUMBER], listens: &[super::CLAIMED], check: check_number };

fn check_number(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if at.text(names::SYSTEM).is_none_or(|s| spelling(s) == Spelling::Other) {
        return;
    }
    let Some(code) = at.child(names::CODE) else { return };
    if code.kind() == Kind::Number {
        out.say(&NUMBER, code, "a code is text in quotes, not a JSON number");
    } else if code.value().and_then(claim::fault) == Some(Fault::Exponent) {
        out.say(&NUMBER, code, "this is exponent form, as a spreadsheet shows long numbers");
    }
}
