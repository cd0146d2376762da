//! Codes minted outside the United Kingdom.

use super::claim;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Rule, Scene, Sink};
use crate::tree::Element;

/// SCT-08.
pub static META: Meta = Meta {
    id: "HM0307",
    name: "snomed-foreign-namespace",
    title: "the SNOMED CT code was minted for another country's edition",
    family: Family::Snomed,
    severity: Severity::Information,
    dimension: Dimension::Consistency,
    issue: "code-invalid",
    requirement: "SCT-08",
    basis: "SNOMED International, namespace registry; SNOMED CT UK Edition",
    criterion: "COD-2",
    why: "The UK Edition may not hold this concept, so UK receivers show a code without a meaning.",
    remedy: "Use a concept of the International or UK Edition.",
    examples: &[
        Example::bad(
            "an extension of the United States",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«428171000124102»"}]}}"#,
        ),
        Example::good(
            "the UK clinical extension",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "1091811000000102"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Namespaces of national and other extensions that the UK Edition does not include, with who holds them.
const FOREIGN: &[(u32, &str)] = &[
    (1_000_005, "Denmark"),
    (1_000_036, "Australia"),
    (1_000_052, "Sweden"),
    (1_000_087, "Canada"),
    (1_000_119, "Kaiser Permanente"),
    (1_000_122, "Spain"),
    (1_000_124, "the United States"),
    (1_000_146, "the Netherlands"),
    (1_000_172, "Belgium"),
    (1_000_175, "another country"),
    (1_000_179, "Uruguay"),
    (1_000_181, "Estonia"),
    (1_000_195, "Switzerland"),
    (1_000_202, "Norway"),
    (1_000_205, "another country"),
    (1_000_210, "New Zealand"),
    (1_000_220, "Ireland"),
    (1_000_221, "Argentina"),
    (1_000_229, "Finland"),
    (1_000_234, "Austria"),
    (1_000_267, "Korea"),
    (1_000_274, "Germany"),
    (1_000_315, "France"),
];

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[super::CLAIMED], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if let Some((code, id)) = claim::concept(at)
        && let Some(namespace) = id.namespace()
        && let Ok(found) = FOREIGN.binary_search_by_key(&namespace, |f| f.0)
    {
        out.say(&META, code, format!("namespace {namespace} belongs to {}", FOREIGN[found].1));
    }
}

#[cfg(test)]
mod tests {
    #[test]
    fn namespaces_are_in_order() {
        assert!(super::FOREIGN.is_sorted_by(|a, b| a.0 < b.0));
    }
}
