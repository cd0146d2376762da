//! A document can be fetched, or says why not.

use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::is_blank;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0551",
    name: "gpc-attachment-unreachable",
    title: "a document has neither a URL nor a word on why it is missing",
    family: Family::GpConnect,
    dimension: Dimension::Completeness,
    issue: "required",
    requirement: "GPC-O01",
    basis: "GP Connect Access Document, DocumentReference.content.attachment: url, or title with the reason",
    criterion: "INT-4",
    why: "The consumer sees that a letter exists and cannot read it, nor tell the clinician why.",
    remedy: "Send the URL of the Binary, or a title that says why the document is not available.",
    examples: &[
        Example::bad(
            "neither",
            r#"{"resourceType": "DocumentReference", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-DocumentReference-1"]}, "status": "current", "type": {"text": "Letter"}, "indexed": "2020-01-01T10:00:00Z", "content": [{"attachment": «{"contentType": "application/msword", "size": 45123}»}]}"#,
        ),
        Example::good(
            "a URL",
            r#"{"resourceType": "DocumentReference", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-DocumentReference-1"]}, "status": "current", "type": {"text": "Letter"}, "indexed": "2020-01-01T10:00:00Z", "content": [{"attachment": {"contentType": "application/msword", "url": "https://gp.test/Binary/1", "size": 45123}}]}"#,
        ),
        Example::good(
            "a reason",
            r#"{"resourceType": "DocumentReference", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-DocumentReference-1"]}, "status": "current", "type": {"text": "Letter"}, "indexed": "2020-01-01T10:00:00Z", "content": [{"attachment": {"contentType": "application/msword", "size": 45123, "title": "The file is larger than 5MB"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Documents can be fetched, or say why not.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["DocumentReference"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_gpc(at) {
        return;
    }
    let told = |e: Element<'_>, name: &str| e.get(name).and_then(Element::value).is_some_and(|v| !is_blank(v));
    for attachment in at.all("content").filter_map(|c| c.get("attachment")) {
        let held = attachment.child(names::DATA).is_some() || told(attachment, "url");
        if !held && !told(attachment, "title") && !told(at, "description") {
            out.say(&META, attachment, "the attachment has no url, and no title says why");
        }
    }
}
