//! Gaps to the required level, the moves that gain most, and what changed since the last assessment.

use std::collections::BTreeMap;

use super::assess::{Assessment, CriterionResult, Status};
use super::attest::Attestations;
use super::criteria::{CriteriaSet, Criterion};
use super::reason::Step;
use super::wilson::{interval, smallest_clean_sample};
use crate::settings::Date;

/// How much a gap weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Grade {
    /// A gate is missed.
    Critical,
    /// Below the lowest level.
    Major,
    /// At a level below the required one.
    Minor,
    /// Not assessed: it may be met, but nothing shows it.
    Observation,
}

impl Grade {
    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Critical => "critical",
            Self::Major => "major",
            Self::Minor => "minor",
            Self::Observation => "observation",
        }
    }
}

/// One gap between what is asked and what is shown.
#[derive(Clone, Debug)]
pub struct Gap {
    /// Criterion id.
    pub criterion: String,
    /// Title of the criterion.
    pub title: String,
    /// How much it weighs.
    pub grade: Grade,
    /// Level shown.
    pub level: u8,
    /// Level asked.
    pub required: u8,
    /// It alone holds its row back.
    pub holds_row: bool,
    /// What would close the next step.
    pub step: Step,
    /// What to do.
    pub remedy: String,
    /// Who closes it.
    pub owner: String,
    /// By when.
    pub due: Option<Date>,
    /// The day has passed.
    pub overdue: bool,
    /// A waiver accepts it for now.
    pub waived: bool,
}

/// Gaps of an assessment: gates first, then what holds a row back, then by weight and by how little is missing.
pub fn gaps(set: &CriteriaSet, assessment: &Assessment, attestations: &Attestations, today: Date) -> Vec<Gap> {
    gaps_below(set.required, set, assessment, attestations, today)
}

/// The way from the level shown to the next: what reaches it already, and what each move would close. Criteria weigh as
/// the set says.
#[derive(Clone, Debug)]
pub struct Climb {
    /// The next level.
    pub level: u8,
    /// Criteria that reach it, and their weight.
    pub met: (u64, u64),
    /// Criteria that apply, and their weight.
    pub whole: (u64, u64),
    /// Gaps below it, the most pressing first, each with the weight that closing it adds.
    pub moves: Vec<(Gap, u64)>,
}

/// The way to the next level. Nothing at the highest, and where nothing applies.
pub fn climb(set: &CriteriaSet, assessment: &Assessment, attestations: &Attestations, today: Date) -> Option<Climb> {
    let level = assessment.level + 1;
    if usize::from(level) > set.levels.len() {
        return None;
    }
    let weight = |id: &str| set.criterion(id).map_or(0, |c| u64::from(c.weight));
    let open = gaps_below(level, set, assessment, attestations, today);
    let weighed = |gap: Gap| {
        let weight = weight(&gap.criterion);
        (gap, weight)
    };
    let moves: Vec<(Gap, u64)> = open.into_iter().map(weighed).collect();
    let mut whole = (0u64, 0u64);
    for result in assessment.results.iter().filter(|r| r.counts() && !assessment.is_apart(&r.row)) {
        whole = (whole.0 + 1, whole.1 + weight(&result.id));
    }
    let missing: u64 = moves.iter().map(|(_, weight)| weight).sum();
    let met = (whole.0.saturating_sub(moves.len() as u64), whole.1.saturating_sub(missing));
    (whole.0 > 0).then_some(Climb { level, met, whole, moves })
}

fn gaps_below(
    required: u8,
    set: &CriteriaSet,
    assessment: &Assessment,
    attestations: &Attestations,
    today: Date,
) -> Vec<Gap> {
    let mut ranked: Vec<((Grade, bool, i64, u64), Gap)> = Vec::new();
    for (result, criterion) in assessment.results.iter().zip(&set.criteria) {
        if !result.counts() || result.level >= required || assessment.is_apart(&result.row) {
            continue;
        }
        let grade = match result.level {
            0 if result.gate => Grade::Critical,
            0 if result.status == Status::NotAssessed || open_under_waiver(result) => Grade::Observation,
            0 => Grade::Major,
            _ => Grade::Minor,
        };
        let row = assessment.rows.iter().find(|r| r.id == result.row).and_then(|r| r.level);
        let lowest =
            assessment.results.iter().filter(|r| r.counts() && r.row == result.row && Some(r.level) == row).count();
        let holds_row = row == Some(result.level) && lowest == 1;
        let (step, missing) = next_step(set, criterion, result);
        let plan = attestations.plan(&criterion.id, &assessment.subject.partner);
        let due = plan.map(|p| p.due);
        let gap = Gap {
            criterion: criterion.id.clone(),
            title: criterion.title.clone(),
            grade,
            level: result.level,
            required,
            holds_row,
            step,
            remedy: plan
                .filter(|p| !p.action.is_empty())
                .map_or_else(|| criterion.remedy.clone(), |p| p.action.clone()),
            owner: plan.map_or_else(|| criterion.owner.clone(), |p| p.owner.clone()),
            due,
            overdue: due.is_some_and(|d| d < today),
            waived: result.status == Status::Waived,
        };
        ranked.push(((grade, !holds_row, -i64::from(criterion.weight), missing), gap));
    }
    ranked.sort_by(|a, b| a.0.cmp(&b.0).then_with(|| a.1.criterion.cmp(&b.1.criterion)));
    ranked.into_iter().map(|(_, gap)| gap).collect()
}

fn open_under_waiver(result: &CriterionResult) -> bool {
    result.status == Status::Waived && result.basis == super::assess::Basis::Nothing
}

/// What would close the next step, and how many more must hold for it (millionths of the sample).
fn next_step(set: &CriteriaSet, criterion: &Criterion, result: &CriterionResult) -> (Step, u64) {
    let at = usize::from(result.level);
    if let Some(shown) = &result.next {
        let n = shown.counted.denominator;
        let threshold = criterion.thresholds[at];
        let (good, target) = match criterion.down {
            true => (n - shown.counted.numerator, 1.0 - threshold),
            false => (shown.counted.numerator, threshold),
        };
        let whole = criterion.metrics[at].is_whole();
        let wilson = set.wilson && !whole;
        let needed = criterion.minimum.unwrap_or(if wilson { smallest_clean_sample(target) } else { 1 });
        if n < needed {
            return (Step::See { more: needed - n }, 1_000_000);
        }
        let reached = |k: u64| match (target >= 1.0, wilson) {
            (true, _) => k == n,
            (false, true) => interval(k, n).is_some_and(|(low, _)| low >= target),
            (false, false) => k as f64 >= target * n as f64,
        };
        // The share rises with k, so the first k that reaches the target is found by halving.
        let (mut low, mut high) = (good, n);
        while low < high {
            let middle = low + (high - low) / 2;
            if reached(middle) { high = middle } else { low = middle + 1 }
        }
        if low > good {
            let missing = (low - good).saturating_mul(1_000_000) / n.max(1);
            let share = low as f64 / n as f64;
            return (Step::Hold { more: low - good, of: n, share, sample: !whole }, missing);
        }
    }
    if criterion.asks_statement(at) {
        return (Step::Show(criterion.accepts[at].clone()), 1_000_000);
    }
    if criterion.asks_share(at) {
        return (Step::Send, 1_000_000);
    }
    (Step::Mend(result.reason.clone()), 1_000_000)
}

/// What happened to a criterion since the last assessment.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Change {
    /// It was not there before.
    New,
    /// It reaches the required level and did not before.
    Fixed,
    /// It is lower than before.
    Regressed,
    /// It is higher than before, but not where it should be.
    Improved,
    /// As before.
    Unchanged,
}

impl Change {
    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::New => "new",
            Self::Fixed => "fixed",
            Self::Regressed => "regressed",
            Self::Improved => "improved",
            Self::Unchanged => "unchanged",
        }
    }
}

/// Changes by criterion id against the levels of the last assessment.
pub fn changes(set: &CriteriaSet, assessment: &Assessment, before: &BTreeMap<String, u8>) -> BTreeMap<String, Change> {
    assessment
        .results
        .iter()
        .map(|result| {
            let change = match before.get(&result.id) {
                None => Change::New,
                Some(was) if result.level < *was => Change::Regressed,
                Some(was) if result.level > *was && *was < set.required && result.level >= set.required => {
                    Change::Fixed
                }
                Some(was) if result.level > *was => Change::Improved,
                Some(_) => Change::Unchanged,
            };
            (result.id.clone(), change)
        })
        .collect()
}
