//! What a data quality officer looks at: dimensions, worst fields, trends, delays, volume, doubles, and what all of it
//! means.

mod beside;
mod calendar;
mod fields;
mod notes;
mod timing;
mod trend;

use std::collections::BTreeMap;

use super::criteria::criteria;
use super::findings::{by_place, counts, not_assessed, pareto, profiles, shadow_rules};
use super::subject::{dimension_chart, evidence_mix, in_words, scope};
use super::{evidence, measures};
use crate::kitemark::{Counted, Item, dimensions, dqmi};
use crate::report::gap::disclosure;
use crate::report::gap::model::{Report, View};
use crate::report::gap::outline::{Block, Cell, Chart, Drawn, Section, Weight, line};
use crate::report::gap::words::people;
use crate::text::agrees;
use trend::Trend;
pub(super) use trend::months;

pub(super) use fields::across;
pub(in crate::report::gap) use timing::{Bounds, Delays, delays, distributions as all_delays};

/// A count, about people where it must be hidden.
fn people_cell(n: u64, hide: bool) -> Cell {
    people(n, hide).map_or(Cell::Hidden, Cell::Count)
}

/// Everything about one subject for a data quality officer, the most telling first.
pub(super) fn for_officer(section: Section, report: &Report, view: &View, id: &str) -> Section {
    let part = |name: &str, title: &str| Section::new(format!("{id}-{name}"), title);
    let doubles = fields::doubles(report, view);
    let no_key = doubles.is_empty().then(|| {
        Block::Text(
            Weight::Plain,
            "Not assessed: records were made without a key of pseudonyms (--hmac-key-file).".into(),
        )
    });
    section
        .with_all(calendar::outages(&calendar::months(report, view)).said())
        .with(summary(report, view))
        .inside(part("now", "This month and last").with_all(beside::beside(report, view)))
        .inside(part("scope", "Scope").with(scope(report, view)))
        .inside(
            part("dimensions", "Dimensions")
                .with_all(dimension_chart(view, id))
                .with(fields::dimensions(view))
                .with_all(indices_shown(report, view)),
        )
        .inside(part("worst", "Worst fields").with(fields::worst(report, view)))
        .inside(part("notes", "Notes").with(notes::notes(report, view)))
        .inside(part("rules", "Rules by messages affected").with_all(pareto(view, id)))
        .inside(part("months", "Month by month").with_all(trend::shown(report, view, id)))
        .inside(
            part("profiles", "Profiles")
                .with(fields::completeness(view))
                .with_all(fields::elements(report, view))
                .with(profiles(view)),
        )
        .inside(part("doubles", "Doubles and contradictions").with_all(no_key).with(doubles))
        .inside(timing::section(part("delays", "Delays"), view, id))
        .inside(part("volume", "Volume").with_all(timing::volume(view)))
        .inside(distributions(part("coding", "Coding and verification"), report, view, id))
        .inside(part("senders", "Senders").with(fields::senders(view)))
        .inside(part("places", "Where").with(by_place(report, view)))
        .inside(part("shadow", "Shown, not counted").with(fields::shadow(report, view)).with(shadow_rules(view)))
        .inside(part("measures", "Every measure").with(measures::measures(report, view)))
        .inside(part("unchecked", "What was not checked").with(not_assessed(view)).with(counts(view)))
        .inside(part("criteria", "Criteria").with(evidence_mix(view, id)).with(criteria(report, view)))
        .inside(evidence::offered(part("server", "What the server offers"), report, view))
        .inside(part("dictionary", "Dictionary").with(notes::dictionary()))
}

/// How the feed stands, and what the last month changed.
fn summary(report: &Report, view: &View) -> Block {
    let c = &view.assessment.part.counts;
    let clean = in_words(Counted { numerator: c.clean, denominator: c.read });
    let mut blocks = vec![
        Block::Text(Weight::Lead, line![Cell::strong(clean), " messages have no error."]),
        Block::Text(
            Weight::Plain,
            line![
                Cell::Counted(c.given, "payload"),
                agrees(c.given, " was given, ", " were given, "),
                c.failed,
                agrees(c.failed, " was", " were"),
                " not well formed and ",
                c.skipped,
                agrees(c.skipped, " was", " were"),
                " skipped."
            ],
        ),
    ];
    let all = trend::series(report, view);
    let with = |trend: Trend| all.iter().filter(|s| s.trend() == trend).count() as u64;
    let (worse, better) = (with(Trend::Worse), with(Trend::Better));
    if worse + better > 0 {
        let mut line = line![
            Cell::Counted(worse, "measure"),
            " changed for the worse and ",
            better,
            " for the better in the last month."
        ];
        if let Some(first) = all.iter().find(|s| s.trend() == Trend::Worse) {
            line = line.and(" First: ").and(&first.title).and(".");
        }
        blocks.push(Block::Text(Weight::Plain, line));
    }
    Block::Box(blocks)
}

/// Indices of one subject, computed from counts when shown and never merged.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(in crate::report::gap) struct Indices {
    /// In the shape of the national index, 0 to 100.
    pub(in crate::report::gap) dqmi: f64,
    /// Items that it averages.
    pub(in crate::report::gap) items: usize,
    /// Months with messages, and months from the first to the last.
    pub(in crate::report::gap) coverage: (u64, u64),
    /// Mean of the dimensions that were measured, 0 to 100.
    pub(in crate::report::gap) dimensions: f64,
    /// How many of the six were.
    pub(in crate::report::gap) measured: usize,
}

/// Indices, where anything was measured. Default values are not told apart from others here, so none is taken off.
pub(in crate::report::gap) fn indices(report: &Report, view: &View) -> Option<Indices> {
    let mut items: BTreeMap<(&str, &str, &str), Item> = BTreeMap::new();
    let measures = &view.assessment.part.measures;
    for ((name, key), m) in measures.iter().filter(|((name, _), _)| crate::tally::counts(name)) {
        let item = items.entry((name, &key.resource, &key.element)).or_default();
        item.records += m.denominator;
        item.valid += m.numerator;
    }
    let items: Vec<Item> = items.into_values().filter(|i| i.records > 0).collect();
    let months = report.months(view);
    let sent = months.iter().filter(|(_, p)| p.counts.read > 0).count() as u64;
    let numbers: Vec<i64> = months.keys().filter_map(|m| month_number(m)).collect();
    let expected = numbers.iter().max().zip(numbers.iter().min()).map_or(0, |(last, first)| last - first + 1);
    let coverage = (sent, expected.max(0) as u64);
    let index = dqmi(&items, &[coverage])?;
    let shares: Vec<f64> =
        dimensions(&view.assessment.part).into_values().map(|c| c.numerator as f64 / c.denominator as f64).collect();
    let dimensions = 100.0 * shares.iter().sum::<f64>() / shares.len().max(1) as f64;
    Some(Indices { dqmi: index, items: items.len(), coverage, dimensions, measured: shares.len() })
}

fn month_number(month: &str) -> Option<i64> {
    let (year, month) = month.split_once('-')?;
    Some(year.parse::<i64>().ok()? * 12 + month.parse::<i64>().ok()?)
}

/// Indices in words, with their parts.
pub(super) fn indices_shown(report: &Report, view: &View) -> Option<Block> {
    let i = indices(report, view)?;
    Some(Block::Text(
        Weight::Plain,
        line![
            "Mean of the ",
            Cell::Counted(i.measured as u64, "dimension"),
            agrees(i.measured as u64, " that was measured: ", " that were measured: "),
            Cell::strong(Cell::Number(i.dimensions)),
            " of 100. In the shape of the national Data Quality Maturity Index: ",
            Cell::strong(Cell::Number(i.dqmi)),
            " of 100, from ",
            Cell::Counted(i.items as u64, "item"),
            " and ",
            i.coverage.0,
            " of ",
            Cell::Counted(i.coverage.1, "month"),
            ". The national index counts other items; the two are not to be compared."
        ],
    ))
}

/// Distributions that are neither delays nor volume, as bars.
fn distributions(mut section: Section, report: &Report, view: &View, id: &str) -> Section {
    const NAMES: [(&str, &str, bool); 2] = [
        ("coding", "How clinical elements are coded", false),
        ("verification-status", "Verification status of NHS numbers", true),
    ];
    for (name, title, people) in NAMES {
        let hide = report.disclosure && people;
        let rows = bars(view, name, hide);
        let total: u64 = rows.iter().map(|r| r.1).sum();
        let inner = Section::new(format!("{id}-{name}-bars"), title);
        section = section.inside(if rows.is_empty() {
            inner.say("Nothing to count.")
        } else {
            let caption = line![total, " in all", if hide { ", as far as they may be shown" } else { "" }];
            let drawn = Drawn::Bars(rows, total);
            inner.with(Chart { id: format!("{id}-{name}"), title: title.into(), caption, drawn })
        });
    }
    section
}

/// Buckets by count; those that must be hidden are left out, and so is one more where one alone would be.
fn bars(view: &View, name: &str, hide: bool) -> Vec<(String, u64)> {
    let mut buckets: BTreeMap<&str, u64> = BTreeMap::new();
    for ((n, _, bucket), count) in &view.assessment.part.tallies {
        if n == name {
            *buckets.entry(bucket).or_default() += count;
        }
    }
    let mut rows: Vec<(&str, u64)> = buckets.into_iter().collect();
    rows.sort_by_key(|(b, n)| (std::cmp::Reverse(*n), *b));
    let values: Vec<u64> = rows.iter().map(|r| r.1).collect();
    let shown = if hide { disclosure::counts(&values) } else { values.into_iter().map(Some).collect() };
    let rows = rows.into_iter().zip(shown);
    rows.filter_map(|((bucket, _), n)| Some((words(bucket), n?))).collect()
}

/// A bucket in words; verification statuses as NHS England names them, the number beside.
fn words(bucket: &str) -> String {
    match bucket {
        "01" => "present and verified (01)".into(),
        "02" => "present but not traced (02)".into(),
        "03" => "trace required (03)".into(),
        "04" => "trace found none or several (04)".into(),
        "05" => "trace to be resolved (05)".into(),
        "06" => "trace in progress (06)".into(),
        "07" => "absent, trace not required (07)".into(),
        "08" => "trace postponed (08)".into(),
        "snomed" => "SNOMED CT".into(),
        other => other.replace('-', " "),
    }
}
