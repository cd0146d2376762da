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
        Example::bad(
            "a guide's name",
            r#"{"resourceType": "ImplementationGuide", "url": "«guide»", "name": "Guide", "status": "draft", "fhirVersion": "3.0.2"}"#,
        ),
        Example::good(
            "a URL",
            r#"{"resourceType": "ValueSet", "url": "https://hospital.test/ValueSet/wards", "status": "active"}"#,
        ),
    ],
    ..Meta::NEW
};

/// Resources of STU3 and R4 that others name by their url, sorted.
const CANONICAL_TYPES: &[&str] = &[
    "ActivityDefinition",
    "CapabilityStatement",
    "ChargeItemDefinition",
    "CodeSystem",
    "CompartmentDefinition",
    "ConceptMap",
    "DataElement",
    "EffectEvidenceSynthesis",
    "EventDefinition",
    "Evidence",
    "EvidenceVariable",
    "ExampleScenario",
    "ExpansionProfile",
    "GraphDefinition",
    "ImplementationGuide",
    "Library",
    "Measure",
    "MessageDefinition",
    "OperationDefinition",
    "PlanDefinition",
    "Questionnaire",
    "ResearchDefinition",
    "ResearchElementDefinition",
    "RiskEvidenceSynthesis",
    "SearchParameter",
    "ServiceDefinition",
    "StructureDefinition",
    "StructureMap",
    "TerminologyCapabilities",
    "TestScript",
    "ValueSet",
];

impl<'t> Checker<'_, 't> {
    /// What a definition must be beyond its shape; and answers against the definition that they answer.
    pub(super) fn definition(&mut self, at: Element<'t>) {
        let kind = names::text(at.type_id());
        if kind == "QuestionnaireResponse" {
            return self.questionnaire_response(at);
        }
        if CANONICAL_TYPES.binary_search(&kind).is_err() {
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
            "Questionnaire" => self.questionnaire_form(at),
            "StructureDefinition" => self.structure_definition(at),
            _ => {}
        }
    }
}
