//! Entries of dm+d that are withdrawn or discontinued. Needs an index made with a release of dm+d.

use super::claim;
use super::view::{self, SnomedView};
use crate::finding::{Dimension, Example, Explained, Family, Meta, Severity};
use crate::rules::{Rule, Scene, Sink};
use crate::tree::Element;

/// DMD-01, withdrawn.
pub static WITHDRAWN: Meta = Meta {
    id: "HM0369",
    name: "dmd-entry-withdrawn",
    title: "dm+d has withdrawn the entry, or knows it by another id",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Timeliness,
    issue: "code-invalid",
    requirement: "DMD-01",
    basis: "NHS Business Services Authority, dm+d Technical Specifications: INVALID, former ids and the history file",
    criterion: "COD-6",
    why: "Systems that hold the current dm+d do not find the medicine, so that checks of safety pass it by.",
    remedy: "Send the id that the note names, or record the product again from the current dm+d.",
    explains: &[Explained::here("HM0361"), Explained::here("HM0363")],
    examples: &[
        Example::bad(
            "a former id",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "https://dmd.nhs.uk", "code": "«7777841000001104»"}]}}"#,
        )
        .r4()
        .says("another id"),
        Example::bad(
            "an invalid entry",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«7777831000001106»"}]}}"#,
        )
        .says("withdrawn"),
        Example::good(
            "a product in use",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "https://dmd.nhs.uk", "code": "7777811000001100"}]}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// DMD-01, discontinued.
pub static DISCONTINUED: Meta = Meta {
    id: "HM0370",
    name: "dmd-product-discontinued",
    title: "the product is discontinued or not available",
    family: Family::Snomed,
    severity: Severity::Information,
    dimension: Dimension::Timeliness,
    issue: "business-rule",
    requirement: "DMD-01",
    basis: "NHS Business Services Authority, dm+d Technical Specifications: DISCCD, NON_AVAILCD, AVAIL_RESTRICTCD",
    criterion: "COD-6",
    why: "What is no longer made cannot be dispensed as it was ordered.",
    remedy: "In an order, name a product that is available; a record of the past stays as it is.",
    examples: &[
        Example::bad(
            "a pack that is no longer made",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "https://dmd.nhs.uk", "code": "«7777851000001101»"}]}}"#,
        )
        .r4(),
        Example::good(
            "a product in use",
            r#"{"resourceType": "Medication", "code": {"coding": [{"system": "https://dmd.nhs.uk", "code": "7777811000001100"}]}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&WITHDRAWN, &DISCONTINUED], listens: &[super::LOOKED_UP], check };

fn check(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some(view) = view::of(scene) {
        judge(view, at, out);
    }
}

fn judge(view: &dyn SnomedView, coding: Element<'_>, out: &mut Sink) {
    let Some((code, id)) = claim::looked_up(coding) else { return };
    let medicine = view.medicine(id.value());
    if let Some(current) = view.current_medicine(id.value()).filter(|_| medicine.as_ref().is_none_or(|m| m.invalid)) {
        let name = view.medicine(current).map(|m| m.name).unwrap_or_default();
        let draft = out.say(&WITHDRAWN, code, "dm+d knows the entry by another id now");
        draft.notes.push(format!("the current one is {current} |{}|", crate::text::sanitise::line(&name)));
    } else if medicine.as_ref().is_some_and(|m| m.invalid) {
        out.say(&WITHDRAWN, code, "dm+d has withdrawn the entry");
    } else if medicine.is_some_and(|m| m.discontinued) {
        out.say(&DISCONTINUED, code, "by dm+d the product is discontinued or not available");
    }
}
