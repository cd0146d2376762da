//! Keyed pseudonyms: HMAC-SHA-256 of identifiers and facts, so that duplicates and contradictions can be found across
//! files and months without keeping what they are.

use std::collections::HashMap;

use hmac::{Hmac, Mac};
use sha2::Sha256;

use super::Seen;
use super::patient::nhs_number;
use crate::finding::{KeyKind, KeyRow};
use crate::tree::Element;
use crate::tree::names;

const NHS_NUMBER: &str = "https://fhir.nhs.uk/Id/nhs-number";

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

type Digest = [u8; 16];

impl Pseudonyms {
    /// With a key of any length; `None` when the key is refused.
    pub fn new(key: &[u8]) -> Option<Self> {
        Hmac::new_from_slice(key).ok().map(|key| Self { key })
    }

    /// First 128 bits of the MAC over a domain, pseudonyms, and texts, each trimmed and in lower case.
    fn of(&self, domain: &str, pseudonyms: &[&Digest], parts: &[&str]) -> Digest {
        let mut mac = self.key.clone();
        mac.update(b"hallmark/v1/");
        mac.update(domain.as_bytes());
        pseudonyms.iter().for_each(|digest| mac.update(*digest));
        for part in parts {
            mac.update(&[0]);
            let part = part.trim();
            if part.bytes().any(|b| b.is_ascii_uppercase() || !b.is_ascii()) {
                mac.update(part.to_lowercase().as_bytes());
            } else {
                mac.update(part.as_bytes());
            }
        }
        truncated(mac)
    }

    /// A payload, well formed or not, to find it sent twice.
    pub(super) fn payload(&self, bytes: &[u8], rows: &mut Vec<KeyRow>) {
        let mut mac = self.key.clone();
        mac.update(b"hallmark/v1/payload");
        mac.update(bytes);
        rows.push(KeyRow { kind: KeyKind::Payload, key: truncated(mac), fact: [0; 16], count: 1 });
    }

    /// All that one message shows.
    pub(super) fn message(&self, seen: &Seen<'_, '_>, sender: &str, rows: &mut Vec<KeyRow>) {
        let mut about = About { pseudonyms: self, sender, rows, subject: None, known: HashMap::new() };
        for &node in &seen.message.resources {
            let resource = Element::new(seen.message.tree, node);
            if resource.name_id() == names::CONTAINED {
                continue;
            }
            if resource.type_id() == names::T_PATIENT {
                about.patient(resource);
            } else {
                about.event(seen, resource);
            }
        }
    }
}

fn truncated(mac: Hmac<Sha256>) -> Digest {
    let mut out = [0; 16];
    out.copy_from_slice(&mac.finalize().into_bytes()[..16]);
    out
}

/// Rows of one message.
struct About<'a, 't> {
    pseudonyms: &'a Pseudonyms,
    sender: &'a str,
    rows: &'a mut Vec<KeyRow>,
    /// The reference that was followed last, and the patient behind it.
    subject: Option<(&'t str, Option<Digest>)>,
    /// Codes and statuses so far.
    known: HashMap<(&'static str, &'t str, &'t str), Digest>,
}

impl<'t> About<'_, 't> {
    fn of(&self, domain: &str, pseudonyms: &[&Digest], parts: &[&str]) -> Digest {
        self.pseudonyms.of(domain, pseudonyms, parts)
    }

    /// The pseudonym of what comes again and again in one message.
    fn repeated(&mut self, domain: &'static str, system: &'t str, text: &'t str) -> Digest {
        if let Some(known) = self.known.get(&(domain, system, text)) {
            return *known;
        }
        let digest = self.of(domain, &[], &[system, text]);
        self.known.insert((domain, system, text), digest);
        digest
    }

    fn row(&mut self, kind: KeyKind, key: Digest, fact: Digest) {
        self.rows.push(KeyRow { kind, key, fact, count: 1 });
    }

    /// The pseudonym of an NHS number that is valid: what fails the check digit identifies nobody.
    fn number(&self, patient: Element<'_>) -> Option<Digest> {
        let digits = nhs_number(patient)?.map(|d| d + b'0' * u8::from(d < 10));
        std::str::from_utf8(&digits).ok().map(|text| self.of("nhs-number", &[], &[text]))
    }

    /// What is said under one NHS number, which numbers one person has, and which local numbers.
    fn patient(&mut self, patient: Element<'_>) {
        let Some(number) = self.number(patient) else { return };
        let name = patient
            .named(names::NAME)
            .find(|n| n.text(names::USE).is_none_or(|u| u == "official" || u == "usual"))
            .or_else(|| patient.child(names::NAME));
        let family = name.and_then(|n| n.get("family")).and_then(Element::value);
        let given = name.and_then(|n| n.get("given")).and_then(Element::value);
        let birth = patient.text(names::BIRTH_DATE);
        let facts = [
            (KeyKind::BirthDate, birth),
            (KeyKind::Sex, patient.text(names::GENDER).filter(|g| *g != "unknown")),
            (KeyKind::FamilyName, family),
        ];
        for (kind, value) in facts {
            if let Some(value) = value {
                let fact = self.of(kind.as_str(), &[], &[value]);
                self.row(kind, number, fact);
            }
        }
        if let (Some(family), Some(given), Some(birth)) = (family, given, birth) {
            let person = self.of("person", &[], &[family, given, birth]);
            self.row(KeyKind::Person, person, number);
        }
        let local = patient.named(names::IDENTIFIER).find_map(|i| {
            let system =
                i.text(names::SYSTEM).filter(|s| *s != NHS_NUMBER && !s.starts_with("https://fhir.nhs.uk/Id/nhs"))?;
            Some((system, i.text(names::VALUE)?))
        });
        if let Some((system, value)) = local {
            let local = self.of("local-number", &[], &[self.sender, system, value]);
            self.row(KeyKind::LocalNumber, local, number);
            let at_sender = self.of("patient-at", &[&number], &[self.sender, system]);
            self.row(KeyKind::Patient, at_sender, local);
        }
    }

    /// A clinical resource: one about a patient, with an id of its sender's.
    fn event(&mut self, seen: &Seen<'t, 't>, resource: Element<'t>) {
        let Some(subject) = resource.child(names::SUBJECT).or_else(|| resource.child(names::PATIENT)) else { return };
        let ty = names::text(resource.type_id());
        let identifier =
            resource.child(names::IDENTIFIER).and_then(|i| Some((i.text(names::SYSTEM)?, i.text(names::VALUE)?)));
        let Some((system, value)) = identifier.or_else(|| resource.text(names::ID).map(|id| ("", id))) else { return };
        let id = self.of("resource", &[], &[self.sender, ty, system, value]);
        let patient = self.subject_of(seen, subject);
        let code = code_of(resource);
        let when = when_of(resource);
        if let Some((system, code)) = code {
            let code = self.repeated("code", system, code);
            self.row(KeyKind::Code, id, code);
        }
        if let Some(patient) = patient {
            self.row(KeyKind::Subject, id, patient);
            if let (Some((system, code)), Some(when)) = (code, when) {
                let event = self.of("event", &[&patient], &[self.sender, ty, system, code, when]);
                self.row(KeyKind::Event, event, id);
            }
        }
        let meta = resource.child(names::META);
        let version = meta.and_then(|m| m.text(names::VERSION_ID).or_else(|| m.text(names::LAST_UPDATED))).or(when);
        if let (Some(status), Some(version)) = (status_of(resource), version) {
            let key = self.of("version", &[&id], &[version]);
            let status = self.repeated("status", "", status);
            self.row(KeyKind::Status, key, status);
        }
    }

    fn subject_of(&mut self, seen: &Seen<'t, 't>, reference: Element<'t>) -> Option<Digest> {
        let text = reference.text(names::REFERENCE)?;
        if let Some((last, patient)) = self.subject
            && last == text
        {
            return patient;
        }
        let target = seen.message.resolve(reference, text).target();
        let patient = target.filter(|t| t.type_id() == names::T_PATIENT).and_then(|t| self.number(t));
        self.subject = Some((text, patient));
        patient
    }
}

/// System and code of the first coding of what the resource is about.
fn code_of(resource: Element<'_>) -> Option<(&str, &str)> {
    let concept = ["code", "medication", "vaccineCode"].into_iter().find_map(|name| resource.get(name))?;
    let coding = concept.child(names::CODING)?;
    Some((coding.text(names::SYSTEM).unwrap_or(""), coding.text(names::CODE)?))
}

/// When it happened, as written.
fn when_of(resource: Element<'_>) -> Option<&str> {
    const TIMES: [&str; 10] = [
        "effective",
        "performed",
        "occurrence",
        "onset",
        "period",
        "authoredOn",
        "assertedDate",
        "recordedDate",
        "date",
        "issued",
    ];
    let at = TIMES.into_iter().find_map(|name| resource.get(name))?;
    at.value().or_else(|| at.text(names::START))
}

/// The state a resource is in.
fn status_of(resource: Element<'_>) -> Option<&str> {
    let at = resource.get("clinicalStatus").or_else(|| resource.child(names::STATUS))?;
    at.value().or_else(|| at.child(names::CODING)?.text(names::CODE))
}
