//! FHIR's four severities.

use serde::{Deserialize, Serialize};

/// How much a finding weighs, most severe first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    /// The payload could not be read further.
    Fatal,
    /// Breaks the standard.
    Error,
    /// Likely wrong, or a recommendation missed.
    Warning,
    /// Worth knowing.
    Information,
}

impl Severity {
    /// All, most severe first.
    pub const ALL: [Self; 4] = [Self::Fatal, Self::Error, Self::Warning, Self::Information];

    /// FHIR's word for it.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fatal => "fatal",
            Self::Error => "error",
            Self::Warning => "warning",
            Self::Information => "information",
        }
    }

    /// Reads FHIR's word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|s| s.as_str() == text)
    }

    /// Whether it is at least as severe as `threshold`.
    pub fn reaches(self, threshold: Self) -> bool {
        self <= threshold
    }
}

impl std::fmt::Display for Severity {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str(self.as_str())
    }
}
