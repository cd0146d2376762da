//! A problem is not linked to itself.

use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{last_segment, target};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0543",
    name: "gpc-problem-self-link",
    title: "a problem is linked to itself",
    family: Family::GpConnect,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "GPC-P01",
    basis: "GP Connect Access Record: Structured, problems: extensions RelatedProblemHeader and RelatedClinicalContent",
    criterion: "INT-4",
    why: "Consumers that walk the links of problems never come to an end, or show the problem as its own part.",
    remedy: "Link to the other problem; leave the link out when there is none.",
    examples: &[
        Example::bad(
            "itself",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Condition", "id": "1", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ProblemHeader-Condition-1"]}, "extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-RelatedClinicalContent-1", "valueReference": «{"reference": "Condition/1"}»}], "subject": {"reference": "Patient/1"}}}]}"#,
        ),
        Example::good(
            "another",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"resource": {"resourceType": "Condition", "id": "1", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ProblemHeader-Condition-1"]}, "extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-CareConnect-RelatedClinicalContent-1", "valueReference": {"reference": "Condition/2"}}], "subject": {"reference": "Patient/1"}}}, {"resource": {"resourceType": "Condition", "id": "2", "subject": {"reference": "Patient/1"}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Problems are not linked to themselves.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Condition"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let mut links = at.named(names::EXTENSION).peekable();
    if links.peek().is_none() || !is_gpc(at) {
        return;
    }
    for link in links {
        let name = last_segment(link.text(names::URL).unwrap_or(""));
        // A problem that is recorded nowhere else is its own actual problem: that link to itself is asked for.
        if name.contains("ActualProblem") {
            continue;
        }
        let inner = link.named(names::EXTENSION).filter_map(|e| e.child(names::VALUE));
        for value in link.child(names::VALUE).into_iter().chain(inner) {
            if value.type_id() == names::T_REFERENCE && target(scene, value) == Some(at) {
                out.say(&META, value, "the link leads to the problem itself");
            }
        }
    }
}
