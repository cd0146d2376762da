//! One defect, one finding: what several profiles say of the same thing is said once, base first.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::Entry;

use super::checker::Checker;
use super::{attachment, binding, extension, invariant, reference, slice, types};
use crate::finding::{Draft, Meta, Severity};

/// Rules that can hold of an element once only, whatever profile asks and however it words it.
static ONCE: &[&Meta] = &[
    &binding::REQUIRED,
    &binding::EXTENSIBLE,
    &binding::CODE,
    &binding::WITHDRAWN,
    &binding::DISPLAY,
    &types::TYPE,
    &slice::CLOSED,
    &reference::TARGET,
    &reference::AGGREGATION,
    &extension::CONTEXT,
    &attachment::ATTACHMENT,
];

impl Checker<'_, '_> {
    /// Of the findings after a mark, keeps the most severe about the same thing, and the first of those.
    pub(super) fn deduplicate(&mut self, mark: usize) {
        let said = self.out.since(mark);
        if said.len() < 2 {
            return;
        }
        let mut seen: HashMap<_, usize> = HashMap::with_capacity(said.len());
        let mut keep = vec![true; said.len()];
        for (i, draft) in said.iter().enumerate() {
            match seen.entry((draft.meta.id, draft.path.as_str(), draft.span, matter(draft))) {
                Entry::Vacant(slot) => {
                    slot.insert(i);
                }
                Entry::Occupied(mut slot) => {
                    let first = *slot.get();
                    if draft.severity < said[first].severity {
                        keep[first] = false;
                        slot.insert(i);
                    } else {
                        keep[i] = false;
                    }
                }
            }
        }
        let mut keep = keep.into_iter();
        self.out.retain_since(mark, |_| keep.next().unwrap_or(true));
        self.habits(mark);
    }

    /// Best practice is a habit of the sender: each rule is said once a message, with a count, unless it is an error.
    fn habits(&mut self, mark: usize) {
        let mut first: HashMap<String, (usize, usize)> = HashMap::new();
        let mut index = 0;
        self.out.retain_since(mark, |draft| {
            if draft.meta.id == invariant::BEST_PRACTICE.id && draft.severity != Severity::Error {
                if let Some((_, more)) = first.get_mut(&draft.key) {
                    *more += 1;
                    return false;
                }
                first.insert(draft.key.clone(), (index, 0));
            }
            index += 1;
            true
        });
        for (index, more) in first.into_values().filter(|(_, more)| *more > 0) {
            let places = if more == 1 { "place" } else { "places" };
            self.out.since_mut(mark)[index].notes.push(format!("the same in {more} more {places} of this message"));
        }
    }
}

/// What a finding says, without the path by which its definition calls the element.
fn matter(draft: &Draft) -> Cow<'_, str> {
    if ONCE.iter().any(|m| m.id == draft.meta.id) {
        return Cow::Borrowed("");
    }
    if !draft.says.contains('.') {
        return Cow::Borrowed(&draft.says);
    }
    let last = |word: &'_ str| -> String {
        let path = word.starts_with(|c: char| c.is_ascii_uppercase()) && !word.contains('/');
        if path { word.rsplit('.').next().unwrap_or(word).to_owned() } else { word.to_owned() }
    };
    Cow::Owned(draft.says.split(' ').map(last).collect::<Vec<_>>().join(" "))
}
