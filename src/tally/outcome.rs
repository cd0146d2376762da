//! What one run found and counted: the one thing every format, record and report is made from.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use serde::{Deserialize, Serialize};

use super::{KeyRuns, PayloadSum};
use crate::finding::{Dimension, Finding, Meta, NotAssessed, Severity};
use crate::text::FileName;

/// The result of one run. A streaming run hands findings to its writers one by one and leaves `findings` empty.
#[derive(Clone, Debug, Default)]
pub struct RunOutcome {
    /// Findings in output order: source, payload, line, column, rule.
    pub findings: Vec<Finding>,
    /// What could not be checked, and how often; sorted.
    pub not_assessed: Vec<(NotAssessed, u64)>,
    /// Counts.
    pub summary: Summary,
    /// Every source in order, findings or none.
    pub sources: Vec<SourceFacts>,
    /// Packages used, embedded ones and the user's, in order of precedence.
    pub packs: Vec<PackFacts>,
    /// Rules that were switched on, in registry order: a rule without findings passed.
    pub rules: Vec<&'static Meta>,
    /// Ids of those in shadow.
    pub shadow: BTreeSet<&'static str>,
    /// Profiles that resources were checked against, with how many; sorted by canonical.
    pub profiles: Vec<ProfileFacts>,
    /// `sha256:...` over the metadata of the rules that were switched on and their severities.
    pub rules_digest: String,
    /// Numerators and denominators that the walk observed; unique by name and key, sorted.
    pub measures: Vec<Measure>,
    /// Counts by bucket (status distributions, delay histograms, volume by hour); unique, sorted.
    pub tallies: Vec<Tally>,
    /// Keyed pseudonyms for questions across messages; empty without a key.
    pub keys: KeyRuns,
    /// What tells this run from another where there is no key.
    pub payload_sum: PayloadSum,
}

impl RunOutcome {
    /// Whether all that was given was read: nothing skipped, no limit hit, not interrupted.
    pub fn is_complete(&self) -> bool {
        !self.summary.interrupted && self.summary.payloads.skipped == 0 && self.summary.unreadable == 0
    }
}

/// Counts of one run.
#[derive(Clone, Debug, Default)]
pub struct Summary {
    /// Files and streams opened or tried.
    pub sources: u64,
    /// Sources or parts of them that could not be read at all (missing, no permission, limit).
    pub unreadable: u64,
    /// Payloads.
    pub payloads: PayloadCounts,
    /// Messages by FHIR release (`3.0`, `4.0`).
    pub releases: BTreeMap<String, u64>,
    /// Messages whose release was assumed because nothing told it.
    pub release_assumed: u64,
    /// Resources by type, Bundle entries and contained ones included.
    pub resources: BTreeMap<String, u64>,
    /// Resources that claim no profile.
    pub unclaimed: u64,
    /// Messages without a finding of severity error or above, waived ones counted as findings, those of rules in shadow
    /// not.
    pub clean: u64,
    /// Findings by severity, those left out that are waived or of a rule in shadow.
    pub severities: BTreeMap<Severity, u64>,
    /// Waived findings.
    pub waived: u64,
    /// Findings of rules in shadow, waived or not.
    pub shadow: u64,
    /// Of the findings that count, those that the baseline knows, by severity.
    pub known: BTreeMap<Severity, u64>,
    /// Files of folders that were not looked at, by the end of their name (`csv`); those without a plain one are `other`.
    pub passed_over: BTreeMap<String, u64>,
    /// The run was interrupted.
    pub interrupted: bool,
    /// How long it took, where somebody measured; never printed in a format.
    pub elapsed: Option<Duration>,
}

impl Summary {
    /// Findings of one severity that count.
    pub fn count(&self, severity: Severity) -> u64 {
        self.severities.get(&severity).copied().unwrap_or(0)
    }

    /// Findings of one severity that count and that the baseline knows.
    pub fn known(&self, severity: Severity) -> u64 {
        self.known.get(&severity).copied().unwrap_or(0)
    }

    /// Findings that count.
    pub fn total(&self) -> u64 {
        self.severities.values().sum()
    }

    /// Resources of all types.
    pub fn resources_total(&self) -> u64 {
        self.resources.values().sum()
    }
}

/// Payloads; `given = read + failed + skipped`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct PayloadCounts {
    /// All.
    pub given: u64,
    /// Parsed and checked: messages.
    pub read: u64,
    /// Not well formed.
    pub failed: u64,
    /// Left out by a limit, an interruption or because they are no FHIR.
    pub skipped: u64,
}

/// One source.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct SourceFacts {
    /// Name, safe to print.
    pub name: FileName,
    /// Payloads in it.
    pub payloads: u64,
    /// FHIR release of its first message, or empty.
    pub release: String,
}

/// One package used.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub struct PackFacts {
    /// `uk.careconnect.stu3`.
    pub name: String,
    /// `1.0.0`.
    pub version: String,
    /// Where its definitions come from.
    pub source: String,
    /// Licence, or a sentence that none is stated.
    pub licence: String,
    /// `sha256:...` of its facts.
    pub digest: String,
    /// `3.0` or `4.0`.
    pub release: String,
    /// Whether it ships with hallmark (built from public sources, not the official package).
    pub embedded: bool,
}

/// One profile that resources were checked against.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProfileFacts {
    /// Canonical.
    pub canonical: String,
    /// Resources checked.
    pub resources: u64,
    /// Of those, resources without an error of this profile.
    pub clean: u64,
}

/// What a measure or tally is about. Empty parts do not apply. No part ever holds a patient value.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct MeasureKey {
    /// ODS code of the sender as the message states it, or empty.
    pub sender: String,
    /// Month of the event, `YYYY-MM`, or empty.
    pub period: String,
    /// Resource type.
    pub resource: String,
    /// Canonical of the profile that asks.
    pub profile: String,
    /// Element definition path or id.
    pub element: String,
    /// Rule id.
    pub rule: String,
}

/// A share: an integer numerator of an integer denominator. Shares are summed, never averaged, when records merge.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Measure {
    /// Kebab-case name (`populated`, `nhs-number-valid`).
    pub name: String,
    /// Data quality dimension.
    pub dimension: Dimension,
    /// What it is about.
    pub key: MeasureKey,
    /// How many did.
    pub numerator: u64,
    /// How many could have.
    pub denominator: u64,
}

/// One bar of a distribution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// Kebab-case name (`event-to-message`, `verification-status`, `volume`).
    pub name: String,
    /// What it is about.
    pub key: MeasureKey,
    /// A code, an hour (`3T14`: weekday and hour) or the upper edge of a delay (`PT4H`).
    pub bucket: String,
    /// How many.
    pub count: u64,
}
