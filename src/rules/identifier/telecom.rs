//! Phone numbers and email addresses.

use crate::finding::{Example, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// TEL-01.
pub static META: Meta = Meta {
    id: "HM0266",
    name: "telecom-value",
    title: "the phone number or email address cannot be used",
    family: Family::Identifier,
    severity: Severity::Warning,
    issue: "value",
    requirement: "TEL-01",
    basis: "FHIR, ContactPoint; GP Connect, ContactPoint: system, value and use; Ofcom, National Telephone Numbering Plan",
    criterion: "COD-5",
    why: "The patient or clinician cannot be reached when it matters.",
    remedy: "Send digits as they are dialled, with 0 or +44 in front; leave out what is not known.",
    examples: &[
        Example::bad(
            "words",
            r#"{"resourceType": "Patient", "telecom": [{"system": "phone", "value": "«n/a»", "use": "home"}]}"#,
        ),
        Example::bad(
            "zeros",
            r#"{"resourceType": "Patient", "telecom": [{"system": "phone", "value": "«00000000000»", "use": "home"}]}"#,
        ),
        Example::bad(
            "an email address as a phone number",
            r#"{"resourceType": "Patient", "telecom": [{"system": "phone", "value": "«test@example.org»", "use": "home"}]}"#,
        )
        .r4(),
        Example::good(
            "numbers and an address",
            r#"{"resourceType": "Patient", "telecom": [{"system": "phone", "value": "0113 243 2799", "use": "home"}, {"system": "sms", "value": "+447700900123"}, {"system": "email", "value": "test@example.org"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["ContactPoint"])], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some(value) = at.child(names::VALUE) else { return };
    let Some(text) = value.value() else { return };
    let fault = match at.text(names::SYSTEM) {
        Some("phone" | "sms" | "fax" | "pager") => phone(text),
        Some("email") => email(text),
        _ => None,
    };
    if let Some(says) = fault {
        out.say(&META, value, says);
    }
}

/// What is wrong with a phone number, read as it is dialled. A number of fewer than seven digits may be an extension
/// or a short code of a switchboard.
fn phone(text: &str) -> Option<&'static str> {
    let text = text.strip_prefix("tel:").unwrap_or(text);
    if text.contains('@') {
        return Some("this is an email address; its system is email");
    }
    // An extension may follow.
    let lower = text.find(['x', 'X', 'e', 'E', ';', '#']).map_or(text, |i| &text[..i]);
    // An international number drops the 0 of its area code; one in brackets is left out when dialled.
    let dialled = lower.trim().chars().filter(|c| c.is_ascii_digit() || matches!(c, '+' | '('));
    if dialled.clone().take(4).eq("+440".chars()) || dialled.take(5).eq("00440".chars()) {
        return Some("a number with the country code 44 drops the 0 of its area code");
    }
    let (mut digits, mut first, mut same, mut plus) = (0u32, None, true, false);
    let mut starts_with_zero = false;
    for (i, c) in lower.trim().char_indices() {
        match c {
            '0'..='9' => {
                if digits == 0 {
                    starts_with_zero = c == '0';
                }
                digits += 1;
                same &= *first.get_or_insert(c) == c;
            }
            '+' if i == 0 => plus = true,
            ' ' | '(' | ')' | '-' | '.' | '/' | '\u{A0}' | '\u{2011}' | '\u{2013}' => {}
            _ => return Some("this holds something other than a number"),
        }
    }
    if digits >= 6 && same {
        return Some("one digit over and over is nobody's number");
    }
    let fits = match (plus, starts_with_zero, digits) {
        (true, _, 7..=15) => true,
        (false, true, 10..=15) => true,
        // Without an area code: local numbers and short codes such as 111.
        (false, false, 3..=8) => true,
        _ => false,
    };
    (!fits).then_some("this has too few or too many digits for a number with its area code")
}

/// What is wrong with an email address: one @ with something on both sides, and no blanks.
fn email(text: &str) -> Option<&'static str> {
    let text = text.strip_prefix("mailto:").unwrap_or(text);
    let good = text.split_once('@').is_some_and(|(user, host)| {
        !user.is_empty() && host.contains('.') && !host.contains('@') && !host.starts_with('.') && !host.ends_with('.')
    });
    (!good || text.contains(char::is_whitespace)).then_some("this is not an email address")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn phones() {
        for (text, good) in [
            ("01132432799", true),
            ("0113 243 2799", true),
            ("(0113) 243-2799", true),
            ("+447700900123", true),
            ("+44 (0)113 243 2799", true),
            ("0044 113 243 2799", true),
            ("0113 243 2799 ext 12", true),
            ("tel:01132432799", true),
            ("111", true),
            ("243279", true),
            ("+4401132432799", false),
            ("+44 0113 243 2799", false),
            ("00440113 2432799", false),
            ("0113-xxx", false),
            ("n/a", false),
            ("00000000000", false),
            ("0113", false),
            ("", false),
            ("test@example.org", false),
        ] {
            assert_eq!(phone(text).is_none(), good, "{text}");
        }
    }

    #[test]
    fn emails() {
        for (text, good) in [
            ("test@example.org", true),
            ("mailto:test@example.org", true),
            ("test@@example.org", false),
            ("test", false),
            ("te st@example.org", false),
            ("test@nowhere", false),
        ] {
            assert_eq!(email(text).is_none(), good, "{text}");
        }
    }
}
