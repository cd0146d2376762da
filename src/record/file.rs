//! The record as a file: one JSON document, one row a line, sorted, described by a schema, closed by its own digest. Key
//! runs may be longer than memory: they are written and read line by line.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::io::{self, BufRead, Write};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::model::{
    Counts, Example, FindingCounts, FindingKey, Header, Part, Record, RuleCounts, RuleFacts, Scope, Share, VERSION,
};
use super::runs::{KeySorter, Keys, Spill};
use super::sense::{self, MOST};
use crate::finding::{Dimension, Severity};
use crate::schema::{Checked, Faults, Schema, Syntax};
use crate::tally::{KeyKind, KeyRow, MeasureKey};

/// The schema of a run record.
pub static SCHEMA: Schema = Schema::new(include_str!("../../schemas/record.schema.json"));

/// `type` and `version` are what the schema has checked.
#[derive(Deserialize)]
struct File {
    header: Header,
    rules: BTreeMap<String, RuleFacts>,
    parts: Vec<FilePart>,
}

#[derive(Deserialize)]
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
    measures: Vec<MeasureRow<'static>>,
    tallies: Vec<TallyRow<'static>>,
    keys: Vec<KeyLine>,
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
struct Key<'r> {
    #[serde(skip_serializing_if = "str::is_empty")]
    sender: Cow<'r, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    period: Cow<'r, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    resource: Cow<'r, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    profile: Cow<'r, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    element: Cow<'r, str>,
    #[serde(skip_serializing_if = "str::is_empty")]
    rule: Cow<'r, str>,
}

#[derive(Serialize, Deserialize)]
struct MeasureRow<'r> {
    name: Cow<'r, str>,
    dimension: Cow<'r, str>,
    #[serde(default)]
    key: Key<'r>,
    numerator: u64,
    denominator: u64,
}

#[derive(Serialize, Deserialize)]
struct TallyRow<'r> {
    name: Cow<'r, str>,
    #[serde(default)]
    key: Key<'r>,
    bucket: Cow<'r, str>,
    count: u64,
}

/// One pseudonym: kind, key, fact where the kind has facts, count.
#[derive(Deserialize)]
#[serde(untagged)]
enum KeyLine {
    Fact(String, String, String, u64),
    Plain(String, String, u64),
}

/// Pseudonyms of a file that are held before they go to a temporary file: records are read many at a time.
const HELD: usize = 16_384;

impl Record {
    /// Reads a record.
    ///
    /// # Errors
    /// What is not well formed, breaks the schema, was changed after it was made, or contradicts itself, with its place.
    pub fn read(name: &str, text: &str) -> Result<Self, Faults> {
        match Self::read_from(name, text.as_bytes(), None) {
            Ok(read) => read,
            // A slice does not fail; without a folder nothing is written.
            Err(error) => Err(unreadable(name, &error)),
        }
    }

    /// Reads a record of any length: pseudonyms that do not fit into memory go to `spill`.
    ///
    /// # Errors
    /// Outside, what the reader or the temporary file says; inside, what [`Self::read`] refuses.
    pub fn read_from(name: &str, reader: impl BufRead, spill: Option<&Spill>) -> io::Result<Result<Self, Faults>> {
        Ok(Self::from_lines(name, take_keys(reader, spill)?))
    }

    fn from_lines(name: &str, lines: Lines) -> Result<Self, Faults> {
        let mut keys = lines.keys.into_iter();
        let checked = Checked::read(name, &lines.text, Syntax::Json, &SCHEMA)?;
        let file: File = checked.to()?;
        let mut faults = Vec::new();
        if lines.digest.as_deref() != checked.value["digest"].as_str() {
            let says = "this record was changed after it was made: it no longer has its digest";
            faults.push(checked.fault("/digest", says, "Make the record again"));
        }
        let mut parts = BTreeMap::new();
        for (i, row) in file.parts.into_iter().enumerate() {
            if let Some(at) = row.measures.iter().position(|m| m.numerator > m.denominator) {
                let pointer = format!("/parts/{i}/measures/{at}");
                faults.push(checked.fault(&pointer, "a share is above one", "Make the record again"));
            }
            let rows = row.rows();
            let (scope, mut part) = row.into_part();
            let twice = rows.into_iter().zip(held(&part)).filter(|((_, rows), held)| rows != held);
            for ((list, _), _) in twice {
                let says = "a row stands here twice";
                faults.push(checked.fault(&format!("/parts/{i}/{list}"), says, "Make the record again"));
            }
            for (list, says) in sense::contradictions(&file.rules, &part) {
                faults.push(checked.fault(&format!("/parts/{i}/{list}"), says, "Make the record again"));
            }
            part.keys.add(keys.next().unwrap_or_default());
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
    pub fn write(&self, out: impl Write) -> io::Result<()> {
        let mut out = Sealed { out, digest: Sha256::new() };
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
        out.write_all(b"\n],\n")?;
        let Sealed { mut out, digest } = out;
        writeln!(out, "{DIGEST}{}\"}}", hex::encode(digest.finalize()))?;
        out.flush()
    }
}

/// What the last line of a record begins with.
const DIGEST: &str = "\"digest\":\"";

/// Hands on what is written, and takes its digest.
struct Sealed<W> {
    out: W,
    digest: Sha256,
}

impl<W: Write> Write for Sealed<W> {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let written = self.out.write(bytes)?;
        self.digest.update(&bytes[..written]);
        Ok(written)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.out.flush()
    }
}

/// The lines of a record.
struct Lines {
    /// All but its pseudonyms.
    text: String,
    /// The pseudonyms, by part.
    keys: Vec<Keys>,
    /// Digest of what stands before the line of the digest; none where that is not the last line.
    digest: Option<String>,
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
        name: name.as_str().into(),
        dimension: share.dimension.as_str().into(),
        key: key.into(),
        numerator: share.numerator,
        denominator: share.denominator,
    })?;
    rows(out, "tallies", &part.tallies, |((name, key, bucket), count)| TallyRow {
        name: name.as_str().into(),
        key: key.into(),
        bucket: bucket.as_str().into(),
        count: *count,
    })?;
    out.write_all(b",\n\"keys\":[")?;
    for (i, row) in part.keys.rows()?.enumerate() {
        let row = row?;
        let kind = row.kind.as_str();
        out.write_all(if i == 0 { b"\n" } else { b",\n" })?;
        let (mut key, mut fact) = ([0; 32], [0; 32]);
        let key = digits(&row.key, &mut key);
        match row.kind.has_facts() {
            true => write!(out, "[\"{kind}\",\"{key}\",\"{}\",{}]", digits(&row.fact, &mut fact), row.count)?,
            false => write!(out, "[\"{kind}\",\"{key}\",{}]", row.count)?,
        }
    }
    out.write_all(b"\n]}")
}

/// The lines of a record without its pseudonyms, and the pseudonyms by part. A line that is not as we write it stays
/// where it is, for the schema to judge.
fn take_keys(mut reader: impl BufRead, spill: Option<&Spill>) -> io::Result<Lines> {
    let (mut text, mut parts) = (String::new(), Vec::new());
    let mut sorter: Option<KeySorter> = None;
    let mut line = String::new();
    let (mut digest, mut sealed) = (Sha256::new(), None);
    loop {
        line.clear();
        if reader.read_line(&mut line)? == 0 {
            break;
        }
        let bare = line.trim_end();
        if sorter.is_none() && sealed.is_none() && bare.starts_with(DIGEST) {
            sealed = Some(hex::encode(std::mem::take(&mut digest).finalize()));
        } else if !bare.is_empty() {
            // A file that was carried between systems may end its lines otherwise.
            digest.update(line.trim_end_matches(['\r', '\n']).as_bytes());
            digest.update(b"\n");
            // Nothing stands after it.
            if sealed.is_some() {
                sealed = Some(String::new());
            }
        }
        if let Some(keys) = &mut sorter {
            if let Some(row) = key_row(bare.strip_suffix(',').unwrap_or(bare)) {
                keys.add(&[row])?;
                text.push('\n');
                continue;
            }
            if bare.starts_with(']') {
                parts.extend(sorter.take().map(KeySorter::finish));
            }
        } else if bare == "\"keys\":[" {
            sorter = Some(KeySorter::new(spill.cloned(), HELD));
        }
        text.push_str(&line);
    }
    Ok(Lines { text, keys: parts, digest: sealed })
}

/// One row as we write it.
fn key_row(line: &str) -> Option<KeyRow> {
    let mut parts = line.strip_prefix("[\"")?.strip_suffix(']')?.split(',');
    let word = |part: &str| Some(part.strip_suffix('"')?.strip_prefix('"')?.to_owned());
    let kind = KeyKind::parse(parts.next()?.strip_suffix('"')?)?;
    let key = unhex(&word(parts.next()?)?)?;
    let fact = if kind.has_facts() { unhex(&word(parts.next()?)?)? } else { [0; 16] };
    let count = parts.next()?.parse().ok().filter(|count| *count <= MOST)?;
    parts.next().is_none().then_some(KeyRow { kind, key, fact, count })
}

fn unreadable(name: &str, error: &io::Error) -> Faults {
    let says = format!("it cannot be read: {error}");
    Faults(vec![crate::schema::Fault::new(name, "", 0..0, says, "Make the record again")])
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

/// How many rows each list of [`FilePart::rows`] has when no row stands there twice.
fn held(part: &Part) -> [usize; 7] {
    let Part { shards, by_rule, findings, profiles, not_assessed, measures, tallies, .. } = part;
    [shards.len(), by_rule.len(), findings.len(), profiles.len(), not_assessed.len(), measures.len(), tallies.len()]
}

impl FilePart {
    /// How many rows each list has.
    fn rows(&self) -> [(&'static str, usize); 7] {
        [
            ("shards", self.shards.len()),
            ("byRule", self.by_rule.len()),
            ("findings", self.findings.len()),
            ("profiles", self.profiles.len()),
            ("notAssessed", self.not_assessed.len()),
            ("measures", self.measures.len()),
            ("tallies", self.tallies.len()),
        ]
    }

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
                    ((r.name.into_owned(), r.key.into()), share)
                })
                .collect(),
            tallies: self
                .tallies
                .into_iter()
                .map(|r| ((r.name.into_owned(), r.key.into(), r.bucket.into_owned()), r.count))
                .collect(),
            keys: Keys::of(self.keys.into_iter().filter_map(KeyLine::row).collect()),
        };
        (self.scope, part)
    }
}

impl<'r> From<&'r MeasureKey> for Key<'r> {
    fn from(key: &'r MeasureKey) -> Self {
        Self {
            sender: key.sender.as_str().into(),
            period: key.period.as_str().into(),
            resource: key.resource.as_str().into(),
            profile: key.profile.as_str().into(),
            element: key.element.as_str().into(),
            rule: key.rule.as_str().into(),
        }
    }
}

impl From<Key<'_>> for MeasureKey {
    fn from(key: Key<'_>) -> Self {
        Self {
            sender: key.sender.into_owned(),
            period: key.period.into_owned(),
            resource: key.resource.into_owned(),
            profile: key.profile.into_owned(),
            element: key.element.into_owned(),
            rule: key.rule.into_owned(),
        }
    }
}

/// The digits of a pseudonym.
fn digits<'d>(pseudonym: &[u8; 16], digits: &'d mut [u8; 32]) -> &'d str {
    // Sixteen bytes are thirty-two digits, which are ASCII.
    let _ = hex::encode_to_slice(pseudonym, digits);
    std::str::from_utf8(digits).unwrap_or_default()
}

/// A pseudonym as we write it, in lower case.
fn unhex(text: &str) -> Option<[u8; 16]> {
    let mut bytes = [0; 16];
    let decoded = hex::decode_to_slice(text, &mut bytes).is_ok();
    (decoded && !text.bytes().any(|b| b.is_ascii_uppercase())).then_some(bytes)
}

impl KeyLine {
    /// The schema has checked the form.
    fn row(self) -> Option<KeyRow> {
        let (kind, key, fact, count) = match self {
            Self::Fact(kind, key, fact, count) => (kind, key, unhex(&fact)?, count),
            Self::Plain(kind, key, count) => (kind, key, [0; 16], count),
        };
        Some(KeyRow { kind: KeyKind::parse(&kind)?, key: unhex(&key)?, fact, count })
    }
}
