//! What FHIRPath asks of conformance: references, terminology, profiles, narrative.

use std::cell::Cell;

use super::checker::{Checker, Context};
use super::narrative_markup::judge;
use super::slice_match::{Match, Why};
use crate::fhirpath::{Env, EvalError, Host, Outcome, Program, Resolution, Temporal, TemporalKind, Tri, Value};
use crate::message::{Message, Resolved};
use crate::terminology::{Answer, Coded};
use crate::tree::{Element, NameId, names};

/// Answers from one message and the definitions held.
#[derive(Debug)]
pub struct MessageHost<'c, 't> {
    cx: &'c Context<'c>,
    message: &'c Message<'t>,
    /// Depth of `conformsTo` inside `conformsTo`.
    depth: Cell<u32>,
}

impl<'c, 't> MessageHost<'c, 't> {
    /// A host for expressions over one message.
    pub fn new(cx: &'c Context<'c>, message: &'c Message<'t>) -> Self {
        Self { cx, message, depth: Cell::new(0) }
    }
}

impl Host for MessageHost<'_, '_> {
    fn resolve<'e>(&'e self, from: Element<'e>, reference: &str) -> Resolution<'e> {
        // The element is of this message: look it up by number so that lifetimes agree.
        let from = Element::new(self.message.tree, from.id());
        match self.message.resolve(from, reference) {
            Resolved::Contained(e) | Resolved::Bundled(e) => Resolution::Found(e),
            Resolved::NoContained | Resolved::NotInBundle | Resolved::Ambiguous(_) => Resolution::Absent,
            Resolved::External => Resolution::Unknown,
        }
    }

    fn type_of_reference(&self, reference: &str) -> Option<NameId> {
        let ty = names::intern(crate::message::logical_id(reference)?.1);
        self.cx.plans.of_resource(self.message.release, ty).map(|_| ty)
    }

    fn member_of(&self, value: &Value<'_>, value_set: &str) -> Tri {
        let checker = Checker::new(self.cx, self.message);
        let answer = match value {
            Value::Element(e) => {
                let at = Element::new(self.message.tree, e.id());
                match at.type_id() {
                    names::T_CODEABLE_CONCEPT => checker.concept_in(at, value_set),
                    names::T_CODING | names::T_QUANTITY => checker.coding_in(at, value_set),
                    _ => match at.value() {
                        Some(code) => {
                            self.cx.sets.contains(self.message.release, value_set, Coded { system: None, code })
                        }
                        None => Answer::Out,
                    },
                }
            }
            _ => return Tri::Unknown,
        };
        match answer {
            Answer::In | Answer::InLater => Tri::True,
            Answer::Out => Tri::False,
            Answer::Unknown(..) => Tri::Unknown,
        }
    }

    fn conforms_to(&self, element: Element<'_>, profile: &str) -> Tri {
        let Some(plan) = self.cx.plans.of(self.message.release, profile) else { return Tri::Unknown };
        let at = Element::new(self.message.tree, element.id());
        if !self.cx.plans.derives(self.message.release, at.type_id(), plan.ty) {
            return Tri::False;
        }
        if self.depth.get() > 8 {
            return Tri::Unknown;
        }
        self.depth.set(self.depth.get() + 1);
        let mut checker = Checker::new(self.cx, self.message);
        let (met, _) = checker.conforms(at, &plan);
        self.depth.set(self.depth.get() - 1);
        met.into()
    }

    fn in_slice(&self, element: Element<'_>, structure: &str, name: &str) -> Tri {
        let Some(plan) = self.cx.plans.of(self.message.release, structure) else { return Tri::Unknown };
        let at = Element::new(self.message.tree, element.id());
        let mut answer = Tri::Unknown;
        for group in plan.groups.iter().filter(|g| g.name == at.node().base) {
            for &slice in group.slices.iter().filter(|&&s| plan.nodes[s as usize].slice == name) {
                let mut checker = Checker::new(self.cx, self.message);
                match checker.in_slice(at, &plan, group, slice, &mut Why::Nothing) {
                    Match::Yes => return Tri::True,
                    Match::No => answer = Tri::False,
                    Match::Silent | Match::Unknown(_) => return Tri::Unknown,
                }
            }
        }
        answer
    }

    fn html_checks(&self, markup: Element<'_>) -> Tri {
        markup.value().map_or(Tri::Unknown, |div| judge(div).faults.is_empty().into())
    }

    fn now(&self) -> Option<Temporal> {
        Temporal::parse(TemporalKind::DateTime, &format!("{}T00:00:00Z", self.cx.options.today))
    }
}

/// Evaluates an invariant, `asking` questions deep; empty counts as not met, as FHIR's invariants do.
pub(super) fn test<'t>(
    cx: &Context<'_>,
    message: &Message<'t>,
    asking: u32,
    program: &Program,
    at: Element<'t>,
    from: Option<Element<'t>>,
) -> Result<bool, EvalError> {
    let host = MessageHost { cx, message, depth: Cell::new(asking) };
    let env = surroundings(from);
    program.test(at, &env, &host).map(|outcome| outcome == Outcome::True)
}

impl<'t> Checker<'_, 't> {
    /// Whether an expression has no result at all here.
    pub(super) fn gives_nothing(&self, program: &Program, at: Element<'t>, from: Option<Element<'t>>) -> bool {
        let host = MessageHost { cx: self.cx, message: self.message, depth: Cell::new(self.asking) };
        program.test(at, &surroundings(from), &host).is_ok_and(|outcome| outcome == Outcome::Empty)
    }

    /// The part of the expression that came out false.
    pub(super) fn blame(&self, program: &Program, at: Element<'t>, from: Option<Element<'t>>) -> Option<String> {
        let host = MessageHost { cx: self.cx, message: self.message, depth: Cell::new(self.asking) };
        let env = surroundings(from);
        program.blame(at, &env, &host).map(|span| span.of(program.text()).to_owned())
    }
}

/// Variables of an invariant that is asked from the element `from`, where that is not the focus.
fn surroundings(from: Option<Element<'_>>) -> Env<'_> {
    Env { resource: from.map(Element::resource), root: from.map(Element::root_resource), ..Env::default() }
}
