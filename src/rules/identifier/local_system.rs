//! Code systems of one supplier, counted for the quality report.

use super::registry;
use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::TextMap;
use crate::text::sanitise;
use crate::tree::{Element, names};

/// Row 8 of the faults seen most.
pub static META: Meta = Meta {
    id: "HM0233",
    name: "code-system-local",
    title: "codes of a supplier's own code system are sent",
    family: Family::Quality,
    severity: Severity::Information,
    dimension: Dimension::Consistency,
    issue: "informational",
    requirement: "FAULT-08",
    basis: "NHS England, information standards: SNOMED CT, dm+d and published code systems; open standards",
    criterion: "INT-8",
    why: "Nobody outside the supplier's system knows what these codes mean.",
    remedy: "Send a published code beside the local one, and publish the local code system.",
    examples: &[
        Example::bad(
            "a local code alone",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "«https://supplier.test/codes»", "code": "X1"}]}}"#,
        ),
        Example::good(
            "SNOMED CT",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// Hosts whose systems are published.
const PUBLISHED: &[&str] = &[
    "hl7.org",
    "terminology.hl7.org",
    "www.hl7.org",
    "fhir.hl7.org.uk",
    "hl7.org.uk",
    "fhir.nhs.uk",
    "fhir.nhs.net",
    "digital.nhs.uk",
    "directory.spineservices.nhs.uk",
    "datadictionary.nhs.uk",
    "www.datadictionary.nhs.uk",
    "dmd.nhs.uk",
    "snomed.info",
    "loinc.org",
    "read.info",
    "unitsofmeasure.org",
    "www.nlm.nih.gov",
    "www.whocc.no",
    "www.who.int",
    "id.who.int",
    "www.iso.org",
    "www.genenames.org",
    "human-phenotype-ontology.org",
    "www.orpha.net",
    "varnomen.hgvs.org",
    "www.sequenceontology.org",
    "profiles.ihe.net",
    "dicom.nema.org",
];

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Message], check };

fn check(scene: &Scene<'_, '_>, _: Element<'_>, out: &mut Sink) {
    let mut found: TextMap<&str, (Element<'_>, u64)> = TextMap::default();
    let tree = scene.message.tree;
    for (i, node) in tree.nodes.iter().enumerate() {
        if node.ty != names::T_CODING {
            continue;
        }
        let Some(system) = Element::new(tree, i as u32).child(names::SYSTEM) else { continue };
        let Some(url) = system.value() else { continue };
        found.entry(url).or_insert((system, 0)).1 += 1;
    }
    for (url, (system, count)) in found {
        if !is_local(url) || scene.sets.system(scene.release(), url).is_some() {
            continue;
        }
        let codings = if count == 1 { "coding uses" } else { "codings use" };
        let url = sanitise::url(url);
        out.say(&META, system, format!("{count} {codings} the local code system {url}")).key = url.clone();
    }
}

/// A web address outside the published hosts, or an OID of a supplier.
fn is_local(url: &str) -> bool {
    let Some((_, rest)) = url.split_once("://") else {
        return url.starts_with("urn:oid:2.16.840.1.113883.2.1.6.") && registry::correction(url).is_none();
    };
    let host = rest.split(['/', '?', '#']).next().unwrap_or_default().trim();
    // Misspelt published systems have rules of their own.
    !host.is_empty()
        && !host.starts_with("snomed.info")
        && !PUBLISHED.iter().any(|p| host.eq_ignore_ascii_case(p))
        && registry::correction(url).is_none()
}
