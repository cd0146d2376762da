//! What a link says when its target cannot be returned.

use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::last_segment;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::profiles::extensions::is_related_content;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0544",
    name: "gpc-problem-link-words",
    title: "a link of a problem has no target and does not say why",
    family: Family::GpConnect,
    severity: Severity::Warning,
    dimension: Dimension::Completeness,
    issue: "value",
    requirement: "GPC-P01",
    basis: "GP Connect Access Record: Structured, problems: links to items that the provider does not support",
    criterion: "INT-4",
    why: "The reader cannot tell whether something is missing, or what.",
    remedy: "Give the reference, or the display \"<clinical area> items are not supported by the provider system\".",
    examples: &[
        Example::bad(
            "other words",
            r#"{"resourceType": "Condition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ProblemHeader-Condition-1"]}, "extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-RelatedClinicalContent-1", "valueReference": «{"display": "not available"}»}], "subject": {"reference": "Patient/1"}}"#,
        ),
        Example::good(
            "as published",
            r#"{"resourceType": "Condition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ProblemHeader-Condition-1"]}, "extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-RelatedClinicalContent-1", "valueReference": {"display": "Referral items are not supported by the provider system"}}], "subject": {"reference": "Patient/1"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Links without a target say why.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Condition"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    for link in at.named(names::EXTENSION) {
        let Some(value) = link.child(names::VALUE).filter(|v| v.type_id() == names::T_REFERENCE) else { continue };
        if value.child(names::REFERENCE).is_some() || value.child(names::IDENTIFIER).is_some() {
            continue;
        }
        let ours = is_related_content(last_segment(link.text(names::URL).unwrap_or("")));
        let said = value.text(names::DISPLAY).unwrap_or("").trim_end_matches('.');
        if ours && !said.ends_with("items are not supported by the provider system") && is_gpc(at) {
            out.say(&META, value, "the link has neither a reference nor the published words");
        }
    }
}
