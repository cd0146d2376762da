//! Everything known about a rule without running it.

use super::{Explained, Severity};

/// The group a rule is chosen by (`--rules fhir,nhs-number,-hm0421`).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Family {
    /// Base and profile conformance, reading included.
    Fhir,
    /// The NHS number.
    NhsNumber,
    /// Other UK identifiers and codes.
    Identifier,
    /// SNOMED CT and other clinical codes.
    Snomed,
    /// CareConnect.
    CareConnect,
    /// GP Connect.
    GpConnect,
    /// Transfer of Care and ITK3 messaging.
    TransferOfCare,
    /// UK Core and PDS.
    UkCore,
    /// Placeholders, contradictions and other data quality.
    Quality,
    /// hallmark's own set-up: waivers, configuration, packages.
    Setup,
}

impl Family {
    /// All families.
    pub const ALL: [Self; 10] = [
        Self::Fhir,
        Self::NhsNumber,
        Self::Identifier,
        Self::Snomed,
        Self::CareConnect,
        Self::GpConnect,
        Self::TransferOfCare,
        Self::UkCore,
        Self::Quality,
        Self::Setup,
    ];

    /// The word `--rules` takes.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Fhir => "fhir",
            Self::NhsNumber => "nhs-number",
            Self::Identifier => "identifier",
            Self::Snomed => "snomed",
            Self::CareConnect => "careconnect",
            Self::GpConnect => "gpconnect",
            Self::TransferOfCare => "transfer-of-care",
            Self::UkCore => "ukcore",
            Self::Quality => "quality",
            Self::Setup => "setup",
        }
    }

    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|f| f.as_str() == text)
    }
}

/// The data quality dimension a rule measures (Government Data Quality Framework 2020).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Dimension {
    /// Is it there?
    Completeness,
    /// Does it have the right form?
    Validity,
    /// Does it agree with itself?
    Consistency,
    /// Is it there once?
    Uniqueness,
    /// Is it there in time?
    Timeliness,
    /// Is it right?
    Accuracy,
}

impl Dimension {
    /// All six.
    pub const ALL: [Self; 6] =
        [Self::Completeness, Self::Validity, Self::Consistency, Self::Uniqueness, Self::Timeliness, Self::Accuracy];

    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Completeness => "completeness",
            Self::Validity => "validity",
            Self::Consistency => "consistency",
            Self::Uniqueness => "uniqueness",
            Self::Timeliness => "timeliness",
            Self::Accuracy => "accuracy",
        }
    }
}

/// Whether a feed carries real patients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default)]
pub enum Environment {
    /// Real patients.
    Production,
    /// Test data.
    #[default]
    Test,
}

/// What an example must give.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The rule speaks, at the marked span.
    Flagged,
    /// The rule is silent.
    Silent,
}

/// One example of a rule: a JSON resource in which `«…»` encloses the exact span that is flagged.
#[derive(Clone, Copy, Debug)]
pub struct Example {
    /// What it shows.
    pub title: &'static str,
    /// `3.0` or `4.0`.
    pub release: &'static str,
    /// Profile to check against besides those claimed, or empty.
    pub profile: &'static str,
    /// Definitions held besides the embedded ones, as JSON: what the rule speaks of no embedded profile shows.
    pub definitions: &'static [&'static str],
    /// The marked resource. Synthetic; NHS numbers from the 999 range or wrong on purpose.
    pub input: &'static str,
    /// What must come out.
    pub verdict: Verdict,
    /// Words that the finding or one of its notes must hold; empty where any will do.
    pub says: &'static str,
}

/// Everything known about a rule.
#[derive(Debug)]
pub struct Meta {
    /// `HM0421`: opaque, never reused.
    pub id: &'static str,
    /// `nhs-number-check-digit`: kebab-case, states the defect.
    pub name: &'static str,
    /// One short sentence without a full stop, in lower case.
    pub title: &'static str,
    /// The group it is chosen by.
    pub family: Family,
    /// Default severity.
    pub severity: Severity,
    /// Severity for production feeds where it differs.
    pub production: Option<Severity>,
    /// Data quality dimension it counts for.
    pub dimension: Dimension,
    /// FHIR issue type (`http://hl7.org/fhir/issue-type`).
    pub issue: &'static str,
    /// Id of the published requirement it implements in our catalogue, or empty (`NHS-01`).
    pub requirement: &'static str,
    /// Published standard and clause.
    pub basis: &'static str,
    /// Kite mark criterion it is evidence for, or empty (`NAT-1`).
    pub criterion: &'static str,
    /// Why it matters to the receiver or the patient.
    pub why: &'static str,
    /// What to do.
    pub remedy: &'static str,
    /// What `hallmark fix` does about it, where that is mechanical: it changes no meaning, and nothing that identifies or treats
    /// a patient; or empty.
    pub fix: &'static str,
    /// Findings of other rules that follow from the same cause: they give way to this rule's.
    pub explains: &'static [Explained],
    /// Tests and documentation.
    pub examples: &'static [Example],
}

impl Meta {
    /// A meta to start from with `..Meta::NEW`.
    pub const NEW: Self = Self {
        id: "",
        name: "",
        title: "",
        family: Family::Fhir,
        severity: Severity::Error,
        production: None,
        dimension: Dimension::Validity,
        issue: "invalid",
        requirement: "",
        basis: "",
        criterion: "",
        why: "",
        remedy: "",
        fix: "",
        explains: &[],
        examples: &[],
    };
}
