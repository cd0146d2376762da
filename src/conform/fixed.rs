//! Fixed and pattern values.

use super::checker::{Checker, Pass, excerpt};
use super::datum::{self, compare};
use crate::finding::{Example, Meta};
use crate::tree::Element;

/// Fixed value.
pub static FIXED: Meta = Meta {
    id: "HM0109",
    name: "fixed-value",
    title: "the value is not the one the profile fixes",
    issue: "value",
    basis: "FHIR, ElementDefinition.fixed[x]",
    criterion: "INT-2",
    why: "Receivers find the element by this exact value; any other value hides it from them.",
    remedy: "Send exactly the value named; copy it from the profile rather than typing it.",
    examples: &[
        Example::bad(
            "another status than final",
            r#"{"resourceType": "Observation", "status": "«preliminary»", "code": {"text": "x"}}"#,
        )
        .against("https://fhir.hl7.org.uk/STU3/StructureDefinition/CareConnect-ACVPU-Observation-1"),
        Example::good(
            "no profile",
            r#"{"resourceType": "Observation", "status": "preliminary", "code": {"text": "x"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Pattern.
pub static PATTERN: Meta = Meta {
    id: "HM0110",
    name: "pattern-value",
    title: "the value does not hold what the profile asks for",
    issue: "value",
    basis: "FHIR, ElementDefinition.pattern[x]",
    criterion: "INT-2",
    why: "Receivers find the element by these parts; without them they do not see it.",
    remedy: "Add the parts named; further parts may stay.",
    examples: &[
        Example::bad(
            "a code in words",
            r#"{"resourceType": "Observation", "status": "final", "code": «{"text": "Triglyceride"}»}"#,
        )
        .against("http://hl7.org/fhir/StructureDefinition/triglyceride"),
        Example::good(
            "the code, and words",
            r#"{"resourceType": "Observation", "status": "final", "code": {"coding": [{"system": "http://loinc.org", "code": "35217-9"}], "text": "Triglyceride"}}"#,
        )
        .against("http://hl7.org/fhir/StructureDefinition/triglyceride"),
    ],
    ..Meta::NEW
};

/// Definition text on one safe line.
pub(super) fn value_text(text: &str) -> String {
    crate::text::sanitise::line(text)
}

impl<'t> Checker<'_, 't> {
    /// Compares with `fixed[x]`: exactly, nothing more.
    pub(super) fn fixed(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        let Some(fixed) = &pass.plan.nodes[node as usize].fixed else { return };
        self.compared(at, pass, node, &FIXED, &fixed.value, true);
    }

    /// Compares with `pattern[x]`: more may be present.
    pub(super) fn pattern(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        let Some(pattern) = &pass.plan.nodes[node as usize].pattern else { return };
        self.compared(at, pass, node, &PATTERN, &pattern.value, false);
    }

    fn compared(
        &mut self,
        at: Element<'t>,
        pass: Pass<'_>,
        node: u32,
        meta: &'static Meta,
        value: &crate::pack::model::Datum,
        exact: bool,
    ) {
        let path = &pass.plan.nodes[node as usize].path;
        for mismatch in compare(at, value, exact) {
            let says = if mismatch.at == at {
                format!("{path} {}", mismatch.says)
            } else {
                format!("{path}.{} {}", mismatch.at.name(), mismatch.says)
            };
            let mut draft = self.draft(meta, pass, node, mismatch.at, says);
            draft.excerpt = excerpt(mismatch.at);
            if mismatch.at == at && at.value().is_none() {
                draft.notes.push(format!("expected {}", datum::text(value)));
            }
            self.emit(draft);
        }
    }
}
