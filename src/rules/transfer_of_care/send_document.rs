//! GP Connect Send Document: the document in the message, and what kind it is.

use super::itk::{composition, event, handled, payload};
use crate::rules::Scene;
use crate::rules::query::is_snomed;
use crate::tree::Element;
use crate::uk::events::SEND_DOCUMENT;

/// The payload Bundle and its Composition, when the header announces a Send Document.
pub fn document<'a>(scene: &'a Scene<'a, 'a>, header: Element<'a>) -> Option<(Element<'a>, Element<'a>)> {
    if event(header).1 != SEND_DOCUMENT {
        return None;
    }
    let bundle = payload(scene, header)?;
    Some((bundle, composition(scene, bundle)?))
}

/// Whether the document is a consultation report: the header, title or type says so.
pub fn is_consultation_report(header: Element<'_>, composition: Element<'_>) -> bool {
    let local = handled(header, "LocalExtension").and_then(Element::value).unwrap_or("");
    local.starts_with("SendDocument-Consultation")
        || composition.get("title").and_then(Element::value) == Some("Consultation report")
        || is_snomed(composition, "type", "371531000")
}
