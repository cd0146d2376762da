//! The values of identifiers.

use crate::tree::{Element, names};

/// The value of an Identifier whose system is one of `systems`.
pub(super) fn value_under<'t>(identifier: Element<'t>, systems: &[&str]) -> Option<(Element<'t>, &'t str)> {
    let system = identifier.text(names::SYSTEM)?;
    if !systems.contains(&system) {
        return None;
    }
    filled(identifier)
}

/// The value of an Identifier, unless it is empty.
pub(super) fn filled(identifier: Element<'_>) -> Option<(Element<'_>, &str)> {
    let value = identifier.child(names::VALUE)?;
    let text = value.value().filter(|t| !t.is_empty())?;
    Some((value, text))
}
