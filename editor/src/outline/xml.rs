//! XML that may be half written: nothing is refused.

use std::ops::Range;

use super::{Kind, Node};

/// Nodes of a text that begins with `<`.
pub fn nodes(text: &str) -> Vec<Node> {
    let mut reader = Reader { text: text.as_bytes(), nodes: Vec::new(), open: Vec::new() };
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
    open: Vec<usize>,
}

impl Reader<'_> {
    fn read(&mut self) {
        let mut at = 0;
        while let Some(found) = self.find(at, b"<") {
            at = match self.text.get(found + 1) {
                Some(b'?') => self.after(found, b"?>"),
                Some(b'!') if self.text[found..].starts_with(b"<!--") => self.after(found, b"-->"),
                Some(b'!') if self.text[found..].starts_with(b"<![CDATA[") => self.after(found, b"]]>"),
                Some(b'!') => self.after(found, b">"),
                Some(b'/') => self.end(found),
                _ => self.start(found),
            };
        }
    }

    fn find(&self, from: usize, what: &[u8]) -> Option<usize> {
        let rest = self.text.get(from..)?;
        rest.windows(what.len()).position(|window| window == what).map(|n| from + n)
    }

    fn after(&self, from: usize, what: &[u8]) -> usize {
        self.find(from, what).map_or(self.text.len(), |at| at + what.len())
    }

    fn name(&self, from: usize) -> Range<usize> {
        let stop = |b: &u8| b.is_ascii_whitespace() || b"<>/=\"'".contains(b);
        let end = self.text[from..].iter().position(stop).map_or(self.text.len(), |n| from + n);
        // A prefix says nothing here.
        let colon = self.text[from..end].iter().position(|b| *b == b':').map_or(from, |n| from + n + 1);
        colon..end
    }

    fn start(&mut self, at: usize) -> usize {
        let name = self.name(at + 1);
        let mut node = Node {
            kind: Kind::Element,
            name: name.clone(),
            span: at..name.end,
            value: None,
            url: None,
            parent: self.open.last().copied(),
            children: Vec::new(),
        };
        let mut here = name.end;
        let (end, empty) = loop {
            match self.text.get(here) {
                None => break (here, false),
                Some(b'>') => break (here + 1, false),
                Some(b'/') if self.text.get(here + 1) == Some(&b'>') => break (here + 2, true),
                // A tag that nobody closed ends where the next begins.
                Some(b'<') => break (here, true),
                Some(b) if b.is_ascii_whitespace() || b"/='\"".contains(b) => here += 1,
                Some(_) => {
                    let attribute = self.name(here);
                    here = attribute.end.max(here + 1);
                    if let Some((inside, after)) = self.quoted(here) {
                        match &self.text[attribute] {
                            b"value" => node.value = Some(inside),
                            b"url" => node.url = Some(inside),
                            _ => {}
                        }
                        here = after;
                    }
                }
            }
        };
        node.span.end = end;
        let number = self.nodes.len();
        if let Some(parent) = node.parent {
            self.nodes[parent].children.push(number);
        } else if number > 0 {
            // One root alone.
            return end;
        }
        self.nodes.push(node);
        if !empty {
            self.open.push(number);
        }
        end
    }

    /// The value of an attribute after its name: inside its quotes, and what comes after. Where nobody closed it, it ends with its line
    /// or before the next tag.
    fn quoted(&self, from: usize) -> Option<(Range<usize>, usize)> {
        let blank = |at: usize| self.text[at..].iter().position(|b| !b.is_ascii_whitespace()).map(|n| at + n);
        let equals = blank(from).filter(|at| self.text[*at] == b'=')?;
        let open = blank(equals + 1).filter(|at| matches!(self.text[*at], b'"' | b'\''))?;
        let start = open + 1;
        let quote = self.text[open];
        let stop = |b: &u8| *b == quote || matches!(*b, b'\n' | b'\r' | b'<');
        let end = self.text[start..].iter().position(stop).map_or(self.text.len(), |n| start + n);
        let after = if self.text.get(end) == Some(&quote) { end + 1 } else { end };
        Some((start..end, after))
    }

    fn end(&mut self, at: usize) -> usize {
        let name = self.name(at + 2);
        let after = self.after(at, b">");
        let is = |open: &usize| self.text[self.nodes[*open].name.clone()] == self.text[name.clone()];
        if let Some(from) = self.open.iter().rposition(is) {
            for open in self.open.drain(from..) {
                self.nodes[open].span.end = after;
            }
        }
        after
    }
}
