//! Definitions sent as messages: a canonical that can be used, and the checks of each kind.

use super::checker::Checker;
use crate::finding::{Example, Meta};
use crate::message::is_absolute;
use crate::tree::{Element, names};

/// Relative canonical.
pub static CANONICAL: Meta = Meta {
    id: "HM0150",
    name: "canonical-url-relative",
    title: "the url of a definition is not absolute",
    issue: "invalid",
    basis: "FHIR, canonical resources: url is a globally unique, absolute URI",
    criterion: "INT-1",
    why: "Nobody else can refer to the definition.",
    remedy: "Give the definition an absolute URL of your own, or a urn:uuid.",
    examples: &[
        Example::bad("a path", r#"{"resourceType": "ValueSet", "url": "«ValueSet/wards»", "status": "active"}"#),
        Example::good(
            "a URL",
            r#"{"resourceType": "ValueSet", "url": "https://hospital.test/ValueSet/wards", "status": "active"}"#,
        ),
    ],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    /// What a definition must be beyond its shape.
    pub(super) fn definition(&mut self, at: Element<'t>) {
        let kind = names::text(at.type_id());
        if !matches!(
            kind,
            "CodeSystem"
                | "ValueSet"
                | "ConceptMap"
                | "StructureDefinition"
                | "SearchParameter"
                | "OperationDefinition"
                | "CapabilityStatement"
                | "MessageDefinition"
                | "Questionnaire"
                | "NamingSystem"
        ) {
            return;
        }
        if let Some(url) = at.child(names::URL)
            && let Some(text) = url.value().filter(|u| !u.is_empty())
            && !is_absolute(text)
            && !text.starts_with('#')
        {
            let draft = self.plain(&CANONICAL, url, url.mark(), "the url of a definition must be absolute");
            self.emit(draft);
        }
        match kind {
            "CodeSystem" => self.code_system(at),
            "ValueSet" => self.value_set(at),
            "ConceptMap" => self.concept_map(at),
            "StructureDefinition" => self.structure_definition(at),
            _ => {}
        }
    }
}
