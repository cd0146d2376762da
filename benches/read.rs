//! Reading alone: bytes to a tree, JSON and XML, beside serde_json on the same bytes.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/measure.rs"]
mod measure;

use hallmark::bench::read::{Limits, read_into};
use measure::{Turns, corpus, fixtures, parse, say};

fn main() {
    let texts = corpus(&[fixtures(false), fixtures(true)].concat(), 8 << 20);
    let bytes: usize = texts.iter().map(String::len).sum();
    let feeds = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/feeds");
    let files = walkdir::WalkDir::new(feeds).sort_by_file_name().into_iter().map(|e| e.expect("an entry"));
    let xml: Vec<String> = files
        .filter(|e| e.path().extension().is_some_and(|x| x == "xml"))
        .map(|e| std::fs::read_to_string(e.path()).expect("a file"))
        .collect();
    let xml = corpus(&xml, 8 << 20);
    let xml_bytes: usize = xml.iter().map(String::len).sum();
    let (mut from_json, mut from_xml) = (|| read_all(&texts), || read_all(&xml));
    let turns = Turns::take(9, &mut [&mut || parse(&texts), &mut from_json, &mut from_xml]);
    say("serde_json to Value", bytes, turns.best(0), 1.0);
    say("JSON to a tree", bytes, turns.best(1), turns.speed(1, 0));
    // As if serde_json read as many bytes of JSON.
    say("XML to a tree", xml_bytes, turns.best(2), turns.speed(2, 0) * xml_bytes as f64 / bytes as f64);
}

fn read_all(texts: &[String]) {
    let mut store = Vec::new();
    for text in texts {
        let (mut tree, faults) = read_into(text, &Limits::default(), std::mem::take(&mut store));
        std::hint::black_box((&tree, faults));
        store = std::mem::take(&mut tree.nodes);
    }
}
