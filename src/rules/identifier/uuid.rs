//! UUIDs and OIDs as identifiers: bare where the system asks for it, as URIs where it asks for that.

use crate::finding::{Example, Explained, Family, Meta, Severity};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::text::{is_oid, is_uuid};
use crate::tree::{Element, names};

/// UUID-01.
pub static BARE: Meta = Meta {
    id: "HM0260",
    name: "uuid-not-bare",
    title: "an identifier under RFC 4122 is not a bare UUID",
    family: Family::Identifier,
    issue: "value",
    requirement: "UUID-01",
    basis: "ITK3 and GP Connect, identifier system https://tools.ietf.org/html/rfc4122; RFC 4122 section 3",
    criterion: "INT-5",
    why: "Receivers compare the value with a UUID they hold; with urn:uuid: before it they never match.",
    remedy: "Send 8-4-4-4-12 hexadecimal digits without urn:uuid:.",
    examples: &[
        Example::bad(
            "with urn:uuid:",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://tools.ietf.org/html/rfc4122", "value": "«urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0»"}]}"#,
        ),
        Example::good(
            "bare",
            r#"{"resourceType": "Patient", "identifier": [{"system": "https://tools.ietf.org/html/rfc4122", "value": "0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// UUID-03. That a value under urn:ietf:rfc:3986 is a URI at all (UUID-02) is checked with the base specification.
pub static URN: Meta = Meta {
    id: "HM0261",
    name: "urn-invalid",
    title: "a URN is not in its form",
    family: Family::Identifier,
    issue: "value",
    requirement: "UUID-03",
    basis: "RFC 8141, section 2; RFC 4122, section 3; RFC 3061; FHIR, data types uri, oid and uuid",
    criterion: "INT-1",
    why: "Nothing can refer to this resource: receivers drop the link or refuse the message.",
    remedy: "Send a full UUID with its hyphens, an OID whose numbers have no leading zeros, or urn:, a registered name space, a colon and the name.",
    explains: &[Explained::here("HM0111"), Explained::here("HM0610")],
    examples: &[
        Example::bad(
            "nothing after the prefix",
            r#"{"resourceType": "Patient", "identifier": [{"system": "urn:ietf:rfc:3986", "value": "«urn:uuid:»"}]}"#,
        ),
        Example::bad(
            "a word for a name space and nothing after it",
            r#"{"resourceType": "MedicationRequest", "status": "active", "intent": "order", "medicationCodeableConcept": {"text": "x"}, "subject": {"display": "x"}, "requester": {"reference": "«urn:staff-1»"}}"#,
        )
        .r4(),
        Example::bad(
            "without hyphens",
            r#"{"resourceType": "Patient", "identifier": [{"system": "urn:ietf:rfc:3986", "value": "«urn:uuid:0c3151bd1cbf4d64b04dcd9187a4c6e0»"}]}"#,
        )
        .r4(),
        Example::good(
            "another name space",
            r#"{"resourceType": "MessageHeader", "eventUri": "urn:test:x", "source": {"endpoint": "urn:nhs-uk:addressing:ods:X26"}}"#,
        )
        .r4(),
        Example::good(
            "a UUID",
            r#"{"resourceType": "Patient", "identifier": [{"system": "urn:ietf:rfc:3986", "value": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}"#,
        ),
        Example::good(
            "an OID",
            r#"{"resourceType": "Patient", "identifier": [{"system": "urn:ietf:rfc:3986", "value": "urn:oid:1.2.826.0.1285"}]}"#,
        ),
    ],
    ..Meta::NEW
};

/// UUID-02.
pub static URI: Meta = Meta {
    id: "HM0262",
    name: "uri-identifier-bare",
    title: "an identifier under RFC 3986 is a bare UUID or OID, not a URI",
    family: Family::Identifier,
    issue: "value",
    requirement: "UUID-02",
    basis: "FHIR, Identifier.system: with urn:ietf:rfc:3986 the value is an absolute URI",
    criterion: "INT-1",
    why: "The value names nothing under this system, so documents and resources are not found by it.",
    remedy: "Put urn:uuid: or urn:oid: before it.",
    examples: &[
        Example::bad(
            "a bare UUID",
            r#"{"resourceType": "Patient", "identifier": [{"system": "urn:ietf:rfc:3986", "value": "«0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0»"}]}"#,
        ),
        Example::good(
            "a URI",
            r#"{"resourceType": "Patient", "identifier": [{"system": "urn:ietf:rfc:3986", "value": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// Bare UUIDs.
pub static BARE_RULE: Rule = Rule {
    metas: &[&BARE],
    listens: &[Listens::identifier_of(&["https://tools.ietf.org/html/rfc4122"])],
    check: check_bare,
};

fn check_bare(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some((value, text)) = super::value::filled(at) else { return };
    if is_uuid(text) {
        return;
    }
    let says = match text.strip_prefix("urn:uuid:") {
        Some(rest) if is_uuid(rest) => "under this system the UUID is sent without urn:uuid:",
        _ if text.len() == 32 && text.bytes().all(|b| b.is_ascii_hexdigit()) => "the hyphens of the UUID are missing",
        _ => "this is not a UUID",
    };
    out.say(&BARE, value, says);
}

/// URNs.
pub static URN_RULE: Rule =
    Rule { metas: &[&URN], listens: &[Listens::Types(&["Identifier", "Reference", "Bundle"])], check: check_urn };

fn check_urn(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let mut check = |element: Option<Element<'_>>| {
        let Some(element) = element else { return };
        let Some(text) = element.value() else { return };
        if let Some(says) = urn_fault(text) {
            let draft = out.say(&URN, element, says);
            // Nothing that FHIR defines is broken: its data type uri takes them.
            if !text.starts_with("urn:uuid:") && !text.starts_with("urn:oid:") {
                draft.severity = Severity::Warning;
            }
        }
    };
    if at.type_id() == names::T_BUNDLE {
        at.named(names::ENTRY).for_each(|entry| check(entry.child(names::FULL_URL)));
    } else if at.type_id() == names::T_REFERENCE {
        check(at.child(names::REFERENCE));
    } else {
        check(at.child(names::VALUE));
        check(at.child(names::SYSTEM));
    }
}

/// What is wrong with a URN: `urn:`, a name space of 2 to 32 letters, digits and hyphens, a colon, and something after it (RFC
/// 8141); of UUIDs and OIDs their form too.
fn urn_fault(text: &str) -> Option<&'static str> {
    let rest = text.get(..4).filter(|front| front.eq_ignore_ascii_case("urn:")).map(|_| &text[4..])?;
    if let Some(uuid) = rest.strip_prefix("uuid:") {
        return (!is_uuid(uuid)).then_some("what follows urn:uuid: is not a UUID");
    }
    if let Some(oid) = rest.strip_prefix("oid:") {
        return (!is_oid(oid)).then_some("what follows urn:oid: is not an OID");
    }
    // A template that was left in is another rule's.
    if rest.contains(['[', '{', '<', '$']) {
        return None;
    }
    let Some((space, name)) = rest.split_once(':') else {
        return Some("a URN has a name space and a name, with a colon between");
    };
    let in_form = (2..=32).contains(&space.len())
        && space.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'-')
        && !space.starts_with('-')
        && !space.ends_with('-');
    if !in_form {
        return Some("the name space of a URN is 2 to 32 letters, digits and hyphens");
    }
    name.is_empty().then_some("the URN names nothing after its name space")
}

/// Bare values under RFC 3986.
pub static URI_RULE: Rule =
    Rule { metas: &[&URI], listens: &[Listens::identifier_of(&["urn:ietf:rfc:3986"])], check: check_uri };

fn check_uri(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let Some((value, text)) = super::value::filled(at) else { return };
    if is_uuid(text) {
        out.say(&URI, value, "under this system a UUID is sent as urn:uuid: and the UUID");
    } else if is_oid(text) {
        out.say(&URI, value, "under this system an OID is sent as urn:oid: and the OID");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn urns() {
        for (text, bad) in [
            ("urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", false),
            ("urn:uuid:0C3151BD-1CBF-4D64-B04D-CD9187A4C6E0", false),
            ("urn:uuid:", true),
            ("urn:uuid:0c3151bd1cbf4d64b04dcd9187a4c6e0", true),
            ("urn:oid:2.16.840", false),
            ("urn:oid:2.016", true),
            ("urn:oid:3.1", true),
            ("urn:oid:1", true),
            ("urn:nhs-uk:addressing:ods:X26", false),
            ("URN:ISBN:123", false),
            ("urn:staff-1", true),
            ("urn:x:1", true),
            ("urn::1", true),
            ("urn:staff id:1", true),
            ("urn:nhs:", true),
            ("http://x", false),
        ] {
            assert_eq!(urn_fault(text).is_some(), bad, "{text}");
        }
    }
}
