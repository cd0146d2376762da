//! A long NDJSON feed: memory stays flat, and two workers do nearly twice as much as one. HALLMARK_BENCH_MB sets its
//! length (default 100).
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/measure.rs"]
mod measure;

use std::io::Write;

use measure::{Setting, Turns, corpus, fixtures, peak_memory, rate, yardstick};

fn main() {
    #[allow(clippy::disallowed_methods, reason = "a bench may be told how long to run")]
    let megabytes: usize = std::env::var("HALLMARK_BENCH_MB").ok().and_then(|t| t.parse().ok()).unwrap_or(100);
    let setting = Setting::new();
    let folder = tempfile::tempdir().expect("a folder");
    let path = folder.path().join("feed.ndjson");
    let texts = corpus(&[fixtures(false), fixtures(true)].concat(), 4 << 20);
    let block = texts.join("\n") + "\n";
    let write = |bytes: usize| {
        let mut file = std::io::BufWriter::new(std::fs::File::create(&path).expect("a file"));
        let mut written = 0;
        while written < bytes {
            file.write_all(block.as_bytes()).expect("written");
            written += block.len();
        }
        file.flush().expect("written");
        written
    };
    let yard = rate(block.len(), yardstick(&texts));
    println!("serde_json to Value: {yard:.1} MB/s");
    for bytes in [megabytes / 10, megabytes] {
        let written = write(bytes * 1_000_000);
        let (time, findings) = setting.run(None, 2, &path);
        let speed = rate(written, time);
        let memory = peak_memory().unwrap_or_default();
        println!(
            "{bytes:>6} MB, 2 workers: {speed:>7.1} MB/s, {:.2} of serde_json; {findings} findings; peak memory {memory:.0} MB",
            speed / yard
        );
    }
    write(block.len() * 2);
    let (mut one, mut two) = (|| _ = setting.run(None, 1, &path), || _ = setting.run(None, 2, &path));
    let turns = Turns::take(9, &mut [&mut one, &mut two]);
    println!("two workers do {:.2} times what one does", turns.speed(1, 0));
}
