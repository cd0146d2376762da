//! How a Patient of the Personal Demographics Service is recognised, and its confidentiality label.

use crate::rules::query::identifier;
use crate::tree::{Element, names};
use crate::uk::systems::NHS_NUMBER;

/// Confidentiality code of a resource: `U`, `R`, `V`, `REDACTED`.
pub fn label(patient: Element<'_>) -> Option<Element<'_>> {
    let labels = patient.child(names::META)?.named(names::SECURITY);
    let mut own = labels.filter(|l| l.text(names::SYSTEM).is_some_and(|s| s.ends_with("/v3-Confidentiality")));
    own.next()
}

/// Code of the label.
pub fn code(patient: Element<'_>) -> Option<&str> {
    label(patient)?.text(names::CODE)
}

/// Whether a Patient comes from the service: it carries its label, and its id is an NHS number.
pub fn is_pds(patient: Element<'_>) -> bool {
    let number = |t: &str| t.len() == 10 && t.bytes().all(|b| b.is_ascii_digit());
    label(patient).is_some() && patient.text(names::ID).is_some_and(number) && identifier(patient, NHS_NUMBER).is_some()
}
