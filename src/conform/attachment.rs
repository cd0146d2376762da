//! Attachments: data that is what it says it is.

use base64::Engine;
use sha1::Digest;

use super::checker::{Checker, Pass};
use crate::finding::{Dimension, Example, Meta, Severity};
use crate::tree::{Element, names};

/// Attachment at odds with itself.
pub static ATTACHMENT: Meta = Meta {
    id: "HM0137",
    name: "attachment-inconsistent",
    title: "the attachment's size, hash or content type does not fit its data",
    issue: "invalid",
    dimension: Dimension::Consistency,
    basis: "FHIR, Attachment",
    criterion: "INT-1",
    why: "The document was cut off or exchanged on its way; a clinician may read the wrong one.",
    remedy: "Compute size (bytes before base64) and hash (SHA-1) from the data that is sent, and name its content type.",
    examples: &[
        Example::bad(
            "a wrong size",
            r#"{"resourceType": "Patient", "active": true, "photo": [«{"contentType": "text/plain", "data": "QUJD", "size": 4}»]}"#,
        ),
        Example::good(
            "the right size",
            r#"{"resourceType": "Patient", "active": true, "photo": [{"contentType": "text/plain", "data": "QUJD", "size": 3}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Bytes that base64 text decodes to, by counting.
fn decoded_length(data: &str) -> usize {
    let digits = data.bytes().filter(|b| b.is_ascii_alphanumeric() || matches!(b, b'+' | b'/')).count();
    digits * 3 / 4
}

impl<'t> Checker<'_, 't> {
    /// One attachment.
    pub(super) fn attachment(&mut self, at: Element<'t>, pass: Pass<'_>) {
        let data = at.text(names::DATA);
        let say = |checker: &mut Self, severity: Severity, says: String| {
            let mut draft = checker.draft(&ATTACHMENT, pass, 0, at, says);
            draft.span = at.span();
            draft.severity = severity;
            checker.emit(draft);
        };
        let Some(data) = data else {
            if at.child(names::URL).is_none()
                && (at.child(names::CONTENT_TYPE).is_some() || at.child(names::LANGUAGE).is_some())
                && at.child(names::EXTENSION).is_none()
            {
                say(self, Severity::Warning, "the attachment has neither data nor url".to_owned());
            }
            return;
        };
        let length = decoded_length(data);
        if let Some(stated) = at.get("hash").and_then(Element::value) {
            let bytes = |text: &str| {
                let bare: String = text.chars().filter(|c| !c.is_ascii_whitespace()).collect();
                base64::engine::general_purpose::STANDARD.decode(bare).ok()
            };
            match (bytes(stated), bytes(data)) {
                (Some(hash), _) if hash.len() != 20 => {
                    say(self, Severity::Error, "the hash is not one of SHA-1, which has 20 bytes".to_owned());
                }
                (Some(hash), Some(data)) if *sha1::Sha1::digest(&data) != *hash => {
                    say(self, Severity::Error, "the hash is not that of the data (SHA-1)".to_owned());
                }
                _ => {}
            }
        }
        if let Some(size) = at.text(names::SIZE).and_then(|s| s.parse::<usize>().ok())
            && size != length
        {
            say(self, Severity::Error, format!("the stated size is {size}, the data has {length} bytes"));
        }
    }
}
