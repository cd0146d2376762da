//! Who is named: senders, organisations, endpoints, pointers, those who ask.

use super::Seen;
use super::observed::Counts;
use crate::finding::Severity;
use crate::tally::Measured;
use crate::terminology::Lookup;
use crate::tree::{Element, names};
use crate::uk::ods;
use crate::uk::systems::ODS_ORGANISATION;

/// Whether an organisation's ODS code is in a code system that was loaded.
pub(super) fn organisation(seen: &Seen<'_, '_>, resource: Element<'_>, counts: &mut Counts) {
    let identifier = resource.named(names::IDENTIFIER).find(|i| i.text(names::SYSTEM) == Some(ODS_ORGANISATION));
    let code = identifier.and_then(|i| i.text(names::VALUE)).unwrap_or("");
    let known = match seen.sets.display_of(seen.message.release, ODS_ORGANISATION, code) {
        Lookup::NotHeld => return,
        Lookup::Found(_) => true,
        Lookup::Fragment | Lookup::NoCode => false,
    };
    counts.share(Measured::OdsKnown, resource.type_id(), "", known);
}

/// A header with a Spine address names the organisation that the message gives as its sender.
pub(super) fn header(seen: &Seen<'_, '_>, counts: &mut Counts) {
    let Some(header) = seen.message.header() else { return };
    let Some(endpoint) = header.get("source").and_then(|s| s.get("endpoint")).and_then(Element::value) else { return };
    let Some(address) = endpoint.strip_prefix(ods::ADDRESS) else { return };
    let named = ["sender", "responsible"]
        .into_iter()
        .find_map(|name| header.all(name).find_map(|r| seen.message.organisation_of(r)));
    let mut parts = address.split(':');
    let agree = match (parts.next(), parts.next(), named) {
        (Some("ods"), Some(code), Some(sender)) => ods::is_surely_code(code) && same_organisation(code, sender.code),
        (Some("ods"), Some(code), None) => ods::is_surely_code(code),
        (Some("asid"), Some(asid), _) => asid.len() == 12 && asid.bytes().all(|b| b.is_ascii_digit()),
        _ => false,
    };
    counts.share(Measured::SpineHeaders, names::T_MESSAGE_HEADER, "", agree);
}

/// A site's code begins with that of its organisation.
fn same_organisation(a: &str, b: &str) -> bool {
    a == b || a.starts_with(b) || b.starts_with(a)
}

/// A pointer of the record locator: it keeps to its profile and names its custodian.
pub(super) fn pointer(seen: &Seen<'_, '_>, resource: Element<'_>, counts: &mut Counts) {
    let mut claimed = resource.child(names::META).into_iter().flat_map(|m| m.named(names::PROFILE));
    if !claimed.any(|p| p.value().is_some_and(|url| url.contains("/NRL"))) {
        return;
    }
    let meets = seen.applied.iter().filter(|(node, ..)| *node == resource.id()).all(|(.., met)| *met);
    let custodian = resource.all("custodian").any(|c| seen.message.organisation_of(c).is_some() || by_url(c));
    counts.share(Measured::PointerValid, resource.type_id(), "", meets && custodian);
}

/// Pointers name their custodian by the URL of the directory.
fn by_url(reference: Element<'_>) -> bool {
    let code = reference.text(names::REFERENCE).and_then(|url| url.rsplit_once("/Organization/")).map(|(_, code)| code);
    code.is_some_and(ods::is_surely_code)
}

/// Resources that ask for something to be done.
const REQUESTS: &[&str] = &["MedicationRequest", "ProcedureRequest", "ReferralRequest", "ServiceRequest"];

/// A request whose requester names a person and an organisation, which agree where both say so.
pub(super) fn request(seen: &Seen<'_, '_>, resource: Element<'_>, counts: &mut Counts) {
    if !REQUESTS.contains(&names::text(resource.type_id())) {
        return;
    }
    let message = seen.message;
    let named = resource.get("requester").is_some_and(|requester| {
        let agent = requester.get("agent").unwrap_or(requester);
        let Some(text) = agent.text(names::REFERENCE) else { return false };
        let Some(target) = message.resolve(agent, text).target() else { return false };
        match names::text(target.type_id()) {
            "PractitionerRole" => {
                let organisation = target.get("organization").and_then(|o| message.organisation_of(o));
                target.get("practitioner").is_some() && organisation.is_some() && target.child(names::CODE).is_some()
            }
            "Practitioner" => requester.get("onBehalfOf").is_some_and(|o| message.organisation_of(o).is_some()),
            _ => false,
        }
    });
    counts.share(Measured::RequestClaims, resource.type_id(), "", named);
}

/// A Transfer of Care document: its sections, and whether all is well with it.
pub(super) fn documents(seen: &Seen<'_, '_>, counts: &mut Counts) {
    let mut documents: Vec<_> = seen.sections.iter().map(|s| s.document).collect();
    documents.sort_unstable();
    documents.dedup();
    for document in documents {
        let mut complete = true;
        for section in seen.sections.iter().filter(|s| s.document == document) {
            let share = if section.mandatory { Measured::Section } else { Measured::SectionAsked };
            if section.mandatory || section.required {
                counts.share(share, names::T_COMPOSITION, section.title, section.present);
            }
            if section.heading {
                counts.share(Measured::Prsb, names::T_COMPOSITION, section.title, section.present);
            }
            complete &= section.present || !section.mandatory;
        }
        let valid = complete && !seen.worst.is_some_and(|w| w.reaches(Severity::Error));
        counts.share(Measured::DocumentValid, names::T_COMPOSITION, "", valid);
    }
}
