//! Times in a zone in which no sender of the United Kingdom is.

use crate::finding::{Dimension, Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::Date;
use crate::tree::{Element, names};
use crate::uk::dates::is_summer_time;

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0235",
    name: "time-zone-not-uk",
    title: "the time has an offset that is not in force in the United Kingdom on that day",
    family: Family::Identifier,
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "value",
    requirement: "DATE-04",
    basis: "Summer Time Act 1972 and Summer Time Order 2002: UTC, and one hour ahead between the last Sundays of March and October",
    criterion: "COD-5",
    why: "The clock of the sender is set wrong, or a time was shifted on its way: receivers show it hours early or late.",
    remedy: "Send local time with the offset in force on that day, or UTC.",
    examples: &[
        Example::bad(
            "an hour ahead in winter",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "effectiveDateTime": "«2026-01-05T10:00:00+01:00»"}"#,
        ),
        Example::bad(
            "half a day away",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "issued": "«2026-01-05T10:00:00+11:00»"}"#,
        )
        .r4(),
        Example::good(
            "summer time",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "effectiveDateTime": "2026-07-05T10:00:00+01:00"}"#,
        ),
        Example::good(
            "UTC in summer",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "x"}, "effectiveDateTime": "2026-07-05T10:00:00Z"}"#,
        ),
    ],
    ..Meta::NEW
};

/// Offsets of the United Kingdom.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["dateTime", "instant"])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    // Servers of other countries may keep the message.
    if at.name_id() == names::LAST_UPDATED {
        return;
    }
    if let Some(says) = at.value().and_then(fault) {
        out.say(&META, at, says);
    }
}

/// What is wrong with the offset of a date-time, if it has one.
fn fault(text: &str) -> Option<&'static str> {
    let bytes = text.as_bytes();
    // Most end in Z, or in the offset of winter.
    if bytes.len() < 22 || matches!(bytes, [.., b'Z'] | [.., b'+' | b'-', b'0', b'0', b':', b'0', b'0']) {
        return None;
    }
    let offset = text.get(text.len() - 6..)?;
    if !offset.starts_with(['+', '-']) || !text.is_ascii() {
        return None;
    }
    if offset != "+01:00" {
        return Some("no part of the United Kingdom has this offset");
    }
    let day = Date::parse(text.get(..10)?)?;
    (day.year() >= 1996 && is_summer_time(day) == Some(false))
        .then_some("this is the offset of summer, on a day in winter")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn offsets() {
        for (text, bad) in [
            ("2026-01-05T10:00:00Z", false),
            ("2026-01-05T10:00:00+00:00", false),
            ("2026-01-05T10:00:00-00:00", false),
            ("2026-07-05T10:00:00.123+01:00", false),
            ("2026-01-05T10:00:00+01:00", true),
            ("2026-01-05T10:00:00-05:00", true),
            ("2026-01-05T10:00:00+05:30", true),
            // The days on which the clocks change may have either.
            ("2026-03-29T00:30:00+01:00", false),
            ("2026-10-25T10:00:00+01:00", false),
            // Summer time all year round.
            ("1970-01-05T10:00:00+01:00", false),
            ("2026-01-05", false),
        ] {
            assert_eq!(fault(text).is_some(), bad, "{text}");
        }
    }
}
