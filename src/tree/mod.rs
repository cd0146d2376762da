//! The one element tree for JSON and XML: nodes in an arena, names interned, spans relative to the payload.

mod arena;
mod element;
pub mod names;
mod path;

pub use arena::{Kind, NO_DEF, NONE, Node, NodeId, Tree, flags};
pub use element::Element;
pub use names::NameId;
