//! Rules that look at the codes of one system.

use crate::finding::Meta;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// A rule about the codes of a system.
pub(super) struct Pattern {
    /// Its metadata.
    pub meta: &'static Meta,
    /// Whether it looks at a system.
    pub is_system: fn(&str) -> bool,
    /// What is wrong with a code, if anything; without any part of the code.
    pub fault: fn(&str) -> Option<&'static str>,
}

impl Rule for Pattern {
    fn meta(&self) -> &'static Meta {
        self.meta
    }

    fn listens(&self) -> &'static [Listens] {
        &[Listens::Type("Coding")]
    }

    fn check(&self, _: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
        if at.text(names::SYSTEM).is_some_and(self.is_system)
            && let Some(code) = at.child(names::CODE)
            && let Some(text) = code.value().filter(|t| !t.is_empty())
            && let Some(says) = (self.fault)(text)
        {
            out.say(self.meta, code, says);
        }
    }
}
