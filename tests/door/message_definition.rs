//! Messages against the MessageDefinition of a user package, in STU3 and R4.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

use std::path::Path;
use std::process::Command;

use serde_json::{Value, json};

fn definition(release: &str) -> Value {
    let mut focus = json!({"code": "ServiceRequest", "min": 1, "max": "1"});
    let mut out = json!({
        "resourceType": "MessageDefinition", "url": "https://hospital.test/MessageDefinition/referral", "status": "active",
        "version": "1.0.0", "date": "2026-01-01", "name": "Referral"
    });
    if release == "3.0" {
        focus["code"] = "ReferralRequest".into();
        focus["profile"] = json!({"reference": "https://hospital.test/StructureDefinition/Referral"});
        out["event"] = json!({"system": "https://hospital.test/events", "code": "referral"});
    } else {
        focus["profile"] = "https://hospital.test/StructureDefinition/Referral".into();
        out["eventCoding"] = json!({"system": "https://hospital.test/events", "code": "referral"});
    }
    out["focus"] = json!([focus]);
    out
}

/// A message with one focus; R4 headers name the definition, STU3 headers have its event alone.
fn message(release: &str, event: &str, focus: &Value) -> Value {
    let coding = json!({"system": "https://hospital.test/events", "code": event});
    let (one, two) = ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0");
    let mut header =
        json!({"resourceType": "MessageHeader", "source": {"endpoint": "urn:x:1"}, "focus": [{"reference": two}]});
    if release == "3.0" {
        header["event"] = coding;
        header["timestamp"] = "2026-01-01T10:00:00+00:00".into();
    } else {
        header["eventCoding"] = coding;
        header["definition"] = "https://hospital.test/MessageDefinition/referral".into();
    }
    json!({"resourceType": "Bundle", "type": "message", "entry": [
        {"fullUrl": one, "resource": header}, {"fullUrl": two, "resource": focus}
    ]})
}

fn findings(folder: &Path, release: &str, message: &Value) -> Vec<String> {
    std::fs::write(folder.join("definition.json"), definition(release).to_string()).unwrap();
    std::fs::write(folder.join("message.json"), message.to_string()).unwrap();
    let out = Command::new(env!("CARGO_BIN_EXE_hallmark"))
        .arg("check")
        .arg(folder.join("message.json"))
        .arg("--package")
        .arg(folder.join("definition.json"))
        .args(["--fhir-version", release, "--rules", "HM0950,HM0951,HM0952", "--format", "ndjson", "--no-config"])
        .output()
        .unwrap();
    let text = String::from_utf8(out.stdout).unwrap();
    let lines = text.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
    lines.filter(|line| line["type"] == "finding").map(|line| line["rule"].as_str().unwrap().to_owned()).collect()
}

#[test]
fn event_focus_and_profile_are_held_against_the_definition() {
    let folder = tempfile::tempdir().unwrap();
    for (release, ty) in [("3.0", "ReferralRequest"), ("4.0", "ServiceRequest")] {
        let request = |profile: &str| json!({"resourceType": ty, "meta": {"profile": [profile]}, "status": "active", "intent": "order", "subject": {"display": "x"}});
        let right = "https://hospital.test/StructureDefinition/Referral";
        let patient = json!({"resourceType": "Patient", "active": true});
        let cases = [
            ("as defined", message(release, "referral", &request(right)), vec![]),
            ("another profile", message(release, "referral", &request("https://x.test/p")), vec!["HM0952"]),
            ("another type", message(release, "referral", &patient), vec!["HM0951", "HM0951"]),
        ];
        for (title, message, expected) in cases {
            let mut found = findings(folder.path(), release, &message);
            found.sort();
            assert_eq!(found, expected, "{release}: {title}");
        }
    }
    // Only a header that names its definition can contradict it.
    let request = json!({"resourceType": "ServiceRequest", "meta": {"profile": ["https://hospital.test/StructureDefinition/Referral"]}, "status": "active", "intent": "order", "subject": {"display": "x"}});
    assert_eq!(findings(folder.path(), "4.0", &message("4.0", "discharge", &request)), ["HM0950"]);
    let patient = json!({"resourceType": "Patient", "active": true});
    assert!(findings(folder.path(), "3.0", &message("3.0", "discharge", &patient)).is_empty());
}
