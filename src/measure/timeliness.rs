//! When things happened, when messages were sent and when they came in.

use super::Seen;
use super::observed::{Bucket, Counts};
use crate::tally::{BEFORE_EVENT, Distribution, EDGES, Measured};
use crate::text::Date;
use crate::tree::names::{self, NameId};
use crate::tree::{Element, Kind};

/// Of each resource type, the elements that tell when the event was, the most telling first.
const EVENTS: &[(&str, &[&str])] = &[
    ("AllergyIntolerance", &["assertedDate", "recordedDate"]),
    ("Appointment", &["created"]),
    ("Condition", &["assertedDate", "recordedDate"]),
    ("DiagnosticReport", &["issued", "effective"]),
    ("Encounter", &["period"]),
    ("Immunization", &["recorded", "date", "occurrence"]),
    ("MedicationAdministration", &["effective"]),
    ("MedicationRequest", &["authoredOn"]),
    ("Observation", &["issued", "effective"]),
    ("Procedure", &["performed"]),
    ("ReferralRequest", &["authoredOn"]),
    ("ServiceRequest", &["authoredOn"]),
];

/// Counts one message in its hour and day, and how long it took.
pub(super) fn observe(seen: &Seen<'_, '_>, counts: &mut Counts) {
    let Some(sent) = seen.message.sent() else { return };
    let kind = kind(seen);
    if let (Some(day), Some(hour)) = (Date::parse(sent), hour(sent)) {
        counts.tally(Distribution::Volume, kind, "", Bucket::Hour(day.weekday(), hour));
        counts.tally(Distribution::Activity, names::OTHER, "", Bucket::Slot(day.days() as i32, hour));
    }
    let moment = Date::moment(sent);
    if let Some((received, sent)) = seen.received.zip(moment) {
        counts.tally(Distribution::MessageToReceipt, kind, "", edge(received - sent));
        counts.share(Measured::ReceivedInADay, kind, "", received - sent <= 86_400);
    }
    if is_pulled(seen) {
        return;
    }
    let Some((ty, event)) = event(seen, moment) else { return };
    let delay = event.zip(moment).map(|(event, sent)| sent - event);
    counts.share(Measured::EventTime, ty, "", delay.is_some());
    if let Some(delay) = delay {
        counts.tally(Distribution::EventToMessage, ty, "", edge(delay));
        counts.share(Measured::InADay, ty, "", (0..=86_400).contains(&delay));
    }
}

/// Month in which a message was sent, `YYYY-MM`, or empty.
pub(super) fn period(seen: &Seen<'_, '_>) -> String {
    seen.message.sent().and_then(Date::parse).map(Date::month).unwrap_or_default()
}

fn hour(text: &str) -> Option<u8> {
    text.get(11..13)?.parse().ok().filter(|h| *h < 24)
}

/// What a message is: the type of the resource that a header points at, of a document, of the root.
fn kind(seen: &Seen<'_, '_>) -> NameId {
    let message = seen.message;
    let focus = message.header().and_then(|h| h.get("focus"));
    let target = focus.and_then(|f| message.resolve(f, f.text(names::REFERENCE)?).target());
    let target = target.filter(|t| t.type_id() != names::T_BUNDLE);
    target.or_else(|| message.document()).map_or(message.root().type_id(), Element::type_id)
}

/// An answer to a question may come years after the event.
fn is_pulled(seen: &Seen<'_, '_>) -> bool {
    let root = seen.message.root();
    root.type_id() == names::T_BUNDLE && !matches!(root.text(names::TYPE), Some("message" | "document"))
}

/// The latest event before the sending, or else the latest: its resource type, and its moment when one has a time.
fn event(seen: &Seen<'_, '_>, sent: Option<i64>) -> Option<(NameId, Option<i64>)> {
    let mut best: Option<(NameId, Option<i64>)> = None;
    for &node in &seen.message.resources {
        let resource = Element::new(seen.message.tree, node);
        let ty = names::text(resource.type_id());
        let Some((_, elements)) = EVENTS.iter().find(|(name, _)| *name == ty) else { continue };
        let Some(at) = elements.iter().find_map(|name| resource.get(name)) else { continue };
        let moment = time_of(at).and_then(Date::moment);
        let in_time = |m: Option<i64>| m.is_some() && m <= sent.or(m);
        let better = match best {
            None => true,
            Some((_, known)) => (in_time(moment), moment) > (in_time(known), known),
        };
        if better {
            best = Some((resource.type_id(), moment));
        }
    }
    best
}

/// A point in time, or the end of a period; the start of one that is still open tells no event.
fn time_of(at: Element<'_>) -> Option<&str> {
    if matches!(at.kind(), Kind::Object) || at.value().is_none() { at.text(names::END) } else { at.value() }
}

fn edge(delay: i64) -> Bucket {
    if delay < 0 {
        return Bucket::Word(BEFORE_EVENT);
    }
    let edge = EDGES.iter().position(|(_, seconds)| delay <= *seconds).unwrap_or(EDGES.len());
    Bucket::Edge(edge as u8)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn delays_fall_below_the_next_edge() {
        for (delay, bucket) in [
            (-1, Bucket::Word(BEFORE_EVENT)),
            (0, Bucket::Edge(0)),
            (60, Bucket::Edge(0)),
            (61, Bucket::Edge(1)),
            (86_400, Bucket::Edge(5)),
            (2_592_001, Bucket::Edge(9)),
        ] {
            assert_eq!(edge(delay), bucket, "{delay}");
        }
    }
}
