//! Formats of primitive values, decided on bytes: no regular expression, no allocation when right.

use super::checker::{Checker, Pass, excerpt};
use crate::finding::{Example, Fix, Meta, Severity};
use crate::pack::model::Release;
use crate::text::{days_in, is_oid, is_uuid};
use crate::tree::{Element, Kind, NameId, flags, names};

/// Wrong format.
pub static FORMAT: Meta = Meta {
    id: "HM0111",
    name: "primitive-format",
    title: "the value does not have the format of its type",
    issue: "value",
    basis: "FHIR, primitive data types",
    criterion: "INT-1",
    why: "Receivers cannot read the value; dates and numbers are lost or misread.",
    fix: "takes white space around a code away, and writes a UUID in lower case",
    remedy: "Send the value in the format of its type: dates as YYYY-MM-DD, times with a zone, codes without outer spaces, URIs without spaces.",
    examples: &[
        Example::bad("a day that the calendar lacks", r#"{"resourceType": "Patient", "birthDate": "«1982-02-30»"}"#),
        Example::bad(
            "a time without a zone",
            r#"{"resourceType": "Patient", "deceasedDateTime": "«2020-01-01T10:00:00»"}"#,
        ),
        Example::bad("a space before a code", r#"{"resourceType": "Patient", "gender": "« female»"}"#),
        Example::good("an ISO date", r#"{"resourceType": "Patient", "birthDate": "1982-02-22"}"#),
        Example::good("a date of a month", r#"{"resourceType": "Patient", "birthDate": "1982-02"}"#),
    ],
    ..Meta::NEW
};

/// Right format, unlikely value.
pub static UNREASONABLE: Meta = Meta {
    id: "HM0112",
    name: "primitive-unlikely",
    title: "the value has the right format but is unlikely or untidy",
    severity: Severity::Warning,
    issue: "value",
    basis: "FHIR, primitive data types; HL7 reference validation practice",
    why: "Years far away and outer white space are usually faults of an export, and break matching.",
    remedy: "Check the year; trim white space at both ends.",
    examples: &[
        Example::bad("a year of the eighteenth century", r#"{"resourceType": "Patient", "birthDate": "«1753-01-01»"}"#),
        Example::bad("a space at the end", r#"{"resourceType": "Patient", "name": [{"family": "«Test »"}]}"#),
        Example::good("a tidy name", r#"{"resourceType": "Patient", "name": [{"family": "Test"}]}"#),
    ],
    ..Meta::NEW
};

/// What is wrong with a value, and how much it weighs.
type Verdict = Option<(&'static str, Severity)>;

const fn error(says: &'static str) -> Verdict {
    Some((says, Severity::Error))
}

const fn warning(says: &'static str) -> Verdict {
    Some((says, Severity::Warning))
}

impl<'t> Checker<'_, 't> {
    /// The value of a primitive against its type.
    pub(super) fn primitive(&mut self, at: Element<'t>, pass: Pass<'_>, node: u32) {
        let Some(value) = at.value() else { return };
        if matches!(at.kind(), Kind::Bool | Kind::Xhtml) {
            return;
        }
        if let Some((says, severity)) = judge(at.type_id(), value, self.release(), &self.cx.options.today) {
            let meta = if severity == Severity::Error { &FORMAT } else { &UNREASONABLE };
            let says = format!("{} ({}): {says}", pass.plan.nodes[node as usize].path, names::text(at.type_id()));
            let mut draft = self.draft(meta, pass, node, at, says);
            draft.excerpt = excerpt(at);
            if let Some(now) = tidied(at.type_id(), value)
                && judge(at.type_id(), &now, self.release(), &self.cx.options.today).is_none()
            {
                draft.mended_by(Fix::rewritten(at.mark(), value, &now));
            }
            self.emit(draft);
        }
        if self.cx.options.security_checks
            && !matches!(at.type_id(), names::T_XHTML | names::T_BASE64_BINARY)
            && looks_like_markup(value)
            && !at.node().is(flags::FOREIGN)
        {
            let draft = self.draft(&FORMAT, pass, node, at, "the text holds what looks like HTML tags".to_owned());
            self.emit(draft);
        }
    }
}

/// A code without white space around it, a UUID in lower case: the same value, as its type asks for it.
fn tidied(ty: NameId, value: &str) -> Option<String> {
    let now = match ty {
        names::T_CODE => value.trim().to_owned(),
        names::T_UUID => value.to_ascii_lowercase(),
        _ => return None,
    };
    (now != value && !now.is_empty()).then_some(now)
}

fn looks_like_markup(value: &str) -> bool {
    value.match_indices('<').any(|(i, _)| {
        let rest = &value[i + 1..];
        let rest = rest.strip_prefix('/').unwrap_or(rest);
        rest.starts_with(|c: char| c.is_ascii_alphabetic()) && rest.contains('>')
    })
}

/// Judges `value` as a primitive of type `ty`, by the formats of `release`.
pub(super) fn judge(ty: NameId, value: &str, release: Release, today: &str) -> Verdict {
    match ty {
        names::T_BOOLEAN => (!matches!(value, "true" | "false")).then_some(("must be true or false", Severity::Error)),
        names::T_INTEGER => integer(value, i64::from(i32::MIN)),
        names::T_UNSIGNED_INT => integer(value, 0),
        names::T_POSITIVE_INT => integer(value, 1),
        names::T_DECIMAL => decimal(value, release),
        names::T_DATE => date(value, today),
        names::T_DATE_TIME => date_time(value, today, false),
        names::T_INSTANT => date_time(value, today, true),
        names::T_TIME => {
            (!is_time(value, release == Release::R4)).then_some(("must be a time such as 14:30:00", Severity::Error))
        }
        names::T_CODE => code(value),
        names::T_ID => (!is_id(value)).then_some(("must be 1 to 64 letters, digits, hyphens or dots", Severity::Error)),
        names::T_CANONICAL if !value.starts_with('#') && !crate::message::is_absolute(value) => {
            error("must be an absolute URL, or # and the id of a contained resource")
        }
        names::T_URI | names::T_URL | names::T_CANONICAL => uri(value),
        names::T_OID => (!value.strip_prefix("urn:oid:").is_some_and(is_oid))
            .then_some(("must be urn:oid: and an OID", Severity::Error)),
        names::T_UUID => (!value.strip_prefix("urn:uuid:").is_some_and(is_lower_uuid))
            .then_some(("must be urn:uuid: and a UUID in lower case", Severity::Error)),
        names::T_BASE64_BINARY => base64(value),
        names::T_STRING | names::T_MARKDOWN => string(value, ty),
        _ => None,
    }
}

fn string(value: &str, ty: NameId) -> Verdict {
    if value.len() > 1 << 20 {
        return error("is longer than 1 MB");
    }
    // What the text says a string SHOULD be is a warning: only an empty one is forbidden.
    if value.is_empty() {
        return error("must not be empty");
    }
    if value.trim().is_empty() {
        return warning("holds white space only");
    }
    if value.chars().any(|c| c < ' ' && !matches!(c, '\t' | '\n' | '\r')) {
        return warning("holds control characters");
    }
    if ty == names::T_STRING && (value.starts_with(char::is_whitespace) || value.ends_with(char::is_whitespace)) {
        return warning("begins or ends with white space");
    }
    None
}

fn integer(value: &str, least: i64) -> Verdict {
    let digits = value.strip_prefix('-').unwrap_or(value);
    let shaped =
        !digits.is_empty() && digits.bytes().all(|b| b.is_ascii_digit()) && (digits == "0" || !digits.starts_with('0'));
    match value.parse::<i64>() {
        Ok(n) if shaped && n >= least && n <= i64::from(i32::MAX) => None,
        Ok(n) if shaped && n < least && least == 0 => error("must be 0 or more"),
        Ok(n) if shaped && n < least && least == 1 => error("must be 1 or more"),
        _ => error("must be a whole number of 32 bits"),
    }
}

fn decimal(value: &str, release: Release) -> Verdict {
    let body = value.strip_prefix('-').unwrap_or(value);
    let (mantissa, exponent) = match body.split_once(['e', 'E']) {
        Some((m, e)) => (m, Some(e)),
        None => (body, None),
    };
    let (whole, fraction) = mantissa.split_once('.').map_or((mantissa, None), |(w, f)| (w, Some(f)));
    let digits = |s: &str| !s.is_empty() && s.bytes().all(|b| b.is_ascii_digit());
    let good = digits(whole)
        && (whole == "0" || !whole.starts_with('0'))
        && fraction.is_none_or(digits)
        && exponent.is_none_or(|e| digits(e.strip_prefix(['+', '-']).unwrap_or(e)));
    if !good {
        return error("must be a decimal number such as 7.25");
    }
    // FHIR STU3, decimal: no exponents; R4 allows them.
    if exponent.is_some() && release == Release::Stu3 {
        return error("must be written without an exponent in STU3");
    }
    if whole.len() + fraction.map_or(0, str::len) > 18 {
        return warning("has more than 18 digits, which many receivers round");
    }
    None
}

fn number(bytes: &[u8]) -> Option<u32> {
    bytes.iter().try_fold(0u32, |n, b| b.is_ascii_digit().then(|| n * 10 + u32::from(b - b'0')))
}

const NOT_A_DATE: &str = "must be a date: YYYY, YYYY-MM or YYYY-MM-DD";

fn date(value: &str, today: &str) -> Verdict {
    let Some(year) = calendar_date(value) else { return error(NOT_A_DATE) };
    reasonable(year, today)
}

fn reasonable(year: u32, today: &str) -> Verdict {
    let now = today.get(..4).and_then(|y| y.parse::<u32>().ok()).unwrap_or(2100);
    if year < 1800 || year > now + 80 { warning("is in a year far from today") } else { None }
}

/// Year of a partial date that exists in the calendar.
pub(super) fn calendar_date(value: &str) -> Option<u32> {
    let bytes = value.as_bytes();
    let dash = |i: usize| bytes.get(i) == Some(&b'-');
    let year = number(bytes.get(..4)?)?;
    if year == 0 {
        return None;
    }
    match bytes.len() {
        4 => Some(year),
        7 if dash(4) => (1..=12).contains(&number(&bytes[5..7])?).then_some(year),
        10 if dash(4) && dash(7) => {
            let (month, day) = (number(&bytes[5..7])?, number(&bytes[8..10])?);
            (day >= 1 && day <= u32::from(days_in(year as i32, month as u8))).then_some(year)
        }
        _ => None,
    }
}

fn date_time(value: &str, today: &str, instant: bool) -> Verdict {
    let Some((day, rest)) = value.split_once('T') else {
        if instant {
            return error("must be an instant: date, time with seconds and zone");
        }
        return match calendar_date(value) {
            Some(year) => reasonable(year, today),
            None => error("must be a date, or date and time with zone: YYYY-MM-DDThh:mm:ss+hh:mm"),
        };
    };
    let (clock, zone) = match rest.find(['Z', '+', '-']) {
        Some(i) => rest.split_at(i),
        None => (rest, ""),
    };
    if zone.is_empty() && calendar_date(day).is_some() && is_time(clock, true) {
        return error("has a time, so it must have a time zone");
    }
    match calendar_date(day) {
        Some(year) if day.len() == 10 && is_time(clock, true) && is_zone(zone) => reasonable(year, today),
        _ => error("must be a date and time with seconds and zone: YYYY-MM-DDThh:mm:ss+hh:mm"),
    }
}

/// `hh:mm:ss` with an optional fraction; `leap` lets 60 seconds pass.
fn is_time(value: &str, leap: bool) -> bool {
    let bytes = value.as_bytes();
    if bytes.len() < 8 || bytes[2] != b':' || bytes[5] != b':' {
        return false;
    }
    let (Some(h), Some(m), Some(s)) = (number(&bytes[..2]), number(&bytes[3..5]), number(&bytes[6..8])) else {
        return false;
    };
    let fraction = &bytes[8..];
    h < 24
        && m < 60
        && (s < 60 || (leap && s == 60))
        && (fraction.is_empty()
            || (fraction[0] == b'.' && fraction.len() > 1 && fraction[1..].iter().all(u8::is_ascii_digit)))
}

fn is_zone(zone: &str) -> bool {
    let bytes = zone.as_bytes();
    match bytes {
        b"Z" => true,
        [b'+' | b'-', h1, h2, b':', m1, m2] => match (number(&[*h1, *h2]), number(&[*m1, *m2])) {
            (Some(h), Some(m)) => (h < 14 && m < 60) || (h == 14 && m == 0),
            _ => false,
        },
        _ => false,
    }
}

fn code(value: &str) -> Verdict {
    let odd = value.is_empty()
        || value.starts_with(char::is_whitespace)
        || value.ends_with(char::is_whitespace)
        || value.contains("  ")
        || value.contains(['\t', '\n', '\r']);
    if odd { error("must not have white space at its ends or two spaces together") } else { None }
}

pub(super) fn is_id(value: &str) -> bool {
    (1..=64).contains(&value.len()) && value.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'.')
}

fn uri(value: &str) -> Verdict {
    if value.is_empty() || value.contains(char::is_whitespace) {
        return error("must be a URI without white space");
    }
    if value.starts_with("oid:") || value.starts_with("uuid:") {
        return error("must begin with urn:oid: or urn:uuid:");
    }
    if let Some(oid) = value.strip_prefix("urn:oid:")
        && !is_oid(oid)
    {
        return error("must be a valid OID after urn:oid:");
    }
    if let Some(uuid) = value.strip_prefix("urn:uuid:") {
        let bare = uuid.split('#').next().unwrap_or("");
        if !is_uuid(bare) {
            return error("must be a valid UUID after urn:uuid:");
        }
        if bare.bytes().any(|b| b.is_ascii_uppercase()) {
            return warning(
                "holds a UUID with capitals, which receivers compare letter by letter: send it in lower case",
            );
        }
    }
    None
}

/// A UUID in lower case, as the data type asks.
fn is_lower_uuid(value: &str) -> bool {
    is_uuid(value) && !value.bytes().any(|b| b.is_ascii_uppercase())
}

fn base64(value: &str) -> Verdict {
    let mut count = 0usize;
    let mut padding = 0usize;
    for b in value.bytes() {
        match b {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'+' | b'/' if padding == 0 => count += 1,
            b'=' => padding += 1,
            b' ' | b'\n' | b'\r' | b'\t' => {}
            _ => return error("must be base64"),
        }
    }
    if !(count + padding).is_multiple_of(4) || padding > 2 || count == 0 {
        error("must be base64 in groups of four characters")
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn primitives_are_judged() {
        let cases = [
            (names::T_DATE, "1982-02-29", false),
            (names::T_DATE, "1984-02-29", true),
            (names::T_DATE, "22/02/1982", false),
            (names::T_DATE_TIME, "2020-01-01T10:00:00", false),
            (names::T_DATE_TIME, "2020-01-01T10:00:00.123+01:00", true),
            (names::T_DATE_TIME, "2020-13", false),
            (names::T_INSTANT, "2020-01-01", false),
            (names::T_POSITIVE_INT, "0", false),
            (names::T_INTEGER, "-12", true),
            (names::T_INTEGER, "007", false),
            (names::T_DECIMAL, "1.", false),
            (names::T_DECIMAL, "-0.10", true),
            (names::T_DECIMAL, "1.2E+2", true),
            (names::T_STRING, " ", false),
            (names::T_TIME, "10:00:60", true),
            (names::T_URI, "urn:uuid:0C3151BD-1CBF-4D64-B04D-CD9187A4C6E0", false),
            (names::T_CODE, "a b", true),
            (names::T_CODE, " a", false),
            (names::T_ID, "a_b", false),
            (names::T_URI, "urn:uuid:x", false),
            (names::T_URI, "urn:oid:2.16.840", true),
            (names::T_OID, "urn:oid:2.16.040", false),
            (names::T_BASE64_BINARY, "QUJD", true),
            (names::T_BASE64_BINARY, "QUJ", false),
        ];
        for (ty, value, good) in cases {
            assert_eq!(judge(ty, value, Release::R4, "2026-01-01").is_none(), good, "{ty} {value}");
        }
        for (ty, value) in [(names::T_DECIMAL, "1.2E+2"), (names::T_TIME, "10:00:60")] {
            assert!(judge(ty, value, Release::Stu3, "2026-01-01").is_some(), "{ty} {value}");
        }
    }
}
