//! The run record: what a run counted, by whom it was sent and when, in a shape that adds up.

use std::collections::{BTreeMap, BTreeSet};

use serde::{Deserialize, Serialize};

use super::runs::Keys;
use crate::finding::{Dimension, Severity};
use crate::tally::{MeasureKey, PackFacts};

/// Version of the file format.
pub const VERSION: u32 = 1;

/// The mergeable result of one run or of many. It never holds a value of a message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Record {
    /// What every part was made with.
    pub header: Header,
    /// Rules that were switched on, by id.
    pub rules: BTreeMap<String, RuleFacts>,
    /// Counts by whose feed, which interface and which month.
    pub parts: BTreeMap<Scope, Part>,
}

/// What every part of a record was made with. Records merge only when these agree.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Header {
    /// Version of hallmark.
    pub tool: String,
    /// Digest of rules and severities.
    pub rules_digest: String,
    /// Digest of the criteria set that ships, or empty.
    pub criteria_digest: String,
    /// Id of the HMAC key, or empty.
    pub key_id: String,
    /// Packages used, in order of precedence.
    pub packs: Vec<PackFacts>,
}

/// Whose feed, through what, when.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Scope {
    /// ODS code of the partner, or `unknown`.
    pub partner: String,
    /// Product that sends, or `unknown`.
    pub product: String,
    /// Interface, or `unknown`.
    pub interface: String,
    /// `production` or `test`.
    pub environment: String,
    /// Month, `YYYY-MM`.
    pub period: String,
}

/// What is said about a rule; the wording is there for rules that found something.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct RuleFacts {
    /// Kebab-case name.
    pub name: String,
    /// Family.
    pub family: String,
    /// Data quality dimension.
    pub dimension: String,
    /// Kite mark criterion, or empty.
    pub criterion: String,
    /// It was in shadow: what it found is shown and counts for nothing.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub shadow: bool,
    /// What it says, in a few words; empty where nothing was found.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub title: String,
    /// Why it matters.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub why: String,
    /// What to do.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub remedy: String,
    /// Published standard and clause.
    #[serde(default, skip_serializing_if = "String::is_empty")]
    pub basis: String,
}

/// Counts of one scope.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Part {
    /// Ids of the runs that were added.
    pub shards: BTreeSet<String>,
    /// The day of the latest run.
    pub collected: String,
    /// Counts of payloads, messages and resources.
    pub counts: Counts,
    /// Payloads and findings by rule id.
    pub by_rule: BTreeMap<String, RuleCounts>,
    /// Findings by what, where and who asked.
    pub findings: BTreeMap<FindingKey, FindingCounts>,
    /// Resources by profile: checked, and without an error of it.
    pub profiles: BTreeMap<String, (u64, u64)>,
    /// What could not be checked, by what and which.
    pub not_assessed: BTreeMap<(String, String), u64>,
    /// Shares by name and key.
    pub measures: BTreeMap<(String, MeasureKey), Share>,
    /// Distributions by name, key and bucket.
    pub tallies: BTreeMap<(String, MeasureKey, String), u64>,
    /// Pseudonyms by kind, key and fact.
    pub keys: Keys,
}

/// Counts of payloads, messages and resources.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Counts {
    /// Files and streams.
    pub sources: u64,
    /// Sources that could not be read.
    pub unreadable: u64,
    /// Payloads given; read, failed and skipped add up to it.
    pub given: u64,
    /// Payloads that parsed: messages.
    pub read: u64,
    /// Payloads that are not well formed.
    pub failed: u64,
    /// Payloads left out.
    pub skipped: u64,
    /// Messages without an error that counts.
    pub clean: u64,
    /// Messages whose release was assumed.
    pub release_assumed: u64,
    /// Resources that claim no profile.
    pub unclaimed: u64,
    /// Findings that a waiver accepts.
    pub waived: u64,
    /// Findings of rules in shadow, waived or not.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub shadow: u64,
    /// Runs that were interrupted.
    pub interrupted: u64,
    /// Messages by FHIR release.
    pub releases: BTreeMap<String, u64>,
    /// Resources by type.
    pub resources: BTreeMap<String, u64>,
    /// Findings by severity, those left out that are waived or of a rule in shadow.
    pub severities: BTreeMap<Severity, u64>,
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde hands on a reference")]
fn is_zero(n: &u64) -> bool {
    *n == 0
}

impl Counts {
    /// Resources of all types.
    pub fn resources_total(&self) -> u64 {
        self.resources.values().sum()
    }
}

/// What one rule found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct RuleCounts {
    /// Findings, waived ones included.
    pub findings: u64,
    /// Payloads with at least one.
    pub payloads: u64,
    /// Findings that a waiver accepts.
    pub waived: u64,
    /// Payloads with at least one of severity error or above, waived ones included; none of a rule in shadow.
    pub failing: u64,
}

/// What, where and who asked.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct FindingKey {
    /// Rule id.
    pub rule: String,
    /// Severity.
    pub severity: Option<Severity>,
    /// Canonical of the profile that asked, or empty.
    pub profile: String,
    /// Path without indices.
    pub path: String,
    /// Resource type.
    pub resource: String,
}

/// How often, with the first examples.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct FindingCounts {
    /// Findings.
    pub findings: u64,
    /// Payloads with at least one.
    pub payloads: u64,
    /// Findings that a waiver accepts.
    pub waived: u64,
    /// The first three by source and line.
    pub examples: BTreeSet<Example>,
}

/// Examples kept of each kind of finding.
pub const EXAMPLES: usize = 3;

/// Where one finding stands, and what it says.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct Example {
    /// Source name, safe to print.
    pub source: String,
    /// Payload in it.
    pub payload: u64,
    /// Line, from 1.
    pub line: u64,
    /// Column, from 1.
    pub column: u32,
    /// FHIRPath.
    pub path: String,
    /// What is wrong.
    pub says: String,
}

/// A share: summed, never averaged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Share {
    /// Data quality dimension.
    pub dimension: Dimension,
    /// How many did.
    pub numerator: u64,
    /// How many could have.
    pub denominator: u64,
}
