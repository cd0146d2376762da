//! Displays against the terms of their concept. Needs an index.

use super::claim;
use super::view::{self, SnomedView, Term};
use crate::finding::{Dimension, Example, Explained, Family, Meta, Severity};
use crate::rules::{Rule, Scene, Sink};
use crate::tree::{Element, names};

/// DISP-01.
pub static META: Meta = Meta {
    id: "HM0360",
    name: "display-not-of-the-concept",
    title: "the display is not a term of the SNOMED CT concept",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Accuracy,
    issue: "code-invalid",
    requirement: "DISP-01",
    basis: "FHIR, Using SNOMED CT: display is a term of the concept; NHS realm language reference sets",
    criterion: "COD-2",
    why: "People read the display and software reads the code: the two then act on different things.",
    remedy: "Send the preferred term of the code; if the display is what was meant, send its code.",
    explains: &[Explained::here("HM0330")],
    examples: &[
        Example::bad(
            "a term of something else",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001", "display": "«Penicillin»"}]}}"#,
        ),
        Example::good(
            "the preferred term",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001", "display": "Asthma"}]}}"#,
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
    let Some(text) = display.value().filter(|t| !t.trim().is_empty()) else { return };
    if view.concept(id.value()).is_none()
        || view.medicine(id.value()).is_some_and(|m| m.name.eq_ignore_ascii_case(text.trim()))
    {
        return;
    }
    let says = match view.term(id.value(), text) {
        // A fully specified name has a rule of its own.
        Term::Preferred | Term::FullySpecifiedName => return,
        Term::Foreign => {
            let says = "no description of this concept has this text: the code may mean something else";
            let meant = view.meant(text, 3);
            let draft = out.say(&META, display, says);
            draft.notes.extend(meant.into_iter().map(|concept| format!("it is a term of {}", view.name(concept))));
            return;
        }
        Term::Synonym => "this is a synonym, not the preferred term",
        Term::Inactive => "this was a term of the concept and is no longer active",
    };
    out.say(&META, display, says).severity = Severity::Information;
}

#[cfg(test)]
mod tests {
    use super::super::view::fake;
    use super::*;

    #[test]
    fn displays() {
        for (display, severity) in [
            ("Asthma", None),
            ("Asthma (disorder)", None),
            ("Bronchial asthma", Some(Severity::Information)),
            ("Penicillin", Some(Severity::Warning)),
        ] {
            let json = format!(r#""system": "http://snomed.info/sct", "code": "195967001", "display": "{display}""#);
            let found = fake::on_coding(&json, |coding, out| judge(&fake::View, coding, out));
            assert_eq!(found.first().map(|d| d.severity), severity, "{display}");
            let meant = found.iter().flat_map(|d| &d.notes).any(|note| note.contains("764146007"));
            assert_eq!(meant, display == "Penicillin", "{display}");
        }
    }
}
