//! Codes of dm+d that are no medicinal product. Needs an index.

use super::claim;
use super::view::{self, SnomedView};
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Rule, Scene, Sink};
use crate::tree::Element;

/// DMD-01.
pub static META: Meta = Meta {
    id: "HM0367",
    name: "dmd-code-not-a-product",
    title: "the concept under the system of dm+d is not a medicinal product",
    family: Family::Snomed,
    dimension: Dimension::Accuracy,
    issue: "code-invalid",
    requirement: "DMD-01",
    basis: "NHS Business Services Authority, dm+d: VTM, VMP, VMPP, AMP, AMPP and ingredients; SNOMED CT UK Drug Extension",
    criterion: "COD-6",
    why: "Systems that look the code up in dm+d find nothing, so the medicine is not seen by checks of safety.",
    remedy: "Send the code of the product; if another concept is meant, its system is http://snomed.info/sct.",
    examples: &[
        Example::bad(
            "a disorder",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "https://dmd.nhs.uk", "code": "«195967001»"}]}}"#,
        )
        .r4(),
        Example::good(
            "a product",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "https://dmd.nhs.uk", "code": "7777811000001100"}]}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[super::LOOKED_UP], check };

fn check(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some(view) = view::of(scene) {
        judge(view, at, out);
    }
}

fn judge(view: &dyn SnomedView, coding: Element<'_>, out: &mut Sink) {
    let Some((code, id)) = claim::looked_up(coding).filter(|_| claim::is_dmd(coding)) else { return };
    // Of what an inactive concept was, the release says nothing.
    if !view.concept(id.value()).is_some_and(|c| c.active) || view.is_product(id.value()) != Some(false) {
        return;
    }
    if view.is_substance(id.value()) {
        // dm+d lists ingredients, so that the system may be right and the place wrong.
        if crate::tree::names::text(coding.resource().type_id()).starts_with("Medication") {
            out.say(&META, code, "the concept is a substance, not a product").severity = Severity::Warning;
        }
        return;
    }
    out.say(&META, code, "the concept is not a product of the release");
}
