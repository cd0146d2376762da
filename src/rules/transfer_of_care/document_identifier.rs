//! Identifiers of documents and messages are UUIDs.

use super::itk::is_document;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::claims;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::is_uuid;
use crate::tree::{Element, names};
use crate::uk::profiles::ITK_MESSAGE;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0609",
    name: "itk-bundle-identifier",
    title: "the identifier of a message or document is not a UUID in its system",
    family: Family::TransferOfCare,
    severity: Severity::Warning,
    dimension: Dimension::Uniqueness,
    issue: "value",
    requirement: "TOC-07",
    basis: "ITK3, ITK-Message-Bundle-1 and ITK-Document-Bundle-1: identifier, system https://tools.ietf.org/html/rfc4122",
    criterion: "INT-5",
    why: "Receivers find duplicates and match acknowledgements by this identifier; numbers of one sender clash with another's.",
    remedy: "Send system https://tools.ietf.org/html/rfc4122 and a bare UUID, new for every message.",
    examples: &[
        Example::bad(
            "a number of its own",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "identifier": «{"system": "https://hospital.test/letters", "value": "17"}», "type": "document"}"#,
        ),
        Example::good(
            "a UUID",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/ITK-Document-Bundle-1"]}, "identifier": {"system": "https://tools.ietf.org/html/rfc4122", "value": "0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}, "type": "document"}"#,
        ),
    ],
    ..Meta::NEW
};

/// Messages and documents have UUIDs.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(identifier) = at.child(names::IDENTIFIER) else { return };
    let system = identifier.text(names::SYSTEM).unwrap_or("");
    let value = identifier.text(names::VALUE).unwrap_or("");
    let sound = system == "https://tools.ietf.org/html/rfc4122" && is_uuid(value);
    let as_uri = system == "urn:ietf:rfc:3986" && value.strip_prefix("urn:uuid:").is_some_and(is_uuid);
    if !sound && !as_uri && (claims(at, ITK_MESSAGE) || is_document(scene, at)) {
        out.say(&META, identifier, "the identifier is not a bare UUID in the system of RFC 4122");
    }
}
