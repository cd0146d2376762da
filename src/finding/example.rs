//! Short ways to write examples in rule files.

use super::{Example, Verdict};

impl Example {
    /// An STU3 resource in which the marked span is flagged.
    pub const fn bad(title: &'static str, input: &'static str) -> Self {
        Self { title, release: "3.0", profile: "", definitions: &[], input, verdict: Verdict::Flagged, says: "" }
    }

    /// An STU3 resource about which the rule is silent.
    pub const fn good(title: &'static str, input: &'static str) -> Self {
        Self { title, release: "3.0", profile: "", definitions: &[], input, verdict: Verdict::Silent, says: "" }
    }

    /// The same example in R4.
    pub const fn r4(self) -> Self {
        Self { release: "4.0", ..self }
    }

    /// The same example, checked against a profile as well.
    pub const fn against(self, profile: &'static str) -> Self {
        Self { profile, ..self }
    }

    /// The same example, with these definitions held.
    pub const fn holding(self, definitions: &'static [&'static str]) -> Self {
        Self { definitions, ..self }
    }

    /// The same example, in which the finding holds these words.
    pub const fn says(self, says: &'static str) -> Self {
        Self { says, ..self }
    }
}
