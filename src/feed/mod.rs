//! Where payloads come from: files, folders, archives, standard input; whole files and NDJSON lines.

mod discover;
mod open;
mod split;

pub use discover::{Input, Source, Unreadable, discover, is_source};
pub use open::{Opened, Zip, open};
pub use split::{Lines, Payload};
