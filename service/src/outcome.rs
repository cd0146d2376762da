//! Answers: an OperationOutcome of what a check found, or of why there was none.

use axum::http::StatusCode;
use hallmark::finding::Finding;
use hallmark::report::{Format, WriteOptions, clean, open};
use hallmark::session::{Checked, RunOutcome};
use serde_json::{Map, Value, json};

/// System of what could not be checked, in `details.coding`.
const NOT_ASSESSED: &str = "urn:hallmark:not-assessed";
/// Members of an issue in the order of its definition.
const ORDER: [&str; 7] = ["extension", "severity", "code", "details", "diagnostics", "location", "expression"];

/// Why a request was not carried out.
#[derive(Clone, Debug)]
pub struct Refusal {
    /// Status.
    pub status: StatusCode,
    /// Code of FHIR's IssueType.
    pub code: &'static str,
    /// Why, and what to do.
    pub says: String,
    /// Seconds after which it may be tried again.
    pub retry: Option<u32>,
}

impl Refusal {
    /// One that no trying again changes.
    pub fn new(status: StatusCode, code: &'static str, says: impl Into<String>) -> Self {
        Self { status, code, says: says.into(), retry: None }
    }

    /// Bytes or parameters that cannot be taken.
    pub fn bad(says: impl Into<String>) -> Self {
        Self::new(StatusCode::BAD_REQUEST, "invalid", says)
    }

    /// As a resource.
    pub fn outcome(&self) -> Value {
        let severity = if self.status.is_server_error() { "fatal" } else { "error" };
        let says = clean(&self.says);
        json!({
            "resourceType": "OperationOutcome",
            "issue": [{"severity": severity, "code": self.code, "details": {"text": says}, "diagnostics": says}],
        })
    }
}

/// What a check found, as the format `operation-outcome` of the command line says it, and in `diagnostics` and `location` as
/// clients of older services read it; then what could not be checked, and `notes` on the request.
///
/// # Errors
/// When the format cannot be written.
pub fn of(checked: &Checked, notes: &[String]) -> std::io::Result<Value> {
    let options = WriteOptions { version: env!("CARGO_PKG_VERSION").to_owned(), ..WriteOptions::default() };
    let format = Format::named("operation-outcome").ok_or_else(|| std::io::Error::other("there is no such format"))?;
    let mut bytes = Vec::new();
    {
        let mut writer = open(format, &options, &mut bytes)?;
        for finding in &checked.findings {
            writer.finding(finding)?;
        }
        writer.close(&RunOutcome::default())?;
    }
    let mut outcome: Value = serde_json::from_slice(&bytes)?;
    let Some(issues) = outcome.get_mut("issue").and_then(Value::as_array_mut) else { return Ok(outcome) };
    for (at, issue) in issues.iter_mut().enumerate() {
        *issue = for_older_clients(issue, checked.findings.get(at));
    }
    for (what, count) in &checked.not_assessed {
        let times = if *count == 1 { "once".to_owned() } else { format!("{count} times") };
        let says = format!("not assessed: {} {}, {times}", what.what, what.canonical);
        let says = clean(&says);
        issues.push(json!({
            "severity": "information",
            "code": "not-supported",
            "details": {"coding": [{"system": NOT_ASSESSED, "code": what.what}], "text": says},
            "diagnostics": says,
        }));
    }
    for note in notes {
        issues.push(json!({
            "severity": "information", "code": "informational", "details": {"text": note}, "diagnostics": note,
        }));
    }
    Ok(outcome)
}

fn for_older_clients(issue: &Value, finding: Option<&Finding>) -> Value {
    let mut more: Map<String, Value> = issue.as_object().cloned().unwrap_or_default();
    let text = issue["details"]["text"].as_str().unwrap_or_default();
    let says = match issue["diagnostics"].as_str() {
        Some(why) => format!("{text} [{why}]"),
        None => text.to_owned(),
    };
    more.insert("diagnostics".to_owned(), says.into());
    if let Some(finding) = finding.filter(|f| f.line > 0) {
        let place = format!("Line[{}] Col[{}]", finding.line, finding.column);
        let path = issue["expression"][0].as_str().map(str::to_owned);
        more.insert("location".to_owned(), path.into_iter().chain([place]).collect());
    }
    ORDER.iter().filter_map(|name| more.remove_entry(*name)).collect::<Map<_, _>>().into()
}
