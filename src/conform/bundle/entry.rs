//! Entries: the first of a document or message, and fullUrls.

use crate::conform::checker::Checker;
use crate::finding::{Dimension, Example, Explained, Meta, Severity};
use crate::message::{is_absolute, logical_id};
use crate::tree::{Element, names};
use crate::uk::profiles::WITHOUT_FULL_URL;

/// First entry.
pub static FIRST: Meta = Meta {
    id: "HM0146",
    name: "bundle-first-entry",
    title: "the first entry is not what the bundle's type asks for",
    issue: "invalid",
    basis: "FHIR, Bundle: a document begins with a Composition, a message with a MessageHeader",
    criterion: "INT-1",
    why: "Receivers read the first entry to know what to do with the rest.",
    remedy: "Put the Composition (document) or MessageHeader (message) first.",
    examples: &[
        Example::bad(
            "a message that begins with a patient",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [«{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "active": true}}»]}"#,
        ),
        Example::good("a collection", r#"{"resourceType": "Bundle", "type": "collection"}"#),
    ],
    ..Meta::NEW
};

/// fullUrl.
pub static FULL_URL: Meta = Meta {
    id: "HM0147",
    name: "bundle-full-url",
    title: "the entry's fullUrl is missing, relative, repeated, or does not fit its resource",
    issue: "invalid",
    dimension: Dimension::Uniqueness,
    basis: "FHIR, Bundle.entry.fullUrl",
    criterion: "INT-1",
    why: "References are resolved by fullUrl: without a good one they lead nowhere, or to the wrong resource.",
    remedy: "Give each entry an absolute fullUrl of its own; when it is RESTful it must end in the resource's type and id.",
    explains: &[
        Explained::above("HM0141").about("bdl-7"),
        Explained::here("HM0149").when("repeated"),
        Explained::here("HM0820"),
    ],
    examples: &[
        Example::bad(
            "a relative one",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [«{"fullUrl": "Patient/1", "resource": {"resourceType": "Patient", "id": "1", "active": true}}»]}"#,
        ),
        Example::good(
            "a UUID",
            r#"{"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "id": "1", "active": true}}]}"#,
        ),
    ],
    ..Meta::NEW
};

fn claims_no_full_urls(bundle: Element<'_>) -> bool {
    let meta = bundle.child(names::META);
    meta.is_some_and(|m| m.named(names::PROFILE).filter_map(Element::value).any(|p| WITHOUT_FULL_URL.contains(&p)))
}

/// More entries than these without a fullUrl are one finding.
const MANY: usize = 5;

impl<'t> Checker<'_, 't> {
    pub(super) fn bundle_entries(&mut self, bundle: Element<'t>, kind: &str) {
        let Some(index) = self.message.bundles.get(&bundle.id()) else { return };
        self.first_entry(bundle, kind);
        let without = index.entries.iter().filter(|e| e.resource.is_some() && e.full_url.is_none()).count();
        let mut said = 0;
        let optional = matches!(kind, "transaction" | "transaction-response" | "batch" | "batch-response");
        for (i, entry) in index.entries.iter().enumerate() {
            let Some(resource) = entry.resource else { continue };
            let Some(url) = entry.full_url else {
                let urgent = matches!(kind, "document" | "message") && index.entries.len() > 1;
                said += 1;
                // A feed that never sends fullUrls says so once a bundle, not once an entry.
                if !optional && (without <= MANY || said == 1) {
                    let says = if without <= MANY {
                        "the entry has no fullUrl".to_owned()
                    } else {
                        format!("the entry has no fullUrl, nor have {} others of this bundle", without - 1)
                    };
                    let mut draft = self.plain(&FULL_URL, entry.element, entry.element.span(), says);
                    draft.key = "missing".into();
                    draft.severity = if claims_no_full_urls(bundle) {
                        Severity::Information
                    } else if urgent || kind == "searchset" || kind == "collection" || kind == "history" {
                        Severity::Error
                    } else {
                        Severity::Warning
                    };
                    self.emit(draft);
                }
                continue;
            };
            if !is_absolute(url) {
                let says = "the fullUrl is not absolute";
                let mut draft = self.plain(&FULL_URL, entry.element, entry.element.span(), says);
                "relative".clone_into(&mut draft.key);
                self.emit(draft);
            } else if let Some((base, ty, id)) = logical_id(url).filter(|(_, ty, _)| self.restful(url, ty)) {
                self.restful_full_url(entry.element, resource, (base, ty, id));
            }
            if kind != "history" {
                let version = |r: Element<'t>| r.child(names::META).and_then(|m| m.text(names::VERSION_ID));
                let same = index.by_url.get(url).map_or(&[][..], |all| all.as_slice());
                let twin = same.iter().any(|&o| {
                    (o as usize) < i
                        && index.entries[o as usize].resource.is_some_and(|r| version(r) == version(resource))
                });
                if twin {
                    let says = "another entry has the same fullUrl";
                    let mut draft = self.plain(&FULL_URL, entry.element, entry.element.span(), says);
                    "repeated".clone_into(&mut draft.key);
                    self.emit(draft);
                }
            }
        }
    }

    /// Whether a URL names a resource on a server: what stands for the type is one that FHIR defines.
    fn restful(&self, url: &str, ty: &str) -> bool {
        url.starts_with("http") && self.cx.plans.of_resource(self.release(), names::intern(ty)).is_some()
    }

    fn restful_full_url(&mut self, entry: Element<'t>, resource: Element<'t>, (_, ty, id): (&str, &str, &str)) {
        let says = match resource.text(names::ID) {
            None => "the fullUrl looks RESTful, and the resource has no id".to_owned(),
            Some(own) if own != id || names::text(resource.type_id()) != ty => {
                "the fullUrl does not end in the resource's type and id".to_owned()
            }
            _ => return,
        };
        let draft = self.plain(&FULL_URL, entry, entry.span(), says);
        self.emit(draft);
    }

    fn first_entry(&mut self, bundle: Element<'t>, kind: &str) {
        let wanted = match kind {
            "document" => names::T_COMPOSITION,
            "message" => names::T_MESSAGE_HEADER,
            _ => return,
        };
        let Some(index) = self.message.bundles.get(&bundle.id()) else { return };
        let Some(first) = index.entries.first() else {
            let draft = self.plain(&FIRST, bundle, bundle.span(), format!("a {kind} needs entries, a {wanted} first"));
            self.emit(draft);
            return;
        };
        let says = match first.resource {
            None => format!("the first entry of a {kind} has no resource"),
            Some(resource) if resource.type_id() != wanted => format!("the first entry of a {kind} must be a {wanted}"),
            Some(_) => return,
        };
        let draft = self.plain(&FIRST, first.element, first.element.span(), says);
        self.emit(draft);
    }
}
