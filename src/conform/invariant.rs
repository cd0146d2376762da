//! Invariants: FHIRPath that must come out true.

use std::num::NonZeroUsize;

use super::checker::{BestPractice, Checker, Context, Pass};
use super::host::test;
use super::invariant_words;
use crate::fhirpath::{self, Program};
use crate::finding::{Example, Meta, Severity};
use crate::message::Message;
use crate::plan::ConstraintPlan;
use crate::text::{Canonical, in_parts};
use crate::tree::{Element, names};

/// An invariant that is false.
pub static INVARIANT: Meta = Meta {
    id: "HM0141",
    name: "invariant-not-met",
    title: "a rule of the definition is not met",
    issue: "invariant",
    basis: "FHIR, ElementDefinition.constraint",
    criterion: "INT-1",
    why: "The definition says that these facts only make sense together in a certain way; receivers rely on it.",
    remedy: "Read the expression and the part of it that came out false, and make it true.",
    examples: &[
        Example::bad(
            "a contact with nothing to contact",
            r#"{"resourceType": "Patient", "contact": [«{"relationship": [{"text": "mother"}]}»]}"#,
        ),
        Example::good(
            "a contact with a name",
            r#"{"resourceType": "Patient", "contact": [{"name": {"family": "Test"}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// A best practice invariant.
pub static BEST_PRACTICE: Meta = Meta {
    id: "HM0142",
    name: "best-practice-not-met",
    title: "a best practice of the definition is not followed",
    severity: Severity::Warning,
    issue: "invariant",
    basis: "FHIR, ElementDefinition.constraint marked as best practice",
    criterion: "",
    why: "The definition recommends it because receivers do better with it.",
    remedy: "Follow it where you can, or set --best-practice to ignore.",
    examples: &[
        Example::bad("a patient without narrative", r#"«{"resourceType": "Patient", "active": true}»"#).r4(),
        Example::good(
            "a patient with narrative",
            r#"{"resourceType": "Patient", "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\">x</div>"}, "active": true}"#,
        ),
    ],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    /// Evaluates the invariants of a node at an element.
    pub(super) fn invariants(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        let own = &pass.plan.nodes[node as usize];
        if !own.asks.invariants || self.cx.options.skip_invariants {
            return;
        }
        // What a content reference points at is asked here as well.
        let shared = own.same_as.map_or(&[][..], |same| pass.plan.nodes[same as usize].constraints.as_slice());
        let ignored = self.cx.options.best_practice == BestPractice::Ignore;
        let asked = own.constraints.iter().chain(shared).filter(|c| !(ignored && c.best_practice));
        if self.ahead.is_some() && self.threads > 1 && at.parent().is_none() {
            // Those of a large Bundle look at every entry: each is for whoever is free, and what they say comes in order.
            let asked: Vec<&ConstraintPlan> = asked.collect();
            let (cx, message, asking) = (self.cx, self.message, self.asking);
            self.count_steps();
            let part = |part: &[&ConstraintPlan]| -> (Vec<Option<bool>>, u64) {
                let answers = part.iter().map(|c| met(cx, message, asking, at, pass, c)).collect();
                (answers, crate::fhirpath::steps_spent())
            };
            let answers = in_parts(&asked, NonZeroUsize::MIN, self.threads, part);
            self.steps += answers.iter().map(|(_, steps)| steps).sum::<u64>();
            let answers = answers.into_iter().flat_map(|(answers, _)| answers);
            for (constraint, answer) in asked.into_iter().zip(answers) {
                self.answered(at, pass, node, constraint, answer);
            }
            return;
        }
        for constraint in asked {
            let answer = met(self.cx, self.message, self.asking, at, pass, constraint);
            self.answered(at, pass, node, constraint, answer);
        }
    }

    fn answered(
        &mut self,
        at: Element<'t>,
        pass: Pass<'_>,
        node: u32,
        constraint: &ConstraintPlan,
        answer: Option<bool>,
    ) {
        match (answer, constraint.program.get()) {
            (Some(true), _) => {}
            (Some(false), Some(Ok(program))) => {
                // An expression that gives no result because a mandatory element is missing has that cause, which is said.
                let empty = || self.gives_nothing(program, at, from(at, pass, constraint));
                if !(lacks_mandatory(at, pass, node) && empty()) {
                    self.not_met(at, pass, node, constraint, program);
                }
            }
            _ => self.skip("invariant", Canonical::of_definition(&format!("{}#{}", constraint.source, constraint.key))),
        }
    }

    fn not_met(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32, constraint: &ConstraintPlan, program: &Program) {
        let (meta, severity) = if constraint.best_practice {
            let severity = match self.cx.options.best_practice {
                BestPractice::Ignore | BestPractice::Information => Severity::Information,
                BestPractice::Warning => Severity::Warning,
                BestPractice::Error => Severity::Error,
            };
            (&BEST_PRACTICE, severity)
        } else {
            (&INVARIANT, if constraint.error { Severity::Error } else { Severity::Warning })
        };
        let mut draft = self.draft(meta, pass, node, at, self.wording(constraint));
        draft.span = at.span();
        draft.key.clone_from(&constraint.key);
        draft.severity = severity;
        draft.notes.push(format!("expression: {}", constraint.expression));
        let context = from(at, pass, constraint);
        if let Some(part) = self.blame(program, at, context).filter(|part| *part != constraint.expression) {
            draft.notes.push(format!("came out false: {part}"));
        }
        self.emit(draft);
    }

    /// The key, and what it asks: in our words where we have some for the definition that states it, else in its own.
    fn wording(&self, constraint: &ConstraintPlan) -> String {
        let key = &constraint.key;
        match invariant_words::words(self.cx.plans, self.release(), constraint) {
            Some(words) => format!("{key}: {words}"),
            None if !constraint.human.is_empty() => format!("{key}: {}", constraint.human),
            None => format!("{key} is not met"),
        }
    }
}

/// Whether a child that must be there is missing.
fn lacks_mandatory(at: Element<'_>, pass: Pass<'_>, node: u32) -> bool {
    pass.plan.children(node).iter().any(|group| {
        pass.plan.nodes[group.node as usize].min > 0 && group.name != names::EXTENSION && at.child(group.name).is_none()
    })
}

/// Whether an invariant is met; `None` when that cannot be told.
fn met<'t>(
    cx: &Context<'_>,
    message: &Message<'t>,
    asking: u32,
    at: Element<'t>,
    pass: Pass<'_>,
    constraint: &ConstraintPlan,
) -> Option<bool> {
    let release = message.release;
    let program = constraint.program.get_or_init(|| {
        let (expression, _) = fhirpath::repaired(release, &constraint.key, &constraint.expression);
        Program::compile(expression, release).map_err(|e| e.to_string())
    });
    test(cx, message, asking, program.as_ref().ok()?, at, from(at, pass, constraint)).ok()
}

/// What a profile of the parent asks of a resource within is asked in the parent's place: `%resource` is the parent's.
fn from<'t>(at: Element<'t>, pass: Pass<'_>, constraint: &ConstraintPlan) -> Option<Element<'t>> {
    let outer = at.is_resource() && pass.plan.ty != at.type_id() && *constraint.source == *pass.plan.url;
    at.parent().filter(|_| outer)
}
