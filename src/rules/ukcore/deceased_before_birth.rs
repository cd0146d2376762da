//! Death comes after birth.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::when::When;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0759",
    name: "deceased-before-birth",
    title: "a patient died before they were born",
    family: Family::UkCore,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "PDS-08",
    basis: "FHIR, Patient.birthDate and Patient.deceasedDateTime",
    criterion: "COD-5",
    why: "One of the dates is wrong, or two people are mixed.",
    remedy: "Check both dates against the source.",
    examples: &[
        Example::bad(
            "died first",
            r#"{"resourceType": "Patient", "birthDate": "1980-01-01", "deceasedDateTime": "«1979-01-01»"}"#,
        )
        .r4(),
        Example::good(
            "born first",
            r#"{"resourceType": "Patient", "birthDate": "1980-01-01", "deceasedDateTime": "2019-01-01"}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// Death comes after birth.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(deceased) = at.child(names::DECEASED) else { return };
    let when = |text: Option<&str>| text.and_then(When::parse);
    if let (Some(died), Some(born)) = (when(deceased.value()), when(at.text(names::BIRTH_DATE)))
        && died.last < born.first
    {
        out.say(&META, deceased, "the date of death lies before the date of birth");
    }
}
