//! SARIF 2.1.0, fitted to the limits of code scanning with what was left out stated.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde_json::{Value, json};

use super::row::{bracketed, counted, hash, place, says, uncounted};
use super::{WriteOptions, Writer};
use crate::finding::{Finding, Meta, Severity};
use crate::tally::RunOutcome;

/// Results of one run that code scanning accepts; it rejects a file with more.
const CAP: usize = 25_000;
const SCHEMA: &str = "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";

pub(super) struct Sarif<'o, W> {
    options: &'o WriteOptions,
    out: W,
    /// Results by severity, each with its place in the order of findings.
    kept: BTreeMap<Severity, Vec<(u64, Value)>>,
    held: usize,
    cap: usize,
    seen: u64,
    rules: BTreeMap<&'static str, &'static Meta>,
}

impl<'o, W: Write> Sarif<'o, W> {
    pub(super) fn new(options: &'o WriteOptions, out: W) -> Self {
        Self { options, out, kept: BTreeMap::new(), held: 0, cap: CAP, seen: 0, rules: BTreeMap::new() }
    }

    fn result(&self, f: &Finding) -> Value {
        let mut region = json!({"startLine": f.line.max(1), "startColumn": f.column.max(1)});
        if (f.end.0, f.end.1) > (f.line, f.column) {
            region["endLine"] = f.end.0.into();
            region["endColumn"] = f.end.1.max(1).into();
        }
        let source = self.options.relative(&f.source);
        let mut result = json!({
            "ruleId": f.meta.id,
            "ruleIndex": 0,
            "level": level(f.severity),
            "message": {"text": format!("{}{}", says(f), bracketed(&f.path))},
            "locations": [{
                "physicalLocation": {
                    "artifactLocation": {"uri": uri(&source)},
                    "region": region,
                },
                "logicalLocations": [{"fullyQualifiedName": f.path, "kind": "element"}],
            }],
            "partialFingerprints": {
                "hallmarkFinding/v1": hash(&[&f.fingerprint]),
                "hallmarkPlace/v1": hash(&[f.meta.id, &f.profile, &place(&f.path)]),
                "primaryLocationLineHash": hash(&[&source, &f.fingerprint]),
            },
        });
        if self.options.baseline {
            result["baselineState"] = if f.new { "new" } else { "unchanged" }.into();
        }
        let why = if f.shadow { uncounted(f) } else { f.waived.clone() };
        if let Some(why) = why {
            result["suppressions"] = json!([{"kind": "external", "status": "accepted", "justification": why}]);
        }
        result["properties"] = json!({
            "payload": f.payload,
            "profile": f.profile,
            "element": f.element,
            "origin": f.origin.as_str(),
            "severity": f.severity,
        });
        if f.shadow {
            result["properties"]["shadow"] = true.into();
        }
        result
    }
}

impl<W: Write> Writer for Sarif<'_, W> {
    fn finding(&mut self, f: &Finding) -> io::Result<()> {
        let order = self.seen;
        self.seen += 1;
        self.rules.insert(f.meta.id, f.meta);
        if self.held == self.cap {
            // Full: the last of the least severe gives way to a more severe one.
            match self.kept.last_entry() {
                Some(mut least) if *least.key() > f.severity => {
                    least.get_mut().pop();
                    if least.get().is_empty() {
                        least.remove();
                    }
                    self.held -= 1;
                }
                _ => return Ok(()),
            }
        }
        let result = self.result(f);
        self.kept.entry(f.severity).or_default().push((order, result));
        self.held += 1;
        Ok(())
    }

    fn close(mut self: Box<Self>, outcome: &RunOutcome) -> io::Result<()> {
        let mut rules = std::mem::take(&mut self.rules);
        rules.extend(outcome.rules.iter().map(|meta| (meta.id, *meta)));
        let index: BTreeMap<&str, usize> = rules.keys().enumerate().map(|(i, id)| (*id, i)).collect();
        let mut results: Vec<(u64, Value)> = std::mem::take(&mut self.kept).into_values().flatten().collect();
        results.sort_by_key(|(order, _)| *order);
        let results: Vec<Value> = results
            .into_iter()
            .map(|(_, mut result)| {
                let at = result["ruleId"].as_str().and_then(|id| index.get(id)).copied();
                result["ruleIndex"] = at.unwrap_or_default().into();
                result
            })
            .collect();
        let mut notes = Vec::new();
        let left_out = self.seen - results.len() as u64;
        if left_out > 0 {
            notes.push(note(
                "warning",
                format!(
                    "{} of {} written, the most severe first kept; the NDJSON format holds all",
                    counted(results.len() as u64, "result"),
                    self.seen
                ),
            ));
        }
        let open: u64 = outcome.not_assessed.iter().map(|(_, n)| n).sum();
        if open > 0 {
            notes.push(note("note", format!("{} not assessed", counted(open, "thing"))));
        }
        let invocation = json!({
            "executionSuccessful": outcome.is_complete(),
            "toolExecutionNotifications": notes,
        });
        let value = json!({
            "$schema": SCHEMA,
            "version": "2.1.0",
            "runs": [{
                "tool": {"driver": {
                    "name": "hallmark",
                    "semanticVersion": self.options.version,
                    "rules": rules.values().map(|meta| rule(meta, &self.options.rule_pages)).collect::<Vec<_>>(),
                }},
                "automationDetails": {"id": format!("hallmark/{}/", self.options.partner)},
                "invocations": [invocation],
                "columnKind": "unicodeCodePoints",
                "results": results,
                "properties": {"findings": self.seen, "rulesDigest": outcome.rules_digest},
            }],
        });
        serde_json::to_writer_pretty(&mut self.out, &value)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

fn note(level: &str, text: String) -> Value {
    json!({"level": level, "message": {"text": text}})
}

fn level(severity: Severity) -> &'static str {
    match severity {
        Severity::Fatal | Severity::Error => "error",
        Severity::Warning => "warning",
        Severity::Information => "note",
    }
}

fn rule(meta: &Meta, pages: &str) -> Value {
    let mut tags = vec![meta.family.as_str(), meta.dimension.as_str()];
    if !meta.criterion.is_empty() {
        tags.push(meta.criterion);
    }
    let plain = format!("{} What to do: {} Basis: {}", meta.why, meta.remedy, meta.basis);
    let marked = format!("{}\n\n**What to do:** {}\n\n**Basis:** {}", meta.why, meta.remedy, meta.basis);
    let mut out = json!({
        "id": meta.id,
        "name": meta.name,
        "shortDescription": {"text": meta.title},
        "fullDescription": {"text": if meta.why.is_empty() { meta.title } else { meta.why }},
        "help": {"text": plain, "markdown": marked},
        "defaultConfiguration": {"level": level(meta.severity)},
        "properties": {"tags": tags},
    });
    if !pages.is_empty() {
        out["helpUri"] = format!("{}/{}.html", pages.trim_end_matches('/'), meta.id).into();
    }
    out
}

/// A relative path as a URI reference, an absolute one as a file URI: what RFC 3986 does not allow in a path segment is
/// percent-encoded.
fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len() + 7);
    if path.starts_with('/') {
        out.push_str("file://");
    }
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' => out.push(byte as char),
            b'-' | b'.' | b'_' | b'~' | b'/' | b'!' | b'$' | b'&' | b'\'' | b'(' | b')' | b'*' | b'+' | b',' | b';'
            | b'=' | b'@' => out.push(byte as char),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    // The first segment must not look like a scheme, and `:` is encoded above.
    out
}

#[cfg(test)]
mod tests {
    use super::super::sample;
    use super::*;

    #[test]
    fn the_most_severe_survive_the_cap() {
        let outcome = sample::outcome();
        let options = WriteOptions::default();
        let mut out = Vec::new();
        let mut sarif = Sarif { cap: 4, ..Sarif::new(&options, &mut out) };
        for finding in &outcome.findings {
            sarif.finding(finding).unwrap();
        }
        Box::new(sarif).close(&outcome).unwrap();
        let value: Value = serde_json::from_slice(&out).unwrap();
        let run = &value["runs"][0];
        let levels: Vec<&str> =
            run["results"].as_array().unwrap().iter().map(|r| r["level"].as_str().unwrap()).collect();
        assert_eq!(levels, ["error"; 4]);
        assert_eq!(run["properties"]["findings"], 11);
        let text = run["invocations"][0]["toolExecutionNotifications"][0]["message"]["text"].as_str().unwrap();
        assert!(text.contains("4 results of 11"), "{text}");
    }

    #[test]
    fn uris_are_encoded() {
        assert_eq!(uri("a b/c:d#é.json"), "a%20b/c%3Ad%23%C3%A9.json");
        assert_eq!(uri("/feed/a.json"), "file:///feed/a.json");
    }
}
