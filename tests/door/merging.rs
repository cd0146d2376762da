//! Law: records of the parts of a feed merge to the record of the whole, however the messages are dealt out; and what is counted of
//! completeness is what a slow count over the JSON gives.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

use std::collections::BTreeMap;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

use hallmark::record::{Part, Record, merge};
use hallmark::session::Hallmark;
use hallmark::settings::Date;
use proptest::prelude::*;
use serde_json::{Value, json};

const STATUS: &str = "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-NHSNumberVerificationStatus";
const UK_PATIENT: &str = "https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient";

/// A patient with `n` names, identifiers of one slice with `n` extensions each, and references.
fn patient(n: usize) -> Value {
    let coded = json!({"coding": [{"system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-NHSNumberVerificationStatusEngland", "code": "01"}]});
    let status = vec![json!({"url": STATUS, "valueCodeableConcept": coded}); n];
    let number = json!({"extension": status, "system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"});
    let mut patient = json!({
        "resourceType": "Patient",
        "meta": {"profile": [UK_PATIENT]},
        "extension": vec![json!({"url": "http://hl7.org/fhir/StructureDefinition/patient-birthPlace", "valueAddress": {"city": "Leeds"}}); n],
        "identifier": vec![number; n],
        "name": vec![json!({"use": "official", "family": "Test", "given": ["A"]}); n],
        "generalPractitioner": vec![json!({"reference": "Organization/1"}); n],
    });
    patient.as_object_mut().unwrap().retain(|_, value| value.as_array().is_none_or(|items| !items.is_empty()));
    patient
}

static MESSAGES: LazyLock<Vec<Vec<u8>>> = LazyLock::new(|| {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/feeds/riverside");
    let files = walkdir::WalkDir::new(folder).sort_by_file_name().into_iter().map(Result::unwrap);
    let mut messages: Vec<Vec<u8>> = (0..5).map(|n| patient(n).to_string().into_bytes()).collect();
    for file in files.filter(|f| f.file_type().is_file()) {
        let bytes = fs::read(file.path()).unwrap();
        match file.path().extension().and_then(|e| e.to_str()) {
            Some("ndjson") => {
                messages.extend(bytes.split(|b| *b == b'\n').filter(|l| !l.is_empty()).map(<[u8]>::to_vec))
            }
            Some("json" | "xml") => messages.push(bytes),
            _ => {}
        }
    }
    messages
});

fn checker(key: bool) -> Hallmark {
    let builder = Hallmark::builder().today(Date::parse("2026-11-21").unwrap()).partner("RX1").period("2026-11");
    if key { builder.key(*b"a key of thirty-two bytes or more").build() } else { builder.build() }.unwrap()
}

/// The record of some messages, each a source of its own.
fn record(hallmark: &Hallmark, label: &str, messages: &[usize]) -> Record {
    let mut session = hallmark.session(label);
    for number in messages {
        session.check(&format!("m{number}"), &MESSAGES[*number % MESSAGES.len()]);
    }
    session.finish().unwrap()
}

/// Its only part, without the ids of the runs, which differ by design.
fn counted(record: &Record) -> Part {
    let mut part = record.parts.values().next().cloned().unwrap_or_default();
    assert!(record.parts.len() <= 1);
    part.shards.clear();
    part
}

fn law(key: bool, deal: &[usize], parts: usize) {
    let hallmark = checker(key);
    let all: Vec<usize> = (0..deal.len()).collect();
    let whole = counted(&record(&hallmark, "whole", &all));
    let of = |part: usize| -> Vec<usize> { all.iter().copied().filter(|m| deal[*m] % parts == part).collect() };
    let mut shards: Vec<Record> = (0..parts).map(|p| record(&hallmark, &format!("part {p}"), &of(p))).collect();
    assert_eq!(counted(&merge(shards.clone()).unwrap()), whole, "{parts} parts");
    // In another order, and in groups.
    shards.reverse();
    let half = shards.split_off(parts / 2);
    let groups: Vec<Record> = [half, shards].into_iter().filter(|g| !g.is_empty()).map(|g| merge(g).unwrap()).collect();
    assert_eq!(counted(&merge(groups).unwrap()), whole, "{parts} parts in two groups");
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 10, failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn any_parts_merge_to_the_whole(
        deal in prop::collection::vec(0usize..400, 1..90),
        parts in prop_oneof![Just(1usize), 2usize..9, Just(400usize)],
    ) {
        law(true, &deal, parts);
    }
}

#[test]
fn parts_merge_to_the_whole_without_a_key() {
    law(false, &(0..MESSAGES.len() + 7).collect::<Vec<_>>(), 6);
}

#[test]
fn a_true_double_is_refused_and_empty_runs_are_not() {
    for key in [true, false] {
        let hallmark = checker(key);
        let one = record(&hallmark, "ward", &[0, 1, 2]);
        assert!(merge([one.clone(), one.clone()]).is_err());
        let elsewhere = record(&hallmark, "clinic", &[0, 1, 2]);
        assert!(merge([one.clone(), elsewhere]).is_ok());
        let empty = record(&hallmark, "night", &[]);
        assert!(merge([one, empty.clone(), empty]).is_ok());
    }
}

/// Patients that hold an element, of those that could, over the JSON alone.
fn slow(patients: &[Value], holds: impl Fn(&Value) -> bool) -> (u64, u64) {
    (patients.iter().filter(|p| holds(p)).count() as u64, patients.len() as u64)
}

#[test]
fn completeness_is_what_a_slow_count_gives() {
    let hallmark = checker(true);
    let patients: Vec<Value> = (0..4).chain(0..4).map(patient).collect();
    let mut session = hallmark.session("all");
    for (number, patient) in patients.iter().enumerate() {
        session.check(&format!("p{number}"), patient.to_string().as_bytes());
    }
    let part = counted(&session.finish().unwrap());
    let mut shares: BTreeMap<String, (u64, u64)> = BTreeMap::new();
    for ((name, key), share) in &part.measures {
        assert!(share.numerator <= share.denominator, "{name} {key:?}");
        if name.starts_with("populated-") && key.profile.starts_with(UK_PATIENT) {
            let of = shares.entry(key.element.clone()).or_default();
            of.0 += share.numerator;
            of.1 += share.denominator;
        }
    }
    let has = |name: &'static str| move |p: &Value| p[name].as_array().is_some_and(|all| !all.is_empty());
    for (element, name) in [
        ("Patient.identifier", "identifier"),
        ("Patient.name", "name"),
        ("Patient.generalPractitioner", "generalPractitioner"),
    ] {
        if let Some(share) = shares.get(element) {
            assert_eq!(*share, slow(&patients, has(name)), "{element}");
        }
    }
    let with_place = slow(&patients, |p| {
        let all = p["extension"].as_array();
        all.is_some_and(|all| all.iter().any(|e| e["url"].as_str().is_some_and(|u| u.ends_with("patient-birthPlace"))))
    });
    let places: Vec<_> = shares.iter().filter(|(element, _)| element.contains("birthPlace")).collect();
    assert!(!shares.is_empty());
    for (element, share) in places {
        assert_eq!(*share, with_place, "{element}");
    }
}
