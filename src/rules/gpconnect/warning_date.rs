//! The date in the note for data in transit.

use super::warning::{self, IN_TRANSIT};
use crate::finding::{Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0518",
    name: "gpc-transit-date",
    title: "the note for data in transit names no date",
    family: Family::GpConnect,
    severity: Severity::Warning,
    issue: "value",
    requirement: "GPC-W02",
    basis: "GP Connect Access Record: Structured, warning codes: data in transit, date as dd-Mmm-yyyy",
    criterion: "INT-4",
    why: "The clinician must know which years of the record may be missing.",
    remedy: "Put the date of registration in place of the pattern, for example 14-Mar-2019.",
    examples: &[
        Example::bad(
            "the pattern itself",
            r#"{"resourceType": "List", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-ListWarningCode-1", "valueCode": "data-in-transit"}], "status": "current", "mode": "snapshot", "note": [{"text": "«Patient record transfer from previous GP practice not yet complete; information recorded before dd-Mmm-yyyy may be missing.»"}]}"#,
        ),
        Example::good(
            "a date",
            r#"{"resourceType": "List", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-ListWarningCode-1", "valueCode": "data-in-transit"}], "status": "current", "mode": "snapshot", "note": [{"text": "Patient record transfer from previous GP practice not yet complete; information recorded before 14-Mar-2019 may be missing."}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Data in transit names a date.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["List"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !warning::codes(at).any(|(_, code)| code == "data-in-transit") {
        return;
    }
    for note in warning::notes(at) {
        let text = note.value().unwrap_or("");
        let Some((_, after)) = text.split_once(IN_TRANSIT) else { continue };
        if !is_date(after.split_whitespace().next().unwrap_or("")) {
            out.say(&META, note, "a date such as 14-Mar-2019 belongs after \"information recorded before\"");
        }
    }
}

/// Whether a word has the form `dd-Mmm-yyyy`.
fn is_date(word: &str) -> bool {
    const MONTHS: &[&str] = &["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"];
    let mut parts = word.trim_end_matches(['.', ',']).split('-');
    let (Some(day), Some(month), Some(year), None) = (parts.next(), parts.next(), parts.next(), parts.next()) else {
        return false;
    };
    let digits =
        |t: &str, n: std::ops::RangeInclusive<usize>| n.contains(&t.len()) && t.bytes().all(|b| b.is_ascii_digit());
    digits(day, 1..=2) && digits(year, 4..=4) && MONTHS.iter().any(|m| m.eq_ignore_ascii_case(month))
}

#[cfg(test)]
mod tests {
    use super::is_date;

    #[test]
    fn dates_of_notes() {
        for (word, expected) in
            [("14-Mar-2019", true), ("1-mar-2019", true), ("dd-Mmm-yyyy", false), ("14/03/2019", false), ("", false)]
        {
            assert_eq!(is_date(word), expected, "{word}");
        }
    }
}
