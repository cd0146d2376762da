//! Links between entries of documents and messages: found, and reaching every entry.

use std::collections::HashMap;

use crate::conform::checker::Checker;
use crate::finding::{Example, Meta, Severity};
use crate::message::Resolved;
use crate::tree::{Element, NodeId, flags, names};

/// Not in the bundle.
pub static NOT_FOUND: Meta = Meta {
    id: "HM0148",
    name: "bundle-reference-not-found",
    title: "a document or message refers to a resource that it does not hold",
    issue: "not-found",
    basis: "FHIR, documents and messaging: what the Composition or MessageHeader refers to travels with it",
    criterion: "INT-1",
    why: "A document must be complete by itself: the receiver has nowhere else to look.",
    remedy: "Add the resource to the bundle, with the fullUrl that the reference names.",
    examples: &[
        Example::bad(
            "the subject is missing",
            r#"{"resourceType": "Bundle", "type": "document", "meta": {"lastUpdated": "2026-01-01T00:00:00Z"}, "identifier": {"system": "https://hospital.test/doc", "value": "1"}, "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "status": "final", "type": {"text": "x"}, "subject": «{"reference": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0"}», "date": "2026-01-01", "author": [{"display": "x"}], "title": "x"}}]}"#,
        ),
        Example::good(
            "a relative fullUrl, which is a fault of its own, still names the patient",
            r#"{"resourceType": "Bundle", "type": "document", "timestamp": "2026-01-01T00:00:00Z", "identifier": {"system": "https://hospital.test/doc", "value": "1"}, "entry": [{"fullUrl": "Composition/1", "resource": {"resourceType": "Composition", "id": "1", "status": "final", "type": {"text": "x"}, "subject": {"reference": "Patient/2"}, "date": "2026-01-01", "author": [{"display": "x"}], "title": "x"}}, {"fullUrl": "Patient/2", "resource": {"resourceType": "Patient", "id": "2", "active": true}}]}"#,
        )
        .r4(),
        Example::good("a collection", r#"{"resourceType": "Bundle", "type": "collection"}"#),
    ],
    ..Meta::NEW
};

/// Nothing leads there.
pub static UNREACHABLE: Meta = Meta {
    id: "HM0149",
    name: "bundle-entry-unreachable",
    title: "no link leads from the first entry to this one",
    issue: "informational",
    basis: "FHIR, documents and messaging: every entry is reached by references from the first",
    criterion: "INT-1",
    why: "Receivers that follow links do not see the resource.",
    remedy: "Refer to it from the Composition, the MessageHeader or a resource they lead to; or leave it out.",
    examples: &[
        Example::bad(
            "a message whose header names no focus",
            r#"{"resourceType": "Bundle", "type": "message", "entry": [«{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "MessageHeader", "event": {"system": "https://hospital.test/event", "code": "x"}, "timestamp": "2026-01-01T00:00:00Z", "source": {"endpoint": "https://hospital.test"}}}», {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "active": true}}, {"fullUrl": "urn:uuid:2c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Location", "name": "x"}}]}"#,
        ),
        Example::bad(
            "a patient nobody refers to",
            r#"{"resourceType": "Bundle", "type": "document", "meta": {"lastUpdated": "2026-01-01T00:00:00Z"}, "identifier": {"system": "https://hospital.test/doc", "value": "1"}, "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "status": "final", "type": {"text": "x"}, "subject": {"display": "x"}, "date": "2026-01-01", "author": [{"display": "x"}], "title": "x"}}, «{"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "active": true}}»]}"#,
        ),
        Example::good("a collection", r#"{"resourceType": "Bundle", "type": "collection"}"#),
    ],
    ..Meta::NEW
};

/// References of a Composition and MessageHeader that must lead to an entry, as (element path, repeated below).
const COMPOSITION: &[&str] = &["subject", "author", "encounter", "custodian"];

impl<'t> Checker<'_, 't> {
    pub(super) fn bundle_links(&mut self, bundle: Element<'t>, kind: &str) {
        if !matches!(kind, "document" | "message") {
            return;
        }
        let Some(index) = self.message.bundles.get(&bundle.id()) else { return };
        let Some(first) = index.entries.first().and_then(|e| e.resource) else { return };
        for reference in self.required_references(first) {
            self.must_be_held(reference);
        }
        self.reachability(bundle, kind);
    }

    fn required_references(&self, first: Element<'t>) -> Vec<Element<'t>> {
        let mut out = Vec::new();
        match first.type_id() {
            names::T_COMPOSITION => {
                for name in COMPOSITION {
                    out.extend(first.all(name));
                }
                out.extend(first.all("attester").flat_map(|a| a.all("party")));
                out.extend(first.all("event").flat_map(|e| e.all("detail")));
                sections(first, &mut out);
            }
            names::T_MESSAGE_HEADER => out.extend(first.all("focus")),
            _ => {}
        }
        out
    }

    fn must_be_held(&mut self, reference: Element<'t>) {
        let Some(text) = reference.text(names::REFERENCE) else { return };
        if text.starts_with('#') {
            return;
        }
        if matches!(self.message.resolve(reference, text), Resolved::NotInBundle) {
            let draft =
                self.plain(&NOT_FOUND, reference, reference.span(), "the bundle has no entry for this reference");
            self.emit(draft);
        }
    }

    /// Entries that no chain of links from the first reaches.
    fn reachability(&mut self, bundle: Element<'t>, kind: &str) {
        let Some(index) = self.message.bundles.get(&bundle.id()) else { return };
        let by_node: HashMap<NodeId, usize> =
            index.entries.iter().enumerate().filter_map(|(i, e)| e.resource.map(|r| (r.id(), i))).collect();
        let mut forward: Vec<Vec<usize>> = vec![Vec::new(); index.entries.len()];
        let mut backward: Vec<Vec<usize>> = vec![Vec::new(); index.entries.len()];
        for (i, entry) in index.entries.iter().enumerate() {
            let Some(resource) = entry.resource else { continue };
            for target in self.targets_below(resource) {
                if let Some(&to) = by_node.get(&target) {
                    forward[i].push(to);
                    backward[to].push(i);
                }
            }
        }
        let mut reached = vec![false; index.entries.len()];
        let mut waiting = vec![0];
        while let Some(at) = waiting.pop() {
            if !std::mem::replace(&mut reached[at], true) {
                waiting.extend(forward[at].iter().chain(&backward[at]).copied());
            }
        }
        let unreached = || index.entries.iter().zip(&reached).filter(|(e, reached)| !**reached && e.resource.is_some());
        // A header without a focus leads nowhere: that is one fault, not one an entry.
        if let Some(header) = index.entries.first().filter(|e| self.has_no_focus(e.resource))
            && unreached().next().is_some()
        {
            let count = unreached().count();
            let says = format!("the MessageHeader has no focus, so no link leads to {count} of the message's entries");
            let mut draft = self.plain(&UNREACHABLE, header.element, header.element.span(), says);
            draft.severity = Severity::Warning;
            self.emit(draft);
            return;
        }
        for (entry, _) in unreached() {
            let mut draft = self.plain(
                &UNREACHABLE,
                entry.element,
                entry.element.span(),
                format!("no link leads to this entry of the {kind}"),
            );
            draft.severity = if kind == "document" { Severity::Error } else { Severity::Warning };
            self.emit(draft);
        }
    }

    fn has_no_focus(&self, first: Option<Element<'t>>) -> bool {
        first.is_some_and(|r| r.type_id() == names::T_MESSAGE_HEADER && r.get("focus").is_none())
    }

    /// Resources that anything below `at` refers to.
    fn targets_below(&self, at: Element<'t>) -> Vec<NodeId> {
        let mut out = Vec::new();
        let mut waiting = vec![at];
        while let Some(element) = waiting.pop() {
            if element.type_id() == names::T_REFERENCE {
                if let Some(target) =
                    element.text(names::REFERENCE).and_then(|r| self.message.resolve(element, r).target())
                {
                    out.push(target.id());
                }
            } else if matches!(element.type_id(), names::T_URI | names::T_CANONICAL | names::T_URL)
                && element.node().is(flags::HAS_VALUE)
                && let Some(target) = element.value().and_then(|r| self.message.resolve(element, r).target())
            {
                out.push(target.id());
            }
            waiting.extend(element.children());
        }
        out
    }
}

fn sections<'t>(at: Element<'t>, out: &mut Vec<Element<'t>>) {
    for section in at.all("section") {
        out.extend(section.all("entry"));
        out.extend(section.all("author"));
        sections(section, out);
    }
}
