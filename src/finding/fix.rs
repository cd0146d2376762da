//! What a rule declares mechanical: the change of a payload's text that mends its finding and changes no meaning.

use std::fmt;

use crate::text::{Disclosure, Masked, Span};

/// A change that mends one finding.
#[derive(Clone, PartialEq, Eq)]
pub struct Fix {
    edits: Vec<Edit>,
    was: Masked,
    now: Masked,
}

#[derive(Clone, PartialEq, Eq)]
struct Edit {
    span: Span,
    to: To,
}

#[derive(Clone, PartialEq, Eq)]
enum To {
    /// A value, to be written as the format has it.
    Value(Box<str>),
    /// What stands at another place of the payload, as it is.
    From(Span),
}

impl Fix {
    /// A value in place of the one at `span`, as a published definition has it.
    pub fn published(span: Span, was: &str, now: &str) -> Self {
        Self { edits: vec![Edit { span, to: To::Value(now.into()) }], was: Masked::new(was), now: Masked::public(now) }
    }

    /// The same value in place of the one at `span`, written as its type asks.
    pub fn rewritten(span: Span, was: &str, now: &str) -> Self {
        Self { edits: vec![Edit { span, to: To::Value(now.into()) }], was: Masked::new(was), now: Masked::new(now) }
    }

    /// Parts of the payload that change places: what stands at the first of `from` goes to the first of `to`, and so on. `was` and
    /// `now` name them in order, by names that a definition has.
    pub fn moved(from: &[Span], to: &[Span], was: &str, now: &str) -> Self {
        let moves = from.iter().zip(to).filter(|(from, to)| from != to);
        let edits = moves.map(|(from, to)| Edit { span: *to, to: To::From(*from) }).collect();
        Self { edits, was: Masked::public(was), now: Masked::public(now) }
    }

    /// Spans of the payload's text, and what is to stand there: text of the message, for whoever writes the message.
    pub fn edits(&self, text: &str, xml: bool) -> Vec<(Span, String)> {
        let written = |edit: &Edit| match &edit.to {
            To::From(span) => span.of(text).to_owned(),
            To::Value(value) if xml => quick_xml::escape::escape(&**value).into_owned(),
            To::Value(value) => {
                let quoted = serde_json::to_string(value).unwrap_or_default();
                quoted.get(1..quoted.len().saturating_sub(1)).unwrap_or_default().to_owned()
            }
        };
        self.edits.iter().map(|edit| (edit.span, written(edit))).collect()
    }

    /// What stood there.
    pub fn was(&self, to: Disclosure) -> String {
        self.was.reveal(to)
    }

    /// What will stand there.
    pub fn now(&self, to: Disclosure) -> String {
        self.now.reveal(to)
    }

    /// Whether nothing but white space at the ends of a value goes.
    pub fn trims(&self) -> bool {
        let shown = |value: &Masked| value.reveal(Disclosure::Shown);
        shown(&self.was).trim() == shown(&self.now)
    }

    /// Whether parts of the payload change places.
    pub fn moves(&self) -> bool {
        self.edits.iter().all(|edit| matches!(edit.to, To::From(_)))
    }
}

impl fmt::Debug for Fix {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Fix({} edits)", self.edits.len())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_written_as_the_format_has_them() {
        let fix = Fix::published(Span::new(0, 1), "x", "a \"b\" & c");
        assert_eq!(fix.edits("x", false)[0].1, "a \\\"b\\\" & c");
        assert_eq!(fix.edits("x", true)[0].1, "a &quot;b&quot; &amp; c");
        assert_eq!((fix.was(Disclosure::Masked), fix.now(Disclosure::Masked)), ("a".into(), "a \"b\" & c".into()));
        let moved =
            Fix::moved(&[Span::new(1, 2), Span::new(0, 1)], &[Span::new(0, 1), Span::new(1, 2)], "a, b", "b, a");
        assert_eq!(moved.edits("ab", true).into_iter().map(|(_, text)| text).collect::<String>(), "ba");
        let secret = Fix::rewritten(Span::new(0, 1), " Smith", "Smith");
        assert_eq!(secret.now(Disclosure::Masked), "Aaaaa");
        assert!(secret.trims() && !format!("{secret:?}").contains("Smith"));
    }
}
