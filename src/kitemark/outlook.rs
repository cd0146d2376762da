//! What a criteria set says beside its criteria: indicators of maturity in the feed, and milestones with their days.

use serde::Deserialize;

use super::metric::Metric;
use crate::settings::Date;

/// What a feed shows that supports a statement or speaks against it. An indicator never sets a level.
#[derive(Clone, Debug)]
pub struct Indicator {
    /// Kebab-case id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Criterion whose statement it bears upon.
    pub criterion: String,
    /// Values of that statement it bears upon.
    pub bears_on: Vec<String>,
    /// The share.
    pub metric: Metric,
    /// The share as written.
    pub expression: String,
    /// From this share on, 0 to 1, it supports the statement.
    pub supports: f64,
    /// Below this share, 0 to 1, it speaks against it.
    pub contradicts: f64,
}

/// A day by which the source asks for something.
#[derive(Clone, Debug)]
pub struct Milestone {
    /// Kebab-case id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Where the source says so.
    pub clause: String,
    /// Last day.
    pub due: Date,
    /// Ids of the criteria that show it.
    pub criteria: Vec<String>,
    /// Level they must reach, from 1.
    pub level: u8,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct IndicatorEntry {
    id: String,
    title: String,
    criterion: String,
    bears_on: Vec<String>,
    metric: String,
    supports: f64,
    contradicts: f64,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
pub(super) struct MilestoneEntry {
    id: String,
    title: String,
    #[serde(default)]
    clause: String,
    due: String,
    criteria: Vec<String>,
    level: Option<u8>,
}

/// A key of an entry, what is wrong with it, and what to do.
pub(super) type Wrong = (String, String, String);

impl IndicatorEntry {
    /// The indicator; `accepts` gives the values that the statement of a criterion takes, or nothing for a criterion
    /// that is not in the set.
    pub(super) fn made(
        self,
        accepts: &dyn Fn(&str) -> Option<Vec<String>>,
        wrong: &mut Vec<Wrong>,
    ) -> Option<Indicator> {
        let mut fault = |key: &str, says: &str, remedy: String| wrong.push((key.into(), says.into(), remedy));
        match accepts(&self.criterion) {
            None => fault("criterion", "there is no such criterion", "Name one of this set".into()),
            Some(known) => {
                for (i, value) in self.bears_on.iter().enumerate().filter(|(_, v)| !known.contains(v)) {
                    let says = format!("{} takes no statement `{value}`", self.criterion);
                    fault(&format!("bears-on/{i}"), &says, format!("It takes {}", known.join(", ")));
                }
            }
        }
        if self.contradicts > self.supports {
            fault("contradicts", "this lies above the share that supports", "Write the smaller share here".into());
        }
        match Metric::parse(&self.metric) {
            Err(says) => {
                fault("metric", &says, "See `hallmark criteria explain`".into());
                None
            }
            Ok(metric) => Some(Indicator {
                id: self.id,
                title: self.title,
                criterion: self.criterion,
                bears_on: self.bears_on,
                metric,
                expression: self.metric,
                supports: self.supports / 100.0,
                contradicts: self.contradicts / 100.0,
            }),
        }
    }
}

impl MilestoneEntry {
    /// The milestone; `ids` gives the criteria that a word names: one, or those of `row:ID`.
    pub(super) fn made(
        self,
        required: u8,
        levels: usize,
        ids: &dyn Fn(&str) -> Vec<String>,
        wrong: &mut Vec<Wrong>,
    ) -> Option<Milestone> {
        let mut criteria = Vec::new();
        for (i, word) in self.criteria.iter().enumerate() {
            let named = ids(word);
            if named.is_empty() {
                let says = "there is no such criterion or row".to_string();
                wrong.push((format!("criteria/{i}"), says, "Name one that is in this set".into()));
            }
            criteria.extend(named);
        }
        let level = self.level.unwrap_or(required);
        if usize::from(level) > levels || level == 0 {
            wrong.push(("level".into(), "there is no such level".into(), format!("Choose 1 to {levels}")));
        }
        let due = Date::parse(&self.due)?;
        Some(Milestone { id: self.id, title: self.title, clause: self.clause, due, criteria, level })
    }
}
