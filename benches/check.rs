//! Whole checks on one worker: STU3 and R4, conformance alone and with all UK rules, beside serde_json.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/measure.rs"]
mod measure;

use measure::{Setting, Turns, corpus, fixtures, parse, peak_memory, say};

fn main() {
    let setting = Setting::new();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("feed.ndjson");
    for (name, r4) in [("STU3", false), ("R4", true)] {
        let texts = corpus(&fixtures(r4), 4 << 20);
        let bytes = texts.iter().map(String::len).sum();
        std::fs::write(&path, texts.join("\n")).expect("written");
        let mut conformance = || _ = setting.run(Some("fhir"), 1, &path);
        let mut all = || _ = setting.run(None, 1, &path);
        let turns = Turns::take(9, &mut [&mut || parse(&texts), &mut conformance, &mut all]);
        for (work, what) in ["serde_json to Value", "conformance", "all rules"].into_iter().enumerate() {
            let what = format!("{name}: {what}, {} messages", texts.len());
            say(&what, bytes, turns.best(work), turns.speed(work, 0));
        }
    }
    println!("peak memory {:.0} MB", peak_memory().unwrap_or_default());
}
