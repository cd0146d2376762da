//! What a data quality officer looks at: dimensions, worst fields, trends, delays, volume, doubles, and what all of it
//! means.

mod fields;
mod notes;
mod timing;
mod trend;

use std::collections::BTreeMap;

use maud::{Markup, html};

use super::model::{Report, View};
use super::sections;
use super::table::{Cell, Table};
use super::words::{counted, people, thousands};
use super::{charts, disclosure, document};
use crate::kitemark::{Counted, Item, dqmi};

pub(super) use fields::across;
pub(super) use notes::dictionary;
pub(super) use timing::{Bounds, Delays, delays, distributions as all_delays};
pub(super) use trend::months;

/// A count, about people where it must be hidden.
fn people_cell(n: u64, hide: bool) -> Cell {
    people(n, hide).map_or(Cell::Hidden, Cell::Count)
}

/// The tables of one subject for a data quality officer, the most telling first.
pub(super) fn tables(report: &Report, view: &View) -> Vec<Table> {
    let mut tables = vec![
        fields::dimensions(view),
        fields::worst(report, view),
        notes::notes(report, view),
        document::by_rule(view),
        fields::completeness(view),
        trend::table_of(&trend::series(report, view)),
        fields::doubles(report, view),
        fields::senders(view),
    ];
    tables.extend(timing::tables(view));
    tables.extend([
        document::profiles(view),
        fields::shadow(report, view),
        document::shadow_rules(view),
        document::measures(report, view),
        document::by_place(report, view),
        document::counts(view),
        document::not_assessed(view),
        document::criteria(report, view),
    ]);
    tables
}

/// All sections of one subject for a data quality officer. Headings start at level 3.
pub(super) fn officer(report: &Report, view: &View, id: &str) -> Markup {
    let c = &view.assessment.part.counts;
    let clean = Counted { numerator: c.clean, denominator: c.read };
    html! {
        div.box {
            p.lead { b { (fields::in_words(clean)) } " messages have no error." }
            p { (thousands(c.given)) " payloads were given, " (thousands(c.failed)) " were not well formed and " (thousands(c.skipped)) " were skipped." }
            (changes(report, view))
        }
        h3 { "Scope" } (sections::scope(view))
        h3 { "Dimensions" } (sections::dimension_chart(view, id)) (sections::table(&fields::dimensions(view))) (indices_shown(report, view))
        h3 { "Worst fields" } (sections::table(&fields::worst(report, view)))
        h3 { "Notes" } (sections::table(&notes::notes(report, view)))
        h3 { "Rules by messages affected" } (sections::pareto(view, id))
        h3 { "Month by month" } (trend::shown(report, view, id))
        h3 { "Profiles" } (sections::table(&fields::completeness(view))) (fields::elements(report, view)) (sections::table(&document::profiles(view)))
        h3 { "Doubles and contradictions" } (doubles(report, view))
        h3 { "Delays" } (timing::shown(view, id))
        h3 { "Volume" } (timing::volume(view))
        h3 { "Coding and verification" } (distributions(report, view, id))
        h3 { "Senders" } (sections::table(&fields::senders(view)))
        h3 { "Where" } (sections::table(&document::by_place(report, view)))
        h3 { "Shown, not counted" } (sections::table(&fields::shadow(report, view))) (sections::table(&document::shadow_rules(view)))
        h3 { "Every measure" } (sections::table(&document::measures(report, view)))
        h3 { "What was not checked" } (sections::table(&document::not_assessed(view))) (sections::table(&document::counts(view)))
        h3 { "Criteria" } (sections::evidence_mix(view, id)) (sections::table(&document::criteria(report, view)))
        h3 { "Dictionary" } (sections::table(&dictionary()))
    }
}

/// What the last month changed, in one sentence.
fn changes(report: &Report, view: &View) -> Markup {
    let all = trend::series(report, view);
    let with = |verdict: &str| all.iter().filter(|s| s.verdict() == verdict).count();
    let (worse, better) = (with("change for the worse"), with("change for the better"));
    html! {
        @if worse + better > 0 {
            p {
                (counted(worse as u64, "measure")) " changed for the worse and " (thousands(better as u64)) " for the better in the last month."
                @if let Some(first) = all.iter().find(|s| s.verdict() == "change for the worse") { " First: " (first.title) "." }
            }
        }
    }
}

fn doubles(report: &Report, view: &View) -> Markup {
    let table = fields::doubles(report, view);
    html! {
        @if table.is_empty() {
            p { "Not assessed: records were made without a key of pseudonyms (--hmac-key-file)." }
        }
        (sections::table(&table))
    }
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

/// Distributions that are neither delays nor volume, as bars.
fn distributions(report: &Report, view: &View, id: &str) -> Markup {
    const NAMES: [(&str, &str, bool); 2] = [
        ("coding", "How clinical elements are coded", false),
        ("verification-status", "Verification status of NHS numbers", true),
    ];
    html! {
        @for (name, title, people) in NAMES {
            @let rows = bars(view, name, report.disclosure && people);
            @let total: u64 = rows.iter().map(|r| r.1).sum();
            h4 { (title) }
            @if rows.is_empty() { p { "Nothing to count." } } @else {
                figure {
                    (charts::bars(&format!("{id}-{name}"), title, &rows, total))
                    figcaption { (thousands(total)) " in all" @if report.disclosure && people { ", as far as they may be shown" } }
                }
            }
        }
    }
}

/// Buckets by count; those that must be hidden are left out, and so is one more where one alone would be.
fn bars(view: &View, name: &str, hide: bool) -> Vec<(String, u64, String)> {
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
    rows.filter_map(|((bucket, _), n)| Some((words(bucket), n?, String::new()))).collect()
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
