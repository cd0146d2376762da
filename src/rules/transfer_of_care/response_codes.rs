//! Codes of acknowledgements, and the response that carries one.

use super::itk::event;
use crate::rules::Scene;
use crate::rules::query::{codings_of, resources, type_name};
use crate::tree::{Element, names};
use crate::uk::events::RESPONSE;

/// Codings of the OperationOutcomes of the message around a response header.
pub fn codings<'a>(scene: &'a Scene<'a, 'a>, header: Element<'a>) -> Vec<Element<'a>> {
    if event(header).1 != RESPONSE {
        return Vec::new();
    }
    let Some((bundle, _)) = scene.message.bundle_of(header) else { return Vec::new() };
    let outcomes = resources(scene, bundle).filter(|r| type_name(*r) == "OperationOutcome");
    outcomes.flat_map(|o| o.all("issue")).flat_map(|i| codings_of(i, "details")).collect()
}

/// Code of a coding.
pub fn code(coding: Element<'_>) -> &str {
    coding.text(names::CODE).unwrap_or("")
}
