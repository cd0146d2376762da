//! Counters of many messages: small keys while the walk goes on, names and paths only when it is over.

use std::collections::HashMap;
use std::sync::Arc;

use super::completeness::Slot;
use super::pseudonym::Known;
use crate::plan::Plan;
use crate::tally::{Distribution, EDGES, KeyRow, LONGER, Measure, MeasureKey, Measured, PayloadSum, Sighting, Tally};
use crate::text::Date;
use crate::tree::names::{self, FastMap};
use crate::tree::{NameId, NodeId};

/// Whose messages, and of which month.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub(super) struct Group {
    /// ODS code, or empty.
    pub(super) sender: String,
    /// `YYYY-MM`, or empty.
    pub(super) period: String,
}

/// One bar of a distribution.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(super) enum Bucket {
    /// A word of ours.
    Word(&'static str),
    /// Upper edge of a delay: a place in [`EDGES`].
    Edge(u8),
    /// Weekday from 1 and hour.
    Hour(u8, u8),
    /// Day since 1970 and hour.
    Slot(i32, u8),
}

type ShareKey = (Measured, NameId, &'static str);

/// What one plan's elements showed, node by node.
#[derive(Clone, Debug)]
pub(super) struct Fields {
    pub(super) plan: Arc<Plan>,
    pub(super) nodes: Vec<Slot>,
}

/// Counters of one group.
#[derive(Clone, Debug, Default)]
pub(super) struct Counts {
    shares: FastMap<ShareKey, (u64, u64)>,
    tallies: FastMap<(Distribution, NameId, &'static str, Bucket), u64>,
    /// By address of the plan, which the entry keeps alive.
    fields: FastMap<usize, Fields>,
}

impl Counts {
    /// Counts one case of a share about an element of a type (`OTHER` and empty where it is about neither).
    pub(super) fn share(&mut self, share: Measured, ty: NameId, element: &'static str, did: bool) {
        let entry = self.shares.entry((share, ty, element)).or_default();
        entry.0 += u64::from(did);
        entry.1 += 1;
    }

    /// Counts several cases of a share at once.
    pub(super) fn shares(&mut self, share: Measured, ty: NameId, did: u64, of: u64) {
        let entry = self.shares.entry((share, ty, "")).or_default();
        entry.0 += did;
        entry.1 += of;
    }

    pub(super) fn tally(&mut self, of: Distribution, ty: NameId, element: &'static str, bucket: Bucket) {
        *self.tallies.entry((of, ty, element, bucket)).or_default() += 1;
    }

    pub(super) fn fields(&mut self, plan: &Arc<Plan>) -> &mut Fields {
        self.fields
            .entry(Arc::as_ptr(plan) as usize)
            .or_insert_with(|| Fields { plan: Arc::clone(plan), nodes: vec![Slot::default(); plan.nodes.len()] })
    }

    fn add(&mut self, other: Self) {
        for (key, (numerator, denominator)) in other.shares {
            let entry = self.shares.entry(key).or_default();
            entry.0 += numerator;
            entry.1 += denominator;
        }
        for (key, count) in other.tallies {
            *self.tallies.entry(key).or_default() += count;
        }
        for (at, fields) in other.fields {
            match self.fields.entry(at) {
                std::collections::hash_map::Entry::Vacant(slot) => {
                    slot.insert(fields);
                }
                std::collections::hash_map::Entry::Occupied(mut slot) => {
                    for (mine, more) in slot.get_mut().nodes.iter_mut().zip(fields.nodes) {
                        mine.add(more);
                    }
                }
            }
        }
    }
}

/// Shares, tallies and pseudonyms of one message or of many.
#[derive(Clone, Debug, Default)]
pub struct Observed {
    pub(super) groups: HashMap<Group, Counts>,
    pub(super) known: Known,
    /// Keyed pseudonyms, in no order.
    pub rows: Vec<KeyRow>,
    /// Digests of payloads, where there is no key.
    pub payloads: PayloadSum,
    /// The resource behind each row of the message that is looked at; nothing where nobody wants to know.
    pub behind: Option<Vec<NodeId>>,
    /// Where pseudonyms were seen, in no order.
    pub sightings: Vec<Sighting>,
}

impl Observed {
    /// Adds what other messages showed.
    pub fn add(&mut self, other: Self) {
        for (group, counts) in other.groups {
            self.groups.entry(group).or_default().add(counts);
        }
        self.rows.extend(other.rows);
        self.sightings.extend(other.sightings);
        self.payloads.join(other.payloads);
    }

    /// Names and paths, sorted and unique.
    pub fn finish(self) -> (Vec<Measure>, Vec<Tally>) {
        let mut measures = Vec::new();
        let mut tallies = Vec::new();
        for (group, counts) in self.groups {
            let key = |ty: NameId, element: &str| MeasureKey {
                sender: group.sender.clone(),
                period: group.period.clone(),
                resource: named(ty),
                element: if ty == names::OTHER || element.is_empty() {
                    element.to_owned()
                } else {
                    format!("{}.{element}", names::text(ty))
                },
                ..MeasureKey::default()
            };
            for ((share, ty, element), (numerator, denominator)) in counts.shares {
                let definition = share.definition();
                measures.push(Measure {
                    name: definition.name.to_owned(),
                    dimension: definition.dimension,
                    key: key(ty, element),
                    numerator,
                    denominator,
                });
            }
            for ((of, ty, element, bucket), count) in counts.tallies {
                let name = of.definition().name.to_owned();
                tallies.push(Tally { name, key: key(ty, element), bucket: bucket.text(), count });
            }
            for fields in counts.fields.into_values() {
                super::completeness::measures(&fields, &group.sender, &group.period, &mut measures);
            }
        }
        measures.sort_by(|a, b| (&a.name, &a.key).cmp(&(&b.name, &b.key)));
        // Workers that compile one profile at the same time hold two plans of it.
        measures.dedup_by(|next, kept| {
            let same = next.name == kept.name && next.key == kept.key;
            if same {
                kept.numerator += next.numerator;
                kept.denominator += next.denominator;
            }
            same
        });
        tallies.sort_by(|a, b| (&a.name, &a.key, &a.bucket).cmp(&(&b.name, &b.key, &b.bucket)));
        (measures, tallies)
    }
}

fn named(ty: NameId) -> String {
    if ty == names::OTHER { String::new() } else { names::text(ty).to_owned() }
}

impl Bucket {
    fn text(self) -> String {
        match self {
            Self::Word(word) => word.to_owned(),
            Self::Edge(edge) => EDGES.get(edge as usize).map_or(LONGER, |e| e.0).to_owned(),
            Self::Hour(weekday, hour) => format!("{weekday}T{hour:02}"),
            Self::Slot(day, hour) => format!("{}T{hour:02}", Date::from_days(i64::from(day))),
        }
    }
}
