//! Titles of the primary lists.

use super::lists::{Kind, kind};
use super::structured::is_gpc;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::same_words;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;
use crate::uk::lists::PRIMARY;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0507",
    name: "gpc-list-title",
    title: "the title of a primary list is not the one published for its code",
    family: Family::GpConnect,
    dimension: Dimension::Consistency,
    issue: "value",
    requirement: "GPC-L01",
    basis: "GP Connect Access Record: Structured, using the List resource: code and title",
    criterion: "INT-4",
    why: "Consumers show the title as the heading of the area; another heading may be read as another area.",
    remedy: "Send the title that is published for the list's code.",
    examples: &[
        Example::bad(
            "a title of its own",
            r#"{"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot", "title": "«PROBLEM LIST»", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "717711000000103", "display": "Problems"}]}}"#,
        ),
        Example::bad(
            "no title",
            r#"«{"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "717711000000103", "display": "Problems"}]}}»"#,
        ),
        Example::good(
            "as published",
            r#"{"resourceType": "List", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-List-1"]}, "status": "current", "mode": "snapshot", "title": "Problems", "code": {"coding": [{"system": "http://snomed.info/sct", "code": "717711000000103", "display": "Problems"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Primary lists have their published title.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["List"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Kind::Primary(i) = kind(at) else { return };
    if !is_gpc(at) {
        return;
    }
    let title = PRIMARY[i].1;
    match at.get("title") {
        None => {
            out.say(&META, at, format!("the list has no title; it should be \"{title}\""));
        }
        Some(own) if !same_words(own.value().unwrap_or(""), title) => {
            out.say(&META, own, format!("the title for this code is \"{title}\""));
        }
        Some(_) => {}
    }
}
