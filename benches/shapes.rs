//! Shapes of messages that could cost the square of their length: each is checked at one length and at twice that, and the time
//! may grow 2.3 times at most. Prints the table of docs/performance.md.
#![allow(clippy::print_stdout, clippy::unwrap_used, clippy::expect_used, reason = "a bench prints")]

use std::time::{Duration, Instant};

use hallmark::session::Hallmark;
use hallmark::settings::Date;
use serde_json::{Value, json};

/// Most that twice the length may cost.
const MOST: f64 = 2.3;
/// Work of a shape at the shorter length, at least: below it a clock says little.
const ENOUGH: Duration = Duration::from_millis(60);

type Shape = (&'static str, fn(usize) -> String);

fn patient(members: Value) -> String {
    let mut all = json!({"resourceType": "Patient"});
    all.as_object_mut().unwrap().extend(members.as_object().unwrap().clone());
    all.to_string()
}

fn narrative(inner: &str) -> String {
    let div = format!("<div xmlns=\"http://www.w3.org/1999/xhtml\">{inner}</div>");
    patient(json!({"text": {"status": "generated", "div": div}}))
}

fn many<T: Into<Value>>(n: usize, one: impl Fn(usize) -> T) -> Value {
    Value::Array((0..n).map(|i| one(i).into()).collect())
}

fn joined(n: usize, one: impl Fn(usize) -> String) -> String {
    (0..n).map(one).collect()
}

fn xml(inner: &str) -> String {
    format!("<Patient xmlns=\"http://hl7.org/fhir\">{inner}<active value=\"true\"/></Patient>")
}

fn bundle(n: usize, entry: impl Fn(usize) -> Value) -> String {
    json!({"resourceType": "Bundle", "type": "collection", "entry": many(n, entry)}).to_string()
}

fn observation(id: usize, subject: &str) -> Value {
    json!({"fullUrl": format!("http://example.org/Observation/{id}"), "resource": {"resourceType": "Observation", "id": id.to_string(),
        "status": "final", "code": {"text": "x"}, "subject": {"reference": subject}}})
}

const SHAPES: &[Shape] = &[
    ("links to anchors that are not there", |n| narrative(&joined(n, |i| format!("<a href=\"#x{i}\">y</a>")))),
    ("links to anchors that are", |n| {
        narrative(&joined(n, |i| format!("<a href=\"#x{i}\">y</a><p id=\"x{i}\">z</p>")))
    }),
    ("links that lead nowhere", |n| narrative(&joined(n, |i| format!("<a href=\"urn:{i}\">y</a>")))),
    ("contained resources", |n| {
        patient(json!({"contained": many(n, |i| json!({"resourceType": "Patient", "id": format!("c{i}")}))}))
    }),
    ("contained resources that refer to each other", |n| {
        let one = |i| json!({"resourceType": "Organization", "id": format!("c{i}"), "name": "x", "partOf": {"reference": format!("#c{}", (i + 1) % n)}});
        patient(json!({"contained": many(n, one), "managingOrganization": {"reference": "#c0"}}))
    }),
    ("extensions", |n| {
        patient(
            json!({"extension": many(n, |i| json!({"url": format!("http://example.org/{i}"), "valueString": "x"}))}),
        )
    }),
    ("codings", |n| {
        let coding =
            |i: usize| json!({"system": "http://snomed.info/sct", "code": (10_000 + i).to_string(), "display": "x"});
        json!({"resourceType": "Observation", "status": "final", "code": {"coding": many(n, coding)}}).to_string()
    }),
    ("tags", |n| {
        patient(json!({"meta": {"tag": many(n, |i| json!({"system": "http://example.org", "code": format!("c{i}")}))}}))
    }),
    ("security labels", |n| {
        patient(
            json!({"meta": {"security": many(n, |i| json!({"system": "http://example.org", "code": format!("c{i}")}))}}),
        )
    }),
    ("slices", |n| {
        let one = |i: usize| json!({"system": if i.is_multiple_of(2) { "https://fhir.nhs.uk/Id/nhs-number" } else { "http://example.org" }, "value": "9990000018"});
        patient(
            json!({"meta": {"profile": ["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient"]}, "identifier": many(n, one)}),
        )
    }),
    ("entries", |n| {
        bundle(
            n,
            |i| json!({"fullUrl": format!("http://example.org/Patient/{i}"), "resource": {"resourceType": "Patient", "id": i.to_string()}}),
        )
    }),
    ("entries of one address", |n| {
        bundle(
            n,
            |_| json!({"fullUrl": "http://example.org/Patient/1", "resource": {"resourceType": "Patient", "id": "1"}}),
        )
    }),
    ("references that resolve", |n| bundle(n, |i| observation(i, &format!("Observation/{}", (i + 1) % n)))),
    ("references that do not", |n| bundle(n, |i| observation(i, &format!("Patient/m{i}")))),
    ("sections", |n| {
        let section = |i| json!({"title": format!("s{i}"), "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886921000000105"}]}, "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"}});
        json!({"resourceType": "Composition", "status": "final", "type": {"text": "x"}, "date": "2020-01-01", "author": [{"display": "x"}], "title": "x", "section": many(n, section)}).to_string()
    }),
    ("lists of a structured record", |n| {
        let mut entries: Vec<Value> = (0..n).map(|i| json!({"resource": {"resourceType": "List", "id": format!("l{i}"), "status": "current", "mode": "snapshot",
            "code": {"coding": [{"system": "http://snomed.info/sct", "code": "886921000000105"}]}, "entry": [{"item": {"reference": format!("AllergyIntolerance/{i}")}}]}})).collect();
        entries.extend((0..n).map(|i| json!({"resource": {"resourceType": "AllergyIntolerance", "id": i.to_string(), "clinicalStatus": "active", "verificationStatus": "unconfirmed", "code": {"text": "x"}, "patient": {"reference": "Patient/1"}}})));
        json!({"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": entries}).to_string()
    }),
    ("ids of elements", |n| patient(json!({"name": many(n, |i| json!({"id": format!("i{i}"), "family": "x"}))}))),
    ("items within items", |n| {
        let chain = |c: usize| {
            (0..40).fold(
                json!({"linkId": format!("e{c}")}),
                |inner, d| json!({"linkId": format!("d{c}-{d}"), "item": [inner]}),
            )
        };
        json!({"resourceType": "QuestionnaireResponse", "status": "completed", "item": many(n / 40 + 1, chain)})
            .to_string()
    }),
    ("long strings", |n| patient(json!({"name": [{"family": "x y".repeat(n * 20)}]}))),
    ("attributes", |n| {
        let attributes = joined(30, |j| format!(" a{j}=\"x\""));
        xml(&joined(n / 30 + 1, |_| format!("<name{attributes}><family value=\"x\"/></name>")))
    }),
    ("namespaces", |n| xml(&joined(n, |i| format!("<name xmlns:p{i}=\"urn:x{i}\"><family value=\"x\"/></name>")))),
    ("comments", |n| xml(&"<!-- c -->".repeat(n * 4))),
    ("findings", |n| patient(json!({"name": many(n, |_| json!({"famly": "x"}))}))),
    ("members nobody knows", |n| {
        let members = (0..n).map(|i| (format!("k{}", i % 5_000), json!([i]))).collect::<serde_json::Map<_, _>>();
        patient(Value::Object(members))
    }),
    ("invariants", |n| patient(json!({"contact": many(n, |_| json!({"relationship": [{"text": "x"}]}))}))),
    ("depth of narrative", |n| {
        narrative(&joined(n / 100 + 1, |_| format!("<p>{}x{}</p>", "<b>".repeat(100), "</b>".repeat(100))))
    }),
    ("profiles claimed", |n| patient(json!({"meta": {"profile": many(n, |i| format!("http://example.org/{i}"))}}))),
];

fn main() {
    let hallmark = Hallmark::builder()
        .today(Date::parse("2026-11-21").unwrap())
        .check_references(true)
        .security_checks(true)
        .build()
        .unwrap();
    let best = |text: &str| {
        let once = || {
            let start = Instant::now();
            let checked = hallmark.check(text.as_bytes());
            std::hint::black_box(checked.findings.len());
            start.elapsed()
        };
        (0..3).map(|_| once()).min().unwrap_or_default()
    };
    let asked: Vec<String> = std::env::args().skip(1).filter(|a| !a.starts_with('-')).collect();
    let mut over = Vec::new();
    println!("| shape | length | time | twice the length | grows |\n|---|--:|--:|--:|--:|");
    for (name, make) in
        SHAPES.iter().filter(|(name, _)| asked.is_empty() || asked.iter().any(|a| name.contains(a.as_str())))
    {
        let mut n = 1_000;
        let mut one = best(&make(n));
        while one < ENOUGH && n < 256_000 {
            n *= 2;
            one = best(&make(n));
        }
        let two = best(&make(2 * n));
        let grows = two.as_secs_f64() / one.as_secs_f64();
        println!(
            "| {name} | {n} | {:.0} ms | {:.0} ms | {grows:.2} |",
            one.as_secs_f64() * 1e3,
            two.as_secs_f64() * 1e3
        );
        if grows > MOST {
            over.push(*name);
        }
    }
    assert!(over.is_empty(), "these grow more than {MOST} times: {over:?}");
}
