//! What rules ask of a SNOMED CT release, and how the index answers.

use crate::rules::Scene;
use crate::terminology::snomed::products::Kind;
use crate::terminology::snomed::{ConceptView, DescriptionKind, Index, Link, Standing};
use crate::text::sanitise;

/// How a term stands to a concept.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Term {
    /// The preferred term.
    Preferred,
    /// Another active synonym.
    Synonym,
    /// The fully specified name.
    FullySpecifiedName,
    /// A description that is no longer active.
    Inactive,
    /// None of its descriptions.
    Foreign,
}

/// A concept as rules see it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Concept {
    /// Whether it is active.
    pub active: bool,
    /// Date of its latest row, YYYYMMDD: of an inactive concept, since when it is.
    pub since: u32,
}

/// What may stand in for an inactive concept.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Successors {
    /// One concept that means the same (SAME AS, REPLACED BY).
    pub exact: Option<u64>,
    /// Concepts that may be meant.
    pub possible: Vec<u64>,
}

/// An entry of dm+d as rules see it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Medicine {
    /// Its name.
    pub name: String,
    /// Whether dm+d has withdrawn it.
    pub invalid: bool,
    /// Whether it is discontinued or not available.
    pub discontinued: bool,
    /// Whether it is of one manufacturer.
    pub actual: bool,
    /// The virtual product that it is of.
    pub virtual_product: Option<u64>,
    /// Unit of its doses.
    pub dose_unit: Option<u64>,
}

/// A release of SNOMED CT, and of what an index was made with beside it.
pub trait SnomedView: Sync {
    /// An entry of dm+d.
    fn medicine(&self, id: u64) -> Option<Medicine>;

    /// The id that took the place of a former one in dm+d.
    fn current_medicine(&self, former: u64) -> Option<u64>;

    /// The name of a medicinal product: dm+d's, else its preferred term.
    fn product_name(&self, id: u64) -> Option<String>;

    /// Concepts that a Read code was translated to; `None` without the maps.
    fn translations(&self, key: &str) -> Option<Vec<u64>>;

    /// Targets of a concept in a map refset.
    fn map_targets(&self, refset: u64, concept: u64) -> Vec<String>;

    /// A concept, when the release holds it.
    fn concept(&self, id: u64) -> Option<Concept>;

    /// How a term stands to a concept; case and blanks count for nothing.
    fn term(&self, concept: u64, term: &str) -> Term;

    /// Concept and status of a description.
    fn description(&self, id: u64) -> Option<(u64, bool)>;

    /// What may stand in for an inactive concept.
    fn successors(&self, concept: u64) -> Successors;

    /// A concept by its id and preferred term, for people.
    fn name(&self, concept: u64) -> String;

    /// Up to `most` active concepts that have a text for an active description; case and blanks count for nothing.
    fn meant(&self, term: &str, most: usize) -> Vec<u64>;

    /// Whether a text is that of a description; `None` when the release lacks the description.
    fn described_as(&self, description: u64, text: &str) -> Option<bool>;

    /// How an edition or version URI stands to the release.
    fn standing(&self, version: &str) -> Standing;

    /// Whether the release brings UK content.
    fn is_uk(&self) -> bool;

    /// Whether a concept is a medicinal product; `None` when that cannot be told.
    fn is_product(&self, concept: u64) -> Option<bool>;

    /// Whether a concept is a substance.
    fn is_substance(&self, concept: u64) -> bool;

    /// Whether the release brings the products of dm+d.
    fn holds_medicines(&self) -> bool;

    /// Whether two concepts are the same, one above the other, or joined by history.
    fn related(&self, a: u64, b: u64) -> bool;
}

impl SnomedView for Index {
    fn concept(&self, id: u64) -> Option<Concept> {
        self.lookup(id).map(|c| Concept { active: c.active(), since: c.effective_time() })
    }

    fn term(&self, concept: u64, term: &str) -> Term {
        let Some(concept) = self.lookup(concept) else { return Term::Foreign };
        if is_same(concept.preferred_term(), term) {
            return Term::Preferred;
        }
        let mut best = Term::Foreign;
        for description in concept.descriptions().filter(|d| is_same(d.term(), term)) {
            match (description.active(), description.kind()) {
                (true, DescriptionKind::FullySpecifiedName) => best = Term::FullySpecifiedName,
                (true, _) => return Term::Synonym,
                (false, _) if best == Term::Foreign => best = Term::Inactive,
                (false, _) => {}
            }
        }
        best
    }

    fn description(&self, id: u64) -> Option<(u64, bool)> {
        Index::description(self, id).map(|d| (d.concept().id(), d.active()))
    }

    fn successors(&self, concept: u64) -> Successors {
        let mut found = Successors::default();
        // What took the place of a concept may have been retired in its turn.
        let (mut open, mut seen, mut exact) = (vec![concept], vec![concept], true);
        while let Some(at) = open.pop() {
            let Some(held) = self.lookup(at) else { continue };
            if held.active() && at != concept {
                found.possible.push(at);
                continue;
            }
            let replacements = held.replacements();
            let certain = replacements.iter().filter(|r| r.is_exact()).count() == 1;
            exact &= certain;
            let next = replacements.iter().filter(|r| !certain || r.is_exact()).map(|r| r.target);
            let next: Vec<u64> = next.filter(|target| !seen.contains(target)).collect();
            seen.extend(&next);
            if seen.len() > 64 {
                break;
            }
            open.extend(next);
        }
        found.possible.sort_unstable();
        if let ([one], true) = (&found.possible[..], exact) {
            found.exact = Some(*one);
            found.possible.clear();
        }
        found
    }

    fn medicine(&self, id: u64) -> Option<Medicine> {
        let entry = Index::medicine(self, id)?;
        let general = entry.virtual_product();
        Some(Medicine {
            name: entry.name().to_owned(),
            invalid: entry.is_invalid(),
            discontinued: entry.is_discontinued(),
            actual: matches!(entry.kind(), Some(Kind::Amp | Kind::Ampp)),
            virtual_product: general.map(|general| general.id()),
            dose_unit: general.and_then(|general| general.links(Link::DoseUnit).next()),
        })
    }

    fn current_medicine(&self, former: u64) -> Option<u64> {
        Index::current_medicine(self, former)
    }

    fn product_name(&self, id: u64) -> Option<String> {
        if let Some(entry) = Index::medicine(self, id) {
            return Some(entry.name().to_owned());
        }
        (Index::is_product(self, id)?).then(|| self.lookup(id).map(|c| c.preferred_term().to_owned()))?
    }

    fn translations(&self, key: &str) -> Option<Vec<u64>> {
        Index::translations(self, key)
    }

    fn map_targets(&self, refset: u64, concept: u64) -> Vec<String> {
        let rows = self.rows_of(refset, concept);
        let target =
            |row: Vec<(&str, &str)>| row.into_iter().find(|(n, _)| *n == "mapTarget").map(|(_, t)| t.to_owned());
        rows.into_iter().filter_map(target).collect()
    }

    fn name(&self, concept: u64) -> String {
        let term = self.lookup(concept).map(|c| c.preferred_term());
        let term = term.or_else(|| Index::medicine(self, concept).map(|entry| entry.name())).unwrap_or("");
        format!("{concept} |{}|", sanitise::line(term))
    }

    fn meant(&self, term: &str, most: usize) -> Vec<u64> {
        self.concepts_named(term, most)
    }

    fn described_as(&self, description: u64, text: &str) -> Option<bool> {
        Index::description(self, description).map(|d| is_same(d.term(), text))
    }

    fn standing(&self, version: &str) -> Standing {
        Index::standing(self, version)
    }

    fn is_uk(&self) -> bool {
        Index::is_uk(self)
    }

    fn is_product(&self, concept: u64) -> Option<bool> {
        Index::is_product(self, concept)
    }

    fn is_substance(&self, concept: u64) -> bool {
        Index::is_substance(self, concept)
    }

    fn holds_medicines(&self) -> bool {
        Index::holds_medicines(self)
    }

    fn related(&self, a: u64, b: u64) -> bool {
        let (Some(first), Some(second)) = (self.lookup(a), self.lookup(b)) else { return true };
        // An inactive concept stands in no hierarchy: its successors do.
        let stand_ins = |c: ConceptView<'_>| -> Vec<u64> {
            if c.active() { vec![c.id()] } else { c.replacements().iter().map(|r| r.target).chain([c.id()]).collect() }
        };
        let (first, second) = (stand_ins(first), stand_ins(second));
        first.iter().any(|x| {
            second
                .iter()
                .any(|y| x == y || self.subsumes(*x, *y).unwrap_or(false) || self.subsumes(*y, *x).unwrap_or(false))
        })
    }
}

/// Whether two terms are the same but for case and blanks around them.
fn is_same(a: &str, b: &str) -> bool {
    a.trim().chars().flat_map(char::to_lowercase).eq(b.trim().chars().flat_map(char::to_lowercase))
}

/// The release that a run looks codes up in, when it was given one.
pub(super) fn of<'s>(scene: &Scene<'s, '_>) -> Option<&'s dyn SnomedView> {
    scene.sets.snomed().map(|index| index as &dyn SnomedView)
}

/// A release of three concepts, for tests.
#[cfg(test)]
pub(super) mod fake {
    use super::{Concept, Medicine, SnomedView, Standing, Successors, Term};
    use crate::finding::Draft;
    use crate::message::type_tree;
    use crate::pack::catalogue::Catalogue;
    use crate::pack::model::Release;
    use crate::plan::Plans;
    use crate::read::{Limits, read};
    use crate::rules::Sink;
    use crate::tree::{Element, names};
    use std::sync::Arc;

    pub struct View;

    /// Asthma.
    const ASTHMA: u64 = 195_967_001;
    /// Inactive since 2010, the same as asthma.
    pub const INACTIVE: &str = "1082661000000107";
    /// A description of the inactive concept.
    pub const OTHER_DESCRIPTION: &str = "301480018";

    impl SnomedView for View {
        fn concept(&self, id: u64) -> Option<Concept> {
            match id {
                ASTHMA => Some(Concept { active: true, since: 20_020_131 }),
                1_082_661_000_000_107 => Some(Concept { active: false, since: 20_100_401 }),
                _ => None,
            }
        }

        fn term(&self, _: u64, term: &str) -> Term {
            match term {
                "Asthma" => Term::Preferred,
                "Bronchial asthma" => Term::Synonym,
                "Asthma (disorder)" => Term::FullySpecifiedName,
                _ => Term::Foreign,
            }
        }

        fn description(&self, id: u64) -> Option<(u64, bool)> {
            match id {
                301_485_011 => Some((ASTHMA, true)),
                301_480_018 => Some((1_082_661_000_000_107, true)),
                _ => None,
            }
        }

        fn successors(&self, concept: u64) -> Successors {
            Successors { exact: (concept != ASTHMA).then_some(ASTHMA), possible: Vec::new() }
        }

        fn medicine(&self, _: u64) -> Option<Medicine> {
            None
        }

        fn current_medicine(&self, _: u64) -> Option<u64> {
            None
        }

        fn product_name(&self, _: u64) -> Option<String> {
            None
        }

        fn translations(&self, _: &str) -> Option<Vec<u64>> {
            None
        }

        fn map_targets(&self, _: u64, _: u64) -> Vec<String> {
            Vec::new()
        }

        fn name(&self, concept: u64) -> String {
            format!("{concept} |Asthma|")
        }

        fn meant(&self, term: &str, _: usize) -> Vec<u64> {
            if term == "Penicillin" { vec![764_146_007] } else { Vec::new() }
        }

        fn described_as(&self, description: u64, text: &str) -> Option<bool> {
            (description == 301_485_011).then_some(text == "Asthma")
        }

        fn standing(&self, version: &str) -> Standing {
            if version.ends_with("20300101") { Standing::Later } else { Standing::Other }
        }

        fn is_uk(&self) -> bool {
            true
        }

        fn is_product(&self, concept: u64) -> Option<bool> {
            Some(concept != ASTHMA)
        }

        fn is_substance(&self, _: u64) -> bool {
            false
        }

        fn holds_medicines(&self) -> bool {
            true
        }

        fn related(&self, a: u64, b: u64) -> bool {
            a == b || [a, b].iter().all(|id| self.concept(*id).is_some())
        }
    }

    /// Runs a check over every coding of a condition that holds this one.
    pub fn on_coding(coding: &str, check: impl Fn(Element<'_>, &mut Sink)) -> Vec<Draft> {
        on_coding_of(coding, "", check)
    }

    /// The same for a condition of a day.
    pub fn on_coding_of(coding: &str, day: &str, check: impl Fn(Element<'_>, &mut Sink)) -> Vec<Draft> {
        let asserted = if day.is_empty() { String::new() } else { format!(r#""assertedDate": "{day}","#) };
        let json = format!(r#"{{"resourceType": "Condition", {asserted} "code": {{"coding": [{{{coding}}}]}}}}"#);
        let plans = Plans::new(Arc::new(Catalogue::new(&[]).unwrap()));
        let (mut tree, faults) = read(&json, &Limits::default());
        assert!(faults.is_empty(), "{json}");
        type_tree(&mut tree, &plans, Release::Stu3);
        let mut out = Sink::default();
        for i in 0..tree.nodes.len() {
            let element = Element::new(&tree, i as u32);
            if element.type_id() == names::T_CODING {
                check(element, &mut out);
            }
        }
        out.finish().drafts
    }
}
