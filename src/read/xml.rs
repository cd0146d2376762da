//! XML to elements: a strict reader of the part of XML 1.0 that FHIR uses. No DTD, so no entities to expand.

use super::Limits;
use super::faults::{self, Fault};
use super::xml_text;
use crate::text::Span;
use crate::tree::names::{self, NameId};
use crate::tree::{Kind, NONE, NodeId, Tree, flags};

const FHIR: &str = "http://hl7.org/fhir";
const XHTML: &str = "http://www.w3.org/1999/xhtml";

/// Reads the payload of `tree` into it.
pub(super) fn read(tree: &mut Tree<'_>, limits: &Limits, found: &mut Vec<Fault>) {
    tree.xml = true;
    let text = tree.text;
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        tree,
        limits,
        found,
        open: Vec::new(),
        spaces: vec![(0, String::new(), Space::None)],
        attributes: Vec::new(),
        done: false,
    };
    if reader.payload().is_none() && !reader.found.iter().any(|f| f.fatal) {
        reader.at = reader.bytes.len();
        let _: Step = reader.fail("the text ends inside an element");
    }
}

#[derive(Clone, Copy, PartialEq, Eq)]
enum Space {
    None,
    Fhir,
    Xhtml,
    Other,
}

/// An element that is not closed yet.
struct Open {
    /// Its node; for `<Patient>` inside `<resource>`, the node of `resource`.
    node: NodeId,
    /// Name as written.
    name: Span,
    /// Last child so far.
    last: NodeId,
    /// The element only names the resource its parent holds.
    collapsed: bool,
    /// Narrative markup: nothing inside becomes a node.
    markup: bool,
    start: usize,
}

struct Reader<'r, 'p> {
    text: &'p str,
    bytes: &'p [u8],
    at: usize,
    tree: &'r mut Tree<'p>,
    limits: &'r Limits,
    found: &'r mut Vec<Fault>,
    open: Vec<Open>,
    /// Namespace declarations in force: depth, prefix, meaning.
    spaces: Vec<(usize, String, Space)>,
    /// Attributes of the element being read: name and value.
    attributes: Vec<(Span, Span)>,
    done: bool,
}

type Step<T = ()> = Option<T>;

impl Reader<'_, '_> {
    fn payload(&mut self) -> Step {
        self.declaration()?;
        while self.at < self.bytes.len() {
            if self.found.len() as u32 > self.limits.findings {
                self.found.push(Fault::too_many(self.limits, self.at));
                return None;
            }
            if self.bytes[self.at] != b'<' {
                self.characters()?;
                continue;
            }
            let rest = &self.bytes[self.at..];
            if rest.starts_with(b"</") {
                self.close()?;
            } else if rest.starts_with(b"<!--") {
                self.skip(4, "-->", "this comment is not closed")?;
            } else if rest.starts_with(b"<![CDATA[") {
                self.cdata()?;
            } else if rest.starts_with(b"<!") {
                let span = Span::new(self.at as u32, (self.at + 9).min(self.bytes.len()) as u32);
                self.found.push(Fault::fatal(
                    &faults::DOCTYPE,
                    span.start,
                    span.end,
                    "a document type declaration is not allowed",
                ));
                return None;
            } else if rest.starts_with(b"<?") {
                self.instruction()?;
            } else {
                self.element()?;
            }
        }
        if !self.open.is_empty() {
            return None;
        }
        if !self.done {
            return self.fail("there is no element");
        }
        Some(())
    }

    fn fail<T>(&mut self, says: &str) -> Step<T> {
        let at = self.at.min(self.text.len());
        let len = self.text[at..].chars().next().map_or(0, char::len_utf8);
        self.found.push(Fault::fatal(&faults::SYNTAX, at as u32, (at + len) as u32, says));
        None
    }

    fn here(&self) -> NodeId {
        self.open.last().map_or(NONE, |o| o.node)
    }

    fn skip(&mut self, opening: usize, end: &str, says: &str) -> Step<Span> {
        let start = self.at;
        let Some(len) = memchr::memmem::find(&self.bytes[self.at + opening..], end.as_bytes()) else {
            return self.fail(says);
        };
        self.at += opening + len + end.len();
        Some(Span::new(start as u32, self.at as u32))
    }

    fn declaration(&mut self) -> Step {
        let start = self.bytes.iter().position(|&b| !xml_text::is_blank(b)).unwrap_or(0);
        if !self.bytes[start..].starts_with(b"<?xml") {
            return Some(());
        }
        self.at = start;
        if start > 0 {
            return self.fail("the XML declaration must be the first thing in the payload");
        }
        let span = self.skip(2, "?>", "the XML declaration is not closed")?;
        let declared = span.of(self.text);
        if let Some(at) = declared.find("encoding") {
            let quoted = declared[at..].split(['"', '\'']).nth(1).unwrap_or("");
            if !matches!(quoted.to_ascii_lowercase().as_str(), "utf-8" | "utf8" | "utf-16" | "us-ascii" | "ascii") {
                let from = declared[at..].find(quoted).unwrap_or(0) + at;
                let value = Span::new(from as u32, (from + quoted.len()) as u32);
                self.found.push(Fault::at(
                    &faults::ENCODING,
                    NONE,
                    value,
                    "the declared encoding is not UTF-8 or UTF-16",
                ));
            }
        }
        if !declared.contains("version=\"1.0\"") && !declared.contains("version='1.0'") {
            self.found.push(Fault::at(&faults::ENCODING, NONE, span, "the declared XML version is not 1.0"));
        }
        Some(())
    }

    fn instruction(&mut self) -> Step {
        if !self.bytes.get(self.at + 2).is_some_and(|&b| xml_text::starts_name(b)) {
            return self.fail("a processing instruction begins with a name");
        }
        let span = self.skip(2, "?>", "this processing instruction is not closed")?;
        if span.of(self.text).starts_with("<?xml ") {
            self.at = span.start as usize;
            return self.fail("an XML declaration may only stand at the start");
        }
        self.found.push(Fault::at(&faults::XML_SHAPE, self.here(), span, "a processing instruction is not allowed"));
        Some(())
    }

    fn cdata(&mut self) -> Step {
        let span = self.skip(9, "]]>", "this CDATA section is not closed")?;
        match self.open.last() {
            Some(open) if open.markup => {}
            Some(open) => {
                let node = open.node;
                self.found.push(Fault::at(&faults::XML_SHAPE, node, span, "a CDATA section is not allowed"));
            }
            None => return self.fail("text outside the element"),
        }
        Some(())
    }

    fn characters(&mut self) -> Step {
        let start = self.at;
        let len = memchr::memchr(b'<', &self.bytes[start..]).unwrap_or(self.bytes.len() - start);
        let text = &self.text[start..start + len];
        let blank = text.bytes().all(xml_text::is_blank);
        if !blank {
            // Not what Unicode takes for blank: XML counts that as text.
            let lead = text.len() - text.trim_start_matches(xml_text::BLANK).len();
            let span = Span::new((start + lead) as u32, (start + text.trim_end_matches(xml_text::BLANK).len()) as u32);
            match self.open.last() {
                None => {
                    self.at = span.start as usize;
                    return self.fail("text outside the element");
                }
                Some(open) => {
                    if !open.markup {
                        let node = open.node;
                        self.found.push(Fault::at(
                            &faults::XML_SHAPE,
                            node,
                            span,
                            "text stands where only elements may",
                        ));
                    }
                    let node = open.node;
                    self.references(start, text)?;
                    self.forbidden(node, Span::new(start as u32, (start + len) as u32));
                }
            }
        }
        self.at = start + len;
        Some(())
    }

    /// Every `&` must begin a reference that needs no DTD.
    fn references(&mut self, start: usize, text: &str) -> Step {
        for at in memchr::memchr_iter(b'&', text.as_bytes()) {
            let known = text[at + 1..].split_once(';').is_some_and(|(name, _)| xml_text::reference(name).is_some());
            if !known {
                self.at = start + at;
                return self
                    .fail("this reference is not known: without a DTD only lt, gt, amp, quot, apos and numbers are");
            }
        }
        Some(())
    }

    fn name(&mut self) -> Step<Span> {
        let start = self.at;
        if !self.bytes.get(start).is_some_and(|&b| xml_text::starts_name(b)) {
            return self.fail("a name is expected here");
        }
        while self.bytes.get(self.at).is_some_and(|&b| xml_text::in_name(b)) {
            self.at += 1;
        }
        Some(Span::new(start as u32, self.at as u32))
    }

    fn blank(&mut self) {
        while self.bytes.get(self.at).is_some_and(|&b| xml_text::is_blank(b)) {
            self.at += 1;
        }
    }

    fn close(&mut self) -> Step {
        let start = self.at;
        self.at += 2;
        let name = self.name()?;
        self.blank();
        let Some(open) = self.open.last() else {
            self.at = start;
            return self.fail("this closes an element that is not open");
        };
        if open.name.of(self.text) != name.of(self.text) {
            let says =
                format!("this closes another element than the open one ({})", names::intern(open.name.of(self.text)));
            self.at = start;
            return self.fail(&says);
        }
        if self.bytes.get(self.at) != Some(&b'>') {
            return self.fail("the closing tag does not end");
        }
        self.at += 1;
        self.finish();
        Some(())
    }

    fn finish(&mut self) {
        let Some(open) = self.open.pop() else { return };
        let depth = self.open.len();
        if open.collapsed
            && let Some(holder) = self.open.last_mut()
        {
            holder.last = open.last;
        }
        while self.spaces.last().is_some_and(|(d, ..)| *d > depth) {
            self.spaces.pop();
        }
        if !open.collapsed && open.node != NONE && (!open.markup || self.open.last().is_none_or(|o| !o.markup)) {
            let node = &mut self.tree.nodes[open.node as usize];
            node.span = Span::new(open.start as u32, self.at as u32);
            if open.markup {
                node.value = node.span;
                node.flags |= flags::HAS_VALUE;
            } else if node.first == NONE && !node.is(flags::HAS_VALUE) {
                let span = node.span;
                self.found.push(Fault::at(
                    &faults::EMPTY_XML,
                    open.node,
                    span,
                    "the element has neither a value nor content",
                ));
            }
        }
        self.done |= self.open.is_empty();
    }

    fn element(&mut self) -> Step {
        let start = self.at;
        if self.done {
            return self.fail("there is a second root element");
        }
        if self.open.len() as u32 >= self.limits.depth {
            let says = format!("the payload nests deeper than {} levels (limit: depth)", self.limits.depth);
            self.found.push(Fault::fatal(&faults::LIMIT, start as u32, start as u32 + 1, says));
            return None;
        }
        self.at += 1;
        let name = self.name()?;
        let empty = self.attributes()?;
        self.declare_spaces()?;
        if self.open.last().is_some_and(|o| o.markup) {
            self.open.push(Open { node: NONE, name, last: NONE, collapsed: false, markup: true, start });
        } else {
            self.enter(name, start)?;
        }
        if empty {
            self.finish();
        }
        Some(())
    }

    /// Reads attributes up to `>` or `/>`; true for the latter.
    fn attributes(&mut self) -> Step<bool> {
        self.attributes.clear();
        loop {
            let before = self.at;
            self.blank();
            match self.bytes.get(self.at)? {
                b'>' => {
                    self.at += 1;
                    return Some(false);
                }
                b'/' if self.bytes.get(self.at + 1) == Some(&b'>') => {
                    self.at += 2;
                    return Some(true);
                }
                _ if before == self.at => return self.fail("white space is expected before an attribute"),
                _ => self.attribute()?,
            }
        }
    }

    fn attribute(&mut self) -> Step {
        let name = self.name()?;
        self.blank();
        if self.bytes.get(self.at) != Some(&b'=') {
            return self.fail("an attribute needs a value");
        }
        self.at += 1;
        self.blank();
        let quote = match self.bytes.get(self.at) {
            Some(&q @ (b'"' | b'\'')) => q,
            _ => return self.fail("an attribute value stands in quotes"),
        };
        let start = self.at + 1;
        let Some(len) = memchr::memchr2(quote, b'<', &self.bytes[start..]) else {
            return self.fail("this attribute value is not closed");
        };
        if self.bytes[start + len] == b'<' {
            self.at = start + len;
            return self.fail("< may not stand in an attribute value");
        }
        let value = Span::new(start as u32, (start + len) as u32);
        self.references(start, value.of(self.text))?;
        self.at = start + len + 1;
        if self.attributes.iter().any(|(n, _)| n.of(self.text) == name.of(self.text)) {
            self.at = name.start as usize;
            return self.fail("this attribute stands here twice");
        }
        if self.attributes.len() as u32 >= self.limits.attributes {
            let says = format!("an element has more than {} attributes (limit: attributes)", self.limits.attributes);
            self.found.push(Fault::fatal(&faults::LIMIT, name.start, name.end, says));
            return None;
        }
        self.attributes.push((name, value));
        Some(())
    }

    fn declare_spaces(&mut self) -> Step {
        let depth = self.open.len() + 1;
        for (name, value) in &self.attributes {
            let prefix = match name.of(self.text) {
                "xmlns" => "",
                other => match other.strip_prefix("xmlns:") {
                    Some(prefix) => prefix,
                    None => continue,
                },
            };
            let space = match value.of(self.text) {
                FHIR => Space::Fhir,
                XHTML => Space::Xhtml,
                "" => Space::None,
                _ => Space::Other,
            };
            // The first stands for no declaration at all.
            if self.spaces.len() as u32 > self.limits.namespaces {
                let limit = self.limits.namespaces;
                let says = format!("more than {limit} namespace declarations are in force (limit: namespaces)");
                self.found.push(Fault::fatal(&faults::LIMIT, name.start, name.end, says));
                return None;
            }
            self.spaces.push((depth, prefix.to_owned(), space));
        }
        Some(())
    }

    fn space_of(&self, prefix: &str) -> Space {
        self.spaces.iter().rev().find(|(_, p, _)| p == prefix).map_or(Space::None, |s| s.2)
    }

    fn enter(&mut self, name: Span, start: usize) -> Step {
        let written = name.of(self.text);
        let (prefix, local) = written.split_once(':').unwrap_or(("", written));
        let space = self.space_of(prefix);
        let id = names::intern(local);
        let parent = self.here();
        let upper = local.as_bytes().first().is_some_and(u8::is_ascii_uppercase);
        if parent != NONE && upper && space == Space::Fhir && !self.tree.node(parent).is(flags::RESOURCE) {
            return self.enter_resource(id, name, start, parent);
        }
        let markup = space == Space::Xhtml;
        let node = self.append(id, parent, if markup { Kind::Xhtml } else { Kind::XmlElement }, name.start)?;
        if parent == NONE {
            self.tree.nodes[node as usize].ty = id;
            self.tree.nodes[node as usize].flags |= flags::RESOURCE;
        }
        self.open.push(Open { node, name, last: NONE, collapsed: false, markup, start });
        if markup {
            return Some(());
        }
        if space != Space::Fhir {
            self.tree.nodes[node as usize].flags |= flags::FOREIGN;
            let known = parent == NONE || !self.tree.node(parent).is(flags::FOREIGN);
            if known {
                self.found.push(Fault::at(
                    &faults::NAMESPACE,
                    node,
                    name,
                    "the element is not in the namespace http://hl7.org/fhir",
                ));
            }
        } else if parent != NONE && self.is_attribute(id, parent) {
            self.found.push(Fault::at(
                &faults::XML_SHAPE,
                node,
                name,
                "this stands as an attribute in XML, not as an element",
            ));
        }
        self.take_attributes(node)
    }

    /// What FHIR's XML writes as an attribute only: the id of an element, and the url of an extension.
    fn is_attribute(&self, id: NameId, parent: NodeId) -> bool {
        let holder = self.tree.node(parent);
        match id {
            names::ID => !holder.is(flags::RESOURCE),
            names::URL => matches!(holder.name, names::EXTENSION | names::MODIFIER_EXTENSION),
            _ => false,
        }
    }

    /// `<Patient>` inside `<resource>` or `<contained>`: the parent is the resource.
    fn enter_resource(&mut self, id: NameId, name: Span, start: usize, parent: NodeId) -> Step {
        let holder = &mut self.tree.nodes[parent as usize];
        holder.ty = id;
        holder.flags |= flags::RESOURCE;
        let last = self.open.last().map_or(NONE, |o| o.last);
        self.open.push(Open { node: parent, name, last, collapsed: true, markup: false, start });
        self.take_attributes(parent)
    }

    fn append(&mut self, name: NameId, parent: NodeId, kind: Kind, key: u32) -> Step<NodeId> {
        if self.tree.nodes.len() as u32 >= self.limits.elements {
            let says = format!("the payload has more than {} elements (limit: elements)", self.limits.elements);
            self.found.push(Fault::fatal(&faults::LIMIT, key, key, says));
            return None;
        }
        let id = self.tree.push(name, kind, key);
        self.tree.nodes[id as usize].parent = parent;
        if let Some(open) = self.open.last_mut() {
            if open.last != NONE {
                self.tree.nodes[open.last as usize].next = id;
            } else if parent != NONE {
                self.tree.nodes[parent as usize].first = id;
            }
            open.last = id;
        }
        Some(id)
    }

    fn take_attributes(&mut self, node: NodeId) -> Step {
        for (name, value) in std::mem::take(&mut self.attributes) {
            match name.of(self.text) {
                "value" if self.tree.node(node).is(flags::RESOURCE) => {
                    self.found.push(Fault::at(&faults::XML_SHAPE, node, name, "a resource has no value"));
                }
                "value" => self.set_value(node, value),
                attribute @ ("id" | "url") => {
                    let id = names::intern(attribute);
                    let child = self.append(id, node, Kind::XmlAttribute, name.start)?;
                    self.set_value(child, value);
                    self.tree.nodes[child as usize].span = value;
                }
                "xmlns" => {}
                other if other.starts_with("xmlns:") || other.starts_with("xsi:schemaLocation") => {}
                _ => self.found.push(Fault::at(&faults::XML_SHAPE, node, name, "FHIR defines no such attribute here")),
            }
        }
        Some(())
    }

    /// XML holds no control characters but tab, line feed and carriage return.
    fn forbidden(&mut self, node: NodeId, within: Span) {
        if let Some(at) = within.of(self.text).find(|c| !xml_text::is_char(c)) {
            let span = Span::new(within.start + at as u32, within.start + at as u32 + 1);
            self.found.push(Fault::at(&faults::CHARACTERS, node, span, "a control character stands in the value"));
        }
    }

    fn set_value(&mut self, node: NodeId, value: Span) {
        let raw = value.of(self.text);
        let odd = raw.bytes().any(|b| matches!(b, b'&' | b'\n' | b'\r' | b'\t'));
        let from = self.tree.side.len();
        if odd {
            let _ = xml_text::resolve(raw, &mut self.tree.side);
        }
        self.forbidden(node, value);
        let target = &mut self.tree.nodes[node as usize];
        target.flags |= flags::HAS_VALUE;
        if odd {
            target.flags |= flags::SIDE;
            target.value = Span::new(from as u32, self.tree.side.len() as u32);
        } else {
            target.value = value;
        }
        if raw.is_empty() {
            self.found.push(Fault::at(&faults::EMPTY_XML, node, value, "the attribute has no text"));
        }
    }
}
