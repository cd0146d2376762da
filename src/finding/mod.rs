//! What may be said about a message: rule metadata, severities and findings.

mod cause;
mod example;
mod keys;
mod meta;
mod outcome;
mod record;
mod severity;

pub use cause::{Explained, Reach, settle};
pub use keys::{KeyKind, KeyRow, KeyRuns, sort_rows};
pub use meta::{Dimension, Environment, Example, Family, Meta, Verdict};
pub use outcome::{
    Measure, MeasureKey, PackFacts, PayloadCounts, ProfileFacts, RunOutcome, SourceFacts, Summary, Tally,
    definition_path,
};
pub use record::{Draft, Finding, NotAssessed, Origin, fingerprint};
pub use severity::Severity;
