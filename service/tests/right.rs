//! What is asked rightly is answered rightly: forms, paths, Parameters, modes, profiles; and as the command line answers.

use std::path::{Path, PathBuf};

use hallmark::finding::Finding;
use hallmark::session::{Hallmark, Observer, Unreadable};
use hallmark::settings::Date;

use crate::client::{Answer, BINARY, Server};

const PATIENT: &str = r#"{"resourceType": "Patient",
 "gender": "woman"}"#;

fn hallmark() -> hallmark::session::Builder {
    Hallmark::builder().today(Date::parse("2026-11-21").unwrap())
}

#[test]
fn a_fault_is_told_with_severity_code_words_and_place() {
    let server = Server::start(&[]);
    let answer = server.json("/$validate", PATIENT);
    assert_eq!(answer.status, 200);
    let issues = answer.issues();
    let issue = issues.iter().find(|issue| issue["expression"][0] == "Patient.gender").unwrap();
    assert_eq!(issue["severity"], "error");
    assert_eq!(issue["code"], "code-invalid");
    assert_eq!(issue["location"], serde_json::json!(["Patient.gender", "Line[2] Col[13]"]));
    assert_eq!(issue["diagnostics"], issue["details"]["text"]);
    assert!(!answer.text().contains("woman"), "a value left");
}

#[test]
fn all_paths_take_all_forms() {
    let server = Server::start(&[]);
    let xml = "<Patient xmlns=\"http://hl7.org/fhir\">\n<gender value=\"woman\"/></Patient>";
    for path in [
        "/$validate",
        "/Patient/$validate",
        "/FHIR/R4/$validate",
        "/FHIR/R4/Patient/$validate",
        "/%24validate",
        "/FHIR/STU3/$validate",
    ] {
        for (sent, body) in
            [("application/fhir+json", PATIENT), ("application/json; charset=utf-8", PATIENT), ("text/xml", xml)]
        {
            for (accept, got) in [
                ("application/fhir+json", "json"),
                ("application/xml", "xml"),
                ("*/*", if sent == "text/xml" { "xml" } else { "json" }),
            ] {
                let answer = server.post(path, &[("content-type", sent), ("accept", accept)], body.as_bytes());
                assert_eq!(answer.status, 200, "{path} {sent} {accept}: {}", answer.text());
                assert!(
                    answer.headers["content-type"].starts_with(&format!("application/fhir+{got}")),
                    "{path} {sent} {accept}"
                );
                assert!(answer.text().contains("Patient.gender"), "{path} {sent} {accept}: {}", answer.text());
            }
        }
    }
    let untold = server.post("/$validate", &[], xml.as_bytes());
    assert_eq!((untold.status, untold.headers["content-type"].as_str()), (200, "application/fhir+xml; charset=utf-8"));
}

#[test]
fn answers_pass_our_own_check() {
    let server = Server::start(&[]);
    let hallmark = hallmark().build().unwrap();
    let passes = |answer: &Answer, what: &str| {
        let checked = hallmark.check(&answer.body);
        let heavy = checked.findings.iter().filter(|f| f.severity != hallmark::finding::Severity::Information);
        let heavy: Vec<String> = heavy.map(|f| format!("{} {} {}", f.meta.name, f.path, f.says)).collect();
        assert!(heavy.is_empty(), "{what}: {heavy:#?}\n{}", answer.text());
    };
    for base in ["", "/FHIR/R4", "/FHIR/STU3"] {
        for format in ["json", "xml"] {
            let answer = server.get(&format!("{base}/metadata?_format={format}"));
            assert_eq!(answer.status, 200);
            passes(&answer, base);
        }
    }
    for (accept, body) in [
        ("application/fhir+json", PATIENT),
        ("application/fhir+xml", PATIENT),
        ("application/fhir+xml", "{"),
        ("application/fhir+xml", "{\"resourceType\": \"Patient\"}"),
        ("application/fhir+json", ""),
    ] {
        let headers = [("content-type", "application/fhir+json"), ("accept", accept)];
        passes(&server.post("/$validate?unknown=1&mode=create", &headers, body.as_bytes()), accept);
    }
}

#[test]
fn a_parameters_brings_resource_profile_and_mode() {
    let server = Server::start(&[]);
    let body = r#"{"resourceType": "Parameters", "parameter": [
      {"name": "profile", "valueUri": "http://hl7.org/fhir/StructureDefinition/Group"},
      {"name": "mode", "valueCode": "create"},
      {"name": "é", "valueString": "é"}, {"name": "resource", "resource": {"resourceType": "Patient", "gender": "woman"}}]}"#;
    let answer = server.json("/$validate", body);
    assert_eq!(answer.status, 200, "{}", answer.text());
    let found = answer.findings();
    let last = body.lines().last().unwrap();
    let at = format!("Line[4] Col[{}]", last[..last.find("woman").unwrap()].chars().count() + 1);
    assert!(found.iter().any(|(_, _, place, path)| path == "Patient.gender" && *place == at), "{found:?}");
    assert!(answer.text().contains("nothing is stored here"));
    assert!(answer.text().contains("StructureDefinition/Group"), "the profile was asked: {}", answer.text());

    // The namespace comes from around the resource, and columns stay those of the body.
    let body = "<Parameters xmlns='http://hl7.org/fhir'><parameter><name value='resource'/><resource>\n <Patient><gender value='woman'/>\n</Patient></resource></parameter><parameter><name value='mode'/><valueCode value='profile'/></parameter><parameter><name value='profile'/><valueUri value='http://hl7.org/fhir/StructureDefinition/Patient'/></parameter></Parameters>";
    let answer = server.post(
        "/Patient/$validate",
        &[("content-type", "application/fhir+xml"), ("accept", "application/fhir+json")],
        body.as_bytes(),
    );
    assert_eq!(answer.status, 200, "{}", answer.text());
    let found = answer.findings();
    assert!(
        found.iter().any(|(_, _, place, path)| path == "Patient.gender" && place.starts_with("Line[2] Col[26]")),
        "{found:?}"
    );
    let column = |text: &str| text.lines().nth(1).unwrap().find("woman").unwrap() + 1;
    assert_eq!(column(body), 26);
}

/// Method, path, body: status and code of the refusal.
#[test]
fn what_cannot_be_carried_out_is_refused_with_its_reason() {
    let server = Server::start(&["--max-body", "4096"]);
    let parameters = |inner: &str| format!(r#"{{"resourceType": "Parameters", "parameter": [{inner}]}}"#);
    let resource = r#"{"name": "resource", "resource": {"resourceType": "Patient"}}"#;
    let json = [("content-type", "application/fhir+json")];
    let cases: Vec<(&str, Vec<(&str, &str)>, String, u16, &str)> = vec![
        ("/$validate", json.to_vec(), String::new(), 400, "required"),
        ("/$validate", json.to_vec(), "  \n".to_owned(), 400, "required"),
        ("/$validate", json.to_vec(), "{".to_owned(), 400, "structure"),
        ("/$validate", json.to_vec(), "<Patient xmlns=\"http://hl7.org/fhir\"/>".to_owned(), 400, "invalid"),
        ("/Observation/$validate", json.to_vec(), PATIENT.to_owned(), 400, "invalid"),
        ("/$validate?mode=delete", json.to_vec(), PATIENT.to_owned(), 422, "not-supported"),
        ("/$validate?mode=profile", json.to_vec(), PATIENT.to_owned(), 400, "invalid"),
        ("/$validate?mode=sideways", json.to_vec(), PATIENT.to_owned(), 400, "invalid"),
        ("/$validate?mode=create&mode=update", json.to_vec(), PATIENT.to_owned(), 400, "invalid"),
        ("/$validate?profile=http://example.org/none", json.to_vec(), PATIENT.to_owned(), 422, "not-found"),
        ("/$validate?profile=", json.to_vec(), PATIENT.to_owned(), 400, "invalid"),
        ("/$validate", json.to_vec(), parameters(""), 400, "invalid"),
        ("/$validate", json.to_vec(), parameters(&format!("{resource},{resource}")), 400, "invalid"),
        ("/$validate", json.to_vec(), parameters(r#"{"name": "resource"}"#), 400, "invalid"),
        ("/$validate", json.to_vec(), parameters(r#"{"name": 7}"#), 400, "invalid"),
        (
            "/$validate",
            json.to_vec(),
            parameters(&format!(r#"{resource},{{"name": "profile", "valueUri": 3}}"#)),
            400,
            "invalid",
        ),
        ("/$validate", vec![("content-type", "text/plain")], PATIENT.to_owned(), 415, "not-supported"),
        ("/$validate", vec![("content-encoding", "gzip")], PATIENT.to_owned(), 415, "not-supported"),
        ("/$validate", vec![("accept", "text/html")], PATIENT.to_owned(), 406, "not-supported"),
        ("/$validate", json.to_vec(), " ".repeat(5000), 413, "too-long"),
        ("/nothing", json.to_vec(), PATIENT.to_owned(), 404, "not-found"),
        ("/Patient/7/$validate", json.to_vec(), PATIENT.to_owned(), 404, "not-found"),
    ];
    for (path, headers, body, status, code) in cases {
        let answer = server.post(path, &headers, body.as_bytes());
        let issues = answer.issues();
        assert_eq!((answer.status, issues[0]["code"].as_str().unwrap()), (status, code), "{path} {body}: {issues:?}");
        assert!(issues[0]["diagnostics"].as_str().is_some_and(|says| says.len() > 10));
    }
    let answer = server.raw(b"DELETE /$validate HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").unwrap();
    assert_eq!((answer.status, answer.headers["allow"].as_str()), (405, "POST"));
}

/// Findings of one file, in the words of an answer.
#[derive(Default)]
struct Kept(Vec<(String, String, String, String)>);

impl Observer for Kept {
    fn finding(&mut self, finding: &Finding) {
        let severity = if finding.counts() { finding.severity.as_str() } else { "information" };
        let place =
            if finding.line > 0 { format!("Line[{}] Col[{}]", finding.line, finding.column) } else { String::new() };
        self.0.push((finding.meta.id.to_owned(), severity.to_owned(), place, finding.path.clone()));
    }

    fn unreadable(&mut self, what: &Unreadable) {
        panic!("{}: {}", what.name, what.why);
    }
}

#[test]
fn findings_are_those_of_a_run_over_the_same_file() {
    let server = Server::start(&[]);
    let hallmark = hallmark().build().unwrap();
    let repository = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap();
    let mut files = Vec::new();
    messages(&repository.join("fixtures"), &mut files);
    messages(&repository.join("tests"), &mut files);
    let (mut compared, mut found) = (0, 0);
    for path in files {
        let mut kept = Kept::default();
        let outcome = hallmark.run(std::slice::from_ref(&path), 1, &mut kept);
        if outcome.summary.payloads.given != 1 || outcome.summary.payloads.failed == 1 {
            continue;
        }
        let body = std::fs::read(&path).unwrap();
        let form = if path.extension().is_some_and(|e| e == "xml") { "xml" } else { "json" };
        if body.windows(12).any(|w| w == b"\"Parameters\"") {
            continue;
        }
        let media_type = format!("application/fhir+{form}");
        let headers = [("content-type", media_type.as_str()), ("accept", "application/fhir+json")];
        let answer = server.post("/$validate", &headers, &body);
        assert_eq!(answer.findings(), kept.0, "{}", path.display());
        compared += 1;
        found += kept.0.len();
    }
    assert!(compared >= 20 && found >= 20, "{compared} files, {found} findings");
}

fn messages(folder: &Path, into: &mut Vec<PathBuf>) {
    let mut entries: Vec<PathBuf> = std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()).collect();
    entries.sort();
    for path in entries {
        if path.is_dir() {
            messages(&path, into);
        } else if path.extension().is_some_and(|e| e == "json" || e == "xml") {
            into.push(path);
        }
    }
}

#[test]
fn other_addresses_need_a_word_that_says_what_is_missing() {
    let run = |args: &[&str]| std::process::Command::new(BINARY).args(args).output().unwrap();
    let refused = run(&["--listen", "0.0.0.0:0"]);
    let says = String::from_utf8(refused.stderr).unwrap();
    assert_eq!(refused.status.code(), Some(2));
    assert!(says.contains("no TLS and no authentication") && says.contains("--unprotected"), "{says}");
    let help = String::from_utf8(run(&["--help"]).stdout).unwrap().split_whitespace().collect::<Vec<_>>().join(" ");
    assert!(help.contains("no TLS and no authentication"), "{help}");
    let bad = run(&["--profile", "http://example.org/none"]);
    assert_eq!(bad.status.code(), Some(2), "{bad:?}");
}
