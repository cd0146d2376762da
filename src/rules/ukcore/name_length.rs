//! Names fit.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::pack::model::Release;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0756",
    name: "pds-name-length",
    title: "a part of a name is longer than national systems hold",
    family: Family::UkCore,
    severity: Severity::Warning,
    dimension: Dimension::Validity,
    issue: "too-long",
    requirement: "PDS-06",
    basis: "Personal Demographics Service FHIR API: name parts of at most 35 characters, at most five given names",
    criterion: "COD-5",
    why: "National systems cut the name off, and matching by name fails.",
    remedy: "Send each part with at most 35 characters, and at most five given names.",
    examples: &[
        Example::bad(
            "a long family name",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "name": [{"family": "«Testtesttesttesttesttesttesttesttesttest»"}]}"#,
        ).r4(),
        Example::good(
            "a short one",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "9990000018"}], "name": [{"family": "Test"}]}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// Names fit.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["HumanName"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if scene.release() != Release::R4 || at.resource().type_id() != names::T_PATIENT {
        return;
    }
    let parts = || ["family", "given", "prefix", "suffix"].into_iter().flat_map(|name| at.all(name));
    let long = |e: Element<'_>| e.value().is_some_and(|v| v.len() > 35 && v.chars().count() > 35);
    let sixth = at.all("given").nth(5);
    if sixth.is_none() && !parts().any(long) {
        return;
    }
    if crate::rules::query::identifier(at.resource(), crate::uk::systems::NHS_NUMBER).is_none() {
        return;
    }
    for part in parts().filter(|p| long(*p)) {
        out.say(&META, part, "the part of the name has more than 35 characters");
    }
    if let Some(sixth) = sixth {
        out.say(&META, sixth, "there are more than five given names");
    }
}
