//! Entries that must not be shown to the patient.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0553",
    name: "gpc-not-for-patient",
    title: "a resource is labelled as not to be disclosed to the patient",
    family: Family::GpConnect,
    severity: Severity::Information,
    dimension: Dimension::Consistency,
    issue: "security",
    requirement: "GPC-X01",
    basis: "GP Connect, meta.security: NOPAT of v3 ActCode",
    criterion: "IG-7",
    why: "No fault of the message: every consumer that shows records to patients must keep this entry back.",
    remedy: "Nothing to mend; make sure that consumers honour the label, and that only the entries meant carry it.",
    examples: &[
        Example::bad(
            "labelled",
            r#"{"resourceType": "Observation", "meta": {"security": [«{"system": "http://hl7.org/fhir/v3/ActCode", "code": "NOPAT"}»]}, "status": "final", "code": {"text": "x"}}"#,
        ),
        Example::good("no label", r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}}"#),
    ],
    ..Meta::NEW
};

/// Labels that keep entries from the patient.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Meta"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    for label in at.named(names::SECURITY) {
        if label.text(names::CODE) == Some("NOPAT") {
            out.say(&META, label, "the resource must not be shown to the patient");
        }
    }
}
