//! Results of other tools as evidence: TLS scans of testssl.sh and sslyze, SMART configurations, CapabilityStatements.
//! They are read, never made: no socket is opened here.

use std::collections::BTreeSet;

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::attest::{Attestations, Statement};
use super::criteria::EvidenceKind;
use crate::settings::Date;

/// What one file shows.
#[derive(Clone, Debug, PartialEq, Eq)]
enum Shown {
    /// `tls-1.2`, `tls-1.2-mutual`, `tls-1.3-mutual`, or `none` where an older protocol is offered.
    Tls(&'static str),
    /// A SMART configuration with what it must have.
    Smart,
    /// Resource types that a CapabilityStatement declares with at least one interaction.
    Capability(BTreeSet<String>),
}

impl Attestations {
    /// Adds the result file of another tool, in JSON; `collected` is the day it was made. TLS scans
    /// are evidence for `CYB-3`, SMART configurations for `INT-6`, CapabilityStatements for the measure
    /// `capability-declared`: resource types of the feed that are declared, of all that were seen.
    ///
    /// # Errors
    /// A sentence that says what the file is not.
    pub fn add_evidence(
        &mut self,
        name: &str,
        text: &str,
        partner: Option<&str>,
        collected: Date,
    ) -> Result<(), String> {
        let value: Value = serde_json::from_str(text.trim_start_matches('\u{FEFF}'))
            .map_err(|e| format!("{name} is not well-formed JSON: {e}"))?;
        let shown = read(&value).ok_or_else(|| {
            format!("{name} is no TLS scan of testssl.sh or sslyze, SMART configuration or CapabilityStatement")
        })?;
        let (criterion, stated, kind) = match shown {
            Shown::Tls(stated) => ("CYB-3", stated, EvidenceKind::Tls),
            Shown::Smart => ("INT-6", "present", EvidenceKind::Capability),
            Shown::Capability(types) => {
                self.capabilities.push((partner.map(String::from), types));
                return Ok(());
            }
        };
        self.statements.push(Statement {
            criterion: criterion.into(),
            partner: partner.map(String::from),
            value: stated.into(),
            kind,
            by_role: "scan".into(),
            on: collected,
            valid_until: None,
            reference: name.into(),
            sha256: Sha256::digest(text.as_bytes()).iter().map(|b| format!("{b:02x}")).collect(),
            file: name.into(),
        });
        Ok(())
    }
}

fn read(value: &Value) -> Option<Shown> {
    if value["resourceType"] == "CapabilityStatement" {
        return Some(Shown::Capability(declared(value)));
    }
    if value["authorization_endpoint"].is_string() && value["token_endpoint"].is_string() {
        return value["capabilities"].is_array().then_some(Shown::Smart);
    }
    sslyze(value).or_else(|| testssl(value)).map(Shown::Tls)
}

fn declared(value: &Value) -> BTreeSet<String> {
    let resources =
        value["rest"].as_array().into_iter().flatten().flat_map(|r| r["resource"].as_array().into_iter().flatten());
    resources
        .filter(|r| r["interaction"].as_array().is_some_and(|i| !i.is_empty()))
        .filter_map(|r| r["type"].as_str().map(String::from))
        .collect()
}

/// What an endpoint offers.
#[derive(Clone, Copy, Debug, Default)]
struct Endpoint {
    old: bool,
    tls12: bool,
    tls13: bool,
    mutual: bool,
}

impl Endpoint {
    fn grade(self) -> &'static str {
        match (self.old || !(self.tls12 || self.tls13), self.mutual, self.tls13) {
            (true, _, _) => "none",
            (false, true, true) => "tls-1.3-mutual",
            (false, true, false) => "tls-1.2-mutual",
            (false, false, _) => "tls-1.2",
        }
    }
}

/// `--jsonfile` (a list of findings) and `--jsonfile-pretty` (findings by section) of testssl.sh.
fn testssl(value: &Value) -> Option<&'static str> {
    let mut findings: Vec<&Value> = value.as_array().map(|a| a.iter().collect()).unwrap_or_default();
    for scan in value["scanResult"].as_array().into_iter().flatten() {
        for section in scan.as_object().into_iter().flatten().filter_map(|(_, v)| v.as_array()) {
            findings.extend(section);
        }
    }
    let mut endpoint = Endpoint::default();
    let mut seen = false;
    for finding in findings {
        let (Some(id), Some(says)) = (finding["id"].as_str(), finding["finding"].as_str()) else { continue };
        let offered = says.starts_with("offered");
        match id {
            "SSLv2" | "SSLv3" | "TLS1" | "TLS1_1" => endpoint.old |= offered,
            "TLS1_2" => endpoint.tls12 |= offered,
            "TLS1_3" => endpoint.tls13 |= offered,
            "clientAuth" => {
                endpoint.mutual |= says.starts_with("required");
                continue;
            }
            _ => continue,
        }
        seen = true;
    }
    seen.then(|| endpoint.grade())
}

/// `--json_out` of sslyze; the weakest of its servers counts.
fn sslyze(value: &Value) -> Option<&'static str> {
    let servers = value["server_scan_results"].as_array()?;
    let mut all = Endpoint { old: false, tls12: true, tls13: true, mutual: true };
    let mut seen = false;
    for server in servers {
        let scan = &server["scan_result"];
        let accepts = |name: &str| {
            let suites = &scan[name]["result"]["accepted_cipher_suites"];
            suites.as_array().is_some_and(|s| !s.is_empty())
        };
        if !scan["tls_1_2_cipher_suites"].is_object() {
            continue;
        }
        seen = true;
        all.old |= ["ssl_2_0", "ssl_3_0", "tls_1_0", "tls_1_1"].iter().any(|p| accepts(&format!("{p}_cipher_suites")));
        all.tls12 &= accepts("tls_1_2_cipher_suites");
        all.tls13 &= accepts("tls_1_3_cipher_suites");
        all.mutual &= server["connectivity_result"]["client_auth_requirement"] == "REQUIRED";
    }
    seen.then(|| all.grade())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(offered: &[&str], client: &str) -> String {
        let protocols = ["SSLv3", "TLS1", "TLS1_1", "TLS1_2", "TLS1_3"].map(|id| {
            let says = if offered.contains(&id) { "offered" } else { "not offered" };
            format!("{{\"id\":\"{id}\",\"severity\":\"INFO\",\"finding\":\"{says}\"}}")
        });
        format!("[{},{{\"id\":\"clientAuth\",\"finding\":\"{client}\"}}]", protocols.join(","))
    }

    fn suites(n: usize) -> String {
        format!("{{\"result\":{{\"accepted_cipher_suites\":[{}]}}}}", vec!["{}"; n].join(","))
    }

    #[test]
    fn scans_are_graded_by_the_weakest() {
        let sslyze = |old: usize, tls13: usize, auth: &str| {
            format!(
                "{{\"server_scan_results\":[{{\"connectivity_result\":{{\"client_auth_requirement\":\"{auth}\"}},\"scan_result\":\
                 {{\"tls_1_0_cipher_suites\":{},\"tls_1_2_cipher_suites\":{},\"tls_1_3_cipher_suites\":{}}}}}]}}",
                suites(old),
                suites(4),
                suites(tls13)
            )
        };
        for (text, grade) in [
            (flat(&["TLS1_2"], "none"), "tls-1.2"),
            (flat(&["TLS1_2", "TLS1_3"], "required"), "tls-1.3-mutual"),
            (flat(&["TLS1_2"], "required"), "tls-1.2-mutual"),
            (flat(&["TLS1", "TLS1_2", "TLS1_3"], "required"), "none"),
            (flat(&[], "required"), "none"),
            (format!("{{\"scanResult\":[{{\"protocols\":{}}}]}}", flat(&["TLS1_2"], "none")), "tls-1.2"),
            (sslyze(0, 3, "REQUIRED"), "tls-1.3-mutual"),
            (sslyze(2, 3, "REQUIRED"), "none"),
            (sslyze(0, 0, "DISABLED"), "tls-1.2"),
        ] {
            let value: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(read(&value), Some(Shown::Tls(grade)), "{text}");
        }
    }

    #[test]
    fn other_files_are_told_apart() {
        let mut attestations = Attestations::default();
        let day = Date::parse("2026-11-01").unwrap();
        let capability = "{\"resourceType\":\"CapabilityStatement\",\"rest\":[{\"resource\":[{\"type\":\"Patient\",\"interaction\":[{\"code\":\"read\"}]},{\"type\":\"Flag\"}]}]}";
        attestations.add_evidence("c.json", capability, Some("X26"), day).unwrap();
        assert_eq!(attestations.capabilities[0].1, BTreeSet::from(["Patient".to_string()]));
        let smart = "{\"authorization_endpoint\":\"a\",\"token_endpoint\":\"b\",\"capabilities\":[]}";
        attestations.add_evidence("s.json", smart, None, day).unwrap();
        assert_eq!(
            (attestations.statements[0].criterion.as_str(), attestations.statements[0].value.as_str()),
            ("INT-6", "present")
        );
        assert!(attestations.add_evidence("x.json", "{}", None, day).is_err());
        assert!(attestations.add_evidence("x.json", "{", None, day).unwrap_err().contains("well-formed"));
    }
}
