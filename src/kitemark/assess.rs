//! Statuses and levels: what the evidence supports, criterion by criterion, and never more.

use std::collections::{BTreeMap, BTreeSet};

use super::attest::{Attestations, Statement};
use super::criteria::{CriteriaSet, Criterion, EvidenceKind, ResultKind};
use super::metric::{Counted, DECLARED};
use super::reason::{Reason, Shortfall};
use super::wilson::{interval, smallest_clean_sample};
use crate::finding::Dimension;
use crate::record::{Part, Record, Share, add_part, derive};
use crate::rules::capability::GapTable;
use crate::settings::Date;
use crate::tally::MeasureKey;

/// Months for which the counts of a feed are evidence.
const FEED_MONTHS: i32 = 12;

/// Who is assessed: one partner's product on one interface, in one environment.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Subject {
    /// ODS code, or `unknown`.
    pub partner: String,
    /// Product.
    pub product: String,
    /// Interface.
    pub interface: String,
    /// `production` or `test`.
    pub environment: String,
}

/// What the evidence supports.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Status {
    /// Measured, at the required level or above.
    Met,
    /// Stated by people, at the required level or above.
    Attested,
    /// At a level below the required one.
    PartlyMet,
    /// Below the lowest level.
    NotMet,
    /// Nothing, or too little, to judge by.
    NotAssessed,
    /// Does not apply, as somebody decided.
    NotApplicable,
    /// A gap that is accepted for now.
    Waived,
}

impl Status {
    /// All, in the order reports count them.
    pub const ALL: [Self; 7] = [
        Self::Met,
        Self::Attested,
        Self::PartlyMet,
        Self::NotMet,
        Self::NotAssessed,
        Self::NotApplicable,
        Self::Waived,
    ];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Met => "met",
            Self::Attested => "attested",
            Self::PartlyMet => "partly-met",
            Self::NotMet => "not-met",
            Self::NotAssessed => "not-assessed",
            Self::NotApplicable => "not-applicable",
            Self::Waived => "waived",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }
}

/// What a result rests on.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Basis {
    /// A machine saw it.
    Measured,
    /// People stated it.
    Attested,
    /// Both were asked for and both are there.
    Both,
    /// Nothing.
    Nothing,
}

impl Basis {
    /// Its words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Measured => "measured",
            Self::Attested => "attested",
            Self::Both => "measured and attested",
            Self::Nothing => "not assessed",
        }
    }
}

/// A share as a report shows it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown {
    /// The counts.
    pub counted: Counted,
    /// 95% Wilson interval, 0 to 1; none where everything was seen, so that nothing is estimated.
    pub interval: Option<(f64, f64)>,
    /// Threshold of the level it was held against, 0 to 1.
    pub threshold: f64,
}

/// The result of one criterion.
#[derive(Clone, Debug)]
pub struct CriterionResult {
    /// Criterion id.
    pub id: String,
    /// Row id.
    pub row: String,
    /// What the evidence supports.
    pub status: Status,
    /// Level reached; 0 is below the lowest. A waiver does not raise it.
    pub level: u8,
    /// What it rests on.
    pub basis: Basis,
    /// The share that reached the level, held against what that level asks; at level 0 that of the first level. None where
    /// the level asks for no share.
    pub share: Option<Shown>,
    /// The share held against what the next level asks; none at the highest level and where it asks for no share.
    pub next: Option<Shown>,
    /// The statement, where one was used or has lapsed.
    pub statement: Option<Statement>,
    /// Why the status is what it is.
    pub reason: Reason,
    /// It is a gate.
    pub gate: bool,
    /// It is shown and does not count.
    pub shadow: bool,
}

impl CriterionResult {
    /// Whether it enters levels.
    pub fn counts(&self) -> bool {
        !self.shadow && self.status != Status::NotApplicable
    }
}

/// The level of one row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowResult {
    /// Row id.
    pub id: String,
    /// The lowest level of its criteria; none where none applies.
    pub level: Option<u8>,
    /// People score it for a proposal; it does not enter the overall level.
    pub apart: bool,
}

/// How much of an assessment is measured, stated or open; zero counts are shown too.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct EvidenceMix {
    /// Criteria that a machine saw, alone or with a statement.
    pub measured: u64,
    /// Criteria that rest on statements and documents alone.
    pub attested: u64,
    /// Criteria without enough evidence.
    pub not_assessed: u64,
    /// Criteria that do not apply.
    pub not_applicable: u64,
}

/// The assessment of one subject.
#[derive(Clone, Debug)]
pub struct Assessment {
    /// Who.
    pub subject: Subject,
    /// Months that the counts cover.
    pub periods: BTreeSet<String>,
    /// The pooled counts.
    pub part: Part,
    /// Results in the order of the set.
    pub results: Vec<CriterionResult>,
    /// Rows in the order of the set.
    pub rows: Vec<RowResult>,
    /// The lowest level of all rows; 0 when a gate is missed.
    pub level: u8,
    /// Gates that are missed.
    pub gates_missed: Vec<String>,
    /// Measured, attested, open.
    pub mix: EvidenceMix,
    /// Mean of the levels of what counts, times 100, for the distance to the next level; never a verdict.
    pub average: u64,
    /// Requirement sets held against the CapabilityStatements of the partner.
    pub capability: Vec<GapTable>,
}

impl Assessment {
    /// Whether people score a row for a proposal, so that it does not enter the overall level.
    pub fn is_apart(&self, row: &str) -> bool {
        self.rows.iter().any(|r| r.apart && r.id == row)
    }
}

/// Everybody that a record holds counts of.
pub fn subjects(record: &Record) -> BTreeSet<Subject> {
    record
        .parts
        .keys()
        .map(|scope| Subject {
            partner: scope.partner.clone(),
            product: scope.product.clone(),
            interface: scope.interface.clone(),
            environment: scope.environment.clone(),
        })
        .collect()
}

/// Assesses one subject by a set.
pub fn assess(
    set: &CriteriaSet,
    record: &Record,
    subject: &Subject,
    attestations: &Attestations,
    today: Date,
) -> Assessment {
    let mut part = Part::default();
    let mut periods = BTreeSet::new();
    for (scope, more) in &record.parts {
        let same = scope.partner == subject.partner
            && scope.product == subject.product
            && scope.interface == subject.interface
            && scope.environment == subject.environment;
        if same {
            periods.insert(scope.period.clone());
            add_part(&mut part, more.clone());
        }
    }
    let capability = attestations.capability(set, &subject.partner, &part, today);
    add_derived(&mut part, &capability);
    let stale = Date::parse(&part.collected).is_some_and(|day| day.plus_months(FEED_MONTHS) < today);
    let case = Case { set, record, part: &part, partner: &subject.partner, attestations, today, stale };
    let mut results: Vec<CriterionResult> = set.criteria.iter().map(|c| case.result(c)).collect();
    for (i, criterion) in set.criteria.iter().enumerate() {
        if !criterion.derived.is_empty() && results[i].status != Status::NotApplicable {
            results[i] = derived(set, criterion, &results, i);
        }
    }
    for (result, criterion) in results.iter_mut().zip(&set.criteria) {
        case.waive(result, criterion);
    }
    let rows = rows(set, &results);
    let gates_missed: Vec<String> =
        results.iter().filter(|r| r.gate && r.counts() && r.level == 0).map(|r| r.id.clone()).collect();
    let lowest = rows.iter().filter(|r| !r.apart).filter_map(|r| r.level).min().unwrap_or(0);
    let counted: Vec<u64> = results
        .iter()
        .filter(|r| r.counts() && !rows.iter().any(|row| row.apart && row.id == r.row))
        .map(|r| u64::from(r.level))
        .collect();
    let average = (100 * counted.iter().sum::<u64>()).checked_div(counted.len() as u64).unwrap_or(0);
    let mix = mix(&results);
    let level = if gates_missed.is_empty() { lowest } else { 0 };
    Assessment { subject: subject.clone(), periods, results, rows, level, gates_missed, mix, average, part, capability }
}

/// Shares that only the pooled counts can show: doubles and contradictions across messages, and what a
/// CapabilityStatement declares of what it must.
fn add_derived(part: &mut Part, capability: &[GapTable]) {
    derive(part);
    for table in capability {
        let (numerator, denominator) = table.mandatory();
        let key = MeasureKey { profile: table.set.clone(), ..MeasureKey::default() };
        let share = Share { dimension: Dimension::Completeness, numerator, denominator };
        part.measures.insert((DECLARED.into(), key), share);
    }
}

/// One test of one level.
enum Outcome {
    Holds,
    Fails(Shortfall),
    Open(Shortfall),
}

struct Case<'c> {
    set: &'c CriteriaSet,
    record: &'c Record,
    part: &'c Part,
    partner: &'c str,
    attestations: &'c Attestations,
    today: Date,
    stale: bool,
}

impl Case<'_> {
    fn result(&self, criterion: &Criterion) -> CriterionResult {
        let mut result = CriterionResult {
            id: criterion.id.clone(),
            row: criterion.row.clone(),
            status: Status::NotAssessed,
            level: 0,
            basis: Basis::Nothing,
            share: None,
            next: None,
            statement: None,
            reason: Reason::Short(Shortfall::Silence),
            gate: criterion.gate,
            shadow: criterion.shadow,
        };
        if let Some(decided) = self.attestations.not_applicable(&criterion.id, self.partner) {
            result.status = Status::NotApplicable;
            result.reason = Reason::DoesNotApply { because: decided.reason.clone(), by_role: decided.by_role.clone() };
            return result;
        }
        result.statement = self.attestations.statement(&criterion.id, self.partner, self.today).cloned();
        let levels = self.set.levels.len();
        let mut stopped = None;
        let (mut measured, mut stated) = (false, false);
        for at in 0..levels {
            match self.level(criterion, at, &result.statement) {
                Outcome::Holds => {
                    result.level = at as u8 + 1;
                    measured |= criterion.asks_share(at);
                    stated |= criterion.asks_statement(at);
                }
                other => {
                    stopped = Some(other);
                    break;
                }
            }
        }
        let at = usize::from(result.level);
        let asked = |at: usize| criterion.asks_share(at).then(|| self.share(criterion, at)).flatten();
        result.next = if at < levels { asked(at) } else { None };
        result.share = match at.checked_sub(1) {
            Some(reached) => asked(reached),
            None => self.share(criterion, 0),
        };
        let machine = result.statement.as_ref().is_some_and(|s| s.seen);
        // A failure is judged by what failed.
        let (measured, stated) = match (&stopped, result.level) {
            (Some(Outcome::Fails(_)), 0) => (result.share.is_some(), result.share.is_none()),
            _ => (measured, stated),
        };
        result.basis = match (measured || stated && machine, stated && !machine) {
            (true, true) => Basis::Both,
            (true, false) => Basis::Measured,
            (false, true) => Basis::Attested,
            (false, false) => Basis::Nothing,
        };
        self.judge(&mut result, stopped);
        result
    }

    fn judge(&self, result: &mut CriterionResult, stopped: Option<Outcome>) {
        let reached = result.level >= self.set.required;
        let (fails, reason) = match stopped {
            Some(Outcome::Fails(why)) => (true, Reason::Short(why)),
            Some(Outcome::Open(why)) => (false, Reason::Short(why)),
            Some(Outcome::Holds) | None => (false, Reason::Highest),
        };
        result.status = match (reached, result.level, fails) {
            (true, _, _) if result.basis == Basis::Attested => Status::Attested,
            (true, _, _) => Status::Met,
            (false, 1.., _) => Status::PartlyMet,
            (false, 0, true) => Status::NotMet,
            (false, 0, false) => Status::NotAssessed,
        };
        if result.status == Status::NotAssessed {
            result.basis = Basis::Nothing;
        }
        result.reason = reason;
    }

    /// Whether one level holds: the share it asks for and the statement it asks for.
    fn level(&self, criterion: &Criterion, at: usize, statement: &Option<Statement>) -> Outcome {
        let mut open = None;
        if criterion.asks_share(at) {
            match self.threshold(criterion, at) {
                Outcome::Holds => {}
                Outcome::Open(why) => open = Some(why),
                fails => return fails,
            }
        } else if !criterion.asks_statement(at) && !criterion.metrics.is_empty() && at == 0 {
            // A level that asks nothing is not reached by silence.
            if self.share(criterion, at).is_none() && statement.is_none() {
                return Outcome::Open(Shortfall::Silence);
            }
        }
        if criterion.asks_statement(at) {
            match self.stated(criterion, at, statement) {
                Outcome::Holds => {}
                Outcome::Open(why) => open = open.or(Some(why)),
                fails => return fails,
            }
        }
        match open {
            Some(why) => Outcome::Open(why),
            None => Outcome::Holds,
        }
    }

    fn stated(&self, criterion: &Criterion, at: usize, statement: &Option<Statement>) -> Outcome {
        let Some(statement) = statement else {
            return Outcome::Open(Shortfall::NotGiven(other_evidence(criterion)));
        };
        if let Some(why) = &statement.broken {
            return Outcome::Open(Shortfall::Broken(why.clone()));
        }
        let smart = criterion.result == Some(ResultKind::SmartConfiguration) && statement.seen;
        if smart && at > 0 && self.attestations.codes_security(self.partner, self.today) == Some(false) {
            return Outcome::Fails(Shortfall::NoSecurityService);
        }
        if let Some(last) = statement.lapses(criterion.validity)
            && last < self.today
        {
            return Outcome::Open(Shortfall::Lapsed(last));
        }
        if criterion.accepts[at].contains(&statement.value) {
            return Outcome::Holds;
        }
        Outcome::Fails(Shortfall::Stated { value: statement.value.clone(), takes: criterion.accepts[at].clone() })
    }

    fn threshold(&self, criterion: &Criterion, at: usize) -> Outcome {
        if self.stale {
            return Outcome::Open(Shortfall::Stale(self.part.collected.clone()));
        }
        let Some(counted) = criterion.metrics.get(at).and_then(|m| m.of(self.part, self.record)) else {
            let feed = criterion.evidence.contains(&EvidenceKind::Feed);
            return Outcome::Open(match feed {
                true => Shortfall::Unseen,
                false => Shortfall::NotGiven(other_evidence(criterion)),
            });
        };
        // Less is better: the complement must reach the complement.
        let threshold = criterion.thresholds[at];
        let (good, target) = match criterion.down {
            true => (counted.denominator - counted.numerator, 1.0 - threshold),
            false => (counted.numerator, threshold),
        };
        let n = counted.denominator;
        let wilson = self.set.wilson && !criterion.metrics[at].is_whole();
        let needed = criterion.minimum.unwrap_or(if wilson { smallest_clean_sample(target) } else { 1 });
        let few = || Outcome::Open(Shortfall::TooFew { seen: n, needed });
        if target >= 1.0 {
            return match (good == n, n >= needed) {
                (true, true) => Outcome::Holds,
                (true, false) => few(),
                (false, _) => Outcome::Fails(Shortfall::SomeFail { failing: n - good, of: n }),
            };
        }
        let beyond = |whole_interval| {
            Outcome::Fails(Shortfall::Beyond { counted, threshold, down: criterion.down, whole_interval })
        };
        let Some((low, high)) = interval(good, n) else { return few() };
        if !wilson {
            // In millionths, so that no rounding decides.
            let holds = u128::from(good) * 1_000_000 >= ((target * 1e6).round() as u128) * u128::from(n);
            return match (holds, n >= needed) {
                (_, false) => few(),
                (true, true) => Outcome::Holds,
                (false, true) => beyond(false),
            };
        }
        if low >= target && n >= needed {
            Outcome::Holds
        } else if high < target {
            beyond(true)
        } else if n < needed {
            few()
        } else {
            Outcome::Open(Shortfall::Undecided { counted, threshold })
        }
    }

    fn share(&self, criterion: &Criterion, at: usize) -> Option<Shown> {
        let counted = criterion.metrics.get(at)?.of(self.part, self.record)?;
        let estimated = self.set.wilson && !criterion.metrics[at].is_whole();
        let interval = estimated.then(|| interval(counted.numerator, counted.denominator)).flatten();
        Some(Shown { counted, interval, threshold: *criterion.thresholds.get(at)? })
    }

    fn waive(&self, result: &mut CriterionResult, criterion: &Criterion) {
        if matches!(result.status, Status::Met | Status::Attested | Status::NotApplicable) {
            return;
        }
        if let Some(waiver) = self.attestations.waiver(&criterion.id, self.partner, self.today) {
            result.reason = Reason::Waived {
                because: waiver.reason.clone(),
                was: std::mem::replace(&mut result.status, Status::Waived),
                owner: waiver.owner.clone(),
                approved_by: waiver.approved_by.clone(),
                until: waiver.until,
            };
        }
    }
}

/// What shows a criterion besides messages.
fn other_evidence(criterion: &Criterion) -> Vec<EvidenceKind> {
    let kinds: Vec<EvidenceKind> =
        criterion.evidence.iter().copied().filter(|kind| *kind != EvidenceKind::Feed).collect();
    if kinds.is_empty() { vec![EvidenceKind::Attestation] } else { kinds }
}

/// Takes the lowest level of other criteria.
fn derived(set: &CriteriaSet, criterion: &Criterion, results: &[CriterionResult], own: usize) -> CriterionResult {
    let from: Vec<&CriterionResult> = results
        .iter()
        .enumerate()
        .filter(|(i, r)| {
            let named = |word: &String| match word.strip_prefix("row:") {
                Some(row) => r.row == row,
                None => r.id == *word,
            };
            *i != own && r.counts() && criterion.derived.iter().any(named)
        })
        .map(|(_, r)| r)
        .collect();
    let level = from.iter().map(|r| r.level).min().unwrap_or(0);
    let lowest: Vec<&CriterionResult> = from.iter().filter(|r| r.level == level).copied().collect();
    let basis = match (
        from.iter().any(|r| matches!(r.basis, Basis::Measured | Basis::Both)),
        from.iter().any(|r| matches!(r.basis, Basis::Attested | Basis::Both)),
    ) {
        (true, true) => Basis::Both,
        (true, false) => Basis::Measured,
        (false, true) => Basis::Attested,
        (false, false) => Basis::Nothing,
    };
    let open = lowest.iter().any(|r| r.status == Status::NotAssessed);
    let status = match level {
        _ if from.is_empty() => Status::NotAssessed,
        l if l >= set.required && basis == Basis::Attested => Status::Attested,
        l if l >= set.required => Status::Met,
        1.. => Status::PartlyMet,
        0 if lowest.iter().any(|r| r.status == Status::NotMet) => Status::NotMet,
        0 if open => Status::NotAssessed,
        0 => Status::NotMet,
    };
    let named: Vec<String> = lowest.iter().map(|r| r.id.clone()).collect();
    CriterionResult {
        status,
        level,
        basis: if status == Status::NotAssessed { Basis::Nothing } else { basis },
        reason: if named.is_empty() { Reason::NothingBelow } else { Reason::Lowest(named) },
        ..results[own].clone()
    }
}

fn rows(set: &CriteriaSet, results: &[CriterionResult]) -> Vec<RowResult> {
    let mut levels: BTreeMap<&str, u8> = BTreeMap::new();
    for result in results.iter().filter(|r| r.counts()) {
        let level = levels.entry(&result.row).or_insert(u8::MAX);
        *level = (*level).min(result.level);
    }
    set.rows
        .iter()
        .map(|row| RowResult { id: row.id.clone(), level: levels.get(row.id.as_str()).copied(), apart: row.apart })
        .collect()
}

fn mix(results: &[CriterionResult]) -> EvidenceMix {
    let mut mix = EvidenceMix::default();
    for result in results {
        match (result.status, result.basis) {
            (Status::NotApplicable, _) => mix.not_applicable += 1,
            (_, Basis::Measured | Basis::Both) => mix.measured += 1,
            (_, Basis::Attested) => mix.attested += 1,
            (_, Basis::Nothing) => mix.not_assessed += 1,
        }
    }
    mix
}
