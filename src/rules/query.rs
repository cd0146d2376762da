//! Questions that UK rules ask of elements: claimed profiles, codings, extensions, targets. Nothing here allocates.

use super::Scene;
use crate::tree::{Element, names};
use crate::uk::systems::SNOMED;

pub use crate::uk::profiles::{claimed as profiles, claims, is_ers, last_segment};

/// Extensions of `at` whose URL ends in the segment `name`.
pub fn extensions<'a>(at: Element<'a>, name: &'a str) -> impl Iterator<Item = Element<'a>> {
    at.named(names::EXTENSION).filter(move |e| e.text(names::URL).is_some_and(|url| last_segment(url) == name))
}

/// The first extension of `at` whose URL ends in the segment `name`.
pub fn extension<'a>(at: Element<'a>, name: &'a str) -> Option<Element<'a>> {
    extensions(at, name).next()
}

/// Codings of every CodeableConcept called `name` below `at`.
pub fn codings_of<'a>(at: Element<'a>, name: &str) -> impl Iterator<Item = Element<'a>> {
    at.all(name).flat_map(|concept| concept.named(names::CODING))
}

/// System and code of a Coding or Identifier-like element.
pub fn pair(coding: Element<'_>) -> (&str, &str) {
    (coding.text(names::SYSTEM).unwrap_or(""), coding.text(names::CODE).unwrap_or(""))
}

/// Whether the concept called `name` below `at` holds this SNOMED CT code.
pub fn is_snomed(at: Element<'_>, name: &str, code: &str) -> bool {
    codings_of(at, name).any(|c| pair(c) == (SNOMED, code))
}

/// The first SNOMED CT code of the concept called `name` below `at`.
pub fn snomed_code<'a>(at: Element<'a>, name: &str) -> Option<&'a str> {
    codings_of(at, name).map(pair).find(|(system, code)| *system == SNOMED && !code.is_empty()).map(|(_, code)| code)
}

/// Value of the first identifier of a resource with this system.
pub fn identifier<'a>(resource: Element<'a>, system: &str) -> Option<&'a str> {
    let mut all = resource.named(names::IDENTIFIER);
    all.find(|i| i.text(names::SYSTEM) == Some(system)).and_then(|i| i.text(names::VALUE))
}

/// The resource a Reference leads to, when the message holds it.
pub fn target<'a>(scene: &'a Scene<'a, 'a>, reference: Element<'a>) -> Option<Element<'a>> {
    let text = reference.text(names::REFERENCE)?;
    scene.message.resolve(reference, text).target()
}

/// Resources of the entries of a Bundle, in order.
pub fn resources<'a>(scene: &'a Scene<'a, 'a>, bundle: Element<'a>) -> impl Iterator<Item = Element<'a>> {
    scene.message.bundles.get(&bundle.id()).into_iter().flat_map(|b| b.entries.iter()).filter_map(|e| e.resource)
}

/// Name of the type of an element.
pub fn type_name(at: Element<'_>) -> &'static str {
    names::text(at.type_id())
}

/// Whether a text says nothing: blank, or only punctuation.
pub fn is_blank(text: &str) -> bool {
    !text.chars().any(char::is_alphanumeric)
}

/// Whether two texts are equal when case, spaces and punctuation are set aside.
pub fn same_words(a: &str, b: &str) -> bool {
    let letters =
        |t: &'_ str| -> Vec<char> { t.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect() };
    letters(a) == letters(b)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words() {
        assert!(same_words("Information not available.", "information  not available"));
        assert!(is_blank(" .-") && !is_blank("1"));
    }
}
