//! Codes of warnings.

use super::warning;
use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0516",
    name: "gpc-warning-code",
    title: "the warning of a list is not one of the published codes",
    family: Family::GpConnect,
    issue: "code-invalid",
    requirement: "GPC-W01",
    basis: "GP Connect, code system CareConnect-ListWarningCode-1",
    criterion: "INT-4",
    why: "Consumers turn the code into the warning that the clinician sees; an unknown code is shown to nobody.",
    remedy: "Use confidential-items, data-in-transit or data-awaiting-filing.",
    examples: &[
        Example::bad(
            "a code of its own",
            r#"{"resourceType": "List", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-ListWarningCode-1", "valueCode": "«confidential»"}], "status": "current", "mode": "snapshot", "note": [{"text": "x"}]}"#,
        ),
        Example::good(
            "as published",
            r#"{"resourceType": "List", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-CareConnect-GPC-ListWarningCode-1", "valueCode": "confidential-items"}], "status": "current", "mode": "snapshot", "note": [{"text": "Items excluded due to confidentiality and/or patient preferences."}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Warnings have published codes.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["List"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    for (value, code) in warning::codes(at) {
        if !matches!(code, "confidential-items" | "data-in-transit" | "data-awaiting-filing") {
            out.say(&META, value, "the code is none of confidential-items, data-in-transit and data-awaiting-filing");
        }
    }
}
