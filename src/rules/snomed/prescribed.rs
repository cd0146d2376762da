//! Orders against dm+d: a brand where the general product would do, and doses in another unit. Needs an index made with dm+d.

use super::claim;
use super::view::{self, SnomedView};
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::terminology::snomed::Sctid;
use crate::tree::{Element, names};
use crate::uk::systems::SNOMED;

/// MED-01, actual products.
pub static ACTUAL: Meta = Meta {
    id: "HM0372",
    name: "actual-product-ordered",
    title: "an order names an actual medicinal product where its virtual one would do",
    family: Family::Snomed,
    severity: Severity::Information,
    dimension: Dimension::Validity,
    issue: "informational",
    requirement: "MED-01",
    basis: "NHS Business Services Authority, dm+d: VMP and AMP; NHS prescribing by generic name unless the brand matters",
    criterion: "COD-6",
    why: "The order binds the pharmacy to one manufacturer, and cannot be filled when that product is short.",
    remedy: "Order the virtual product that the note names, unless the brand matters clinically.",
    examples: &[
        Example::bad(
            "a brand",
            r#"{"resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": {"display": "Test"}, "medicationCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "«7777821000001109»", "display": "Testamol 10mg tablets (Test Ltd)"}]}}"#,
        ),
        Example::good(
            "the general product",
            r#"{"resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": {"display": "Test"}, "medicationCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "7777811000001100", "display": "Testamol 10mg tablets"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// MED-01, units.
pub static UNIT: Meta = Meta {
    id: "HM0373",
    name: "dose-unit-of-other-product",
    title: "the dose is given in another unit than dm+d gives for the product",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "MED-01",
    basis: "NHS Business Services Authority, dm+d Technical Specifications: UNIT_DOSE_UOMCD; Dose Syntax",
    criterion: "COD-6",
    why: "A dose in units that the product does not have cannot be given, or is given as something else.",
    remedy: "Give the dose in the unit that the note names, or as an amount of the substance in UCUM.",
    examples: &[
        Example::bad(
            "capsules of tablets",
            r#"{"resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": {"display": "Test"}, "medicationCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "7777811000001100", "display": "Testamol 10mg tablets"}]}, "dosageInstruction": [{"doseQuantity": {"value": 2, "unit": "capsule", "system": "http://snomed.info/sct", "code": "«7777911000001105»"}}]}"#,
        ),
        Example::good(
            "tablets",
            r#"{"resourceType": "MedicationRequest", "status": "active", "intent": "order", "subject": {"display": "Test"}, "medicationCodeableConcept": {"coding": [{"system": "http://snomed.info/sct", "code": "7777811000001100", "display": "Testamol 10mg tablets"}]}, "dosageInstruction": [{"doseQuantity": {"value": 2, "unit": "tablet", "system": "http://snomed.info/sct", "code": "7777901000001108"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule =
    Rule { metas: &[&ACTUAL, &UNIT], listens: &[Listens::Types(&["MedicationRequest", "MedicationStatement"])], check };

fn check(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some(view) = view::of(scene) {
        judge(view, at, out);
    }
}

fn judge(view: &dyn SnomedView, resource: Element<'_>, out: &mut Sink) {
    let Some(medicine) = resource.get("medication") else { return };
    let is_order = names::text(resource.type_id()) == "MedicationRequest";
    let mut unit = None;
    for coding in medicine.named(names::CODING) {
        let Some((code, id)) = claim::looked_up(coding) else { continue };
        let Some(held) = view.medicine(id.value()) else { continue };
        if let Some(general) = held.virtual_product.filter(|_| is_order && held.actual) {
            let draft = out.say(&ACTUAL, code, "the order names a product of one manufacturer");
            draft.notes.push(format!("its virtual product is {}", view.name(general)));
        }
        unit = unit.or(held.dose_unit);
    }
    let Some(unit) = unit else { return };
    for dosage in ["dosageInstruction", "dosage"].into_iter().flat_map(|name| resource.all(name)) {
        // STU3 has the dose in the dosage, R4 one level below.
        let doses = dosage.get("dose").into_iter().chain(dosage.all("doseAndRate").filter_map(|rate| rate.get("dose")));
        for dose in doses.filter(|dose| dose.text(names::SYSTEM) == Some(SNOMED)) {
            let Some(code) = dose.child(names::CODE) else { continue };
            let sent = code.value().and_then(|text| Sctid::parse(text).ok());
            if sent.is_some_and(|sent| sent.value() != unit) {
                let draft = out.say(&UNIT, code, "the product is not dosed in this unit");
                draft.notes.push(format!("dm+d gives {}", view.name(unit)));
            }
        }
    }
}
