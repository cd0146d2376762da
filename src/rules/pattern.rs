//! Rules that look at one text of what names a system: the code of a Coding, the value of an Identifier.

use super::{Listens, Rule, Scene, Sink};
use crate::finding::Meta;
use crate::tree::Element;
use crate::tree::names::{self, NameId};

/// A rule about the codes or identifiers of some systems.
pub(super) struct Pattern {
    meta: &'static Meta,
    listens: [Listens; 1],
    child: NameId,
    fault: fn(&str) -> Option<&'static str>,
}

impl Pattern {
    /// A rule that looks at the codes of such systems. `fault` says what is wrong with a code, if anything, without any part
    /// of the code.
    pub const fn of_codes(
        meta: &'static Meta,
        is_system: fn(&str) -> bool,
        fault: fn(&str) -> Option<&'static str>,
    ) -> Self {
        Self { meta, listens: [Listens::coding(is_system)], child: names::CODE, fault }
    }

    /// A rule that looks at the identifiers of `systems`. `fault` says what is wrong with a value, if anything, without any
    /// part of the value.
    pub const fn of_identifiers(
        meta: &'static Meta,
        systems: &'static [&'static str],
        fault: fn(&str) -> Option<&'static str>,
    ) -> Self {
        Self { meta, listens: [Listens::identifier_of(systems)], child: names::VALUE, fault }
    }
}

impl Rule for Pattern {
    fn meta(&self) -> &'static Meta {
        self.meta
    }

    fn listens(&self) -> &[Listens] {
        &self.listens
    }

    fn check(&self, _: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
        if let Some(held) = at.child(self.child)
            && let Some(text) = held.value().filter(|t| !t.is_empty())
            && let Some(says) = (self.fault)(text)
        {
            out.say(self.meta, held, says);
        }
    }
}
