//! A Bundle of many entries: its resources are checked ahead of the walk, in parts that several threads can take.

use std::collections::VecDeque;
use std::num::NonZeroUsize;
use std::sync::Arc;

use super::checker::Checker;
use crate::finding::Sink;
use crate::message::Message;
use crate::text::in_parts;
use crate::tree::names::{self, FastMap};
use crate::tree::{Element, NodeId};

/// Entries that one checker takes at once. Each part remembers on its own what it has decided, so the size is fixed: what is
/// said must not depend on the number of threads.
const PART: NonZeroUsize = NonZeroUsize::new(128).unwrap();

/// Bundles of fewer entries are checked as they are walked, by one thread.
pub const MANY: usize = 512;

/// Entries that are checked ahead at once, which bounds what is kept of them.
const WAVE: usize = 64 * PART.get();

/// A finding that is said once a message.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub(super) enum Once {
    /// A profile is at fault.
    Fault(String),
    /// A target meets none of the profiles.
    Blamed(NodeId, String),
}

/// What came of one resource.
struct Done {
    id: NodeId,
    out: Sink,
    /// Findings in `out` that are said once, in order.
    once: Vec<(usize, Once)>,
    applied: Vec<(NodeId, Arc<str>, bool)>,
}

/// Resources of the entries of the root Bundle, and those that are done.
pub(super) struct Ahead {
    order: Vec<NodeId>,
    places: FastMap<NodeId, usize>,
    ready: VecDeque<Done>,
    /// First place that has not been checked ahead.
    next: usize,
}

impl Ahead {
    /// For a message whose root is a Bundle of many entries.
    pub(super) fn of(message: &Message<'_>) -> Option<Self> {
        let root = message.root();
        let entries = &message.bundles.get(&root.id()).filter(|_| root.type_id() == names::T_BUNDLE)?.entries;
        if entries.len() < MANY {
            return None;
        }
        let order: Vec<NodeId> = entries.iter().filter_map(|e| e.resource).map(Element::id).collect();
        let places = order.iter().enumerate().map(|(place, id)| (*id, place)).collect();
        Some(Self { order, places, ready: VecDeque::new(), next: 0 })
    }
}

impl<'t> Checker<'_, 't> {
    /// A resource inside another: as it was decided ahead, or now.
    pub(super) fn inner_resource(&mut self, at: Element<'t>) {
        match self.decided(at) {
            Some(done) => self.take_over(done),
            None => self.resource(at),
        }
    }

    fn decided(&mut self, at: Element<'t>) -> Option<Done> {
        let place = *self.ahead.as_ref()?.places.get(&at.id())?;
        while self.ahead.as_ref().is_some_and(|ahead| place >= ahead.next) {
            self.wave();
        }
        let ahead = self.ahead.as_mut()?;
        // The walk and the entries have one order; what the walk does not come to is left out, as without looking ahead.
        while ahead.ready.front().is_some_and(|done| ahead.places[&done.id] < place) {
            ahead.ready.pop_front();
        }
        ahead.ready.pop_front_if(|done| done.id == at.id())
    }

    /// Checks the next entries ahead.
    fn wave(&mut self) {
        let Some(mut ahead) = self.ahead.take() else { return };
        let until = (ahead.next + WAVE).min(ahead.order.len());
        let (cx, message, severities, work) = (self.cx, self.message, self.severities, self.work);
        self.count_steps();
        let room = &self.out;
        let part = |ids: &[NodeId]| {
            let mut checker = Checker::new(cx, message);
            checker.out = room.beside();
            checker.severities = severities;
            checker.work = work;
            crate::fhirpath::steps_spent();
            let done: Vec<Done> = ids.iter().map(|id| checker.alone(*id)).collect();
            checker.count_steps();
            (done, checker.unclaimed, checker.asked, checker.memo)
        };
        let parts = in_parts(&ahead.order[ahead.next..until], PART, self.threads, part);
        ahead.next = until;
        for (done, unclaimed, asked, memo) in parts {
            ahead.ready.extend(done);
            self.unclaimed += unclaimed;
            self.asked.extend(asked);
            for (key, answer) in memo {
                self.memo.entry(key).or_insert(answer);
            }
        }
        self.ahead = Some(ahead);
    }

    /// One resource, and all that came of it.
    fn alone(&mut self, id: NodeId) -> Done {
        self.resource(Element::new(self.message.tree, id));
        let room = self.out.beside();
        Done {
            id,
            out: std::mem::replace(&mut self.out, room),
            once: std::mem::take(&mut self.once),
            applied: std::mem::take(&mut self.applied),
        }
    }

    fn take_over(&mut self, mut done: Done) {
        let said = done.out.len();
        let mut again = Vec::new();
        for (at, what) in done.once {
            if at < said && !self.first_time(what) {
                again.push(at);
            }
        }
        if !again.is_empty() {
            let mut places = 0..said;
            done.out.retain_since(0, |_| places.next().is_none_or(|at| again.binary_search(&at).is_err()));
        }
        self.out.absorb(done.out);
        self.applied.extend(done.applied);
    }

    /// Whether it has not been said in this message.
    fn first_time(&mut self, what: Once) -> bool {
        match what {
            Once::Fault(profile) => self.at_fault.insert(profile),
            Once::Blamed(target, profiles) => self.blamed.insert((target, profiles)),
        }
    }

    /// Remembers that the next finding is said once. Inside a question it is a reason of the answer, not a finding.
    pub(super) fn next_is_once(&mut self, what: Once) {
        if self.asking == 0 {
            self.once.push((self.out.len(), what));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::conform::{Context, Options};
    use crate::message::release_of;
    use crate::pack::catalogue::Catalogue;
    use crate::pack::model::Release;
    use crate::plan::Plans;
    use crate::read::{Limits, read};
    use crate::terminology::Sets;

    /// Resources of the fixture feed over and over, each with an address of its own.
    fn bundle(entries: usize) -> String {
        let feeds = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/feeds");
        let mut resources = Vec::new();
        for file in walkdir::WalkDir::new(feeds).sort_by_file_name().into_iter().flatten() {
            let text = std::fs::read_to_string(file.path()).unwrap_or_default();
            let Ok(message) = serde_json::from_str::<serde_json::Value>(&text) else { continue };
            let inner = message["entry"].as_array().into_iter().flatten().map(|entry| entry["resource"].clone());
            resources.extend(inner.filter(serde_json::Value::is_object));
            resources.push(message);
        }
        let entry = |(n, resource): (usize, &serde_json::Value)| serde_json::json!({ "fullUrl": format!("urn:uuid:00000000-0000-4000-8000-{n:012x}"), "resource": resource });
        let entries: Vec<_> = resources.iter().cycle().take(entries).enumerate().map(entry).collect();
        serde_json::json!({ "resourceType": "Bundle", "type": "collection", "entry": entries }).to_string()
    }

    #[test]
    fn looking_ahead_changes_nothing() {
        let catalogue = Arc::new(Catalogue::new(&[]).unwrap());
        let (plans, sets) = (Plans::new(Arc::clone(&catalogue)), Sets::new(catalogue));
        let options = Options { today: "2026-11-21".to_owned(), ..Options::default() };
        let context = Context { plans: &plans, sets: &sets, options: &options };
        let text = bundle(MANY + PART.get() / 2);
        let (mut tree, faults) = read(&text, &Limits::default());
        assert!(faults.is_empty());
        let (release, ..) = release_of(&mut tree, &plans, Some(Release::Stu3));
        let message = Message::new(&tree, release);
        let (mut ahead, mut walked) = (Checker::new(&context, &message), Checker::new(&context, &message));
        ahead.threads = 2;
        ahead.check();
        walked.whole();
        assert!(ahead.ahead.is_some() && walked.ahead.is_none());
        assert!(walked.out.len() > MANY, "{} findings", walked.out.len());
        assert_eq!(format!("{:?}", ahead.out), format!("{:?}", walked.out));
        assert_eq!(ahead.unclaimed, walked.unclaimed);
        let sorted = |mut applied: Vec<(NodeId, Arc<str>, bool)>| {
            applied.sort();
            applied
        };
        assert_eq!(sorted(ahead.applied), sorted(walked.applied));
    }
}
