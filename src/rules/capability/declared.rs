//! What a CapabilityStatement declares, STU3 or R4, JSON or XML.

use crate::tree::{Element, names};

/// A CapabilityStatement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Declared {
    /// `fhirVersion`.
    pub fhir_version: String,
    /// `format`.
    pub formats: Vec<String>,
    /// Whether a security service is coded.
    pub security: bool,
    /// Names and definitions of system operations.
    pub operations: Vec<String>,
    /// Resources of servers.
    pub resources: Vec<DeclaredResource>,
}

/// One resource of a CapabilityStatement.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct DeclaredResource {
    /// Type.
    pub ty: String,
    /// Interaction codes.
    pub interactions: Vec<String>,
    /// Search parameter names.
    pub searches: Vec<String>,
    /// Profile and supported profiles.
    pub profiles: Vec<String>,
    /// Names and definitions of operations.
    pub operations: Vec<String>,
}

/// Reads a CapabilityStatement; `None` when `at` is another resource.
pub fn declared(at: Element<'_>) -> Option<Declared> {
    if names::text(at.type_id()) != "CapabilityStatement" {
        return None;
    }
    let text = |e: Element<'_>, name: &str| e.get(name).and_then(Element::value).unwrap_or("").to_owned();
    let mut out = Declared { fhir_version: text(at, "fhirVersion"), ..Declared::default() };
    out.formats = at.all("format").filter_map(Element::value).map(str::to_owned).collect();
    for rest in at.all("rest").filter(|r| r.text(names::MODE) != Some("client")) {
        out.security |=
            rest.get("security").is_some_and(|s| s.all("service").any(|c| c.child(names::CODING).is_some()));
        out.operations.extend(rest.all("operation").flat_map(operation));
        for resource in rest.all("resource") {
            let own = resource.all("profile").chain(resource.all("supportedProfile"));
            out.resources.push(DeclaredResource {
                ty: text(resource, "type"),
                interactions: resource.all("interaction").map(|i| text(i, "code")).collect(),
                searches: resource.all("searchParam").map(|s| text(s, "name")).collect(),
                profiles: own.filter_map(canonical).map(str::to_owned).collect(),
                operations: resource.all("operation").flat_map(operation).collect(),
            });
        }
    }
    // STU3 lists the profiles a server supports for the whole of it.
    let supported: Vec<String> = at.all("profile").filter_map(canonical).map(str::to_owned).collect();
    for resource in &mut out.resources {
        let of_type = |url: &&String| {
            let last = url.rsplit('/').next().unwrap_or(url);
            last.split('-').any(|part| part == resource.ty)
        };
        let more: Vec<String> = supported.iter().filter(of_type).cloned().collect();
        resource.profiles.extend(more);
    }
    Some(out)
}

/// A canonical, or the reference of STU3.
fn canonical(at: Element<'_>) -> Option<&str> {
    at.value().or_else(|| at.text(names::REFERENCE))
}

/// Name and definition of an operation.
fn operation(at: Element<'_>) -> impl Iterator<Item = String> + '_ {
    let definition = at.get("definition").and_then(canonical);
    [at.text(names::NAME), definition].into_iter().flatten().map(|t| t.trim_start_matches('$').to_owned())
}
