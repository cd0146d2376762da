//! What people and machines read: one file per format, each a projection of the NDJSON master.

mod azure;
mod checkstyle;
mod compact;
mod csv;
mod format;
#[cfg(feature = "pages")]
pub mod gap;
mod gate;
mod github;
mod gitlab;
mod groups;
mod json;
mod junit;
mod locate;
mod markdown;
mod operation_outcome;
mod remedy;
mod row;
#[cfg(feature = "pages")]
mod rule_pages;
#[doc(hidden)]
pub mod sample;
mod sarif;
mod sheet;
mod text;
mod xlsx;

pub use crate::text::scrub::clean;
pub use format::{FORMATS, Flow, Format, Masking, WriteOptions, Writer, open, write};
pub use gate::LeakGate;
pub use locate::{locate, names};
pub use remedy::of as remedy;
pub use row::{found, says};
#[cfg(feature = "pages")]
pub use rule_pages::{RulePage, rule_pages};
