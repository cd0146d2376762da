//! Month by month: XmR charts with the rules of "making data count" instead of red, amber and green.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::fields::short;
use crate::kitemark::Counted;
use crate::report::gap::charts::{self, Scale};
use crate::report::gap::document::is_about_people;
use crate::report::gap::model::{Report, View};
use crate::report::gap::sections;
use crate::report::gap::spc::{LEAST, Variation, Xmr, xmr};
use crate::report::gap::table::{Cell, Table};
use crate::report::gap::words::{percent, thousands};
use crate::tally::{Stage, definition};

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

    /// The variation of the last month in the words of "making data count".
    pub(super) fn verdict(&self) -> &'static str {
        match (self.variation(), self.up) {
            (None, _) => "too few months",
            (Some(Variation::Common), _) => "ordinary variation",
            (Some(Variation::High), Some(true)) | (Some(Variation::Low), Some(false)) => "change for the better",
            (Some(Variation::High), Some(false)) | (Some(Variation::Low), Some(true)) => "change for the worse",
            (Some(Variation::High), None) => "change: more",
            (Some(Variation::Low), None) => "change: less",
        }
    }

    fn worry(&self) -> u8 {
        match self.verdict() {
            "change for the worse" => 0,
            "change: less" | "change: more" => 1,
            "change for the better" => 2,
            _ => 3,
        }
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
            (series.worry() < 3).then_some(series)
        })
        .collect();
    found.sort_by(|a, b| (a.worry(), &a.title).cmp(&(b.worry(), &b.title)));
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

/// Charts with their verdicts.
pub(super) fn shown(report: &Report, view: &View, id: &str) -> Markup {
    let all = series(report, view);
    html! {
        @if report.months(view).len() == 1 {
            p { "There is one month only; a trend needs more." }
        } @else {
            @if report.months(view).len() < LEAST {
                p { "Fewer than " (LEAST) " months: no limits are drawn, since they would move with each new month." }
            }
            (sections::table(&table_of(&all)))
            @for (i, series) in all.iter().take(CHARTS).enumerate() {
                @if let Some(chart) = &series.chart {
                    figure {
                        (charts::control(&format!("{id}-xmr{i}"), &series.title, &series.points, chart.centre, chart.limits, &chart.signals, series.scale))
                        figcaption { (series.title) ": " b { (series.verdict()) } "." }
                    }
                }
            }
            @if all.len() > CHARTS { p.note { (all.len() - CHARTS) " more measures changed; the table lists them." } }
            p.note {
                "XmR charts: the line in the middle is the mean, the broken lines are natural limits (mean ± 2.66 × mean moving range). "
                "Squares are signals of change: a point outside the limits, seven on one side of the mean, six rising or falling, two of three near a limit. "
                "Circles are ordinary variation and call for no action by themselves."
            }
            (month_table(report, view))
        }
    }
}

/// Every series with its mean, limits and verdict.
pub(super) fn table_of(all: &[Series]) -> Table {
    let mut table = Table::new(
        "trends",
        "What changed: the last month against its own past",
        &["what", "last month", "mean", "lower limit", "upper limit", "variation"],
    );
    for s in all {
        let Some((_, last)) = s.points.last() else { continue };
        let word = |v: f64| Cell::text(s.scale.text(v));
        let (centre, low, high) = match &s.chart {
            Some(c) => (word(c.centre), word(c.limits.0), word(c.limits.1)),
            None => (Cell::Empty, Cell::Empty, Cell::Empty),
        };
        table.row(vec![Cell::text(&s.title), word(*last), centre, low, high, Cell::text(s.verdict())]);
    }
    table
}

fn month_table(report: &Report, view: &View) -> Markup {
    html! {
        table {
            caption { "Messages without an error, month by month" }
            thead { tr { th scope="col" { "month" } th scope="col" class="n" { "messages" } th scope="col" class="n" { "without an error" } th scope="col" class="n" { "share" } } }
            tbody {
                @for (month, part) in &report.months(view) {
                    tr {
                        th scope="row" { (month) }
                        td.n { (thousands(part.counts.read)) }
                        td.n { (thousands(part.counts.clean)) }
                        td.n { (percent(Counted { numerator: part.counts.clean, denominator: part.counts.read })) }
                    }
                }
            }
        }
    }
}

/// The share of messages without an error by month, with limits once there are enough months.
pub(in crate::report::gap) fn months(report: &Report, view: &View, id: &str) -> Markup {
    let months = report.months(view);
    let clean = series(report, view).into_iter().next();
    html! {
        @if months.len() == 1 {
            p { "There is one month only; a trend needs more." }
        } @else if months.len() > 1 {
            @if let Some((series, chart)) = clean.as_ref().and_then(|s| Some((s, s.chart.as_ref()?))) {
                figure {
                    (charts::control(&format!("{id}-xmr"), "Messages without an error, month by month", &series.points, chart.centre, chart.limits, &chart.signals, series.scale))
                    figcaption {
                        "XmR chart: the mean and natural limits (mean ± 2.66 × mean moving range). Squares are signals of change; circles are ordinary variation and call for no action by themselves."
                    }
                }
            } @else {
                p { "Fewer than ten months: no limits are drawn, since they would move with each new month." }
            }
            (month_table(report, view))
        }
    }
}
