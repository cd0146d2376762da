//! One cause, one finding: the finding that says most about a fault takes in those that follow from it.

use super::{Draft, Meta};

/// Findings of another rule that follow from the same cause. The rule that says more declares them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Explained {
    /// Id of the rule that says less.
    pub rule: &'static str,
    /// Where its finding stands, seen from the one that says more.
    pub reach: Reach,
    /// Its key, or the name of its slice or element, where only one will do; or empty.
    pub about: &'static str,
    /// The same of the finding that says more, or empty.
    pub when: &'static str,
    /// Both must be about the same thing: the key of the one is the key or name of the other.
    pub alike: bool,
}

/// Where the finding that says less stands, seen from the one that says more.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reach {
    /// At the same element.
    Same,
    /// At the element or its parent, about the same choice of types, slices aside.
    Choice,
    /// At the element or its parent.
    Parent,
    /// At the element or below it.
    Below,
    /// At the parent of the element or below that.
    Siblings,
    /// At the element, the coding that holds it, or the concept that holds that.
    Coding,
}

/// The key of a finding about a coding, or about a concept with no other coding: what is wrong with the coding is its cause.
pub const ONE_CODING: &str = "one-coding";

impl Explained {
    const fn new(rule: &'static str, reach: Reach) -> Self {
        Self { rule, reach, about: "", when: "", alike: false }
    }

    /// At the same element.
    pub const fn here(rule: &'static str) -> Self {
        Self::new(rule, Reach::Same)
    }

    /// At the element or its parent, about the same choice of types.
    pub const fn same_choice(rule: &'static str) -> Self {
        Self::new(rule, Reach::Choice)
    }

    /// At the element or its parent.
    pub const fn above(rule: &'static str) -> Self {
        Self::new(rule, Reach::Parent)
    }

    /// At the element or anywhere below it.
    pub const fn below(rule: &'static str) -> Self {
        Self::new(rule, Reach::Below)
    }

    /// Anywhere in what holds the element.
    pub const fn beside(rule: &'static str) -> Self {
        Self::new(rule, Reach::Siblings)
    }

    /// At the coding that the element is part of, or at the concept that holds this one coding.
    pub const fn coding(rule: &'static str) -> Self {
        Self::new(rule, Reach::Coding).about(ONE_CODING)
    }

    /// Only findings about this.
    pub const fn about(self, about: &'static str) -> Self {
        Self { about, ..self }
    }

    /// Only when the finding that says more is about this.
    pub const fn when(self, when: &'static str) -> Self {
        Self { when, ..self }
    }

    /// Only when both are about the same thing.
    pub const fn alike(self) -> Self {
        Self { alike: true, ..self }
    }

    fn holds(&self, more: &Draft, less: &Draft) -> bool {
        less.meta.id == self.rule
            && (self.about.is_empty() || is_about(less, self.about))
            && (self.when.is_empty() || is_about(more, self.when))
            && (!self.alike || is_about(less, &more.key) || is_about(more, &less.key))
            && more.severity.reaches(less.severity)
            && (self.reach != Reach::Choice || same_choice(&more.element, &less.element))
    }
}

fn is_about(draft: &Draft, what: &str) -> bool {
    !what.is_empty() && (draft.key == what || draft.name() == what)
}

/// Most notes a finding gains from those it takes in.
const NOTES: usize = 3;

/// Findings of one rule that a finding looks at: where thousands say the same, each need not look at all of them.
const LOOKED_AT: usize = 1000;

/// Drops every draft whose cause another one names, and notes it there.
///
/// A draft gives way only to one that weighs as much, so that no verdict changes: what counts never gives way to a rule
/// in shadow.
pub fn settle(drafts: &mut Vec<Draft>, in_shadow: impl Fn(&Meta) -> bool) {
    if drafts.len() < 2 || drafts.iter().all(|d| d.meta.explains.is_empty()) {
        return;
    }
    // By rule, then by path: a payload may have many findings at one path, of which few are of the rule looked for.
    let mut by_path: Vec<(&str, &str, usize)> =
        drafts.iter().enumerate().map(|(i, d)| (d.meta.id, d.path.as_str(), i)).collect();
    by_path.sort_unstable();
    let mut taken: Vec<Option<usize>> = vec![None; drafts.len()];
    for (i, more) in drafts.iter().enumerate() {
        let weightless = !more.meta.explains.is_empty() && in_shadow(more.meta);
        for explained in more.meta.explains {
            let place = match explained.reach {
                Reach::Parent | Reach::Choice | Reach::Siblings => parent(&more.path),
                _ => &more.path,
            };
            let mut take = |j: usize| {
                let less = &drafts[j];
                if j != i && taken[j].is_none() && explained.holds(more, less) && (!weightless || in_shadow(less.meta))
                {
                    taken[j] = Some(i);
                }
            };
            let deep = matches!(explained.reach, Reach::Below | Reach::Siblings);
            let of_rule = |from: &str| {
                let from = by_path.partition_point(|(rule, path, _)| (*rule, *path) < (explained.rule, from));
                by_path[from..].iter().take_while(|(rule, ..)| *rule == explained.rule).take(LOOKED_AT)
            };
            for (_, path, j) in of_rule(place) {
                match path.strip_prefix(place) {
                    Some("") => take(*j),
                    Some(rest) if deep && rest.starts_with('.') => take(*j),
                    Some(_) if deep => {}
                    _ => break,
                }
            }
            if explained.reach == Reach::Coding {
                let coding = parent(place);
                for place in [coding, parent(coding)] {
                    of_rule(place).take_while(|(_, path, _)| *path == place).for_each(|(.., j)| take(*j));
                }
            }
            if matches!(explained.reach, Reach::Parent | Reach::Choice) {
                of_rule(&more.path).take_while(|(_, path, _)| *path == more.path).for_each(|(.., j)| take(*j));
            }
        }
    }
    let mut notes: Vec<(usize, String)> = Vec::new();
    let mut gained: Vec<usize> = vec![0; drafts.len()];
    for (i, draft) in drafts.iter().enumerate() {
        let Some(mut to) = taken[i] else { continue };
        while let Some(further) = taken[to] {
            to = further;
        }
        notes.push((to, note(draft)));
    }
    for (to, note) in notes {
        let held = &mut drafts[to].notes;
        if !held.contains(&note) && gained[to] < NOTES {
            held.push(note);
            gained[to] += 1;
        }
    }
    let mut taken = taken.into_iter();
    drafts.retain(|_| taken.next().flatten().is_none());
}

const ALSO: &str = "for this reason also ";

fn note(draft: &Draft) -> String {
    let Meta { id, name, .. } = draft.meta;
    if draft.profile.is_empty() {
        format!("{ALSO}{id} {name}: {}", draft.says)
    } else {
        format!("{ALSO}{id} {name}: {} (asked by {})", draft.says, draft.profile)
    }
}

/// `a.b[0].value.ofType(X)` to `a.b[0]`.
fn parent(path: &str) -> &str {
    let path = match path.rsplit_once('.') {
        Some((before, last)) if last.starts_with("ofType(") => before,
        _ => path,
    };
    path.rsplit_once('.').map_or(path, |(before, _)| before)
}

/// Whether two element ids name the same choice of types, slices aside.
fn same_choice(one: &str, other: &str) -> bool {
    let bare =
        |id: &'_ str| -> Vec<String> { id.split('.').map(|s| s.split(':').next().unwrap_or(s).to_owned()).collect() };
    one.contains("[x]") && bare(one) == bare(other)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::finding::{Origin, Severity};
    use crate::text::Span;

    static LESS: Meta = Meta { id: "HM0001", name: "less", ..Meta::NEW };

    fn left(explains: Explained, more: &str, less: &str, change: impl Fn(&mut Draft, &mut Draft)) -> usize {
        left_with(&[], explains, more, less, change)
    }

    fn left_with(
        shadow: &[&str],
        explains: Explained,
        more: &str,
        less: &str,
        change: impl Fn(&mut Draft, &mut Draft),
    ) -> usize {
        let explains = vec![explains].leak();
        let meta = Box::leak(Box::new(Meta { id: "HM0002", name: "more", explains, ..Meta::NEW }));
        let mut a = Draft::new(meta, Origin::Base, Span::default(), more.to_owned(), "a");
        let mut b = Draft::new(&LESS, Origin::Base, Span::default(), less.to_owned(), "b");
        a.element = "X.y[x]:one".to_owned();
        b.element = "X.y[x]".to_owned();
        change(&mut a, &mut b);
        let mut drafts = vec![b, a];
        settle(&mut drafts, |meta| shadow.contains(&meta.id));
        assert!(drafts.len() == 2 || drafts[0].notes.len() == 1);
        drafts.len()
    }

    #[test]
    fn a_finding_gives_way_where_the_other_says_so() {
        let same = |_: &mut Draft, _: &mut Draft| {};
        let cases: &[(Explained, &str, &str, usize)] = &[
            (Explained::here("HM0001"), "A.b[1]", "A.b[1]", 1),
            (Explained::here("HM0001"), "A.b[1]", "A.b[1].c", 2),
            (Explained::here("HM0001"), "A.b[1]", "A.b[10]", 2),
            (Explained::here("HM0003"), "A.b[1]", "A.b[1]", 2),
            (Explained::above("HM0001"), "A.b[1].c", "A.b[1]", 1),
            (Explained::above("HM0001"), "A.b[1].c", "A.b[1].c", 1),
            (Explained::above("HM0001"), "A.b[1].value.ofType(Coding)", "A.b[1]", 1),
            (Explained::above("HM0001"), "A.b[1].c", "A", 2),
            (Explained::below("HM0001"), "A.b[1]", "A.b[1].c[0].d", 1),
            (Explained::below("HM0001"), "A.b[1]", "A.b[10].c", 2),
            (Explained::beside("HM0001"), "A.b[1].url", "A.b[1].c[0]", 1),
            (Explained::beside("HM0001"), "A.b[1].url", "A.b[2]", 2),
            (Explained::same_choice("HM0001"), "A.b", "A.b", 1),
            (Explained::here("HM0001").about("y[x]"), "A.b", "A.b", 1),
            (Explained::here("HM0001").about("z"), "A.b", "A.b", 2),
            (Explained::here("HM0001").when("one"), "A.b", "A.b", 1),
            (Explained::here("HM0001").when("y[x]"), "A.b", "A.b", 2),
            (Explained::here("HM0001").alike(), "A.b", "A.b", 2),
        ];
        for (explains, more, less, wanted) in cases {
            assert_eq!(left(*explains, more, less, same), *wanted, "{explains:?} {more} {less}");
        }
        let here = Explained::here("HM0001");
        assert_eq!(left(here, "A", "A", |more, _| more.severity = Severity::Warning), 2, "no error gives way to less");
        assert_eq!(left(here, "A", "A", |_, less| less.severity = Severity::Warning), 1);
        for (shadow, wanted) in [(&["HM0002"][..], 2), (&["HM0001"], 1), (&["HM0001", "HM0002"], 1)] {
            assert_eq!(left_with(shadow, here, "A", "A", same), wanted, "{shadow:?} in shadow");
        }
        let alike = Explained::here("HM0001").alike();
        assert_eq!(left(alike, "A", "A", |more, _| more.key = "y[x]".to_owned()), 1);
        let other = Explained::same_choice("HM0001");
        assert_eq!(left(other, "A", "A", |_, less| less.element = "X.z".to_owned()), 2);
    }
}
