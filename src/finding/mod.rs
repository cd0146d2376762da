//! What may be said about a message: rule metadata, severities and findings.

mod cause;
mod example;
mod fix;
mod meta;
mod place;
mod record;
mod severity;
mod sink;

pub use cause::{Explained, ONE_CODING, Reach, settle};
pub use fix::Fix;
pub use meta::{Dimension, Environment, Example, Family, Meta, Verdict};
pub use place::definition_path;
pub use record::{Draft, Finding, NotAssessed, Origin, fingerprint};
pub use severity::Severity;
pub use sink::{Sink, Taken};
