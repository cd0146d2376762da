//! What the service can do, as a CapabilityStatement of either release.

use serde_json::{Value, json};

/// Day of the statement: it says what this version does.
const DATE: &str = "2026-11-27";

/// The statement for a release, `3.0` or `4.0`.
pub fn statement(release: &str) -> Value {
    let stu3 = release == "3.0";
    let operation = "http://hl7.org/fhir/OperationDefinition/Resource-validate";
    let mut value = json!({
        "resourceType": "CapabilityStatement",
        "name": "HallmarkServe",
        "title": "hallmark behind $validate",
        "status": "active",
        "date": DATE,
        "publisher": "The hallmark project",
        "kind": "instance",
        "software": {"name": "hallmark-serve", "version": env!("CARGO_PKG_VERSION")},
        "implementation": {"description": "Checks messages and stores nothing; findings are those of hallmark's command line"},
        "fhirVersion": if stu3 { "3.0.1" } else { "4.0.1" },
    });
    if stu3 {
        value["acceptUnknown"] = "both".into();
    }
    value["format"] = json!(["application/fhir+json", "application/fhir+xml"]);
    value["rest"] = json!([{
        "mode": "server",
        "documentation": "POST [base]/$validate and [base]/[type]/$validate; nothing else is offered",
        "security": {"description": "None of its own: TLS and authentication are those of the proxy in front"},
        "operation": [{
            "name": "validate",
            "definition": if stu3 { json!({"reference": operation}) } else { operation.into() },
        }],
    }]);
    value
}
