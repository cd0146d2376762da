//! One Bundle of 10 to 100,000 entries: time an entry must not grow. Beside serde_json on the same bytes.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/measure.rs"]
mod measure;

use measure::{Setting, best, bundle, peak_memory, yardstick};

fn main() {
    let setting = Setting::new();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("bundle.json");
    println!(
        "{:>9} {:>9} {:>12} {:>12} {:>12} {:>10}",
        "entries", "MB", "1 worker, s", "us an entry", "of serde", "2 workers"
    );
    for entries in [10, 100, 1_000, 10_000, 100_000] {
        let text = bundle(entries);
        std::fs::write(&path, &text).expect("written");
        let megabytes = text.len() as f64 / 1e6;
        let yard = yardstick(std::slice::from_ref(&text));
        drop(text);
        let times = if entries > 20_000 { 1 } else { 3 };
        setting.run(None, 1, &path);
        let one = best(times, || setting.run(None, 1, &path));
        let two = best(times, || setting.run(None, 2, &path));
        println!(
            "{entries:>9} {megabytes:>9.2} {:>12.3} {:>12.1} {:>12.2} {:>9.2}x",
            one.as_secs_f64(),
            one.as_secs_f64() * 1e6 / entries as f64,
            yard.as_secs_f64() / one.as_secs_f64(),
            one.as_secs_f64() / two.as_secs_f64()
        );
    }
    println!("peak memory {:.0} MB", peak_memory().unwrap_or_default());
}
