//! Elements that tell when something happened, by type of resource.

use std::sync::LazyLock;

use crate::rules::Scene;
use crate::rules::query::target;
use crate::rules::when::When;
use crate::tree::Element;
use crate::tree::names::{self, NameId};

/// Type of resource, elements with a time that has passed, and whether it can only happen while the patient lives.
const EVENTS: &[(&str, &[&str], bool)] = &[
    ("AuditEvent", &["recorded"], false),
    ("AllergyIntolerance", &["assertedDate", "recordedDate", "onset", "lastOccurrence"], false),
    ("Communication", &["sent", "received"], false),
    ("Composition", &["date"], false),
    ("Condition", &["assertedDate", "recordedDate", "onset", "abatement"], false),
    ("Consent", &["dateTime"], false),
    ("DiagnosticReport", &["effective", "issued"], false),
    ("DocumentReference", &["created", "date", "indexed"], false),
    ("Encounter", &["period"], true),
    ("Immunization", &["date", "occurrence", "recorded"], true),
    ("List", &["date"], false),
    ("MedicationAdministration", &["effective"], true),
    ("MedicationDispense", &["whenPrepared", "whenHandedOver"], false),
    ("MedicationRequest", &["authoredOn"], false),
    ("MedicationStatement", &["dateAsserted"], false),
    ("Observation", &["effective", "issued"], false),
    ("Procedure", &["performed"], false),
    ("ProcedureRequest", &["authoredOn"], false),
    ("Provenance", &["occurred", "recorded"], false),
    ("QuestionnaireResponse", &["authored"], false),
    ("ReferralRequest", &["authoredOn"], false),
    ("ServiceRequest", &["authoredOn"], false),
    ("Specimen", &["receivedTime"], false),
    ("Task", &["authoredOn", "lastModified"], false),
];

/// One row of [`EVENTS`] with the numbers of its names.
struct Row {
    ty: NameId,
    fields: Vec<(NameId, &'static str)>,
    living: bool,
}

static ROWS: LazyLock<Vec<Row>> = LazyLock::new(|| {
    let row = |(ty, fields, living): &(&str, &'static [&'static str], bool)| Row {
        ty: names::intern(ty),
        fields: fields.iter().map(|name| (names::intern(name), *name)).collect(),
        living: *living,
    };
    EVENTS.iter().map(row).collect()
});

/// What is known of one event.
#[derive(Clone, Copy, Debug)]
pub struct Event<'a> {
    /// The element with the time.
    pub element: Element<'a>,
    /// The time.
    pub when: When,
    /// Only a living patient can have it.
    pub living: bool,
    /// When it is an onset or history that may lie before birth or be unknown by day.
    pub name: &'static str,
}

/// Statuses of things that have not happened yet, or never will.
const NOT_YET: &[&str] =
    &["planned", "preparation", "registered", "cancelled", "entered-in-error", "not-done", "draft"];

/// Events of a resource; of a period its start.
pub fn of(resource: Element<'_>) -> impl Iterator<Item = Event<'_>> {
    since(resource, "")
}

/// Those of the year `from` (four digits) and later.
pub fn since<'a>(resource: Element<'a>, from: &'a str) -> impl Iterator<Item = Event<'a>> {
    let row = ROWS.iter().find(|row| row.ty == resource.type_id());
    let past = |_: &&Row| resource.text(names::STATUS).is_none_or(|s| !NOT_YET.contains(&s));
    row.filter(past).into_iter().flat_map(move |row| {
        row.fields.iter().filter_map(move |(id, name)| {
            let found = resource.child(*id)?;
            let element = if found.type_id() == names::T_PERIOD { found.child(names::START)? } else { found };
            // Most events lie in years before that of interest, and are not read.
            let text = element.value().filter(|text| text.get(..4).is_none_or(|year| year >= from))?;
            Some(Event { element, when: When::parse(text)?, living: row.living, name })
        })
    })
}

/// The Patient that a resource is about, when the message holds it.
pub fn patient<'a>(scene: &'a Scene<'a, 'a>, resource: Element<'a>) -> Option<Element<'a>> {
    let reference = resource.child(names::SUBJECT).or_else(|| resource.child(names::PATIENT))?;
    target(scene, reference).filter(|p| p.type_id() == names::T_PATIENT)
}

/// Date of birth of a Patient.
pub fn born(patient: Element<'_>) -> Option<When> {
    patient.text(names::BIRTH_DATE).and_then(When::parse)
}

/// Time of death of a Patient.
pub fn died(patient: Element<'_>) -> Option<When> {
    patient
        .child(names::DECEASED)
        .filter(|d| d.type_id() == names::T_DATE_TIME)
        .and_then(Element::value)
        .and_then(When::parse)
}
