//! What evaluation needs from above: references, terminology, profiles, the clock.

use super::temporal::Temporal;
use super::value::{Collection, Value};
use crate::tree::{Element, NameId};

/// A three-valued answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Tri {
    /// Yes.
    True,
    /// No.
    False,
    /// It cannot be known here: the result is not assessed, never false.
    Unknown,
}

impl From<bool> for Tri {
    fn from(value: bool) -> Self {
        if value { Self::True } else { Self::False }
    }
}

/// Where a reference leads.
#[derive(Clone, Copy, Debug)]
pub enum Resolution<'t> {
    /// To this element, of this or another tree.
    Found(Element<'t>),
    /// Nowhere: what it names is absent for certain.
    Absent,
    /// Somewhere that is not at hand.
    Unknown,
}

/// Services of upper layers. Every default answers "unknown".
pub trait Host {
    /// Follows a reference written at `from` (a Reference, or an element that holds the reference itself).
    fn resolve<'t>(&'t self, from: Element<'t>, reference: &str) -> Resolution<'t> {
        let _ = (from, reference);
        Resolution::Unknown
    }

    /// The type of resource that the text of a reference names, where it names one.
    fn type_of_reference(&self, reference: &str) -> Option<NameId> {
        let _ = reference;
        None
    }

    /// Whether a code, Coding or CodeableConcept is in a value set.
    fn member_of(&self, value: &Value<'_>, value_set: &str) -> Tri {
        let _ = (value, value_set);
        Tri::Unknown
    }

    /// Whether an element conforms to a profile.
    fn conforms_to(&self, element: Element<'_>, profile: &str) -> Tri {
        let _ = (element, profile);
        Tri::Unknown
    }

    /// Whether an element is of the slice `name` of the profile `structure`.
    fn in_slice(&self, element: Element<'_>, structure: &str, name: &str) -> Tri {
        let _ = (element, structure, name);
        Tri::Unknown
    }

    /// Whether the first code subsumes the second.
    fn subsumes(&self, general: &Value<'_>, special: &Value<'_>) -> Tri {
        let _ = (general, special);
        Tri::Unknown
    }

    /// Whether narrative markup keeps to the elements and attributes FHIR allows (`txt-1`).
    fn html_checks(&self, markup: Element<'_>) -> Tri {
        let _ = markup;
        Tri::Unknown
    }

    /// Whether narrative markup has visible content (`txt-2`): text or an image.
    fn html_content(&self, markup: Element<'_>) -> Tri {
        markup.value().map_or(Tri::Unknown, |div| has_content(div).into())
    }

    /// Takes what `trace` was called with.
    fn trace(&self, name: &str, values: &Collection<'_>) {
        let _ = (name, values);
    }

    /// The current date-time with its zone; the clock is read above this layer only.
    fn now(&self) -> Option<Temporal> {
        None
    }
}

#[cfg(any(test, feature = "bench"))]
/// A host that knows nothing.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoHost;

#[cfg(any(test, feature = "bench"))]
impl Host for NoHost {}

/// Surroundings of one evaluation.
#[derive(Clone, Copy, Debug, Default)]
pub struct Env<'t> {
    /// `%resource`; the nearest resource of the focus when absent.
    pub resource: Option<Element<'t>>,
    /// `%rootResource`; found from the focus when absent.
    pub root: Option<Element<'t>>,
    /// `%context`; the focus when absent.
    pub context: Option<Element<'t>>,
    /// Further variables by name (`extension` for context invariants).
    pub variables: &'t [(&'t str, Element<'t>)],
    /// Steps the evaluation may take; [`super::STEPS`] when absent.
    pub steps: Option<u32>,
}

fn has_content(markup: &str) -> bool {
    let mut rest = markup;
    while let Some(open) = rest.find('<') {
        if !rest[..open].trim().is_empty() {
            return true;
        }
        let tag = &rest[open..];
        if tag.starts_with("<img") {
            return true;
        }
        let end = if tag.starts_with("<!--") { tag.find("-->").map(|e| e + 3) } else { tag.find('>').map(|e| e + 1) };
        match end {
            Some(end) => rest = &tag[end..],
            None => return false,
        }
    }
    !rest.trim().is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_is_text_or_an_image() {
        for (markup, wanted) in [
            ("<div>a</div>", true),
            ("<div> <p/> </div>", false),
            ("<div><!-- <p>a</p> --></div>", false),
            ("<div><img src=\"#a\"/></div>", true),
            ("", false),
            ("<div", false),
        ] {
            assert_eq!(has_content(markup), wanted, "{markup}");
        }
    }
}
