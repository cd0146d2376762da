//! Elements the type does not define, and XML elements out of order.

use std::sync::Arc;

use super::checker::{Checker, Pass};
use crate::finding::{Example, Explained, Fix, Meta, Origin};
use crate::pack::model::StructureKind;
use crate::read::faults;
use crate::text::Span;
use crate::tree::{Element, flags, names};

/// An element that is not defined.
pub static ELEMENT: Meta = Meta {
    id: "HM0101",
    name: "element-unknown",
    title: "the element is not defined for its parent",
    issue: "structure",
    basis: "FHIR, resource definitions: only defined elements and extensions may be present",
    criterion: "INT-1",
    why: "Receivers drop what they do not know, or reject the message; the fact is lost either way.",
    remedy: "Correct the spelling, move the element to where it is defined in this FHIR release, or send an extension.",
    explains: &[
        Explained::here("HM0105").alike(),
        Explained::here("HM0121").alike(),
        Explained::here("HM0141").about("ext-1"),
    ],
    examples: &[
        Example::bad("a misspelt element", r#"{"resourceType": "Patient", "«birthdate»": "1980-01-01"}"#),
        Example::bad(
            "an R4 element in STU3",
            r#"{"resourceType": "Encounter", "status": "finished", "«serviceType»": {"text": "Review"}}"#,
        ),
        Example::bad(
            "the value of a primitive as an element",
            r#"<Patient xmlns="http://hl7.org/fhir"><birthDate><«value» value="1980-01-01"/></birthDate></Patient>"#,
        ),
        Example::good("the defined one", r#"{"resourceType": "Patient", "birthDate": "1980-01-01"}"#),
    ],
    ..Meta::NEW
};

/// XML order.
pub static ORDER: Meta = Meta {
    id: "HM0102",
    name: "xml-element-order",
    title: "the XML element is out of order",
    issue: "structure",
    basis: "FHIR, XML representation: elements stand in the order of the definition",
    criterion: "INT-1",
    why: "Receivers that check the XML schema reject the message.",
    fix: "puts elements into the order of the definition",
    remedy: "Write elements in the order of the resource definition; a FHIR library does so by itself.",
    examples: &[
        Example::bad(
            "gender after birthDate",
            r#"<Patient xmlns="http://hl7.org/fhir"><birthDate value="1980-01-01"/><«gender» value="male"/></Patient>"#,
        ),
        Example::good(
            "in order",
            r#"<Patient xmlns="http://hl7.org/fhir"><gender value="male"/><birthDate value="1980-01-01"/></Patient>"#,
        ),
    ],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    /// Every child must be defined; in XML, in order.
    pub(super) fn unknown_children(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        let mut furthest = 0;
        let mut moved = None;
        let mut unknown = names::OTHER;
        let ordered = self.message.tree.xml;
        let is_value = pass.plan.kind == StructureKind::Primitive;
        for child in at.children() {
            // Typing has found its definition.
            if !ordered && !is_value && child.def().is_some() {
                continue;
            }
            let Some((group, _)) = pass.plan.written(node, child.name_id()) else {
                // The items of one array are one fault.
                if child.name_id() != unknown || child.name_id() == names::OTHER {
                    self.unknown_child(child, pass, node);
                }
                unknown = child.name_id();
                continue;
            };
            // The value of a primitive is an attribute in XML and the member itself in JSON, never an element inside it.
            if child.name_id() == names::VALUE && is_value {
                self.unknown_child(child, pass, node);
                continue;
            }
            if child.node().is(flags::FOREIGN) || !ordered {
                continue;
            }
            // Attributes have no order.
            if child.kind() != crate::tree::Kind::XmlAttribute {
                if group.order < furthest {
                    let says = format!("{} comes after an element that must follow it", child.name());
                    let mut draft = self.draft(&ORDER, pass, group.node, child, says);
                    draft.span = child.key_span();
                    if let Some(fix) = moved.get_or_insert_with(|| self.in_order(at, pass, node)).clone() {
                        draft.mended_by(fix);
                    }
                    self.emit(draft);
                }
                furthest = furthest.max(group.order);
            }
        }
    }

    /// The elements in an element of XML, each put where the definition has it; nothing where one of them has no place.
    fn in_order(&self, at: Element<'t>, pass: Pass<'_>, node: u32) -> Option<Arc<Fix>> {
        let text = self.message.tree.text;
        let mut places: Vec<(u32, Span, &str)> = Vec::new();
        for child in at.children().filter(|child| child.kind() != crate::tree::Kind::XmlAttribute) {
            let (group, _) = pass.plan.written(node, child.name_id())?;
            let span = child.span();
            let whole = text.get(span.start as usize..span.end as usize)?;
            // A resource within stands in an element of its own, and what is foreign is not ours to move.
            if child.node().is(flags::FOREIGN) || !whole.starts_with('<') || !whole[1..].starts_with(child.name()) {
                return None;
            }
            places.push((group.order, span, child.name()));
        }
        let names = |places: &[(u32, Span, &str)]| places.iter().map(|p| p.2).collect::<Vec<_>>().join(", ");
        let spans = |places: &[(u32, Span, &str)]| places.iter().map(|p| p.1).collect::<Vec<_>>();
        let (was, to) = (names(&places), spans(&places));
        places.sort_by_key(|place| place.0);
        Some(Arc::new(Fix::moved(&spans(&places), &to, &was, &names(&places))))
    }

    fn unknown_child(&mut self, child: Element<'t>, pass: Pass<'_>, node: u32) {
        if child.node().is(flags::FOREIGN) {
            return;
        }
        let parent = &pass.plan.nodes[node as usize];
        let near = crate::text::nearest(child.name(), pass.plan.children(node).iter().map(|g| names::text(g.name)));
        let says = format!("{} has no element {}", parent.path, child.name());
        let mut draft = self.draft(&ELEMENT, pass, node, child, says);
        draft.span = child.key_span();
        draft.path = child.parent().map(|p| p.path()).unwrap_or_default();
        // A choice of a type that it does not have: what is then missing is that choice.
        let stem = |group: &&crate::plan::Group| {
            let choice = pass.plan.nodes[group.node as usize].choice;
            let rest = child.name().strip_prefix(names::text(group.name)).filter(|_| choice);
            rest.is_some_and(|rest| rest.starts_with(|c: char| c.is_ascii_uppercase()))
        };
        if let Some(choice) = pass.plan.children(node).iter().find(stem) {
            draft.key = format!("{}[x]", names::text(choice.name));
        }
        if let Some(near) = near.filter(|&near| near != child.name()) {
            draft.notes.push(format!("did you mean {near}?"));
        }
        self.emit(draft);
    }

    /// A root or nested resource of a type this release does not define.
    pub(super) fn unknown_resource(&mut self, at: Element<'t>) {
        let other = match self.release() {
            crate::pack::model::Release::Stu3 => crate::pack::model::Release::R4,
            crate::pack::model::Release::R4 => crate::pack::model::Release::Stu3,
        };
        let release = self.release().as_str();
        let says = if self.cx.plans.of_resource(self.release(), at.type_id()).is_some() {
            format!(
                "{} is an abstract type: a message holds one of the types that derive from it",
                names::text(at.type_id())
            )
        } else if self.cx.plans.of_resource(other, at.type_id()).is_some() {
            format!("FHIR {release} has no resource {}; FHIR {} has", names::text(at.type_id()), other.as_str())
        } else if at.node().is(flags::RESOURCE) && at.type_id() != names::OTHER {
            format!("FHIR {release} has no resource {}", names::text(at.type_id()))
        } else {
            "there is no resource type".to_owned()
        };
        let mut draft = self.plain(&faults::NOT_A_MESSAGE, at, at.span(), says);
        draft.origin = Origin::Reading;
        self.emit(draft);
    }
}
