//! Random damage to messages, in one process: nothing panics, and nothing that cannot be read passes.
#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::print_stdout,
    reason = "functions that tests share"
)]

use super::definitions;

use std::path::Path;
use std::time::Instant;

use hallmark::session::{Hallmark, State};
use hallmark::settings::Date;

/// Xorshift: the same damage on every run.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    fn below(&mut self, end: usize) -> usize {
        (self.next() % end.max(1) as u64) as usize
    }
}

const TELLING: &[&[u8]] = &[
    b"\"",
    b"{",
    b"}",
    b"[",
    b"]",
    b",",
    b":",
    b"<",
    b">",
    b"/>",
    b"&",
    b"&#0;",
    b"\\ud800",
    b"null",
    b"true",
    b"1e999999999",
    b"-0",
    b"\n",
    b"\xff\xfe",
    b"\xe2\x80",
    b"\0",
    b"99999999999999999999999999",
    b"<![CDATA[x]]>",
    b"<!DOCTYPE a>",
    b"2026-02-30",
    b"\"resourceType\":\"Bundle\",",
    b"\"contained\":[{\"resourceType\":\"Patient\"}],",
    b"\"extension\":[{}],",
    b"urn:uuid:",
    b"#",
    b"_",
];

/// One to four changes: bytes, cuts, repeats, and parts of another message.
fn damaged(message: &[u8], other: &[u8], chance: &mut Chance) -> Vec<u8> {
    let mut out = message.to_vec();
    for _ in 0..=chance.below(4) {
        let at = chance.below(out.len());
        let to = (at + 1 + chance.below(120)).min(out.len());
        match chance.below(8) {
            0 => out.truncate(at),
            1 if !out.is_empty() => out[at] = chance.next() as u8,
            2 => drop(out.drain(at..to)),
            3 => {
                let part = out[at..to].to_vec();
                out.splice(at..at, part);
            }
            4 => {
                let from = chance.below(other.len());
                let part = other[from..(from + 1 + chance.below(400)).min(other.len())].to_vec();
                out.splice(at..at, part);
            }
            5 if !out.is_empty() => out[at] ^= 1 << chance.below(8),
            _ => {
                let telling = TELLING[chance.below(TELLING.len())];
                out.splice(at..at, telling.iter().copied());
            }
        }
    }
    out
}

fn own() -> Vec<Vec<u8>> {
    let feeds = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/feeds");
    let files = walkdir::WalkDir::new(feeds).sort_by_file_name().into_iter().map(Result::unwrap);
    let files = files.filter(|e| e.file_type().is_file());
    let split = |bytes: Vec<u8>| bytes.split(|b| *b == b'\n').map(<[u8]>::to_vec).collect::<Vec<_>>();
    files
        .flat_map(|e| {
            let bytes = std::fs::read(e.path()).unwrap();
            if e.path().extension().is_some_and(|x| x == "ndjson") { split(bytes) } else { vec![bytes] }
        })
        .filter(|bytes| !bytes.is_empty())
        .collect()
}

/// Damages messages `times` times; prints how fast, and how the states fell.
fn run(messages: &[Vec<u8>], times: u64) {
    let day = Date::parse("2026-11-21").unwrap();
    let builder = Hallmark::builder().today(day).best_practice("warning").check_references(true).security_checks(true);
    let hallmark = builder.environment("production").key(b"0123456789abcdef0123456789abcdef").build().unwrap();
    let begun = Instant::now();
    let mut chance = Chance(0x9e37_79b9_7f4a_7c15);
    let mut states = [0u64; 3];
    let mut session = hallmark.session("damage");
    for number in 0..times {
        let message = &messages[chance.below(messages.len())];
        let other = &messages[chance.below(messages.len())];
        let bytes = damaged(message, other, &mut chance);
        let checked = hallmark.check(&bytes);
        // A session observes data quality too.
        let found = session.check("a", &bytes);
        if checked.findings.iter().chain(&found).any(|f| f.meta.name == "payload-check-broke-off") {
            let kept = std::env::temp_dir().join("hallmark-damage");
            std::fs::write(&kept, &bytes).unwrap();
            panic!("message {number} made hallmark panic; it is kept at {}", kept.display());
        }
        assert!(checked.state == State::Read || !checked.findings.is_empty(), "message {number} fails in silence");
        assert_eq!(found.len(), checked.findings.len(), "message {number}");
        states[checked.state as usize] += 1;
        if number % 4096 == 0 {
            session = hallmark.session("damage");
        }
    }
    let seconds = begun.elapsed().as_secs_f64();
    println!(
        "{times} damaged messages of {}: {} read, {} failed, {} skipped; none crashed; {:.0} a second",
        messages.len(),
        states[0],
        states[1],
        states[2],
        times as f64 / seconds
    );
}

#[test]
fn damage_is_answered() {
    run(&own(), 2_000);
}

/// A million, of every corpus: cargo test --release --lib damage -- --ignored --nocapture
#[test]
#[ignore = "takes ten minutes and more in a release build"]
fn a_million_damaged_messages_are_answered() {
    let mut messages = own();
    for name in [
        "careconnect-stu3",
        "gpconnect-stu3",
        "transferofcare-stu3",
        "ukcore-r4",
        "uk-other-r4",
        "hl7-r4-examples",
        "hl7-r3-examples",
    ] {
        let Some(bytes) = definitions::shared(&format!("corpora/{name}.tgz")) else {
            println!("SKIPPED: ../shared/corpora/{name}.tgz is not here");
            continue;
        };
        let files = definitions::unpack(&bytes, |name| name.ends_with(".json") || name.ends_with(".xml"));
        messages.extend(files.into_iter().map(|(_, bytes)| bytes).filter(|bytes| bytes.len() < 30_000));
    }
    run(&messages, 1_000_000);
}
