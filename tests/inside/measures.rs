//! What single messages add to measures: each case is a message and the shares it must give, none left out.
#![allow(clippy::unwrap_used, clippy::panic, reason = "functions that tests share")]

use std::collections::BTreeMap;
use std::sync::LazyLock;

use hallmark::finding::Finding;
use hallmark::session::{Hallmark, Observer, Unreadable};
use hallmark::settings::Date;
use hallmark::tally::RunOutcome;

struct Silent;

impl Observer for Silent {
    fn finding(&mut self, _: &Finding) {}

    fn quality(&self) -> bool {
        true
    }

    fn unreadable(&mut self, what: &Unreadable) {
        panic!("{}", what.why);
    }
}

static HALLMARK: LazyLock<Hallmark> = LazyLock::new(|| {
    let day = Date::parse("2026-11-21").unwrap();
    Hallmark::builder().today(day).best_practice("warning").build().unwrap()
});

fn outcome(message: &str) -> RunOutcome {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("message.json");
    std::fs::write(&path, message).unwrap();
    HALLMARK.run(&[path], 1, &mut Silent)
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

/// The measures that indicators of maturity rest on.
const LINKED: &[&str] = &["document-structured", "result-requested", "medicine-loop", "care-plan-shared"];

fn resources(all: &[&str]) -> String {
    let entries: Vec<String> = all
        .iter()
        .enumerate()
        .map(|(i, r)| format!(r#"{{"fullUrl":"urn:uuid:0f000000-0000-4000-8000-{:012}","resource":{r}}}"#, i + 1))
        .collect();
    format!(r#"{{"resourceType":"Bundle","type":"collection","entry":[{}]}}"#, entries.join(","))
}

/// A reference to the nth resource of a message.
fn to(n: usize) -> String {
    format!(r#"{{"reference":"urn:uuid:0f000000-0000-4000-8000-{n:012}"}}"#)
}

#[test]
fn documents_are_structured_or_scans() {
    let section = |code: &str| format!(r#"{{"title":"x"{code}}}"#);
    let code = r#","code":{"coding":[{"system":"http://snomed.info/sct","code":"717711000000103"}]}"#;
    let composition = |sections: &[String]| {
        let list = sections.join(",");
        let list = if list.is_empty() { list } else { format!(r#","section":[{list}]"#) };
        format!(r#"{{"resourceType":"Composition","status":"final"{list}}}"#)
    };
    let pointer = |ty: &str| {
        format!(
            r#"{{"resourceType":"DocumentReference","status":"current","content":[{{"attachment":{{{ty}"url":"https://x.example/1"}}}}]}}"#
        )
    };
    let pdf = pointer(r#""contentType":"application/pdf","#);
    let binary = r#"{"resourceType":"Binary","contentType":"image/tiff","data":"QQ=="}"#;
    let report = |inside: &str| {
        format!(
            r#"{{"resourceType":"DiagnosticReport","status":"final","presentedForm":[{{"contentType":"application/pdf"}}]{inside}}}"#
        )
    };
    let of = |name: &str, a, b| (name.to_owned(), (a, b));
    for (all, expected) in [
        (vec![composition(&[section(code), section(code)])], vec![of("Composition", 1, 1)]),
        (vec![composition(&[section(code), section("")])], vec![of("Composition", 0, 1)]),
        (vec![composition(&[])], vec![of("Composition", 0, 1)]),
        (vec![pdf.clone()], vec![of("DocumentReference", 0, 1)]),
        (vec![pointer(r#""contentType":"application/fhir+json","#)], vec![of("DocumentReference", 1, 1)]),
        // A pointer that does not say what it leads to tells neither.
        (vec![pointer("")], vec![]),
        (vec![binary.to_owned()], vec![of("Binary", 0, 1)]),
        // A scan and the pointer to it are one document.
        (vec![pdf, binary.to_owned()], vec![of("DocumentReference", 0, 1)]),
        (vec![report("")], vec![of("DiagnosticReport", 0, 1)]),
        (
            vec![report(&format!(r#","result":[{}]"#, to(2))), r#"{"resourceType":"Observation"}"#.into()],
            vec![of("DiagnosticReport", 1, 1)],
        ),
    ] {
        let message = resources(&all.iter().map(String::as_str).collect::<Vec<_>>());
        let expected: BTreeMap<_, _> =
            expected.into_iter().map(|(n, c)| (format!("document-structured {n}"), c)).collect();
        assert_eq!(shares(&message, &["document-structured"]), expected, "{message}");
    }
}

#[test]
fn results_answer_requests() {
    let report = |inside: &str| format!(r#"{{"resourceType":"DiagnosticReport","status":"final"{inside}}}"#);
    let observation = |inside: &str| format!(r#"{{"resourceType":"Observation","status":"final"{inside}}}"#);
    let laboratory = r#","category":[{"coding":[{"code":"laboratory"}]}]"#;
    let request = r#"{"resourceType":"ServiceRequest","status":"active","intent":"order"}"#.to_owned();
    let based = |on: &str| format!(r#","basedOn":[{on}]"#);
    let listed = |n: usize| format!(r#","result":[{}]"#, to(n));
    let (of_report, of_result) = ("result-requested DiagnosticReport", "result-requested Observation");
    for (all, expected) in [
        // Nobody asks for a pulse.
        (vec![observation("")], vec![]),
        (vec![observation(laboratory)], vec![(of_result, 0, 1)]),
        (vec![observation(&(laboratory.to_owned() + &based(&to(2)))), request.clone()], vec![(of_result, 1, 1)]),
        (
            vec![observation(&(laboratory.to_owned() + &based(r#"{"reference":"ServiceRequest/1"}"#)))],
            vec![(of_result, 1, 1)],
        ),
        (vec![observation(&(laboratory.to_owned() + &based(r#"{"reference":"Patient/1"}"#)))], vec![(of_result, 0, 1)]),
        (
            vec![observation(&(laboratory.to_owned() + &based(r#"{"identifier":{"value":"A1"}}"#)))],
            vec![(of_result, 1, 1)],
        ),
        (vec![report("")], vec![(of_report, 0, 1)]),
        // The request of the report is that of its results, and of the members of its groups.
        (
            vec![
                report(&(based(&to(4)) + &listed(2))),
                observation(&format!(r#","hasMember":[{}]"#, to(3))),
                observation(""),
                request.clone(),
            ],
            vec![(of_report, 1, 1), (of_result, 2, 2)],
        ),
        (vec![report(&listed(2)), observation("")], vec![(of_report, 0, 1), (of_result, 0, 1)]),
        // A group that is its own member ends.
        (
            vec![report(&listed(2)), observation(&format!(r#","hasMember":[{}]"#, to(2)))],
            vec![(of_report, 0, 1), (of_result, 0, 1)],
        ),
        // One of two reports that list a result names the request.
        (
            vec![report(&listed(3)), report(&(based(&to(4)) + &listed(3))), observation(""), request],
            vec![(of_report, 1, 2), (of_result, 1, 1)],
        ),
    ] {
        let message = resources(&all.iter().map(String::as_str).collect::<Vec<_>>());
        expect(&message, &["result-requested"], &expected);
    }
}

#[test]
fn medicines_are_followed_from_order_to_use() {
    let order = r#"{"resourceType":"MedicationRequest","status":"active","intent":"order"}"#.to_owned();
    let used = |ty: &str, link: &str| format!(r#"{{"resourceType":"{ty}","status":"active"{link}}}"#);
    let (asked, given, taken) = (
        "medicine-loop MedicationRequest",
        "medicine-loop MedicationAdministration",
        "medicine-loop MedicationStatement",
    );
    for (all, expected) in [
        (vec![order.clone()], vec![(asked, 0, 1)]),
        (vec![used("MedicationStatement", "")], vec![(taken, 0, 1)]),
        (
            vec![order.clone(), used("MedicationAdministration", &format!(r#","request":{}"#, to(1)))],
            vec![(asked, 1, 1), (given, 1, 1)],
        ),
        (
            vec![order.clone(), used("MedicationStatement", &format!(r#","basedOn":[{}]"#, to(1)))],
            vec![(asked, 1, 1), (taken, 1, 1)],
        ),
        // The order came in another message.
        (
            vec![order.clone(), used("MedicationStatement", r#","basedOn":[{"reference":"MedicationRequest/7"}]"#)],
            vec![(asked, 0, 1), (taken, 1, 1)],
        ),
        (
            vec![order, used("MedicationStatement", r#","basedOn":[{"reference":"CarePlan/7"}]"#)],
            vec![(asked, 0, 1), (taken, 0, 1)],
        ),
    ] {
        let message = resources(&all.iter().map(String::as_str).collect::<Vec<_>>());
        expect(&message, &["medicine-loop"], &expected);
    }
}

#[test]
fn care_plans_are_shared_by_two_organisations() {
    let plan = |inside: &str| {
        format!(
            r#"{{"resourceType":"CarePlan","status":"active","intent":"plan","subject":{{"display":"x"}}{inside}}}"#
        )
    };
    let organisation = |code: &str| {
        format!(
            r#"{{"resourceType":"Organization","identifier":[{{"system":"https://fhir.nhs.uk/Id/ods-organization-code","value":"{code}"}}]}}"#
        )
    };
    let nameless = r#"{"resourceType":"Organization","name":"x"}"#.to_owned();
    let team = |inside: &str| format!(r#"{{"resourceType":"CareTeam"{inside}}}"#);
    let role = |n: usize| format!(r#"{{"resourceType":"PractitionerRole","organization":{}}}"#, to(n));
    let author = |n: usize| format!(r#","author":{}"#, to(n));
    let contributors =
        |list: &[usize]| format!(r#","contributor":[{}]"#, list.iter().map(|n| to(*n)).collect::<Vec<_>>().join(","));
    for (all, shared) in [
        (vec![plan("")], false),
        (vec![plan(&author(2)), organisation("Y9N1A")], false),
        (vec![plan(&(author(2) + &contributors(&[3]))), organisation("Y9N1A"), organisation("Y9N2B")], true),
        // One code twice is one organisation.
        (vec![plan(&(author(2) + &contributors(&[3]))), organisation("Y9N1A"), organisation("Y9N1A")], false),
        (vec![plan(&contributors(&[2, 3])), nameless.clone(), nameless.clone()], true),
        (vec![plan(&contributors(&[2, 3])), role(4), organisation("Y9N1A"), organisation("Y9N2B")], true),
        (vec![plan(&contributors(&[2, 3])), role(4), role(4), nameless.clone()], false),
        // By way of a team, which names itself and another team besides.
        (
            vec![
                plan(&format!(r#","careTeam":[{}]"#, to(2))),
                team(&format!(r#","participant":[{{"member":{}}},{{"member":{}}}]"#, to(2), to(3))),
                team(&format!(r#","managingOrganization":[{}],"participant":[{{"onBehalfOf":{}}}]"#, to(4), to(5))),
                organisation("Y9N1A"),
                nameless,
            ],
            true,
        ),
        (
            vec![plan(
                r#","activity":[{"detail":{"status":"scheduled","performer":[{"reference":"Organization/1"},{"reference":"Organization/2"}]}}]"#,
            )],
            true,
        ),
    ] {
        let message = resources(&all.iter().map(String::as_str).collect::<Vec<_>>());
        expect(&message, &["care-plan-shared"], &[("care-plan-shared CarePlan", u64::from(shared), 1)]);
    }
}

#[test]
fn messages_without_such_records_show_nothing_of_maturity() {
    assert_eq!(shares(&resources(&[r#"{"resourceType":"Patient"}"#]), LINKED), BTreeMap::new());
}

#[test]
fn an_element_is_there_once_however_often_it_is_repeated() {
    let ethnic = r#"{"url":"https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory","valueCodeableConcept":{"text":"x"}}"#;
    let patient = |extensions: &[&str]| {
        format!(
            r#"{{"resourceType":"Patient","meta":{{"profile":["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient"]}},"extension":[{}],"name":[{{"family":"A","given":["B","C"]}},{{"given":["D"]}}]}}"#,
            extensions.join(",")
        )
    };
    let of = |message: &str, element: &str| {
        let measures = outcome(message).measures;
        let rows = measures.iter().filter(|m| m.name.starts_with("populated") && m.key.element == element);
        rows.map(|m| (m.numerator, m.denominator)).collect::<Vec<_>>()
    };
    // Three of the same in one patient, none in another: one of two.
    let both =
        bundle(&[&patient(&[ethnic, ethnic, ethnic]), &patient(&[r#"{"url":"https://a.test/x","valueCode":"y"}"#])]);
    assert_eq!(of(&both, "Patient.extension:ethnicCategory"), [(1, 2)]);
}
