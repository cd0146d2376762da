//! What a report is as data, member by member: `schemas/report.schema.json` says the same, and a test compares them.

use std::collections::{BTreeMap, BTreeSet};

use serde::Serialize;

use super::super::sections::NextLevel;
use crate::finding::Severity;
use crate::record::Example;

/// A share, an interval, a threshold: six digits, so that bytes do not depend on the machine.
#[derive(Clone, Copy, Serialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(transparent)]
pub(super) struct Rounded(f64);

impl Rounded {
    pub(super) fn new(x: f64) -> Self {
        Self((x * 1e6).round() / 1e6)
    }
}

/// Gives each struct what all of them have.
macro_rules! data {
    ($($(#[$meta:meta])* struct $name:ident { $($(#[$inner:meta])* $field:ident: $ty:ty,)* })*) => {
        $(
            $(#[$meta])*
            #[derive(Serialize)]
            #[cfg_attr(test, derive(schemars::JsonSchema))]
            #[serde(rename_all = "camelCase")]
            pub(super) struct $name<'r> { $($(#[$inner])* pub(super) $field: $ty,)* }
        )*
    };
}

data! {
    /// The whole.
    struct Document {
        r#type: &'r str,
        version: u8,
        id: &'r str,
        tool: &'r str,
        day: String,
        r#for: &'r str,
        criteria_set: Set<'r>,
        scope: Made<'r>,
        limits: [&'r str; 5],
        level: u8,
        subjects: Vec<Subject<'r>>,
        criteria: Vec<Criterion<'r>>,
        gaps: Vec<Gap<'r>>,
        measures: Vec<Measure<'r>>,
        delays: Vec<Delay<'r>>,
        rules: Vec<Rule<'r>>,
        findings: Vec<Place<'r>>,
        capability: Vec<Capability<'r>>,
        evidence: Vec<File<'r>>,
        materials: Vec<Material<'r>>,
        not_used: Vec<NotUsed<'r>>,
        indicators: Vec<Indicator<'r>>,
        self_scores: Vec<SelfScore<'r>>,
        waivers: Vec<Waiver<'r>>,
        milestones: Vec<Milestone<'r>>,
        shared_gaps: Vec<SharedGap<'r>>,
        not_assessed: Vec<NotAssessed<'r>>,
    }

    /// The criteria set.
    struct Set {
        id: &'r str,
        version: &'r str,
        title: &'r str,
        digest: &'r str,
        levels: &'r [String],
        required_level: u8,
        interval: &'r str,
    }

    /// What it was made with.
    struct Made {
        packs: Vec<Pack<'r>>,
        packs_note: &'r str,
        groups: Vec<Group<'r>>,
        disclosure: &'r str,
    }

    struct Pack {
        group: usize,
        name: &'r str,
        version: &'r str,
        source: &'r str,
        licence: &'r str,
        digest: &'r str,
        release: &'r str,
        embedded: bool,
    }

    struct Group {
        tool: &'r str,
        rules_digest: &'r str,
        key_id: &'r str,
    }

    /// Whom a row is about.
    struct About {
        partner: &'r str,
        product: &'r str,
        interface: &'r str,
        environment: &'r str,
    }

    struct Subject {
        #[serde(flatten)]
        about: About<'r>,
        organisation: Option<&'r str>,
        group: usize,
        periods: Vec<&'r str>,
        collected: &'r str,
        level: u8,
        level_name: &'r str,
        gates_missed: &'r [String],
        rows: Vec<Row<'r>>,
        evidence_mix: Mix<'r>,
        next_level: Option<NextLevel<'r>>,
        counts: Counts<'r>,
        indices: Option<Indices<'r>>,
    }

    struct Row {
        id: &'r str,
        level: Option<u8>,
        apart: bool,
    }

    struct Mix {
        measured: u64,
        attested: u64,
        not_assessed: u64,
        not_applicable: u64,
        #[serde(skip)]
        of: std::marker::PhantomData<&'r ()>,
    }

    struct Counts {
        sources: u64,
        unreadable: u64,
        given: u64,
        read: u64,
        failed: u64,
        skipped: u64,
        clean: u64,
        release_assumed: u64,
        unclaimed: u64,
        waived: u64,
        shadow: u64,
        interrupted: u64,
        releases: &'r BTreeMap<String, u64>,
        resources: BTreeMap<&'r str, Option<u64>>,
        #[cfg_attr(test, schemars(with = "BTreeMap<String, u64>"))]
        severities: &'r BTreeMap<Severity, u64>,
    }

    struct Indices {
        dimensions: Rounded,
        measured: usize,
        dqmi: Rounded,
        items: usize,
        months_seen: u64,
        months_expected: u64,
        #[serde(skip)]
        of: std::marker::PhantomData<&'r ()>,
    }

    struct Criterion {
        #[serde(flatten)]
        about: About<'r>,
        id: &'r str,
        row: &'r str,
        title: &'r str,
        status: &'r str,
        level: u8,
        value: Option<Rounded>,
        numerator: Option<u64>,
        n: Option<u64>,
        interval: Option<[Rounded; 2]>,
        threshold: Option<Rounded>,
        next: Option<Next<'r>>,
        evidence: Vec<&'r str>,
        basis: &'r str,
        reason: String,
        because: &'r str,
        gate: bool,
        shadow: bool,
        statement: Option<Statement<'r>>,
        change: Option<&'r str>,
    }

    /// The share held against what the next level asks.
    struct Next {
        level: u8,
        value: Option<Rounded>,
        numerator: Option<u64>,
        n: Option<u64>,
        interval: Option<[Rounded; 2]>,
        threshold: Option<Rounded>,
        #[serde(skip)]
        of: std::marker::PhantomData<&'r ()>,
    }

    struct Statement {
        value: &'r str,
        kind: &'r str,
        by_role: &'r str,
        on: String,
        valid_until: Option<String>,
        reference: &'r str,
        sha256: &'r str,
    }

    struct Gap {
        #[serde(flatten)]
        about: About<'r>,
        criterion: &'r str,
        title: &'r str,
        grade: &'r str,
        level: u8,
        required: u8,
        holds_row: bool,
        step: String,
        closes: &'r str,
        remedy: &'r str,
        owner: &'r str,
        due: Option<String>,
        overdue: bool,
        waived: bool,
    }

    struct Measure {
        #[serde(flatten)]
        about: About<'r>,
        name: String,
        dimension: &'r str,
        sender: String,
        period: String,
        resource: String,
        profile: String,
        element: String,
        rule: String,
        numerator: Option<u64>,
        denominator: Option<u64>,
    }

    struct Delay {
        #[serde(flatten)]
        about: About<'r>,
        name: &'r str,
        timed: u64,
        before: u64,
        buckets: Vec<Bucket<'r>>,
        median: Option<Edges<'r>>,
        percentile95: Option<Edges<'r>>,
    }

    struct Bucket {
        to: Option<&'r str>,
        count: u64,
    }

    struct Edges {
        above: Option<&'r str>,
        to: Option<&'r str>,
    }

    struct Rule {
        #[serde(flatten)]
        about: About<'r>,
        rule: &'r str,
        name: &'r str,
        severity: &'r str,
        criterion: &'r str,
        payloads: u64,
        findings: u64,
        waived: u64,
        shadow: bool,
    }

    struct Place {
        #[serde(flatten)]
        about: About<'r>,
        rule: &'r str,
        severity: Option<&'r str>,
        profile: &'r str,
        path: &'r str,
        resource: &'r str,
        payloads: u64,
        findings: u64,
        waived: u64,
        shadow: bool,
        #[cfg_attr(test, schemars(with = "Vec<serde_json::Value>"))]
        examples: &'r BTreeSet<Example>,
    }

    struct Capability {
        #[serde(flatten)]
        about: About<'r>,
        set: &'r str,
        what: &'r str,
        resource: &'r str,
        asked: &'r str,
        need: &'r str,
        declared: bool,
    }

    struct File {
        file: &'r str,
        what: &'r str,
        partner: Option<&'r str>,
        collected: String,
        valid_until: Option<String>,
        sha256: &'r str,
        says: &'r [String],
    }

    /// A file that the report is made of.
    struct Material {
        kind: &'r str,
        file: &'r str,
        sha256: &'r str,
        signed_by: Option<&'r str>,
    }

    /// Something that was given and not used.
    struct NotUsed {
        file: &'r str,
        what: &'r str,
        why: &'r str,
        says: String,
    }

    struct Indicator {
        #[serde(flatten)]
        about: About<'r>,
        id: &'r str,
        title: &'r str,
        criterion: &'r str,
        stated: &'r str,
        numerator: Option<u64>,
        denominator: Option<u64>,
        interval: Option<[Rounded; 2]>,
        percentile95: Option<Edges<'r>>,
        bearing: &'r str,
    }

    struct SelfScore {
        #[serde(flatten)]
        about: About<'r>,
        model: &'r str,
        dimension: &'r str,
        score: &'r str,
        out_of: &'r str,
        validated: bool,
        by_role: &'r str,
        on: String,
        valid_until: Option<String>,
        reference: &'r str,
    }

    struct Waiver {
        #[serde(flatten)]
        about: About<'r>,
        criterion: &'r str,
        reason: &'r str,
        owner: &'r str,
        approved_by: &'r str,
        until: String,
        in_force: bool,
    }

    struct Milestone {
        id: &'r str,
        title: &'r str,
        clause: &'r str,
        due: String,
        criteria: &'r [String],
        level: u8,
        subjects: Vec<Stand<'r>>,
    }

    struct Stand {
        #[serde(flatten)]
        about: About<'r>,
        stands: &'r str,
    }

    struct SharedGap {
        criterion: String,
        title: String,
        partners: Vec<String>,
        products: Vec<String>,
        raises: usize,
        remedy: String,
        #[serde(skip)]
        of: std::marker::PhantomData<&'r ()>,
    }

    struct NotAssessed {
        #[serde(flatten)]
        about: About<'r>,
        what: &'r str,
        canonical: &'r str,
        count: u64,
    }
}
