//! Keyed pseudonyms: HMAC-SHA-256 of identifiers and facts, so that duplicates and contradictions can be found across
//! files and months without keeping what they are.

use std::sync::LazyLock;

use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use super::Seen;
use super::patient::nhs_number;
use crate::tally::{KeyKind, KeyRow};
use crate::text::TextMap;
use crate::tree::names::{self, NameId};
use crate::tree::{Element, NodeId};
use crate::uk::systems::{NHS_NUMBER, is_nhs_number_like};

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

    fn mac(&self, input: &[u8]) -> Digest {
        let mut mac = self.key.clone();
        mac.update(input);
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
    pub(super) fn message(
        &self,
        seen: &Seen<'_, '_>,
        sender: &str,
        known: &mut Known,
        rows: &mut Vec<KeyRow>,
        behind: Option<&mut Vec<NodeId>>,
    ) {
        let mut about = About { pseudonyms: self, sender, rows, behind, at: 0, subject: None, known };
        for &node in &seen.message.resources {
            let resource = Element::new(seen.message.tree, node);
            if resource.name_id() == names::CONTAINED {
                continue;
            }
            about.at = node;
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

/// Pseudonyms that come again from message to message: codes, statuses, sexes, the patient of several messages.
#[derive(Clone, Debug, Default)]
pub(super) struct Known {
    /// By what the MAC is over.
    of: TextMap<Box<[u8]>, Digest>,
    /// What the next MAC is over.
    input: Vec<u8>,
}

/// As many pseudonyms as this are remembered.
const MOST: usize = 4_096;

impl Known {
    /// Sets down a domain, pseudonyms, and texts, each trimmed and in lower case.
    fn set(&mut self, domain: &str, pseudonyms: &[&Digest], parts: &[&str]) {
        self.input.clear();
        self.input.extend_from_slice(b"hallmark/v1/");
        self.input.extend_from_slice(domain.as_bytes());
        pseudonyms.iter().for_each(|digest| self.input.extend_from_slice(*digest));
        for part in parts {
            self.input.push(0);
            let part = part.trim();
            if part.bytes().any(|b| b.is_ascii_uppercase() || !b.is_ascii()) {
                self.input.extend_from_slice(part.to_lowercase().as_bytes());
            } else {
                self.input.extend_from_slice(part.as_bytes());
            }
        }
    }
}

/// Rows of one message.
struct About<'a, 't> {
    pseudonyms: &'a Pseudonyms,
    sender: &'a str,
    rows: &'a mut Vec<KeyRow>,
    /// The resource behind each row, where somebody wants to know.
    behind: Option<&'a mut Vec<NodeId>>,
    /// The resource that is looked at.
    at: NodeId,
    /// The reference that was followed last, and the patient behind it.
    subject: Option<(&'t str, Option<Digest>)>,
    known: &'a mut Known,
}

impl<'t> About<'_, 't> {
    /// First 128 bits of the MAC over a domain, pseudonyms and texts.
    fn of(&mut self, domain: &str, pseudonyms: &[&Digest], parts: &[&str]) -> Digest {
        self.known.set(domain, pseudonyms, parts);
        self.pseudonyms.mac(&self.known.input)
    }

    /// The same of what comes again and again.
    fn repeated(&mut self, domain: &str, parts: &[&str]) -> Digest {
        self.known.set(domain, &[], parts);
        if let Some(known) = self.known.of.get(&*self.known.input) {
            return *known;
        }
        let digest = self.pseudonyms.mac(&self.known.input);
        if self.known.of.len() < MOST {
            self.known.of.insert(self.known.input.as_slice().into(), digest);
        }
        digest
    }

    fn row(&mut self, kind: KeyKind, key: Digest, fact: Digest) {
        self.rows.push(KeyRow { kind, key, fact, count: 1 });
        if let Some(behind) = &mut self.behind {
            behind.push(self.at);
        }
    }

    /// The pseudonym of an NHS number that is valid: what fails the check digit identifies nobody.
    fn number(&mut self, patient: Element<'_>) -> Option<Digest> {
        let digits = nhs_number(patient)?.map(|d| d + b'0' * u8::from(d < 10));
        std::str::from_utf8(&digits).ok().map(|text| self.repeated("nhs-number", &[text]))
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
                let fact = self.repeated(kind.as_str(), &[value]);
                self.row(kind, number, fact);
            }
        }
        if let (Some(family), Some(given), Some(birth)) = (family, given, birth) {
            let person = self.of("person", &[], &[family, given, birth]);
            self.row(KeyKind::Person, person, number);
        }
        let local = patient.named(names::IDENTIFIER).find_map(|i| {
            let system = i.text(names::SYSTEM).filter(|s| *s != NHS_NUMBER && !is_nhs_number_like(s))?;
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
            let code = self.repeated("code", &[system, code]);
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
            let status = self.repeated("status", &["", status]);
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

/// Elements of one meaning, the most telling first.
static CODES: LazyLock<Vec<NameId>> = LazyLock::new(|| named(&["code", "medication", "vaccineCode"]));
static TIMES: LazyLock<Vec<NameId>> = LazyLock::new(|| {
    named(&[
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
    ])
});
static STATUSES: LazyLock<Vec<NameId>> = LazyLock::new(|| named(&["clinicalStatus", "status"]));

fn named(all: &[&str]) -> Vec<NameId> {
    all.iter().map(|name| names::intern(name)).collect()
}

fn first<'t>(resource: Element<'t>, of: &[NameId]) -> Option<Element<'t>> {
    let place = |at: Element<'_>| of.iter().position(|name| *name == at.base_id());
    resource.children().filter_map(|at| Some((place(at)?, at))).min_by_key(|(place, _)| *place).map(|(_, at)| at)
}

/// System and code of the first coding of what the resource is about.
fn code_of(resource: Element<'_>) -> Option<(&str, &str)> {
    let coding = first(resource, &CODES)?.child(names::CODING)?;
    Some((coding.text(names::SYSTEM).unwrap_or(""), coding.text(names::CODE)?))
}

/// When it happened, as written.
fn when_of(resource: Element<'_>) -> Option<&str> {
    let at = first(resource, &TIMES)?;
    at.value().or_else(|| at.text(names::START))
}

/// The state a resource is in.
fn status_of(resource: Element<'_>) -> Option<&str> {
    let at = first(resource, &STATUSES)?;
    at.value().or_else(|| at.child(names::CODING)?.text(names::CODE))
}
