//! `hallmark fhirpath`: evaluates an expression on a message.

use super::args::Fhirpath;
use super::{Exit, Failure, print};
use crate::session::{FhirpathError, Hallmark, as_json, as_text};
use crate::text::Span;

/// Evaluates and prints.
pub fn run(args: &Fhirpath) -> Result<Exit, Failure> {
    let bytes = std::fs::read(&args.file).map_err(|e| Failure::io(&args.file.display().to_string(), &e))?;
    let mut builder = Hallmark::builder().today(super::settle::today()).fhir_version(args.fhir_version.as_str());
    for package in &args.packages {
        builder = builder.package(package);
    }
    if let Some(index) = &args.terminology {
        builder = builder.terminology(index);
    }
    let answers = builder.build()?.fhirpath(&args.expression, &bytes).map_err(|error| match error {
        FhirpathError::Invalid(says, span) => shown("is not valid", &args.expression, &says, span),
        FhirpathError::NotAssessed(says, span) => shown("cannot be decided here", &args.expression, &says, span),
        error @ FhirpathError::Message(_) => Failure { exit: Exit::Findings, says: format!("hallmark: {error}") },
    })?;
    print(&if args.format == "json" { as_json(&answers) + "\n" } else { as_text(&answers) })
}

/// The fault with the expression below it, the part at fault underlined.
fn shown(what: &str, expression: &str, says: &str, span: Span) -> Failure {
    let (start, end) = (span.start as usize, span.end as usize);
    let line = expression.get(..start).map_or(0, |before| before.rfind('\n').map_or(0, |at| at + 1));
    let text = expression.get(line..).unwrap_or_default().lines().next().unwrap_or_default();
    let before = expression.get(line..start).map_or(0, |s| s.chars().count());
    let under = expression.get(start..end).map_or(1, |s| s.lines().next().unwrap_or_default().chars().count()).max(1);
    let marks = " ".repeat(before) + &"^".repeat(under);
    let says = format!("hallmark: the expression {what}: {says} (at {start}..{end})\n  {text}\n  {marks}");
    Failure { exit: Exit::Usage, says }
}
