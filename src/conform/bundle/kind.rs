//! What a Bundle of each type must carry as a whole.

use crate::conform::checker::Checker;
use crate::finding::{Example, Meta, Severity};
use crate::pack::model::Release;
use crate::tree::{Element, names};

/// Kind.
pub static KIND: Meta = Meta {
    id: "HM0145",
    name: "bundle-kind",
    title: "the bundle does not have what a bundle of its type must have",
    issue: "invalid",
    basis: "FHIR, Bundle: documents, messages, search results",
    criterion: "INT-1",
    why: "Receivers decide by the type how to process the bundle, and stop when a part is missing.",
    remedy: "Add what is named, or send the bundle under another type.",
    examples: &[
        Example::bad(
            "an STU3 document without a date",
            r#"«{"resourceType": "Bundle", "type": "document", "identifier": {"system": "https://hospital.test/doc", "value": "1"}, "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "status": "final", "type": {"text": "x"}, "subject": {"display": "x"}, "date": "2026-01-01", "author": [{"display": "x"}], "title": "x"}}]}»"#,
        ),
        Example::good("a collection", r#"{"resourceType": "Bundle", "type": "collection"}"#),
    ],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    pub(super) fn bundle_kind(&mut self, bundle: Element<'t>, kind: &str) {
        if kind == "document" && self.release() == Release::Stu3 {
            let dated = bundle.child(names::META).is_some_and(|m| m.child(names::LAST_UPDATED).is_some());
            if !dated {
                let draft =
                    self.plain(&KIND, bundle, bundle.span(), "a document needs a date: meta.lastUpdated is missing");
                self.emit(draft);
            }
        }
        if kind == "searchset" {
            let own = bundle.named(names::LINK).any(|l| l.text(names::RELATION) == Some("self"));
            if !own {
                let mut draft =
                    self.plain(&KIND, bundle, bundle.span(), "search results should carry a link of relation self");
                draft.severity = Severity::Warning;
                self.emit(draft);
            }
        }
    }
}
