//! Single messages of the fixture feed, and how many cases chance makes of them; shared by laws of the command and of the library.

use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use proptest::prelude::*;
use proptest::test_runner::RngSeed;

/// Single messages of the fixture feed: NDJSON files give one a line.
pub static MESSAGES: LazyLock<Vec<(String, Vec<u8>)>> = LazyLock::new(|| {
    let feed = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/feeds");
    let mut messages = Vec::new();
    for entry in walkdir::WalkDir::new(feed).sort_by_file_name() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let bytes = || fs::read(entry.path()).unwrap();
        if name.ends_with(".json") || name.ends_with(".xml") {
            messages.push((name, bytes()));
        } else if let Some(stem) = name.strip_suffix(".ndjson") {
            for (number, line) in String::from_utf8(bytes()).unwrap().lines().enumerate() {
                messages.push((format!("{stem}-{:02}.json", number + 1), line.as_bytes().to_vec()));
            }
        }
    }
    messages
});

/// The same cases on every run; PROPTEST_RNG_SEED gives others.
pub fn config(cases: u32) -> ProptestConfig {
    let given = std::env::var_os("PROPTEST_RNG_SEED").is_some();
    let default = ProptestConfig::default();
    let rng_seed = if given { default.rng_seed } else { RngSeed::Fixed(20_261_121) };
    ProptestConfig { cases, rng_seed, failure_persistence: None, max_shrink_iters: 60, ..default }
}

/// Any message of the feed.
pub fn message() -> impl Strategy<Value = &'static (String, Vec<u8>)> {
    prop::sample::select(MESSAGES.iter().collect::<Vec<_>>())
}
