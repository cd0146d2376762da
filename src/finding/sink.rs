//! Where reading, conformance and rules put what they find, with the limit in it.

use std::collections::BTreeMap;

use super::{Draft, Meta, NotAssessed, Origin};
use crate::text::{Canonical, Masked, Span};
use crate::tree::{Element, names};

/// Takes drafts up to a limit and counts the rest; counts what could not be checked.
#[derive(Debug)]
pub struct Sink {
    drafts: Vec<Draft>,
    not_assessed: BTreeMap<NotAssessed, u64>,
    /// Most drafts that are kept.
    limit: usize,
    left_out: u64,
    /// Takes what is said beyond the limit, so that it can still be written to.
    last: Option<Box<Draft>>,
}

/// Without a limit.
impl Default for Sink {
    fn default() -> Self {
        Self::new(usize::MAX)
    }
}

/// What a sink took.
#[derive(Debug)]
pub struct Taken {
    /// Drafts, as they came.
    pub drafts: Vec<Draft>,
    /// What could not be checked, and how often.
    pub not_assessed: BTreeMap<NotAssessed, u64>,
    /// Drafts beyond the limit.
    pub left_out: u64,
}

impl Sink {
    /// A sink that keeps at most `limit` drafts.
    pub const fn new(limit: usize) -> Self {
        Self { drafts: Vec::new(), not_assessed: BTreeMap::new(), limit, left_out: 0, last: None }
    }

    /// A sink that keeps what this one has room for.
    pub fn beside(&self) -> Self {
        Self::new(self.limit.saturating_sub(self.drafts.len()))
    }

    /// Takes a draft; what is beyond the limit is counted, and can be completed to no effect.
    pub fn push(&mut self, draft: Draft) -> &mut Draft {
        if self.drafts.len() >= self.limit {
            self.left_out += 1;
            return self.last.insert(Box::new(draft));
        }
        self.drafts.push(draft);
        let at = self.drafts.len() - 1;
        &mut self.drafts[at]
    }

    /// A finding of a rule at an element's value. `says` holds no text of the message.
    pub fn say(&mut self, meta: &'static Meta, at: Element<'_>, says: impl Into<String>) -> &mut Draft {
        self.say_at(meta, at, at.mark(), says)
    }

    /// A finding of a rule at a span of an element (a part of its value, or its name).
    pub fn say_at(&mut self, meta: &'static Meta, at: Element<'_>, span: Span, says: impl Into<String>) -> &mut Draft {
        let mut draft = Draft::new(meta, Origin::Rule, span, at.path(), says);
        names::text(at.resource().type_id()).clone_into(&mut draft.resource);
        draft.excerpt = at.value().map(Masked::new);
        self.push(draft)
    }

    /// Counts something that could not be checked.
    pub fn skip(&mut self, what: &'static str, canonical: impl Into<Canonical>) {
        self.skipped(NotAssessed { what, canonical: canonical.into() }, 1);
    }

    fn skipped(&mut self, what: NotAssessed, count: u64) {
        *self.not_assessed.entry(what).or_default() += count;
    }

    /// Takes all that another took, up to the limit.
    pub fn absorb(&mut self, other: Self) {
        self.left_out += other.left_out;
        for draft in other.drafts {
            self.push(draft);
        }
        for (what, count) in other.not_assessed {
            self.skipped(what, count);
        }
    }

    /// How many drafts are kept: a mark for [`Self::since`].
    pub fn len(&self) -> usize {
        self.drafts.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.drafts.is_empty()
    }

    /// How many drafts were beyond the limit.
    pub const fn left_out(&self) -> u64 {
        self.left_out
    }

    /// Drafts that came after a mark.
    pub fn since(&self, mark: usize) -> &[Draft] {
        self.drafts.get(mark..).unwrap_or_default()
    }

    /// The same, to be completed.
    pub fn since_mut(&mut self, mark: usize) -> &mut [Draft] {
        self.drafts.get_mut(mark..).unwrap_or_default()
    }

    /// Keeps of the drafts after a mark those that `keep` says, asked in order.
    pub fn retain_since(&mut self, mark: usize, mut keep: impl FnMut(&Draft) -> bool) {
        let after = self.drafts.split_off(mark.min(self.drafts.len()));
        self.drafts.extend(after.into_iter().filter(|draft| keep(draft)));
    }

    /// Takes the drafts out, so that what comes next is looked at apart; [`Self::put_back`] ends that.
    pub fn set_aside(&mut self) -> Vec<Draft> {
        std::mem::take(&mut self.drafts)
    }

    /// Puts drafts back, and hands over those that came since they were set aside.
    pub fn put_back(&mut self, kept: Vec<Draft>) -> Vec<Draft> {
        std::mem::replace(&mut self.drafts, kept)
    }

    /// Ends taking.
    pub fn finish(self) -> Taken {
        Taken { drafts: self.drafts, not_assessed: self.not_assessed, left_out: self.left_out }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    static META: Meta = Meta { id: "HM0000", ..Meta::NEW };

    fn draft(says: &str) -> Draft {
        Draft::new(&META, Origin::Rule, Span::new(0, 0), String::new(), says)
    }

    fn words(drafts: &[Draft]) -> String {
        drafts.iter().map(|d| d.says.as_str()).collect()
    }

    #[test]
    fn what_is_beyond_the_limit_is_counted() {
        let mut sink = Sink::new(2);
        for says in ["a", "b", "c"] {
            sink.push(draft(says)).notes.push("completed".to_owned());
        }
        let mut other = sink.beside();
        other.push(draft("d"));
        other.skip("profile", "x");
        sink.skip("profile", "x");
        sink.absorb(other);
        let taken = sink.finish();
        assert_eq!((words(&taken.drafts).as_str(), taken.left_out), ("ab", 2));
        assert_eq!(taken.not_assessed.into_values().collect::<Vec<_>>(), [2]);
    }

    #[test]
    fn drafts_after_a_mark_stand_for_themselves() {
        let mut sink = Sink::default();
        sink.push(draft("a"));
        let mark = sink.len();
        sink.push(draft("b"));
        sink.push(draft("a"));
        sink.retain_since(mark, |d| d.says != "a");
        assert_eq!((words(sink.since(0)), words(sink.since(mark))), ("ab".to_owned(), "b".to_owned()));
        let kept = sink.set_aside();
        sink.push(draft("c"));
        assert_eq!(words(&sink.put_back(kept)), "c");
        assert_eq!(words(sink.since(0)), "ab");
    }
}
