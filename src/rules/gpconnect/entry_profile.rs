//! Entries of a structured record claim the GP Connect profile of their type.

use super::structured::is_record;
use crate::finding::{Example, Family, Meta};
use crate::rules::query::{last_segment, profiles, resources, type_name};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::Element;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0505",
    name: "gpc-entry-profile",
    title: "an entry of a structured record does not claim the profile of its type",
    family: Family::GpConnect,
    issue: "structure",
    requirement: "GPC-B05",
    basis: "GP Connect, CareConnect-GPC profiles: meta.profile is mandatory",
    criterion: "INT-4",
    why: "The consumer cannot tell which rules the resource follows, nor which version.",
    remedy: "Add meta.profile with the CareConnect-GPC profile of the resource's type.",
    examples: &[
        Example::bad(
            "none",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": «{"resourceType": "Condition", "id": "1", "subject": {"reference": "Patient/1"}}»}]}"#,
        ),
        Example::bad(
            "the profile of another type",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": «{"resourceType": "Condition", "id": "1", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-Observation-1"]}, "subject": {"reference": "Patient/1"}}»}]}"#,
        ),
        Example::good(
            "the profile of its type",
            r#"{"resourceType": "Bundle", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/GPConnect-StructuredRecord-Bundle-1"]}, "type": "collection", "entry": [{"resource": {"resourceType": "Condition", "id": "1", "meta": {"profile": ["https://fhir.nhs.uk/STU3/StructureDefinition/CareConnect-GPC-ProblemHeader-Condition-1"]}, "subject": {"reference": "Patient/1"}}}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// Entries claim the profile of their type.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Bundle"])], check };

/// Types for which GP Connect publishes no profile of a structured record.
const WITHOUT: &[&str] = &["OperationOutcome", "Binary", "Endpoint"];

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if !is_record(scene, at) {
        return;
    }
    for resource in resources(scene, at) {
        let ty = type_name(resource);
        if WITHOUT.contains(&ty) {
            continue;
        }
        let mut claimed = profiles(resource).peekable();
        if claimed.peek().is_none() {
            out.say(&META, resource, format!("the {ty} claims no profile"));
        } else if !claimed.any(|url| of_type(last_segment(url), ty)) {
            out.say(&META, resource, format!("the {ty} claims a profile that is not for this type"));
        }
    }
}

/// Whether a profile name such as `CareConnect-GPC-ProblemHeader-Condition-1` is for resources of type `ty`.
fn of_type(name: &str, ty: &str) -> bool {
    let bare = name.trim_end_matches(|c: char| c.is_ascii_digit()).trim_end_matches('-');
    bare == ty || bare.strip_suffix(ty).is_some_and(|rest| rest.ends_with('-'))
}

#[cfg(test)]
mod tests {
    use super::of_type;

    #[test]
    fn names_end_in_their_type() {
        for (name, ty, expected) in [
            ("CareConnect-GPC-Condition-1", "Condition", true),
            ("CareConnect-GPC-ProblemHeader-Condition-1", "Condition", true),
            ("CareConnect-GPC-PractitionerRole-1", "Practitioner", false),
            ("CareConnect-GPC-MedicationRequest-1", "Medication", false),
            ("Patient", "Patient", true),
        ] {
            assert_eq!(of_type(name, ty), expected, "{name}");
        }
    }
}
