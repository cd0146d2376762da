//! Parts of an ITK3 message: header, event, handling, payload.

use crate::rules::Scene;
use crate::rules::query::{claims, last_segment, resources, target};
use crate::tree::{Element, names};
use crate::uk::events::is_itk_system;
use crate::uk::profiles::extensions::ANY_MESSAGE_HANDLING;
use crate::uk::profiles::{ITK_DOCUMENT, ITK_HEADER, TRANSFER_OF_CARE};

/// Whether a MessageHeader is ITK3's: by its profile, its event or its handling.
pub fn is_itk(header: Element<'_>) -> bool {
    claims(header, ITK_HEADER) || is_itk_system(event(header).0) || handling(header).is_some()
}

/// System and code of the event.
pub fn event(header: Element<'_>) -> (&str, &str) {
    header.get("event").map_or(("", ""), crate::rules::query::pair)
}

/// The handling extension.
pub fn handling(header: Element<'_>) -> Option<Element<'_>> {
    header
        .named(names::EXTENSION)
        .find(|e| e.text(names::URL).is_some_and(|url| last_segment(url).starts_with(ANY_MESSAGE_HANDLING)))
}

/// A part of the handling extension.
pub fn part<'a>(handling: Element<'a>, name: &str) -> Option<Element<'a>> {
    handling.named(names::EXTENSION).find(|e| e.text(names::URL) == Some(name))
}

/// Value of a part of the handling extension.
pub fn handled<'a>(header: Element<'a>, name: &str) -> Option<Element<'a>> {
    part(handling(header)?, name)?.child(names::VALUE)
}

/// The Bundle that the message carries.
pub fn payload<'a>(scene: &'a Scene<'a, 'a>, header: Element<'a>) -> Option<Element<'a>> {
    header.all("focus").find_map(|f| target(scene, f)).filter(|r| r.type_id() == names::T_BUNDLE)
}

/// The Composition that a document Bundle begins with.
pub fn composition<'a>(scene: &'a Scene<'a, 'a>, bundle: Element<'a>) -> Option<Element<'a>> {
    resources(scene, bundle).next().filter(|r| r.type_id() == names::T_COMPOSITION)
}

/// Whether a document Bundle is one of ITK3's: by its profile, or that of its Composition.
pub fn is_document<'a>(scene: &'a Scene<'a, 'a>, bundle: Element<'a>) -> bool {
    bundle.text(names::TYPE) == Some("document")
        && (claims(bundle, ITK_DOCUMENT) || composition(scene, bundle).is_some_and(|c| claims(c, TRANSFER_OF_CARE)))
}
