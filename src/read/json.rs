//! JSON to elements in one pass over the bytes. Hot: no allocation per value without escapes.

use std::collections::HashSet;

use super::Limits;
use super::faults::{self, Fault};
use super::json_text::{self, Escape};
use super::siblings;
use crate::text::Span;
use crate::tree::names::{self, NameId};
use crate::tree::{Kind, NONE, NodeId, Tree, flags};

/// Reads the payload of `tree` into it.
pub(super) fn read(tree: &mut Tree<'_>, limits: &Limits, found: &mut Vec<Fault>) {
    let text = tree.text;
    let mut reader = Reader {
        text,
        bytes: text.as_bytes(),
        at: 0,
        tree,
        limits,
        found,
        keys: Vec::new(),
        wide: HashSet::new(),
        nulls: 0,
        depth: 0,
    };
    if reader.payload().is_none() && !reader.found.iter().any(|f| f.fatal) {
        let _: Step = reader.fail("the text ends inside a value");
    }
}

struct Reader<'r, 'p> {
    text: &'p str,
    bytes: &'p [u8],
    at: usize,
    tree: &'r mut Tree<'p>,
    limits: &'r Limits,
    found: &'r mut Vec<Fault>,
    /// Members seen in the objects that are open, innermost last.
    keys: Vec<(NameId, bool)>,
    /// Members of objects that have more of them than are worth looking through, by where the object begins in `keys`.
    wide: HashSet<(usize, NameId, bool)>,
    /// Nulls in arrays so far.
    nulls: u32,
    depth: u32,
}

/// Members of an object from which on they are looked up, not looked through.
const WIDE: usize = 64;

/// Where a value belongs.
#[derive(Clone, Copy)]
struct Slot {
    parent: NodeId,
    name: NameId,
    key: u32,
    flags: u8,
}

/// Last child of the element being read, so that appending costs no search.
struct Chain {
    parent: NodeId,
    last: NodeId,
}

/// `None`: a fatal fault has been recorded, or the text ended.
type Step<T = ()> = Option<T>;

impl Reader<'_, '_> {
    fn payload(&mut self) -> Step {
        self.blank();
        if self.peek()? == b'[' {
            self.found.push(Fault::fatal(
                &faults::NOT_A_MESSAGE,
                self.at as u32,
                self.at as u32 + 1,
                "a JSON array is not a FHIR resource",
            ));
            return None;
        }
        let slot = Slot { parent: NONE, name: names::OTHER, key: self.at as u32, flags: 0 };
        let mut chain = Chain { parent: NONE, last: NONE };
        self.value(slot, &mut chain)?;
        let root = &mut self.tree.nodes[0];
        root.name = root.ty;
        root.base = root.ty;
        self.blank();
        if self.at < self.bytes.len() {
            return self.fail("there is text after the end of the resource");
        }
        Some(())
    }

    fn blank(&mut self) {
        while let Some(b' ' | b'\n' | b'\r' | b'\t') = self.bytes.get(self.at) {
            self.at += 1;
        }
    }

    fn peek(&self) -> Step<u8> {
        self.bytes.get(self.at).copied()
    }

    fn fail<T>(&mut self, says: &str) -> Step<T> {
        let end = self.text[self.at.min(self.text.len())..].chars().next().map_or(0, char::len_utf8);
        self.found.push(Fault::fatal(&faults::SYNTAX, self.at as u32, (self.at + end) as u32, says));
        None
    }

    fn node(&mut self, slot: Slot, kind: Kind, chain: &mut Chain) -> Step<NodeId> {
        if self.found.len() as u32 > self.limits.findings {
            self.found.push(Fault::too_many(self.limits, self.at));
            return None;
        }
        if self.tree.nodes.len() as u32 >= self.limits.elements {
            let says = format!("the payload has more than {} elements (limit: elements)", self.limits.elements);
            self.found.push(Fault::fatal(&faults::LIMIT, self.at as u32, self.at as u32, says));
            return None;
        }
        let id = self.tree.push(slot.name, kind, slot.key);
        let node = &mut self.tree.nodes[id as usize];
        node.parent = slot.parent;
        node.flags = slot.flags;
        if chain.last != NONE {
            self.tree.nodes[chain.last as usize].next = id;
        } else if chain.parent != NONE {
            self.tree.nodes[chain.parent as usize].first = id;
        }
        chain.last = id;
        Some(id)
    }

    fn value(&mut self, slot: Slot, chain: &mut Chain) -> Step {
        let start = self.at;
        match self.peek()? {
            b'{' => {
                let id = self.node(slot, Kind::Object, chain)?;
                self.object(id)?;
                self.tree.nodes[id as usize].span = Span::new(start as u32, self.at as u32);
                if self.tree.nodes[id as usize].first == NONE && !self.tree.nodes[id as usize].is(flags::RESOURCE) {
                    let span = self.tree.nodes[id as usize].span;
                    self.found.push(Fault::at(&faults::EMPTY_JSON, id, span, "the object has no members"));
                }
                Some(())
            }
            b'[' => self.array(slot, chain),
            b'"' => {
                let id = self.node(slot, Kind::String, chain)?;
                self.string(id)
            }
            b'-' | b'0'..=b'9' => match json_text::number(self.bytes, start) {
                Ok(end) => {
                    let id = self.node(slot, Kind::Number, chain)?;
                    self.primitive(id, start, end);
                    Some(())
                }
                Err(at) => {
                    self.at = at;
                    self.fail("this is not a JSON number")
                }
            },
            _ => self.word(slot, chain),
        }
    }

    fn word(&mut self, slot: Slot, chain: &mut Chain) -> Step {
        let start = self.at;
        let rest = &self.bytes[start..];
        let (kind, len) = if rest.starts_with(b"true") {
            (Kind::Bool, 4)
        } else if rest.starts_with(b"false") {
            (Kind::Bool, 5)
        } else if rest.starts_with(b"null") {
            (Kind::Null, 4)
        } else {
            return self
                .fail("a value is expected here: text in double quotes, a number, true, false, an object or an array");
        };
        let id = self.node(slot, kind, chain)?;
        if kind == Kind::Bool {
            self.primitive(id, start, start + len);
        } else {
            self.at += len;
            let span = Span::new(start as u32, self.at as u32);
            self.tree.nodes[id as usize].span = span;
            // A null is a filler only in an array that has a sibling array, which is seen when the object ends.
            self.nulls += 1;
            if !self.tree.nodes[id as usize].is(flags::IN_ARRAY) {
                self.found.push(Fault::at(&faults::EMPTY_JSON, id, span, "null is not a value"));
            }
        }
        Some(())
    }

    fn primitive(&mut self, id: NodeId, start: usize, end: usize) {
        let node = &mut self.tree.nodes[id as usize];
        node.flags |= flags::HAS_VALUE;
        node.value = Span::new(start as u32, end as u32);
        node.span = node.value;
        self.at = end;
    }

    fn string(&mut self, id: NodeId) -> Step {
        let open = self.at;
        let Some(quoted) = json_text::scan(self.bytes, open + 1) else {
            return self.fail("this text has no closing quote");
        };
        let (start, end) = (open + 1, quoted.end);
        if let Some(control) = quoted.control {
            let span = Span::new(control as u32, control as u32 + 1);
            self.found.push(Fault::at(
                &faults::CHARACTERS,
                id,
                span,
                "a control character stands in the text unescaped",
            ));
        }
        self.at = end + 1;
        if quoted.escaped {
            let from = self.tree.side.len();
            let raw = &self.text[start..end];
            let result = json_text::unescape(raw, &mut self.tree.side);
            match result {
                Ok(()) => {}
                Err(Escape::Surrogate(at)) => {
                    let at = start + at;
                    let span = Span::new(at as u32, (at + 6).min(end) as u32);
                    self.found.push(Fault::at(
                        &faults::CHARACTERS,
                        id,
                        span,
                        "half of a surrogate pair, or no hexadecimal digits",
                    ));
                }
                Err(Escape::Unknown(at)) => {
                    self.at = start + at;
                    return self.fail("JSON has no such escape");
                }
            }
            let node = &mut self.tree.nodes[id as usize];
            node.flags |= flags::HAS_VALUE | flags::SIDE;
            node.value = Span::new(from as u32, self.tree.side.len() as u32);
        } else {
            let node = &mut self.tree.nodes[id as usize];
            node.flags |= flags::HAS_VALUE;
            node.value = Span::new(start as u32, end as u32);
        }
        self.tree.nodes[id as usize].span = Span::new(open as u32, end as u32 + 1);
        Some(())
    }

    fn array(&mut self, slot: Slot, chain: &mut Chain) -> Step {
        let open = self.at;
        if slot.flags & flags::IN_ARRAY != 0 || slot.parent == NONE {
            let id = self.node(slot, Kind::Array, chain)?;
            let mut inner = Chain { parent: id, last: NONE };
            self.items(Slot { parent: id, flags: 0, ..slot }, &mut inner)?;
            let span = Span::new(open as u32, self.at as u32);
            self.tree.nodes[id as usize].span = span;
            self.tree.nodes[id as usize].first = NONE;
            self.found.push(Fault::at(&faults::NESTED_ARRAY, id, span, "an array inside an array"));
            return Some(());
        }
        let before = chain.last;
        self.items(slot, chain)?;
        if chain.last == before {
            let span = Span::new(open as u32, self.at as u32);
            let says = "the array has no items".to_owned();
            self.found.push(Fault { node: slot.parent, ..Fault::at(&faults::EMPTY_JSON, NONE, span, says) });
        }
        Some(())
    }

    fn items(&mut self, slot: Slot, chain: &mut Chain) -> Step {
        self.deeper()?;
        self.at += 1;
        self.blank();
        if self.peek()? == b']' {
            self.at += 1;
            self.depth -= 1;
            return Some(());
        }
        loop {
            self.blank();
            self.value(Slot { flags: slot.flags | flags::IN_ARRAY, ..slot }, chain)?;
            self.blank();
            match self.peek()? {
                b',' => self.at += 1,
                b']' => {
                    self.at += 1;
                    self.depth -= 1;
                    return Some(());
                }
                _ => return self.fail("a comma or the end of the array is expected here"),
            }
        }
    }

    /// Nulls in arrays that nothing stands beside.
    fn fillers(&mut self, object: NodeId) {
        let mut at = self.tree.node(object).first;
        while at != NONE {
            let node = self.tree.node(at);
            if node.kind == Kind::Null && node.is(flags::IN_ARRAY) {
                let says = "this null stands for no value that an underscore member would tell of";
                self.found.push(Fault::at(&faults::EMPTY_JSON, at, node.span, says));
            }
            at = node.next;
        }
    }

    fn deeper(&mut self) -> Step {
        self.depth += 1;
        if self.depth > self.limits.depth {
            let says = format!("the payload nests deeper than {} levels (limit: depth)", self.limits.depth);
            self.found.push(Fault::fatal(&faults::LIMIT, self.at as u32, self.at as u32 + 1, says));
            return None;
        }
        Some(())
    }

    fn object(&mut self, id: NodeId) -> Step {
        self.deeper()?;
        self.at += 1;
        self.blank();
        let first_key = self.keys.len();
        let mut chain = Chain { parent: id, last: NONE };
        let mut siblings = false;
        let nulls = self.nulls;
        if self.peek()? == b'}' {
            self.at += 1;
            self.depth -= 1;
            return Some(());
        }
        loop {
            self.blank();
            siblings |= self.member(id, &mut chain, first_key)?;
            self.blank();
            match self.peek()? {
                b',' => self.at += 1,
                b'}' => {
                    self.at += 1;
                    break;
                }
                _ => return self.fail("a comma or the end of the object is expected here"),
            }
        }
        if self.keys.len() - first_key > WIDE {
            self.wide.retain(|(of, ..)| *of != first_key);
        }
        self.keys.truncate(first_key);
        self.depth -= 1;
        if siblings {
            siblings::merge(self.tree, id, self.found);
        }
        if self.nulls > nulls {
            self.fillers(id);
            self.nulls = nulls;
        }
        Some(())
    }

    /// Reads one member; true when it is a `_name` sibling.
    fn member(&mut self, id: NodeId, chain: &mut Chain, first_key: usize) -> Step<bool> {
        if self.peek()? != b'"' {
            return self.fail("a member name in double quotes is expected here");
        }
        let key_at = self.at + 1;
        let Some(quoted) = json_text::scan(self.bytes, key_at) else {
            return self.fail("this member name has no closing quote");
        };
        let raw = &self.text[key_at..quoted.end];
        self.at = quoted.end + 1;
        if let Some(control) = quoted.control {
            let span = Span::new(control as u32, control as u32 + 1);
            self.found.push(Fault::at(&faults::CHARACTERS, id, span, "a control character stands in a member name"));
        }
        let unescaped;
        let key = if quoted.escaped {
            let mut out = String::new();
            if json_text::unescape(raw, &mut out).is_err() {
                let span = Span::new(key_at as u32, quoted.end as u32);
                let says = "this member name holds an escape that is not a character";
                self.found.push(Fault::at(&faults::CHARACTERS, id, span, says));
            }
            unescaped = out;
            unescaped.as_str()
        } else {
            raw
        };
        self.blank();
        if self.peek()? != b':' {
            return self.fail("a colon is expected here");
        }
        self.at += 1;
        self.blank();
        // One STU3 element has this name too (Claim.payee): what is no text there is no type.
        let element = self.depth > 1 && matches!(self.peek()?, b'{' | b'[');
        if key == "resourceType" && !element {
            return self.resource_type(id, key_at, first_key);
        }
        let (name, sibling) = match key.strip_prefix('_') {
            Some(rest) if !rest.is_empty() => (names::intern(rest), true),
            _ => (names::intern(key), false),
        };
        self.once(name, sibling, key_at, raw.len(), first_key, id);
        let flags = if sibling { flags::SIBLING } else { 0 };
        self.value(Slot { parent: id, name, key: key_at as u32, flags }, chain)?;
        Some(sibling)
    }

    fn once(&mut self, name: NameId, sibling: bool, at: usize, len: usize, first_key: usize, id: NodeId) {
        let members = &self.keys[first_key..];
        let repeated = if members.len() < WIDE {
            members.contains(&(name, sibling))
        } else {
            if members.len() == WIDE {
                self.wide.extend(members.iter().map(|&(name, sibling)| (first_key, name, sibling)));
            }
            !self.wide.insert((first_key, name, sibling))
        };
        if repeated && name != names::OTHER {
            let span = Span::new(at as u32, (at + len) as u32);
            let says = format!("the member {name} stands here a second time");
            let mut fault = Fault::at(&faults::DUPLICATE_KEY, id, span, says);
            fault.key = name.to_string();
            self.found.push(fault);
        }
        self.keys.push((name, sibling));
    }

    fn resource_type(&mut self, id: NodeId, key_at: usize, first_key: usize) -> Step<bool> {
        let start = self.at;
        self.once(names::RESOURCE_TYPE, false, key_at, "resourceType".len(), first_key, id);
        if self.peek()? != b'"' {
            let mut chain = Chain { parent: NONE, last: NONE };
            let nodes = self.tree.nodes.len();
            self.value(Slot { parent: id, name: names::RESOURCE_TYPE, key: key_at as u32, flags: 0 }, &mut chain)?;
            self.tree.nodes.truncate(nodes);
            let span = Span::new(start as u32, self.at as u32);
            self.found.push(Fault::at(&faults::NOT_A_MESSAGE, id, span, "resourceType must be text"));
            return Some(false);
        }
        let Some(quoted) = json_text::scan(self.bytes, start + 1) else {
            return self.fail("this text has no closing quote");
        };
        self.at = quoted.end + 1;
        let raw = &self.text[start + 1..quoted.end];
        let mut unescaped = String::new();
        let sound = quoted.control.is_none() && (!quoted.escaped || json_text::unescape(raw, &mut unescaped).is_ok());
        if !sound {
            let span = Span::new(start as u32 + 1, quoted.end as u32);
            self.found.push(Fault::at(
                &faults::CHARACTERS,
                id,
                span,
                "the resource type holds what is not a character",
            ));
        }
        let node = &mut self.tree.nodes[id as usize];
        node.ty = names::intern(if quoted.escaped { &unescaped } else { raw });
        node.flags |= flags::RESOURCE;
        Some(false)
    }
}
