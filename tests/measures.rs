//! What single messages add to measures: each case is a message and the shares it must give, none left out.
#![allow(clippy::unwrap_used, clippy::panic, reason = "functions that tests share")]

use std::collections::BTreeMap;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, LazyLock};

use hallmark::conform::Options;
use hallmark::engine::{Check, Observer, Run, run};
use hallmark::feed::Unreadable;
use hallmark::finding::{Environment, Finding, RunOutcome};
use hallmark::pack::catalogue::Catalogue;
use hallmark::plan::Plans;
use hallmark::read::Limits;
use hallmark::settings::{Date, RuleSelection, Severities, Waivers};
use hallmark::terminology::Sets;

struct Silent;

impl Observer for Silent {
    fn finding(&mut self, _: &Finding) {}

    fn payload(&mut self, _: u64, _: u64) {}

    fn unreadable(&mut self, what: &Unreadable) {
        panic!("{}", what.why);
    }
}

static HELD: LazyLock<(Plans, Sets)> = LazyLock::new(|| {
    let catalogue = Arc::new(Catalogue::new(&[]).unwrap());
    (Plans::new(Arc::clone(&catalogue)), Sets::new(catalogue))
});

fn outcome(message: &str) -> RunOutcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("message.json");
    std::fs::write(&path, message).unwrap();
    let options = Options { today: "2026-11-21".to_owned(), ..Options::default() };
    let (selection, severities) = (RuleSelection::default(), Severities::default());
    let interrupted = AtomicBool::new(false);
    let settled = Run {
        check: Check {
            plans: &HELD.0,
            sets: &HELD.1,
            options: &options,
            limits: Limits::default(),
            release: None,
            selection: &selection,
            severities: &severities,
            dispatch: Check::dispatch(&selection, &severities),
            environment: Environment::Test,
            observe: true,
            pseudonyms: None,
        },
        jobs: 1,
        interrupted: &interrupted,
        baseline: None,
    };
    let mut waivers = Waivers::new(Vec::new(), None, "unknown", Date::parse("2026-11-21").unwrap()).unwrap();
    run(&settled, &[path], &mut waivers, &mut Silent)
}

/// Shares of these names, by name and element, or resource where there is no element.
fn shares(message: &str, names: &[&str]) -> BTreeMap<String, (u64, u64)> {
    let mut found = BTreeMap::new();
    for m in outcome(message).measures.iter().filter(|m| names.contains(&m.name.as_str())) {
        let about = if m.key.element.is_empty() { &m.key.resource } else { &m.key.element };
        let entry: &mut (u64, u64) = found.entry(format!("{} {about}", m.name)).or_default();
        entry.0 += m.numerator;
        entry.1 += m.denominator;
    }
    found
}

fn expect(message: &str, names: &[&str], expected: &[(&str, u64, u64)]) {
    let expected: BTreeMap<String, (u64, u64)> = expected.iter().map(|(n, a, b)| ((*n).to_owned(), (*a, *b))).collect();
    assert_eq!(shares(message, names), expected, "{message}");
}

/// A collection of resources in R4.
fn bundle(resources: &[&str]) -> String {
    let entries: Vec<String> = resources.iter().map(|r| format!(r#"{{"resource":{r}}}"#)).collect();
    format!(
        r#"{{"resourceType":"Bundle","type":"collection","meta":{{"profile":["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Bundle"]}},"entry":[{}]}}"#,
        entries.join(",")
    )
}

#[test]
fn an_empty_list_with_its_reason_lacks_no_entry_and_a_full_one_no_reason() {
    let list = |inside: &str| {
        format!(
            r#"{{"resourceType":"List","meta":{{"profile":["https://fhir.hl7.org.uk/StructureDefinition/UKCore-List"]}},"status":"current","mode":"snapshot"{inside}}}"#
        )
    };
    let reason = r#","emptyReason":{"coding":[{"system":"http://terminology.hl7.org/CodeSystem/list-empty-reason","code":"nilknown"}]}"#;
    let entry = r#","entry":[{"item":{"display":"x"}}]"#;
    for (inside, has, lacks) in [(reason, "List.emptyReason", "List.entry"), (entry, "List.entry", "List.emptyReason")]
    {
        let outcome = outcome(&list(inside));
        let of = |element: &str| {
            let rows = outcome.measures.iter().filter(|m| m.name.starts_with("populated") && m.key.element == element);
            rows.map(|m| (m.numerator, m.denominator)).collect::<Vec<_>>()
        };
        assert_eq!((of(has), of(lacks)), (vec![(1, 1)], vec![]), "{inside}");
    }
    // With neither, both are asked for.
    let neither = outcome(&list(""));
    let empty =
        neither.measures.iter().filter(|m| ["List.entry", "List.emptyReason"].contains(&m.key.element.as_str()));
    assert!(empty.clone().count() == 2 && empty.clone().all(|m| (m.numerator, m.denominator) == (0, 1)));
}

#[test]
fn requests_name_who_asks() {
    let practitioner = r#"{"resourceType":"Practitioner","id":"p","name":[{"family":"Wren"}]}"#;
    let role = r#"{"resourceType":"PractitionerRole","id":"r","practitioner":{"reference":"Practitioner/p"},"organization":{"identifier":{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"Y9N3C"}},"code":[{"text":"nurse"}]}"#;
    let request = |requester: &str| {
        format!(
            r#"{{"resourceType":"ServiceRequest","id":"s","status":"active","intent":"order","subject":{{"display":"x"}}{requester}}}"#
        )
    };
    for (requester, named) in [
        ("", 0),
        (r#","requester":{"reference":"Practitioner/p"}"#, 0),
        (r#","requester":{"reference":"PractitionerRole/r"}"#, 1),
        (r#","requester":{"reference":"PractitionerRole/elsewhere"}"#, 0),
    ] {
        let message = bundle(&[practitioner, role, &request(requester)]);
        expect(&message, &["request-claims"], &[("request-claims ServiceRequest", named, 1)]);
    }
    expect(&bundle(&[practitioner]), &["request-claims"], &[]);
}

#[test]
fn consent_tells_who_opted_out() {
    for (code, shares) in [
        ("OPTOUT", vec![("opt-out-breach Patient", 1, 1)]),
        ("OPTIN", vec![("opt-out-breach Patient", 0, 1)]),
        ("OTHER", vec![]),
    ] {
        let consent = format!(
            r#"{{"resourceType":"Consent","status":"active","scope":{{"text":"x"}},"category":[{{"text":"x"}}],"policyRule":{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/v3-ActCode","code":"{code}"}}]}}}}"#
        );
        expect(&bundle(&[&consent]), &["opt-out-breach"], &shares);
    }
}

#[test]
fn pointers_keep_to_their_profile_and_name_a_custodian() {
    let pointer = |custodian: &str| {
        format!(
            r#"{{"resourceType":"DocumentReference","meta":{{"profile":["https://fhir.nhs.uk/STU3/StructureDefinition/NRL-DocumentReference-1"]}},"status":"current","type":{{"text":"x"}},"indexed":"2026-11-01T10:00:00Z","content":[{{"attachment":{{"url":"https://a.example/1"}}}}]{custodian}}}"#
        )
    };
    for (custodian, good) in [
        ("", 0),
        (r#","custodian":{"reference":"https://directory.spineservices.nhs.uk/STU3/Organization/Y9N3C"}"#, 1),
        (r#","custodian":{"reference":"https://directory.spineservices.nhs.uk/STU3/Organization/a b"}"#, 0),
    ] {
        expect(&pointer(custodian), &["pointer-valid"], &[("pointer-valid DocumentReference", good, 1)]);
    }
}

#[test]
fn what_is_proprietary_or_a_medicine_is_told_apart() {
    let medication = |system: &str, code: &str| {
        format!(r#"{{"resourceType":"Medication","code":{{"coding":[{{"system":"{system}","code":"{code}"}}]}}}}"#)
    };
    for (system, code, coded, own) in
        [("http://snomed.info/sct", "39113611000001102", 1, 0), ("https://local.example/drugs", "x1", 0, 1)]
    {
        expect(
            &bundle(&[&medication(system, code)]),
            &["classification-coded", "proprietary"],
            &[("classification-coded Medication.code", coded, 1), ("proprietary ", own, 1)],
        );
    }
}

#[test]
fn a_patient_is_linkable_with_every_key_and_not_with_one_less() {
    let patient = |ethnic: &str, post: &str| {
        format!(
            r#"{{"resourceType":"Patient"{ethnic},"identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}}],"gender":"female","birthDate":"1980-01-01","address":[{{"city":"Saltwick"{post}}}]}}"#
        )
    };
    let ethnic = r#","extension":[{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory","valueCodeableConcept":{"coding":[{"system":"https://fhir.hl7.org.uk/CodeSystem/UKCore-EthnicCategoryEngland","code":"A"}]}}]"#;
    let post = r#","postalCode":"NM4 7QD""#;
    for (ethnic, post, all) in [(ethnic, post, 1), ("", post, 0), (ethnic, "", 0)] {
        expect(&bundle(&[&patient(ethnic, post)]), &["linkable"], &[("linkable Patient", all, 1)]);
    }
}

#[test]
fn sections_of_a_document_are_counted_by_what_asks_for_them() {
    let path = concat!(env!("CARGO_MANIFEST_DIR"), "/fixtures/feeds/riverside/transfer-of-care/");
    for (file, allergies, valid) in [("discharge-1.xml", 1, 1), ("discharge-section-missing.xml", 0, 0)] {
        let message = std::fs::read_to_string(format!("{path}{file}")).unwrap();
        expect(
            &message,
            &["section-present", "prsb-items", "transfer-of-care-document-valid", "spine-headers"],
            &[
                ("section-present Composition.Allergies and adverse reactions", allergies, 1),
                ("section-present Composition.Patient demographics", 1, 1),
                ("prsb-items Composition.Allergies and adverse reactions", allergies, 1),
                ("prsb-items Composition.Clinical summary", 1, 1),
                ("prsb-items Composition.GP practice", 1, 1),
                ("prsb-items Composition.Patient demographics", 1, 1),
                ("transfer-of-care-document-valid Composition", valid, 1),
                ("spine-headers MessageHeader", 1, 1),
            ],
        );
    }
}
