//! The values of identifiers, and their shapes.

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

/// Whether `text` is digits only, as many as `count` says.
pub(super) fn is_digits(text: &str, count: std::ops::RangeInclusive<usize>) -> bool {
    count.contains(&text.len()) && text.bytes().all(|b| b.is_ascii_digit())
}

/// Whether `text` follows `shape`: `9` is a digit, `A` a capital letter, anything else itself.
pub(super) fn has_shape(text: &str, shape: &str) -> bool {
    text.len() == shape.len()
        && text.bytes().zip(shape.bytes()).all(|(t, s)| match s {
            b'9' => t.is_ascii_digit(),
            b'A' => t.is_ascii_uppercase(),
            s => t == s,
        })
}
