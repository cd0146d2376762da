//! The baseline: findings that are known, as counts and fingerprints. It may only shrink.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use crate::finding::{Family, Finding, definition_path};
use crate::schema::{Checked, Faults, Schema, Syntax};

/// The schema of a baseline.
pub static SCHEMA: Schema = Schema::new(include_str!("../../schemas/baseline.schema.json"));

/// Findings that are known.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    known: BTreeSet<String>,
}

#[derive(Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
struct File {
    #[serde(rename = "type")]
    kind: String,
    version: u32,
    #[serde(default)]
    rules_digest: String,
    entries: Vec<Entry>,
}

#[derive(Serialize, Deserialize)]
struct Entry {
    rule: String,
    profile: String,
    path: String,
    count: u64,
    fingerprints: Vec<String>,
}

impl Baseline {
    /// Reads a baseline.
    ///
    /// # Errors
    /// What is not well formed or breaks its schema.
    pub fn read(name: &str, text: &str) -> Result<Self, Faults> {
        let file: File = Checked::read(name, text, Syntax::Json, &SCHEMA)?.to()?;
        Ok(Self { known: file.entries.into_iter().flat_map(|e| e.fingerprints).collect() })
    }

    /// Whether it holds a finding.
    pub fn holds(&self, finding: &Finding) -> bool {
        self.known.contains(&key(finding))
    }
}

/// Collects the baseline that a run would write.
#[derive(Clone, Debug, Default)]
pub struct BaselineBuilder {
    entries: BTreeMap<(&'static str, String, String), BTreeSet<String>>,
}

impl BaselineBuilder {
    /// Adds a finding. With a baseline already in force (`Finding::new` is true for what it does not hold) only known
    /// findings are kept, so that it shrinks and never grows. Waived findings, those of rules in shadow
    /// and set-up findings are left out.
    pub fn add(&mut self, finding: &Finding, in_force: bool) {
        if !finding.counts() || finding.meta.family == Family::Setup || (in_force && finding.new) {
            return;
        }
        let place = (finding.meta.id, finding.profile.clone(), definition_path(&finding.path));
        self.entries.entry(place).or_default().insert(key(finding));
    }

    /// The file: sorted, one fingerprint a line, without values and line numbers.
    pub fn finish(self, rules_digest: &str) -> String {
        let entries = self
            .entries
            .into_iter()
            .map(|((rule, profile, path), fingerprints)| Entry {
                rule: rule.to_string(),
                profile,
                path,
                count: fingerprints.len() as u64,
                fingerprints: fingerprints.into_iter().collect(),
            })
            .collect();
        let file =
            File { kind: "hallmark-baseline".into(), version: 1, rules_digest: rules_digest.to_string(), entries };
        let mut text = serde_json::to_string_pretty(&file).unwrap_or_default();
        text.push('\n');
        text
    }
}

fn key(finding: &Finding) -> String {
    let source = finding.source.strip_prefix("./").unwrap_or(&finding.source);
    hash(&[&source.replace('\\', "/"), &finding.fingerprint])
}

/// Hex of the first eight bytes of SHA-256 over the parts.
pub(super) fn hash(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_le_bytes());
        digest.update(part.as_bytes());
    }
    hex::encode(&digest.finalize()[..8])
}
