//! Ids of elements: unique in their resource, and without white space.

use super::checker::{Checker, Pass};
use crate::finding::{Dimension, Example, Meta};
use crate::tree::{Element, names};

/// Ids of elements.
pub static ELEMENT_ID: Meta = Meta {
    id: "HM0160",
    name: "element-id",
    title: "the id of an element stands twice in its resource, or holds white space",
    issue: "invalid",
    dimension: Dimension::Uniqueness,
    basis: "FHIR, Element.id: a string without spaces, unique within the resource",
    criterion: "INT-1",
    why: "Links inside the resource go by this id: with two of them nobody can tell which element is meant.",
    remedy: "Give each element an id of its own without white space, or none.",
    examples: &[
        Example::bad(
            "two names with one id",
            r#"{"resourceType": "Patient", "name": [{"id": "n1", "family": "Test"}, {"id": "«n1»", "family": "Other"}]}"#,
        ),
        Example::bad("a space", r#"{"resourceType": "Patient", "name": [{"id": "«n 1»", "family": "Test"}]}"#).r4(),
        Example::good(
            "ids of their own",
            r#"{"resourceType": "Patient", "name": [{"id": "n1", "family": "Test"}, {"id": "n2", "family": "Other"}]}"#,
        ),
    ],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    /// The id of one element that is not a resource.
    pub(super) fn element_id(&mut self, at: Element<'t>, pass: Pass<'_>) {
        // A StructureDefinition has each element twice, in its snapshot and in its differential, under one id (FHIR,
        // ElementDefinition: element ids).
        if names::text(at.type_id()) == "ElementDefinition" {
            return;
        }
        let Some(id) = at.child(names::ID) else { return };
        let Some(text) = id.value() else { return };
        let says = if text.contains(char::is_whitespace) {
            "the id of an element holds no white space"
        } else if !self.element_ids.insert((at.resource().id(), text.into())) {
            "another element of this resource has the same id"
        } else {
            return;
        };
        let mut draft = self.draft(&ELEMENT_ID, pass, 0, id, says.to_owned());
        draft.path = id.path();
        self.emit(draft);
    }
}
