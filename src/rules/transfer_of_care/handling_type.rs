//! Types of the parts of the handling specification.

use super::itk::{handling, part};
use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};

/// Metadata.
pub static META: Meta = Meta {
    id: "HM0623",
    name: "itk-handling-type",
    title: "a part of the handling specification has a value of the wrong type",
    family: Family::TransferOfCare,
    issue: "value",
    requirement: "ITK-02",
    basis: "ITK3, Extension-ITK-MessageHandling-2: types of the parts; code system ITK-RecipientType-1",
    criterion: "INT-5",
    why: "The receiver reads neither yes nor no, and answers 10002, 10003 or 10010.",
    remedy: "Send booleans as valueBoolean, the recipient type as valueCoding FA or FI, the definition as valueReference, the rest as valueString.",
    examples: &[
        Example::bad(
            "a boolean as text",
            r#"{"resourceType": "MessageHeader", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-ITK-MessageHandling-2", "extension": [{"url": "BusAckRequested", "valueString": "«true»"}]}], "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK003D"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}"#,
        ),
        Example::bad(
            "no such recipient type",
            r#"{"resourceType": "MessageHeader", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-ITK-MessageHandling-2", "extension": [{"url": "RecipientType", "valueCoding": «{"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-RecipientType-1", "code": "XX"}»}]}], "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK003D"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}"#,
        ),
        Example::good(
            "right types",
            r#"{"resourceType": "MessageHeader", "extension": [{"url": "https://fhir.nhs.uk/STU3/StructureDefinition/Extension-ITK-MessageHandling-2", "extension": [{"url": "BusAckRequested", "valueBoolean": true}, {"url": "RecipientType", "valueCoding": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-RecipientType-1", "code": "FI", "display": "For Information"}}]}], "event": {"system": "https://fhir.nhs.uk/STU3/CodeSystem/ITK-MessageEvent-2", "code": "ITK003D"}, "timestamp": "2026-01-01T10:00:00+00:00", "source": {"endpoint": "urn:x:1"}}"#,
        ),
    ],
    ..Meta::NEW
};

/// Parts have their types.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::Types(&["MessageHeader"])], check };

fn check<'a>(_: &'a Scene<'a, 'a>, at: Element<'a>, out: &mut Sink) {
    let Some(handling) = handling(at) else { return };
    let wanted = [
        ("BusAckRequested", names::T_BOOLEAN),
        ("InfAckRequested", names::T_BOOLEAN),
        ("RecipientType", names::T_CODING),
        ("MessageDefinition", names::T_REFERENCE),
        ("SenderReference", names::T_STRING),
        ("LocalExtension", names::T_STRING),
    ];
    for (name, ty) in wanted {
        let Some(found) = part(handling, name) else { continue };
        let Some(value) = found.child(names::VALUE) else {
            out.say(&META, found, format!("{name} has no value"));
            continue;
        };
        if value.type_id() != ty {
            out.say(&META, value, format!("{name} has a {} where a {ty} belongs", names::text(value.type_id())));
        } else if name == "RecipientType" && !matches!(value.text(names::CODE), Some("FA" | "FI")) {
            out.say(&META, value, "the recipient type is FA (for action) or FI (for information)");
        }
    }
}
