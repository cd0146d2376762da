//! Systems and extensions of R4 in STU3 messages, and the reverse.

use crate::finding::{Dimension, Example, Family, Fix, Meta, Severity};
use crate::pack::model::Release;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::terminology::Lookup;
use crate::tree::{Element, names};
use crate::uk::profiles::{Foreign, foreign};
use crate::uk::verification::is_about_status;

/// Row 7 of the faults seen most.
pub static META: Meta = Meta {
    id: "HM0232",
    name: "system-of-other-release",
    title: "a code system or extension belongs to another FHIR release",
    family: Family::Identifier,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "code-invalid",
    requirement: "FAULT-07",
    basis: "FHIR STU3 and R4, terminologies: HL7 v2 and v3 systems moved; CareConnect STU3, UK Core R4",
    criterion: "INT-1",
    why: "Receivers of this release do not know the URL, and ignore the code or the extension.",
    fix: "writes where HL7 Terminology keeps the code system, when it has the code",
    remedy: "Send the URL of the release that the message is in; map the code where the lists differ.",
    examples: &[
        Example::bad(
            "an R4 system in STU3",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "Test"}, "interpretation": {"coding": [{"system": "«http://terminology.hl7.org/CodeSystem/v2-0078»", "code": "H"}]}}"#,
        ),
        Example::bad(
            "an STU3 system in R4",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "Test"}, "interpretation": [{"coding": [{"system": "«http://hl7.org/fhir/v2/0078»", "code": "H"}]}]}"#,
        )
        .r4(),
        Example::bad(
            "a list of STU3 that R4 keeps elsewhere",
            r#"{"resourceType": "MedicationStatement", "status": "active", "category": {"coding": [{"system": "«http://hl7.org/fhir/medication-statement-category»", "code": "inpatient"}]}, "medicationCodeableConcept": {"text": "x"}, "subject": {"display": "x"}}"#,
        )
        .r4(),
        Example::bad(
            "a UK Core extension in STU3",
            r#"{"resourceType": "Patient", "extension": [{"url": "«https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-EthnicCategory»", "valueCodeableConcept": {"text": "Test"}}]}"#,
        ),
        Example::good(
            "an STU3 system in STU3",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "Test"}, "interpretation": {"coding": [{"system": "http://hl7.org/fhir/v2/0078", "code": "H"}]}}"#,
        ),
        Example::good(
            "an R4 system in R4",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "Test"}, "interpretation": [{"coding": [{"system": "http://terminology.hl7.org/CodeSystem/v3-ObservationInterpretation", "code": "H"}]}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule {
    metas: &[&META],
    listens: &[Listens::coding(is_of_one), Listens::quantity(is_of_one), Listens::extension(is_of_one)],
    check,
};

fn check(scene: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let is_extension = at.type_id() == names::T_EXTENSION;
    let Some(element) = at.child(if is_extension { names::URL } else { names::SYSTEM }) else { return };
    let Some(url) = element.value() else { return };
    let release = scene.release();
    let held = |release, url: &str| {
        if is_extension { scene.plans.of(release, url).is_some() } else { scene.sets.system(release, url).is_some() }
    };
    // A package may define the URL for this release after all. The verification status has a rule of its own.
    if is_about_status(url) || held(release, url) {
        return;
    }
    let other = if release == Release::R4 { Release::Stu3 } else { Release::R4 };
    let says = match fault(url, release) {
        Some(says) => says.to_owned(),
        None if is_extension || !is_of_hl7(url) || !held(other, url) => return,
        None => format!("this code system is of FHIR {}, and the message is {}", other.as_str(), release.as_str()),
    };
    let draft = out.say(&META, element, says);
    if let Some(moved) = moved_to(url).filter(|moved| release == Release::R4 && held(release, moved)) {
        draft.notes.push(format!("in R4 the system is {moved}"));
        let code = at.text(names::CODE).unwrap_or_default();
        if matches!(scene.sets.display_of(release, &moved, code), Lookup::Found(_)) {
            draft.mended_by(Fix::published(element.mark(), url, &moved));
        }
    }
}

/// Whether a URL may be of one release only.
fn is_of_one(url: &str) -> bool {
    fault(url, Release::Stu3).is_some() || fault(url, Release::R4).is_some() || is_of_hl7(url)
}

/// A code system that FHIR itself publishes.
fn is_of_hl7(url: &str) -> bool {
    url.starts_with("http://hl7.org/fhir/") && !url.starts_with("http://hl7.org/fhir/sid/")
}

/// Where HL7 Terminology keeps a code system of STU3 since R4.
fn moved_to(url: &str) -> Option<String> {
    let name = url.strip_prefix("http://hl7.org/fhir/")?;
    let name = match name.split_once('/') {
        Some((family @ ("v2" | "v3"), name)) => format!("{family}-{name}"),
        Some(_) => return None,
        None => name.to_owned(),
    };
    Some(format!("http://terminology.hl7.org/CodeSystem/{name}"))
}

/// What tells that a URL is of the other release.
fn fault(url: &str, release: Release) -> Option<&'static str> {
    Some(match foreign(url, release)? {
        Foreign::Terminology => {
            "HL7 moved its code systems here with R4; an STU3 message names them under http://hl7.org/fhir"
        }
        Foreign::UkCore => "this is of UK Core, which is R4, in an STU3 message",
        Foreign::OldTerminology => "in R4 this system is under http://terminology.hl7.org/CodeSystem",
        Foreign::Stu3Standard => "this is of an STU3 standard, in an R4 message",
    })
}
