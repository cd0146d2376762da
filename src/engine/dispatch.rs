//! Which rules are asked at which element: one table, so that no rule costs a message that does not use it.

use crate::finding::Meta;
use crate::rules::{self, Claim, Listens, Rule, Scene, Sink};
use crate::text::TextMap;
use crate::tree::Element;
use crate::tree::names::{self, NameId};

/// Rules that listen to one type.
struct Asked {
    always: Vec<&'static dyn Rule>,
    /// Asked only where the claim is made, by the child whose text makes it.
    claims: Vec<(NameId, Vec<(Claim, &'static dyn Rule)>)>,
}

/// Rules by what they listen to.
pub struct Dispatch {
    /// One more than the place in `asked`, by number of the type's name; 0 where no rule listens.
    by_type: Vec<u16>,
    asked: Vec<Asked>,
    lost: Vec<&'static dyn Rule>,
    message: Vec<&'static dyn Rule>,
}

impl std::fmt::Debug for Dispatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Dispatch({} types)", self.asked.len())
    }
}

/// Texts of one message and the rules for which each makes a claim, as a range of `rules`.
#[derive(Default)]
struct Known<'t> {
    texts: TextMap<(u16, NameId, &'t str), (u32, u32)>,
    rules: Vec<&'static dyn Rule>,
}

impl Dispatch {
    /// The table of the rules that are switched on.
    pub fn new(selected: &dyn Fn(&'static Meta) -> bool) -> Self {
        let mut table = Self { by_type: Vec::new(), asked: Vec::new(), lost: Vec::new(), message: Vec::new() };
        for rule in rules::all().filter(|r| selected(r.meta())) {
            for listens in rule.listens() {
                match listens {
                    Listens::Type(name) => table.of_type(name).always.push(rule),
                    Listens::Claim(claim) => {
                        let claims = &mut table.of_type(claim.ty).claims;
                        match claims.iter_mut().find(|(name, _)| *name == claim.name) {
                            Some((_, rules)) => rules.push((*claim, rule)),
                            None => claims.push((claim.name, vec![(*claim, rule)])),
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

    /// Asks every rule that listens.
    pub fn walk(&self, scene: &Scene<'_, '_>, out: &mut Sink) {
        let root = scene.message.root();
        for rule in &self.message {
            rule.check(scene, root, out);
        }
        if !self.lost.is_empty() {
            for (reference, _) in scene.message.references().filter(|(_, lead)| lead.target().is_none()) {
                self.lost.iter().for_each(|rule| rule.check(scene, reference, out));
            }
        }
        if !self.asked.is_empty() {
            self.element(scene, root, &mut Known::default(), out);
        }
    }

    fn element<'t>(&self, scene: &Scene<'_, 't>, at: Element<'t>, known: &mut Known<'t>, out: &mut Sink) {
        let place = self.by_type.get(usize::from(at.type_id().0)).copied().unwrap_or_default();
        if place != 0 && at.type_id() != names::OTHER {
            let asked = &self.asked[usize::from(place) - 1];
            for rule in &asked.always {
                rule.check(scene, at, out);
            }
            for (name, claims) in &asked.claims {
                let Some(text) = at.text(*name) else { continue };
                let (from, to) = *known.texts.entry((place, *name, text)).or_insert_with(|| {
                    let from = known.rules.len() as u32;
                    known.rules.extend(claims.iter().filter(|(c, _)| c.such.holds(text)).map(|(_, rule)| *rule));
                    (from, known.rules.len() as u32)
                });
                for rule in &known.rules[from as usize..to as usize] {
                    rule.check(scene, at, out);
                }
            }
        }
        for child in at.children() {
            self.element(scene, child, known, out);
        }
    }
}
