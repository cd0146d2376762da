//! A finding, first as a check drafts it, then as every writer sees it.

use std::sync::Arc;

use super::{Fix, Meta, Severity, definition_path};
use crate::text::{Canonical, FileName, Masked, Span};

/// Who asked for what was missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Origin {
    /// The bytes themselves.
    Reading,
    /// The base specification.
    Base,
    /// A profile.
    Profile,
    /// A UK rule.
    Rule,
    /// The profile or package is itself at fault, not the message.
    Specification,
    /// hallmark's set-up (waivers, configuration).
    Setup,
}

impl Origin {
    /// Its word in NDJSON.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Reading => "reading",
            Self::Base => "base",
            Self::Profile => "profile",
            Self::Rule => "rule",
            Self::Specification => "specification",
            Self::Setup => "setup",
        }
    }
}

/// What a check says, while the tree is still there. `says` and `note` never hold text of the message.
#[derive(Clone, Debug)]
pub struct Draft {
    /// The rule.
    pub meta: &'static Meta,
    /// Severity, which may differ from the rule's default.
    pub severity: Severity,
    /// Where in the payload.
    pub span: Span,
    /// FHIRPath location.
    pub path: String,
    /// Canonical of the profile that asked, or empty.
    pub profile: String,
    /// Element definition id (`Patient.identifier:nhsNumber.value`), or empty.
    pub element: String,
    /// Which of the rule's faults it is: the key of an invariant, or a word of the rule; or empty.
    pub key: String,
    /// Who asked.
    pub origin: Origin,
    /// What is wrong, in one line, without a full stop.
    pub says: String,
    /// Further lines: why a slice did not match, what was expected.
    pub notes: Vec<String>,
    /// The value concerned.
    pub excerpt: Option<Masked>,
    /// The resource type it stands in, or empty.
    pub resource: String,
    /// The mechanical change that mends it.
    pub fix: Option<Arc<Fix>>,
}

impl Draft {
    /// A draft with the rule's own severity.
    pub fn new(meta: &'static Meta, origin: Origin, span: Span, path: String, says: impl Into<String>) -> Self {
        Self {
            meta,
            severity: meta.severity,
            span,
            path,
            profile: String::new(),
            element: String::new(),
            key: String::new(),
            origin,
            says: says.into(),
            notes: Vec::new(),
            excerpt: None,
            resource: String::new(),
            fix: None,
        }
    }

    /// Adds the change that mends it, which its rule declares.
    pub fn mended_by(&mut self, fix: impl Into<Arc<Fix>>) {
        debug_assert!(!self.meta.fix.is_empty(), "{} declares no fix", self.meta.id);
        self.fix = Some(fix.into());
    }

    /// Name of the slice or element at the end of its element definition's id, or empty.
    pub fn name(&self) -> &str {
        let last = self.element.rsplit('.').next().unwrap_or("");
        last.rsplit(':').next().unwrap_or(last)
    }
}

/// A finding as every writer sees it.
#[derive(Clone, Debug)]
pub struct Finding {
    /// The rule.
    pub meta: &'static Meta,
    /// Severity after configuration.
    pub severity: Severity,
    /// Source name, safe to print.
    pub source: FileName,
    /// Order of the source in the run.
    pub source_index: usize,
    /// Payload within the source, from 1.
    pub payload: u64,
    /// Line in the source, from 1.
    pub line: u64,
    /// Column in characters, from 1.
    pub column: u32,
    /// Where its span ends: line and column, as above; just after its last character.
    pub end: (u64, u32),
    /// The bytes that it is about, from the start of the payload's text in UTF-8 without a byte order mark; empty where
    /// it is about no part of it.
    pub span: Span,
    /// FHIRPath location.
    pub path: String,
    /// Canonical of the profile that asked, or empty.
    pub profile: String,
    /// Element definition id, or empty.
    pub element: String,
    /// Which of the rule's faults it is: the key of an invariant, or a word of the rule; or empty.
    pub key: String,
    /// Who asked.
    pub origin: Origin,
    /// What is wrong.
    pub says: String,
    /// Further lines.
    pub notes: Vec<String>,
    /// The value concerned.
    pub excerpt: Option<Masked>,
    /// The source line and the byte range in it, for code frames.
    pub frame: Option<(Masked, std::ops::Range<usize>)>,
    /// The resource type it stands in, or empty.
    pub resource: String,
    /// The mechanical change that mends it.
    pub fix: Option<Arc<Fix>>,
    /// Unique within the source: rule, profile, path without indices, occurrence.
    pub fingerprint: String,
    /// Reason of the waiver that accepts it.
    pub waived: Option<String>,
    /// Its rule is in shadow: it is shown and counts for nothing.
    pub shadow: bool,
    /// Not in the baseline (always true without one).
    pub new: bool,
}

impl Finding {
    /// Whether it counts: no waiver accepts it and its rule is not in shadow.
    pub fn counts(&self) -> bool {
        self.waived.is_none() && !self.shadow
    }
}

/// The fingerprint of a finding: the first 16 hexadecimal digits of SHA-256 over the rule's id, the canonical of the profile or
/// nothing, the path without indices, and which of the like findings of its source it is, counted from 1. The same in every
/// version, and for whoever makes one outside.
///
/// ```
/// use hallmark::finding::fingerprint;
///
/// let first = fingerprint("HM0402", "", "Bundle.entry[2].resource.ofType(Patient).identifier[0].value", 1);
/// assert_eq!(first, fingerprint("HM0402", "", "Bundle.entry.resource.ofType(Patient).identifier.value", 1));
/// assert_eq!(first.len(), 16);
/// ```
pub fn fingerprint(rule: &str, profile: &str, path: &str, occurrence: u32) -> String {
    use sha2::Digest;
    let mut digest = sha2::Sha256::new();
    for part in [rule, profile, &definition_path(path), &occurrence.to_string()] {
        digest.update(part.as_bytes());
        digest.update([0]);
    }
    hex::encode(&digest.finalize()[..8])
}

/// Something that could not be checked.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct NotAssessed {
    /// What: `code-system`, `value-set`, `invariant`, `profile`, `snomed`...
    pub what: &'static str,
    /// Canonical or key of the thing.
    pub canonical: Canonical,
}

impl NotAssessed {
    /// The package that would let it be assessed, as far as a canonical tells: HL7 names the packages of its guides after
    /// their place (`http://hl7.org/fhir/us/core/…`: `hl7.fhir.us.core`).
    pub fn package(&self) -> Option<String> {
        let rest = self.canonical.strip_prefix("http://hl7.org/fhir/")?;
        let mut words = rest.split('/');
        let (realm, guide, kind) = (words.next()?, words.next()?, words.next()?);
        let plain =
            |w: &str| !w.is_empty() && w.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit() || b == b'-');
        (realm.len() == 2 && kind == "StructureDefinition" && plain(realm) && plain(guide))
            .then(|| format!("hl7.fhir.{realm}.{guide}"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn guides_of_hl7_name_their_packages() {
        let package = |canonical: &str| NotAssessed { what: "extension", canonical: canonical.into() }.package();
        let core = "http://hl7.org/fhir/us/core/StructureDefinition/us-core-race";
        assert_eq!(package(core).as_deref(), Some("hl7.fhir.us.core"));
        assert_eq!(package("https://fhir.nhs.uk/StructureDefinition/x"), None);
    }
}
