//! Links between statements, plans and orders, as the medication rules see them.

use crate::rules::Scene;
use crate::rules::query::{target, type_name};
use crate::tree::{Element, names};

/// Value of `intent`.
pub fn intent(request: Element<'_>) -> &str {
    request.get("intent").and_then(Element::value).unwrap_or("")
}

/// The plan that a statement or order is based on, when the record holds it.
pub fn plan<'a>(scene: &'a Scene<'a, 'a>, of: Element<'a>) -> Option<Element<'a>> {
    let mut based = of.all("basedOn").filter_map(|r| target(scene, r));
    based.find(|r| type_name(*r) == "MedicationRequest" && intent(*r) == "plan")
}

/// Start and end of `dispenseRequest.validityPeriod`.
pub fn validity(request: Element<'_>) -> (Option<Element<'_>>, Option<Element<'_>>) {
    let period = request.child(names::DISPENSE_REQUEST).and_then(|d| d.child(names::VALIDITY_PERIOD));
    (period.and_then(|p| p.child(names::START)), period.and_then(|p| p.child(names::END)))
}

/// Words of the first dosage instruction.
pub fn dosage(request: Element<'_>) -> Option<&str> {
    request.get("dosageInstruction").and_then(|d| d.text(names::TEXT))
}
