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
        Example::bad(
            "two links to the next page",
            r#"{"resourceType": "Bundle", "type": "searchset", "total": 0, "link": [{"relation": "self", "url": "https://hospital.test/Patient"}, {"relation": "next", "url": "https://hospital.test/Patient?page=2"}, {"relation": «"next"», "url": "https://hospital.test/Patient?page=3"}]}"#,
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
        self.page_links(bundle, kind);
        if kind == "searchset" {
            let own = bundle.named(names::LINK).any(|l| l.text(names::RELATION) == Some("self"));
            if !own {
                let mut draft =
                    self.plain(&KIND, bundle, bundle.span(), "search results should carry a link of relation self");
                draft.severity = Severity::Warning;
                self.emit(draft);
            }
            self.search_results(bundle);
        }
    }

    /// Links between pages: each relation once, and only where there are pages.
    fn page_links(&mut self, bundle: Element<'t>, kind: &str) {
        const PAGES: [&str; 6] = ["self", "first", "previous", "prev", "next", "last"];
        let paged = matches!(kind, "searchset" | "history");
        let mut seen = 0_u8;
        for link in bundle.named(names::LINK) {
            let Some(relation) = link.child(names::RELATION) else { continue };
            let Some(place) = PAGES.iter().position(|page| Some(*page) == relation.value()) else { continue };
            // Two names of one relation (RFC 8288, the registry of link relations).
            let place = if PAGES[place] == "prev" { place - 1 } else { place };
            let again = seen & 1 << place != 0;
            seen |= 1 << place;
            let (says, severity) = match (again, place > 0 && !paged) {
                (true, _) => ("a link of this relation stands here already", Severity::Error),
                (false, true) => ("links between pages belong to search results and histories", Severity::Warning),
                (false, false) => continue,
            };
            let mut draft = self.plain(&KIND, relation, relation.span(), says);
            draft.severity = severity;
            self.emit(draft);
        }
    }

    /// Entries of a search result: identified, and of the type that was searched for.
    fn search_results(&mut self, bundle: Element<'t>) {
        let Some(index) = self.message.bundles.get(&bundle.id()) else { return };
        let own = bundle.named(names::LINK).find(|l| l.text(names::RELATION) == Some("self"));
        let searched = own.and_then(|l| l.text(names::URL)).and_then(|url| self.searched_type(url));
        for entry in &index.entries {
            let Some(resource) = entry.resource else { continue };
            let mode = entry.element.child(names::SEARCH).and_then(|s| s.text(names::MODE));
            let outcome = names::text(resource.type_id()) == "OperationOutcome";
            let says = match (mode, searched) {
                (Some("outcome"), _) if !outcome => "an entry of the mode outcome holds an OperationOutcome".to_owned(),
                (Some("match"), Some(ty)) if resource.type_id() != ty => {
                    format!("the search was for {ty}, and the entry is of another type")
                }
                _ => String::new(),
            };
            if !says.is_empty() {
                let draft = self.plain(&KIND, resource, resource.span(), says);
                self.emit(draft);
            }
            if !outcome && resource.child(names::ID).is_none() {
                let says = "a resource that a search returns has an id";
                let mut draft = self.plain(&KIND, resource, resource.span(), says);
                // FHIR says so in words about servers, not of the Bundle.
                draft.severity = Severity::Warning;
                self.emit(draft);
            }
        }
    }

    /// The type that a search URL names (`[base]/Patient?name=x`, `[base]/Patient/_search`).
    fn searched_type(&self, url: &str) -> Option<names::NameId> {
        let path = url.split('?').next()?.trim_end_matches("/_search").trim_end_matches('/');
        let name = names::intern(path.rsplit('/').next()?);
        self.cx.plans.of_resource(self.release(), name).map(|_| name)
    }
}
