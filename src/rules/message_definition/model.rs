//! What a MessageDefinition says, STU3 or R4, and which one a header follows.

use crate::pack::model::{Datum, Release};
use crate::rules::Scene;
use crate::rules::query::{extension, last_segment, pair};
use crate::tree::{Element, names};
use crate::uk::profiles::extensions::MESSAGE_HANDLING;

/// A MessageDefinition.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Definition {
    /// Canonical.
    pub url: String,
    /// System of the event, empty for an event that is a URI.
    pub system: String,
    /// Code of the event, or the URI.
    pub code: String,
    /// What the focus may be.
    pub focus: Vec<Focus>,
}

/// One row of `focus`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Focus {
    /// Type of resource.
    pub ty: String,
    /// Profile, or empty.
    pub profile: String,
    /// At least so many.
    pub min: u32,
    /// At most so many; `None` is `*`.
    pub max: Option<u32>,
}

impl Definition {
    /// Reads a definition; parts that are missing stay empty.
    pub fn read(datum: &Datum) -> Self {
        let text = |d: &Datum, name: &str| d.str(name).unwrap_or("").to_owned();
        let event = datum.get("event").or_else(|| datum.get("eventCoding"));
        let uri = datum.str("eventUri").unwrap_or("");
        let row = |f: &Datum| Focus {
            ty: text(f, "code"),
            profile: f
                .str("profile")
                .or_else(|| f.get("profile").and_then(|p| p.str("reference")))
                .unwrap_or("")
                .to_owned(),
            min: f.str("min").and_then(|n| n.parse().ok()).unwrap_or(0),
            max: match f.str("max") {
                None | Some("*") => None,
                Some(n) => n.parse().ok(),
            },
        };
        Self {
            url: text(datum, "url"),
            system: event.map(|e| text(e, "system")).unwrap_or_default(),
            code: event.map_or_else(|| uri.to_owned(), |e| text(e, "code")),
            focus: datum.items("focus").iter().map(row).collect(),
        }
    }

    /// Whether the event of a header is this definition's.
    pub fn announces(&self, event: (&str, &str)) -> bool {
        (self.system.as_str(), self.code.as_str()) == event
    }
}

/// System and code of the event of a header; a URI has no system.
pub fn event(header: Element<'_>) -> (&str, &str) {
    let Some(event) = header.get("event") else { return ("", "") };
    event.value().map_or_else(|| pair(event), |uri| ("", uri))
}

/// The canonical of the definition that a header names: R4 `definition`, or the part of the ITK3 handling extension.
pub fn named(header: Element<'_>) -> Option<Element<'_>> {
    if let Some(definition) = header.get("definition") {
        return Some(definition);
    }
    let handling = extension(header, MESSAGE_HANDLING)?;
    let part = handling.named(names::EXTENSION).find(|e| e.text(names::URL) == Some("MessageDefinition"))?;
    part.child(names::VALUE)?.child(names::REFERENCE)
}

/// The definition that a header follows: the one it names, else the only one of its event. User packages alone are
/// looked at, and only when they hold MessageDefinitions.
pub fn of<'a>(scene: &'a Scene<'a, 'a>, header: Element<'a>) -> Option<Definition> {
    let name = named(header).and_then(Element::value);
    let bare = name.map(|n| n.split_once('|').map_or(n, |(url, _)| url));
    let release = scene.release();
    let mut fitting = scene
        .plans
        .catalogue()
        .message_definitions()
        .iter()
        .filter(|(own, _)| own.is_none_or(|own: Release| own == release))
        .map(|(_, datum)| Definition::read(datum))
        .filter(|d| bare.is_none_or(|url| d.url == url || last_segment(&d.url) == last_segment(url)))
        .filter(|d| bare.is_some() || d.announces(event(header)));
    let first = fitting.next()?;
    (bare.is_some() || fitting.next().is_none()).then_some(first)
}

/// Whether any user package holds MessageDefinitions.
pub fn any_held(scene: &Scene<'_, '_>) -> bool {
    !scene.plans.catalogue().message_definitions().is_empty()
}

/// A definition for examples: a referral with one ServiceRequest in focus.
pub(super) const REFERRAL: &[&str] = &[
    r#"{"resourceType": "MessageDefinition", "url": "https://hospital.test/MessageDefinition/referral", "version": "1.0.0", "name": "Referral", "status": "active", "date": "2026-01-01", "eventCoding": {"system": "https://hospital.test/events", "code": "referral"}, "focus": [{"code": "ServiceRequest", "profile": "https://hospital.test/StructureDefinition/Referral", "min": 1, "max": "1"}]}"#,
];

#[cfg(test)]
mod tests {
    use super::*;
    use crate::pack::datum::parse_json;

    #[test]
    fn both_releases_are_read() {
        let stu3 = r#"{"resourceType":"MessageDefinition","url":"https://x.test/MessageDefinition/a","event":{"system":"https://x.test/e","code":"E1"},
            "focus":[{"code":"Bundle","profile":{"reference":"https://x.test/p"},"min":1,"max":"1"}]}"#;
        let r4 = r#"{"resourceType":"MessageDefinition","url":"https://x.test/MessageDefinition/b","eventCoding":{"system":"https://x.test/e","code":"E1"},
            "focus":[{"code":"Bundle","profile":"https://x.test/p","min":1,"max":"1"}]}"#;
        for text in [stu3, r4] {
            let read = Definition::read(&parse_json(text.as_bytes()).unwrap());
            assert!(read.announces(("https://x.test/e", "E1")), "{text}");
            let focus = Focus { ty: "Bundle".into(), profile: "https://x.test/p".into(), min: 1, max: Some(1) };
            assert_eq!(read.focus, [focus]);
        }
    }
}
