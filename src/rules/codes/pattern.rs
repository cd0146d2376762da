//! Rules that look at the codes of one system.

use crate::finding::Meta;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// A rule about the codes of a system.
pub(super) struct Pattern {
    meta: &'static Meta,
    listens: [Listens; 1],
    fault: fn(&str) -> Option<&'static str>,
}

impl Pattern {
    /// A rule that looks at the codes of such systems. `fault` says what is wrong with a code, if anything, without any part of
    /// the code.
    pub const fn new(
        meta: &'static Meta,
        is_system: fn(&str) -> bool,
        fault: fn(&str) -> Option<&'static str>,
    ) -> Self {
        Self { meta, listens: [Listens::coding(is_system)], fault }
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
        if let Some(code) = at.child(names::CODE)
            && let Some(text) = code.value().filter(|t| !t.is_empty())
            && let Some(says) = (self.fault)(text)
        {
            out.say(self.meta, code, says);
        }
    }
}
