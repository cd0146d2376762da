//! A replacement names the document it replaces.

use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::claims;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::is_uuid;
use crate::tree::{Element, names};
use crate::uk::profiles::{ANY_ITK, CARE_CONNECT_COMPOSITION};
use crate::uk::sections::Document;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0608",
    name: "toc-replaces-itself",
    title: "a replacement does not name another document",
    family: Family::TransferOfCare,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "TOC-06",
    basis: "Transfer of Care and GP Connect Send Document: Composition.relatesTo, code replaces, targetIdentifier",
    criterion: "INT-5",
    why: "The receiver cannot find what to replace: the patient ends with two letters, one of them wrong.",
    remedy: "Put the identifier (a UUID) of the earlier document into relatesTo.targetIdentifier, and give this one a new identifier.",
    examples: &[
        Example::bad(
            "its own identifier",
            r#"{"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "identifier": {"system": "https://tools.ietf.org/html/rfc4122", "value": "0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "relatesTo": [{"code": "replaces", "targetIdentifier": «{"system": "https://tools.ietf.org/html/rfc4122", "value": "0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}»}]}"#,
        ),
        Example::good(
            "another identifier",
            r#"{"resourceType": "Composition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-ITK-EDIS-Composition-1"]}, "identifier": {"system": "https://tools.ietf.org/html/rfc4122", "value": "0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "status": "final", "type": {"text": "x"}, "subject": {"reference": "urn:uuid:1"}, "date": "2026-01-01", "author": [{"reference": "urn:uuid:2"}], "title": "x", "relatesTo": [{"code": "replaces", "targetIdentifier": {"system": "https://tools.ietf.org/html/rfc4122", "value": "1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Replacements name another document.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Composition"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let ours = || Document::of(at).is_some() || claims(at, CARE_CONNECT_COMPOSITION) || claims(at, ANY_ITK);
    for relation in at.all("relatesTo").filter(|_| ours()) {
        let Some(identifier) = relation.all("target").find(|t| t.type_id() == names::T_IDENTIFIER) else {
            out.say(&META, relation, "the replaced document is not named by its identifier");
            continue;
        };
        let value = identifier.text(names::VALUE).unwrap_or("");
        if at.child(names::IDENTIFIER).and_then(|i| i.text(names::VALUE)) == Some(value) && !value.is_empty() {
            out.say(&META, identifier, "the replaced document has the identifier of this document");
        } else if !is_uuid(value.trim_start_matches("urn:uuid:")) {
            out.say(&META, identifier, "the identifier of the replaced document is not a UUID");
        }
    }
}
