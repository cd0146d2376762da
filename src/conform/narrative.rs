//! Narrative: only the markup FHIR allows, and links that lead somewhere.

use super::checker::{Checker, Pass};
use super::narrative_markup::{Markup, judge, judge_within};
use std::sync::Arc;

use crate::finding::{Dimension, Example, Meta, Severity};
use crate::text::{TextMap, TextSet};
use crate::tree::{Element, names};

/// Markup.
pub static MARKUP: Meta = Meta {
    id: "HM0139",
    name: "narrative-markup",
    title: "the narrative holds markup that is not allowed",
    issue: "invalid",
    basis: "FHIR, Narrative.div; invariants txt-1 and txt-2",
    criterion: "INT-1",
    why: "Receivers refuse the message, or show the text without the part they do not trust.",
    remedy: "Use the basic formatting elements of XHTML only; no scripts, forms, styles sheets, frames or event attributes.",
    examples: &[
        Example::bad(
            "a script",
            r#"{"resourceType": "Patient", "text": {"status": "generated", "div": «"<div xmlns=\"http://www.w3.org/1999/xhtml\"><script>x</script></div>"»}, "active": true}"#,
        ),
        Example::bad(
            "no text",
            r#"{"resourceType": "Patient", "text": {"status": "generated", "div": «"<div xmlns=\"http://www.w3.org/1999/xhtml\"> </div>"»}, "active": true}"#,
        ),
        Example::good(
            "a paragraph",
            r#"{"resourceType": "Patient", "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>x</p></div>"}, "active": true}"#,
        ),
    ],
    ..Meta::NEW
};

/// Links.
pub static LINK: Meta = Meta {
    id: "HM0140",
    name: "narrative-link",
    title: "a link in the narrative leads nowhere",
    issue: "invalid",
    basis: "FHIR, Narrative: links and anchors",
    criterion: "INT-1",
    why: "The reader clicks and gets nothing.",
    remedy: "Link with http, https, mailto, tel or to an anchor (#id) in the same narrative.",
    examples: &[
        Example::bad(
            "a urn",
            r#"{"resourceType": "Patient", "text": {"status": "generated", "div": «"<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0\">x</a></div>"»}, "active": true}"#,
        ),
        Example::bad(
            "an anchor that is not there",
            r##"{"resourceType": "Patient", "text": {"status": "generated", "div": «"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p id=\"a\">x</p><a href=\"#b\">x</a></div>"»}, "active": true}"##,
        ),
        Example::bad(
            "a link from data to an anchor that the document lacks",
            r##"{"resourceType": "Bundle", "type": "collection", "entry": [{"fullUrl": "urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Composition", "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p id=\"a\">x</p></div>"}, "status": "final", "type": {"text": "x"}, "subject": {"display": "x"}, "date": "2026-01-01", "author": [{"display": "x"}], "title": "x"}}, {"fullUrl": "urn:uuid:1c3151bd-1cbf-4d64-b04d-cd9187a4c6e0", "resource": {"resourceType": "Patient", "extension": [{"url": "http://hl7.org/fhir/StructureDefinition/narrativeLink", "valueUrl": "«urn:uuid:0c3151bd-1cbf-4d64-b04d-cd9187a4c6e0#b»"}]}}]}"##,
        )
        .r4(),
        Example::good(
            "an anchor of the narrative",
            r##"{"resourceType": "Patient", "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><p id=\"a\">x</p><a href=\"#a\">x</a></div>"}, "active": true}"##,
        ),
        Example::good(
            "a page",
            r#"{"resourceType": "Patient", "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"https://hospital.test/\">x</a></div>"}, "active": true}"#,
        ),
    ],
    ..Meta::NEW
};

/// Language.
pub static LANGUAGE: Meta = Meta {
    id: "HM0156",
    name: "narrative-language",
    title: "the narrative does not state the language of its resource",
    severity: Severity::Warning,
    dimension: Dimension::Consistency,
    issue: "business-rule",
    basis: "FHIR, Resource.language: the narrative states the same language in lang and xml:lang",
    criterion: "INT-1",
    why: "Screen readers pronounce the text by the rules of the language that is stated.",
    remedy: "Give the div a lang and an xml:lang with the value of Resource.language.",
    examples: &[
        Example::bad(
            "a div without a language",
            r#"{"resourceType": "Patient", "language": "en-GB", "text": {"status": "generated", "div": «"<div xmlns=\"http://www.w3.org/1999/xhtml\"><p>x</p></div>"»}, "active": true}"#,
        ),
        Example::good(
            "the same language",
            r#"{"resourceType": "Patient", "language": "en-GB", "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\" lang=\"en-GB\" xml:lang=\"en-GB\"><p>x</p></div>"}, "active": true}"#,
        ),
    ],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    /// The markup of one Narrative.
    pub(super) fn narrative(&mut self, at: Element<'t>, pass: Pass<'_>) {
        let Some(div) = at.child(names::DIV) else { return };
        let Some(text) = div.value() else { return };
        let markup = judge_within(text, self.message.tree.xml);
        // A step for each few signs that were read.
        self.steps += text.len() as u64 / 16;
        for fault in &markup.faults {
            let draft = self.draft(&MARKUP, pass, 0, div, format!("the narrative holds {fault}"));
            self.emit(draft);
        }
        // Broken markup may only seem empty.
        if !markup.content && markup.faults.is_empty() {
            let draft = self.draft(&MARKUP, pass, 0, div, "the narrative holds no text".to_owned());
            self.emit(draft);
        }
        for (number, fault) in &markup.links {
            let draft = self.draft(&LINK, pass, 0, div, format!("link {number} of the narrative {fault}"));
            self.emit(draft);
        }
        let mut held: TextSet<&str> = markup.anchors.iter().map(String::as_str).collect();
        if !markup.contained.is_empty() {
            held.extend(at.resource().named(names::CONTAINED).filter_map(|c| c.text(names::ID)));
        }
        let lost = markup.contained.iter().filter(|(_, anchor)| !held.contains(anchor.as_str()));
        let lost = lost.map(|(number, _)| (*number, "is of a resource that is not contained", true));
        for (number, fault, forbidden) in markup.images.iter().copied().chain(lost).collect::<Vec<_>>() {
            let mut draft = self.draft(&MARKUP, pass, 0, div, format!("image {number} of the narrative {fault}"));
            draft.severity = if forbidden { Severity::Error } else { Severity::Warning };
            self.emit(draft);
        }
        self.anchors(div, pass, &markup);
        self.language(at, div, pass, &markup);
    }

    /// Anchors that links of the narrative name, in it or elsewhere in the resource; and none of them twice.
    fn anchors(&mut self, div: Element<'t>, pass: Pass<'_>, markup: &Markup) {
        let mut own: TextSet<&str> = TextSet::default();
        let twice = markup.anchors.iter().position(|anchor| !own.insert(anchor));
        own.extend(markup.anchors.iter().map(String::as_str));
        let mut lost: Vec<&(u32, String)> = markup.inner.iter().filter(|(_, a)| !own.contains(a.as_str())).collect();
        if !lost.is_empty() {
            let known = self.names_of(div.root_resource());
            lost.retain(|(_, anchor)| !known.contains(anchor.as_str()));
        }
        let mut warn = |says: String| {
            let mut draft = self.draft(&LINK, pass, 0, div, says);
            draft.severity = Severity::Warning;
            self.emit(draft);
        };
        if let Some(i) = twice {
            warn(format!("anchor {} of the narrative has the id of an earlier one", i + 1));
        }
        for (number, _) in lost {
            warn(format!("link {number} of the narrative leads to an anchor that is not there"));
        }
    }

    /// Ids of the elements of a resource and anchors of its narratives, gathered once for all of its narratives.
    fn names_of(&mut self, resource: Element<'t>) -> Arc<TextSet<String>> {
        if let Some((of, names)) = &self.anchors
            && *of == resource.id()
        {
            return Arc::clone(names);
        }
        let mut names = TextSet::default();
        gather(resource, &mut names);
        let names = Arc::new(names);
        self.anchors = Some((resource.id(), Arc::clone(&names)));
        names
    }

    /// A link from data to the narrative that shows them: the entry is in the bundle, and the anchor in it, once.
    pub(super) fn narrative_link(&mut self, at: Element<'t>, pass: Pass<'_>) {
        let Some(value) = at.child(names::VALUE) else { return };
        let Some((target, anchor)) = value.value().and_then(|v| v.split_once('#')) else { return };
        let Some((bundle, index)) = self.message.bundle_of(at) else { return };
        let found = index.by_url.get(target).and_then(|found| found.first());
        let says = match found.and_then(|&entry| index.entries[entry as usize].resource) {
            None => "the bundle has no entry of this fullUrl, whose narrative the link names",
            Some(resource) => match self.times_in(resource, anchor) {
                0 => "the narrative that the link names has no such anchor",
                1 => return,
                _ => "the narrative that the link names has this anchor several times",
            },
        };
        let mut draft = self.draft(&LINK, pass, 0, value, says.to_owned());
        draft.path = bundle.path();
        draft.notes.push(format!("at {}", value.path()));
        self.emit(draft);
    }

    /// How often the narratives of a resource have an anchor.
    fn times_in(&mut self, resource: Element<'t>, anchor: &str) -> usize {
        let counted = self.anchors_of.entry(resource.id()).or_insert_with(|| {
            let mut anchors = TextMap::default();
            anchors_in(resource, &mut anchors);
            anchors
        });
        counted.get(anchor).copied().unwrap_or(0)
    }

    /// The language of the narrative is that of the resource, and is said.
    fn language(&mut self, at: Element<'t>, div: Element<'t>, pass: Pass<'_>, markup: &Markup) {
        let resource = at.resource();
        if at.parent() != Some(resource) {
            return;
        }
        let Some(language) = resource.text(names::LANGUAGE) else { return };
        let says = if markup.languages.is_empty() {
            "the resource states its language, and the div of its narrative does not"
        } else if markup.languages.iter().any(|l| l != language) {
            "the narrative states another language than its resource"
        } else {
            return;
        };
        let draft = self.draft(&LANGUAGE, pass, 0, div, says.to_owned());
        self.emit(draft);
    }
}

/// Links from data to narrative.
pub(super) const NARRATIVE_LINK: &str = "http://hl7.org/fhir/StructureDefinition/narrativeLink";

/// Ids below an element, and anchors of markup.
fn gather(at: Element<'_>, out: &mut TextSet<String>) {
    out.extend(at.text(names::ID).map(str::to_owned));
    if let Some(markup) = markup_of(at) {
        out.extend(markup.anchors);
    }
    at.children().for_each(|child| gather(child, out));
}

/// Anchors of the narratives of a resource, and how often each stands there.
fn anchors_in(at: Element<'_>, out: &mut TextMap<String, usize>) {
    for anchor in markup_of(at).map(|markup| markup.anchors).unwrap_or_default() {
        *out.entry(anchor).or_default() += 1;
    }
    at.children().for_each(|child| anchors_in(child, out));
}

/// The markup of a div.
fn markup_of(at: Element<'_>) -> Option<Markup> {
    at.value().filter(|_| at.name_id() == names::DIV).map(judge)
}
