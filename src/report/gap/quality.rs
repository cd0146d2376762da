//! What a data quality officer looks at: worst fields, delays, volume, months, and what each measure means.

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::charts;
use super::document::is_about_people;
use super::model::{Report, View};
use super::spc::xmr;
use super::table::{Cell, Table};
use super::words::{percent, thousands};
use crate::kitemark::{Counted, Item, dqmi};

/// Fields with the most that is missing or wrong, by count.
pub(super) fn worst_fields(report: &Report, view: &View) -> Table {
    let mut table = Table::new(
        "worst-fields",
        "Fields by how many times they are missing or wrong",
        &["measure", "resource", "element", "profile", "sender", "missing or wrong", "share that holds"],
    )
    .at_most(50);
    let measures = &view.assessment.part.measures;
    let mut rows: Vec<_> = measures.iter().filter(|(_, m)| m.numerator < m.denominator).collect();
    rows.sort_by_key(|(key, m)| (std::cmp::Reverse(m.denominator - m.numerator), (*key).clone()));
    for ((name, key), m) in rows {
        let hide = report.disclosure && is_about_people(name, key);
        let missing = super::document::shown_people(m.denominator - m.numerator, hide);
        table.row(vec![
            Cell::text(name),
            Cell::text(&key.resource),
            Cell::code(&key.element),
            Cell::code(&key.profile),
            Cell::text(&key.sender),
            missing.map_or(Cell::Hidden, Cell::Count),
            Cell::people(Counted { numerator: m.numerator, denominator: m.denominator }, hide),
        ]);
    }
    table
}

/// Indices of one subject, computed from counts when shown and never merged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Indices {
    /// In the shape of the national index, 0 to 100.
    pub(super) dqmi: f64,
    /// Items that it averages.
    pub(super) items: usize,
    /// Months with messages, and months from the first to the last.
    pub(super) coverage: (u64, u64),
    /// Mean of the dimensions that were measured, 0 to 100.
    pub(super) dimensions: f64,
    /// How many of the six were.
    pub(super) measured: usize,
}

/// Indices, where anything was measured. Default values are not told apart from others here, so none is taken off.
pub(super) fn indices(report: &Report, view: &View) -> Option<Indices> {
    let mut items: BTreeMap<(&str, &str, &str), Item> = BTreeMap::new();
    for ((name, key), m) in &view.assessment.part.measures {
        let item = items.entry((name, &key.resource, &key.element)).or_default();
        item.records += m.denominator;
        item.valid += m.numerator;
    }
    let items: Vec<Item> = items.into_values().filter(|i| i.records > 0).collect();
    let months: Vec<i64> = report.months(view).keys().filter_map(|m| month_number(m)).collect();
    let expected = months.iter().max().zip(months.iter().min()).map_or(0, |(last, first)| last - first + 1);
    let coverage = (months.len() as u64, expected.max(0) as u64);
    let index = dqmi(&items, &[coverage])?;
    let shares: Vec<f64> = crate::kitemark::dimensions(&view.assessment.part)
        .into_values()
        .map(|c| c.numerator as f64 / c.denominator as f64)
        .collect();
    let dimensions = 100.0 * shares.iter().sum::<f64>() / shares.len().max(1) as f64;
    Some(Indices { dqmi: index, items: items.len(), coverage, dimensions, measured: shares.len() })
}

fn month_number(month: &str) -> Option<i64> {
    let (year, month) = month.split_once('-')?;
    Some(year.parse::<i64>().ok()? * 12 + month.parse::<i64>().ok()?)
}

/// Indices in words, with their parts.
pub(super) fn indices_shown(report: &Report, view: &View) -> Markup {
    html! {
        @if let Some(i) = indices(report, view) {
            p {
                "Mean of the " (i.measured) " dimensions that were measured: " b { (format!("{:.1}", i.dimensions)) } " of 100. "
                "In the shape of the national Data Quality Maturity Index: " b { (format!("{:.1}", i.dqmi)) } " of 100, from "
                (i.items) " items and " (i.coverage.0) " of " (i.coverage.1) " months. The national index counts other items; the two are not to be compared."
            }
        }
    }
}

/// What the words mean.
pub(super) fn dictionary() -> Table {
    let mut table = Table::new("dictionary", "What the columns mean", &["word", "meaning"]);
    for (word, meaning) in [
        (
            "share",
            "How many did, of how many could have. A resource that cannot hold a field does not count against it.",
        ),
        (
            "95% interval",
            "Wilson score interval: where the true share lies with 95% confidence if the messages were chosen fairly.",
        ),
        ("completeness", "Populated, of those where the profile or a condition expects a value."),
        ("validity", "Valid by the rule, of those populated."),
        ("consistency", "Agreeing, of the pairs that can be compared."),
        ("uniqueness", "One minus doubles, of all on the same key."),
        ("timeliness", "In time, of those where event and message both have a time."),
        ("accuracy", "Right by a reference such as a trace or a code system; not assessed without one."),
        ("waived", "A finding that somebody accepted until a day. It is counted and never raises a level."),
        ("not assessed", "Nothing, or too little, to judge by. It is never counted as passed."),
    ] {
        table.row(vec![Cell::text(word), Cell::text(meaning)]);
    }
    table
}

/// Distributions by name: bucket and count, pooled over keys.
fn pooled(view: &View) -> BTreeMap<&str, BTreeMap<&str, u64>> {
    let mut all: BTreeMap<&str, BTreeMap<&str, u64>> = BTreeMap::new();
    for ((name, _, bucket), n) in &view.assessment.part.tallies {
        *all.entry(name).or_default().entry(bucket).or_default() += n;
    }
    all
}

/// Charts of distributions: volume as a table of hours and weekdays, the others as bars.
pub(super) fn distributions(report: &Report, view: &View, id: &str) -> Markup {
    let all = pooled(view);
    html! {
        @for (i, (name, buckets)) in all.iter().enumerate() {
            @let total: u64 = buckets.values().sum();
            h4 { (sentence(name)) }
            @if *name == "volume" {
                (volume(buckets))
            } @else {
                @let hide = report.disclosure && name.contains("verification");
                @let rows: Vec<(String, u64, String)> = ordered(buckets).into_iter().filter_map(|(b, n)| super::document::shown_people(n, hide).map(|n| (bucket(b), n, String::new()))).collect();
                figure {
                    (charts::bars(&format!("{id}-d{i}"), &sentence(name), &rows, total))
                    figcaption { (thousands(total)) " in all" }
                }
            }
        }
    }
}

/// A bucket in words: `PT4H` is "up to 4 hours".
fn bucket(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let unit = match (text.starts_with('P'), text.contains('T'), text.chars().last()) {
        (true, true, Some('M')) => "minute",
        (true, true, Some('H')) => "hour",
        (true, false, Some('D')) => "day",
        _ => return text.to_string(),
    };
    let plural = if digits == "1" { "" } else { "s" };
    format!("up to {digits} {unit}{plural}")
}

/// Delays in the order of time, others by count.
fn ordered<'b>(buckets: &BTreeMap<&'b str, u64>) -> Vec<(&'b str, u64)> {
    let mut rows: Vec<(&str, u64)> = buckets.iter().map(|(b, n)| (*b, *n)).collect();
    let weight = |b: &str| -> u64 {
        let n: u64 = b.chars().filter(char::is_ascii_digit).collect::<String>().parse().unwrap_or(u64::MAX);
        let unit = match (b.contains('T'), b.chars().last()) {
            (true, Some('M')) => 1,
            (true, Some('H')) => 60,
            (_, Some('D')) => 1440,
            _ => 1 << 20,
        };
        n.saturating_mul(unit)
    };
    if rows.iter().any(|(b, _)| b.starts_with('P')) {
        rows.sort_by_key(|(b, _)| (weight(b), *b));
    } else {
        rows.sort_by_key(|(b, n)| (std::cmp::Reverse(*n), *b));
    }
    rows
}

fn sentence(name: &str) -> String {
    let text = name.replace('-', " ");
    let mut chars = text.chars();
    match chars.next() {
        Some(first) => first.to_uppercase().chain(chars).collect(),
        None => text,
    }
}

/// Hours down, weekdays across: a table whose cells darken with their count.
fn volume(buckets: &BTreeMap<&str, u64>) -> Markup {
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let most = buckets.values().max().copied().unwrap_or(1).max(1);
    let count = |day: usize, hour: usize| buckets.get(format!("{}T{hour:02}", day + 1).as_str()).copied().unwrap_or(0);
    html! {
        table.heat.volume {
            caption { "Messages by weekday and hour of the event" }
            thead { tr { th scope="col" { "Hour" } @for day in days { th scope="col" { (day) } } } }
            tbody {
                @for hour in 0..24 {
                    tr {
                        th scope="row" { (format!("{hour:02}")) }
                        @for day in 0..7 {
                            @let n = count(day, hour);
                            td class={ "q" (n * 4 / most) } { (n) }
                        }
                    }
                }
            }
        }
    }
}

/// The share of messages without an error by month, with limits once there are enough months.
pub(super) fn months(report: &Report, view: &View, id: &str) -> Markup {
    let months = report.months(view);
    let points: Vec<(String, f64)> = months
        .iter()
        .filter(|(_, p)| p.counts.read > 0)
        .map(|(m, p)| (m.clone(), p.counts.clean as f64 / p.counts.read as f64))
        .collect();
    let values: Vec<f64> = points.iter().map(|p| p.1).collect();
    html! {
        @if months.len() == 1 {
            p { "There is one month only; a trend needs more." }
        } @else if months.len() > 1 {
            @if let Some(chart) = xmr(&values) {
                figure {
                    (charts::control(&format!("{id}-xmr"), "Messages without an error, month by month", &points, chart.centre, chart.limits, &chart.signals))
                    figcaption {
                        "XmR chart: the mean and natural limits (mean ± 2.66 × mean moving range). Squares are signals of change; circles are ordinary variation and call for no action by themselves."
                    }
                }
            } @else {
                p { "Fewer than ten months: no limits are drawn, since they would move with each new month." }
            }
            table {
                caption { "Messages without an error, month by month" }
                thead { tr { th scope="col" { "month" } th scope="col" class="n" { "messages" } th scope="col" class="n" { "without an error" } th scope="col" class="n" { "share" } } }
                tbody {
                    @for (month, part) in &months {
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
}
