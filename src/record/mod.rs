//! Run records: what runs counted, mergeable across shards, months and partners, without a value of any message.

mod build;
mod file;
mod keys;
mod merge;
mod merged;
mod model;
mod runs;
mod sense;
mod shard;
mod sightings;

pub use build::{RecordBuilder, RecordOptions};
pub use file::SCHEMA;
pub use keys::{KeyTotals, derive, key_shares};
pub use merge::{MergeError, add_part, comparable, merge};
pub use model::{
    Counts, EXAMPLES, Example, FindingCounts, FindingKey, Header, Part, Record, RuleCounts, RuleFacts, Scope, Share,
    VERSION,
};
pub use runs::{KeySorter, Keys, Rows, Spill};
pub use shard::{ShardDigest, key_id, keyless_id};
pub use sightings::SightingSorter;
