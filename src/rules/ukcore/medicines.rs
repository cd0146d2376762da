//! Messages of the Electronic Prescription Service.

use crate::rules::Scene;
use crate::rules::query::{resources, type_name};
use crate::tree::{Element, names};
use crate::uk::events::EPS_SYSTEM;

/// Event code of an EPS message.
pub fn event(header: Element<'_>) -> Option<&str> {
    let event = header.get("event")?;
    (event.text(names::SYSTEM) == Some(EPS_SYSTEM)).then(|| event.text(names::CODE))?
}

/// Resources of a type in the Bundle around a header.
pub fn of_type<'a>(scene: &'a Scene<'a, 'a>, header: Element<'a>, ty: &'a str) -> impl Iterator<Item = Element<'a>> {
    let bundle = scene.message.bundle_of(header).map(|(bundle, _)| bundle);
    bundle.into_iter().flat_map(move |b| resources(scene, b)).filter(move |r| type_name(*r) == ty)
}
