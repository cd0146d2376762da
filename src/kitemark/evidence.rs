//! Files as evidence: CapabilityStatements, SMART configurations, TLS scans, answered lists of requirements; and
//! documents that statements name by digest. Each keeps its digest, its day and its last day.

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::attest::{Attestations, NOTHING, Statement};
use super::criteria::{CriteriaSet, EvidenceKind, ResultKind};
use super::offered::{Offer, capability, smart};
use super::{requirement_list, tls};
use crate::settings::Date;

/// Months for which a CapabilityStatement is evidence unless another last day is given.
const OFFER_MONTHS: i32 = 12;

/// What a file is called that is not the one whose digest was written down.
pub(super) const OTHER_DIGEST: &str = "not used";

/// One file that was read as evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EvidenceFile {
    /// Name.
    pub name: String,
    /// What it is, in words.
    pub what: &'static str,
    /// ODS code; none where the one partner that is reported is meant.
    pub partner: Option<String>,
    /// Day it was collected.
    pub collected: Date,
    /// Last day it is evidence.
    pub valid_until: Option<Date>,
    /// SHA-256 in hex.
    pub sha256: String,
    /// What it shows, one sentence each.
    pub says: Vec<String>,
}

/// What a file is that an attestation file names.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Beside {
    /// The result of another tool.
    Evidence,
    /// A document behind a statement.
    Document,
}

/// A file that an attestation file names.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Sought {
    pub(super) file: String,
    pub(super) from: String,
    pub(super) partner: Option<String>,
    pub(super) on: Option<Date>,
    pub(super) valid_until: Option<Date>,
    pub(super) sha256: Option<String>,
}

/// What is known about a file besides its content.
#[derive(Clone, Copy, Debug)]
pub struct About<'a> {
    /// ODS code; none where the one partner that is reported is meant.
    pub partner: Option<&'a str>,
    /// Day it was collected; by default the day that stands in the file, else the day of the report.
    pub collected: Option<Date>,
    /// Last day it is evidence.
    pub valid_until: Option<Date>,
    /// The day of the report.
    pub today: Date,
}

impl Attestations {
    /// Adds a file of another tool: a CapabilityStatement (JSON or XML), a SMART configuration, a scan of testssl.sh or
    /// sslyze (JSON), or an answered list of requirements separated by pipes. Criteria that name its kind as their
    /// `result` take it as a statement; nothing is ever opened but these bytes.
    ///
    /// # Errors
    /// A sentence that says what the file is not, or where it is wrong.
    pub fn add_evidence(&mut self, set: &CriteriaSet, name: &str, text: &str, about: About<'_>) -> Result<(), String> {
        let digest = sha256(text.as_bytes());
        let text = text.trim_start_matches('\u{FEFF}');
        let mut file = EvidenceFile {
            name: name.into(),
            what: "",
            partner: about.partner.map(String::from),
            collected: about.collected.unwrap_or(about.today),
            valid_until: about.valid_until,
            sha256: digest,
            says: Vec::new(),
        };
        let dated = |made: Option<Date>| about.collected.or(made).unwrap_or(about.today);
        if requirement_list::is_list(text) {
            let answers = requirement_list::answers(name, text).map_err(|f| f.to_string())?;
            file.what = "requirements answered by the supplier";
            file.says = answers.says();
            self.state(set, ResultKind::RequirementList, answers.value(), EvidenceKind::Document, &file);
        } else if let Some((declared, made)) = capability(text) {
            file.what = "CapabilityStatement";
            file.collected = dated(made);
            file.valid_until = about.valid_until.or_else(|| Some(file.collected.plus_months(OFFER_MONTHS)));
            let security = if declared.security { "is" } else { "is not" };
            file.says = vec![
                format!("FHIR {}, {} types of resource", declared.fhir_version, declared.resources.len()),
                format!("a security service {security} coded"),
            ];
            let (partner, collected, valid_until) = (file.partner.clone(), file.collected, file.valid_until);
            self.offers.push(Offer { partner, declared, collected, valid_until, file: name.into() });
        } else {
            let value: Value =
                serde_json::from_str(text).map_err(|e| format!("{name} is not well-formed JSON: {e}"))?;
            if is_smart(&value) {
                let faults = smart(name, text);
                file.what = "SMART configuration";
                let value = if faults.is_empty() { "present" } else { "absent" };
                file.says = if faults.is_empty() { vec!["it is sound".into()] } else { faults };
                self.state(set, ResultKind::SmartConfiguration, value, EvidenceKind::Capability, &file);
            } else if let Some(scan) = tls::scan(&value) {
                file.what = "TLS scan";
                file.collected = dated(scan.made);
                file.valid_until = about.valid_until.into_iter().chain(scan.until).min();
                file.says = scan.says;
                self.state(set, ResultKind::TlsScan, scan.value, EvidenceKind::Tls, &file);
            } else if value["bomFormat"] == "CycloneDX" {
                let parts = value["components"].as_array().map_or(0, Vec::len) as u64;
                file.what = "bill of materials";
                file.collected = dated(value["metadata"]["timestamp"].as_str().and_then(Date::parse));
                file.says = vec![format!("CycloneDX, {}", crate::text::counted(parts, "component"))];
                let value = if parts > 0 { "sbom" } else { NOTHING };
                self.state(set, ResultKind::Sbom, value, EvidenceKind::Document, &file);
            } else if value["openapi"].is_string() {
                let paths = value["paths"].as_object().map_or(0, serde_json::Map::len) as u64;
                file.what = "description of the interface";
                file.says = vec![format!("OpenAPI, {}", crate::text::counted(paths, "path"))];
                let value = if paths > 0 { "described" } else { NOTHING };
                self.state(set, ResultKind::ApiDescription, value, EvidenceKind::Document, &file);
            } else {
                return Err(format!(
                    "{name} is not a CapabilityStatement, SMART configuration, TLS scan of testssl.sh or sslyze, bill of \
                     materials in CycloneDX, OpenAPI description in JSON, or list of requirements"
                ));
            }
        }
        self.files.push(file);
        Ok(())
    }

    /// Adds the statement that a file amounts to, for each criterion that takes its kind.
    fn state(&mut self, set: &CriteriaSet, kind: ResultKind, value: &str, evidence: EvidenceKind, file: &EvidenceFile) {
        for criterion in set.criteria.iter().filter(|c| c.result == Some(kind)) {
            let known = criterion.accepts.iter().flatten().any(|v| v == value);
            self.statements.push(Statement {
                criterion: criterion.id.clone(),
                partner: file.partner.clone(),
                value: if known { value.into() } else { NOTHING.into() },
                kind: evidence,
                by_role: file.what.into(),
                on: file.collected,
                valid_until: file.valid_until,
                reference: file.name.clone(),
                sha256: file.sha256.clone(),
                file: file.name.clone(),
                broken: None,
                seen: evidence.is_measured(),
            });
        }
    }

    /// Reads what attestation files name: files of `[[evidence]]`, and documents that stand beside a statement with a
    /// digest. `read` gives the bytes of a file (third) that is named in another (second), or nothing. A file that is
    /// not the one whose digest was written down is shown and not used.
    ///
    /// # Errors
    /// A sentence that says which file cannot be read or is of no kind that is known.
    pub fn settle(
        &mut self,
        set: &CriteriaSet,
        today: Date,
        read: &dyn Fn(Beside, &str, &str) -> Option<Vec<u8>>,
    ) -> Result<(), String> {
        for statement in &mut self.statements {
            if statement.sha256.is_empty() || statement.reference.is_empty() {
                continue;
            }
            // What is not beside the file, such as a web page, is nobody's to check here.
            if let Some(bytes) = read(Beside::Document, &statement.file, &statement.reference)
                && sha256(&bytes) != statement.sha256
            {
                let name = &statement.reference;
                statement.broken = Some(format!("{name} is not the document that was stated: its digest differs"));
            }
        }
        for sought in std::mem::take(&mut self.sought) {
            let bytes = read(Beside::Evidence, &sought.from, &sought.file)
                .ok_or_else(|| format!("{}, named in {}, cannot be read", sought.file, sought.from))?;
            let about = About {
                partner: sought.partner.as_deref(),
                collected: sought.on,
                valid_until: sought.valid_until,
                today,
            };
            let digest = sha256(&bytes);
            if sought.sha256.as_ref().is_some_and(|named| *named != digest) {
                self.files.push(EvidenceFile {
                    name: sought.file,
                    what: OTHER_DIGEST,
                    partner: sought.partner,
                    collected: sought.on.unwrap_or(today),
                    valid_until: sought.valid_until,
                    sha256: digest,
                    says: vec!["it is not the file that was named: its digest differs, so it is not used".into()],
                });
                continue;
            }
            let text = String::from_utf8(bytes).map_err(|_| format!("{} is not text in UTF-8", sought.file))?;
            self.add_evidence(set, &sought.file, &text, about)?;
        }
        Ok(())
    }
}

fn is_smart(value: &Value) -> bool {
    value["resourceType"].is_null()
        && ["authorization_endpoint", "token_endpoint", "code_challenge_methods_supported"]
            .iter()
            .any(|key| !value[*key].is_null())
}

/// SHA-256 as hexadecimal digits.
pub(super) fn sha256(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}
