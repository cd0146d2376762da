//! FHIR dates of any precision, compared only as far as they are known.

use super::Scene;
use crate::text::Date;
use crate::tree::{Element, names};

/// When the message around `at` was made, as far as it says: its MessageHeader, Bundle or Composition, else today.
pub fn reported_on<'a>(scene: &'a Scene<'a, 'a>, at: Element<'a>) -> Option<When> {
    let root = scene.message.root();
    let first = scene.message.bundle_of(at).and_then(|(_, index)| index.entries.first()).and_then(|e| e.resource);
    let said = [
        root.get("timestamp"),
        first.and_then(|r| r.get("timestamp")),
        root.child(names::META).and_then(|m| m.child(names::LAST_UPDATED)),
        first.filter(|r| r.type_id() == names::T_COMPOSITION).and_then(|r| r.get("date")),
    ];
    let mut known = said.into_iter().flatten().filter_map(Element::value).filter_map(When::parse);
    known.next().or_else(|| When::parse(scene.today))
}

/// When the message that begins at `bundle` was made, if it says so: `Bundle.timestamp`, the timestamp of its MessageHeader, or
/// nothing. A document's own date may be that of its first version.
pub fn made_on<'a>(scene: &'a Scene<'a, 'a>, bundle: Element<'a>) -> Option<When> {
    let first = scene.message.bundles.get(&bundle.id()).and_then(|b| b.entries.first()).and_then(|e| e.resource);
    let header = first.filter(|r| r.type_id() == names::T_MESSAGE_HEADER);
    let said = [bundle.get("timestamp"), header.and_then(|r| r.get("timestamp"))];
    said.into_iter().flatten().filter_map(Element::value).find_map(When::parse)
}

/// A date, dateTime or instant: the days it may be, as written, and the moment when it has a time and a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct When {
    /// First day it may be, in days since 1970-01-01.
    pub first: i64,
    /// Last day it may be.
    pub last: i64,
    /// Seconds since 1970-01-01T00:00:00Z, when known.
    pub moment: Option<i64>,
}

impl When {
    /// Reads `YYYY`, `YYYY-MM`, `YYYY-MM-DD` and date-times; `None` for what is no FHIR date.
    pub fn parse(text: &str) -> Option<Self> {
        let bytes = text.as_bytes();
        if let 4 | 7 = bytes.len() {
            let first = Date::of_month(text)?;
            let months = if bytes.len() == 4 { 12 } else { 1 };
            return Some(Self { first: first.days(), last: first.plus_months(months).days() - 1, moment: None });
        }
        if bytes.get(10).is_some_and(|b| *b != b'T') || !text.is_ascii() {
            return None;
        }
        let day = Date::parse(text)?.days();
        Some(Self { first: day, last: day, moment: Date::moment(text) })
    }

    /// Whether it is certainly earlier than `other`: by the moment when both have one, else by the days as written.
    pub fn before(self, other: Self) -> bool {
        match (self.moment, other.moment) {
            (Some(a), Some(b)) => a < b,
            _ => self.last < other.first,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_compare_as_far_as_known() {
        for (a, b, before) in [
            ("2019", "2020", true),
            ("2020", "2020-05-01", false),
            ("2020-04", "2020-05-01", true),
            ("2020-05-01", "2020-05-01T10:00:00Z", false),
            ("2020-05-01T10:00:00+01:00", "2020-05-01T09:30:00Z", true),
            ("2020-05-01T10:00:00Z", "2020-05-01T10:30:00+01:00", false),
            ("2020-05-01T10:00:00.123Z", "2020-05-01T10:00:01Z", true),
            ("2020-05-01T10:00:00", "2020-05-01T11:00:00Z", false),
        ] {
            assert_eq!(When::parse(a).unwrap().before(When::parse(b).unwrap()), before, "{a} {b}");
        }
        for bad in ["", "22/02/1982", "2020-13", "2020-02-30", "20200101", "Mon, 1 May"] {
            assert!(When::parse(bad).is_none(), "{bad}");
        }
    }
}
