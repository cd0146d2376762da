//! Post-coordinated expressions in a code: brackets, terms and identifiers.

use super::claim;
use crate::finding::{Example, Explained, Family, Meta};
use crate::rules::{Rule, Scene, Sink};
use crate::terminology::snomed::expression::Expression;
use crate::terminology::snomed::sctid::{Component, Sctid};
use crate::tree::{Element, names};
use crate::uk::systems::SNOMED;

/// Expressions.
pub static META: Meta = Meta {
    id: "HM0309",
    name: "snomed-expression",
    title: "the SNOMED CT expression is not well formed",
    family: Family::Snomed,
    issue: "code-invalid",
    basis: "SNOMED CT, Compositional Grammar 2.4",
    criterion: "COD-2",
    why: "Receivers that read expressions refuse it, and the others have no single concept to fall back on.",
    remedy: "Write the expression with a tool that knows the grammar, or send one pre-coordinated concept.",
    explains: &[Explained::coding("HM0115"), Explained::coding("HM0116")],
    examples: &[
        Example::bad(
            "a term that is not closed",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«195967001 |Asthma:363698007=39607008»"}]}}"#,
        ),
        Example::bad(
            "an identifier with a wrong check digit",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "«195967002:363698007=39607008»"}]}}"#,
        ),
        Example::good(
            "a refinement",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001 |Asthma|:{363698007=39607008}"}]}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[super::CLAIMED], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if at.text(names::SYSTEM) != Some(SNOMED) {
        return;
    }
    let Some(code) = at.child(names::CODE) else { return };
    if let Some(text) = code.value().filter(|t| claim::is_expression(t))
        && let Some(says) = fault(text)
    {
        out.say(&META, code, says);
    }
}

/// What is wrong with an expression.
fn fault(text: &str) -> Option<String> {
    let expression = match Expression::parse(text) {
        Ok(expression) => expression,
        Err(fault) => return Some(format!("the expression cannot be read: {fault}")),
    };
    let ids = expression.concepts().into_iter().enumerate();
    ids.map(|(at, concept)| (at + 1, Sctid::parse(concept.span.of(text)))).find_map(|(at, id)| match id {
        Ok(id) if id.component() == Component::Concept => None,
        Ok(_) => Some(format!("identifier {at} of the expression is not that of a concept")),
        Err(fault) => Some(format!("identifier {at} of the expression is not valid: {fault}")),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn grammar() {
        for text in [
            "195967001 |Asthma|",
            "=== 195967001 + 22298006",
            "195967001:363698007=39607008",
            "195967001 : { 363698007 |Finding site| = 39607008 , 116676008 = 409774005 } { 246075003 = 410942007 }",
            "195967001:363698007=(39607008:272741003=7771000)",
            "322236009:1142135004=#500,732945000=\"m\\\"g\"",
        ] {
            assert_eq!(fault(text), None, "{text}");
        }
        let deep = format!("195967001{}", ":363698007=(195967001".repeat(120));
        for text in [
            "195967001 |Asthma",
            "195967001:",
            "195967001:363698007",
            "195967001:{363698007=39607008",
            "195967001:363698007=(39607008",
            "195967002:363698007=39607008",
            "301485011+195967001",
            "195967001 |Asthma| 22298006",
            deep.as_str(),
        ] {
            assert!(fault(text).is_some(), "{text}");
        }
    }
}
