//! Bytes and places: spans, lines, masked values and safe printing. No FHIR words here.

mod chars;
mod date;
pub mod digits;
mod lines;
mod masked;
mod names;
mod near;
mod numbers;
mod parts;
pub mod sanitise;
pub mod scrub;
mod shapes;
mod span;
mod stack;
mod work;

use std::collections::{HashMap, HashSet};

pub use date::{Date, days_in, days_since_epoch};
pub use lines::{LineIndex, Place};
pub use masked::{Disclosure, Masked};
pub use names::{Canonical, FileName, FileNames, Label};
pub use near::{distance, nearest};
pub use numbers::{agrees, counted, thousands};
pub use parts::in_parts;
pub use shapes::{is_oid, is_uuid};
pub use span::Span;
pub use stack::{STACK, on_deep_stack};
pub use work::Work;

/// A hash map keyed by texts of messages, or by what holds them: seeded, so that no feed can aim at it, and quick.
pub type TextMap<K, V> = HashMap<K, V, foldhash::fast::RandomState>;

/// A set of the same kind.
pub type TextSet<K> = HashSet<K, foldhash::fast::RandomState>;
