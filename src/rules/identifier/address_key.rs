//! Keys of addresses: UPRN and Postcode Address File.

use crate::finding::{Example, Family, Meta};
use crate::rules::{Listens, Rule, Scene, Sink};
use crate::tree::{Element, names};
use crate::uk::profiles::extensions::is_address_key;

/// UPRN-01.
pub static META: Meta = Meta {
    id: "HM0255",
    name: "address-key-format",
    title: "the address key is not a UPRN or PAF key",
    family: Family::Identifier,
    issue: "value",
    requirement: "UPRN-01",
    basis: "UK Core, Extension-UKCore-AddressKey; PDS FHIR API: UPRN 1 to 12 digits, PAF 8 digits; BS 7666",
    criterion: "INT-1",
    why: "The address cannot be placed on the map, so home visits and household checks go wrong.",
    remedy: "Send the key as the gazetteer gives it, digits only; leave it out when it is not known.",
    examples: &[
        Example::bad(
            "letters in a UPRN",
            r#"{"resourceType": "Patient", "address": [{"extension": [{"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AddressKey", "extension": [{"url": "type", "valueCoding": {"system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-AddressKeyType", "code": "UPRN"}}, {"url": "value", "valueString": "«ABC»"}]}]}]}"#,
        )
        .r4(),
        Example::good(
            "a UPRN",
            r#"{"resourceType": "Patient", "address": [{"extension": [{"url": "https://fhir.hl7.org.uk/StructureDefinition/Extension-UKCore-AddressKey", "extension": [{"url": "type", "valueCoding": {"system": "https://fhir.hl7.org.uk/CodeSystem/UKCore-AddressKeyType", "code": "UPRN"}}, {"url": "value", "valueString": "10011456322"}]}]}]}"#,
        )
        .r4(),
    ],
    ..Meta::NEW
};

/// The rule.
pub static RULE: Rule = Rule { metas: &[&META], listens: &[Listens::extension(is_address_key)], check };

fn check(_: &Scene<'_, '_>, at: Element<'_>, out: &mut Sink) {
    let part = |name: &str| {
        let found = at.named(names::EXTENSION).find(|e| e.text(names::URL) == Some(name));
        found.and_then(|e| e.child(names::VALUE))
    };
    let Some(value) = part("value") else { return };
    let Some(text) = value.value() else { return };
    let Some(kind) = part("type") else { return };
    let code = kind.named(names::CODING).next().unwrap_or(kind).text(names::CODE);
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let says = match code {
        Some("UPRN") if !digits || text.len() > 12 => "a UPRN is 1 to 12 digits",
        Some("UPRN") if text.bytes().all(|b| b == b'0') => "zero is nobody's UPRN",
        Some("PAF") if !digits || text.len() != 8 => "a PAF key is 8 digits",
        _ => return,
    };
    out.say(&META, value, says);
}
