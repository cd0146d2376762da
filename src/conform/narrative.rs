//! Narrative: only the markup FHIR allows, and links that lead somewhere.

use super::checker::{Checker, Pass};
use super::narrative_markup::judge;
use crate::finding::{Example, Meta};
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
        Example::good(
            "a page",
            r#"{"resourceType": "Patient", "text": {"status": "generated", "div": "<div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"https://hospital.test/\">x</a></div>"}, "active": true}"#,
        ),
    ],
    ..Meta::NEW
};

impl<'t> Checker<'_, 't> {
    /// The markup of one Narrative.
    pub(super) fn narrative(&mut self, at: Element<'t>, pass: Pass<'_>) {
        let Some(div) = at.child(names::DIV) else { return };
        let Some(text) = div.value() else { return };
        let markup = judge(text);
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
    }
}
