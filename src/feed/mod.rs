//! Where payloads come from: files, folders, archives, standard input; whole files and NDJSON lines.

mod discover;
mod open;
mod receipt;
mod split;
mod tar;

pub use discover::{Input, Source, Unreadable, discover, is_source};
pub use open::{Opened, Zip, open};
pub use receipt::Receipts;
pub use split::{Lines, Payload};
pub use tar::Tar;
