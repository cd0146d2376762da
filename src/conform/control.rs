//! What extensions of a definition ask of the message: values that must be there, and how a narrative is divided.

use super::checker::{Checker, Pass};
use super::narrative_markup::{Top, judge};
use crate::finding::{Dimension, Example, Meta};
use crate::tree::{Element, flags, names};

/// A profile that asks for the source of each part of the narrative.
const SOURCES: &[&str] = &[
    r#"{"resourceType": "StructureDefinition", "url": "https://hospital.test/StructureDefinition/Sources", "name": "Sources", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint", "differential": {"element": [{"id": "Patient", "path": "Patient"}, {"id": "Patient.text", "path": "Patient.text", "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/narrative-source-control", "valueBoolean": true}]}]}}"#,
];

/// Narrative sections.
pub static SECTIONS: Meta = Meta {
    id: "HM0143",
    name: "narrative-sections",
    title: "the narrative is not divided as the profile asks",
    issue: "structure",
    basis: "HL7 extensions narrative-source-control and narrative-language-control",
    criterion: "INT-2",
    why: "Readers cannot tell what a person wrote from what software made of the data, or find the text in their language.",
    remedy: "Give each part of the narrative a class that names its source, or a language, as the profile asks.",
    examples: &[Example::bad("a part without a class", r#"{"resourceType": "Patient", "text": «{"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>x</p></div>"}», "active": true}"#).r4().against("https://hospital.test/StructureDefinition/Sources").holding(SOURCES),
Example::good("a part that says it was generated", r#"{"resourceType": "Patient", "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p class=\"generated\">x</p></div>"}, "active": true}"#).r4().against("https://hospital.test/StructureDefinition/Sources").holding(SOURCES)],
    ..Meta::NEW
};

/// A profile that asks for a date of birth with a value.
const KNOWN_BIRTH: &[&str] = &[
    r#"{"resourceType": "StructureDefinition", "url": "https://hospital.test/StructureDefinition/KnownBirth", "name": "KnownBirth", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint", "differential": {"element": [{"id": "Patient", "path": "Patient"}, {"id": "Patient.birthDate", "path": "Patient.birthDate", "min": 1, "mustHaveValue": true}]}}"#,
];

/// Value missing.
pub static VALUE: Meta = Meta {
    id: "HM0144",
    name: "primitive-value-missing",
    title: "the element has no value, and the profile asks for one",
    issue: "required",
    dimension: Dimension::Completeness,
    basis: "FHIR, ElementDefinition.mustHaveValue and valueAlternatives",
    criterion: "INT-2",
    why: "An extension stands where the receiver needs the value itself.",
    remedy: "Send the value, or the extension that the profile accepts in its place.",
    examples: &[Example::bad("an extension in place of the value", r#"{"resourceType": "Patient", "_birthDate": «{"extension": [{"url": "http://hl7.org/fhir/StructureDefinition/data-absent-reason", "valueCode": "unknown"}]}»}"#).r4().against("https://hospital.test/StructureDefinition/KnownBirth").holding(KNOWN_BIRTH),
Example::good("a value", r#"{"resourceType": "Patient", "birthDate": "1980-01-01"}"#).r4().against("https://hospital.test/StructureDefinition/KnownBirth").holding(KNOWN_BIRTH)],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    /// The controls of one node.
    pub(super) fn controls(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        let controls = &pass.plan.nodes[node as usize].controls;
        let has_value = at.node().is(flags::HAS_VALUE);
        let mut alternatives = Vec::new();
        for (name, value) in controls {
            match name.as_str() {
                "must-have-value" if value == "true" && !has_value => {
                    let says = format!("{} must have a value", pass.plan.nodes[node as usize].path);
                    let draft = self.draft(&VALUE, pass, node, at, says);
                    self.emit(draft);
                }
                "value-alternative" => alternatives.push(value.as_str()),
                "narrative-source" => self.sources(at, pass, node),
                "narrative-language" => self.languages(at, pass, node, value),
                _ => {}
            }
        }
        let replaced =
            at.named(names::EXTENSION).any(|e| e.text(names::URL).is_some_and(|u| alternatives.contains(&u)));
        if !alternatives.is_empty() && !has_value && !replaced {
            let path = &pass.plan.nodes[node as usize].path;
            let says = format!("{path} must have a value or the extension {}", alternatives.join(" or "));
            let draft = self.draft(&VALUE, pass, node, at, says);
            self.emit(draft);
        }
    }

    fn sources(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        for (i, top) in parts(at).iter().enumerate() {
            let classes = top.class.as_deref().unwrap_or("");
            if !classes.split_whitespace().any(|c| matches!(c, "boilerplate" | "generated" | "original")) {
                let number = i + 1;
                let says = format!(
                    "part {number} of the narrative has no class that names its source: boilerplate, generated or original"
                );
                let draft = self.draft(&SECTIONS, pass, node, at, says);
                self.emit(draft);
            }
        }
    }

    /// `_yes`: sections by language; `_no`: none; `_resource`: one in the language of the resource; else in this one.
    fn languages(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32, asked: &str) {
        let parts = parts(at);
        let held: Vec<&str> = parts.iter().filter_map(|t| t.language.as_deref()).collect();
        let says = match asked {
            "_no" if !held.is_empty() => "the narrative has language sections, and must have none".to_owned(),
            "_yes" if held.is_empty() => "the narrative has no language sections, and must have some".to_owned(),
            "_no" | "_yes" => return,
            "_resource" => match at.resource().text(names::LANGUAGE) {
                Some(language) if !held.contains(&language) => {
                    "the narrative has no section in the language of the resource".to_owned()
                }
                _ => return,
            },
            language if !held.contains(&language) => format!("the narrative has no section in the language {language}"),
            _ => return,
        };
        let draft = self.draft(&SECTIONS, pass, node, at, says);
        self.emit(draft);
    }
}

fn parts(at: Element<'_>) -> Vec<Top> {
    at.child(names::DIV).and_then(Element::value).map(|div| judge(div).top).unwrap_or_default()
}
