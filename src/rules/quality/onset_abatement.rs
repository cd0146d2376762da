//! Conditions end after they begin.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::when::When;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0806",
    name: "onset-after-abatement",
    title: "a condition ended before it began",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "X-02",
    basis: "FHIR, Condition.onset and Condition.abatement",
    criterion: "COD-5",
    why: "The reader cannot tell how long the illness lasted, or whether it is over.",
    remedy: "Check both dates against the source.",
    examples: &[
        Example::bad(
            "ended first",
            r#"{"resourceType": "Condition", "subject": {"display": "x"}, "onsetDateTime": "2020-01-01", "abatementDateTime": "«2019-01-01»"}"#,
        ),
        Example::good(
            "began first",
            r#"{"resourceType": "Condition", "subject": {"display": "x"}, "onsetDateTime": "2019", "abatementDateTime": "2019-05-01"}"#,
        ),
    ],
    ..Meta::NEW
};

/// Conditions end after they begin.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Condition"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(ended) = at.get("abatement") else { return };
    let when = |e: Element<'_>| e.value().and_then(When::parse);
    let began = at.get("onset").and_then(when);
    if let (Some(began), Some(over)) = (began, when(ended))
        && over.last < began.first
    {
        out.say(&META, ended, "the abatement lies before the onset");
    }
}
