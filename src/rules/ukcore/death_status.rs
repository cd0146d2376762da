//! Status and date of death agree.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::last_segment;
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0758",
    name: "death-status-contradicts-date",
    title: "the death notification status and the date of death contradict each other",
    family: Family::UkCore,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "PDS-08",
    basis: "UK Core and CareConnect, extension DeathNotificationStatus; Personal Demographics Service FHIR API",
    criterion: "COD-5",
    why: "A living patient is written to as dead, or letters go to the family of a dead one.",
    remedy: "Send deceasedDateTime with status 1 (informal) or 2 (formal); take both out when the notice was withdrawn (U).",
    examples: &[
        Example::bad(
            "a notice without a date",
            r#"{"resourceType": "Patient", "extension": [{"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeathNotificationStatus", "extension": [{"url": "deathNotificationStatus", "valueCodeableConcept": «{"coding": [{"system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-DeathNotificationStatus", "code": "2"}]}»}]}]}"#,
        ).r4(),
        Example::good(
            "both",
            r#"{"resourceType": "Patient", "extension": [{"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-DeathNotificationStatus", "extension": [{"url": "deathNotificationStatus", "valueCodeableConcept": {"coding": [{"system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-DeathNotificationStatus", "code": "2"}]}}]}], "deceasedDateTime": "2020-01-01"}"#,
        ).r4(),
    ],
    ..Meta::NEW
};

/// Status and date of death agree.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["Patient"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let mut notices = at
        .named(names::EXTENSION)
        .filter(|e| e.text(names::URL).is_some_and(|u| last_segment(u).contains("DeathNotificationStatus")));
    let Some(notice) = notices.next() else { return };
    let part = notice.named(names::EXTENSION).find(|e| e.text(names::URL) == Some("deathNotificationStatus"));
    let Some(status) = part.unwrap_or(notice).child(names::VALUE) else { return };
    let code = status.named(names::CODING).find_map(|c| c.text(names::CODE));
    let dead = at.child(names::DECEASED).is_some_and(|d| d.value() != Some("false"));
    match code {
        Some("1" | "2") if !dead => {
            out.say(&META, status, "the patient is notified as dead, and deceased[x] does not say so");
        }
        Some("U" | "u") if dead => {
            out.say(&META, status, "the notice of death was withdrawn, and deceased[x] is still there");
        }
        _ => {}
    }
}
