//! What may be said about a message: rule metadata, severities and findings.

mod meta;
mod record;
mod severity;

pub use meta::{Dimension, Environment, Example, Family, Meta, Verdict};
pub use record::{Draft, Finding, NotAssessed, Origin};
pub use severity::Severity;
