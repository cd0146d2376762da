//! What a run counts: measures, distributions, pseudonyms, and the outcome that every format and record is made from. One struct
//! for one fact, and one table of all that there is to count.

mod catalogue;
mod keys;
mod outcome;
mod payload_sum;
mod sighting;

pub use catalogue::{
    BEFORE_EVENT, Buckets, DERIVED, Distribution, DistributionDefinition, EDGES, LONGER, Measured, SHARES, Stage,
    TALLIES, counts, definition,
};
pub use keys::{KeyKind, KeyRow, KeyRuns, sort_rows};
pub use outcome::{
    Measure, MeasureKey, PackFacts, PayloadCounts, ProfileFacts, RunOutcome, SourceFacts, Summary, Tally,
};
pub use payload_sum::PayloadSum;
pub use sighting::Sighting;
