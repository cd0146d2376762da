//! Dates in UK order, dates that stand for no date, and times that lost their zone.

use crate::finding::{Dimension, Example, Explained, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::Date;
use crate::tree::{Element, names};
use crate::uk::dates::{is_sentinel, is_summer_midnight};

/// DATE-01. The format itself is checked with the base specification; this says what it looks like instead.
pub static UK_ORDER: Meta = Meta {
    id: "HM0263",
    name: "date-in-uk-order",
    title: "a date is written day first",
    family: Family::Identifier,
    issue: "value",
    requirement: "DATE-01",
    basis: "FHIR, data types date, dateTime and instant: YYYY-MM-DD (ISO 8601)",
    criterion: "INT-1",
    why: "Receivers refuse the message, or read 03/04 as the fourth of March.",
    remedy: "Send year, month and day joined by hyphens: 1982-02-22 for 22/02/1982.",
    explains: &[Explained::here("HM0111")],
    examples: &[
        Example::bad("slashes", r#"{"resourceType": "Patient", "birthDate": "«22/02/1982»"}"#),
        Example::bad("hyphens, day first", r#"{"resourceType": "Patient", "birthDate": "«22-02-1982»"}"#).r4(),
        Example::good("ISO 8601", r#"{"resourceType": "Patient", "birthDate": "1982-02-22"}"#),
    ],
    ..Meta::NEW
};

/// DATE-02.
pub static LOST_ZONE: Meta = Meta {
    id: "HM0264",
    name: "midnight-without-summer-time",
    title: "a time is midnight in winter time on a day in British Summer Time",
    family: Family::Identifier,
    severity: Severity::Warning,
    dimension: Dimension::Accuracy,
    issue: "value",
    requirement: "DATE-02",
    basis: "FHIR, dateTime: the offset is that of the place and day; Summer Time Act 1972",
    criterion: "COD-5",
    why: "A date was turned into a time in the wrong zone: shown in local time it is one in the morning, or the day before.",
    remedy: "Send a date without a time when no time is known; else the time with the offset of that day, +01:00 in summer.",
    examples: &[
        Example::bad(
            "midnight UTC in July",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "Test"}, "effectiveDateTime": "«2020-07-01T00:00:00Z»"}"#,
        ),
        Example::good(
            "midnight in summer time",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "Test"}, "effectiveDateTime": "2020-07-01T00:00:00+01:00"}"#,
        )
        .r4(),
        Example::good(
            "midnight in January",
            r#"{"resourceType": "Observation", "status": "final", "code": {"text": "Test"}, "effectiveDateTime": "2020-01-01T00:00:00Z"}"#,
        ),
    ],
    ..Meta::NEW
};

/// DATE-03.
pub static SENTINEL: Meta = Meta {
    id: "HM0265",
    name: "date-sentinel",
    title: "a date stands for no date",
    family: Family::Identifier,
    severity: Severity::Warning,
    dimension: Dimension::Accuracy,
    issue: "value",
    requirement: "DATE-03",
    basis: "FHIR, data types: an element without a value is left out; Government Data Quality Framework, accuracy",
    criterion: "COD-5",
    why: "Receivers take it for the true date: ages, orders of events and searches by period go wrong.",
    remedy: "Leave the element out, or say why there is no date in a data-absent-reason.",
    examples: &[
        Example::bad("1900-01-01", r#"{"resourceType": "Patient", "birthDate": "«1900-01-01»"}"#),
        Example::bad(
            "the end of time",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://hospital.test/mrn", "value": "7", "period": {"end": "«9999-12-31»"}}]}"#,
        )
        .r4(),
        Example::good("a date", r#"{"resourceType": "Patient", "birthDate": "1982-02-22"}"#),
    ],
    ..Meta::NEW
};

const LISTENS: &[Listens] = &[Listens::Types(&["date", "dateTime", "instant"])];

/// Day first.
pub static UK_ORDER_RULE: Rule = Rule { metas: &[&UK_ORDER], listens: LISTENS, check: check_uk_order };

fn check_uk_order(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    if at.value().is_some_and(is_day_first) {
        out.say(&UK_ORDER, at, "this is a date with its day first; FHIR writes year, month and day with hyphens");
    }
}

/// `22/02/1982`, `22-2-1982`, `22.02.82`, with anything after a space or T.
fn is_day_first(text: &str) -> bool {
    // The fifth character of a FHIR date is a hyphen: most values leave here.
    if text.len() < 6 || text.as_bytes().get(4) == Some(&b'-') {
        return false;
    }
    let day = text.split([' ', 'T']).next().unwrap_or_default();
    let mut parts = day.split(['/', '-', '.']);
    let mut number = |lengths: &[usize]| {
        let part = parts.next()?;
        let fits = lengths.contains(&part.len()) && part.bytes().all(|b| b.is_ascii_digit());
        fits.then(|| part.parse::<u16>().unwrap_or(0))
    };
    let (Some(day), Some(month), Some(_)) = (number(&[1, 2]), number(&[1, 2]), number(&[2, 4])) else { return false };
    parts.next().is_none() && (1..=31).contains(&day) && (1..=31).contains(&month)
}

/// Midnight without the offset of summer.
pub static LOST_ZONE_RULE: Rule =
    Rule { metas: &[&LOST_ZONE], listens: &[Listens::Types(&["dateTime", "instant"])], check: check_lost_zone };

fn check_lost_zone(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    // A server's own clock has no day to lose.
    if at.name_id() != names::LAST_UPDATED && at.value().is_some_and(is_lost_midnight) {
        let says = "midnight in UTC on a day of British Summer Time: most likely a date that lost its own zone";
        out.say(&LOST_ZONE, at, says);
    }
}

/// Midnight at offset zero, on a day of summer time: between the last Sundays of March and October since 1996, and from
/// April to 22 October since 1972, which lies inside every year's dates. Earlier years had other orders.
fn is_lost_midnight(text: &str) -> bool {
    let Some(time) = text.get(10..).and_then(|t| t.strip_prefix("T00:00:00")) else { return false };
    let zone = time.strip_prefix('.').map_or(time, |t| t.trim_start_matches('0'));
    if !matches!(zone, "Z" | "+00:00" | "-00:00") {
        return false;
    }
    let Some(day) = text.get(..10).and_then(Date::parse) else { return false };
    is_summer_midnight(day)
}

/// No date at all.
pub static SENTINEL_RULE: Rule = Rule { metas: &[&SENTINEL], listens: LISTENS, check: check_sentinel };

fn check_sentinel(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some(day) = at.value().and_then(|v| v.get(..10)).filter(|day| is_sentinel(day)) else { return };
    let draft = out.say(&SENTINEL, at, "this day is what systems write when there is no date");
    // People were born on it.
    if day == "1970-01-01" && at.name_id() == names::BIRTH_DATE {
        draft.severity = Severity::Information;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn day_first() {
        for (text, expected) in [
            ("22/02/1982", true),
            ("22-02-1982", true),
            ("2/2/82", true),
            ("22.02.1982 10:00", true),
            ("1982-02-22", false),
            ("1982-02", false),
            ("1982", false),
            ("19820222", false),
            ("dd-Mmm-yyyy", false),
            ("45/02/1982", false),
        ] {
            assert_eq!(is_day_first(text), expected, "{text}");
        }
    }

    #[test]
    fn midnight_in_summer() {
        for (text, expected) in [
            ("2020-07-01T00:00:00Z", true),
            ("2020-07-01T00:00:00+00:00", true),
            ("2020-07-01T00:00:00.000Z", true),
            ("2020-07-01T00:00:00+01:00", false),
            ("2020-07-01T10:00:00Z", false),
            ("2020-01-01T00:00:00Z", false),
            // Summer time of 2020: 29 March to 25 October.
            ("2020-03-29T00:00:00Z", false),
            ("2020-03-30T00:00:00Z", true),
            ("2020-10-25T00:00:00Z", true),
            ("2020-10-26T00:00:00Z", false),
            ("1986-07-23T00:00:00Z", true),
            ("1986-10-25T00:00:00Z", false),
            ("1962-07-13T00:00:00Z", false),
            ("2020-07-01", false),
        ] {
            assert_eq!(is_lost_midnight(text), expected, "{text}");
        }
    }
}
