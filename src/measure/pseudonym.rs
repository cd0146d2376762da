//! Keyed pseudonyms: HMAC-SHA-256 of identifiers and facts, so that duplicates and contradictions can be found across
//! files and months without keeping what they are.

use hmac::{Hmac, Mac};
use sha2::Sha256;

use crate::finding::KeyRow;
use crate::tree::{Element, names};

/// Makes pseudonyms with one key.
#[derive(Clone)]
pub struct Pseudonyms {
    key: Hmac<Sha256>,
}

impl std::fmt::Debug for Pseudonyms {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Pseudonyms")
    }
}

impl Pseudonyms {
    /// With a key of any length; `None` when the key is refused.
    pub fn new(key: &[u8]) -> Option<Self> {
        Hmac::new_from_slice(key).ok().map(|key| Self { key })
    }

    fn of(&self, kind: &str, parts: &[&str]) -> [u8; 16] {
        let mut mac = self.key.clone();
        mac.update(kind.as_bytes());
        for part in parts {
            mac.update(&[0]);
            mac.update(part.trim().to_lowercase().as_bytes());
        }
        let mut out = [0; 16];
        out.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        out
    }

    /// A payload, to find it sent twice.
    pub(super) fn payload(&self, bytes: &[u8], rows: &mut Vec<KeyRow>) {
        let mut mac = self.key.clone();
        mac.update(b"payload");
        mac.update(bytes);
        let mut key = [0; 16];
        key.copy_from_slice(&mac.finalize().into_bytes()[..16]);
        rows.push(KeyRow { kind: "payload".to_owned(), key, fact: [0; 16], count: 1 });
    }

    /// A patient: what is said under one NHS number, and which numbers one person has.
    pub(super) fn patient(&self, resource: Element<'_>, rows: &mut Vec<KeyRow>) {
        if resource.type_id() != names::T_PATIENT {
            return;
        }
        let number = resource
            .named(names::IDENTIFIER)
            .find(|i| i.text(names::SYSTEM) == Some("https://fhir.nhs.uk/Id/nhs-number"));
        let Some(number) = number.and_then(|i| i.text(names::VALUE)) else { return };
        let name = resource.child(names::NAME);
        let family = name.and_then(|n| n.get("family")).and_then(Element::value);
        let given = name.and_then(|n| n.get("given")).and_then(Element::value);
        let birth = resource.text(names::BIRTH_DATE);
        let key = self.of("nhs-number", &[number]);
        let mut fact = |kind: &str, value: Option<&str>| {
            if let Some(value) = value {
                rows.push(KeyRow { kind: kind.to_owned(), key, fact: self.of(kind, &[value]), count: 1 });
            }
        };
        fact("patient-birth-date", birth);
        fact("patient-sex", resource.text(names::GENDER));
        fact("patient-family-name", family);
        if let (Some(family), Some(given), Some(birth)) = (family, given, birth) {
            let person = self.of("person", &[family, given, birth]);
            rows.push(KeyRow { kind: "person-nhs-number".to_owned(), key: person, fact: key, count: 1 });
        }
    }
}
