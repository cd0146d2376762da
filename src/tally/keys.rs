//! Keyed pseudonyms: what is compared across messages, and one sighting of it.

use crate::finding::Dimension;

macro_rules! kinds {
    ($($variant:ident = $name:literal, $measure:literal, $dimension:ident, $doc:literal;)*) => {
        /// What is compared. The order is the order of key runs.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
        pub enum KeyKind { $(#[doc = $doc] $variant),* }

        impl KeyKind {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$variant),*];

            /// Its word.
            pub const fn as_str(self) -> &'static str {
                match self { $(Self::$variant => $name),* }
            }

            /// The measure that its keys give.
            pub const fn measure(self) -> &'static str {
                match self { $(Self::$variant => $measure),* }
            }

            /// The dimension of that measure.
            pub const fn dimension(self) -> Dimension {
                match self { $(Self::$variant => Dimension::$dimension),* }
            }
        }
    };
}

kinds! {
    Payload = "payload", "payload-unique", Uniqueness, "The bytes of a payload; no fact.";
    BirthDate = "patient-birth-date", "patient-birth-date-consistent", Consistency, "NHS number: birth date.";
    Sex = "patient-sex", "patient-sex-consistent", Consistency, "NHS number: sex.";
    FamilyName = "patient-family-name", "patient-family-name-consistent", Consistency, "NHS number: family name.";
    Person = "person-nhs-number", "person-nhs-number-consistent", Consistency, "Name and birth date: NHS number.";
    LocalNumber = "local-number", "local-number-consistent", Consistency, "Local patient number of a sender: NHS number.";
    Patient = "patient-local-number", "patient-unique", Uniqueness, "NHS number at a sender: local patient number.";
    Event = "resource", "resource-unique", Uniqueness, "Patient, type, code and time at a sender: id of the resource.";
    Code = "resource-code", "resource-code-consistent", Consistency, "Type and id of a resource at a sender: code.";
    Subject = "resource-subject", "resource-subject-consistent", Consistency, "Type and id at a sender: patient.";
    Status = "resource-status", "resource-status-consistent", Consistency, "Type, id and version at a sender: status.";
}

impl KeyKind {
    /// Reads the word.
    pub fn parse(text: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|k| k.as_str() == text)
    }

    /// Whether its rows carry a fact; without one, every sighting after the first is a double.
    pub const fn has_facts(self) -> bool {
        !matches!(self, Self::Payload)
    }
}

/// Keyed pseudonyms (HMAC-SHA-256, truncated) seen in a run, for duplicates and contradictions across files and shards.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct KeyRuns {
    /// Id of the HMAC key, or empty when there was none.
    pub key_id: String,
    /// Rows sorted by kind, key and fact, each once with its count. A streaming run hands them on as they come and
    /// leaves this empty.
    pub rows: Vec<KeyRow>,
}

/// One pseudonym with the fact it was seen with. Ordered by kind, key and fact.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct KeyRow {
    /// What is compared.
    pub kind: KeyKind,
    /// HMAC of the identifier.
    pub key: [u8; 16],
    /// HMAC of the fact beside it, or zeros for pure duplicates.
    pub fact: [u8; 16],
    /// How often.
    pub count: u64,
}

impl KeyRow {
    /// What the row is about, without its count.
    pub const fn about(&self) -> (KeyKind, [u8; 16], [u8; 16]) {
        (self.kind, self.key, self.fact)
    }
}

/// Sorts rows and adds up those about the same.
pub fn sort_rows(rows: &mut Vec<KeyRow>) {
    // As numbers, which compare faster than bytes and in the same order.
    rows.sort_unstable_by_key(|r| (r.kind, u128::from_be_bytes(r.key), u128::from_be_bytes(r.fact)));
    rows.dedup_by(|next, kept| {
        let same = next.about() == kept.about();
        if same {
            kept.count += next.count;
        }
        same
    });
}
