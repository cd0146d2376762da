//! The gap table: requirement by requirement, met or not.

use super::declared::Declared;
use super::requirement::{Need, RequirementSet};

/// What a row is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Subject {
    /// FHIR version.
    Version,
    /// A format.
    Format,
    /// A coded security service.
    Security,
    /// A resource as such.
    Resource,
    /// An interaction on a resource.
    Interaction,
    /// A search parameter.
    Search,
    /// A profile.
    Profile,
    /// An operation.
    Operation,
    /// A resource that the feed of the same partner holds.
    Sent,
}

impl Subject {
    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Version => "version",
            Self::Format => "format",
            Self::Security => "security",
            Self::Resource => "resource",
            Self::Interaction => "interaction",
            Self::Search => "search parameter",
            Self::Profile => "profile",
            Self::Operation => "operation",
            Self::Sent => "sent in the feed",
        }
    }
}

/// Whether a requirement is met.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Declared.
    Met,
    /// Not declared.
    Missing,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Gap {
    /// What it is about.
    pub subject: Subject,
    /// Type of resource, or empty for the server as a whole.
    pub resource: String,
    /// What is asked for: an interaction code, a search parameter, a canonical.
    pub asked: String,
    /// How strong.
    pub need: Need,
    /// Whether it is met.
    pub state: State,
}

/// All rows of a set, and the count that a criterion reads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct GapTable {
    /// Name of the requirement set.
    pub set: String,
    /// What people call it.
    pub title: String,
    /// Rows in the order of the set.
    pub rows: Vec<Gap>,
}

impl GapTable {
    /// Mandatory rows that are met, and all mandatory rows.
    pub fn mandatory(&self) -> (u64, u64) {
        let shall = self.rows.iter().filter(|r| r.need == Need::Shall);
        let met = shall.clone().filter(|r| r.state == State::Met).count() as u64;
        (met, shall.count() as u64)
    }

    /// Adds a row for each type of resource that a feed of the same partner holds: a server declares what it sends.
    pub fn add_sent<'t>(&mut self, declared: &Declared, types: impl IntoIterator<Item = &'t str>) {
        for ty in types {
            let met = declared.resources.iter().any(|r| r.ty == ty && !r.interactions.is_empty());
            let state = if met { State::Met } else { State::Missing };
            let asked = "an interaction".to_owned();
            self.rows.push(Gap { subject: Subject::Sent, resource: ty.to_owned(), asked, need: Need::Shall, state });
        }
    }

    /// Rows that are not met.
    pub fn missing(&self) -> impl Iterator<Item = &Gap> {
        self.rows.iter().filter(|r| r.state == State::Missing)
    }
}

/// Compares what a server declares with what a set asks for. Interactions, searches, profiles and operations of a
/// resource weigh as much as the resource itself.
pub fn gaps(declared: &Declared, set: &RequirementSet) -> GapTable {
    let mut rows = Vec::new();
    let mut row = |subject, resource: &str, asked: &str, need, met: bool| {
        let state = if met { State::Met } else { State::Missing };
        rows.push(Gap { subject, resource: resource.to_owned(), asked: asked.to_owned(), need, state });
    };
    let version = declared.fhir_version.starts_with(&set.fhir_version);
    row(Subject::Version, "", &set.fhir_version, Need::Shall, version);
    for (i, format) in set.formats.iter().enumerate() {
        let need = if i == 0 { Need::Shall } else { Need::Should };
        row(Subject::Format, "", format, need, declared.formats.iter().any(|f| same_format(f, format)));
    }
    if set.security {
        row(Subject::Security, "", "security service", Need::Shall, declared.security);
    }
    for operation in &set.operations {
        let anywhere = declared.operations.iter().chain(declared.resources.iter().flat_map(|r| &r.operations));
        row(Subject::Operation, "", operation, Need::Shall, anywhere.into_iter().any(|o| names(o, operation)));
    }
    for asked in &set.resources {
        let found: Vec<_> = declared.resources.iter().filter(|r| r.ty == asked.ty).collect();
        row(Subject::Resource, &asked.ty, &asked.ty, asked.need, !found.is_empty());
        for code in &asked.interactions {
            let met = found.iter().any(|r| r.interactions.contains(code));
            row(Subject::Interaction, &asked.ty, code, asked.need, met);
        }
        for name in &asked.searches {
            let met = found.iter().any(|r| r.searches.contains(name));
            row(Subject::Search, &asked.ty, name, asked.need, met);
        }
        if !asked.profiles.is_empty() {
            let bare = |url: &str| url.split_once('|').map_or(url, |(url, _)| url).to_owned();
            let met = found.iter().any(|r| r.profiles.iter().any(|p| asked.profiles.contains(&bare(p))));
            row(Subject::Profile, &asked.ty, &asked.profiles.join(" or "), asked.need, met);
        }
        for operation in &asked.operations {
            let met = found.iter().any(|r| r.operations.iter().any(|o| names(o, operation)));
            row(Subject::Operation, &asked.ty, operation, asked.need, met);
        }
    }
    GapTable { set: set.name.clone(), title: set.title.clone(), rows }
}

/// `json` and `application/fhir+json` are one.
fn same_format(a: &str, b: &str) -> bool {
    let short = |f: &str| {
        let bare = f.split(';').next().unwrap_or(f).trim().to_ascii_lowercase();
        bare.rsplit(['/', '+']).next().unwrap_or("").to_owned()
    };
    short(a) == short(b)
}

/// Whether a declared operation, by name or definition, is the one asked for.
fn names(declared: &str, asked: &str) -> bool {
    declared == asked || declared.rsplit('/').next() == Some(asked)
}
