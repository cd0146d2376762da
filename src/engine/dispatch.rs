//! Which rules are asked at which element: one table, so that no rule costs a message that does not use it.

use crate::finding::Meta;
use crate::rules::{self, Claim, Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::tree::names::{self, FastMap, NameId};

/// Rules that listen to one type.
#[derive(Default)]
struct Asked {
    always: Vec<&'static dyn Rule>,
    /// Asked only where the claim is made.
    claims: Vec<(Claim, Vec<&'static dyn Rule>)>,
}

/// Rules by what they listen to.
pub struct Dispatch {
    by_type: FastMap<NameId, Asked>,
    message: Vec<&'static dyn Rule>,
}

impl std::fmt::Debug for Dispatch {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Dispatch({} types)", self.by_type.len())
    }
}

impl Dispatch {
    /// The table of the rules that are switched on.
    pub fn new(selected: &dyn Fn(&'static Meta) -> bool) -> Self {
        let mut table = Self { by_type: FastMap::default(), message: Vec::new() };
        for rule in rules::all().filter(|r| selected(r.meta())) {
            for listens in rule.listens() {
                match listens {
                    Listens::Type(name) => table.of_type(name).always.push(rule),
                    Listens::Claim(claim) => {
                        let claims = &mut table.of_type(claim.ty()).claims;
                        match claims.iter_mut().find(|(held, _)| held == claim) {
                            Some((_, rules)) => rules.push(rule),
                            None => claims.push((*claim, vec![rule])),
                        }
                    }
                    Listens::Message => table.message.push(rule),
                }
            }
        }
        table
    }

    fn of_type(&mut self, name: &str) -> &mut Asked {
        self.by_type.entry(names::intern(name)).or_default()
    }

    /// Asks every rule that listens.
    pub fn walk(&self, scene: &Scene<'_, '_>, out: &mut Sink) {
        let root = scene.message.root();
        for rule in &self.message {
            rule.check(scene, root, out);
        }
        if self.by_type.is_empty() {
            return;
        }
        self.element(scene, root, out);
    }

    fn element(&self, scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
        if at.type_id() != names::OTHER
            && let Some(asked) = self.by_type.get(&at.type_id())
        {
            for rule in &asked.always {
                rule.check(scene, at, out);
            }
            for (_, rules) in asked.claims.iter().filter(|(claim, _)| claim.is_made_by(at)) {
                for rule in rules {
                    rule.check(scene, at, out);
                }
            }
        }
        for child in at.children() {
            self.element(scene, child, out);
        }
    }
}
