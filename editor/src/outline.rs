//! The shape of a document that is being written: what stands where, as far as it can be told when half of it is missing.

mod json;
mod xml;

use std::ops::Range;

/// What a node is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A JSON object.
    Object,
    /// A JSON array.
    Array,
    /// A JSON string.
    Text,
    /// Another JSON value.
    Other,
    /// A member of a JSON object that has no value yet.
    Missing,
    /// An XML element.
    Element,
}

/// A node. Spans are bytes of the document.
#[derive(Clone, Debug)]
pub struct Node {
    /// What it is.
    pub kind: Kind,
    /// Its key in JSON, without quotes, or the name of its tag; empty where it has none.
    pub name: Range<usize>,
    /// All of it, its key apart.
    pub span: Range<usize>,
    /// Inside the quotes of a JSON string, or of the attribute `value`.
    pub value: Option<Range<usize>>,
    /// Inside the quotes of the attribute `url`.
    pub url: Option<Range<usize>>,
    /// The node it stands in.
    pub parent: Option<usize>,
    /// Nodes that stand in it.
    pub children: Vec<usize>,
}

/// A document as nodes; the first is the root.
#[derive(Clone, Debug, Default)]
pub struct Outline {
    /// In order of their starts.
    pub nodes: Vec<Node>,
    /// Whether it is XML.
    pub xml: bool,
}

impl Outline {
    /// Of a text, whatever it is.
    pub fn new(text: &str) -> Self {
        let first = text.trim_start_matches('\u{feff}').trim_start().chars().next();
        match first {
            Some('<') => Self { nodes: xml::nodes(text), xml: true },
            Some('{' | '[') => Self { nodes: json::nodes(text), xml: false },
            _ => Self::default(),
        }
    }

    /// Whether it is a FHIR message, or is becoming one.
    pub fn is_fhir(&self, text: &str) -> bool {
        if self.xml {
            // The namespace may stand on any line of the root's tag.
            let Some(root) = self.nodes.first() else { return false };
            let end = root.children.first().map_or(root.span.end, |child| self.nodes[*child].span.start);
            return text[root.span.start..end].contains("http://hl7.org/fhir");
        }
        !self.nodes.is_empty() && self.child(0, text, "resourceType").is_some()
    }

    /// The name of a node.
    pub fn name<'t>(&self, node: usize, text: &'t str) -> &'t str {
        &text[self.nodes[node].name.clone()]
    }

    /// Its value as text, escapes left as they are.
    pub fn value<'t>(&self, node: usize, text: &'t str) -> Option<&'t str> {
        self.nodes[node].value.clone().map(|span| &text[span])
    }

    /// The first node of a name in another.
    pub fn child(&self, node: usize, text: &str, name: &str) -> Option<usize> {
        self.nodes[node].children.iter().copied().find(|child| self.name(*child, text) == name)
    }

    /// The text of a child.
    pub fn text_of<'t>(&self, node: usize, text: &'t str, name: &str) -> Option<&'t str> {
        self.child(node, text, name).and_then(|child| self.value(child, text))
    }

    /// The innermost node around a byte, its key or tag taken in.
    pub fn around(&self, byte: usize) -> Option<usize> {
        let holds = |node: &Node| {
            let start = if node.name.is_empty() { node.span.start } else { node.name.start.min(node.span.start) };
            start <= byte && byte <= node.span.end
        };
        let mut at = Some(0).filter(|_| self.nodes.first().is_some_and(holds))?;
        loop {
            // Children stand in order: the last that begins before the byte.
            let children = &self.nodes[at].children;
            let start = |child: usize| {
                let node = &self.nodes[child];
                if node.name.is_empty() { node.span.start } else { node.name.start.min(node.span.start) }
            };
            let before = children.partition_point(|child| start(*child) <= byte);
            match before.checked_sub(1).map(|last| children[last]).filter(|child| holds(&self.nodes[*child])) {
                Some(child) => at = child,
                None => return Some(at),
            }
        }
    }
}
