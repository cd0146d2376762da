//! JSON shape: arrays where elements repeat, the right kind of literal, objects where there is structure.

use super::checker::{Checker, Pass, is_primitive};
use crate::finding::{Example, Meta};
use crate::read::faults;
use crate::tree::{Element, Kind, flags, names};

/// Array or single value.
pub static ARRAY: Meta = Meta {
    id: "HM0103",
    name: "json-array-shape",
    title: "an element that repeats is not an array, or one that does not repeat is",
    issue: "structure",
    basis: "FHIR, JSON representation: elements that may repeat are arrays, even with one item",
    criterion: "INT-1",
    why: "Typed receivers cannot read the member and reject the message.",
    remedy: "Write [ ] around the value of an element that may repeat, and nowhere else.",
    examples: &[
        Example::bad("a name that is not an array", r#"{"resourceType": "Patient", "name": «{"family": "Test"}»}"#),
        Example::bad("a gender in an array", r#"{"resourceType": "Patient", "gender": ["«male»"]}"#),
        Example::good("as defined", r#"{"resourceType": "Patient", "gender": "male", "name": [{"family": "Test"}]}"#),
    ],
    ..Meta::NEW
};

/// Literal kind.
pub static LITERAL: Meta = Meta {
    id: "HM0104",
    name: "json-literal-kind",
    title: "the JSON literal is of the wrong kind for its type",
    issue: "invalid",
    basis: "FHIR, JSON representation: booleans and numbers unquoted, everything else as strings, complex types as objects",
    criterion: "INT-1",
    why: "Typed receivers cannot read the member and reject the message.",
    remedy: "Write booleans and numbers without quotes, other primitives with quotes, complex elements as objects.",
    examples: &[
        Example::bad("a boolean in quotes", r#"{"resourceType": "Patient", "active": "«true»"}"#),
        Example::bad("text where an object belongs", r#"{"resourceType": "Patient", "maritalStatus": "«M»"}"#),
        Example::good("a boolean", r#"{"resourceType": "Patient", "active": true}"#),
    ],
    ..Meta::NEW
};

/// What JSON literal a primitive type takes.
fn expected(ty: crate::tree::NameId) -> Kind {
    match ty {
        names::T_BOOLEAN => Kind::Bool,
        names::T_INTEGER | names::T_DECIMAL | names::T_POSITIVE_INT | names::T_UNSIGNED_INT => Kind::Number,
        _ => Kind::String,
    }
}

const fn word(kind: Kind) -> &'static str {
    match kind {
        Kind::Bool => "true or false without quotes",
        Kind::Number => "a number without quotes",
        Kind::String => "text in double quotes",
        _ => "an object",
    }
}

impl<'t> Checker<'_, 't> {
    /// An element that holds an id and nothing else (`ele-1`); where there is not even that, the readers say so.
    pub(super) fn hollow(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        if at.is_resource() || at.node().is(flags::HAS_VALUE) {
            return;
        }
        let mut children = at.children();
        if children.next().is_some_and(|c| c.name_id() == names::ID) && children.next().is_none() {
            let says = "ele-1 is not met: the element has an id only".to_owned();
            let mut draft = self.draft(&super::invariant::INVARIANT, pass, node, at, says);
            draft.span = at.span();
            self.emit(draft);
        }
    }

    /// A value attribute on an XML element whose type has none.
    fn complex_value(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        if at.type_id() == names::OTHER || is_type_primitive(at) || at.node().is(flags::FOREIGN) {
            return;
        }
        let says = format!("{} is of type {}, which has no value of its own", at.name(), names::text(at.type_id()));
        let draft = self.draft(&faults::XML_SHAPE, pass, node, at, says);
        self.emit(draft);
    }

    /// A member with an underscore stands beside a primitive only (FHIR, JSON: representation of primitives).
    fn underscored(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        if at.type_id() == names::OTHER || is_type_primitive(at) {
            return;
        }
        let says = format!("{0} is not a primitive, so it has no member _{0}", at.name());
        let draft = self.draft(&faults::SIBLING, pass, node, at, says);
        self.emit(draft);
    }

    /// Array and literal kind of one JSON element.
    pub(super) fn shape(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        let kind = at.kind();
        if self.message.tree.xml && kind == Kind::XmlElement && at.node().is(flags::HAS_VALUE) {
            self.complex_value(at, pass, node);
        }
        if self.message.tree.xml || kind == Kind::Null {
            return;
        }
        if at.node().is(flags::ONLY_SIBLING) {
            return self.underscored(at, pass, node);
        }
        let definition = &pass.plan.nodes[node as usize];
        if at.node().is(flags::IN_ARRAY) != definition.repeats {
            let says = if definition.repeats {
                format!("{} may repeat, so it must be an array", at.name())
            } else {
                format!("{} does not repeat, so it must not be an array", at.name())
            };
            let draft = self.draft(&ARRAY, pass, node, at, says);
            self.emit(draft);
        }
        if at.is_resource() || at.type_id() == names::OTHER {
            return;
        }
        let wanted = if is_type_primitive(at) { expected(at.type_id()) } else { Kind::Object };
        if kind != wanted && kind != Kind::Array {
            let says = format!("{} is of type {} and must be {}", at.name(), names::text(at.type_id()), word(wanted));
            let draft = self.draft(&LITERAL, pass, node, at, says);
            self.emit(draft);
        }
    }
}

fn is_type_primitive(at: Element<'_>) -> bool {
    is_primitive(at) && names::text(at.type_id()).starts_with(|c: char| c.is_ascii_lowercase())
}
