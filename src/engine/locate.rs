//! Where pseudonyms are seen: source, payload, line, resource and message of each.

use std::sync::Arc;

use sha2::{Digest, Sha256};

use super::check::Check;
use super::order::Origin;
use crate::feed::Payload;
use crate::measure::Observed;
use crate::message::Message;
use crate::tally::{KeyKind, KeyRow, Sighting};
use crate::text::LineIndex;
use crate::tree::{Element, NodeId, names};

/// A whole payload: by its pseudonym, or without a key by its digest, which never leaves.
pub(super) fn payload(check: &Check, payload: &Payload, source: &str, observed: &mut Observed) {
    let keyed = check.pseudonyms.is_some().then(|| observed.rows.last().copied()).flatten();
    let row = keyed.unwrap_or_else(|| {
        let mut key = [0; 16];
        key.copy_from_slice(&Sha256::digest(&payload.bytes)[..16]);
        KeyRow { kind: KeyKind::Payload, key, fact: [0; 16], count: 1 }
    });
    observed.sightings.push(Sighting {
        row,
        source: Arc::from(source),
        payload: payload.number,
        line: payload.line,
        resource: Box::default(),
        id: Box::default(),
        message: Box::default(),
    });
}

/// The resources behind the rows of a message, which begin at `from`.
pub(super) fn resources(
    message: &Message<'_>,
    origin: &Origin<'_>,
    source: &str,
    behind: &[NodeId],
    from: usize,
    observed: &mut Observed,
) {
    if behind.is_empty() {
        return;
    }
    let lines = LineIndex::new(origin.text);
    let of_bundle = message.root().child(names::IDENTIFIER).and_then(|identifier| identifier.text(names::VALUE));
    let of_header = || message.header().and_then(|header| header.text(names::ID));
    let name: Box<str> = of_bundle.or_else(of_header).unwrap_or_default().into();
    let source: Arc<str> = Arc::from(source);
    let Observed { rows, sightings, .. } = observed;
    for (row, node) in rows[from..].iter().zip(behind) {
        let resource = Element::new(message.tree, *node);
        sightings.push(Sighting {
            row: *row,
            source: Arc::clone(&source),
            payload: origin.payload,
            line: u64::from(lines.place(origin.text, resource.span().start).line) + origin.first_line - 1,
            resource: names::text(resource.type_id()).into(),
            id: resource.text(names::ID).unwrap_or_default().into(),
            message: name.clone(),
        });
    }
}
