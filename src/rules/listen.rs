//! What a rule is, what it listens to, and what it is handed.

use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

pub use crate::finding::Sink;
use crate::finding::{Environment, Meta};
use crate::message::Message;
use crate::pack::model::Release;
use crate::plan::Plans;
use crate::terminology::Sets;
use crate::text::Work;
use crate::tree::names::{self, NameId};
use crate::tree::{Element, NodeId};

/// When a rule is asked.
#[derive(Clone, Copy, Debug)]
pub enum Listens {
    /// At every element or resource of these types (`Identifier`, `Patient`).
    Types(&'static [&'static str]),
    /// At every element that makes this claim.
    Claim(Claim),
    /// At every Reference that leads to nothing within the message.
    Lost,
    /// Once a message, at its root.
    Message,
}

impl Listens {
    /// At every Coding with such a system.
    pub const fn coding(claims: fn(&str) -> bool) -> Self {
        Self::Claim(Claim { ty: "Coding", name: names::SYSTEM, texts: Texts::Where(claims) })
    }

    /// At every Quantity with such a system.
    pub const fn quantity(claims: fn(&str) -> bool) -> Self {
        Self::Claim(Claim { ty: "Quantity", name: names::SYSTEM, texts: Texts::Where(claims) })
    }

    /// At every Extension with such a URL.
    pub const fn extension(claims: fn(&str) -> bool) -> Self {
        Self::Claim(Claim { ty: "Extension", name: names::URL, texts: Texts::Where(claims) })
    }

    /// At every Identifier with such a system.
    pub const fn identifier(claims: fn(&str) -> bool) -> Self {
        Self::Claim(Claim { ty: "Identifier", name: names::SYSTEM, texts: Texts::Where(claims) })
    }

    /// At every Identifier of one of these systems.
    pub const fn identifier_of(systems: &'static [&'static str]) -> Self {
        Self::Claim(Claim { ty: "Identifier", name: names::SYSTEM, texts: Texts::OneOf(systems) })
    }
}

/// What one text below an element says it is, such as the system of a Coding. Few texts stand in a message many times, so the
/// answer is remembered for every distinct one and must depend on nothing else. Without the text there is no claim.
#[derive(Clone, Copy, Debug)]
pub struct Claim {
    /// Type of the elements that can make it.
    pub ty: &'static str,
    /// The child that holds the text.
    pub name: NameId,
    /// Which texts make the claim.
    pub texts: Texts,
}

/// Which texts make a claim.
#[derive(Clone, Copy, Debug)]
pub enum Texts {
    /// Those for which the answer is yes.
    Where(fn(&str) -> bool),
    /// Exactly these.
    OneOf(&'static [&'static str]),
}

impl Texts {
    /// Whether `text` makes the claim.
    pub fn holds(self, text: &str) -> bool {
        match self {
            Self::Where(holds) => holds(text),
            Self::OneOf(texts) => texts.contains(&text),
        }
    }
}

/// A rule: what it may say, when it is asked, and how it checks.
#[derive(Clone, Copy, Debug)]
pub struct Rule {
    /// Everything known of its findings without running it.
    pub metas: &'static [&'static Meta],
    /// When it is asked.
    pub listens: &'static [Listens],
    /// Checks one element (or the root), and says what is wrong.
    pub check: Check,
}

/// The check of a rule.
pub type Check = for<'a> fn(&'a Scene<'a, 'a>, Element<'a>, &mut Sink);

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
    /// What the message may cost.
    pub work: &'s Work<'s>,
    /// What rules have found out about elements.
    pub facts: Facts,
}

/// Answers that several rules need and that a look at a whole Bundle gives.
#[derive(Debug, Default)]
pub struct Facts(Mutex<HashMap<(NodeId, &'static str), bool>>);

impl Facts {
    /// The answer to `question` of an element, found once a message.
    pub fn of(&self, at: Element<'_>, question: &'static str, find: impl FnOnce() -> bool) -> bool {
        let key = (at.id(), question);
        let held = self.0.lock().unwrap_or_else(PoisonError::into_inner).get(&key).copied();
        held.unwrap_or_else(|| {
            let found = find();
            self.0.lock().unwrap_or_else(PoisonError::into_inner).insert(key, found);
            found
        })
    }
}

impl Scene<'_, '_> {
    /// The release of the message.
    pub fn release(&self) -> Release {
        self.message.release
    }
}
