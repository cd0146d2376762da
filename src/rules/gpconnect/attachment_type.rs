//! Content types of documents are MIME types.

use super::structured::is_gpc;
use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0550",
    name: "gpc-attachment-content-type",
    title: "the content type of a document is not a MIME type",
    family: Family::GpConnect,
    issue: "value",
    requirement: "GPC-O01",
    basis: "GP Connect Access Document, DocumentReference.content.attachment.contentType; RFC 6838",
    criterion: "INT-4",
    why: "The consumer does not know with which program to open the document, and refuses it.",
    remedy: "Send a registered MIME type such as application/pdf, application/msword or image/tiff.",
    examples: &[
        Example::bad(
            "a file extension",
            r#"{"resourceType": "DocumentReference", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-DocumentReference-1"]}, "status": "current", "type": {"text": "Letter"}, "indexed": "2020-01-01T10:00:00Z", "content": [{"attachment": {"contentType": "«doc»", "url": "https://gp.test/Binary/1", "size": 45123}}]}"#,
        ),
        Example::good(
            "a MIME type",
            r#"{"resourceType": "DocumentReference", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-DocumentReference-1"]}, "status": "current", "type": {"text": "Letter"}, "indexed": "2020-01-01T10:00:00Z", "content": [{"attachment": {"contentType": "application/msword", "url": "https://gp.test/Binary/1", "size": 45123}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Content types are MIME types.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Attachment"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if let Some(content) = at.child(names::CONTENT_TYPE)
        && !is_mime(content.value().unwrap_or(""))
        && is_gpc(at.resource())
    {
        out.say(&META, content, "the content type has not the form type/subtype");
    }
}

/// Whether a text has the form `type/subtype`, with or without parameters.
fn is_mime(text: &str) -> bool {
    const TYPES: &[&str] =
        &["application", "audio", "font", "image", "message", "model", "multipart", "text", "video", "chemical"];
    let bare = text.split(';').next().unwrap_or(text).trim_end();
    let Some((ty, sub)) = bare.split_once('/') else { return false };
    let token = |t: &str| !t.is_empty() && t.bytes().all(|b| b.is_ascii_alphanumeric() || b"!#$&-^_.+".contains(&b));
    TYPES.iter().any(|t| t.eq_ignore_ascii_case(ty)) && token(sub)
}

#[cfg(test)]
mod tests {
    use super::is_mime;

    #[test]
    fn mime_types() {
        for (text, expected) in [
            ("application/pdf", true),
            ("text/plain; charset=utf-8", true),
            ("doc", false),
            ("see notes for details", false),
            ("application/", false),
            ("pdf/application", false),
        ] {
            assert_eq!(is_mime(text), expected, "{text}");
        }
    }
}
