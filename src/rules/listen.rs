//! What a rule is, what it listens to, and what it is handed.

use std::collections::BTreeMap;

use crate::finding::{Draft, Environment, Meta, NotAssessed, Origin};
use crate::message::Message;
use crate::pack::model::Release;
use crate::plan::Plans;
use crate::terminology::Sets;
use crate::text::Span;
use crate::tree::{Element, names};

/// When a rule is asked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Listens {
    /// At every element or resource of this type (`Identifier`, `Patient`).
    Type(&'static str),
    /// At every element that makes this claim, which is looked at once for all rules.
    Claim(Claim),
    /// Once a message, at its root.
    Message,
}

/// What many rules ask of an element before anything else.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Claim {
    /// A Coding whose system is SNOMED CT's, in whatever spelling.
    Snomed,
    /// An Identifier whose system is the NHS number's, in whatever spelling.
    NhsNumber,
}

impl Claim {
    /// Type of the elements that can make it.
    pub const fn ty(self) -> &'static str {
        match self {
            Self::Snomed => "Coding",
            Self::NhsNumber => "Identifier",
        }
    }

    /// Whether an element of that type makes it.
    pub fn is_made_by(self, at: Element<'_>) -> bool {
        match self {
            Self::Snomed => super::snomed::claimed_by(at),
            Self::NhsNumber => super::nhs_number::claimed_by(at),
        }
    }
}

/// A rule.
pub trait Rule: Sync {
    /// Everything known without running it.
    fn meta(&self) -> &'static Meta;

    /// When it is asked.
    fn listens(&self) -> &'static [Listens];

    /// Checks one element (or the root), and says what is wrong.
    fn check(&self, scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink);
}

/// What a rule may look at besides the element.
#[derive(Debug)]
pub struct Scene<'s, 't> {
    /// The message: release, bundles, contained resources, references.
    pub message: &'s Message<'t>,
    /// Definitions.
    pub plans: &'s Plans,
    /// Code systems and value sets.
    pub sets: &'s Sets,
    /// Production or test.
    pub environment: Environment,
    /// The day that "today" is, `YYYY-MM-DD`.
    pub today: &'s str,
    /// ODS code of the partner whose feed it is, or empty.
    pub partner: &'s str,
}

impl Scene<'_, '_> {
    /// The release of the message.
    pub fn release(&self) -> Release {
        self.message.release
    }
}

/// Takes what rules say.
#[derive(Debug, Default)]
pub struct Sink {
    /// Findings.
    pub drafts: Vec<Draft>,
    /// What could not be checked.
    pub not_assessed: BTreeMap<NotAssessed, u64>,
}

impl Sink {
    /// A finding at an element's value. `says` holds no text of the message.
    pub fn say(&mut self, meta: &'static Meta, at: Element<'_>, says: impl Into<String>) -> &mut Draft {
        self.say_at(meta, at, at.mark(), says)
    }

    /// A finding at a span of an element (a part of its value, or its name).
    pub fn say_at(&mut self, meta: &'static Meta, at: Element<'_>, span: Span, says: impl Into<String>) -> &mut Draft {
        let mut draft = Draft::new(meta, Origin::Rule, span, at.path(), says);
        names::text(at.resource().type_id()).clone_into(&mut draft.resource);
        draft.excerpt = at.value().map(crate::text::Masked::new);
        self.drafts.push(draft);
        let last = self.drafts.len() - 1;
        &mut self.drafts[last]
    }

    /// Something that could not be checked.
    pub fn skip(&mut self, what: &'static str, canonical: impl Into<String>) {
        *self.not_assessed.entry(NotAssessed { what, canonical: canonical.into() }).or_default() += 1;
    }
}
