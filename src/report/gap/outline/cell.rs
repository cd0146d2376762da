//! Cells and lines: numbers stay numbers until a format writes them.

use crate::kitemark::{Change, Counted, Status};
use crate::report::gap::words::{of, percent, percent_of, status, symbol};
use crate::settings::Date;
use crate::text::{counted, thousands};

/// One fact, in a cell of a table or in a sentence.
#[derive(Clone, Debug, PartialEq)]
pub(in crate::report::gap) enum Cell {
    /// Words.
    Text(String),
    /// A word of a machine: an id, a path, a digest.
    Code(String),
    /// A digest, whole in data and by its first digits where people read.
    Digest(String),
    /// A count.
    Count(u64),
    /// A count and what is counted, given as one of it.
    Counted(u64, &'static str),
    /// Counts and their percentage.
    Share(Counted),
    /// So many of so many, without a percentage.
    Of(Counted),
    /// A share from 0 to 1 whose counts are not shown.
    Percent(f64),
    /// A number with one digit after the point.
    Number(f64),
    /// The 95% interval of a share, from 0 to 1.
    Interval(f64, f64),
    /// What a share is held against, from 0 to 1.
    Threshold {
        share: f64,
        /// It is the most that may be.
        most: bool,
    },
    Date(Date),
    /// A level and its name.
    Level(u8, String),
    Status(Status),
    /// A status in a table of many: the level, where there is one, and what changed.
    Standing(Status, Option<u8>, Option<Change>),
    Change(Change),
    /// Leads to a section.
    Link {
        to: String,
        text: String,
    },
    /// A fact that leads to an anchor: a row of criteria, a section.
    Led(Box<Cell>, String),
    Strong(Box<Cell>),
    Marked(Box<Cell>, Mark),
    /// Several facts in one sentence.
    Line(Line),
    /// A count about people that must not be shown.
    Hidden,
    /// Nothing.
    Empty,
}

/// What is said of a fact beside it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::report::gap) enum Mark {
    /// A day that has passed.
    Passed,
    /// A day after which something no longer holds.
    Lapsed,
    /// A day after which something is over.
    Over,
    Waived,
    Shadow,
    Gate,
    /// A criterion that is shown and does not count.
    NotCounted,
    /// A row that people score for proposals.
    Apart,
}

impl Mark {
    pub(in crate::report::gap) const fn as_str(self) -> &'static str {
        match self {
            Self::Passed => "passed",
            Self::Lapsed => "lapsed",
            Self::Over => "over",
            Self::Waived => "waived",
            Self::Shadow => "shadow",
            Self::Gate => "gate",
            Self::NotCounted => "shown, not counted",
            Self::Apart => "for proposals; apart",
        }
    }
}

/// A sentence, a title: facts in a row.
#[derive(Clone, Debug, Default, PartialEq)]
pub(in crate::report::gap) struct Line(pub(in crate::report::gap) Vec<Cell>);

/// A line of words and facts: `line!["Of ", n, " criteria"]`.
macro_rules! line {
    ($($part:expr),* $(,)?) => {
        $crate::report::gap::outline::Line(vec![$($crate::report::gap::outline::Cell::from($part)),*])
    };
}
pub(in crate::report::gap) use line;

impl Cell {
    pub(in crate::report::gap) fn text(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Text(text) }
    }

    pub(in crate::report::gap) fn code(text: impl Into<String>) -> Self {
        let text = text.into();
        if text.is_empty() { Self::Empty } else { Self::Code(text) }
    }

    /// A share; nothing where there is nothing to share.
    pub(in crate::report::gap) fn share(numerator: u64, denominator: u64) -> Self {
        if denominator == 0 { Self::Empty } else { Self::Share(Counted { numerator, denominator }) }
    }

    /// A share about people, hidden where small numbers must be.
    pub(in crate::report::gap) fn people(counted: Counted, disclosure: bool) -> Self {
        let shown = if disclosure { crate::report::gap::disclosure::share(counted) } else { Some(counted) };
        shown.map_or(Self::Hidden, Self::Share)
    }

    pub(in crate::report::gap) fn interval(bounds: Option<(f64, f64)>) -> Self {
        bounds.map_or(Self::Empty, |(low, high)| Self::Interval(low, high))
    }

    pub(in crate::report::gap) fn date(day: Option<Date>) -> Self {
        day.map_or(Self::Empty, Self::Date)
    }

    pub(in crate::report::gap) fn strong(cell: impl Into<Self>) -> Self {
        Self::Strong(Box::new(cell.into()))
    }

    /// The cell, marked if so.
    pub(in crate::report::gap) fn marked(self, mark: Mark, so: bool) -> Self {
        if so { Self::Marked(Box::new(self), mark) } else { self }
    }

    /// The fact without marks and weight.
    pub(in crate::report::gap) fn bare(&self) -> &Self {
        match self {
            Self::Strong(inner) | Self::Marked(inner, _) | Self::Led(inner, _) => inner.bare(),
            other => other,
        }
    }

    /// As plain text.
    pub(in crate::report::gap) fn plain(&self) -> String {
        match self {
            Self::Text(text) | Self::Code(text) | Self::Digest(text) | Self::Link { text, .. } => text.clone(),
            Self::Count(n) => thousands(*n),
            Self::Counted(n, one) => counted(*n, one),
            Self::Share(c) => format!("{} ({})", percent(*c), of(*c)),
            Self::Of(c) => of(*c),
            Self::Percent(share) => percent_of(*share),
            Self::Number(n) => format!("{n:.1}"),
            Self::Interval(low, high) => format!("{} to {}", percent_of(*low), percent_of(*high)),
            Self::Threshold { share, most } => {
                format!("{} {}", if *most { "≤" } else { "≥" }, threshold(*share))
            }
            Self::Date(day) => day.to_string(),
            Self::Level(level, name) => format!("{level}, {name}"),
            Self::Status(s) => format!("{} {}", symbol(*s), status(*s)),
            Self::Standing(s, level, change) => {
                let level = level.map(|l| format!(" {l}")).unwrap_or_default();
                format!("{}{level}{}", symbol(*s), change.map_or("", arrow))
            }
            Self::Change(change) => change.as_str().into(),
            Self::Strong(cell) | Self::Led(cell, _) => cell.plain(),
            Self::Marked(cell, mark) => format!("{} ({})", cell.plain(), mark.as_str()),
            Self::Line(line) => line.plain(),
            Self::Hidden => "*".into(),
            Self::Empty => String::new(),
        }
    }
}

/// A share as people write thresholds: without needless digits.
pub(in crate::report::gap) fn threshold(share: f64) -> String {
    let text = format!("{:.2}", share * 100.0);
    format!("{}%", text.trim_end_matches('0').trim_end_matches('.'))
}

/// Up or down since last time.
pub(in crate::report::gap) const fn arrow(change: Change) -> &'static str {
    match change {
        Change::Fixed | Change::Improved => " ▲",
        Change::Regressed => " ▼",
        Change::New | Change::Unchanged => "",
    }
}

impl Line {
    /// As plain text.
    pub(in crate::report::gap) fn plain(&self) -> String {
        self.0.iter().map(Cell::plain).collect()
    }

    /// Adds a part.
    pub(in crate::report::gap) fn and(mut self, part: impl Into<Cell>) -> Self {
        match part.into() {
            Cell::Line(line) => self.0.extend(line.0),
            cell => self.0.push(cell),
        }
        self
    }

    /// Parts with a separator between.
    pub(in crate::report::gap) fn joined<C: Into<Cell>>(parts: impl IntoIterator<Item = C>, between: &str) -> Self {
        let mut line = Self::default();
        for part in parts {
            if !line.0.is_empty() {
                line = line.and(between);
            }
            line = line.and(part);
        }
        line
    }
}

impl From<&str> for Cell {
    fn from(text: &str) -> Self {
        Self::text(text)
    }
}

impl From<String> for Cell {
    fn from(text: String) -> Self {
        Self::text(text)
    }
}

impl From<&String> for Cell {
    fn from(text: &String) -> Self {
        Self::text(text)
    }
}

impl From<u64> for Cell {
    fn from(n: u64) -> Self {
        Self::Count(n)
    }
}

impl From<usize> for Cell {
    fn from(n: usize) -> Self {
        Self::Count(n as u64)
    }
}

impl From<u8> for Cell {
    fn from(n: u8) -> Self {
        Self::Count(n.into())
    }
}

impl From<Date> for Cell {
    fn from(day: Date) -> Self {
        Self::Date(day)
    }
}

impl From<Line> for Cell {
    fn from(line: Line) -> Self {
        Self::Line(line)
    }
}

impl From<&str> for Line {
    fn from(text: &str) -> Self {
        Self(vec![Cell::text(text)])
    }
}

impl From<String> for Line {
    fn from(text: String) -> Self {
        Self(vec![Cell::text(text)])
    }
}

impl From<&String> for Line {
    fn from(text: &String) -> Self {
        Self(vec![Cell::text(text)])
    }
}

impl From<Cell> for Line {
    fn from(cell: Cell) -> Self {
        match cell {
            Cell::Line(line) => line,
            cell => Self(vec![cell]),
        }
    }
}
