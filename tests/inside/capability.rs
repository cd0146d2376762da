//! What a server declares against requirement sets, and SMART configurations against their schema.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

use hallmark::read::{self, Limits};
use hallmark::rules::capability::{
    Declared, GapTable, Need, State, Subject, declared, gaps, requirement_set, requirement_sets, smart_configuration,
};
use serde_json::json;

fn read(text: &str) -> Option<Declared> {
    let mut faults = Vec::new();
    let text = read::text_of(text.as_bytes(), &Limits::default(), &mut faults).unwrap();
    let (tree, faults) = read::read_into(&text, &Limits::default(), Vec::new());
    assert!(faults.is_empty(), "{faults:?}");
    declared(tree.root().unwrap())
}

fn table(text: &str, set: &str) -> GapTable {
    gaps(&read(text).unwrap(), &requirement_set(set).unwrap().unwrap())
}

#[test]
fn the_sets_that_ship_are_whole() {
    let sets = requirement_sets().unwrap();
    assert_eq!(
        sets.iter().map(|s| s.name.as_str()).collect::<Vec<_>>(),
        ["careconnect-api", "gp-connect-structured", "uk-core"]
    );
    for set in sets {
        assert!(set.resources.iter().any(|r| r.need == Need::Shall), "{}", set.name);
        for (i, resource) in set.resources.iter().enumerate() {
            assert!(set.resources[..i].iter().all(|other| other.ty != resource.ty), "{} {}", set.name, resource.ty);
            assert!(resource.profiles.iter().all(|p| p.starts_with("https://fhir.")), "{} {}", set.name, resource.ty);
        }
    }
}

const JSON: &str = r#"{"resourceType": "CapabilityStatement", "status": "active", "fhirVersion": "3.0.1", "format": ["application/fhir+json"],
  "profile": [{"reference": "https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"}],
  "rest": [{"mode": "server", "resource": [{"type": "Patient", "interaction": [{"code": "read"}, {"code": "search-type"}],
    "searchParam": [{"name": "identifier", "type": "token"}]}],
    "operation": [{"name": "gpc.getstructuredrecord", "definition": {"reference": "https://fhir.nhs.uk/STU3/OperationDefinition/GPConnect-GetStructuredRecord-Operation-1"}}]}]}"#;

const XML: &str = r#"<CapabilityStatement xmlns="http://hl7.org/fhir"><status value="active"/><fhirVersion value="3.0.1"/><format value="application/fhir+json"/>
  <profile><reference value="https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Patient-1"/></profile>
  <rest><mode value="server"/><resource><type value="Patient"/><interaction><code value="read"/></interaction><interaction><code value="search-type"/></interaction>
    <searchParam><name value="identifier"/><type value="token"/></searchParam></resource>
    <operation><name value="gpc.getstructuredrecord"/><definition><reference value="https://fhir.nhs.uk/STU3/OperationDefinition/GPConnect-GetStructuredRecord-Operation-1"/></definition></operation></rest></CapabilityStatement>"#;

#[test]
fn gaps_are_told_row_by_row() {
    assert_eq!(read(JSON), read(XML));
    let table = table(JSON, "gp-connect-structured");
    let state = |subject, resource: &str, asked: &str| {
        let mut rows = table.rows.iter().filter(|r| r.subject == subject && r.resource == resource && r.asked == asked);
        rows.next().map(|r| r.state)
    };
    for (subject, resource, asked, expected) in [
        (Subject::Version, "", "3.0.1", State::Met),
        (Subject::Format, "", "application/fhir+json", State::Met),
        (Subject::Format, "", "application/fhir+xml", State::Missing),
        (Subject::Operation, "", "gpc.getstructuredrecord", State::Met),
        (Subject::Resource, "Patient", "Patient", State::Met),
        (Subject::Search, "Patient", "identifier", State::Met),
        (Subject::Resource, "Location", "Location", State::Missing),
    ] {
        assert_eq!(state(subject, resource, asked), Some(expected), "{subject:?} {resource} {asked}");
    }
    let patient = table.rows.iter().find(|r| r.subject == Subject::Profile && r.resource == "Patient").unwrap();
    assert_eq!(patient.state, State::Met, "STU3 lists profiles for the whole statement");
    let (met, all) = table.mandatory();
    assert!(met > 0 && met < all);
    assert!(table.missing().all(|r| r.state == State::Missing));
}

#[test]
fn another_resource_is_no_statement() {
    assert_eq!(read(r#"{"resourceType": "Patient", "active": true}"#), None);
}

#[test]
fn smart_configurations_are_checked() {
    let sound = json!({
        "issuer": "https://ehr.test", "jwks_uri": "https://ehr.test/jwks", "authorization_endpoint": "https://ehr.test/authorize",
        "token_endpoint": "https://ehr.test/token", "grant_types_supported": ["authorization_code"],
        "code_challenge_methods_supported": ["S256"], "capabilities": ["launch-ehr", "sso-openid-connect", "permission-v2"]
    });
    assert!(smart_configuration("smart.json", &sound.to_string()).is_ok());
    let without = |key: &str| {
        let mut changed = sound.clone();
        changed.as_object_mut().unwrap().remove(key);
        changed
    };
    let with = |key: &str, value: serde_json::Value| {
        let mut changed = sound.clone();
        changed[key] = value;
        changed
    };
    for (title, text) in [
        ("no token endpoint", without("token_endpoint")),
        ("launch without authorisation", without("authorization_endpoint")),
        ("sign-on without keys", without("jwks_uri")),
        ("plain challenges", with("code_challenge_methods_supported", json!(["S256", "plain"]))),
        ("no S256", with("code_challenge_methods_supported", json!(["S512"]))),
        ("no TLS", with("token_endpoint", json!("http://ehr.test/token"))),
        ("no capabilities", with("capabilities", json!([]))),
        ("keys without their method", with("capabilities", json!(["client-confidential-asymmetric"]))),
    ] {
        let faults = smart_configuration("smart.json", &text.to_string()).unwrap_err();
        assert!(!faults.0.is_empty(), "{title}");
    }
}
