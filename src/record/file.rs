//! The record as a file: one JSON document, one row a line, sorted, described by a schema.

use std::collections::BTreeMap;
use std::io::{self, Write};

use serde::{Deserialize, Serialize};

use super::model::{
    Counts, Example, FindingCounts, FindingKey, Header, Part, Record, RuleCounts, RuleFacts, Scope, Share, VERSION,
};
use crate::finding::{Dimension, MeasureKey, Severity};
use crate::schema::{Checked, Faults, Schema, Syntax};

/// The schema of a run record.
pub static SCHEMA: Schema = Schema::new(include_str!("../../schemas/record.schema.json"));

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(rename = "type")]
    kind: String,
    version: u32,
    header: Header,
    rules: BTreeMap<String, RuleFacts>,
    parts: Vec<FilePart>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct FilePart {
    scope: Scope,
    shards: Vec<String>,
    collected: String,
    counts: Counts,
    by_rule: Vec<RuleRow>,
    findings: Vec<FindingRow>,
    profiles: Vec<ProfileRow>,
    not_assessed: Vec<NotAssessedRow>,
    measures: Vec<MeasureRow>,
    tallies: Vec<TallyRow>,
    keys: Vec<KeyRow>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct RuleRow {
    rule: String,
    findings: u64,
    payloads: u64,
    waived: u64,
    failing: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct FindingRow {
    rule: String,
    severity: Severity,
    profile: String,
    path: String,
    resource: String,
    findings: u64,
    payloads: u64,
    waived: u64,
    examples: Vec<Example>,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct ProfileRow {
    canonical: String,
    resources: u64,
    clean: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct NotAssessedRow {
    what: String,
    canonical: String,
    count: u64,
}

#[derive(Default, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
struct Key {
    #[serde(skip_serializing_if = "String::is_empty")]
    sender: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    period: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    resource: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    profile: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    element: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    rule: String,
}

#[derive(Serialize, Deserialize)]
struct MeasureRow {
    name: String,
    dimension: String,
    #[serde(default)]
    key: Key,
    numerator: u64,
    denominator: u64,
}

#[derive(Serialize, Deserialize)]
struct TallyRow {
    name: String,
    #[serde(default)]
    key: Key,
    bucket: String,
    count: u64,
}

#[derive(Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct KeyRow {
    kind: String,
    key: String,
    fact: String,
    count: u64,
}

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    /// What is not well formed, breaks the schema, or does not add up, with its place.
    pub fn read(name: &str, text: &str) -> Result<Self, Faults> {
        let checked = Checked::read(name, text, Syntax::Json, &SCHEMA)?;
        let file: File = checked.to()?;
        let mut faults = Vec::new();
        let mut parts = BTreeMap::new();
        for (i, row) in file.parts.into_iter().enumerate() {
            let c = &row.counts;
            if c.given != c.read + c.failed + c.skipped || c.clean > c.read {
                let says = "these counts do not add up: given is read + failed + skipped, clean is at most read";
                faults.push(checked.fault(&format!("/parts/{i}/counts"), says, "Make the record again"));
            }
            if let Some(at) = row.measures.iter().position(|m| m.numerator > m.denominator) {
                let pointer = format!("/parts/{i}/measures/{at}");
                faults.push(checked.fault(&pointer, "a share is above one", "Make the record again"));
            }
            let (scope, part) = row.into_part();
            if parts.insert(scope, part).is_some() {
                let pointer = format!("/parts/{i}/scope");
                faults.push(checked.fault(&pointer, "this scope stands here twice", "Merge with `hallmark merge`"));
            }
        }
        if !faults.is_empty() {
            return Err(Faults(faults));
        }
        Ok(Self { header: file.header, rules: file.rules, parts })
    }

    /// Writes the record, the same bytes for the same counts.
    ///
    /// # Errors
    /// What the output says.
    pub fn write(&self, mut out: impl Write) -> io::Result<()> {
        write!(out, "{{\"type\":\"hallmark-record\",\"version\":{VERSION},\n\"header\":")?;
        serde_json::to_writer(&mut out, &self.header)?;
        out.write_all(b",\n\"rules\":{")?;
        for (i, (id, facts)) in self.rules.iter().enumerate() {
            out.write_all(if i == 0 { b"\n" } else { b",\n" })?;
            serde_json::to_writer(&mut out, id)?;
            out.write_all(b":")?;
            serde_json::to_writer(&mut out, facts)?;
        }
        out.write_all(b"\n},\n\"parts\":[")?;
        for (i, (scope, part)) in self.parts.iter().enumerate() {
            out.write_all(if i == 0 { b"\n{\"scope\":" } else { b",\n{\"scope\":" })?;
            write_part(&mut out, scope, part)?;
        }
        out.write_all(b"\n]}\n")?;
        out.flush()
    }
}

fn write_part(out: &mut impl Write, scope: &Scope, part: &Part) -> io::Result<()> {
    serde_json::to_writer(&mut *out, scope)?;
    out.write_all(b",\n\"shards\":")?;
    serde_json::to_writer(&mut *out, &part.shards)?;
    out.write_all(b",\"collected\":")?;
    serde_json::to_writer(&mut *out, &part.collected)?;
    out.write_all(b",\n\"counts\":")?;
    serde_json::to_writer(&mut *out, &part.counts)?;
    rows(out, "byRule", &part.by_rule, |(rule, c)| RuleRow {
        rule: rule.clone(),
        findings: c.findings,
        payloads: c.payloads,
        waived: c.waived,
        failing: c.failing,
    })?;
    rows(out, "findings", &part.findings, |(key, c)| FindingRow {
        rule: key.rule.clone(),
        severity: key.severity.unwrap_or(Severity::Information),
        profile: key.profile.clone(),
        path: key.path.clone(),
        resource: key.resource.clone(),
        findings: c.findings,
        payloads: c.payloads,
        waived: c.waived,
        examples: c.examples.iter().cloned().collect(),
    })?;
    rows(out, "profiles", &part.profiles, |(canonical, (resources, clean))| ProfileRow {
        canonical: canonical.clone(),
        resources: *resources,
        clean: *clean,
    })?;
    rows(out, "notAssessed", &part.not_assessed, |((what, canonical), count)| NotAssessedRow {
        what: what.clone(),
        canonical: canonical.clone(),
        count: *count,
    })?;
    rows(out, "measures", &part.measures, |((name, key), share)| MeasureRow {
        name: name.clone(),
        dimension: share.dimension.as_str().to_string(),
        key: key.into(),
        numerator: share.numerator,
        denominator: share.denominator,
    })?;
    rows(out, "tallies", &part.tallies, |((name, key, bucket), count)| TallyRow {
        name: name.clone(),
        key: key.into(),
        bucket: bucket.clone(),
        count: *count,
    })?;
    rows(out, "keys", &part.keys, |((kind, key, fact), count)| KeyRow {
        kind: kind.clone(),
        key: hex(key),
        fact: hex(fact),
        count: *count,
    })?;
    out.write_all(b"}")
}

/// One array, one row a line.
fn rows<'m, K: 'm, V: 'm, R: Serialize>(
    out: &mut impl Write,
    name: &str,
    map: &'m BTreeMap<K, V>,
    row: impl Fn((&'m K, &'m V)) -> R,
) -> io::Result<()> {
    write!(out, ",\n\"{name}\":[")?;
    for (i, entry) in map.iter().enumerate() {
        out.write_all(if i == 0 { b"\n" } else { b",\n" })?;
        serde_json::to_writer(&mut *out, &row(entry))?;
    }
    out.write_all(b"]")
}

impl FilePart {
    fn into_part(self) -> (Scope, Part) {
        let part = Part {
            shards: self.shards.into_iter().collect(),
            collected: self.collected,
            counts: self.counts,
            by_rule: self
                .by_rule
                .into_iter()
                .map(|r| {
                    let counts =
                        RuleCounts { findings: r.findings, payloads: r.payloads, waived: r.waived, failing: r.failing };
                    (r.rule, counts)
                })
                .collect(),
            findings: self
                .findings
                .into_iter()
                .map(|r| {
                    let key = FindingKey {
                        rule: r.rule,
                        severity: Some(r.severity),
                        profile: r.profile,
                        path: r.path,
                        resource: r.resource,
                    };
                    let counts = FindingCounts {
                        findings: r.findings,
                        payloads: r.payloads,
                        waived: r.waived,
                        examples: r.examples.into_iter().collect(),
                    };
                    (key, counts)
                })
                .collect(),
            profiles: self.profiles.into_iter().map(|r| (r.canonical, (r.resources, r.clean))).collect(),
            not_assessed: self.not_assessed.into_iter().map(|r| ((r.what, r.canonical), r.count)).collect(),
            measures: self
                .measures
                .into_iter()
                .map(|r| {
                    let dimension = Dimension::ALL.into_iter().find(|d| d.as_str() == r.dimension);
                    let share = Share {
                        dimension: dimension.unwrap_or(Dimension::Validity),
                        numerator: r.numerator,
                        denominator: r.denominator,
                    };
                    ((r.name, r.key.into()), share)
                })
                .collect(),
            tallies: self.tallies.into_iter().map(|r| ((r.name, r.key.into(), r.bucket), r.count)).collect(),
            keys: self.keys.into_iter().map(|r| ((r.kind, unhex(&r.key), unhex(&r.fact)), r.count)).collect(),
        };
        (self.scope, part)
    }
}

impl From<&MeasureKey> for Key {
    fn from(key: &MeasureKey) -> Self {
        Self {
            sender: key.sender.clone(),
            period: key.period.clone(),
            resource: key.resource.clone(),
            profile: key.profile.clone(),
            element: key.element.clone(),
            rule: key.rule.clone(),
        }
    }
}

impl From<Key> for MeasureKey {
    fn from(key: Key) -> Self {
        Self {
            sender: key.sender,
            period: key.period,
            resource: key.resource,
            profile: key.profile,
            element: key.element,
            rule: key.rule,
        }
    }
}

fn hex(bytes: &[u8; 16]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}

/// The schema has checked the form.
fn unhex(text: &str) -> [u8; 16] {
    let mut bytes = [0; 16];
    for (byte, pair) in bytes.iter_mut().zip(text.as_bytes().chunks_exact(2)) {
        let digit = |b: u8| (b as char).to_digit(16).unwrap_or_default() as u8;
        *byte = digit(pair[0]) << 4 | digit(pair[1]);
    }
    bytes
}
