//! Parts of an ITK3 message: header, event, handling, payload.

use crate::rules::Scene;
use crate::rules::query::{claims, last_segment, resources, target};
use crate::tree::{Element, names};

/// Code system of events.
pub const EVENT_SYSTEM: &str = "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2";

/// Event codes with what they announce.
pub const EVENTS: &[(&str, &str)] = &[
    ("ITK003D", "inpatient discharge"),
    ("ITK004D", "mental health discharge"),
    ("ITK005D", "emergency care discharge"),
    ("ITK006D", "outpatient letter"),
    ("ITK007C", "GP Connect Send Document"),
    ("ITK008M", "response"),
    ("ITK009D", "immunisation"),
    ("ITK010D", "emergency supply"),
    ("ITK011M", "events management"),
    ("ITK012M", "pathology"),
    ("ITK013D", "minor illness"),
    ("ITK014M", "update record"),
];

/// Event code of a response.
pub const RESPONSE: &str = "ITK008M";
/// Event code of Send Document.
pub const SEND_DOCUMENT: &str = "ITK007C";

/// Whether a MessageHeader is ITK3's: by its profile, its event or its handling.
pub fn is_itk(header: Element<'_>) -> bool {
    claims(header, "/ITK-MessageHeader-")
        || event(header).0.contains("/ITK-MessageEvent-")
        || handling(header).is_some()
}

/// System and code of the event.
pub fn event(header: Element<'_>) -> (&str, &str) {
    header.get("event").map_or(("", ""), crate::rules::query::pair)
}

/// The handling extension.
pub fn handling(header: Element<'_>) -> Option<Element<'_>> {
    header
        .named(names::EXTENSION)
        .find(|e| e.text(names::URL).is_some_and(|url| last_segment(url).starts_with("Extension-ITK-MessageHandling-")))
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
        && (claims(bundle, "/ITK-Document-Bundle-")
            || composition(scene, bundle).is_some_and(|c| claims(c, "/CareConnect-ITK-")))
}
