//! What is active has not ended.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::query::last_segment;
use crate::rules::when::{When, reported_on};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0810",
    name: "active-but-over",
    title: "something is active and ended in the past",
    family: Family::Quality,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    requirement: "X-05",
    basis: "FHIR, status against the end: CarePlan, CareTeam, Condition, Coverage, Encounter, EpisodeOfCare, Flag, MedicationStatement; UK Core and GP Connect, end of an allergy",
    criterion: "COD-5",
    why: "The reader cannot tell whether it still goes on.",
    remedy: "Send a status that says it is over, or no end.",
    examples: &[
        Example::bad(
            "a flag that ended",
            r#"{"resourceType": "Flag", "status": "active", "code": {"text": "x"}, "subject": {"display": "x"}, "period": {"start": "2018-01-01", "end": "«2019-01-01»"}}"#,
        ),
        Example::bad(
            "an allergy that ended",
            r#"{"resourceType": "AllergyIntolerance", "clinicalStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-clinical", "code": "active"}], "extension": [{"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AllergyIntoleranceEnd", "extension": [{"url": "endDate", "valueDateTime": "«2020-01-15»"}, {"url": "reasonEnded", "valueString": "x"}]}]}, "verificationStatus": {"coding": [{"system": "http://terminology.hl7.org/CodeSystem/allergyintolerance-verification", "code": "confirmed"}]}, "code": {"text": "x"}, "patient": {"display": "x"}}"#,
        )
        .r4(),
        Example::good(
            "a flag that goes on",
            r#"{"resourceType": "Flag", "status": "active", "code": {"text": "x"}, "subject": {"display": "x"}, "period": {"start": "2018-01-01"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Type of resource, the element that holds its status, the statuses of what goes on, and where its end stands.
struct Row {
    ty: &'static str,
    status: &'static str,
    on: &'static [&'static str],
    end: &'static [&'static str],
}

const fn row(ty: &'static str, status: &'static str, on: &'static [&'static str], end: &'static [&'static str]) -> Row {
    Row { ty, status, on, end }
}

const ROWS: &[Row] = &[
    row("CarePlan", "status", &["active"], &["period"]),
    row("CareTeam", "status", &["active"], &["period"]),
    row("Coverage", "status", &["active"], &["period"]),
    row("Condition", "clinicalStatus", &["active", "recurrence", "relapse"], &["abatement"]),
    row("Encounter", "status", &["planned", "arrived", "triaged", "in-progress", "onleave"], &["period"]),
    row("EpisodeOfCare", "status", &["planned", "waitlist", "active"], &["period"]),
    row("Flag", "status", &["active"], &["period"]),
    row("MedicationStatement", "status", &["active"], &["effective"]),
];

/// What is active has not ended.
pub static RULE: Rule = Rule {
    metas: &[&META],
    listens: &[Listens::Types(&[
        "AllergyIntolerance",
        "CarePlan",
        "CareTeam",
        "Condition",
        "Coverage",
        "Encounter",
        "EpisodeOfCare",
        "Flag",
        "MedicationStatement",
    ])],
    check,
};

fn check<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    if names::text(at.type_id()) == "AllergyIntolerance" {
        return allergy(scene, at, out);
    }
    let ty = names::text(at.type_id());
    let Some(row) = ROWS.iter().find(|row| row.ty == ty) else { return };
    let Some(status) = at.get(row.status).and_then(code).filter(|s| row.on.contains(s)) else { return };
    let Some(found) = row.end.iter().find_map(|name| at.get(name)) else { return };
    // One time of a medicine is when it was taken, not its end.
    let end = match found.type_id() {
        names::T_PERIOD => found.child(names::END),
        _ => (ty == "Condition").then_some(found),
    };
    say(scene, at, end, status, out);
}

/// The end of an allergy stands in an extension of CareConnect, GP Connect or UK Core, on the resource or on its status.
fn allergy<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(status) = at.get("clinicalStatus") else { return };
    if code(status) != Some("active") {
        return;
    }
    let is_end =
        |e: &Element<'a>| e.text(names::URL).is_some_and(|url| last_segment(url).contains("AllergyIntoleranceEnd"));
    let Some(ended) = at.named(names::EXTENSION).chain(status.named(names::EXTENSION)).find(is_end) else { return };
    let day = ended.named(names::EXTENSION).find(|part| part.text(names::URL) == Some("endDate"));
    say(scene, at, day.and_then(|part| part.child(names::VALUE)), "active", out);
}

/// The code of a code or of the first coding of a concept.
fn code(at: Element<'_>) -> Option<&str> {
    at.value().or_else(|| at.child(names::CODING).and_then(|c| c.text(names::CODE)))
}

fn say<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>, end: Option<Element<'a>>, status: &str, out: &mut Sink) {
    let Some(end) = end else { return };
    let Some(over) = end.value().and_then(When::parse) else { return };
    if reported_on(scene, at).is_some_and(|today| over.last < today.first) {
        let known = ROWS.iter().flat_map(|row| row.on).find(|known| **known == status).copied().unwrap_or("active");
        out.say(&META, end, format!("the status is {known}, and the end lies before the message was made"));
    }
}
