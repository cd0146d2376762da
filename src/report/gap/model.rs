//! The report before it is a page: records grouped, subjects assessed, findings added up.

use std::collections::{BTreeMap, BTreeSet};

use serde::Deserialize;
use sha2::{Digest, Sha256};
use thiserror::Error;

use super::Audience;
use super::json::Previous;
use crate::finding::Severity;
use crate::kitemark::{
    Assessment, Attestations, Change, Climb, CriteriaSet, EvidenceFile, Gap, Indication, NoPartner, NotUsed, Subject,
    assess, changes, climb, gaps, indications, subjects,
};
use crate::record::{
    FindingCounts, FindingKey, Header, MergeError, Part, Record, RuleCounts, RuleFacts, Scope, comparable, merge,
};
use crate::settings::Date;

/// What a report is made of.
#[derive(Clone, Debug)]
pub struct ReportInput {
    /// Run records in any order.
    pub records: Vec<Record>,
    /// The criteria set.
    pub set: CriteriaSet,
    /// Statements, decisions and plans.
    pub attestations: Attestations,
    /// The last report, for what changed.
    pub previous: Option<Previous>,
    /// Who reads it.
    pub audience: Audience,
    /// Version of hallmark.
    pub version: String,
    /// The day of the report.
    pub today: Date,
    /// Counts about people from 1 to 7 are hidden and others rounded to 5.
    pub disclosure: bool,
    /// Shares of fewer than this are no points of a trend and no change between months.
    pub smallest: u64,
    /// Every file it is made of.
    pub materials: Vec<Material>,
    /// Names of organisations by ODS code; they go before those that attestation files give.
    pub names: BTreeMap<String, String>,
    /// What people decided, where the report shows it.
    pub decided: Option<Decided>,
}

/// A determination as a page shows it.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decided {
    /// Id of the report it rests on.
    pub report: String,
    /// Day of that report.
    pub day: String,
    /// Last day of the decisions.
    #[serde(rename = "validUntil")]
    pub until: String,
    /// One for each partner.
    pub decisions: Vec<Decision>,
    /// Who answers for it.
    pub signatories: Vec<Signatory>,
}

/// What was decided for one partner.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Decision {
    /// ODS code.
    pub partner: String,
    /// Product.
    pub product: String,
    /// `awarded`, `deferred` and so on.
    pub decision: String,
    /// Level that the report showed.
    pub level: u8,
    /// Gates that the report showed as missed.
    pub gates_missed: Vec<String>,
    /// Why, or empty.
    pub reason: String,
    /// On which conditions.
    pub conditions: Vec<Condition>,
}

/// A condition of an award.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Condition {
    /// What.
    pub text: String,
    /// Who.
    pub owner: String,
    /// Day by which.
    pub due: String,
}

/// Who answers for a determination.
#[derive(Clone, Debug, Default, Deserialize)]
pub struct Signatory {
    /// Role.
    pub role: String,
    /// Name, or empty.
    #[serde(default)]
    pub name: String,
    /// Day.
    pub on: String,
}

impl ReportInput {
    /// Default of `smallest`.
    pub const SMALLEST: u64 = 10;
}

/// A file that a report is made of.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Material {
    /// What it is.
    pub kind: MaterialKind,
    /// Its name, as it was given.
    pub file: String,
    /// SHA-256 of its bytes in hex.
    pub sha256: String,
    /// Public key in hex of a signature beside it that holds; none where it is not signed.
    pub signed_by: Option<String>,
}

/// What a file is to a report.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum MaterialKind {
    /// A run record.
    Record,
    /// An attestation file.
    Statement,
    /// The result of another tool.
    Evidence,
    /// A document that a statement names with its digest.
    Document,
    /// A criteria set that does not ship.
    Criteria,
    /// The last report.
    Previous,
    /// Names of organisations.
    Names,
}

impl MaterialKind {
    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Record => "record",
            Self::Statement => "statement",
            Self::Evidence => "evidence",
            Self::Document => "document",
            Self::Criteria => "criteria-set",
            Self::Previous => "previous-report",
            Self::Names => "names",
        }
    }
}

/// Why no report can be made.
#[derive(Clone, Debug, PartialEq, Eq, Error)]
pub enum ReportError {
    /// Records that hold the same run, or none.
    #[error(transparent)]
    Merge(#[from] MergeError),
    /// Something that names no partner where several are reported.
    #[error(transparent)]
    NoPartner(#[from] NoPartner),
}

/// A report, ready to be written in any format.
#[derive(Clone, Debug)]
pub struct Report {
    /// Twelve hex digits that name this report: the same input gives the same id.
    pub id: String,
    /// The criteria set.
    pub set: CriteriaSet,
    /// Statements, decisions and plans.
    pub attestations: Attestations,
    /// Records that may be pooled, pooled; others side by side.
    pub groups: Vec<Group>,
    /// Whom the report is about, in order.
    pub views: Vec<View>,
    /// Day of the last report.
    pub previous: Option<String>,
    /// Who reads it.
    pub audience: Audience,
    /// Version of hallmark.
    pub version: String,
    /// The day of the report.
    pub today: Date,
    /// Small counts about people are hidden.
    pub disclosure: bool,
    /// Shares of fewer than this are no points of a trend and no change between months.
    pub smallest: u64,
    /// Every file it is made of, in order.
    pub materials: Vec<Material>,
    /// What was given and not used.
    pub not_used: Vec<NotUsed>,
    /// Names of organisations by ODS code, in capitals.
    pub names: BTreeMap<String, String>,
    /// What people decided, where the report shows it.
    pub decided: Option<Decided>,
}

/// Records made with the same rules and packages.
#[derive(Clone, Debug)]
pub struct Group {
    /// What they were made with.
    pub header: Header,
    /// Rules that were switched on.
    pub rules: BTreeMap<String, RuleFacts>,
    /// Counts by scope.
    pub parts: BTreeMap<Scope, Part>,
}

/// One subject as the report shows it.
#[derive(Clone, Debug)]
pub struct View {
    /// Which group its counts come from.
    pub group: usize,
    /// Statuses and levels.
    pub assessment: Assessment,
    /// Gaps, the most pressing first.
    pub gaps: Vec<Gap>,
    /// The way to the next level; none at the highest.
    pub climb: Option<Climb>,
    /// What the feed shows beside what is stated of maturity.
    pub indications: Vec<Indication>,
    /// What changed, by criterion; empty without a last report.
    pub changes: BTreeMap<String, Change>,
    /// Rules that count and found something, by messages affected.
    pub by_rule: Vec<RuleTotals>,
    /// Rules in shadow, the same; those too that found nothing.
    pub in_shadow: Vec<RuleTotals>,
    /// Findings by place, by messages affected; those of rules in shadow come last.
    pub findings: Vec<(FindingKey, FindingCounts)>,
}

/// What one rule found in one subject's feed.
#[derive(Clone, Debug)]
pub struct RuleTotals {
    /// Rule id.
    pub id: String,
    /// What is known about it.
    pub facts: RuleFacts,
    /// The gravest severity it was found with.
    pub severity: Severity,
    /// Findings.
    pub findings: u64,
    /// Payloads with at least one.
    pub payloads: u64,
    /// Findings that a waiver accepts.
    pub waived: u64,
}

impl Report {
    /// Groups, pools and assesses.
    ///
    /// # Errors
    /// No record, or the same run twice.
    pub fn new(input: ReportInput) -> Result<Self, ReportError> {
        let ReportInput {
            records,
            set,
            mut attestations,
            previous,
            audience,
            version,
            today,
            disclosure,
            smallest,
            ..
        } = input;
        let (mut materials, given, decided) = (input.materials, input.names, input.decided);
        if records.is_empty() {
            return Err(MergeError::Nothing.into());
        }
        let scopes = records.iter().flat_map(|r| r.parts.keys());
        let partners: BTreeSet<String> = scopes.map(|scope| scope.partner.clone()).collect();
        let partners: BTreeSet<&str> = partners.iter().map(String::as_str).collect();
        attestations.about(&partners)?;
        let not_used = attestations.not_used(&partners, today);
        materials.sort();
        materials.dedup();
        let mut names = attestations.names.clone();
        names.extend(given.into_iter().map(|(code, name)| (code.to_ascii_uppercase(), name)));
        let mut alike: Vec<Vec<Record>> = Vec::new();
        for record in records {
            match alike.iter_mut().find(|group| comparable(&group[0], &record).is_ok()) {
                Some(group) => group.push(record),
                None => alike.push(vec![record]),
            }
        }
        let mut pooled = alike.into_iter().map(merge).collect::<Result<Vec<Record>, _>>()?;
        let order = |r: &Record| (r.header.tool.clone(), r.header.rules_digest.clone(), r.header.packs.clone());
        pooled.sort_by_key(order);
        let mut views = Vec::new();
        for (group, record) in pooled.iter().enumerate() {
            for subject in subjects(record) {
                let assessment = assess(&set, record, &subject, &attestations, today);
                let before = previous.as_ref().and_then(|p| p.levels(&subject));
                views.push(View {
                    group,
                    indications: indications(&set, record, &assessment),
                    gaps: gaps(&set, &assessment, &attestations, today),
                    climb: climb(&set, &assessment, &attestations, today),
                    changes: before.map(|b| changes(&set, &assessment, b)).unwrap_or_default(),
                    by_rule: by_rule(record, &assessment.part, false),
                    in_shadow: by_rule(record, &assessment.part, true),
                    findings: by_place(record, &assessment.part),
                    assessment,
                });
            }
        }
        views.sort_by(|a, b| (&a.assessment.subject, a.group).cmp(&(&b.assessment.subject, b.group)));
        let id = id(&pooled, &set, &attestations, &materials, today);
        let groups = pooled.into_iter().map(|r| Group { header: r.header, rules: r.rules, parts: r.parts }).collect();
        Ok(Self {
            id,
            set,
            attestations,
            groups,
            views,
            previous: previous.map(|p| p.day),
            audience,
            version,
            today,
            disclosure,
            smallest,
            materials,
            not_used,
            names,
            decided,
        })
    }

    /// The name of an organisation, where somebody gave one.
    pub fn organisation(&self, partner: &str) -> Option<&str> {
        self.names.get(&partner.to_ascii_uppercase()).map(String::as_str)
    }

    /// Lowest level of all subjects.
    pub fn level(&self) -> u8 {
        self.views.iter().map(|v| v.assessment.level).min().unwrap_or(0)
    }

    /// Whether any subject misses a gate.
    pub fn misses_gate(&self) -> bool {
        self.views.iter().any(|v| !v.assessment.gates_missed.is_empty())
    }

    /// Files that were read as evidence for one subject.
    pub fn files<'a>(&'a self, view: &'a View) -> impl Iterator<Item = &'a EvidenceFile> {
        self.attestations.files_of(&view.assessment.subject.partner).filter(|f| f.collected <= self.today)
    }

    /// Counts of one subject month by month: the parts that its assessment pools.
    pub fn months(&self, view: &View) -> BTreeMap<String, &Part> {
        let subject = &view.assessment.subject;
        let own = |scope: &Scope| {
            let of = Subject {
                partner: scope.partner.clone(),
                product: scope.product.clone(),
                interface: scope.interface.clone(),
                environment: scope.environment.clone(),
            };
            of == *subject
        };
        let parts = self.groups[view.group].parts.iter();
        parts.filter(|(scope, _)| own(scope)).map(|(scope, part)| (scope.period.clone(), part)).collect()
    }
}

/// Whether a rule is in shadow.
fn in_shadow(record: &Record, rule: &str) -> bool {
    record.rules.get(rule).is_some_and(|facts| facts.shadow)
}

fn by_rule(record: &Record, part: &Part, shadow: bool) -> Vec<RuleTotals> {
    let mut severities: BTreeMap<&str, Severity> = BTreeMap::new();
    for key in part.findings.keys() {
        if let Some(severity) = key.severity {
            let worst = severities.entry(&key.rule).or_insert(severity);
            *worst = (*worst).min(severity);
        }
    }
    let silent = record.rules.iter().filter(|(id, facts)| facts.shadow && !part.by_rule.contains_key(*id));
    let silent = silent.map(|(id, _)| (id, RuleCounts::default()));
    let found = part.by_rule.iter().map(|(id, counts)| (id, *counts));
    let mut rules: Vec<RuleTotals> = found
        .chain(silent)
        .filter(|(id, _)| in_shadow(record, id) == shadow)
        .map(|(id, counts)| RuleTotals {
            id: id.clone(),
            facts: record.rules.get(id).cloned().unwrap_or_default(),
            severity: severities.get(id.as_str()).copied().unwrap_or(Severity::Information),
            findings: counts.findings,
            payloads: counts.payloads,
            waived: counts.waived,
        })
        .collect();
    // What is only for information never stands above an error.
    rules.sort_by(|a, b| (a.severity, b.payloads, b.findings, &a.id).cmp(&(b.severity, a.payloads, a.findings, &b.id)));
    rules
}

fn by_place(record: &Record, part: &Part) -> Vec<(FindingKey, FindingCounts)> {
    let mut findings: Vec<(FindingKey, FindingCounts)> =
        part.findings.iter().map(|(key, counts)| (key.clone(), counts.clone())).collect();
    findings.sort_by(|(a, x), (b, y)| {
        let shadow = (in_shadow(record, &a.rule), in_shadow(record, &b.rule));
        (shadow.0, a.severity, y.payloads, y.findings, a).cmp(&(shadow.1, b.severity, x.payloads, x.findings, b))
    });
    findings
}

/// A digest as something that is written to.
struct Digesting<'d>(&'d mut Sha256);

impl std::io::Write for Digesting<'_> {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.update(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn id(
    records: &[Record],
    set: &CriteriaSet,
    attestations: &Attestations,
    materials: &[Material],
    today: Date,
) -> String {
    let mut digest = Sha256::new();
    for record in records {
        // A digest takes all that is written to it.
        let _ = record.write(std::io::BufWriter::with_capacity(1 << 16, Digesting(&mut digest)));
    }
    digest.update(set.digest.as_bytes());
    for statement in &attestations.statements {
        digest.update(format!("{statement:?}").as_bytes());
    }
    for material in materials {
        digest.update(material.sha256.as_bytes());
    }
    digest.update(today.to_string().as_bytes());
    hex::encode(&digest.finalize()[..6])
}
