//! One defect once: findings of one fault of one rule at the same element are shown together, with counts and three
//! examples, whatever the resource they stand in. What a fault is, fields say; words are for people.

use std::cmp::Reverse;
use std::collections::{HashMap, HashSet};

use super::row::place;
use crate::finding::Finding;

/// Examples kept of each defect, and the number of findings up to which each is shown by itself.
pub(super) const EXAMPLES: usize = 3;

/// One defect.
pub(super) struct Group {
    /// Findings of it.
    pub(super) count: u64,
    /// Payloads it was seen in.
    pub(super) payloads: u64,
    /// The first findings, at most [`EXAMPLES`].
    pub(super) examples: Vec<Finding>,
    /// Place of the last finding: source, line, column.
    pub(super) last: (String, u64, u32),
    last_payload: (usize, u64),
}

#[derive(PartialEq, Eq, Hash)]
struct Key {
    rule: &'static str,
    severity: crate::finding::Severity,
    /// Which of the rule's faults: its key, or what it says where one rule has one fault.
    fault: String,
    profile: String,
    /// Element definition id.
    definition: String,
    element: String,
    waived: bool,
}

/// Defects. Memory grows with distinct defects, not with findings.
#[derive(Default)]
pub(super) struct Groups {
    index: HashMap<Key, usize>,
    groups: Vec<Group>,
}

impl Groups {
    pub(super) fn add(&mut self, finding: &Finding) {
        let key = Key {
            rule: finding.meta.id,
            severity: finding.severity,
            fault: if finding.key.is_empty() { finding.says.clone() } else { finding.key.clone() },
            profile: finding.profile.clone(),
            definition: finding.element.clone(),
            element: element(&finding.path),
            waived: finding.waived.is_some(),
        };
        let at = *self.index.entry(key).or_insert_with(|| {
            self.groups.push(Group {
                count: 0,
                payloads: 0,
                examples: Vec::new(),
                last: Default::default(),
                last_payload: (usize::MAX, 0),
            });
            self.groups.len() - 1
        });
        let group = &mut self.groups[at];
        group.count += 1;
        let payload = (finding.source_index, finding.payload);
        if group.last_payload != payload {
            group.last_payload = payload;
            group.payloads += 1;
        }
        if group.examples.len() < EXAMPLES {
            group.examples.push(finding.clone());
        } else {
            group.last = (finding.source.to_string(), finding.line, finding.column);
        }
    }

    /// Defects, the most severe first. Of one severity the commonest defect of each rule comes first, the rule with most
    /// findings leading; then all others, the most frequent first: a screen shows as many kinds of defect as it can hold.
    pub(super) fn by_weight(self) -> Vec<Group> {
        let rule = |g: &Group| (g.examples[0].severity, g.examples[0].meta.id);
        let mut totals: HashMap<_, u64> = HashMap::new();
        for group in &self.groups {
            *totals.entry(rule(group)).or_default() += group.count;
        }
        let mut groups = self.groups;
        groups.sort_by_key(|g| (g.examples[0].severity, Reverse(g.payloads), Reverse(g.count)));
        let mut seen = HashSet::new();
        let first: Vec<bool> = groups.iter().map(|g| seen.insert(rule(g))).collect();
        let mut ranked: Vec<_> = groups.into_iter().zip(first).enumerate().collect();
        ranked.sort_by_key(|(at, (group, first))| {
            let total = if *first { totals.get(&rule(group)).copied().unwrap_or_default() } else { 0 };
            (group.examples[0].severity, !*first, Reverse(total), *at)
        });
        ranked.into_iter().map(|(_, (group, _))| group).collect()
    }
}

/// The last step of a path; nothing for a whole resource, so that one missed recommendation is one defect.
fn element(path: &str) -> String {
    let place = place(path);
    let step = place.rsplit('.').find(|step| !step.starts_with("ofType("));
    match step {
        Some(step) if place.contains('.') && step != "resource" => step.to_string(),
        _ => String::new(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn defects_are_told_apart_by_element() {
        assert_eq!(element("Bundle.entry[2].resource.ofType(Patient).name[0].family"), "family");
        assert_eq!(element("Bundle.entry[2].resource.ofType(Patient)"), "");
        assert_eq!(element("Patient"), "");
    }
}
