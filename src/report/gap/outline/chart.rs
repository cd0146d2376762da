//! Charts as data: what is drawn, and the same in words for those who listen.

use super::{Cell, Line};
use crate::kitemark::{Counted, EvidenceMix};
use crate::report::gap::spc::Xmr;
use crate::report::gap::words::{percent, percent_of};
use crate::text::thousands;

/// One chart.
#[derive(Clone, Debug)]
pub(in crate::report::gap) struct Chart {
    /// Anchor of its title, unique in the outline.
    pub(in crate::report::gap) id: String,
    pub(in crate::report::gap) title: String,
    /// What to see in it.
    pub(in crate::report::gap) caption: Line,
    pub(in crate::report::gap) drawn: Drawn,
}

/// What is drawn.
#[derive(Clone, Debug)]
pub(in crate::report::gap) enum Drawn {
    /// Bars by label, and the whole that they are part of, or 0.
    Bars(Vec<(String, u64)>, u64),
    /// Steps from what is there to the whole, each where the last one ended; and the name of the whole.
    Waterfall(Vec<Step>, &'static str),
    /// Shares with their intervals.
    Whiskers(Vec<Whisker>),
    /// Criteria by what they rest on.
    Mix(EvidenceMix),
    /// A line over periods with its mean and natural limits; it breaks where a period has no value.
    Control(Vec<(String, Option<f64>)>, Xmr, Scale),
    /// How much had come by when, 0 to 1.
    Curve(Vec<(String, f64)>),
    /// Days on a line, and the day of the report.
    Days(Vec<Day>, Day),
}

/// One step of a waterfall.
#[derive(Clone, Debug)]
pub(in crate::report::gap) struct Step {
    pub(in crate::report::gap) label: String,
    /// How much it adds.
    pub(in crate::report::gap) adds: u64,
    pub(in crate::report::gap) kind: StepKind,
}

/// How a step is drawn: told apart by fill, outline and pattern, so that no colour is needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report::gap) enum StepKind {
    /// There already: from the left edge.
    Held,
    /// Would come: where the last one ended.
    Move,
    /// Several that would come.
    Rest,
}

/// One share on a line from 0 to 100: the interval, the share, the thresholds.
#[derive(Clone, Debug)]
pub(in crate::report::gap) struct Whisker {
    pub(in crate::report::gap) label: String,
    pub(in crate::report::gap) counted: Counted,
    pub(in crate::report::gap) interval: (f64, f64),
    /// Thresholds of the levels, 0 to 1.
    pub(in crate::report::gap) thresholds: Vec<f64>,
}

/// What the upright axis of a line counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report::gap) enum Scale {
    /// 0 to 1, shown as percentages.
    Share,
    /// From 0.
    Count,
}

impl Scale {
    /// A value as a cell.
    pub(in crate::report::gap) fn cell(self, value: f64) -> Cell {
        match self {
            Self::Share => Cell::Percent(value.clamp(0.0, 1.0)),
            Self::Count => Cell::Count(value.max(0.0).round() as u64),
        }
    }

    /// A value in words.
    pub(in crate::report::gap) fn text(self, value: f64) -> String {
        self.cell(value).plain()
    }

    pub(in crate::report::gap) const fn most(self) -> f64 {
        match self {
            Self::Share => 1.0,
            Self::Count => f64::INFINITY,
        }
    }
}

/// A day on a line of days.
#[derive(Clone, Debug)]
pub(in crate::report::gap) struct Day {
    /// Days since 1970-01-01.
    pub(in crate::report::gap) at: i64,
    /// The day, as text.
    pub(in crate::report::gap) name: String,
    /// What happens.
    pub(in crate::report::gap) label: String,
    /// Drawn filled.
    pub(in crate::report::gap) full: bool,
}

impl Chart {
    /// Its points: label and value.
    pub(in crate::report::gap) fn points(&self) -> Vec<(String, Cell)> {
        match &self.drawn {
            Drawn::Bars(rows, whole) => rows
                .iter()
                .map(|(name, n)| match *whole {
                    0 => (name.clone(), Cell::Count(*n)),
                    whole => (name.clone(), Cell::share((*n).min(whole), whole)),
                })
                .collect(),
            Drawn::Waterfall(steps, _) => steps.iter().map(|s| (s.label.clone(), Cell::Count(s.adds))).collect(),
            Drawn::Whiskers(rows) => rows.iter().map(|r| (r.label.clone(), Cell::Share(r.counted))).collect(),
            Drawn::Mix(mix) => parts_of(*mix).map(|(name, n)| (name.to_owned(), Cell::Count(n))).to_vec(),
            Drawn::Control(points, _, scale) => {
                points.iter().map(|(m, v)| (m.clone(), v.map_or(Cell::Empty, |v| scale.cell(v)))).collect()
            }
            Drawn::Curve(points) => points.iter().map(|(m, v)| (m.clone(), Cell::Percent(*v))).collect(),
            Drawn::Days(days, _) => days.iter().map(|d| (d.name.clone(), Cell::text(&d.label))).collect(),
        }
    }

    /// The same in words, for those who listen.
    pub(in crate::report::gap) fn described(&self) -> String {
        let says: Vec<String> = match &self.drawn {
            Drawn::Bars(rows, _) => rows.iter().map(|(name, n)| format!("{name}: {}", thousands(*n))).collect(),
            Drawn::Waterfall(steps, whole) => {
                let mut sum = 0;
                let told = steps.iter().map(|step| {
                    sum += step.adds;
                    format!("{}: {}", step.label, step_text(step, sum))
                });
                let mut told: Vec<String> = told.collect();
                told.push(format!("{whole}: {}", thousands(sum)));
                told
            }
            Drawn::Whiskers(rows) => rows
                .iter()
                .map(|r| {
                    let (low, high) = r.interval;
                    format!("{}: {}, interval {} to {}", r.label, percent(r.counted), percent_of(low), percent_of(high))
                })
                .collect(),
            Drawn::Mix(mix) => return parts_of(*mix).map(|(name, n)| format!("{n} {name}")).join(", "),
            Drawn::Days(days, today) => {
                let told: Vec<String> = days.iter().map(|p| format!("{}: {}", p.name, p.label)).collect();
                return format!("Report of {}. {}", today.name, told.join("; "));
            }
            Drawn::Control(..) | Drawn::Curve(_) => {
                self.points().iter().map(|(name, v)| format!("{name}: {}", v.plain())).collect()
            }
        };
        says.join("; ")
    }
}

/// What stands beside a step that leads to `to`.
pub(in crate::report::gap) fn step_text(step: &Step, to: u64) -> String {
    match step.kind {
        StepKind::Held => thousands(to),
        StepKind::Move | StepKind::Rest => format!("+{} to {}", thousands(step.adds), thousands(to)),
    }
}

/// The parts of an evidence mix that are drawn.
pub(in crate::report::gap) const fn parts_of(mix: EvidenceMix) -> [(&'static str, u64); 3] {
    [("measured", mix.measured), ("attested", mix.attested), ("not assessed", mix.not_assessed)]
}
