//! FHIR OperationOutcome, one per source, in the shape STU3 and R4 share, with the reference validator's extensions.

use std::io::{self, Write};

use serde_json::{Value, json};

use super::row::{counted, hash, says, uncounted};
use super::{WriteOptions, Writer};
use crate::finding::{Finding, Severity};
use crate::tally::RunOutcome;

const BASE: &str = "http://hl7.org/fhir/StructureDefinition/operationoutcome-";
/// System of our rule ids in `details.coding`.
const RULES: &str = "urn:hallmark:rule";

/// One OperationOutcome, or a collection Bundle of them when there are several sources.
pub(super) struct Outcomes<'o, W> {
    options: &'o WriteOptions,
    out: W,
    /// Sources with findings, in order.
    sources: Vec<Source>,
    /// Issues that are kept.
    kept: usize,
}

/// Issues at most: beyond, findings are counted, and the outcome of their source says so.
const MOST: usize = 20_000;

struct Source {
    index: usize,
    name: String,
    issues: Vec<Value>,
    /// Findings beyond the most, and the most severe of them.
    beyond: Option<(u64, Severity)>,
}

impl Source {
    /// Every issue, and what is left out.
    fn resource(self, options: &WriteOptions) -> Value {
        let mut issues = self.issues;
        if let Some((count, worst)) = self.beyond {
            let text = format!("{} left out; the format ndjson holds all", counted(count, "further finding"));
            issues.push(json!({"severity": worst.as_str(), "code": "too-costly", "details": {"text": text}}));
        }
        resource(options, &self.name, issues)
    }
}

impl<'o, W: Write> Outcomes<'o, W> {
    pub(super) fn new(options: &'o WriteOptions, out: W) -> Self {
        Self { options, out, sources: Vec::new(), kept: 0 }
    }
}

impl<W: Write> Writer for Outcomes<'_, W> {
    fn finding(&mut self, finding: &Finding) -> io::Result<()> {
        if self.sources.last().is_none_or(|source| source.index != finding.source_index) {
            let (index, name) = (finding.source_index, finding.source.to_string());
            self.sources.push(Source { index, name, issues: Vec::new(), beyond: None });
        }
        let Some(source) = self.sources.last_mut() else { return Ok(()) };
        if self.kept < MOST {
            self.kept += 1;
            source.issues.push(issue(finding));
        } else {
            let severity = if finding.counts() { finding.severity } else { Severity::Information };
            let (count, worst) = source.beyond.unwrap_or((0, severity));
            source.beyond = Some((count + 1, worst.min(severity)));
        }
        Ok(())
    }

    fn close(mut self: Box<Self>, outcome: &RunOutcome) -> io::Result<()> {
        let mut found = std::mem::take(&mut self.sources).into_iter().peekable();
        let mut resources = Vec::new();
        for (index, source) in outcome.sources.iter().enumerate() {
            // Findings of hallmark's own files (waivers, configuration) come under names that are no source.
            while let Some(other) = found.next_if(|other| other.index < index) {
                resources.push(other.resource(self.options));
            }
            resources.push(match found.next_if(|other| other.index == index) {
                Some(own) => own.resource(self.options),
                None => resource(self.options, &source.name, Vec::new()),
            });
        }
        resources.extend(found.map(|other| other.resource(self.options)));
        let value = match resources.len() {
            0 => resource(self.options, "", Vec::new()),
            1 => resources.swap_remove(0),
            _ => bundle(resources),
        };
        serde_json::to_writer_pretty(&mut self.out, &value)?;
        self.out.write_all(b"\n")?;
        self.out.flush()
    }
}

fn resource(options: &WriteOptions, source: &str, mut issues: Vec<Value>) -> Value {
    if issues.is_empty() {
        issues.push(json!({
            "severity": "information",
            "code": "informational",
            "details": {"text": "No findings"},
        }));
    }
    if source.is_empty() {
        return json!({"resourceType": "OperationOutcome", "issue": issues});
    }
    json!({
        "resourceType": "OperationOutcome",
        "extension": [{"url": format!("{BASE}file"), "valueString": options.relative(source)}],
        "issue": issues,
    })
}

fn issue(finding: &Finding) -> Value {
    let severity = if finding.counts() { finding.severity } else { Severity::Information };
    let mut extension = Vec::new();
    if finding.line > 0 {
        // As HL7 defines them: the line is an integer, the column a string.
        extension.push(json!({"url": format!("{BASE}issue-line"), "valueInteger": finding.line}));
        extension.push(json!({"url": format!("{BASE}issue-col"), "valueString": finding.column.to_string()}));
    }
    extension.push(json!({"url": format!("{BASE}issue-source"), "valueString": finding.origin.as_str()}));
    extension.push(json!({"url": format!("{BASE}message-id"), "valueString": finding.meta.name}));
    if !finding.profile.is_empty() {
        extension.push(json!({"url": format!("{BASE}issue-context"), "valueString": finding.profile}));
    }
    let mut value = json!({
        "extension": extension,
        "severity": severity.as_str(),
        "code": finding.meta.issue,
        "details": {
            "coding": [{"system": RULES, "code": finding.meta.id, "display": finding.meta.name}],
            "text": says(finding),
        },
    });
    if let Some(why) = uncounted(finding) {
        value["diagnostics"] = format!("{} {why}", finding.severity).into();
    }
    if !finding.path.is_empty() {
        value["expression"] = json!([finding.path]);
    }
    value
}

fn bundle(resources: Vec<Value>) -> Value {
    let entry: Vec<Value> = resources
        .into_iter()
        .enumerate()
        .map(|(i, resource)| json!({"fullUrl": urn(&format!("{i}:{resource}")), "resource": resource}))
        .collect();
    json!({"resourceType": "Bundle", "type": "collection", "entry": entry})
}

/// A name-based UUID (RFC 9562 version 8), the same on every run.
fn urn(name: &str) -> String {
    let hex = hash(&[name]);
    format!("urn:uuid:{}-{}-8{}-a{}-{}", &hex[..8], &hex[8..12], &hex[13..16], &hex[17..20], &hex[20..32])
}
