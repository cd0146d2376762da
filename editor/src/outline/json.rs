//! JSON that may be half written: nothing is refused.

use std::ops::Range;

use super::{Kind, Node};

/// Nodes of a text that begins with `{` or `[`.
pub fn nodes(text: &str) -> Vec<Node> {
    let mut reader = Reader { text: text.as_bytes(), nodes: Vec::new(), open: Vec::new(), key: None };
    reader.read();
    let end = text.len();
    for at in std::mem::take(&mut reader.open) {
        reader.nodes[at].span.end = end;
    }
    reader.nodes
}

struct Reader<'t> {
    text: &'t [u8],
    nodes: Vec<Node>,
    /// Objects and arrays that are open.
    open: Vec<usize>,
    /// A key whose value has not come: inside its quotes, and whether its colon has come.
    key: Option<(Range<usize>, bool)>,
}

impl Reader<'_> {
    fn read(&mut self) {
        let mut at = 0;
        while at < self.text.len() {
            let end = match self.text[at] {
                b'{' => {
                    self.begin(Kind::Object, at);
                    at + 1
                }
                b'[' => {
                    self.begin(Kind::Array, at);
                    at + 1
                }
                b'}' => {
                    self.end(Kind::Object, at + 1);
                    at + 1
                }
                b']' => {
                    self.end(Kind::Array, at + 1);
                    at + 1
                }
                b'"' => self.string(at),
                b':' => {
                    if let Some((_, colon)) = &mut self.key {
                        *colon = true;
                    }
                    at + 1
                }
                b',' => {
                    self.missing(at);
                    at + 1
                }
                b if b.is_ascii_whitespace() => at + 1,
                _ => {
                    let stop = |b: &u8| b.is_ascii_whitespace() || b"{}[]\",:".contains(b);
                    let end = self.text[at..].iter().position(stop).map_or(self.text.len(), |n| at + n);
                    self.value(Kind::Other, at..end, None);
                    end
                }
            };
            at = end.max(at + 1);
        }
        self.missing(self.text.len());
    }

    fn in_object(&self) -> bool {
        self.open.last().is_some_and(|at| self.nodes[*at].kind == Kind::Object)
    }

    /// A string to its end, or to the end of its line where nobody closed it.
    fn string(&mut self, at: usize) -> usize {
        let mut end = at + 1;
        let closed = loop {
            match self.text.get(end) {
                Some(b'\\') => end += 2,
                Some(b'"') => break true,
                Some(b'\n' | b'\r') | None => break false,
                Some(_) => end += 1,
            }
        };
        end = end.min(self.text.len());
        let inside = at + 1..end;
        let after = if closed { end + 1 } else { end };
        let is_key = self.in_object() && self.key.as_ref().is_none_or(|(_, colon)| !colon);
        if is_key {
            self.missing(at);
            self.key = Some((inside, false));
        } else {
            self.value(Kind::Text, at..after, Some(inside));
        }
        after
    }

    fn push(&mut self, kind: Kind, span: Range<usize>, value: Option<Range<usize>>) -> usize {
        let name = self.key.take().map_or(span.start..span.start, |(name, _)| name);
        let parent = self.open.last().copied();
        let at = self.nodes.len();
        self.nodes.push(Node { kind, name, span, value, url: None, parent, children: Vec::new() });
        if let Some(parent) = parent {
            self.nodes[parent].children.push(at);
        }
        at
    }

    fn value(&mut self, kind: Kind, span: Range<usize>, value: Option<Range<usize>>) {
        // What stands outside of all is nobody's.
        if !self.open.is_empty() {
            self.push(kind, span, value);
        }
    }

    fn begin(&mut self, kind: Kind, at: usize) {
        if self.open.is_empty() && !self.nodes.is_empty() {
            return;
        }
        let node = self.push(kind, at..at + 1, None);
        self.open.push(node);
    }

    /// Closes the innermost of a kind, and what nobody closed in it.
    fn end(&mut self, kind: Kind, end: usize) {
        self.missing(end - 1);
        let Some(from) = self.open.iter().rposition(|at| self.nodes[*at].kind == kind) else { return };
        for at in self.open.drain(from..) {
            self.nodes[at].span.end = end;
        }
    }

    /// A key whose value does not come.
    fn missing(&mut self, before: usize) {
        if self.key.is_some() && !self.open.is_empty() {
            let from = self.key.as_ref().map_or(before, |(name, _)| (name.end + 1).min(before));
            self.push(Kind::Missing, from..before, None);
        }
    }
}
