//! Settings as written: in a file, in the environment, on the command line. The keys are the same everywhere.

use std::collections::BTreeMap;

use serde::{Deserialize, Serialize};

use super::waivers::Waiver;
use crate::read::Limits;

/// Every setting, none of them required. The command line fills one, `hallmark.toml` is read into one.
#[derive(Clone, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[allow(missing_docs, reason = "the schema of hallmark.toml describes each key")]
pub struct Flags {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub packages: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub profiles: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub standard: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fhir_version: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub rules: Option<Words>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub shadow: Option<Words>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub severity: Option<BTreeMap<String, String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub terminology: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub formats: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub fail_on: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub require_assessed: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub best_practice: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub extension_domains: Option<Vec<String>>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub check_references: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub assume_valid_rest_references: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub security_checks: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub environment: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub show_values: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub baseline: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub new_only: Option<bool>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub record: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub hmac_key_file: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub partner: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub product: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub interface: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub period: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub jobs: Option<usize>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub limits: Option<LimitsEntry>,
    #[serde(skip_serializing)]
    pub sources: Option<Vec<SourceEntry>>,
    #[serde(skip_serializing)]
    pub waiver: Option<Vec<Waiver>>,
}

/// Limits as written; what is left out keeps its default.
#[derive(Clone, Copy, Debug, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
#[allow(missing_docs, reason = "the schema of hallmark.toml describes each key")]
pub struct LimitsEntry {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub depth: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub payload_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub elements: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub expanded_bytes: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attributes: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub namespaces: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub findings: Option<u32>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub work: Option<u64>,
}

impl LimitsEntry {
    /// The limits of a run.
    pub fn limits(self) -> Limits {
        let default = Limits::default();
        Limits {
            depth: self.depth.unwrap_or(default.depth),
            payload_bytes: self.payload_bytes.unwrap_or(default.payload_bytes),
            elements: self.elements.unwrap_or(default.elements),
            expanded_bytes: self.expanded_bytes.unwrap_or(default.expanded_bytes),
            attributes: self.attributes.unwrap_or(default.attributes),
            namespaces: self.namespaces.unwrap_or(default.namespaces),
            findings: self.findings.unwrap_or(default.findings),
            work: self.work.unwrap_or(default.work),
        }
    }
}

/// One word or several.
#[derive(Clone, Debug, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Words {
    /// A comma list.
    One(String),
    /// A list of them.
    Many(Vec<String>),
}

impl Words {
    /// All of them.
    pub fn iter(&self) -> impl Iterator<Item = &str> {
        match self {
            Self::One(one) => std::slice::from_ref(one).iter().map(String::as_str),
            Self::Many(many) => many.iter().map(String::as_str),
        }
    }
}

/// What holds for some sources only, as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct SourceEntry {
    /// Glob over source names.
    pub glob: String,
    /// Canonicals that these sources are checked against.
    #[serde(default)]
    pub profiles: Vec<String>,
    /// Standard for these sources.
    pub standard: Option<String>,
    /// FHIR release of these sources.
    pub fhir_version: Option<String>,
}
