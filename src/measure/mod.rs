//! What one message shows of data quality: shares and tallies as integers, without a value of the message.

mod coding;
mod completeness;
mod patient;
mod pseudonym;
mod timeliness;

use std::collections::HashMap;

use crate::finding::{Dimension, KeyRow, MeasureKey};
use crate::message::Message;
use crate::plan::Plans;
use crate::tree::{Element, NodeId};

pub use pseudonym::Pseudonyms;

/// Shares and tallies of one message or of many.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    /// Numerator and denominator by name and key.
    pub measures: HashMap<(&'static str, MeasureKey), (Dimension, u64, u64)>,
    /// Counts by name, key and bucket.
    pub tallies: HashMap<(&'static str, MeasureKey, String), u64>,
    /// Keyed pseudonyms.
    pub rows: Vec<KeyRow>,
}

impl Observed {
    /// Counts one case: whether it did what the measure asks.
    fn share(&mut self, name: &'static str, dimension: Dimension, key: MeasureKey, did: bool) {
        let entry = self.measures.entry((name, key)).or_insert((dimension, 0, 0));
        entry.1 += u64::from(did);
        entry.2 += 1;
    }

    fn tally(&mut self, name: &'static str, key: MeasureKey, bucket: &str) {
        *self.tallies.entry((name, key, bucket.to_owned())).or_default() += 1;
    }

    /// Adds what another message showed.
    pub fn add(&mut self, other: Self) {
        for (key, (dimension, numerator, denominator)) in other.measures {
            let entry = self.measures.entry(key).or_insert((dimension, 0, 0));
            entry.1 += numerator;
            entry.2 += denominator;
        }
        for (key, count) in other.tallies {
            *self.tallies.entry(key).or_default() += count;
        }
        self.rows.extend(other.rows);
    }
}

/// Observes one message. `applied` names the profiles its resources were checked against.
pub fn observe(
    message: &Message<'_>,
    plans: &Plans,
    applied: &[(NodeId, String, bool)],
    payload: &[u8],
    pseudonyms: Option<&Pseudonyms>,
) -> Observed {
    let mut observed = Observed::default();
    for &node in &message.resources {
        let resource = Element::new(message.tree, node);
        patient::observe(resource, &mut observed);
        coding::observe(resource, &mut observed);
        if resource.name_id() != crate::tree::names::CONTAINED {
            completeness::metadata(resource, &mut observed);
        }
        if let Some(pseudonyms) = pseudonyms {
            pseudonyms.patient(resource, &mut observed.rows);
        }
    }
    for (node, canonical, _) in applied {
        if let Some(plan) = plans.of(message.release, canonical) {
            completeness::populated(Element::new(message.tree, *node), &plan, &mut observed);
        }
    }
    timeliness::observe(message, &mut observed);
    if let Some(pseudonyms) = pseudonyms {
        pseudonyms.payload(payload, &mut observed.rows);
    }
    observed
}

/// A key about one resource type.
fn of_resource(resource: Element<'_>) -> MeasureKey {
    MeasureKey { resource: crate::tree::names::text(resource.type_id()).to_owned(), ..MeasureKey::default() }
}
