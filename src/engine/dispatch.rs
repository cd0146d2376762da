//! Which rules are asked at which element: one table, so that no rule costs a message that does not use it.

use std::num::NonZeroUsize;
use std::sync::{Mutex, PoisonError};

use crate::finding::Meta;
use crate::rules::{self, Claim, Listens, Rule, Scene, Sink};
use crate::text::{TextMap, in_parts};
use crate::tree::names::{self, NameId};
use crate::tree::{Element, NodeId};

/// Rules that listen to one type.
struct Asked {
    always: Vec<&'static Rule>,
    /// Asked only where the claim is made, by the child whose text makes it.
    claims: Vec<Claims>,
}

/// Claims of one type by one child.
struct Claims {
    name: NameId,
    /// Place among all, for [`Known`].
    slot: usize,
    rules: Vec<(Claim, &'static Rule)>,
}

/// Rules by what they listen to.
pub struct Dispatch {
    /// One more than the place in `asked`, by number of the type's name; 0 where no rule listens.
    by_type: Vec<u16>,
    asked: Vec<Asked>,
    slots: usize,
    lost: Vec<&'static Rule>,
    message: Vec<&'static Rule>,
}

impl std::fmt::Debug for Dispatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Dispatch({} types)", self.asked.len())
    }
}

/// Texts that one worker has met, and the rules for which each makes a claim.
#[derive(Default)]
pub(super) struct Known {
    slots: Vec<TextMap<Box<str>, Vec<&'static Rule>>>,
    /// Elements met so far.
    visits: u64,
    /// There is to be no more work on this message.
    halted: bool,
}

impl Known {
    fn of(table: &Dispatch) -> Self {
        let mut slots = Vec::new();
        slots.resize_with(table.slots, TextMap::default);
        Self { slots, visits: 0, halted: false }
    }
}

/// Children of the root of a large Bundle that one thread takes at once.
const PART: NonZeroUsize = NonZeroUsize::new(256).unwrap();

/// As many texts as this are remembered of one kind, and none that is longer: systems and URLs of standards are few and short.
const MOST: usize = 2_048;
const LONGEST: usize = 256;

impl Dispatch {
    /// The table of the rules that are switched on.
    pub fn new(selected: &dyn Fn(&'static Meta) -> bool) -> Self {
        let mut table =
            Self { by_type: Vec::new(), asked: Vec::new(), slots: 0, lost: Vec::new(), message: Vec::new() };
        for rule in rules::all().filter(|r| r.metas.iter().any(|meta| selected(meta))) {
            for listens in rule.listens {
                match listens {
                    Listens::Types(names) => names.iter().for_each(|name| table.of_type(name).always.push(rule)),
                    Listens::Claim(claim) => {
                        let slot = table.slots;
                        let claims = &mut table.of_type(claim.ty).claims;
                        match claims.iter_mut().find(|held| held.name == claim.name) {
                            Some(held) => held.rules.push((*claim, rule)),
                            None => {
                                claims.push(Claims { name: claim.name, slot, rules: vec![(*claim, rule)] });
                                table.slots += 1;
                            }
                        }
                    }
                    Listens::Lost => table.lost.push(rule),
                    Listens::Message => table.message.push(rule),
                }
            }
        }
        table
    }

    fn of_type(&mut self, name: &str) -> &mut Asked {
        let id = usize::from(names::intern(name).0);
        if self.by_type.len() <= id {
            self.by_type.resize(id + 1, 0);
        }
        if self.by_type[id] == 0 {
            self.asked.push(Asked { always: Vec::new(), claims: Vec::new() });
            self.by_type[id] = self.asked.len() as u16;
        }
        &mut self.asked[usize::from(self.by_type[id]) - 1]
    }

    /// Asks every rule that listens, below the root with up to `threads` threads. `known` is of this table only.
    pub(super) fn walk(&self, scene: &Scene<'_, '_>, threads: usize, known: &mut Vec<Known>, out: &mut Sink) {
        let root = scene.message.root();
        for rule in &self.message {
            (rule.check)(scene, root, out);
        }
        if !self.lost.is_empty() {
            for (reference, _) in scene.message.references().filter(|(_, lead)| lead.target().is_none()) {
                self.lost.iter().for_each(|rule| (rule.check)(scene, reference, out));
            }
        }
        if !self.asked.is_empty() {
            known.resize_with(threads.max(1), || Known::of(self));
            known.iter_mut().for_each(|known| known.halted = false);
            let [first, others @ ..] = known.as_mut_slice() else { return };
            if others.is_empty() {
                self.element(scene, root, first, out);
            } else {
                self.at(scene, root, first, out);
                self.in_turns(scene, root, known, out);
            }
        }
    }

    /// The children of the root in parts: rules say nothing that depends on what others have said.
    fn in_turns(&self, scene: &Scene<'_, '_>, root: Element<'_>, known: &mut [Known], out: &mut Sink) {
        let children: Vec<NodeId> = root.children().map(Element::id).collect();
        let threads = known.len();
        let free: Mutex<Vec<&mut Known>> = Mutex::new(known.iter_mut().collect());
        let take = || free.lock().unwrap_or_else(PoisonError::into_inner).pop();
        let room = &*out;
        let part = |ids: &[NodeId]| {
            let mut sink = room.beside();
            let mut own = Known::default();
            let mut held = take();
            let known = held.as_deref_mut().unwrap_or_else(|| {
                own = Known::of(self);
                &mut own
            });
            for id in ids {
                self.element(scene, Element::new(root.tree(), *id), known, &mut sink);
            }
            free.lock().unwrap_or_else(PoisonError::into_inner).extend(held);
            sink
        };
        for sink in in_parts(&children, PART, threads, part) {
            out.absorb(sink);
        }
    }

    fn element(&self, scene: &Scene<'_, '_>, at: Element<'_>, known: &mut Known, out: &mut Sink) {
        known.visits = known.visits.wrapping_add(1);
        if known.visits & 1_023 == 0 && !scene.work.goes_on() {
            known.halted = true;
        }
        if known.halted {
            return;
        }
        self.at(scene, at, known, out);
        for child in at.children() {
            self.element(scene, child, known, out);
        }
    }

    /// The rules that listen to one element.
    fn at(&self, scene: &Scene<'_, '_>, at: Element<'_>, known: &mut Known, out: &mut Sink) {
        let place = self.by_type.get(usize::from(at.type_id().0)).copied().unwrap_or_default();
        if place != 0 && at.type_id() != names::OTHER {
            let asked = &self.asked[usize::from(place) - 1];
            for rule in &asked.always {
                (rule.check)(scene, at, out);
            }
            for claims in &asked.claims {
                let Some(text) = at.text(claims.name) else { continue };
                let texts = &mut known.slots[claims.slot];
                let of = || claims.rules.iter().filter(|(claim, _)| claim.texts.holds(text)).map(|(_, rule)| *rule);
                if let Some(rules) = texts.get(text) {
                    rules.iter().for_each(|rule| (rule.check)(scene, at, out));
                } else if texts.len() < MOST && text.len() <= LONGEST {
                    let rules: Vec<_> = of().collect();
                    rules.iter().for_each(|rule| (rule.check)(scene, at, out));
                    texts.insert(text.into(), rules);
                } else {
                    of().for_each(|rule| (rule.check)(scene, at, out));
                }
            }
        }
    }
}
