//! Questions that UK rules ask of elements: claimed profiles, codings, extensions, targets. Nothing here allocates.

use super::Scene;
use crate::tree::{Element, names};

/// SNOMED CT.
pub const SNOMED: &str = "http://snomed.info/sct";

/// Profile URLs that a resource claims.
pub fn profiles(resource: Element<'_>) -> impl Iterator<Item = &str> {
    resource.child(names::META).into_iter().flat_map(|m| m.named(names::PROFILE)).filter_map(Element::value)
}

/// Whether a resource claims a profile whose URL contains `part`.
pub fn claims(resource: Element<'_>, part: &str) -> bool {
    profiles(resource).any(|url| url.contains(part))
}

/// Whether an element belongs to a message of the e-Referral Service's STU3 API: its resource, or one around it, claims an
/// eRS profile. That API prescribes the identifier systems of the DSTU2 era, `http://fhir.nhs.net/Id/...`.
pub fn is_ers(at: Element<'_>) -> bool {
    let mut around = Some(at.resource());
    while let Some(resource) = around {
        if claims(resource, "/StructureDefinition/eRS-") {
            return true;
        }
        around = resource.parent().map(Element::resource);
    }
    false
}

/// Systems that the e-Referral Service's STU3 API prescribes and that no other standard takes.
pub fn is_ers_system(url: &str) -> bool {
    url.starts_with("http://fhir.nhs.net/Id/")
}

/// Last segment of a URL, version cut off.
pub fn last_segment(url: &str) -> &str {
    let url = memchr::memchr(b'|', url.as_bytes()).map_or(url, |end| &url[..end]);
    memchr::memrchr(b'/', url.as_bytes()).map_or(url, |slash| &url[slash + 1..])
}

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
        assert_eq!(last_segment("https://a/b/C-1|1.0"), "C-1");
    }
}
