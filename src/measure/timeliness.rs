//! When messages were sent: volume by weekday and hour.

use super::Observed;
use crate::finding::MeasureKey;
use crate::message::Message;
use crate::settings::Date;
use crate::tree::{Element, names};

/// Counts one message in its hour: Bundle or header timestamp, else when it was last updated.
pub(super) fn observe(message: &Message<'_>, observed: &mut Observed) {
    let root = message.root();
    let first = root
        .child(names::ENTRY)
        .and_then(|e| e.child(names::RESOURCE))
        .filter(|r| r.type_id() == names::T_MESSAGE_HEADER);
    let stamp = root
        .get("timestamp")
        .or_else(|| first.and_then(|h| h.get("timestamp")))
        .or_else(|| root.child(names::META).and_then(|m| m.child(names::LAST_UPDATED)))
        .and_then(Element::value);
    let Some(stamp) = stamp else { return };
    let (Some(day), Some(hour)) = (Date::parse(stamp), stamp.get(11..13)) else { return };
    if hour.bytes().all(|b| b.is_ascii_digit()) {
        observed.tally("volume", MeasureKey::default(), &format!("{}T{hour}", day.weekday()));
    }
}
