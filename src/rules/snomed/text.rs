//! The text of a concept: alone, or against the display.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::systems::SNOMED;

/// TEXT-01.
pub static ALONE: Meta = Meta {
    id: "HM0350",
    name: "concept-text-only",
    title: "a clinical entry is text without a code",
    family: Family::Snomed,
    severity: Severity::Information,
    dimension: Dimension::Completeness,
    issue: "informational",
    requirement: "TEXT-01",
    basis: "FHIR, CodeableConcept: text alone is allowed; SCCI0034 SNOMED CT in electronic records",
    criterion: "COD-1",
    why: "Searches, decision support and counts do not see what is written in words only.",
    remedy: "Send the SNOMED CT code of what was recorded beside the text.",
    examples: &[
        Example::bad(
            "text alone",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": «{"text": "Asthma"}»}"#,
        ),
        Example::good(
            "text and code",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}], "text": "Asthma"}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// TEXT-02.
pub static CONTRADICTS: Meta = Meta {
    id: "HM0351",
    name: "concept-text-contradicts-display",
    title: "the text of a concept negates its display, or the other way round",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "TEXT-02",
    basis: "GP Connect, CodeableConcept: original term is text, then descriptionDisplay, then display",
    criterion: "COD-2",
    why: "One reader sees that the patient has it, another that the patient does not.",
    remedy: "Send the code of what the text says.",
    examples: &[
        Example::bad(
            "a negation in the text only",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001", "display": "Asthma"}], "text": "«No asthma»"}}"#,
        ),
        Example::good(
            "another wording",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001", "display": "Asthma"}], "text": "Asthma since childhood"}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

// Medicines have a rule of their own.
/// Text alone.
pub static ALONE_RULE: Rule = Rule {
    metas: &[&ALONE],
    listens: &[Listens::Types(&[
        "Condition",
        "AllergyIntolerance",
        "Procedure",
        "Observation",
        "Immunization",
        "DiagnosticReport",
        "FamilyMemberHistory",
    ])],
    check: check_alone,
};

fn check_alone(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let concepts = at.named(names::CODE).chain(at.all("vaccineCode"));
    for concept in concepts.filter(|c| c.type_id() == names::T_CODEABLE_CONCEPT) {
        if concept.child(names::TEXT).is_some() && concept.child(names::CODING).is_none() {
            out.say(&ALONE, concept, "the concept has text and no coding");
        }
    }
}

/// Text against display.
pub static CONTRADICTS_RULE: Rule =
    Rule { metas: &[&CONTRADICTS], listens: &[Listens::Types(&["CodeableConcept"])], check: check_contradicts };

fn check_contradicts(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some(text) = at.child(names::TEXT) else { return };
    let Some(words) = text.value() else { return };
    let is_snomed = |c: &Element<'_>| c.text(names::SYSTEM) == Some(SNOMED);
    for display in at.named(names::CODING).filter(is_snomed).filter_map(|c| c.text(names::DISPLAY)) {
        if contradicts(words, display) {
            out.say(&CONTRADICTS, text, "but for a negation the text says the same as the display");
            return;
        }
    }
}

/// Words that turn a statement round.
const NEGATIONS: &[&str] = &["no", "not", "without", "never", "denies", "absent", "excluded", "negative"];

/// Words of a text in lower case without its negations, and whether there were any.
fn bare(text: &str) -> (Vec<String>, bool) {
    let words = text.split(|c: char| !c.is_alphanumeric()).filter(|w| !w.is_empty()).map(str::to_lowercase);
    let (negations, kept): (Vec<String>, Vec<String>) = words.partition(|w| NEGATIONS.contains(&w.as_str()));
    (kept, !negations.is_empty())
}

/// Whether two texts differ by a negation and by nothing else.
fn contradicts(text: &str, display: &str) -> bool {
    // Only texts of about the same length can: most leave here without any work.
    if text == display || text.len().abs_diff(display.len()) > 12 {
        return false;
    }
    let ((a, a_negated), (b, b_negated)) = (bare(text), bare(display));
    a_negated != b_negated && !a.is_empty() && a == b
}

#[cfg(test)]
mod tests {
    use super::contradicts;

    #[test]
    fn negations() {
        for (text, display, expected) in [
            ("No asthma", "Asthma", true),
            ("Asthma", "Asthma absent", true),
            ("Pregnancy test negative", "Pregnancy test", true),
            ("Asthma", "Asthma", false),
            ("No known allergies", "No known allergy", false),
            ("Nocturnal asthma", "Asthma", false),
            ("Mild asthma", "Asthma", false),
            ("No", "", false),
        ] {
            assert_eq!(contradicts(text, display), expected, "{text} / {display}");
        }
    }
}
