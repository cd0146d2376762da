//! Where payloads come from: files, folders, archives, standard input; whole files and NDJSON lines.

mod discover;
mod members;
mod open;
mod receipt;
mod split;
mod wait;

pub use discover::{Input, Source, Unreadable, discover, is_source};
pub use members::{Member, Members};
pub use open::{Opened, open};
pub use receipt::Receipts;
pub use split::{Lines, Payload};
