//! Warnings of lists: codes, and the texts published for them.

use crate::rules::query::extensions;
use crate::tree::{Element, names};
use crate::uk::profiles::extensions::LIST_WARNING;

/// What every note for confidential items says.
pub const CONFIDENTIAL: &str = "Items excluded due to confidentiality and/or patient preferences.";

/// What every note for data in transit begins with; a date follows.
pub const IN_TRANSIT: &str =
    "Patient record transfer from previous GP practice not yet complete; information recorded before ";

/// Warning codes of a list: the value element and its code.
pub fn codes(list: Element<'_>) -> impl Iterator<Item = (Element<'_>, &str)> {
    extensions(list, LIST_WARNING).filter_map(|e| e.child(names::VALUE)).map(|v| (v, v.value().unwrap_or("")))
}

/// Texts of the notes of a list.
pub fn notes(list: Element<'_>) -> impl Iterator<Item = Element<'_>> {
    list.all("note").filter_map(|n| n.child(names::TEXT))
}
