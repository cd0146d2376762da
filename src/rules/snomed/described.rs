//! Description ids and second codings against the concept. Needs an index.

use super::view::{self, SnomedView};
use super::{claim, description};
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::terminology::snomed::Sctid;
use crate::tree::{Element, names};

/// DESC-04.
pub static DESCRIPTION: Meta = Meta {
    id: "HM0365",
    name: "description-of-another-concept",
    title: "the description id belongs to another concept, or is inactive",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Accuracy,
    issue: "code-invalid",
    requirement: "DESC-04",
    basis: "SNOMED CT, Release File Specification: Description.conceptId and active",
    criterion: "COD-2",
    why: "The term shown to the next clinician is not that of the code: two different things are recorded at once.",
    remedy: "Send the id of the description that was chosen together with the concept it describes.",
    examples: &[
        Example::bad(
            "a description of another concept",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-coding-sctdescid", "extension": [{"url": "descriptionId", "valueId": "«7777781000000118»"}]}], "system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
        Example::good(
            "a description of the concept",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-coding-sctdescid", "extension": [{"url": "descriptionId", "valueId": "301485011"}]}], "system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// The text of a description.
pub static DISPLAY: Meta = Meta {
    id: "HM0368",
    name: "description-display-other-text",
    title: "descriptionDisplay is not the text of the description that descriptionId names",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Accuracy,
    issue: "code-invalid",
    requirement: "DESC-04",
    basis: "CareConnect, Extension-coding-sctdescid: descriptionDisplay is the display of the description; SNOMED CT, Description.term",
    criterion: "COD-2",
    why: "A receiver that looks the description up shows another term than one that takes the text as it came.",
    remedy: "Send the text of the description as the release has it, or the id of the description that was chosen.",
    examples: &[
        Example::bad(
            "another text",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-coding-sctdescid", "extension": [{"url": "descriptionId", "valueId": "301485011"}, {"url": "descriptionDisplay", "valueString": "«Wheezing»"}]}], "system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
        Example::good(
            "its text",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-coding-sctdescid", "extension": [{"url": "descriptionId", "valueId": "301485011"}, {"url": "descriptionDisplay", "valueString": "Asthma"}]}], "system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// DUAL-05.
pub static UNRELATED: Meta = Meta {
    id: "HM0366",
    name: "codings-unrelated",
    title: "two SNOMED CT codings of one concept have nothing to do with each other",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "code-invalid",
    requirement: "DUAL-05",
    basis: "FHIR, CodeableConcept: its codings are translations of one concept",
    criterion: "COD-2",
    why: "Receivers take the one or the other, and file different things.",
    remedy: "Send codings of one meaning only; a second meaning is a second resource.",
    examples: &[
        Example::bad(
            "asthma and a heart attack",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}, {"system": "http://snomed.info/sct", "code": "«22298006»"}]}}"#,
        ),
        Example::good(
            "one coding",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Descriptions.
pub static DESCRIPTION_RULE: Rule =
    Rule { metas: &[&DESCRIPTION], listens: &[super::LOOKED_UP], check: check_description };

fn check_description(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some(view) = view::of(scene) {
        described(view, at, out);
    }
}

/// Displays of descriptions.
pub static DISPLAY_RULE: Rule = Rule { metas: &[&DISPLAY], listens: &[super::LOOKED_UP], check: check_display };

fn check_display(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some(view) = view::of(scene) {
        displayed(view, at, out);
    }
}

/// Unrelated codings.
pub static UNRELATED_RULE: Rule =
    Rule { metas: &[&UNRELATED], listens: &[Listens::Types(&["CodeableConcept"])], check: check_unrelated };

fn check_unrelated(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some(view) = view::of(scene) {
        unrelated(view, at, out);
    }
}

fn described(view: &dyn SnomedView, coding: Element<'_>, out: &mut Sink) {
    let Some((_, concept)) = claim::looked_up(coding) else { return };
    let Some(id) = description::id(coding) else { return };
    let Some(Ok(number)) = id.value().map(Sctid::parse) else { return };
    match view.description(number.value()) {
        // Supplier descriptions are in no release.
        None => {}
        Some((of, _)) if of != concept.value() => {
            let draft = out.say(&DESCRIPTION, id, "this description belongs to another concept than the code");
            draft.notes.push(format!("it describes {}", view.name(of)));
        }
        Some((_, false)) => {
            out.say(&DESCRIPTION, id, "this description is no longer active").severity = Severity::Information;
        }
        Some(_) => {}
    }
}

fn displayed(view: &dyn SnomedView, coding: Element<'_>, out: &mut Sink) {
    let Some(id) = description::id(coding) else { return };
    let Some(display) = description::display(coding) else { return };
    let (Some(Ok(number)), Some(text)) = (id.value().map(Sctid::parse), display.value()) else { return };
    if view.described_as(number.value(), text) == Some(false) {
        out.say(&DISPLAY, display, "the description with this id has another text");
    }
}

fn unrelated(view: &dyn SnomedView, concept: Element<'_>, out: &mut Sink) {
    let mut codes = concept.named(names::CODING).filter_map(claim::concept);
    let Some((_, first)) = codes.next() else { return };
    for (code, id) in codes {
        if !view.related(first.value(), id.value()) {
            out.say(&UNRELATED, code, "by hierarchy and history this concept is unrelated to the first one");
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::view::fake;
    use super::*;

    #[test]
    fn descriptions() {
        for (description, count) in [("301485011", 0), (fake::OTHER_DESCRIPTION, 1), ("299603011", 0)] {
            let json = format!(
                r#""extension": [{{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-coding-sctdescid",
                "extension": [{{"url": "descriptionId", "valueId": "{description}"}}]}}],
                "system": "http://snomed.info/sct", "code": "195967001""#
            );
            let found = fake::on_coding(&json, |c, out| described(&fake::View, c, out));
            assert_eq!(found.len(), count, "{description}");
        }
    }

    #[test]
    fn second_codings() {
        for (second, count) in [("195967001", 0), (fake::INACTIVE, 0), ("22298006", 1)] {
            let json = format!(
                r#""system": "http://snomed.info/sct", "code": "195967001"}}, {{"system": "http://snomed.info/sct", "code": "{second}""#
            );
            let found = fake::on_coding(&json, |c, out| {
                if let Some(concept) = c.parent().filter(|p| p.child(names::CODING) == Some(c)) {
                    unrelated(&fake::View, concept, out);
                }
            });
            assert_eq!(found.len(), count, "{second}");
        }
    }
}
