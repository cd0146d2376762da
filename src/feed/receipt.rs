//! When messages came in, where somebody knows: one time for all, a list beside the feed, or the times of files.

use std::collections::HashMap;
use std::time::UNIX_EPOCH;

use super::{Input, Source};

/// Times of receipt in seconds since 1970.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub enum Receipts {
    /// Nobody knows.
    #[default]
    Unknown,
    /// All came in at one time.
    At(i64),
    /// By name of the source, as given or without its folders, and payload; payload 0 stands for all of a source.
    Listed(HashMap<(String, u64), i64>),
    /// When a file was written is when it came in.
    FileTimes,
}

impl Receipts {
    /// What is known of one source, for [`Self::of`]: the time of its file, when these count.
    pub fn file_time(&self, source: &Source) -> Option<i64> {
        let (Self::FileTimes, Input::File(path)) = (self, &source.input) else { return None };
        let written = std::fs::metadata(path).and_then(|m| m.modified()).ok()?;
        written.duration_since(UNIX_EPOCH).ok().map(|d| d.as_secs() as i64)
    }

    /// When a payload of a source came in.
    pub fn of(&self, name: &str, payload: u64, file_time: Option<i64>) -> Option<i64> {
        match self {
            Self::Unknown => None,
            Self::At(at) => Some(*at),
            Self::FileTimes => file_time,
            Self::Listed(list) => {
                let bare = name.rsplit(['/', '\\', '!']).next().unwrap_or(name);
                let found = |name: &str, payload| list.get(&(name.to_owned(), payload)).copied();
                found(name, payload)
                    .or_else(|| found(bare, payload))
                    .or_else(|| found(name, 0))
                    .or_else(|| found(bare, 0))
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearest_entry_counts() {
        let list = [(("a.ndjson", 0), 10), (("a.ndjson", 2), 20), (("in/b.json", 1), 30)];
        let receipts = Receipts::Listed(list.map(|((n, p), at)| ((n.to_owned(), p), at)).into());
        for (name, payload, at) in [
            ("feed/a.ndjson", 1, Some(10)),
            ("feed/a.ndjson", 2, Some(20)),
            ("in/b.json", 1, Some(30)),
            ("b.json", 1, None),
            ("x.zip!a.ndjson", 2, Some(20)),
        ] {
            assert_eq!(receipts.of(name, payload, None), at, "{name} {payload}");
        }
        assert_eq!(Receipts::At(5).of("x", 1, None), Some(5));
        assert_eq!(Receipts::FileTimes.of("x", 1, Some(7)), Some(7));
    }
}
