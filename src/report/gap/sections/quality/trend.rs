//! Month by month: XmR charts with the rules of "making data count" instead of red, amber and green.

use std::collections::BTreeMap;

use super::calendar;
use super::fields::short;
use crate::kitemark::Counted;
use crate::report::gap::model::{Report, View};
use crate::report::gap::outline::Kind::{Count, Number, Share, Text};
use crate::report::gap::outline::{Block, Cell, Chart, Drawn, Scale, Table, Weight, line};
use crate::report::gap::sections::is_about_people;
use crate::report::gap::spc::{LEAST, Variation, Xmr, xmr};
use crate::tally::{Stage, definition};
use crate::text::counted;

/// One month of a series.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Point {
    /// `YYYY-MM`.
    pub(super) month: String,
    /// Nothing where there is no record, or too few to say.
    pub(super) value: Option<f64>,
    /// Of how many.
    pub(super) n: u64,
}

/// A value for each month of the calendar.
pub(super) struct Series {
    pub(super) title: String,
    pub(super) points: Vec<Point>,
    scale: Scale,
    /// Whether more is better; nothing where neither is.
    up: Option<bool>,
    chart: Option<Xmr>,
}

impl Series {
    fn new(title: String, points: Vec<Point>, scale: Scale, up: Option<bool>) -> Self {
        let values: Vec<f64> = points.iter().filter_map(|p| p.value).collect();
        Self { title, chart: xmr(&values), points, scale, up }
    }

    /// The last month that has a value.
    fn last(&self) -> Option<&Point> {
        self.points.iter().rev().find(|p| p.value.is_some())
    }

    /// Months that have one.
    fn known(&self) -> usize {
        self.points.iter().filter(|p| p.value.is_some()).count()
    }

    /// What the last month belongs to.
    pub(super) fn variation(&self) -> Option<Variation> {
        self.chart.as_ref().map(|c| c.variation(self.known() - 1))
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

/// Messages and clean messages by month, then every measure whose last months are no ordinary variation. Months are those that were
/// checked: days inside messages may lie decades back.
pub(super) fn series(report: &Report, view: &View) -> Vec<Series> {
    let months = calendar::months(report, view);
    let clean = months.iter().map(|(month, part)| {
        let counts = part.map(|p| p.counts.clone()).unwrap_or_default();
        point(report, month, Counted { numerator: counts.clean, denominator: counts.read })
    });
    let volume = months.iter().map(|(month, part)| {
        let given = part.map_or(0, |p| p.counts.given);
        Point { month: month.clone(), value: Some(given as f64), n: given }
    });
    let mut all = vec![
        Series::new("Messages without an error".into(), clean.collect(), Scale::Share, Some(true)),
        Series::new("Payloads".into(), volume.collect(), Scale::Count, None),
    ];
    let mut by_field: BTreeMap<(&str, &str, &str), BTreeMap<&str, Counted>> = BTreeMap::new();
    for (month, part) in months.iter().filter_map(|(month, part)| Some((month, (*part)?))) {
        for ((name, key), m) in &part.measures {
            if report.disclosure && is_about_people(name, key) {
                continue;
            }
            let about = if key.element.is_empty() { &key.resource } else { &key.element };
            let c = by_field.entry((name, short(&key.profile), about)).or_default().entry(month).or_default();
            c.numerator += m.numerator;
            c.denominator += m.denominator;
        }
    }
    let mut found: Vec<Series> = by_field
        .into_iter()
        .filter(|(_, known)| known.len() >= LEAST)
        .filter_map(|((name, profile, about), known)| {
            let up = definition(name).is_none_or(|d| d.stage != Stage::Falling);
            let points =
                months.iter().map(|(month, _)| point(report, month, known.get(&**month).copied().unwrap_or_default()));
            let title = [about, name, profile].into_iter().filter(|t| !t.is_empty()).collect::<Vec<_>>().join(" · ");
            let series = Series::new(title, points.collect(), Scale::Share, Some(up));
            series.trend().is_change().then_some(series)
        })
        .collect();
    found.sort_by(|a, b| (a.trend(), &a.title).cmp(&(b.trend(), &b.title)));
    all.extend(found);
    all
}

/// The share of a month; none where there are too few to say.
fn point(report: &Report, month: &str, c: Counted) -> Point {
    let value = (c.denominator >= report.smallest.max(1)).then(|| c.numerator as f64 / c.denominator as f64);
    Point { month: month.to_owned(), value, n: c.denominator }
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
        blocks.extend(series.drawn(format!("{id}-xmr{i}"), series.caption()).map(Block::from));
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
         range). Squares are signals of change: a point outside the limits, seven in a row on one side of the mean, seven in a row \
         that rise or fall, two of three near a limit on one side. Circles are ordinary variation and call for no action by \
         themselves. Months are those that were checked; where the line breaks, there is no record, or too few to count (--smallest)."
            .into(),
    ));
    blocks.push(month_table(report, view).into());
    blocks
}

fn say(text: &str) -> Block {
    Block::Text(Weight::Plain, text.into())
}

impl Series {
    /// What to see in its chart: the last value of how many, the mean and the limits.
    fn caption(&self) -> crate::report::gap::outline::Line {
        let mut caption = line![&self.title, ": ", Cell::strong(self.trend().as_str()), "."];
        if let Some((last, value)) = self.last().and_then(|p| Some((p, p.value?))) {
            caption = caption.and(line![" ", &last.month, ": ", self.scale.cell(value)]);
            if self.scale == Scale::Share {
                caption = caption.and(line![" of ", last.n]);
            }
        }
        if let Some(chart) = &self.chart {
            let (low, high) = (self.scale.cell(chart.limits.0), self.scale.cell(chart.limits.1));
            caption = caption.and(line!["; mean ", self.scale.cell(chart.centre), ", limits ", low, " to ", high]);
            if chart.trial {
                caption = caption.and(line![" (trial limits, of ", self.known(), " months)"]);
            }
        }
        caption.and(".")
    }

    fn drawn(&self, id: String, caption: crate::report::gap::outline::Line) -> Option<Chart> {
        let points = self.points.iter().map(|p| (p.month.clone(), p.value)).collect();
        let drawn = Drawn::Control(points, self.chart.clone()?, self.scale);
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
            ("last month", Text),
            ("value", Number),
            ("of", Count),
            ("mean", Number),
            ("lower limit", Number),
            ("upper limit", Number),
            ("variation", Text),
        ],
    );
    for s in all {
        let Some((last, value)) = s.last().and_then(|p| Some((p, p.value?))) else { continue };
        let cell = |v: f64| s.scale.cell(v);
        let (centre, low, high) = match &s.chart {
            Some(c) => (cell(c.centre), cell(c.limits.0), cell(c.limits.1)),
            None => (Cell::Empty, Cell::Empty, Cell::Empty),
        };
        let n = if s.scale == Scale::Share { Cell::Count(last.n) } else { Cell::Empty };
        let (what, month, words) = (Cell::text(&s.title), Cell::text(&last.month), Cell::text(s.trend().as_str()));
        table.row(vec![what, month, cell(value), n, centre, low, high, words]);
    }
    table
}

fn month_table(report: &Report, view: &View) -> Table {
    let columns = [("month", Text), ("messages", Count), ("without an error", Share)];
    let mut table = Table::new("months", "Messages without an error, month by month", &columns);
    for (month, part) in calendar::months(report, view) {
        let (clean, read) = part.map_or((0, 0), |p| (p.counts.clean, p.counts.read));
        table.row(vec![Cell::text(month), Cell::Count(read), Cell::share(clean, read)]);
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
