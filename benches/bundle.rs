//! One Bundle of 10 to 100,000 entries: time an entry must not grow. Beside serde_json on the same bytes.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/measure.rs"]
mod measure;

use measure::{Setting, Turns, bundle, parse, peak_memory};

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
        let texts = [text];
        let (mut one, mut two) = (|| _ = setting.run(None, 1, &path), || _ = setting.run(None, 2, &path));
        let rounds = if entries > 20_000 { 3 } else { 9 };
        let turns = Turns::take(rounds, &mut [&mut || parse(&texts), &mut one, &mut two]);
        let seconds = turns.best(1).as_secs_f64();
        println!(
            "{entries:>9} {megabytes:>9.2} {seconds:>12.3} {:>12.1} {:>12.2} {:>9.2}x",
            seconds * 1e6 / entries as f64,
            turns.speed(1, 0),
            turns.speed(2, 1)
        );
    }
    println!("peak memory {:.0} MB", peak_memory().unwrap_or_default());
}
