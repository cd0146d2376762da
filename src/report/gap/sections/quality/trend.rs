//! Month by month: XmR charts with the rules of "making data count" instead of red, amber and green.

use std::collections::BTreeMap;

use super::fields::short;
use crate::kitemark::Counted;
use crate::report::gap::model::{Report, View};
use crate::report::gap::outline::Kind::{Count, Number, Share, Text};
use crate::report::gap::outline::{Block, Cell, Chart, Drawn, Scale, Table, Weight, line};
use crate::report::gap::sections::is_about_people;
use crate::report::gap::spc::{LEAST, Variation, Xmr, xmr};
use crate::tally::{Stage, definition};
use crate::text::counted;

/// A value for each month.
pub(super) struct Series {
    pub(super) title: String,
    pub(super) points: Vec<(String, f64)>,
    scale: Scale,
    /// Whether more is better; nothing where neither is.
    up: Option<bool>,
    chart: Option<Xmr>,
}

impl Series {
    fn new(title: String, points: Vec<(String, f64)>, scale: Scale, up: Option<bool>) -> Self {
        let values: Vec<f64> = points.iter().map(|p| p.1).collect();
        Self { title, chart: xmr(&values), points, scale, up }
    }

    /// What the last month belongs to.
    pub(super) fn variation(&self) -> Option<Variation> {
        self.chart.as_ref().map(|c| c.variation(self.points.len() - 1))
    }

    /// What became of the last month against its own past.
    pub(super) fn trend(&self) -> Trend {
        match (self.variation(), self.up) {
            (None, _) => Trend::TooFew,
            (Some(Variation::Common), _) => Trend::Ordinary,
            (Some(Variation::High), Some(true)) | (Some(Variation::Low), Some(false)) => Trend::Better,
            (Some(Variation::High), Some(false)) | (Some(Variation::Low), Some(true)) => Trend::Worse,
            (Some(Variation::High), None) => Trend::More,
            (Some(Variation::Low), None) => Trend::Less,
        }
    }
}

/// What became of a series in its last month, what needs a look first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Trend {
    Worse,
    /// Neither more nor less is better.
    Less,
    More,
    Better,
    Ordinary,
    /// Too few months for limits.
    TooFew,
}

impl Trend {
    /// The words of "making data count".
    pub(super) const fn as_str(self) -> &'static str {
        match self {
            Self::Worse => "change for the worse",
            Self::Less => "change: less",
            Self::More => "change: more",
            Self::Better => "change for the better",
            Self::Ordinary => "ordinary variation",
            Self::TooFew => "too few months",
        }
    }

    /// Whether the last month is a signal.
    pub(super) const fn is_change(self) -> bool {
        !matches!(self, Self::Ordinary | Self::TooFew)
    }
}

/// Messages and clean messages by month, then every measure whose last months are no ordinary variation.
pub(super) fn series(report: &Report, view: &View) -> Vec<Series> {
    let months = report.months(view);
    let clean = months
        .iter()
        .filter(|(_, p)| p.counts.read > 0)
        .map(|(m, p)| (m.clone(), p.counts.clean as f64 / p.counts.read as f64))
        .collect();
    let volume = every_month(months.iter().map(|(m, p)| (m.clone(), p.counts.given as f64)).collect());
    let mut all = vec![
        Series::new("Messages without an error".into(), clean, Scale::Share, Some(true)),
        Series::new("Payloads".into(), volume, Scale::Count, None),
    ];
    let mut by_field: BTreeMap<(&str, &str, &str), BTreeMap<&str, Counted>> = BTreeMap::new();
    for (month, part) in &months {
        for ((name, key), m) in &part.measures {
            if report.disclosure && is_about_people(name, key) {
                continue;
            }
            let about = if key.element.is_empty() { &key.resource } else { &key.element };
            let month = if key.period.is_empty() { month } else { &key.period };
            let c = by_field
                .entry((name, short(&key.profile), about))
                .or_default()
                .entry(month)
                .or_insert(Counted { numerator: 0, denominator: 0 });
            c.numerator += m.numerator;
            c.denominator += m.denominator;
        }
    }
    let mut found: Vec<Series> = by_field
        .into_iter()
        .filter(|(_, months)| months.len() >= LEAST)
        .filter_map(|((name, profile, about), months)| {
            let up = definition(name).is_none_or(|d| d.stage != Stage::Falling);
            let points = months.iter().filter(|(_, c)| c.denominator > 0);
            let points = points.map(|(m, c)| ((*m).to_owned(), c.numerator as f64 / c.denominator as f64)).collect();
            let title = [about, name, profile].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" · ");
            let series = Series::new(title, points, Scale::Share, Some(up));
            series.trend().is_change().then_some(series)
        })
        .collect();
    found.sort_by(|a, b| (a.trend(), &a.title).cmp(&(b.trend(), &b.title)));
    all.extend(found);
    all
}

/// Months from the first to the last; those without a record have nothing.
fn every_month(points: Vec<(String, f64)>) -> Vec<(String, f64)> {
    let number = |m: &str| super::month_number(m);
    let (Some(first), Some(last)) =
        (points.first().and_then(|p| number(&p.0)), points.last().and_then(|p| number(&p.0)))
    else {
        return points;
    };
    // A record of a thousand years would be one month and another far away.
    if last - first > 600 {
        return points;
    }
    let known: BTreeMap<i64, f64> = points.iter().filter_map(|(m, v)| Some((number(m)?, *v))).collect();
    (first..=last)
        .map(|n| {
            let (year, month) = ((n - 1).div_euclid(12), (n - 1).rem_euclid(12) + 1);
            (format!("{year:04}-{month:02}"), known.get(&n).copied().unwrap_or(0.0))
        })
        .collect()
}

/// Charts on a page: the first two always, then those with signals.
const CHARTS: usize = 10;

/// Charts with what became of each, and the tables.
pub(super) fn shown(report: &Report, view: &View, id: &str) -> Vec<Block> {
    let months = report.months(view).len();
    let all = series(report, view);
    let mut blocks = Vec::new();
    match months {
        1 => blocks.push(say("There is one month only; a trend needs more.")),
        few if few < LEAST => blocks.push(Block::Text(
            Weight::Plain,
            line!["Fewer than ", LEAST, " months: no limits are drawn, since they would move with each new month."],
        )),
        _ => {}
    }
    blocks.push(table_of(&all).into());
    if months == 1 {
        return blocks;
    }
    for (i, series) in all.iter().take(CHARTS).enumerate() {
        let caption = line![&series.title, ": ", Cell::strong(series.trend().as_str()), "."];
        blocks.extend(series.drawn(format!("{id}-xmr{i}"), caption).map(Block::from));
    }
    if all.len() > CHARTS {
        let more = (all.len() - CHARTS) as u64;
        blocks.push(Block::Text(
            Weight::Note,
            line![Cell::text(counted(more, "more measure")), " changed; the table lists them."],
        ));
    }
    blocks.push(Block::Text(
        Weight::Note,
        "XmR charts: the line in the middle is the mean, the broken lines are natural limits (mean ± 2.66 × mean moving \
         range). Squares are signals of change: a point outside the limits, seven on one side of the mean, six rising or \
         falling, two of three near a limit. Circles are ordinary variation and call for no action by themselves."
            .into(),
    ));
    blocks.push(month_table(report, view).into());
    blocks
}

fn say(text: &str) -> Block {
    Block::Text(Weight::Plain, text.into())
}

impl Series {
    fn drawn(&self, id: String, caption: crate::report::gap::outline::Line) -> Option<Chart> {
        let drawn = Drawn::Control(self.points.clone(), self.chart.clone()?, self.scale);
        Some(Chart { id, title: self.title.clone(), caption, drawn })
    }
}

/// Every series with its mean, limits and trend.
fn table_of(all: &[Series]) -> Table {
    let mut table = Table::new(
        "trends",
        "What changed: the last month against its own past",
        &[
            ("what", Text),
            ("last month", Number),
            ("mean", Number),
            ("lower limit", Number),
            ("upper limit", Number),
            ("variation", Text),
        ],
    );
    for s in all {
        let Some((_, last)) = s.points.last() else { continue };
        let cell = |v: f64| s.scale.cell(v);
        let (centre, low, high) = match &s.chart {
            Some(c) => (cell(c.centre), cell(c.limits.0), cell(c.limits.1)),
            None => (Cell::Empty, Cell::Empty, Cell::Empty),
        };
        table.row(vec![Cell::text(&s.title), cell(*last), centre, low, high, Cell::text(s.trend().as_str())]);
    }
    table
}

fn month_table(report: &Report, view: &View) -> Table {
    let columns = [("month", Text), ("messages", Count), ("without an error", Share)];
    let mut table = Table::new("months", "Messages without an error, month by month", &columns);
    for (month, part) in &report.months(view) {
        let share = Cell::share(part.counts.clean, part.counts.read);
        table.row(vec![Cell::text(month), Cell::Count(part.counts.read), share]);
    }
    table
}

/// The share of messages without an error by month, with limits once there are enough months.
pub(in crate::report::gap::sections) fn months(report: &Report, view: &View, id: &str) -> Vec<Block> {
    if report.months(view).len() == 1 {
        return vec![say("There is one month only; a trend needs more.")];
    }
    let caption = "XmR chart: the mean and natural limits (mean ± 2.66 × mean moving range). Squares are signals of change; \
                   circles are ordinary variation and call for no action by themselves.";
    let clean = series(report, view).into_iter().next();
    let chart = clean.and_then(|s| s.drawn(format!("{id}-xmr"), caption.into()));
    let first = chart.map_or_else(
        || {
            let few = "months: no limits are drawn, since they would move with each new month.";
            Block::Text(Weight::Plain, line!["Fewer than ", LEAST, " ", few])
        },
        Block::from,
    );
    vec![first, month_table(report, view).into()]
}
