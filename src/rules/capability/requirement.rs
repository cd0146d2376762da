//! Requirement sets: which resources, interactions, searches, profiles and operations a server must declare.

use serde::Deserialize;

/// How strong a requirement is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Need {
    /// SHALL.
    Shall,
    /// SHOULD.
    Should,
    /// MAY.
    May,
}

impl Need {
    /// The word of RFC 2119.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Shall => "SHALL",
            Self::Should => "SHOULD",
            Self::May => "MAY",
        }
    }
}

/// One requirement set.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct RequirementSet {
    /// Short name: `careconnect-api`.
    pub name: String,
    /// What people call it.
    pub title: String,
    #[allow(dead_code, reason = "files state it for their readers")]
    /// Published standard it is taken from.
    pub basis: String,
    /// Start of `fhirVersion`: `3.0` or `4.0`.
    pub fhir_version: String,
    /// MIME types of which one must be declared, JSON first.
    pub formats: Vec<String>,
    /// A coded security service must be declared.
    #[serde(default)]
    pub security: bool,
    /// System operations by name or by the end of their definition.
    #[serde(default)]
    pub operations: Vec<String>,
    /// Resources.
    #[serde(default, rename = "resource")]
    pub resources: Vec<ResourceNeed>,
}

/// What is asked of one type of resource.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct ResourceNeed {
    /// Type.
    #[serde(rename = "type")]
    pub ty: String,
    /// How strong.
    pub need: Need,
    /// Interaction codes: `read`, `search-type`.
    #[serde(default)]
    pub interactions: Vec<String>,
    /// Search parameter names.
    #[serde(default)]
    pub searches: Vec<String>,
    /// Profiles of which one must be declared, by canonical.
    #[serde(default)]
    pub profiles: Vec<String>,
    /// Operations on the type, by name or by the end of their definition.
    #[serde(default)]
    pub operations: Vec<String>,
}

/// A set that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("requirement set {name}: {what}")]
pub struct RequirementError {
    /// Name of the set.
    pub name: &'static str,
    /// What is wrong.
    pub what: String,
}

/// Name and text of the sets that ship with hallmark.
const SETS: &[(&str, &str)] = &[
    ("careconnect-api", include_str!("../../../schemas/capability/careconnect-api.toml")),
    ("gp-connect-structured", include_str!("../../../schemas/capability/gp-connect-structured.toml")),
    ("uk-core", include_str!("../../../schemas/capability/uk-core.toml")),
];

/// Every set that ships with hallmark.
///
/// # Errors
/// When a set is not well formed.
pub fn requirement_sets() -> Result<Vec<RequirementSet>, RequirementError> {
    let read = |&(name, text): &(&'static str, &str)| {
        toml::from_str(text).map_err(|e| RequirementError { name, what: e.message().to_owned() })
    };
    SETS.iter().map(read).collect()
}

/// A set by name.
///
/// # Errors
/// When the sets are not well formed.
pub fn requirement_set(name: &str) -> Result<Option<RequirementSet>, RequirementError> {
    Ok(requirement_sets()?.into_iter().find(|set| set.name == name))
}
