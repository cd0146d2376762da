//! Every measure and distribution there is: its name, what it counts, and how it weighs.

use crate::finding::Dimension;
use crate::uk::verification::CODES as VERIFICATION_CODES;

/// How a measure weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// It counts in its dimension.
    Live,
    /// It is shown and does not count.
    Shadow,
    /// It is shown, and the lower it is the better, so that it cannot count.
    Falling,
}

/// What is known of one measure.
#[derive(Clone, Copy, Debug)]
pub struct Definition {
    /// Kebab-case name, as records and criteria use it.
    pub name: &'static str,
    /// Data quality dimension.
    pub dimension: Dimension,
    /// How it weighs.
    pub stage: Stage,
    /// Whether its counts are numbers of people.
    pub people: bool,
    /// What the numerator is, of what denominator.
    pub means: &'static str,
}

macro_rules! shares {
    ($($variant:ident = $name:literal, $dimension:ident, $stage:ident, $people:literal, $means:literal;)*) => {
        /// A measure that the walk counts.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the table says what each means")]
        pub enum Measured { $($variant),* }

        impl Measured {
            /// Its definition.
            pub const fn definition(self) -> &'static Definition {
                &SHARES[self as usize]
            }
        }

        /// Measures that the walk counts.
        pub static SHARES: &[Definition] = &[$(Definition {
            name: $name,
            dimension: Dimension::$dimension,
            stage: Stage::$stage,
            people: $people,
            means: $means,
        }),*];
    };
}

shares! {
    Mandatory = "populated-mandatory", Completeness, Live, false,
        "Elements that the profile makes mandatory and that are there, of the resources held against it.";
    Required = "populated-required", Completeness, Live, false,
        "Elements that must be there once their parent is, of the parents that are there.";
    MustSupport = "populated-must-support", Completeness, Live, false,
        "Elements that the profile asks systems to support and that are there; where another element stands in for one, it is not asked.";
    Optional = "populated-optional", Completeness, Shadow, false,
        "Elements that a profile leaves open and that are there: shown to see them rise and fall.";
    Section = "section-present", Completeness, Live, false,
        "Mandatory sections of Transfer of Care documents that are there, of the documents that must have them.";
    SectionAsked = "section-required", Completeness, Shadow, false,
        "Sections that the record standard asks for when something is known, of the documents that may have them.";
    Prsb = "prsb-items", Completeness, Live, false,
        "Headings that the PRSB record standards make mandatory and that are there, of those expected.";
    DocumentValid = "transfer-of-care-document-valid", Validity, Live, false,
        "Transfer of Care documents in messages without an error and with all mandatory sections, of all such documents.";
    Metadata = "metadata-complete", Completeness, Live, false,
        "Resources with a version, a date of the last update and a profile, of all that are not contained.";
    Security = "security-labelled", Completeness, Live, false,
        "Resources with a coded security label, of those whose profile asks for one.";
    NhsNumberValid = "nhs-number-valid", Validity, Live, true,
        "Patients whose NHS number is under its system, has ten digits and passes modulus 11, of all patients.";
    NhsNumberVerified = "nhs-number-verified", Accuracy, Live, true,
        "Patients whose number is marked as present and verified, of those with a number.";
    Linkable = "linkable", Completeness, Live, true,
        "Patients with a valid NHS number, birth date, sex, postcode and a coded ethnic category, of all patients.";
    SnomedCoded = "snomed-coded", Validity, Live, false,
        "Clinical elements with a code of SNOMED CT or dm+d, of those that UK profiles bind to it.";
    SnomedValid = "snomed-valid", Validity, Live, false,
        "SNOMED CT codes that exist and are active in the edition loaded, or without one have the shape of a concept, of all such codes.";
    ClassificationCoded = "classification-coded", Validity, Live, false,
        "Medicines with a dm+d code, and ICD-10 and OPCS-4 codes with their form, of all medicines and all such codes.";
    Proprietary = "proprietary", Validity, Falling, false,
        "Codings in systems that no national or international body keeps, and extensions outside national and HL7 URLs, of all codings and extensions.";
    OdsKnown = "ods-code-known", Accuracy, Live, false,
        "Organisations whose ODS code is in the code system that was loaded, of all organisations; not counted without one.";
    SenderKnown = "sender-named", Completeness, Live, false,
        "Messages that name their sender by ODS code, of all messages.";
    SpineHeaders = "spine-headers", Consistency, Live, false,
        "Message headers whose Spine address and sender name the same organisation, of those with a Spine address.";
    PointerValid = "pointer-valid", Validity, Live, false,
        "Record locator pointers that keep to their profile and name a custodian by ODS code, of all pointers.";
    RequestClaims = "request-claims", Completeness, Live, false,
        "Requests whose requester names a person and an organisation that agree, of all requests.";
    OptOutBreach = "opt-out-breach", Validity, Falling, true,
        "Patients whose consent in the message says that they opted out, of those whose consent the message states.";
    EventTime = "event-time-known", Timeliness, Shadow, false,
        "Messages in which both the event and the sending have a time with a zone, of all messages about an event.";
    InADay = "event-to-message-in-a-day", Timeliness, Live, false,
        "Messages sent within 24 hours of the event, of those where both times are known.";
    ReceivedInADay = "message-to-receipt-in-a-day", Timeliness, Live, false,
        "Messages received within 24 hours of being sent, of those where both times are known.";
    DocumentStructured = "document-structured", Completeness, Shadow, false,
        "Documents whose sections are all coded, pointers to structured content, and reports that enclose a document and also list results, of all of these and of documents enclosed as they are.";
    ResultRequested = "result-requested", Consistency, Shadow, false,
        "Reports, and results that a report lists or that are of a laboratory or imaging, which name the request they answer, of all of these.";
    MedicineLoop = "medicine-loop", Consistency, Shadow, false,
        "Medication requests that an administration or a statement in the same message names, and administrations and statements that name a medication request, of all of these.";
    CarePlanShared = "care-plan-shared", Completeness, Shadow, false,
        "Care plans that name two organisations or more as authors, contributors, performers or in their teams, of all care plans.";
}

/// Shares that only pooled counts can show, in the order of [`super::KeyKind`], then availability and what
/// evidence files show.
pub static DERIVED: &[Definition] = &[
    derived("payload-unique", Dimension::Uniqueness, false, "Payloads that differ, of all payloads."),
    derived(
        "patient-birth-date-consistent",
        Dimension::Consistency,
        true,
        "NHS numbers that were only seen with one birth date, of all with a birth date.",
    ),
    derived(
        "patient-sex-consistent",
        Dimension::Consistency,
        true,
        "NHS numbers that were only seen with one sex, of all with a sex.",
    ),
    derived(
        "patient-family-name-consistent",
        Dimension::Consistency,
        true,
        "NHS numbers that were only seen with one family name, of all with a name.",
    ),
    derived(
        "person-nhs-number-consistent",
        Dimension::Consistency,
        true,
        "Persons (family name, given name, birth date) with one NHS number, of all persons with a number.",
    ),
    derived(
        "local-number-consistent",
        Dimension::Consistency,
        true,
        "Local patient numbers that were only seen with one NHS number, of all seen with one.",
    ),
    derived(
        "patient-unique",
        Dimension::Uniqueness,
        true,
        "Patients (by NHS number) that a sender holds under one local number, of all with a local number.",
    ),
    derived(
        "resource-unique",
        Dimension::Uniqueness,
        false,
        "Clinical events (patient, type, code, time) that a sender holds under one id, of all with an id.",
    ),
    derived(
        "resource-code-consistent",
        Dimension::Consistency,
        false,
        "Ids of clinical resources that were only seen with one code, of all with a code.",
    ),
    derived(
        "resource-subject-consistent",
        Dimension::Consistency,
        true,
        "Ids of clinical resources that were only seen about one patient, of all about a patient with an NHS number.",
    ),
    derived(
        "resource-status-consistent",
        Dimension::Consistency,
        false,
        "Versions of clinical resources that were only seen in one status, of all with a status and a version or day.",
    ),
    Definition {
        stage: Stage::Shadow,
        ..derived(
            "available-minutes",
            Dimension::Timeliness,
            false,
            "Minutes of the hours in which messages came, of the hours of the week in which they regularly come.",
        )
    },
    derived(
        "capability-declared",
        Dimension::Completeness,
        false,
        "Resource types that the CapabilityStatement declares, of those that were sent.",
    ),
];

const fn derived(name: &'static str, dimension: Dimension, people: bool, means: &'static str) -> Definition {
    Definition { name, dimension, stage: Stage::Live, people, means }
}

/// What is known of one distribution.
#[derive(Clone, Copy, Debug)]
pub struct DistributionDefinition {
    /// Kebab-case name, as records and criteria use it.
    pub name: &'static str,
    #[allow(dead_code, reason = "said for whoever discloses counts")]
    /// Whether its counts are numbers of people.
    pub people: bool,
    /// What is counted.
    pub means: &'static str,
    /// The bars it may have.
    pub buckets: Buckets,
}

/// The bars that a distribution may have: a closed list for each.
#[derive(Clone, Copy, Debug)]
pub enum Buckets {
    /// These words.
    Words(&'static [&'static str]),
    /// Upper edges of delays: [`EDGES`], what is longer, and what is before its event.
    Delays,
    /// Weekday and hour: `1T09`.
    Hours,
    /// Day and hour: `2026-05-14T09`.
    Slots,
}

/// Upper edges of delays: word of the record, and seconds. What takes longer than the last is [`LONGER`].
pub static EDGES: &[(&str, i64)] = &[
    ("PT1M", 60),
    ("PT5M", 300),
    ("PT15M", 900),
    ("PT1H", 3_600),
    ("PT4H", 14_400),
    ("PT24H", 86_400),
    ("P3D", 259_200),
    ("P7D", 604_800),
    ("P30D", 2_592_000),
];

/// The bar of delays beyond the last edge.
pub const LONGER: &str = "longer";

/// The bar of what was sent before the event it tells of.
pub const BEFORE_EVENT: &str = "before-event";

/// Verification status of NHS numbers: bars of `verification-status`. What else a message says is `other`, so that no value of
/// one is kept.
pub static STATUSES: &[&str] = &statuses();

const fn statuses() -> [&'static str; VERIFICATION_CODES.len() + 2] {
    let mut all = ["none"; VERIFICATION_CODES.len() + 2];
    let mut i = 0;
    while i < VERIFICATION_CODES.len() {
        all[i] = VERIFICATION_CODES[i].0;
        i += 1;
    }
    all[i + 1] = "other";
    all
}

/// How a clinical element is coded: bars of `coding`.
pub static CODINGS: &[&str] = &["snomed", "other-system", "degraded", "text-only"];

macro_rules! distributions {
    ($($variant:ident = $name:literal, $people:literal, $buckets:expr, $means:literal;)*) => {
        /// A distribution that the walk counts: a place in [`TALLIES`].
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        #[allow(missing_docs, reason = "the table says what each means")]
        pub enum Distribution { $($variant),* }

        impl Distribution {
            /// Its definition.
            pub const fn definition(self) -> &'static DistributionDefinition {
                &TALLIES[self as usize]
            }
        }

        /// Distributions that the walk counts.
        pub static TALLIES: &[DistributionDefinition] =
            &[$(DistributionDefinition { name: $name, people: $people, means: $means, buckets: $buckets }),*];
    };
}

distributions! {
    Coding = "coding", false, Buckets::Words(CODINGS),
        "How clinical elements are coded: SNOMED CT, another system, a degraded code, text only.";
    VerificationStatus = "verification-status", true, Buckets::Words(STATUSES),
        "Verification status of NHS numbers.";
    Volume = "volume", false, Buckets::Hours,
        "Messages by weekday (1 is Monday) and hour of sending, and by type.";
    Activity = "activity", false, Buckets::Slots,
        "Messages by day and hour of sending.";
    EventToMessage = "event-to-message", false, Buckets::Delays,
        "Time from the event to the sending of its message.";
    MessageToReceipt = "message-to-receipt", false, Buckets::Delays,
        "Time from the sending of a message to its receipt.";
}

/// The definition of a measure by name.
pub fn definition(name: &str) -> Option<&'static Definition> {
    SHARES.iter().chain(DERIVED).find(|d| d.name == name)
}

/// Whether the measure of this name counts in its dimension; measures that we do not define do.
pub fn counts(name: &str) -> bool {
    definition(name).is_none_or(|d| d.stage == Stage::Live)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tally::KeyKind;

    #[test]
    fn names_are_unique_and_kinds_have_their_measure() {
        let mut names: Vec<&str> = SHARES.iter().chain(DERIVED).map(|d| d.name).collect();
        names.sort_unstable();
        let all = names.len();
        names.dedup();
        assert_eq!(names.len(), all);
        for (kind, derived) in KeyKind::ALL.iter().zip(DERIVED) {
            assert_eq!((kind.measure(), kind.dimension()), (derived.name, derived.dimension));
        }
        assert_eq!(Measured::ReceivedInADay.definition().name, "message-to-receipt-in-a-day");
    }
}
