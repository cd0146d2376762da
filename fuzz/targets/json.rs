//! JSON reading against serde_json: both accept the same texts, and read the same strings.
#![no_main]

use hallmark::bench::read::{self, Format, Limits};
use hallmark::bench::tree::Kind;
use libfuzzer_sys::fuzz_target;
use serde_json::Value;

/// serde_json's own bound is 128 levels.
const DEPTH: u32 = 100;

fn strings(value: &Value, out: &mut Vec<String>) {
    match value {
        Value::String(text) => out.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| strings(item, out)),
        Value::Object(members) => {
            let inner = members.iter().filter(|(name, value)| *name != "resourceType" || !value.is_string());
            inner.for_each(|(_, value)| strings(value, out));
        }
        _ => {}
    }
}

fuzz_target!(|data: &[u8]| {
    let Ok(text) = std::str::from_utf8(data) else { return };
    if read::sniff(text) != Some(Format::Json) || !text.starts_with('{') {
        return;
    }
    let limits = Limits { depth: DEPTH, elements: 100_000, ..Limits::default() };
    let (tree, faults) = read::read(text, &limits);
    for fault in &faults {
        assert!(fault.span.end as usize <= text.len() && fault.span.start <= fault.span.end, "{fault:?}");
    }
    if faults.iter().any(|f| f.meta.id == "HM0003") {
        return;
    }
    let refused = faults.iter().any(|f| f.meta.id == "HM0001");
    // serde_json refuses control characters, numbers beyond f64 and halves of surrogate pairs; hallmark reads on.
    let readable = faults.iter().all(|f| f.meta.id != "HM0012");
    match serde_json::from_str::<Value>(text) {
        Ok(value) => {
            assert!(!refused, "hallmark refuses what is JSON: {faults:?}");
            // What stands twice, in nested arrays or in the wrong place is not all in one of the trees.
            let named = tree.nodes.iter().skip(1).all(|node| node.name != hallmark::bench::tree::names::OTHER);
            if faults.is_empty() && named {
                let mut theirs = Vec::new();
                strings(&value, &mut theirs);
                let own = tree.nodes.iter().enumerate().filter(|(_, node)| node.kind == Kind::String);
                let mut ours: Vec<String> =
                    own.map(|(id, _)| tree.value(id as u32).unwrap_or_default().to_owned()).collect();
                theirs.sort();
                ours.sort();
                assert_eq!(ours, theirs);
            }
        }
        Err(error) => {
            let range = error.to_string().contains("number out of range");
            assert!(refused || !readable || range || faults.iter().any(|f| f.fatal), "hallmark reads what is no JSON: {error}");
        }
    }
});
