//! How long an editor waits, on documents of 10 KB, 100 KB and 1 MB, in JSON and in XML: `cargo bench --bench latency`.
//! Diagnostics are timed from the end of a change, the rest of typing (150 ms) apart.

#![allow(clippy::unwrap_used, clippy::panic, reason = "a bench fails so")]

#[allow(dead_code, reason = "tests use all of it")]
#[path = "../tests/client.rs"]
mod client;

use std::time::Instant;

use client::{Editor, around, place};
use serde_json::json;

const REST: f64 = 150.0;
const TIMES: usize = 15;

fn entry(number: usize, xml: bool) -> String {
    let id = format!("urn:uuid:0f8b2b36-1d7c-4c8e-9f0e-{number:012x}");
    if xml {
        return format!(
            "<entry><fullUrl value=\"{id}\"/><resource><Patient><text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">Example</div></text><name><family value=\"Example\"/><given value=\"Ann\"/></name><gender value=\"female\"/><birthDate value=\"1970-01-01\"/></Patient></resource></entry>\n"
        );
    }
    format!(
        "    {{\"fullUrl\": \"{id}\", \"resource\": {{\"resourceType\": \"Patient\", \"text\": {{\"status\": \"generated\", \"div\": \"<div xmlns=\\\"http://www.w3.org/1999/xhtml\\\">Example</div>\"}},\n      \"name\": [{{\"family\": \"Example\", \"given\": [\"Ann\"]}}], \"gender\": \"female\", \"birthDate\": \"1970-01-01\"}}}}"
    )
}

fn document(bytes: usize, xml: bool) -> String {
    let count = bytes / entry(0, xml).len();
    let entries: Vec<String> = (0..count).map(|number| entry(number, xml)).collect();
    // What is edited stands in the middle.
    let mut text = if xml {
        format!("<Bundle xmlns=\"http://hl7.org/fhir\"><type value=\"collection\"/>\n{}</Bundle>\n", entries.concat())
    } else {
        format!(
            "{{\"resourceType\": \"Bundle\", \"type\": \"collection\", \"entry\": [\n{}\n]}}\n",
            entries.join(",\n")
        )
    };
    let middle = text[text.len() / 2..].find("female").unwrap() + text.len() / 2;
    text.replace_range(middle..middle + 6, "unknown");
    text
}

fn median(mut times: Vec<f64>) -> f64 {
    times.sort_by(f64::total_cmp);
    times[times.len() / 2]
}

fn timed<T>(what: impl FnOnce() -> T) -> f64 {
    let start = Instant::now();
    what();
    start.elapsed().as_secs_f64() * 1e3
}

fn main() {
    println!("median of {TIMES}, ms\tdiagnostics\thover\tcompletion\tsymbols\tactions");
    for xml in [false, true] {
        for bytes in [10 << 10, 100 << 10, 1 << 20] {
            let form = if xml { "XML" } else { "JSON" };
            let text = document(bytes, xml);
            let of = format!("file:///feed/message.{}", form.to_lowercase());
            let mut editor = Editor::start();
            editor.open(&of, &text);
            assert!(editor.diagnostics(&of, 1).iter().all(|d| d["severity"] != 1));
            let at = place(&text, "unknown");
            let (mut words, mut version) = (["unknown", "male   "], 1);
            let mut current = text.clone();
            let mut diagnostics = Vec::new();
            for _ in 0..TIMES {
                version += 1;
                let range = around(&current, words[0]);
                let changed = current.replacen(words[0], words[1], 1);
                let took = timed(|| {
                    editor.edit(&of, version, range, words[1]);
                    editor.diagnostics(&of, version);
                });
                diagnostics.push(took - REST);
                current = changed;
                words.swap(0, 1);
            }
            let mut asked =
                |method: &str| median((0..TIMES).map(|_| timed(|| editor.at(method, &of, at.clone()))).collect());
            let (hover, completion) = (asked("textDocument/hover"), asked("textDocument/completion"));
            let symbols = median(
                (0..TIMES)
                    .map(|_| timed(|| editor.ask("textDocument/documentSymbol", json!({"textDocument": {"uri": of}}))))
                    .collect(),
            );
            let range = json!({"start": at, "end": at});
            let actions = median(
                (0..TIMES)
                    .map(|_| {
                        timed(|| {
                            editor.ask(
                                "textDocument/codeAction",
                                json!({"textDocument": {"uri": of}, "range": range, "context": {"diagnostics": []}}),
                            )
                        })
                    })
                    .collect(),
            );
            println!(
                "{form} {} KB\t{:.1}\t{hover:.1}\t{completion:.1}\t{symbols:.1}\t{actions:.1}",
                text.len() >> 10,
                median(diagnostics)
            );
            editor.end();
        }
    }
}
