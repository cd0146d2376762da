//! Checks of one text of what names a system: the code of a Coding, the value of an Identifier.

use super::Sink;
use crate::finding::Meta;
use crate::tree::Element;
use crate::tree::names::{self, NameId};

/// Looks at the code of a Coding. `fault` says what is wrong with it, if anything, without any part of the code.
pub(super) fn code(meta: &'static Meta, at: Element<'_>, fault: fn(&str) -> Option<&'static str>, out: &mut Sink) {
    of_child(meta, at, names::CODE, fault, out);
}

/// Looks at the value of an Identifier. `fault` says what is wrong with it, if anything, without any part of the value.
pub(super) fn value(meta: &'static Meta, at: Element<'_>, fault: fn(&str) -> Option<&'static str>, out: &mut Sink) {
    of_child(meta, at, names::VALUE, fault, out);
}

fn of_child(
    meta: &'static Meta,
    at: Element<'_>,
    name: NameId,
    fault: fn(&str) -> Option<&'static str>,
    out: &mut Sink,
) {
    if let Some(held) = at.child(name)
        && let Some(text) = held.value().filter(|t| !t.is_empty())
        && let Some(says) = fault(text)
    {
        out.say(meta, held, says);
    }
}
