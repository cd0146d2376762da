//! A generated year of three partners: every planted fault is found by what is measured, and nothing else is.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

mod maker;
mod run;

use std::collections::{BTreeMap, BTreeSet};
use std::sync::LazyLock;

use hallmark::finding::Severity;
use hallmark::kitemark::{Attestations, CriteriaSet};
use hallmark::record::{Part, Record, add_part, derive, merge};
use hallmark::report::gap::{Audience, Report, ReportFormat, ReportInput, render};
use hallmark::settings::Date;
use hallmark::tally::RunOutcome;
use maker::{Fault, PARTNERS, Year, year};
use run::Station;

/// The year, checked month by month.
struct Checked {
    year: Year,
    months: Vec<(RunOutcome, Record)>,
}

static CHECKED: LazyLock<Checked> = LazyLock::new(|| {
    let (year, station) = (year(), Station::new());
    let months = year.months.iter().map(|m| station.check(m)).collect();
    Checked { year, months }
});

/// One month of one partner, or many, pooled and with what only pooled counts show.
fn pooled(chosen: impl Fn(usize, u32) -> bool) -> Part {
    let mut part = Part::default();
    for (month, (_, record)) in CHECKED.year.months.iter().zip(&CHECKED.months) {
        if chosen(month.partner, month.month) {
            record.parts.values().for_each(|p| add_part(&mut part, p.clone()));
        }
    }
    derive(&mut part);
    part
}

/// How many fall short of a measure, over all its keys, and of how many.
fn short(part: &Part, name: &str, element: &str) -> (u64, u64) {
    let rows = part.measures.iter().filter(|((n, key), _)| n == name && (element.is_empty() || key.element == element));
    rows.fold((0, 0), |(short, all), (_, m)| (short + m.denominator - m.numerator, all + m.denominator))
}

fn tally(part: &Part, name: &str, buckets: &[&str]) -> u64 {
    part.tallies.iter().filter(|((n, _, b), _)| n == name && buckets.contains(&b.as_str())).map(|(_, n)| n).sum()
}

/// What a fault shows in, as counted in one month of one partner.
fn counted(fault: Fault, part: &Part) -> Option<u64> {
    Some(match fault {
        Fault::NoTelecom => short(part, "populated-optional", "Patient.telecom").0,
        Fault::Late => short(part, "event-to-message-in-a-day", "").0,
        Fault::TextOnly => tally(part, "coding", &["text-only"]),
        Fault::LocalCode => tally(part, "coding", &["other-system"]),
        Fault::CheckDigit => short(part, "nhs-number-valid", "").0,
        Fault::NotTraced => short(part, "nhs-number-verified", "").0,
        Fault::CutOff => part.counts.failed,
        Fault::MonthMissing => u64::from(part.counts.given == 0),
        Fault::OtherSender => part.by_rule.get("HM0827").map_or(0, |r| r.findings),
        _ => return None,
    })
}

#[test]
fn the_year_is_the_same_each_time_and_small() {
    let (one, other) = (year(), year());
    assert!(one.months.iter().zip(&other.months).all(|(a, b)| a.ndjson() == b.ndjson()));
    assert_eq!(one.months.len(), 36);
    assert!((300..600).contains(&one.messages()), "{}", one.messages());
}

#[test]
fn a_year_without_faults_has_no_finding_to_mend() {
    let station = Station::new();
    let mut lines = Vec::new();
    for month in maker::clean_year().months {
        let (outcome, _) = station.check(&month);
        for f in outcome.findings.iter().filter(|f| f.severity < Severity::Information) {
            lines.push(format!("{} {} {} {} {}", month.period, f.meta.id, f.meta.name, f.path, f.says));
        }
    }
    assert!(lines.is_empty(), "{} findings:\n{}", lines.len(), lines[..lines.len().min(30)].join("\n"));
}

#[test]
fn what_a_month_shows_is_what_was_planted_in_it() {
    const FAULTS: [Fault; 9] = [
        Fault::NoTelecom,
        Fault::Late,
        Fault::TextOnly,
        Fault::LocalCode,
        Fault::CheckDigit,
        Fault::NotTraced,
        Fault::CutOff,
        Fault::MonthMissing,
        Fault::OtherSender,
    ];
    let mut wrong = Vec::new();
    for (partner, who) in PARTNERS.iter().enumerate() {
        for month in 1..=12 {
            let part = pooled(|p, m| (p, m) == (partner, month));
            for fault in FAULTS {
                let (found, planted) = (counted(fault, &part).unwrap(), CHECKED.year.count(fault, partner, month));
                if found != planted {
                    wrong.push(format!("{} {month}: {fault:?} planted {planted}, found {found}", who.ods));
                }
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn what_only_the_whole_year_shows_is_what_was_planted() {
    // Each pair stands in one partner; a double of one month lies in the next.
    const SHOWN: [(Fault, &str); 8] = [
        (Fault::PayloadTwice, "payload-unique"),
        (Fault::OtherName, "patient-family-name-consistent"),
        (Fault::OtherBirthDate, "patient-birth-date-consistent"),
        (Fault::OtherSex, "patient-sex-consistent"),
        (Fault::TwoNumbers, "person-nhs-number-consistent"),
        (Fault::NumberMoved, "local-number-consistent"),
        (Fault::FactsChanged, "resource-code-consistent"),
        (Fault::StatusContradicted, "resource-status-consistent"),
    ];
    let mut wrong = Vec::new();
    for (partner, who) in PARTNERS.iter().enumerate() {
        let part = pooled(|p, _| p == partner);
        for (fault, measure) in SHOWN {
            let planted: u64 = (1..=12).map(|m| CHECKED.year.count(fault, partner, m)).sum();
            let (found, of) = short(&part, measure, "");
            if found != planted || of < 20 {
                wrong.push(format!("{}: {fault:?} planted {planted}, found {found} of {of}", who.ods));
            }
        }
        for quiet in ["patient-unique", "resource-unique", "resource-subject-consistent"] {
            let (found, of) = short(&part, quiet, "");
            if found > 0 || of < 20 {
                wrong.push(format!("{}: {quiet} {found} of {of}", who.ods));
            }
        }
    }
    // Saltwick sends at nine on each working day but two.
    let silent = pooled(|p, _| p == 2).measures[&("available-minutes".to_owned(), Default::default())];
    let days = CHECKED.year.total(Fault::DayMissing);
    assert_eq!(silent.denominator - silent.numerator, days * 60 + 60 * CHECKED.year.total(Fault::CutOff));
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn senders_months_and_receipts_are_told_apart() {
    let part = pooled(|p, m| (p, m) == (0, 2));
    let by_sender = |sender: &str| -> u64 {
        let rows = part.measures.iter().filter(|((n, k), _)| n == "nhs-number-valid" && k.sender == sender);
        rows.map(|(_, m)| m.denominator).sum()
    };
    let messages = CHECKED.year.months.iter().find(|m| (m.partner, m.month) == (0, 2)).unwrap().sent.len() as u64;
    assert_eq!((by_sender(PARTNERS[0].ods), by_sender(PARTNERS[1].ods)), (messages - 1, 1));
    assert!(part.measures.keys().all(|(_, k)| k.period == "2026-02" || k.period.is_empty()));
    // All came in two minutes after they were sent.
    assert_eq!(tally(&part, "message-to-receipt", &["PT5M"]), messages);
    assert_eq!(tally(&part, "event-to-message", &["PT1H"]), messages);
}

#[test]
fn shards_in_any_order_merge_to_the_whole_month() {
    let station = Station::new();
    let mut whole: BTreeMap<bool, Vec<String>> = BTreeMap::new();
    for month in CHECKED.year.months.iter().filter(|m| (m.month == 3 || m.month == 8) && !m.sent.is_empty()) {
        let (_, record) = station.check(month);
        let cuts = [|i: usize| i.is_multiple_of(2), |i: usize| !i.is_multiple_of(2)];
        let mut shards: Vec<Record> = cuts.iter().map(|cut| station.check_some(month, cut).1).collect();
        shards.reverse();
        let ids: Vec<String> = shards.iter().flat_map(|r| r.parts.values()).flat_map(|p| p.shards.clone()).collect();
        assert_ne!(ids[0], ids[1]);
        let merged = merge(shards.clone()).unwrap();
        assert!(merge([merged.clone(), shards.remove(0)]).is_err(), "a shard was taken twice");
        for (is_whole, record) in [(true, record), (false, merged)] {
            whole.entry(is_whole).or_default().push(comparable(record));
        }
    }
    assert_eq!(whole[&true].len(), 6);
    assert!(whole[&true] == whole[&false]);
}

/// A record as text, without what says how a feed was cut: ids of shards, numbers of sources and lines.
fn comparable(mut record: Record) -> String {
    for part in record.parts.values_mut() {
        part.shards = ["one".to_owned()].into();
        part.counts.sources = 0;
        part.findings.values_mut().for_each(|f| f.examples.clear());
    }
    let mut bytes = Vec::new();
    record.write(&mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

fn report(audience: Audience, disclosure: bool) -> Report {
    let input = ReportInput {
        records: CHECKED.months.iter().map(|(_, r)| r.clone()).collect(),
        set: CriteriaSet::embedded("stp-2019").unwrap(),
        attestations: Attestations::default(),
        previous: None,
        audience,
        version: "0.0.0-test".into(),
        today: Date::parse("2027-01-15").unwrap(),
        disclosure,
        // Some partners of the year send once a week.
        smallest: 1,
        materials: Vec::new(),
        names: BTreeMap::new(),
        decided: None,
    };
    Report::new(input).unwrap()
}

fn rendered(report: &Report, format: ReportFormat) -> String {
    let mut bytes = Vec::new();
    render(report, format, &mut bytes).unwrap();
    String::from_utf8(bytes).unwrap()
}

/// What stands between the heading of one partner and the next.
fn of_partner(page: &str, partner: usize) -> &str {
    let at = |n: usize| page.find(&format!("id=\"subject-{n}\"")).unwrap_or(page.len());
    &page[at(partner + 1)..at(partner + 2)]
}

#[test]
fn a_data_quality_officer_sees_what_was_planted() {
    let page = rendered(&report(Audience::DqOfficer, false), ReportFormat::Html);
    for (partner, facts) in [
        (
            0,
            vec![
                "NHS numbers seen with several birth dates</th><td class=\"n\">1<",
                "payloads sent again, byte for byte</th><td class=\"n\">2<",
                "sender-not-partner",
                "Y9N2B",
            ],
        ),
        (
            1,
            vec![
                "Patient.telecom · populated-optional · CareConnect-Patient-1",
                "change for the worse",
                "11 of 12 months",
                "text only",
            ],
        ),
        (2, vec!["present but not traced (02)", "253 of 258"]),
    ] {
        let part = of_partner(&page, partner);
        let missing: Vec<_> = facts.into_iter().filter(|f| !part.contains(f)).collect();
        assert!(missing.is_empty(), "{}: {missing:?}", PARTNERS[partner].ods);
    }
    // Nobody else's contact details fall.
    assert!(!of_partner(&page, 0).contains("change for the worse"));
}

#[test]
fn partners_that_disagree_about_a_patient_are_seen_together() {
    let together = pooled(|_, _| true);
    let own: u64 =
        (0..3).map(|p| short(&pooled(|partner, _| partner == p), "patient-birth-date-consistent", "").0).sum();
    let (all, _) = short(&together, "patient-birth-date-consistent", "");
    assert_eq!(
        (own, all),
        (CHECKED.year.total(Fault::OtherBirthDate), own + CHECKED.year.total(Fault::PartnersDisagree))
    );
    let page = rendered(&report(Audience::DqOfficer, false), ReportFormat::Html);
    let row = "NHS numbers seen with several birth dates</th><td class=\"n\">2</td><td class=\"n\">1</td>";
    assert!(page.contains(row));
}

#[test]
fn measures_of_criteria_and_records_are_those_that_are_defined() {
    use hallmark::tally::{DERIVED, SHARES, TALLIES};
    let mut used = BTreeSet::new();
    for name in ["stp-2019", "minimum-exchange"] {
        for expression in CriteriaSet::embedded(name).unwrap().criteria.iter().flat_map(|c| &c.expressions) {
            for (word, known) in [("measure(", true), ("within(", false)] {
                for (at, _) in expression.match_indices(word) {
                    let rest = &expression[at + word.len()..];
                    let measure = rest[..rest.find([',', ')']).unwrap()].trim().to_owned();
                    let is = match known {
                        true => SHARES.iter().chain(DERIVED).any(|d| d.name == measure),
                        false => TALLIES.iter().any(|d| d.name == measure),
                    };
                    assert!(is, "{name} reads {measure}, which nobody counts");
                    used.insert(measure);
                }
            }
        }
    }
    assert!(used.len() > 15, "{used:?}");
    let part = pooled(|_, _| true);
    for (name, _) in part.measures.keys() {
        assert!(SHARES.iter().chain(DERIVED).any(|d| d.name == name), "{name} is counted and not defined");
    }
    for (name, ..) in part.tallies.keys() {
        assert!(TALLIES.iter().any(|d| d.name == name), "{name} is counted and not defined");
    }
}

#[test]
fn what_is_passed_on_hides_small_numbers_about_people() {
    let text = rendered(&report(Audience::DqOfficer, true), ReportFormat::Json);
    let value: serde_json::Value = serde_json::from_str(&text).unwrap();
    let (mut hidden, mut shown) = (0, 0);
    for m in value["measures"].as_array().unwrap().iter().filter(|m| m["resource"] == "Patient") {
        match (m["numerator"].as_u64(), m["denominator"].as_u64()) {
            (Some(n), Some(d)) => {
                shown += 1;
                assert!(n % 5 == 0 && d % 5 == 0, "{m}");
            }
            _ => hidden += 1,
        }
    }
    assert!(hidden > 100 && shown > 100, "{hidden} hidden, {shown} shown");
    // Two patients of Alderbeck have a wrong check digit: neither that nor what it could be had from is shown.
    let page = rendered(&report(Audience::DqOfficer, true), ReportFormat::Html);
    let wrong = "nhs-number-valid</td><td>validity</td><td class=\"n\">";
    let at = |page: &str| page.find(wrong).map(|i| page[i + wrong.len()..].starts_with('2'));
    let open = rendered(&report(Audience::DqOfficer, false), ReportFormat::Html);
    assert_eq!(at(of_partner(&open, 1)), Some(true));
    assert_eq!(at(of_partner(&page, 1)), Some(false));
}
