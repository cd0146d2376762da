//! TLS scans of testssl.sh and sslyze, as JSON: which protocols, ciphers and certificate an endpoint offers. They are
//! read, never made: no socket is opened here.

use serde_json::Value;

use crate::settings::Date;

/// Days before the end of a certificate from which on a scan is no evidence any more.
const CERTIFICATE_DAYS: i64 = 30;

/// What a scan shows of the weakest of its endpoints.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Scan {
    /// `none` where something weak is offered, or `tls-1.2`, `tls-1.2-mutual`, `tls-1.3-mutual`.
    pub(super) value: &'static str,
    /// What was seen, one short sentence each.
    pub(super) says: Vec<String>,
    /// Day of the scan, where the file says it.
    pub(super) made: Option<Date>,
    /// Last day on which it is evidence: 30 days before the first certificate ends.
    pub(super) until: Option<Date>,
}

#[derive(Clone, Debug, Default)]
struct Endpoint {
    old: bool,
    weak: bool,
    tls12: bool,
    tls13: bool,
    mutual: bool,
    /// The scanner's own store trusts the chain.
    trusted: Option<bool>,
    ends: Option<Date>,
}

impl Endpoint {
    fn scan(self, made: Option<Date>) -> Scan {
        let value = match (self.old || self.weak || !(self.tls12 || self.tls13), self.mutual, self.tls13) {
            (true, _, _) => "none",
            (false, true, true) => "tls-1.3-mutual",
            (false, true, false) => "tls-1.2-mutual",
            (false, false, _) => "tls-1.2",
        };
        let offers = |yes: bool| if yes { "offered" } else { "not offered" };
        let mut says = vec![
            format!("TLS below 1.2: {}", offers(self.old)),
            format!("TLS 1.2: {}, TLS 1.3: {}", offers(self.tls12), offers(self.tls13)),
            format!("weak ciphers: {}", offers(self.weak)),
            format!("client certificate: {}", if self.mutual { "asked for" } else { "not asked for" }),
        ];
        if let Some(trusted) = self.trusted {
            // A chain to a private root is usual on the NHS network, so it is shown and not judged.
            let by = if trusted { "trusted" } else { "not trusted" };
            says.push(format!("certificate chain: {by} by the scanner's own store"));
        }
        if let Some(ends) = self.ends {
            says.push(format!("the first certificate ends on {ends}"));
        }
        Scan { value, says, made, until: self.ends.map(|d| Date::from_days(d.days() - CERTIFICATE_DAYS)) }
    }

    /// The weaker of two endpoints in each respect.
    fn and(self, other: Self) -> Self {
        Self {
            old: self.old || other.old,
            weak: self.weak || other.weak,
            tls12: self.tls12 && other.tls12,
            tls13: self.tls13 && other.tls13,
            mutual: self.mutual && other.mutual,
            trusted: match (self.trusted, other.trusted) {
                (Some(a), Some(b)) => Some(a && b),
                (a, b) => a.or(b),
            },
            ends: match (self.ends, other.ends) {
                (Some(a), Some(b)) => Some(a.min(b)),
                (a, b) => a.or(b),
            },
        }
    }
}

/// Reads a scan; nothing when it is none of these.
pub(super) fn scan(value: &Value) -> Option<Scan> {
    sslyze(value).or_else(|| testssl(value))
}

/// `--jsonfile` (a list of findings) and `--jsonfile-pretty` (findings by section) of testssl.sh.
fn testssl(value: &Value) -> Option<Scan> {
    let mut endpoints: Vec<Vec<&Value>> = Vec::new();
    if let Some(findings) = value.as_array() {
        endpoints.push(findings.iter().collect());
    }
    for scan in value["scanResult"].as_array().into_iter().flatten() {
        let sections = scan.as_object().into_iter().flatten().filter_map(|(_, v)| v.as_array());
        endpoints.push(sections.flatten().collect());
    }
    let made = value["startTime"].as_str().and_then(|t| t.parse::<i64>().ok()).or_else(|| value["startTime"].as_i64());
    let made = made.map(|seconds| Date::from_days(seconds.div_euclid(86_400)));
    let whole = endpoints.iter().filter_map(|findings| testssl_endpoint(findings)).reduce(Endpoint::and)?;
    Some(whole.scan(made))
}

fn testssl_endpoint(findings: &[&Value]) -> Option<Endpoint> {
    let mut endpoint = Endpoint::default();
    let mut seen = false;
    for finding in findings {
        let (Some(id), Some(says)) = (finding["id"].as_str(), finding["finding"].as_str()) else { continue };
        let offered = says.starts_with("offered");
        // Ids of a second certificate end with its number.
        match id.split([' ', '<']).next().unwrap_or(id) {
            "SSLv2" | "SSLv3" | "TLS1" | "TLS1_1" => endpoint.old |= offered,
            "TLS1_2" => endpoint.tls12 |= offered,
            "TLS1_3" => endpoint.tls13 |= offered,
            "cipherlist_NULL"
            | "cipherlist_aNULL"
            | "cipherlist_EXPORT"
            | "cipherlist_LOW"
            | "cipherlist_3DES_IDEA" => {
                endpoint.weak |= offered;
                continue;
            }
            "clientAuth" => {
                endpoint.mutual |= says.starts_with("required");
                continue;
            }
            "cert_chain_of_trust" => {
                endpoint.trusted = Some(endpoint.trusted.unwrap_or(true) && says.starts_with("passed"));
                continue;
            }
            "cert_notAfter" => {
                let ends = Date::parse(says);
                endpoint.ends = ends.into_iter().chain(endpoint.ends).min();
                continue;
            }
            _ => continue,
        }
        seen = true;
    }
    seen.then_some(endpoint)
}

/// `--json_out` of sslyze.
fn sslyze(value: &Value) -> Option<Scan> {
    let servers = value["server_scan_results"].as_array()?;
    let made = value["date_scans_started"].as_str().and_then(Date::parse);
    let whole = servers.iter().filter_map(sslyze_endpoint).reduce(Endpoint::and)?;
    Some(whole.scan(made))
}

fn sslyze_endpoint(server: &Value) -> Option<Endpoint> {
    let scan = &server["scan_result"];
    let suites = |name: &str| {
        let accepted = scan[format!("{name}_cipher_suites")]["result"]["accepted_cipher_suites"].as_array();
        accepted.map(Vec::as_slice).unwrap_or_default()
    };
    if !scan["tls_1_2_cipher_suites"].is_object() {
        return None;
    }
    let weak = |suite: &Value| {
        let name = suite["cipher_suite"]["name"].as_str().unwrap_or_default();
        ["_NULL_", "_anon_", "_EXPORT", "_RC4_", "_DES_", "_3DES_"].iter().any(|w| name.contains(w))
    };
    let mut endpoint = Endpoint {
        old: ["ssl_2_0", "ssl_3_0", "tls_1_0", "tls_1_1"].iter().any(|p| !suites(p).is_empty()),
        weak: ["tls_1_2", "tls_1_3"].iter().any(|p| suites(p).iter().any(weak)),
        tls12: !suites("tls_1_2").is_empty(),
        tls13: !suites("tls_1_3").is_empty(),
        mutual: server["connectivity_result"]["client_auth_requirement"] == "REQUIRED",
        ..Endpoint::default()
    };
    for deployment in scan["certificate_info"]["result"]["certificate_deployments"].as_array().into_iter().flatten() {
        let trusted = deployment["verified_certificate_chain"].as_array().is_some_and(|chain| !chain.is_empty());
        endpoint.trusted = Some(endpoint.trusted.unwrap_or(true) && trusted);
        let ends = deployment["received_certificate_chain"][0]["not_valid_after"].as_str().and_then(Date::parse);
        endpoint.ends = ends.into_iter().chain(endpoint.ends).min();
    }
    Some(endpoint)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn flat(offered: &[&str], client: &str) -> String {
        let ids = ["SSLv3", "TLS1", "TLS1_1", "TLS1_2", "TLS1_3", "cipherlist_NULL"].map(|id| {
            let says = if offered.contains(&id) { "offered" } else { "not offered" };
            format!("{{\"id\":\"{id}\",\"severity\":\"INFO\",\"finding\":\"{says}\"}}")
        });
        format!(
            "[{},{{\"id\":\"clientAuth\",\"finding\":\"{client}\"}},{{\"id\":\"cert_notAfter\",\"finding\":\"2027-01-31 12:00\"}}]",
            ids.join(",")
        )
    }

    fn suites(n: usize, name: &str) -> String {
        let one = format!("{{\"cipher_suite\":{{\"name\":\"{name}\"}}}}");
        format!("{{\"result\":{{\"accepted_cipher_suites\":[{}]}}}}", vec![one; n].join(","))
    }

    fn sslyze(old: usize, tls13: usize, auth: &str, cipher: &str) -> String {
        format!(
            "{{\"date_scans_started\":\"2026-10-01T08:00:00Z\",\"server_scan_results\":[{{\"connectivity_result\":{{\"client_auth_requirement\":\"{auth}\"}},\
             \"scan_result\":{{\"tls_1_0_cipher_suites\":{},\"tls_1_2_cipher_suites\":{},\"tls_1_3_cipher_suites\":{}}}}}]}}",
            suites(old, "TLS_RSA_WITH_AES_128_CBC_SHA"),
            suites(4, cipher),
            suites(tls13, "TLS_AES_256_GCM_SHA384")
        )
    }

    #[test]
    fn scans_are_graded_by_the_weakest() {
        let good = "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384";
        for (text, grade) in [
            (flat(&["TLS1_2"], "none"), "tls-1.2"),
            (flat(&["TLS1_2", "TLS1_3"], "required"), "tls-1.3-mutual"),
            (flat(&["TLS1_2"], "required"), "tls-1.2-mutual"),
            (flat(&["TLS1", "TLS1_2", "TLS1_3"], "required"), "none"),
            (flat(&["cipherlist_NULL", "TLS1_2", "TLS1_3"], "required"), "none"),
            (flat(&[], "required"), "none"),
            (format!("{{\"scanResult\":[{{\"protocols\":{}}}]}}", flat(&["TLS1_2"], "none")), "tls-1.2"),
            (
                format!(
                    "{{\"scanResult\":[{{\"protocols\":{}}},{{\"protocols\":{}}}]}}",
                    flat(&["TLS1_2"], "required"),
                    flat(&["TLS1_2", "TLS1_3"], "required")
                ),
                "tls-1.2-mutual",
            ),
            (sslyze(0, 3, "REQUIRED", good), "tls-1.3-mutual"),
            (sslyze(2, 3, "REQUIRED", good), "none"),
            (sslyze(0, 3, "REQUIRED", "TLS_RSA_WITH_3DES_EDE_CBC_SHA"), "none"),
            (sslyze(0, 0, "DISABLED", good), "tls-1.2"),
        ] {
            let value: Value = serde_json::from_str(&text).unwrap();
            assert_eq!(scan(&value).map(|s| s.value), Some(grade), "{text}");
        }
        for other in ["{}", "[]", "[{\"id\":\"x\",\"finding\":\"y\"}]", "{\"server_scan_results\":[]}"] {
            assert_eq!(scan(&serde_json::from_str(other).unwrap()), None, "{other}");
        }
    }

    #[test]
    fn a_certificate_that_ends_soon_ends_the_evidence() {
        let value: Value = serde_json::from_str(&flat(&["TLS1_2"], "none")).unwrap();
        assert_eq!(scan(&value).unwrap().until.unwrap().to_string(), "2027-01-01");
        let value: Value = serde_json::from_str(&sslyze(0, 1, "REQUIRED", "x")).unwrap();
        assert_eq!(scan(&value).unwrap().made.unwrap().to_string(), "2026-10-01");
    }
}
