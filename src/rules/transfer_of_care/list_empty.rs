//! Coded sections with empty lists.

use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::claims;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::profiles::TRANSFER_OF_CARE;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0612",
    name: "toc-list-empty",
    title: "a coded list of a document is empty and does not say why",
    family: Family::TransferOfCare,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "TOC-10",
    basis: "Transfer of Care, CareConnect-ITK list profiles: emptyReason of lists without entries",
    criterion: "INT-5",
    why: "The receiver cannot tell \"none\" from \"not recorded\": for allergies and medication the difference is the patient's safety.",
    remedy: "Send the entries, or emptyReason.",
    examples: &[
        Example::bad(
            "no reason",
            r#"«{"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-Allergy-List-1"]}, "status": "current", "mode": "snapshot"}»"#,
        ),
        Example::good(
            "a reason",
            r#"{"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-Allergy-List-1"]}, "status": "current", "mode": "snapshot", "emptyReason": {"coding": [{"system": "http://hl7.org/fhir/list-empty-reason", "code": "notasked"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Empty lists say why.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["List"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if at.child(names::ENTRY).is_none() && at.get("emptyReason").is_none() && claims(at, TRANSFER_OF_CARE) {
        out.say(&META, at, "the list has neither entries nor emptyReason");
    }
}
