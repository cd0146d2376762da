//! A structured record is about exactly one patient, and names an organisation.

use super::structured::is_record;
use crate::finding::{Dimension, Example, Family, Meta};
use crate::rules::query::{resources, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0502",
    name: "gpc-record-content",
    title: "a structured record does not hold exactly one Patient and an Organization",
    family: Family::GpConnect,
    dimension: Dimension::Completeness,
    issue: "structure",
    requirement: "GPC-B03",
    basis: "GP Connect Access Record: Structured, content of the response bundle",
    criterion: "INT-4",
    why: "Without its one patient the record cannot be filed; with two, entries may be filed in the wrong record.",
    remedy: "Return one Patient and the Organization that holds the record, and nothing about anyone else.",
    examples: &[
        Example::bad(
            "no patient",
            r#"«{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "Organization", "name": "Test Surgery"}}]}»"#,
        ),
        Example::good(
            "one patient, one organisation",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "Organization", "name": "Test Surgery"}}, {"resource": {"resourceType": "Patient", "active": true}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// One Patient, and an Organization.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_record(scene, at) {
        return;
    }
    let count = |ty: &str| resources(scene, at).filter(|r| type_name(*r) == ty).count();
    let patients = count("Patient");
    if patients != 1 {
        out.say(&META, at, format!("the record holds {patients} Patient resources, and must hold one"));
    }
    if count("Organization") == 0 {
        out.say(&META, at, "the record holds no Organization");
    }
}
