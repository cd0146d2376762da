//! `$validate`: from the bytes of a request to an OperationOutcome. Runs on a thread that may block.

use axum::http::StatusCode;
use hallmark::finding::{Finding, Severity};
use hallmark::session::{BuildError, State};
use serde_json::Value;

use crate::checkers::{Asked, Checkers};
use crate::media::Form;
use crate::outcome::{self, Refusal};
use crate::parameters::{Sent, taken};

/// Profiles that one request may name, and the length of each.
const PROFILES: usize = 16;
const PROFILE_LENGTH: usize = 1024;

/// What a request says besides its body.
#[derive(Clone, Debug, Default)]
pub struct Request {
    /// Release that the path names.
    pub release: Option<&'static str>,
    /// Type that the path names.
    pub kind: Option<String>,
    /// Profiles of the query.
    pub profiles: Vec<String>,
    /// Mode of the query.
    pub mode: Option<String>,
    /// Parameters of the query that say nothing here.
    pub left_aside: usize,
}

/// An answer with what is counted of it.
#[derive(Debug)]
pub struct Answer {
    /// Status.
    pub status: StatusCode,
    /// An OperationOutcome.
    pub outcome: Value,
    /// Findings that count, most severe first.
    pub findings: [u64; 4],
    /// Times that something could not be checked.
    pub not_assessed: u64,
}

/// Checks what a request brings.
///
/// # Errors
/// Why nothing was checked.
pub fn validate(checkers: &Checkers, request: &Request, body: &[u8], form: Form) -> Result<Answer, Refusal> {
    let sent = body_of(body, form)?;
    let mut notes = mode(request, &sent)?;
    if let (Some(asked), Some(kind)) = (&request.kind, &sent.kind)
        && asked != kind
    {
        return Err(Refusal::bad("the resource is not of the type that the path names"));
    }
    let mut profiles = request.profiles.clone();
    profiles.extend(sent.profiles.iter().cloned());
    if profiles.len() > PROFILES || profiles.iter().any(|p| p.len() > PROFILE_LENGTH || p.is_empty()) {
        return Err(Refusal::bad(format!(
            "a request names at most {PROFILES} profiles, none of them empty or longer than {PROFILE_LENGTH} bytes"
        )));
    }
    let asked = Asked { release: request.release, profiles };
    let checker = checkers.of(&asked).map_err(|error| match error {
        BuildError::Profile { why, .. } => {
            Refusal::new(StatusCode::UNPROCESSABLE_ENTITY, "not-found", format!("a profile that was asked for: {why}"))
        }
        other => Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "exception", other.to_string()),
    })?;
    let mut checked = checker.check(&sent.message);
    if let Some(put_in) = sent.put_in {
        checked.findings.iter_mut().for_each(|finding| as_sent(finding, put_in));
    }
    if request.left_aside > 0 {
        notes.push(format!("{} of the query: not known here, left aside", parameters(request.left_aside)));
    }
    let status = match checked.state {
        State::Read => StatusCode::OK,
        State::Failed => StatusCode::BAD_REQUEST,
        State::Skipped => StatusCode::UNPROCESSABLE_ENTITY,
    };
    let outcome = outcome::of(&checked, &notes)
        .map_err(|e| Refusal::new(StatusCode::INTERNAL_SERVER_ERROR, "exception", e.to_string()))?;
    let count = |severity| checked.findings.iter().filter(|f| f.counts() && f.severity == severity).count() as u64;
    let not_assessed = checked.not_assessed.iter().map(|(_, n)| n).sum();
    Ok(Answer { status, outcome, findings: Severity::ALL.map(count), not_assessed })
}

fn body_of(body: &[u8], form: Form) -> Result<Sent<'_>, Refusal> {
    if body.iter().all(u8::is_ascii_whitespace) {
        return Err(Refusal::new(
            StatusCode::BAD_REQUEST,
            "required",
            "the body is empty: it holds the resource to check",
        ));
    }
    match Form::seen(body) {
        Some(seen) if seen != form => {
            Err(Refusal::bad("the body is not in the form that Content-Type names: one is JSON, the other XML"))
        }
        _ => taken(body, form),
    }
}

/// What is to be said of the mode.
fn mode(request: &Request, sent: &Sent<'_>) -> Result<Vec<String>, Refusal> {
    let named = match (&request.mode, &sent.mode) {
        (Some(one), Some(other)) if one != other => {
            return Err(Refusal::bad("the query and the Parameters name different modes"));
        }
        (one, other) => one.as_ref().or(other.as_ref()),
    };
    match named.map(String::as_str) {
        None => Ok(Vec::new()),
        Some("create" | "update") => Ok(vec![
            "nothing is stored here: the content was checked, and not whether a store would take it".to_owned(),
        ]),
        Some("profile") if request.profiles.is_empty() && sent.profiles.is_empty() => {
            Err(Refusal::bad("the mode profile needs a profile"))
        }
        Some("profile") => Ok(Vec::new()),
        Some("delete") => Err(Refusal::new(
            StatusCode::UNPROCESSABLE_ENTITY,
            "not-supported",
            "nothing is stored here, so that nothing can be said of deleting it",
        )),
        Some(_) => Err(Refusal::bad("the mode is none of create, update, delete and profile")),
    }
}

/// The place of a finding in the bytes as they were sent.
fn as_sent(finding: &mut Finding, (line, column, length): (u64, u32, u32)) {
    let back = |at: u32| if at >= column + length { at - length } else { at.min(column) };
    if finding.line == line {
        finding.column = back(finding.column);
    }
    if finding.end.0 == line {
        finding.end.1 = back(finding.end.1);
    }
}

fn parameters(n: usize) -> String {
    if n == 1 { "1 parameter".to_owned() } else { format!("{n} parameters") }
}
