//! Narrative: only the markup FHIR allows, and links that lead somewhere.

use super::checker::{Checker, Pass};
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

const ELEMENTS: &[&str] = &[
    "p",
    "br",
    "div",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "a",
    "span",
    "b",
    "em",
    "i",
    "strong",
    "small",
    "big",
    "tt",
    "dfn",
    "q",
    "var",
    "abbr",
    "acronym",
    "cite",
    "blockquote",
    "hr",
    "address",
    "bdo",
    "kbd",
    "sub",
    "sup",
    "ul",
    "ol",
    "li",
    "dl",
    "dt",
    "dd",
    "pre",
    "table",
    "caption",
    "colgroup",
    "col",
    "thead",
    "tr",
    "tfoot",
    "tbody",
    "th",
    "td",
    "code",
    "samp",
    "img",
    "map",
    "area",
    "u",
    "s",
    "strike",
    "center",
    "font",
    "del",
    "ins",
    "style",
];

const ATTRIBUTES: &[&str] = &[
    "title",
    "style",
    "class",
    "id",
    "lang",
    "xml:lang",
    "xml:space",
    "dir",
    "accesskey",
    "tabindex",
    "span",
    "width",
    "align",
    "valign",
    "char",
    "charoff",
    "abbr",
    "axis",
    "headers",
    "scope",
    "rowspan",
    "colspan",
    "href",
    "name",
    "border",
    "cellspacing",
    "cellpadding",
    "src",
    "alt",
    "height",
    "clear",
    "color",
    "size",
    "cite",
    "summary",
    "frame",
    "rules",
    "nowrap",
    "bgcolor",
    "background",
    "usemap",
    "shape",
    "coords",
    "compact",
    "type",
    "value",
    "start",
    "rel",
    "hreflang",
    "charset",
    "idref",
    "datetime",
    "longdesc",
    "hspace",
    "vspace",
    "ismap",
];

/// What one narrative holds that it may not.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Markup {
    /// Faults of markup, in words without text of the message.
    pub faults: Vec<String>,
    /// Links that lead nowhere.
    pub links: Vec<String>,
    /// Whether there is text or an image.
    pub content: bool,
}

/// Judges the markup of a `div`.
pub fn judge(div: &str) -> Markup {
    let mut markup = Markup::default();
    let mut reader = quick_xml::Reader::from_str(div);
    reader.config_mut().check_end_names = true;
    let mut depth = 0;
    let mut first = true;
    loop {
        use quick_xml::events::Event;
        match reader.read_event() {
            Ok(Event::Start(tag)) => {
                open(&tag, first, &mut markup);
                first = false;
                depth += 1;
            }
            Ok(Event::Empty(tag)) => {
                open(&tag, first, &mut markup);
                first = false;
            }
            Ok(Event::End(_)) => depth -= 1,
            Ok(Event::Text(text)) => markup.content |= !text.iter().all(u8::is_ascii_whitespace),
            Ok(Event::CData(_)) => markup.content = true,
            Ok(Event::GeneralRef(entity)) => {
                markup.content = true;
                let known = matches!(&*entity, b"lt" | b"gt" | b"amp" | b"quot" | b"apos") || entity.starts_with(b"#");
                if !known {
                    markup.faults.push("an entity that XML does not define".to_owned());
                }
            }
            Ok(Event::DocType(_)) => markup.faults.push("a document type declaration".to_owned()),
            Ok(Event::Eof) => break,
            Ok(_) => {}
            Err(_) => {
                markup.faults.push("markup that is not well formed".to_owned());
                return markup;
            }
        }
    }
    if depth != 0 {
        markup.faults.push("an element that is not closed".to_owned());
    }
    markup
}

fn open(tag: &quick_xml::events::BytesStart<'_>, first: bool, markup: &mut Markup) {
    let name = tag.local_name();
    let name = std::str::from_utf8(name.as_ref()).unwrap_or("?");
    if first && name != "div" {
        markup.faults.push("an outermost element other than div".to_owned());
    }
    if !ELEMENTS.contains(&name) {
        markup.faults.push(format!("the element {}", crate::tree::names::intern(name)));
    }
    markup.content |= name == "img";
    let mut namespace = !first;
    for attribute in tag.attributes().with_checks(false) {
        let Ok(attribute) = attribute else {
            markup.faults.push("a malformed attribute".to_owned());
            return;
        };
        let key = std::str::from_utf8(attribute.key.as_ref()).unwrap_or("?");
        let value = String::from_utf8_lossy(&attribute.value);
        if key == "xmlns" {
            namespace = value == "http://www.w3.org/1999/xhtml";
        } else if key.starts_with("xmlns:") {
            namespace |= value == "http://www.w3.org/1999/xhtml";
        } else if !ATTRIBUTES.contains(&key) {
            markup.faults.push(format!("the attribute {}", crate::tree::names::intern(key)));
        } else if key == "href" {
            let scheme_ok =
                ["http:", "https:", "mailto:", "tel:", "data:", "ftp:", "#"].iter().any(|s| value.starts_with(s));
            if !scheme_ok && crate::message::is_absolute(&value) {
                markup.links.push("a link of a scheme that nothing follows".to_owned());
            }
        }
    }
    if !namespace {
        markup.faults.push("no namespace http://www.w3.org/1999/xhtml on the div".to_owned());
    }
}

impl<'t> Checker<'_, 't> {
    /// The markup of one Narrative.
    pub(super) fn narrative(&mut self, at: Element<'t>, pass: Pass<'_>) {
        let Some(div) = at.child(names::DIV) else { return };
        let Some(text) = div.value() else { return };
        let markup = judge(text);
        for fault in markup.faults {
            let draft = self.draft(&MARKUP, pass, 0, div, format!("the narrative holds {fault}"));
            self.emit(draft);
        }
        for link in markup.links {
            let draft = self.draft(&LINK, pass, 0, div, format!("the narrative holds {link}"));
            self.emit(draft);
        }
    }
}
