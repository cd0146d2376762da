//! Meaning above elements: which release a payload is, what type each element has, what a reference points at.

mod index;
mod reference;
mod release;
mod sender;
mod typing;

pub use index::{BundleIndex, Message};
pub use reference::{Resolved, is_absolute, logical_id};
pub use release::{Clue, other_release, release_of};
#[cfg(test)]
pub use typing::type_tree;
