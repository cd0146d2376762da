//! A generated year of three partners: every planted fault is found by what is measured, and nothing else is.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

mod maker;
mod run;

use maker::year;
use run::Station;

#[test]
fn the_year_is_the_same_each_time_and_small() {
    let (one, other) = (year(), year());
    assert!(one.months.iter().zip(&other.months).all(|(a, b)| a.ndjson() == b.ndjson()));
    assert_eq!(one.months.len(), 36);
    assert!((300..600).contains(&one.messages()), "{}", one.messages());
}

#[test]
fn a_year_without_faults_has_no_error() {
    let station = Station::new();
    let mut lines = Vec::new();
    for month in maker::clean_year().months {
        let (outcome, _) = station.check(&month);
        for f in outcome.findings.iter().filter(|f| f.severity < hallmark::finding::Severity::Information) {
            lines.push(format!("{} {} {} {} {}", month.period, f.meta.id, f.meta.name, f.path, f.says));
        }
    }
    lines.sort();
    lines.dedup();
    assert!(lines.is_empty(), "{} findings:\n{}", lines.len(), lines[..lines.len().min(30)].join("\n"));
}
