//! Digital maturity: what partners score themselves, and what the feed shows beside it. The feed never sets a score.

use serde::Deserialize;

use super::assess::Assessment;
use super::attest::{Attestations, is_for};
use super::criteria::CriteriaSet;
use super::metric::Counted;
use super::wilson::interval;
use crate::record::Record;
use crate::settings::Date;

/// A score that a partner gave itself by a model of maturity.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SelfScore {
    /// Name of the model.
    pub model: String,
    /// Part of the model, or empty for the whole.
    pub dimension: String,
    /// ODS code; none where the one partner that is reported is meant.
    pub partner: Option<String>,
    /// The score as written.
    pub score: String,
    /// The highest score of the model, as written.
    pub out_of: String,
    /// Others have checked it.
    pub validated: bool,
    /// Role of who scored.
    pub by_role: String,
    /// Day it was scored.
    pub on: Date,
    /// Last day it holds.
    pub valid_until: Option<Date>,
    /// Where the document is, or empty.
    pub reference: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct SelfScoreEntry {
    model: String,
    #[serde(default)]
    dimension: String,
    partner: Option<String>,
    score: serde_json::Number,
    out_of: serde_json::Number,
    #[serde(default)]
    validated: bool,
    by_role: String,
    on: String,
    valid_until: Option<String>,
    #[serde(default)]
    reference: String,
}

impl SelfScoreEntry {
    pub(super) fn score(self, partner: Option<&str>) -> Option<SelfScore> {
        Some(SelfScore {
            model: self.model,
            dimension: self.dimension,
            partner: self.partner.or_else(|| partner.map(String::from)),
            score: self.score.to_string(),
            out_of: self.out_of.to_string(),
            validated: self.validated,
            by_role: self.by_role,
            on: Date::parse(&self.on)?,
            valid_until: self.valid_until.as_deref().and_then(Date::parse),
            reference: self.reference,
        })
    }
}

impl SelfScore {
    /// Whether its last day has passed.
    pub fn has_lapsed(&self, today: Date) -> bool {
        self.valid_until.is_some_and(|last| last < today)
    }
}

impl Attestations {
    /// Scores of a partner that were given by `today`, those that lapsed included.
    pub fn scores_of<'a>(&'a self, partner: &'a str, today: Date) -> impl Iterator<Item = &'a SelfScore> {
        self.scores.iter().filter(move |s| is_for(&s.partner, partner) && s.on <= today)
    }
}

/// How an indicator bears upon a statement.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Bearing {
    /// The whole interval is at or above the share that supports.
    Supports,
    /// The whole interval is below the share that contradicts.
    Contradicts,
    /// Between the two, or too little was seen.
    Open,
    /// Nothing is stated that it could bear upon.
    NothingStated,
}

impl Bearing {
    /// Its words.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Supports => "supports",
            Self::Contradicts => "contradicts",
            Self::Open => "does not tell",
            Self::NothingStated => "nothing stated",
        }
    }
}

/// An indicator as one feed shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Indication {
    /// Id of the indicator.
    pub id: String,
    /// Its title.
    pub title: String,
    /// Criterion whose statement it bears upon.
    pub criterion: String,
    /// What is stated, or empty.
    pub stated: String,
    /// The share; nothing where nothing could have been seen.
    pub counted: Option<Counted>,
    /// 95% Wilson interval, 0 to 1.
    pub interval: Option<(f64, f64)>,
    /// How it bears upon what is stated.
    pub bearing: Bearing,
}

/// Indicators of a set over the counts of one assessment. They change no status and no level.
pub fn indications(set: &CriteriaSet, record: &Record, assessment: &Assessment) -> Vec<Indication> {
    let indicators = set.indicators.iter().map(|indicator| {
        let counted = indicator.metric.of(&assessment.part, record);
        let interval = counted.and_then(|c| interval(c.numerator, c.denominator));
        let result = assessment.results.iter().find(|r| r.id == indicator.criterion);
        let stated = result.and_then(|r| r.statement.as_ref()).map(|s| s.value.clone()).unwrap_or_default();
        let bearing = match (indicator.bears_on.contains(&stated), interval) {
            (false, _) => Bearing::NothingStated,
            (true, Some((low, _))) if low >= indicator.supports => Bearing::Supports,
            (true, Some((_, high))) if high < indicator.contradicts => Bearing::Contradicts,
            (true, _) => Bearing::Open,
        };
        Indication {
            id: indicator.id.clone(),
            title: indicator.title.clone(),
            criterion: indicator.criterion.clone(),
            stated,
            counted,
            interval,
            bearing,
        }
    });
    indicators.collect()
}
