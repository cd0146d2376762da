//! The description extension of a coding: its parts, its identifier, its URL.

use super::claim;
use crate::finding::{Dimension, Example, Explained, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink, query};
use crate::terminology::snomed::sctid::{Component, Sctid};
use crate::tree::{Element, names};
use crate::uk::profiles::extensions::{self, CARE_CONNECT_DESCRIPTION, GP_CONNECT_DESCRIPTION};
use crate::uk::profiles::{CARE_CONNECT_OWN, GP_CONNECT};

/// DESC-01.
pub static PARTS: Meta = Meta {
    id: "HM0320",
    name: "description-extension-parts",
    title: "a part of the description extension has an unknown name",
    family: Family::Snomed,
    issue: "extension",
    requirement: "DESC-01",
    basis: "CareConnect, Extension-coding-sctdescid: parts descriptionId and descriptionDisplay; URLs are case-sensitive",
    criterion: "COD-1",
    why: "The receiver does not see the term the clinician chose, and shows another one.",
    remedy: "Write descriptionId and descriptionDisplay, with a small d at the end of Id.",
    explains: &[Explained::above("HM0127")],
    examples: &[
        Example::bad(
            "capital letters",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-coding-sctdescid", "extension": [{"url": "«DescriptionID»", "valueId": "301485011"}]}], "system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
        Example::good(
            "as defined",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-coding-sctdescid", "extension": [{"url": "descriptionId", "valueId": "301485011"}, {"url": "descriptionDisplay", "valueString": "Asthma"}]}], "system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// DESC-02.
pub static ID: Meta = Meta {
    id: "HM0321",
    name: "description-id-invalid",
    title: "the description id is not that of a description",
    family: Family::Snomed,
    issue: "code-invalid",
    requirement: "DESC-02",
    basis: "CareConnect, Extension-coding-sctdescid; SNOMED CT, Release File Specification: partition 01 or 11, check digit",
    criterion: "COD-2",
    why: "The term that the clinician chose cannot be found again.",
    remedy: "Send the id of the description; the concept id stays in code.",
    examples: &[
        Example::bad(
            "a concept id",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-coding-sctdescid", "extension": [{"url": "descriptionId", "valueId": "«195967001»"}]}], "system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
        Example::good(
            "a description id",
            r#"{"resourceType": "Condition", "subject": {"display": "Test"}, "code": {"coding": [{"extension": [{"url": "https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-coding-sctdescid", "extension": [{"url": "descriptionId", "valueId": "301485011"}]}], "system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// DESC-03.
pub static STANDARD: Meta = Meta {
    id: "HM0322",
    name: "description-extension-of-other-standard",
    title: "the description extension is that of another standard than the resource's profile",
    family: Family::Snomed,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "extension",
    requirement: "DESC-03",
    basis: "GP Connect and CareConnect each define Extension-coding-sctdescid under their own URL",
    criterion: "INT-4",
    why: "Receivers of the one standard ignore the extension of the other, and with it the clinician's own term.",
    remedy: "Use https://fhir.nhs.uk/STU3/... in GP Connect resources, https://fhir.hl7.org.uk/STU3/... in CareConnect ones.",
    examples: &[
        Example::bad(
            "CareConnect's in a GP Connect resource",
            r#"{"resourceType": "Condition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ProblemHeader-Condition-1"]}, "subject": {"display": "Test"}, "code": {"coding": [{"extension": [{"url": "«https://fhir.hl7.org.uk/STU3/StructureDefinition/Extension-coding-sctdescid»", "extension": [{"url": "descriptionId", "valueId": "301485011"}]}], "system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
        Example::good(
            "GP Connect's own",
            r#"{"resourceType": "Condition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ProblemHeader-Condition-1"]}, "subject": {"display": "Test"}, "code": {"coding": [{"extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-coding-sctdescid", "extension": [{"url": "descriptionId", "valueId": "301485011"}]}], "system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Whether an extension carries a description, in any standard.
pub(super) fn is_description(extension: Element<'_>) -> bool {
    extension.text(names::URL).is_some_and(extensions::is_description)
}

/// The description id of a coding, whatever the case of its part's name.
pub(super) fn id(coding: Element<'_>) -> Option<Element<'_>> {
    coding.named(names::EXTENSION).find(|e| is_description(*e)).and_then(id_in)
}

/// The description id of an extension that carries a description.
fn id_in(extension: Element<'_>) -> Option<Element<'_>> {
    let is_id = |e: &Element<'_>| e.text(names::URL).is_some_and(|url| url.eq_ignore_ascii_case("descriptionId"));
    extension.named(names::EXTENSION).find(is_id)?.child(names::VALUE)
}

/// The text of the description of a coding, whatever the case of its part's name.
pub(super) fn display(coding: Element<'_>) -> Option<Element<'_>> {
    let extension = coding.named(names::EXTENSION).find(|e| is_description(*e))?;
    let is_text =
        |e: &Element<'_>| e.text(names::URL).is_some_and(|url| url.eq_ignore_ascii_case("descriptionDisplay"));
    extension.named(names::EXTENSION).find(is_text)?.child(names::VALUE)
}

/// Names of the parts.
pub static PARTS_RULE: Rule =
    Rule { metas: &[&PARTS], listens: &[Listens::extension(extensions::is_description)], check: check_parts };

fn check_parts(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    for part in at.named(names::EXTENSION) {
        let Some(url) = part.child(names::URL) else { continue };
        let says = match url.value() {
            None | Some("descriptionId" | "descriptionDisplay") => continue,
            Some(name) if name.eq_ignore_ascii_case("descriptionId") => "the name is case-sensitive: descriptionId",
            Some(name) if name.eq_ignore_ascii_case("descriptionDisplay") => {
                "the name is case-sensitive: descriptionDisplay"
            }
            Some(_) => "the parts of this extension are descriptionId and descriptionDisplay",
        };
        out.say(&PARTS, url, says);
    }
}

/// The identifier.
pub static ID_RULE: Rule =
    Rule { metas: &[&ID], listens: &[Listens::extension(extensions::is_description)], check: check_id };

fn check_id(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if at.parent().is_none_or(|p| p.type_id() != names::T_CODING) {
        return;
    }
    let Some(id) = id_in(at) else { return };
    let Some(text) = id.value() else { return };
    let says = match Sctid::parse(text) {
        Ok(id) if id.component() == Component::Description => return,
        Ok(id) if id.component() == Component::Concept => "by its partition this is the id of a concept".to_owned(),
        Ok(_) => "by its partition this is the id of a relationship".to_owned(),
        Err(fault) => format!("this is not a SNOMED CT identifier: {fault}"),
    };
    out.say(&ID, id, says);
}

/// The standard.
pub static STANDARD_RULE: Rule = Rule {
    metas: &[&STANDARD],
    listens: &[Listens::extension(|url| url == CARE_CONNECT_DESCRIPTION || url == GP_CONNECT_DESCRIPTION)],
    check: check_standard,
};

fn check_standard(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some(url) = at.child(names::URL) else { return };
    let says = match url.value() {
        Some(CARE_CONNECT_DESCRIPTION) if query::claims(at.resource(), GP_CONNECT) => {
            "the resource claims a GP Connect profile, and this is the extension of CareConnect"
        }
        Some(GP_CONNECT_DESCRIPTION)
            if query::claims(at.resource(), CARE_CONNECT_OWN) && !query::claims(at.resource(), GP_CONNECT) =>
        {
            "the resource claims a CareConnect profile, and this is the extension of GP Connect"
        }
        _ => return,
    };
    out.say(&STANDARD, url, says);
}

/// DESC-05.
pub static MISSING: Meta = Meta {
    id: "HM0323",
    name: "description-id-missing",
    title: "SNOMED CT codings of a GP Connect record do not say which term was chosen",
    family: Family::Snomed,
    severity: Severity::Information,
    dimension: Dimension::Completeness,
    issue: "informational",
    requirement: "DESC-05",
    basis: "GP Connect, CodeableConcept: descriptionId is sent when the system knows it",
    criterion: "COD-1",
    why: "The receiver cannot tell which of the concept's terms the clinician saw.",
    remedy: "Send the description id with each coding whose term is known; dm+d codes need none.",
    examples: &[
        Example::bad(
            "a coding without it",
            r#"{"resourceType": "Condition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ProblemHeader-Condition-1"]}, "subject": {"display": "Test"}, "code": {"coding": [«{"system": "http://snomed.info/sct", "code": "195967001"}»]}}"#,
        ),
        Example::good(
            "a coding with it",
            r#"{"resourceType": "Condition", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ProblemHeader-Condition-1"]}, "subject": {"display": "Test"}, "code": {"coding": [{"extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-coding-sctdescid", "extension": [{"url": "descriptionId", "valueId": "301485011"}]}], "system": "http://snomed.info/sct", "code": "195967001"}]}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Said once a message, with a count.
pub static MISSING_RULE: Rule = Rule { metas: &[&MISSING], listens: &[Listens::Message], check: check_missing };

fn check_missing(scene: &Scene<'_, '_>, _: Element<'_>, out: &mut Sink) {
    let tree = scene.message.tree;
    if scene.release() != crate::pack::model::Release::Stu3 {
        return;
    }
    let (mut first, mut without, mut all) = (None, 0u64, 0u64);
    for (i, node) in tree.nodes.iter().enumerate() {
        if node.ty != names::T_CODING {
            continue;
        }
        let coding = Element::new(tree, i as u32);
        let Some((_, concept)) = claim::concept(coding) else { continue };
        if concept.namespace() == Some(1_000_001) || !query::claims(coding.resource(), GP_CONNECT) {
            continue;
        }
        all += 1;
        if !coding.named(names::EXTENSION).any(is_description) {
            without += 1;
            first = first.or(Some(coding));
        }
    }
    if let Some(first) = first {
        let says = format!("{without} of {all} SNOMED CT codings have no description id, this one first");
        out.say(&MISSING, first, says).key = "missing".into();
    }
}
