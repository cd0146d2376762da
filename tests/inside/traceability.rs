//! The table of requirements, rules and criteria: no orphan on either side.
#![allow(clippy::unwrap_used, clippy::panic, reason = "functions that tests share")]

use std::collections::{BTreeMap, BTreeSet};

use hallmark::engine::registry;
use hallmark::kitemark::{CriteriaSet, EvidenceKind};
use hallmark::rules;

const PATH: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/traceability.tsv");

/// One row: requirement, rule, criterion, how, why.
type Row = [String; 5];

fn rows() -> Vec<Row> {
    let text = std::fs::read_to_string(PATH).unwrap();
    let mut lines = text.lines();
    assert_eq!(lines.next(), Some("requirement\trule\tcriterion\thow\twhy"));
    let row = |line: &str| {
        let cells: Vec<String> = line.split('\t').map(str::to_owned).collect();
        Row::try_from(cells).unwrap_or_else(|cells| panic!("{} cells: {line}", cells.len()))
    };
    lines.map(row).collect()
}

fn dash(text: &str) -> String {
    if text.is_empty() { "-".into() } else { text.into() }
}

/// Rows that the metadata of rules gives.
fn told() -> BTreeSet<Row> {
    let metas = registry::all().iter().filter(|m| !m.requirement.is_empty());
    metas.map(|m| [m.requirement.into(), m.id.into(), dash(m.criterion), "rule".into(), String::new()]).collect()
}

/// With `HALLMARK_UPDATE=1` the rows of rules are written anew; rows made by hand stay.
#[test]
fn every_rule_stands_under_its_requirement() {
    let told = told();
    let held = rows();
    if std::env::var_os("HALLMARK_UPDATE").is_some() {
        let pairs: BTreeSet<_> = told.iter().map(|r| (r[0].clone(), r[1].clone())).collect();
        let mut all: BTreeMap<(String, String), Row> = BTreeMap::new();
        let by_hand = held.into_iter().filter(|r| r[3] != "rule" && !pairs.contains(&(r[0].clone(), r[1].clone())));
        for row in by_hand.chain(told) {
            all.insert((row[0].clone(), row[1].clone()), row);
        }
        let lines: Vec<String> = all.values().map(|row| row.join("\t") + "\n").collect();
        std::fs::write(PATH, format!("requirement\trule\tcriterion\thow\twhy\n{}", lines.concat())).unwrap();
        return;
    }
    let own: BTreeSet<Row> = held.into_iter().filter(|r| r[3] == "rule").collect();
    let missing: Vec<_> = told.difference(&own).map(|r| r.join(" ")).collect();
    let stale: Vec<_> = own.difference(&told).map(|r| r.join(" ")).collect();
    assert!(
        missing.is_empty() && stale.is_empty(),
        "missing {missing:?}, stale {stale:?}: run once with HALLMARK_UPDATE=1 and commit fixtures/traceability.tsv"
    );
}

/// Rules that no numbered requirement asks for, with the reason.
const OWN: &[(&str, &str)] = &[
    ("HM0309", "the grammar of SNOMED CT expressions"),
    ("HM0827", "measures are of the sender that the message names"),
];

#[test]
fn no_rule_is_without_requirement() {
    let metas = rules::all().flat_map(|r| r.metas.iter().copied()).filter(|m| m.requirement.is_empty());
    let orphans: Vec<_> = metas.map(|m| m.id).filter(|id| !OWN.iter().any(|(own, _)| own == id)).collect();
    assert!(orphans.is_empty(), "{orphans:?}");
}

#[test]
fn rows_name_rules_that_exist() {
    let mut last = (String::new(), String::new());
    for row in rows() {
        let [requirement, rule, criterion, how, why] = row.clone();
        let place = (requirement.clone(), rule.clone());
        assert!(last < place, "out of order or twice: {row:?}");
        last = place;
        match how.as_str() {
            "not" => assert!(rule == "-" && criterion == "-" && !why.is_empty(), "a reason is missing: {row:?}"),
            "rule" | "also" | "profile" => {
                let meta = registry::find(&rule).unwrap_or_else(|| panic!("no such rule: {row:?}"));
                assert_eq!(dash(meta.criterion), criterion, "{row:?}");
                assert!(how != "profile" || !why.is_empty(), "what the profile asks is missing: {row:?}");
            }
            _ => panic!("how: {row:?}"),
        }
    }
}

/// Numbered requirements of the catalogue: each is met by a rule, by a profile, or listed with the reason.
#[test]
fn no_requirement_is_without_row() {
    let held: BTreeSet<String> = rows().into_iter().map(|r| r[0].clone()).collect();
    let numbered = [
        ("DESC", 5),
        ("DISP", 4),
        ("DUAL", 5),
        ("FAULT", 33),
        ("HIST", 4),
        ("ITK", 11),
        ("MESH", 4),
        ("NHS", 21),
        ("PDS", 13),
        ("SCT", 9),
        ("TOC", 14),
        ("X", 8),
    ];
    let numbered = numbered.into_iter().flat_map(|(name, last)| (1..=last).map(move |n| format!("{name}-{n:02}")));
    let gpc = "A01 A02 A03 B01 B02 B03 B04 B05 B06 B07 C01 D01 E01 I01 K01 L01 L02 L03 L04 L05 M01 M02 M03 M04 M05 \
               O01 O02 P01 P02 R01 S01 W01 W02 W03 X01 X02";
    let gpc = gpc.split_whitespace().map(|n| format!("GPC-{n}"));
    let orphans: Vec<String> = numbered.chain(gpc).filter(|id| !held.contains(id)).collect();
    assert!(orphans.is_empty(), "{orphans:?}");
}

/// Rules that give evidence for no criterion, with the reason.
const OUTSIDE: &[(&str, &str)] = &[
    ("HM0112", "advice on values that are allowed"),
    ("HM0142", "advice on good practice"),
    ("HM0190", "a fault of a profile, not of who sends"),
    ("HM0191", "a package that is not there"),
    ("HM0900", "a fault of the settings"),
    ("HM0901", "a fault of the settings"),
];

/// Clause to criterion to rule, and back: each end leads somewhere, or stands in a list with the reason.
#[test]
fn no_criterion_and_no_rule_is_an_orphan() {
    let set = CriteriaSet::embedded("stp-2019").unwrap();
    for meta in registry::all() {
        let outside = OUTSIDE.iter().any(|(id, _)| *id == meta.id);
        assert_eq!(meta.criterion.is_empty(), outside, "{} {}", meta.id, meta.name);
        assert!(outside || set.criterion(meta.criterion).is_some(), "{}: {}", meta.id, meta.criterion);
    }
    assert!(OUTSIDE.iter().all(|(id, _)| registry::find(id).is_some()));
    for criterion in &set.criteria {
        assert!(!criterion.clause.is_empty() && set.rows.iter().any(|r| r.id == criterion.row), "{}", criterion.id);
        let ruled = registry::all().iter().any(|m| m.criterion == criterion.id);
        let counted = !criterion.expressions.is_empty() || !criterion.derived.is_empty();
        let stated = criterion.accepts.iter().any(|a| !a.is_empty());
        assert!(ruled || counted || stated, "{} is shown by nothing", criterion.id);
        // What messages show is counted; what is only stated says so.
        let feed = criterion.evidence.contains(&EvidenceKind::Feed);
        assert!(!feed || counted, "{} names messages and counts none", criterion.id);
        let people = criterion.evidence.iter().any(|e| !e.is_measured());
        assert!(!people || stated, "{} names statements and takes none", criterion.id);
    }
}
