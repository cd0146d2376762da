//! Reading alone: bytes to a tree, JSON and XML, beside serde_json on the same bytes.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/measure.rs"]
mod measure;

use hallmark::read::{Limits, read_into};
use measure::{best, corpus, fixtures, say, yardstick};

fn main() {
    let texts = corpus(&[fixtures(false), fixtures(true)].concat(), 8 << 20);
    let bytes = texts.iter().map(String::len).sum();
    let yard = yardstick(&texts);
    say("serde_json to Value", bytes, yard, yard);
    let mut store = Vec::new();
    let time = best(5, || {
        for text in &texts {
            let (mut tree, faults) = read_into(text, &Limits::default(), std::mem::take(&mut store));
            std::hint::black_box((&tree, faults));
            store = std::mem::take(&mut tree.nodes);
        }
    });
    say("JSON to a tree", bytes, time, yard);
    let feeds = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/feeds");
    let files = walkdir::WalkDir::new(feeds).sort_by_file_name().into_iter().map(|e| e.expect("an entry"));
    let xml: Vec<String> = files
        .filter(|e| e.path().extension().is_some_and(|x| x == "xml"))
        .map(|e| std::fs::read_to_string(e.path()).expect("a file"))
        .collect();
    let xml = corpus(&xml, 8 << 20);
    let xml_bytes: usize = xml.iter().map(String::len).sum();
    let time = best(5, || {
        for text in &xml {
            let (mut tree, faults) = read_into(text, &Limits::default(), std::mem::take(&mut store));
            std::hint::black_box((&tree, faults));
            store = std::mem::take(&mut tree.nodes);
        }
    });
    // The yardstick is what serde_json needs for as many bytes of JSON.
    say("XML to a tree", xml_bytes, time, yard.mul_f64(xml_bytes as f64 / bytes as f64));
}
