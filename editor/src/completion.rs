//! What may be written at the cursor: element names, types, codes with their displays, URLs of extensions and profiles, systems.

use std::ops::Range;

use hallmark::session::{ElementFacts, Hallmark, Release, identifier_systems};
use lsp_types::{
    CompletionItem, CompletionItemKind, CompletionList, CompletionTextEdit, Documentation, InsertTextFormat, Position,
    TextEdit,
};

use crate::documents::Document;
use crate::hover::outlined;
use crate::outline::{Kind, Outline};
use crate::place::{self, Place};

/// Codes that are offered at most; typing narrows them.
const CODES: usize = 1000;

/// Systems of codes that stand in many value sets and belong to none of ours.
const CODE_SYSTEMS: [&str; 6] = [
    "http://snomed.info/sct",
    "https://dmd.nhs.uk",
    "http://loinc.org",
    "http://unitsofmeasure.org",
    "http://hl7.org/fhir/sid/icd-10",
    "https://fhir.hl7.org.uk/Id/opcs-4",
];

/// What the cursor stands in.
struct Cursor<'d> {
    hallmark: &'d Hallmark,
    release: Release,
    outline: &'d Outline,
    text: &'d str,
    byte: usize,
    snippets: bool,
}

/// One thing that may be written.
#[derive(Default)]
struct Offer {
    label: String,
    detail: String,
    page: String,
    /// Text, with the places of a snippet where `snippet`.
    text: String,
    snippet: bool,
    kind: Option<CompletionItemKind>,
}

/// All that may be written at a position.
pub fn complete(
    document: &mut Document,
    hallmark: &Hallmark,
    position: Position,
    snippets: bool,
) -> Option<CompletionList> {
    let outline = document.outline();
    let byte = document.lines.byte(&document.text, position);
    let release = document.release();
    let cursor = Cursor { hallmark, release, outline: &outline, text: &document.text, byte, snippets };
    let (span, offers) = if outline.xml { cursor.in_xml() } else { cursor.in_json() }?;
    let range = document.lines.between(&document.text, &span);
    let items = offers.into_iter().enumerate().map(|(number, offer)| item(range, number, offer)).collect();
    Some(CompletionList { is_incomplete: false, items })
}

fn item(range: lsp_types::Range, number: usize, offer: Offer) -> CompletionItem {
    CompletionItem {
        // What stands there is compared with the whole of what would.
        filter_text: Some(offer.text.split(['$', ':']).next().unwrap_or_default().to_owned())
            .filter(|text| text.starts_with(['"', '<']))
            .or_else(|| Some(format!("{} {}", offer.label, offer.detail))),
        label: offer.label,
        kind: offer.kind,
        detail: Some(offer.detail).filter(|text| !text.is_empty()),
        documentation: Some(offer.page).filter(|page| !page.is_empty()).map(Documentation::String),
        // In the order of the definition.
        sort_text: Some(format!("{number:05}")),
        insert_text_format: Some(if offer.snippet { InsertTextFormat::SNIPPET } else { InsertTextFormat::PLAIN_TEXT }),
        text_edit: Some(CompletionTextEdit::Edit(TextEdit { range, new_text: offer.text })),
        ..CompletionItem::default()
    }
}

impl Cursor<'_> {
    fn in_json(&self) -> Option<(Range<usize>, Vec<Offer>)> {
        let node = self.outline.around(self.byte)?;
        let of = &self.outline.nodes[node];
        let inside = |span: &Range<usize>| span.start <= self.byte && self.byte <= span.end;
        if !of.name.is_empty() || self.quoted_empty(&of.name) {
            // A key, where its quotes stand around the cursor.
            if inside(&of.name) {
                let whole = self.with_quotes(&of.name);
                let told = !matches!(of.kind, Kind::Missing) || self.colon_after(whole.end);
                return Some((whole, self.keys(of.parent?, Some(node), told)));
            }
        }
        if let Some(value) = of.value.clone().filter(inside) {
            return Some((value, self.values(node)));
        }
        match of.kind {
            Kind::Object => Some((self.byte..self.byte, self.keys(node, None, false))),
            _ => None,
        }
    }

    fn quoted_empty(&self, name: &Range<usize>) -> bool {
        name.is_empty() && name.start > 0 && self.text.as_bytes().get(name.start - 1) == Some(&b'"')
    }

    fn with_quotes(&self, name: &Range<usize>) -> Range<usize> {
        let closed = self.text.as_bytes().get(name.end) == Some(&b'"');
        name.start - 1..name.end + usize::from(closed)
    }

    fn colon_after(&self, at: usize) -> bool {
        self.text.get(at..).is_some_and(|rest| rest.trim_start().starts_with(':'))
    }

    /// Names that an object may have and has not. `told`: a colon stands behind already.
    fn keys(&self, object: usize, but: Option<usize>, told: bool) -> Vec<Offer> {
        let children = &self.outline.nodes[object].children;
        let there: Vec<&str> = children
            .iter()
            .filter(|child| Some(**child) != but)
            .map(|child| self.outline.name(*child, self.text))
            .collect();
        let place = place::of(self.outline, self.text, object);
        let mut out = Vec::new();
        let is_resource = self.is_for_resource(object, &place);
        if is_resource && !there.contains(&"resourceType") {
            let (text, snippet) = self.written("resourceType", "\"", "\"", told);
            out.push(Offer {
                label: "resourceType".into(),
                text,
                snippet,
                kind: Some(CompletionItemKind::KEYWORD),
                ..Offer::default()
            });
        }
        for facts in self.members(&place).into_iter().filter(|facts| !there.contains(&facts.name.as_str())) {
            let ty = facts.types.first().map_or("", String::as_str);
            let (front, back) = match ty {
                "boolean" | "integer" | "decimal" | "positiveInt" | "unsignedInt" | "integer64" => ("", ""),
                _ if ty.starts_with(|c: char| c.is_ascii_lowercase()) => ("\"", "\""),
                _ => ("{", "}"),
            };
            let (front, back) =
                if facts.repeats { (format!("[{front}"), format!("{back}]")) } else { (front.into(), back.into()) };
            let (text, snippet) = self.written(&facts.name, &front, &back, told);
            out.push(offer(facts, text, snippet));
        }
        out
    }

    fn written(&self, name: &str, front: &str, back: &str, told: bool) -> (String, bool) {
        if told {
            return (format!("\"{name}\""), false);
        }
        if self.snippets {
            let back = back.replace('}', "\\}");
            return (format!("\"{name}\": {front}$0{back}"), true);
        }
        (format!("\"{name}\": {front}{back}"), false)
    }

    /// Whether an object is where a resource stands: the root, or where another says so.
    fn is_for_resource(&self, node: usize, place: &Place) -> bool {
        if place.steps.is_empty() {
            return true;
        }
        let definitions = place::definitions(self.outline, self.text, place);
        let facts = place::element(self.hallmark, self.release, &definitions, &place.steps());
        node != place.resource && facts.is_some_and(|facts| facts.types.iter().any(|ty| ty == "Resource"))
    }

    fn members(&self, place: &Place) -> Vec<ElementFacts> {
        let definitions = place::definitions(self.outline, self.text, place);
        place::members(self.hallmark, self.release, &definitions, &place.steps())
    }

    /// What the value of a node may be.
    fn values(&self, node: usize) -> Vec<Offer> {
        let place = place::of(self.outline, self.text, node);
        let steps = place.steps();
        let definitions = place::definitions(self.outline, self.text, &place);
        let (hallmark, release) = (self.hallmark, self.release);
        let plain = |urls: Vec<String>, kind| -> Vec<Offer> {
            let named = urls.into_iter().map(|url| Offer {
                label: url.clone(),
                detail: url.rsplit('/').next().unwrap_or_default().to_owned(),
                text: url,
                kind: Some(kind),
                ..Offer::default()
            });
            named.collect()
        };
        match steps.as_slice() {
            [.., "resourceType"] => return plain(hallmark.resource_types(release), CompletionItemKind::CLASS),
            [.., "extension" | "modifierExtension", "url"] | [.., "extension" | "modifierExtension"] => {
                return plain(hallmark.extensions(release), CompletionItemKind::INTERFACE);
            }
            ["meta", "profile"] => {
                return plain(hallmark.profiles_on(release, &place.kind), CompletionItemKind::INTERFACE);
            }
            _ => {}
        }
        if let ([before @ .., "system"], Some(outer)) = (steps.as_slice(), steps.len().checked_sub(1)) {
            let of = place::element(hallmark, release, &definitions, before).filter(|_| outer > 0);
            if of.is_some_and(|facts| facts.types.iter().any(|ty| ty == "Identifier")) {
                return plain(
                    identifier_systems().into_iter().map(str::to_owned).collect(),
                    CompletionItemKind::CONSTANT,
                );
            }
        }
        let Some(value_set) = place::value_set(hallmark, release, &definitions, &steps) else {
            return match steps.as_slice() {
                [.., "system"] => plain(CODE_SYSTEMS.map(str::to_owned).to_vec(), CompletionItemKind::CONSTANT),
                _ => Vec::new(),
            };
        };
        let codes = hallmark.codes_of(release, &value_set, CODES);
        let beside = |name: &str| {
            let parent = self.outline.nodes[node].parent?;
            self.outline.text_of(parent, self.text, name)
        };
        let own = place::element(hallmark, release, &definitions, &steps).is_some_and(|facts| facts.binding.is_some());
        match steps.as_slice() {
            [.., "system"] if !own => {
                let mut systems: Vec<String> = codes.into_iter().map(|one| one.system).collect();
                systems.dedup();
                systems.extend(CODE_SYSTEMS.map(str::to_owned));
                let mut seen = std::collections::HashSet::new();
                systems.retain(|system| seen.insert(system.clone()));
                plain(systems, CompletionItemKind::CONSTANT)
            }
            [.., "display"] if !own => {
                let of_code = codes.into_iter().filter(|one| beside("code").is_some_and(|code| code == one.code));
                of_code
                    .map(|one| Offer {
                        label: one.display.clone(),
                        detail: one.code,
                        text: one.display,
                        kind: Some(CompletionItemKind::VALUE),
                        ..Offer::default()
                    })
                    .collect()
            }
            _ => {
                let system = if own { None } else { beside("system").filter(|system| !system.is_empty()) };
                let fitting = codes.into_iter().filter(|one| system.is_none_or(|system| system == one.system));
                fitting
                    .map(|one| Offer {
                        label: one.code.clone(),
                        detail: one.display,
                        page: one.system,
                        text: one.code,
                        snippet: false,
                        kind: Some(CompletionItemKind::ENUM_MEMBER),
                    })
                    .collect()
            }
        }
    }

    fn in_xml(&self) -> Option<(Range<usize>, Vec<Offer>)> {
        let node = self.outline.around(self.byte)?;
        let of = &self.outline.nodes[node];
        let inside = |span: &Range<usize>| span.start <= self.byte && self.byte <= span.end;
        if let Some(value) = of.value.clone().or(of.url.clone()).filter(inside) {
            return Some((value, self.values(node)));
        }
        if inside(&of.name) {
            let front = of.name.start - 1;
            return Some((front..of.name.end, self.tags(of.parent?, Some(node))));
        }
        // Between two tags.
        let start = self.text[..self.byte].rfind(['<', '>'])?;
        (self.text.as_bytes()[start] == b'>' && of.span.end > self.byte)
            .then(|| (self.byte..self.byte, self.tags(node, None)))
    }

    /// Tags that may stand in an element.
    fn tags(&self, parent: usize, but: Option<usize>) -> Vec<Offer> {
        let children = &self.outline.nodes[parent].children;
        let there: Vec<&str> = children
            .iter()
            .filter(|child| Some(**child) != but)
            .map(|child| self.outline.name(*child, self.text))
            .collect();
        let place = place::of(self.outline, self.text, parent);
        let definitions = place::definitions(self.outline, self.text, &place);
        let own = place::element(self.hallmark, self.release, &definitions, &place.steps());
        if own.is_some_and(|facts| facts.types.iter().any(|ty| ty == "Resource")) {
            let types = self.hallmark.resource_types(self.release).into_iter();
            return types
                .map(|ty| Offer {
                    text: self.tag(&ty, false).0,
                    snippet: self.snippets,
                    label: ty,
                    kind: Some(CompletionItemKind::CLASS),
                    ..Offer::default()
                })
                .collect();
        }
        let members = self.members(&place).into_iter();
        members
            .filter(|facts| facts.name != "id" || place.steps.is_empty())
            .filter(|facts| facts.repeats || !there.contains(&facts.name.as_str()))
            .map(|facts| {
                let simple = facts
                    .types
                    .first()
                    .is_some_and(|ty| ty.starts_with(|c: char| c.is_ascii_lowercase()) && ty != "xhtml");
                let (text, snippet) = self.tag(&facts.name, simple);
                offer(facts, text, snippet)
            })
            .collect()
    }

    fn tag(&self, name: &str, simple: bool) -> (String, bool) {
        let here = if self.snippets { "$0" } else { "" };
        let text = if simple { format!("<{name} value=\"{here}\"/>") } else { format!("<{name}>{here}</{name}>") };
        (text, self.snippets)
    }
}

fn offer(facts: ElementFacts, text: String, snippet: bool) -> Offer {
    let kind = if facts.min > 0 { CompletionItemKind::PROPERTY } else { CompletionItemKind::FIELD };
    Offer { detail: outlined(&facts), label: facts.name, page: facts.page, text, snippet, kind: Some(kind) }
}
