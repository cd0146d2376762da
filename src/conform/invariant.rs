//! Invariants: FHIRPath that must come out true.

use super::checker::{BestPractice, Checker, Pass};
use crate::fhirpath::{self, Program};
use crate::finding::{Example, Meta, Severity};
use crate::plan::ConstraintPlan;
use crate::tree::Element;

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
        for constraint in own.constraints.iter().chain(shared) {
            if constraint.best_practice && self.cx.options.best_practice == BestPractice::Ignore {
                continue;
            }
            self.invariant(at, pass, node, constraint);
        }
    }

    fn invariant(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32, constraint: &ConstraintPlan) {
        let release = self.release();
        let program = constraint.program.get_or_init(|| {
            let (expression, _) = fhirpath::repaired(release, &constraint.key, &constraint.expression);
            Program::compile(expression, release).map_err(|e| e.to_string())
        });
        let name = || format!("{}#{}", constraint.source, constraint.key);
        let Ok(program) = program else {
            self.skip("invariant", name());
            return;
        };
        match self.test(program, at, from(at, pass, constraint)) {
            Ok(true) => {}
            Ok(false) => self.not_met(at, pass, node, constraint, program),
            Err(_) => self.skip("invariant", name()),
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
        let mut draft = self.draft(meta, pass, node, at, wording(&constraint.key));
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
}

/// What a profile of the parent asks of a resource within is asked in the parent's place: `%resource` is the parent's.
fn from<'t>(at: Element<'t>, pass: Pass<'_>, constraint: &ConstraintPlan) -> Option<Element<'t>> {
    let outer = at.is_resource() && pass.plan.ty != at.type_id() && *constraint.source == *pass.plan.url;
    at.parent().filter(|_| outer)
}

/// Our own words where there are some, always with the key.
fn wording(key: &str) -> String {
    match super::invariant_words::words(key) {
        Some(words) => format!("{key}: {words}"),
        None => format!("{key} is not met"),
    }
}
