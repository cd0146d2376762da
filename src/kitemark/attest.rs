//! What people state and which documents show it: read from TOML or CSV, each with a role, a day and a last day.

use std::collections::BTreeMap;

use serde::Deserialize;

use super::criteria::{CriteriaSet, Criterion, EvidenceKind};
use super::evidence::{EvidenceFile, Sought};
use super::maturity::{SelfScore, SelfScoreEntry};
use super::offered::Offer;
use crate::schema::{Checked, Faults, Schema, Syntax, nearest};
use crate::settings::Date;

/// The schema of an attestation file.
pub static SCHEMA: Schema = Schema::new(include_str!("../../schemas/attestations.schema.json"));

/// A value that says that there is nothing to show; every criterion takes it and none accepts it.
pub(super) const NOTHING: &str = "none";

/// Statements, decisions and plans from any number of files.
#[derive(Clone, Debug, Default)]
pub struct Attestations {
    /// Statements in the order of the files.
    pub statements: Vec<Statement>,
    /// Criteria that do not apply.
    pub not_applicable: Vec<NotApplicable>,
    /// Gaps that are accepted for now.
    pub waivers: Vec<Waived>,
    /// Who closes which gap, and by when.
    pub plans: Vec<Plan>,
    /// Scores that partners gave themselves by a model of maturity.
    pub scores: Vec<SelfScore>,
    /// CapabilityStatements.
    pub offers: Vec<Offer>,
    /// Files that were read as evidence, in order.
    pub files: Vec<EvidenceFile>,
    /// Statements about criteria of another set that ships: file, criterion, set.
    pub elsewhere: Vec<(String, String, &'static str)>,
    /// Names of organisations by ODS code, as attestation files give them.
    pub names: BTreeMap<String, String>,
    /// Files that attestation files name and nobody has read yet.
    pub(super) sought: Vec<Sought>,
}

/// One statement.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Statement {
    /// Criterion id.
    pub criterion: String,
    /// ODS code; none where the one partner that is reported is meant.
    pub partner: Option<String>,
    /// What is stated.
    pub value: String,
    /// What stands behind it.
    pub kind: EvidenceKind,
    /// Role of who states it.
    pub by_role: String,
    /// Day it was stated.
    pub on: Date,
    /// Last day it holds.
    pub valid_until: Option<Date>,
    /// Where the document is, or empty.
    pub reference: String,
    /// Digest of the document, or empty.
    pub sha256: String,
    /// File it stands in.
    pub file: String,
    /// Why it cannot be relied on: the document behind it is not the one it names.
    pub broken: Option<String>,
    /// The file that shows it was read here: a scan, a configuration. What people write down is stated, whatever kind they
    /// give it.
    pub seen: bool,
}

impl Statement {
    /// Last day it holds: its own, or the day it was stated and the months that the criterion gives.
    pub fn lapses(&self, months: Option<u32>) -> Option<Date> {
        self.valid_until.or_else(|| months.map(|m| self.on.plus_months(m as i32)))
    }
}

/// One criterion that does not apply.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotApplicable {
    /// Criterion id.
    pub criterion: String,
    /// ODS code; none where the one partner that is reported is meant.
    pub partner: Option<String>,
    /// Why.
    pub reason: String,
    /// Role of who decided.
    pub by_role: String,
}

/// One gap that is accepted for now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Waived {
    /// Criterion id.
    pub criterion: String,
    /// ODS code; none where the one partner that is reported is meant.
    pub partner: Option<String>,
    /// Why.
    pub reason: String,
    /// Who closes it.
    pub owner: String,
    /// Role that accepted it.
    pub approved_by: String,
    /// Last day.
    pub until: Date,
}

/// Who closes a gap, and by when.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Criterion id.
    pub criterion: String,
    /// ODS code; none where the one partner that is reported is meant.
    pub partner: Option<String>,
    /// Who.
    pub owner: String,
    /// By when.
    pub due: Date,
    /// What will be done, or empty.
    pub action: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct File {
    partner: Option<String>,
    name: Option<String>,
    #[serde(default)]
    attestation: Vec<Entry>,
    #[serde(default)]
    not_applicable: Vec<Entry>,
    #[serde(default)]
    waiver: Vec<Entry>,
    #[serde(default)]
    plan: Vec<Entry>,
    #[serde(default)]
    maturity: Vec<SelfScoreEntry>,
    #[serde(default)]
    evidence: Vec<FileEntry>,
}

/// A file beside the attestation file that holds the result of another tool.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct FileEntry {
    file: String,
    partner: Option<String>,
    on: Option<String>,
    valid_until: Option<String>,
    sha256: Option<String>,
}

/// The keys of all tables; the schema has said which are there.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Entry {
    criterion: String,
    partner: Option<String>,
    kind: Option<EvidenceKind>,
    #[serde(default)]
    value: String,
    #[serde(default)]
    by_role: String,
    #[serde(default)]
    on: String,
    #[serde(default)]
    valid_until: String,
    #[serde(default)]
    reference: String,
    #[serde(default)]
    sha256: String,
    #[serde(default)]
    reason: String,
    #[serde(default)]
    owner: String,
    #[serde(default)]
    approved_by: String,
    #[serde(default)]
    until: String,
    #[serde(default)]
    due: String,
    #[serde(default)]
    action: String,
}

impl Attestations {
    /// Adds a file.
    ///
    /// # Errors
    /// What is not well formed, breaks the schema, or names a criterion or value that the set does not know.
    pub fn add(&mut self, name: &str, text: &str, set: &CriteriaSet) -> Result<(), Faults> {
        let checked = Checked::read(name, text, Syntax::Toml, &SCHEMA)?;
        let file: File = checked.to()?;
        let mut faults = Vec::new();
        if let (Some(partner), Some(named)) = (&file.partner, &file.name) {
            self.names.insert(partner.to_ascii_uppercase(), named.clone());
        }
        let tables = [
            ("attestation", &file.attestation),
            ("not-applicable", &file.not_applicable),
            ("waiver", &file.waiver),
            ("plan", &file.plan),
        ];
        for (table, entries) in tables {
            for (i, entry) in entries.iter().enumerate() {
                let Some(criterion) = set.criterion(&entry.criterion) else {
                    if let Some(other) = CriteriaSet::that_asks(&entry.criterion) {
                        self.elsewhere.push((name.to_owned(), entry.criterion.clone(), other));
                        continue;
                    }
                    let (says, remedy) = unknown(set, &entry.criterion);
                    faults.push(checked.fault(&format!("/{table}/{i}/criterion"), says, remedy));
                    continue;
                };
                if table == "attestation"
                    && let Some((says, remedy)) = refused(criterion, &entry.value)
                {
                    faults.push(checked.fault(&format!("/{table}/{i}/value"), says, remedy));
                }
            }
        }
        if !faults.is_empty() {
            return Err(Faults(faults));
        }
        let partner = |entry: &Entry| entry.partner.clone().or_else(|| file.partner.clone());
        // The schema has checked that days are days.
        let day = |text: &str| Date::parse(text);
        let asked = |e: &&Entry| set.criterion(&e.criterion).is_some();
        self.statements.extend(file.attestation.iter().filter(asked).filter_map(|e| {
            Some(Statement {
                criterion: e.criterion.clone(),
                partner: partner(e),
                value: e.value.clone(),
                kind: e.kind.unwrap_or(EvidenceKind::Attestation),
                by_role: e.by_role.clone(),
                on: day(&e.on)?,
                valid_until: day(&e.valid_until),
                reference: e.reference.clone(),
                sha256: e.sha256.clone(),
                file: name.to_string(),
                broken: None,
                seen: false,
            })
        }));
        self.scores.extend(file.maturity.into_iter().filter_map(|e| e.score(file.partner.as_deref())));
        self.sought.extend(file.evidence.into_iter().map(|e| Sought {
            file: e.file,
            from: name.to_string(),
            partner: e.partner.or_else(|| file.partner.clone()),
            on: e.on.as_deref().and_then(day),
            valid_until: e.valid_until.as_deref().and_then(day),
            sha256: e.sha256,
        }));
        self.not_applicable.extend(file.not_applicable.iter().filter(asked).map(|e| NotApplicable {
            criterion: e.criterion.clone(),
            partner: partner(e),
            reason: e.reason.clone(),
            by_role: e.by_role.clone(),
        }));
        self.waivers.extend(file.waiver.iter().filter(asked).filter_map(|e| {
            Some(Waived {
                criterion: e.criterion.clone(),
                partner: partner(e),
                reason: e.reason.clone(),
                owner: e.owner.clone(),
                approved_by: e.approved_by.clone(),
                until: day(&e.until)?,
            })
        }));
        self.plans.extend(file.plan.iter().filter(asked).filter_map(|e| {
            Some(Plan {
                criterion: e.criterion.clone(),
                partner: partner(e),
                owner: e.owner.clone(),
                due: day(&e.due)?,
                action: e.action.clone(),
            })
        }));
        Ok(())
    }

    /// The statement about a criterion that counts on a day: what a file shows goes before what is only stated while it
    /// holds, then the latest.
    pub fn statement(&self, criterion: &str, partner: &str, today: Date) -> Option<&Statement> {
        let mine = self.statements.iter().filter(|s| s.criterion == criterion && is_for(&s.partner, partner));
        let holds = |s: &Statement| s.seen && s.valid_until.is_none_or(|last| last >= today);
        mine.filter(|s| s.on <= today).max_by_key(|s| (holds(s), s.on))
    }

    /// Why a criterion does not apply to a partner.
    pub fn not_applicable(&self, criterion: &str, partner: &str) -> Option<&NotApplicable> {
        self.not_applicable.iter().find(|n| n.criterion == criterion && is_for(&n.partner, partner))
    }

    /// The waiver in force for a criterion.
    pub fn waiver(&self, criterion: &str, partner: &str, today: Date) -> Option<&Waived> {
        self.waivers.iter().find(|w| w.criterion == criterion && is_for(&w.partner, partner) && w.until >= today)
    }

    /// Waivers for a partner, those that are over included.
    pub fn waivers_of<'a>(&'a self, partner: &'a str) -> impl Iterator<Item = &'a Waived> {
        self.waivers.iter().filter(move |w| is_for(&w.partner, partner))
    }

    /// Evidence files about a partner.
    pub fn files_of<'a>(&'a self, partner: &'a str) -> impl Iterator<Item = &'a EvidenceFile> {
        self.files.iter().filter(move |f| is_for(&f.partner, partner))
    }

    /// The plan for a criterion.
    pub fn plan(&self, criterion: &str, partner: &str) -> Option<&Plan> {
        self.plans.iter().find(|p| p.criterion == criterion && is_for(&p.partner, partner))
    }
}

/// What is wrong with the id of a criterion that the set does not hold, and what to do.
pub(super) fn unknown(set: &CriteriaSet, id: &str) -> (String, String) {
    let near = nearest(id, set.criteria.iter().map(|c| c.id.as_str()));
    let remedy = near.map_or(format!("See the criteria of {}", set.id), |n| format!("Did you mean `{n}`?"));
    (format!("there is no criterion `{id}` in {}", set.id), remedy)
}

/// What is wrong with a value that a criterion does not take, and what to do.
pub(super) fn refused(criterion: &Criterion, value: &str) -> Option<(String, String)> {
    let known: Vec<&str> = criterion.accepts.iter().flatten().map(String::as_str).collect();
    if value == NOTHING || known.contains(&value) {
        return None;
    }
    let remedy = match (nearest(value, known.iter().copied()), criterion.accepts.first()) {
        (Some(near), _) => format!("Did you mean `{near}`?"),
        (None, Some(all)) if !all.is_empty() => format!("It takes {}, or none", all.join(", ")),
        _ if known.is_empty() => "It is shown by messages alone; remove the statement".into(),
        _ => format!("It takes {}, or none", known.join(", ")),
    };
    Some((format!("{} does not take this value", criterion.id), remedy))
}

/// Whether an entry that names a partner, or none, is about this one.
pub(super) fn is_for(named: &Option<String>, partner: &str) -> bool {
    named.as_deref().is_none_or(|n| n.eq_ignore_ascii_case(partner))
}
