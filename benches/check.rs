//! Whole checks on one worker: STU3 and R4, conformance alone and with all UK rules, beside serde_json.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/measure.rs"]
mod measure;

use measure::{Setting, best, corpus, fixtures, peak_memory, say, yardstick};

fn main() {
    let setting = Setting::new();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("feed.ndjson");
    for (name, r4) in [("STU3", false), ("R4", true)] {
        let texts = corpus(&fixtures(r4), 4 << 20);
        let bytes = texts.iter().map(String::len).sum();
        std::fs::write(&path, texts.join("\n")).expect("written");
        let yard = yardstick(&texts);
        say(&format!("{name}: serde_json to Value"), bytes, yard, yard);
        for (what, rules) in [("conformance", Some("fhir")), ("all rules", None)] {
            setting.run(rules, 1, &path);
            let time = best(3, || setting.run(rules, 1, &path));
            say(&format!("{name}: {what}, {} messages", texts.len()), bytes, time, yard);
        }
    }
    println!("peak memory {:.0} MB", peak_memory().unwrap_or_default());
}
