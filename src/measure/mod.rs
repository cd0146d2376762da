//! What messages show of data quality: shares and tallies as integers, without a value of a message.

mod coding;
mod completeness;
mod maturity;
mod observed;
mod parties;
mod patient;
mod pseudonym;
mod timeliness;

pub use observed::Observed;
pub use pseudonym::Pseudonyms;

use std::sync::Arc;

use sha2::{Digest, Sha256};

use crate::tally::Measured;
use observed::Group;

use crate::finding::Severity;
use crate::message::Message;
use crate::plan::Plans;
use crate::terminology::Sets;
use crate::tree::{Element, NodeId, names};

/// A section that a document should or may have.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SectionSeen {
    /// The Composition.
    pub document: NodeId,
    /// Its title in the standard.
    pub title: &'static str,
    /// The profile demands it.
    pub mandatory: bool,
    /// The record standard asks for it when something is known.
    pub required: bool,
    /// The record standard makes it mandatory.
    pub heading: bool,
    /// It is there.
    pub present: bool,
}

/// One message that was checked, with what the check knows of it.
#[derive(Debug)]
pub struct Seen<'s, 't> {
    /// The message.
    pub message: &'s Message<'t>,
    /// Definitions.
    pub plans: &'s Plans,
    /// Code systems.
    pub sets: &'s Sets,
    /// Profiles its resources were checked against, and whether they kept to them.
    pub applied: &'s [(NodeId, Arc<str>, bool)],
    /// Sections of its documents.
    pub sections: &'s [SectionSeen],
    /// The worst severity of what was found and counts (waived or not), or nothing.
    pub worst: Option<Severity>,
    /// When it came in, in seconds since 1970, where somebody knows.
    pub received: Option<i64>,
}

/// Observes the bytes of one payload, well formed or not.
pub fn observe_payload(bytes: &[u8], pseudonyms: Option<&Pseudonyms>, observed: &mut Observed) {
    match pseudonyms {
        Some(pseudonyms) => pseudonyms.payload(bytes, &mut observed.rows),
        None => observed.payloads.add(&Sha256::digest(bytes).into()),
    }
}

/// Observes one message.
pub fn observe(seen: &Seen<'_, '_>, pseudonyms: Option<&Pseudonyms>, observed: &mut Observed) {
    let message = seen.message;
    let sender = message.sender();
    let code = sender.map_or("", |s| s.code);
    let counts =
        observed.groups.entry(Group { sender: code.to_owned(), period: timeliness::period(seen) }).or_default();
    if message.header().is_some() || message.document().is_some() {
        counts.share(Measured::SenderKnown, names::OTHER, "", sender.is_some());
    }
    for &node in &message.resources {
        let resource = Element::new(message.tree, node);
        match names::text(resource.type_id()) {
            "Patient" => patient::observe(resource, counts),
            "Organization" => parties::organisation(seen, resource, counts),
            "DocumentReference" => parties::pointer(seen, resource, counts),
            _ => {
                coding::observe(resource, seen.sets.snomed(), counts);
                parties::request(seen, resource, counts);
            }
        }
        if resource.name_id() != names::CONTAINED {
            completeness::metadata(resource, counts);
        }
    }
    for (node, canonical, _) in seen.applied {
        if let Some(plan) = seen.plans.of(message.release, canonical) {
            let resource = Element::new(message.tree, *node);
            completeness::populated(resource, &plan, counts);
            completeness::security(resource, &plan, counts);
        }
    }
    parties::header(seen, counts);
    parties::documents(seen, counts);
    patient::consent(seen, counts);
    coding::proprietary(seen, counts);
    maturity::observe(seen, counts);
    timeliness::observe(seen, counts);
    if let Some(pseudonyms) = pseudonyms {
        let Observed { known, rows, behind, .. } = observed;
        pseudonyms.message(seen, code, known, rows, behind.as_mut());
    }
}
