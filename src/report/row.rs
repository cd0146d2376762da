//! The fields of a finding in the order of the NDJSON master, and the wording that several formats share.

use serde::Serialize;
use serde_json::{Map, Value, json};

use super::WriteOptions;
use crate::finding::{Finding, Severity};
use crate::tally::{RunOutcome, Summary};

/// One finding, keys in the published order.
#[derive(Serialize)]
pub(super) struct Row<'f> {
    #[serde(rename = "type")]
    kind: &'static str,
    rule: &'f str,
    name: &'f str,
    severity: Severity,
    source: &'f str,
    payload: u64,
    line: u64,
    column: u32,
    path: &'f str,
    profile: &'f str,
    element: &'f str,
    origin: &'static str,
    says: String,
    fingerprint: &'f str,
    waived: Option<&'f str>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    shadow: bool,
}

impl<'f> Row<'f> {
    pub(super) fn new(finding: &'f Finding) -> Self {
        Self {
            kind: "finding",
            rule: finding.meta.id,
            name: finding.meta.name,
            severity: finding.severity,
            source: &finding.source,
            payload: finding.payload,
            line: finding.line,
            column: finding.column,
            path: &finding.path,
            profile: &finding.profile,
            element: &finding.element,
            origin: finding.origin.as_str(),
            says: says(finding),
            fingerprint: &finding.fingerprint,
            waived: finding.waived.as_deref(),
            shadow: finding.shadow,
        }
    }
}

/// What is wrong with its further lines, in one line.
pub fn says(finding: &Finding) -> String {
    if finding.notes.is_empty() {
        return finding.says.clone();
    }
    format!("{}: {}", finding.says, finding.notes.join("; "))
}

/// What is said of a rule in shadow.
pub(super) const SHADOW: &str = "shadow: shown, not counted";

/// Why a finding does not count, for formats that have no place of their own for it.
pub(super) fn uncounted(finding: &Finding) -> Option<String> {
    let waived = finding.waived.as_ref().map(|reason| format!("waived: {reason}"));
    match (finding.shadow, waived) {
        (true, Some(waived)) => Some(format!("{SHADOW}; {waived}")),
        (true, None) => Some(SHADOW.to_owned()),
        (false, waived) => waived,
    }
}

/// `says` with why it does not count.
pub(super) fn says_marked(finding: &Finding) -> String {
    match uncounted(finding) {
        Some(why) => format!("{} [{why}]", says(finding)),
        None => says(finding),
    }
}

/// ` [path]`, or nothing where there is none.
pub(super) fn bracketed(path: &str) -> String {
    if path.is_empty() { String::new() } else { format!(" [{path}]") }
}

pub(super) use crate::finding::definition_path as place;
pub(super) use crate::text::{counted, thousands};

/// The run in JSON: what the last line of NDJSON holds.
pub(super) fn summary(outcome: &RunOutcome, options: &WriteOptions) -> Value {
    let s = &outcome.summary;
    let severities: Map<String, Value> =
        Severity::ALL.iter().map(|severity| (severity.to_string(), json!(s.count(*severity)))).collect();
    json!({
        "type": "summary",
        "version": options.version,
        "sources": s.sources,
        "unreadable": s.unreadable,
        "payloads": {
            "given": s.payloads.given,
            "read": s.payloads.read,
            "failed": s.payloads.failed,
            "skipped": s.payloads.skipped,
        },
        "releases": s.releases,
        "releaseAssumed": s.release_assumed,
        "resources": s.resources,
        "resourcesTotal": s.resources_total(),
        "unclaimed": s.unclaimed,
        "clean": s.clean,
        "findings": severities,
        "waived": s.waived,
        "shadow": s.shadow,
        "known": s.known.values().sum::<u64>(),
        "notAssessed": outcome.not_assessed.iter().map(|(_, n)| n).sum::<u64>(),
        "passedOver": s.passed_over,
        "complete": outcome.is_complete(),
        "rulesDigest": outcome.rules_digest,
        "packs": outcome.packs.iter().map(|p| json!({
            "name": p.name, "version": p.version, "source": p.source, "licence": p.licence, "digest": p.digest,
            "release": p.release, "embedded": p.embedded,
        })).collect::<Vec<_>>(),
    })
}

/// What was found, by severity, as every summary of a run says it. With `new_only` what the baseline knows is told apart
/// from what is new, which alone decides the exit code.
pub fn found(summary: &Summary, new_only: bool) -> String {
    let of = |word: &str, count: &dyn Fn(Severity) -> u64| -> Vec<String> {
        let some = Severity::ALL.iter().filter(|severity| count(**severity) > 0);
        some.map(|severity| counted(count(*severity), &format!("{word}{severity}"))).collect()
    };
    let known = of("", &|severity| summary.known(severity));
    let mut parts = if new_only {
        of("new ", &|severity| summary.count(severity).saturating_sub(summary.known(severity)))
    } else {
        of("", &|severity| summary.count(severity))
    };
    if parts.is_empty() {
        parts.push(if new_only { "no new findings" } else { "no findings" }.to_owned());
    }
    let mut text = parts.join(", ");
    if !known.is_empty() {
        let verb = if new_only { "known and left out" } else { "of these known" };
        text.push_str(&format!(" ({verb}: {})", known.join(", ")));
    }
    if summary.waived > 0 {
        text.push_str(&format!(", {} waived", thousands(summary.waived)));
    }
    if summary.shadow > 0 {
        text.push_str(&format!(", {} in shadow", thousands(summary.shadow)));
    }
    text
}

/// One sentence with the counts of a run.
pub(super) fn sentence(outcome: &RunOutcome, new_only: bool) -> String {
    let s = &outcome.summary;
    let p = &s.payloads;
    let mut text = format!("{} in {}", found(s, new_only), counted(p.given, "payload"));
    if p.failed > 0 || p.skipped > 0 {
        text.push_str(&format!(
            " ({} read, {} failed, {} skipped)",
            thousands(p.read),
            thousands(p.failed),
            thousands(p.skipped)
        ));
    }
    let open: u64 = outcome.not_assessed.iter().map(|(_, n)| n).sum();
    if open > 0 {
        text.push_str(&format!("; {} not assessed", thousands(open)));
    }
    text
}

/// Hex of the first 16 bytes of SHA-256 over the parts.
pub(super) fn hash(parts: &[&str]) -> String {
    use sha2::{Digest, Sha256};
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part.as_bytes());
    }
    hex::encode(&digest.finalize()[..16])
}
