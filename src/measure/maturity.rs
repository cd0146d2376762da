//! What of a record hangs together: structured documents, results with their requests, medicines with their orders, care
//! plans of several organisations. Indicators of maturity rest on it, and nothing else does.

use std::collections::{HashMap, HashSet};
use std::sync::LazyLock;

use super::Seen;
use super::observed::Counts;
use crate::message::{Message, logical_id};
use crate::tally::Measured;
use crate::tree::names::{self, NameId};
use crate::tree::{Element, NodeId};

/// Types that ask for something to be done.
const REQUESTS: &[&str] = &[
    "CarePlan",
    "DeviceRequest",
    "ImmunizationRecommendation",
    "MedicationRequest",
    "NutritionOrder",
    "ProcedureRequest",
    "ReferralRequest",
    "ServiceRequest",
];

/// Names of types and elements, looked up once.
struct Names {
    administration: NameId,
    attachment: NameId,
    author: NameId,
    based_on: NameId,
    care_plan: NameId,
    care_team: NameId,
    care_team_of: NameId,
    category: NameId,
    content: NameId,
    detail: NameId,
    activity: NameId,
    contributor: NameId,
    document_reference: NameId,
    has_member: NameId,
    managing_organization: NameId,
    medication_request: NameId,
    member: NameId,
    on_behalf_of: NameId,
    organization: NameId,
    participant: NameId,
    performer: NameId,
    practitioner_role: NameId,
    prescription: NameId,
    presented_form: NameId,
    related: NameId,
    report: NameId,
    result: NameId,
    section: NameId,
    statement: NameId,
    t_organization: NameId,
    target: NameId,
}

static NAMES: LazyLock<Names> = LazyLock::new(|| {
    let id = names::intern;
    Names {
        administration: id("MedicationAdministration"),
        attachment: id("attachment"),
        author: id("author"),
        based_on: id("basedOn"),
        care_plan: id("CarePlan"),
        care_team: id("CareTeam"),
        care_team_of: id("careTeam"),
        category: id("category"),
        content: id("content"),
        detail: id("detail"),
        activity: id("activity"),
        contributor: id("contributor"),
        document_reference: id("DocumentReference"),
        has_member: id("hasMember"),
        managing_organization: id("managingOrganization"),
        medication_request: id("MedicationRequest"),
        member: id("member"),
        on_behalf_of: id("onBehalfOf"),
        organization: id("organization"),
        participant: id("participant"),
        performer: id("performer"),
        practitioner_role: id("PractitionerRole"),
        prescription: id("prescription"),
        presented_form: id("presentedForm"),
        related: id("related"),
        report: id("DiagnosticReport"),
        result: id("result"),
        section: id("section"),
        statement: id("MedicationStatement"),
        t_organization: id("Organization"),
        target: id("target"),
    }
});

/// Counts what one message shows.
pub(super) fn observe(seen: &Seen<'_, '_>, counts: &mut Counts) {
    let known = LazyLock::force(&NAMES);
    let message = seen.message;
    let mut found = Found::default();
    for &node in &message.resources {
        let resource = Element::new(message.tree, node);
        if resource.name_id() == names::CONTAINED {
            continue;
        }
        let ty = resource.type_id();
        if ty == names::T_COMPOSITION {
            counts.share(Measured::DocumentStructured, ty, "", has_coded_sections(resource, known));
        } else if ty == known.document_reference {
            found.pointers = true;
            if let Some(structured) = is_structured_content(resource, known) {
                counts.share(Measured::DocumentStructured, ty, "", structured);
            }
        } else if ty == names::T_BINARY {
            found.binaries.push(node);
        } else if ty == known.report {
            report(message, resource, known, &mut found, counts);
        } else if ty == names::T_OBSERVATION {
            found.observations.push(node);
        } else if ty == known.medication_request {
            found.orders.push(node);
        } else if ty == known.administration || ty == known.statement {
            let order = order_of(message, resource, known);
            found.used.extend(order.and_then(|o| o));
            counts.share(Measured::MedicineLoop, ty, "", order.is_some());
        } else if ty == known.care_plan {
            counts.share(Measured::CarePlanShared, ty, "", is_shared(message, resource, known));
        }
    }
    found.count(message, known, counts);
}

/// What a message holds whose meaning depends on other resources of it.
#[derive(Default)]
struct Found {
    pointers: bool,
    binaries: Vec<NodeId>,
    observations: Vec<NodeId>,
    orders: Vec<NodeId>,
    /// Orders that an administration or a statement names.
    used: Vec<NodeId>,
    /// Results that a report lists, and whether that report names its request.
    listed: HashMap<NodeId, bool>,
}

impl Found {
    fn count(mut self, message: &Message<'_>, known: &Names, counts: &mut Counts) {
        // What a pointer of the message leads to is counted with the pointer.
        for &node in self.binaries.iter().filter(|_| !self.pointers) {
            let content = Element::new(message.tree, node).text(names::CONTENT_TYPE);
            counts.share(Measured::DocumentStructured, names::T_BINARY, "", content.is_some_and(is_structured));
        }
        for &node in &self.observations {
            let observation = Element::new(message.tree, node);
            let listed = self.listed.get(&node).copied();
            if listed.is_some() || is_investigation(observation, known) {
                let asked = listed == Some(true) || has_request(message, observation, known);
                counts.share(Measured::ResultRequested, names::T_OBSERVATION, "", asked);
            }
        }
        self.used.sort_unstable();
        for node in &self.orders {
            let used = self.used.binary_search(node).is_ok();
            counts.share(Measured::MedicineLoop, known.medication_request, "", used);
        }
    }
}

/// A document is structured when it has sections and a code says what each of them is.
fn has_coded_sections(composition: Element<'_>, known: &Names) -> bool {
    let coded = |section: Element<'_>| {
        section.child(names::CODE).is_some_and(|c| c.named(names::CODING).any(|c| c.text(names::CODE).is_some()))
    };
    let mut sections = composition.named(known.section).peekable();
    sections.peek().is_some() && sections.all(coded)
}

/// Whether a pointer leads to a structured document; nothing where it does not say what it leads to.
fn is_structured_content(pointer: Element<'_>, known: &Names) -> Option<bool> {
    let attachments = pointer.named(known.content).filter_map(|c| c.child(known.attachment));
    attachments.filter_map(|a| a.text(names::CONTENT_TYPE)).map(is_structured).reduce(|a, b| a | b)
}

/// Media types whose content has elements: FHIR, and HL7 version 2, version 3 or CDA under their registered or customary names.
fn is_structured(content_type: &str) -> bool {
    let bare = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
    bare.starts_with("application/fhir+")
        || bare.starts_with("application/hl7-")
        || ["application/json+fhir", "application/xml+fhir", "application/hl7v3+xml", "application/cda+xml"]
            .contains(&bare.as_str())
}

/// A report: whether it names its request, and whether what it encloses comes with results.
fn report<'t>(message: &Message<'t>, report: Element<'t>, known: &Names, found: &mut Found, counts: &mut Counts) {
    let asked = has_request(message, report, known);
    counts.share(Measured::ResultRequested, report.type_id(), "", asked);
    let mut open: Vec<Element<'t>> = report.named(known.result).collect();
    if report.child(known.presented_form).is_some() {
        counts.share(Measured::DocumentStructured, report.type_id(), "", !open.is_empty());
    }
    while let Some(at) = open.pop() {
        let target = at.text(names::REFERENCE).and_then(|text| message.resolve(at, text).target());
        let Some(result) = target.filter(|t| t.type_id() == names::T_OBSERVATION) else { continue };
        // Each result is read once, and once more when another report of it names a request.
        if found.listed.get(&result.id()).is_some_and(|before| *before || !asked) {
            continue;
        }
        found.listed.insert(result.id(), asked);
        open.extend(result.named(known.has_member));
        let members = result.named(known.related).filter(|r| r.text(names::TYPE) == Some("has-member"));
        open.extend(members.filter_map(|r| r.child(known.target)));
    }
}

/// An observation of a laboratory or of imaging, which nobody makes unasked.
fn is_investigation(observation: Element<'_>, known: &Names) -> bool {
    let mut codings = observation.named(known.category).flat_map(|c| c.named(names::CODING));
    codings.any(|c| matches!(c.text(names::CODE), Some("laboratory" | "imaging")))
}

/// Whether a result names the request it answers.
fn has_request(message: &Message<'_>, result: Element<'_>, known: &Names) -> bool {
    result.named(known.based_on).any(|at| is_request(message, at, REQUESTS))
}

/// Whether a reference leads to one of these types: by the resource in the message, by the URL, or, where it names a
/// request by its number alone, by standing where nothing but a request may stand.
fn is_request(message: &Message<'_>, at: Element<'_>, types: &[&str]) -> bool {
    let Some(text) = at.text(names::REFERENCE) else {
        let stated = at.text(names::TYPE);
        return stated.is_none_or(|ty| types.contains(&ty))
            && at.child(names::IDENTIFIER).is_some_and(|i| i.text(names::VALUE).is_some());
    };
    match message.resolve(at, text).target() {
        Some(target) => types.contains(&names::text(target.type_id())),
        None => logical_id(text).is_some_and(|(_, ty, _)| types.contains(&ty)),
    }
}

/// The order that an administration or a statement names: nothing without one, and the order itself where the message
/// holds it.
fn order_of(message: &Message<'_>, use_of: Element<'_>, known: &Names) -> Option<Option<NodeId>> {
    let orders = [known.prescription, names::REQUEST, known.based_on].into_iter().flat_map(|name| use_of.named(name));
    let mut orders = orders.filter(|at| is_request(message, *at, &["MedicationRequest"]));
    let at = orders.next()?;
    Some(at.text(names::REFERENCE).and_then(|text| message.resolve(at, text).target()).map(Element::id))
}

/// An organisation as a message names it.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Named<'t> {
    Code(&'t str),
    Held(NodeId),
    Elsewhere(&'t str),
}

/// Whether a care plan names two organisations or more: as authors, contributors, performers or members of its teams.
fn is_shared<'t>(message: &Message<'t>, plan: Element<'t>, known: &Names) -> bool {
    let own = [known.author, known.contributor, known.care_team_of];
    let mut open: Vec<Element<'t>> = own.into_iter().flat_map(|name| plan.named(name)).collect();
    let details = plan.named(known.activity).flat_map(|activity| activity.named(known.detail));
    open.extend(details.flat_map(|detail| detail.named(known.performer)));
    let mut read: HashSet<NodeId> = HashSet::new();
    let mut first = None;
    while let Some(at) = open.pop() {
        let organisation = match (message.organisation_of(at), at.text(names::REFERENCE)) {
            (Some(found), _) => Named::Code(found.code),
            (None, None) => continue,
            (None, Some(text)) => match message.resolve(at, text).target() {
                Some(target) if target.type_id() == known.t_organization => Named::Held(target.id()),
                Some(target) => {
                    if read.insert(target.id()) {
                        named_by(target, known, &mut open);
                    }
                    continue;
                }
                None if logical_id(text).is_some_and(|(_, ty, _)| ty == "Organization") => Named::Elsewhere(text),
                None => continue,
            },
        };
        if first.is_some_and(|other| other != organisation) {
            return true;
        }
        first = Some(organisation);
    }
    false
}

/// Whom a role acts for, and who is in a team.
fn named_by<'t>(target: Element<'t>, known: &Names, open: &mut Vec<Element<'t>>) {
    if target.type_id() == known.practitioner_role {
        open.extend(target.named(known.organization));
    } else if target.type_id() == known.care_team {
        open.extend(target.named(known.managing_organization));
        for participant in target.named(known.participant) {
            open.extend(participant.named(known.member).chain(participant.named(known.on_behalf_of)));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn media_types_tell_structure() {
        for (text, structured) in [
            ("application/fhir+json", true),
            ("application/FHIR+xml; charset=utf-8", true),
            ("application/hl7-v3+xml", true),
            ("application/pdf", false),
            ("image/tiff", false),
            ("text/html", false),
            ("", false),
        ] {
            assert_eq!(is_structured(text), structured, "{text}");
        }
    }
}
