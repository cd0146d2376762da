//! Identifier systems and quantities.

use super::checker::{Checker, Pass, excerpt};
use crate::finding::{Example, Meta, Severity};
use crate::message::is_absolute;
use crate::terminology::Lookup;
use crate::tree::{Element, names};

/// System at fault.
pub static SYSTEM: Meta = Meta {
    id: "HM0138",
    name: "identifier-system",
    title: "the identifier's system is not a usable namespace",
    issue: "value",
    basis: "FHIR, Identifier.system: an absolute URI",
    criterion: "INT-1",
    why: "Identifiers of different namespaces can then not be told apart, and records are matched wrongly.",
    remedy: "Send the absolute URI of the namespace; for urn:ietf:rfc:3986 send a full URI as value.",
    examples: &[
        Example::bad(
            "a relative system",
            r#"{"resourceType": "Patient", "identifier": [{"system": "«mrn»", "value": "1"}]}"#,
        ),
        Example::good(
            "an absolute one",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://hospital.test/mrn", "value": "1"}]}"#,
        ),
    ],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    /// One identifier.
    pub(super) fn identifier(&mut self, at: Element<'t>, pass: Pass<'_>) {
        let Some(system) = at.child(names::SYSTEM) else { return };
        let Some(url) = system.value() else { return };
        if !is_absolute(url) {
            let draft = self.draft(&SYSTEM, pass, 0, system, "the system is not an absolute URI".to_owned());
            self.emit(draft);
        } else if url == "urn:ietf:rfc:3986"
            && let Some(value) = at.child(names::VALUE)
            && value.value().is_some_and(|v| !is_absolute(v))
        {
            let mut draft =
                self.draft(&SYSTEM, pass, 0, value, "with this system the value must be an absolute URI".to_owned());
            draft.excerpt = excerpt(value);
            self.emit(draft);
        }
    }

    /// One quantity: the code must be in the system it names.
    pub(super) fn quantity(&mut self, at: Element<'t>, pass: Pass<'_>) {
        if let Some(element) = at.child(names::SYSTEM)
            && element.value().is_some_and(|url| !is_absolute(url))
        {
            let says = "the system of a quantity is not an absolute URI".to_owned();
            let draft = self.draft(&SYSTEM, pass, 0, element, says);
            self.emit(draft);
            return;
        }
        let (Some(system), Some(code)) = (at.text(names::SYSTEM), at.child(names::CODE)) else { return };
        let Some(text) = code.value() else { return };
        if let Lookup::NoCode = self.cx.sets.display_of(self.release(), system, text) {
            let mut draft =
                self.draft(&super::binding::CODE, pass, 0, code, "the unit's system has no such code".to_owned());
            draft.excerpt = excerpt(code);
            // HL7 Terminology grows between FHIR releases: a later edition may have the code.
            if system.starts_with(super::binding::HL7_TERMINOLOGY) {
                draft.severity = Severity::Warning;
            }
            self.emit(draft);
        }
    }
}
