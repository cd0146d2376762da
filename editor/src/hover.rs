//! What stands under the cursor: the element as its definition has it, the code, and the rules that found something there.

use hallmark::session::{ElementFacts, Hallmark, Release};
use lsp_types::{Hover, HoverContents, MarkupContent, MarkupKind, Position};

use crate::documents::Document;
use crate::findings;
use crate::outline::Outline;
use crate::place::{self, Place};

/// Codes of a value set that are looked through for a display.
const CODES: usize = 20_000;

/// The hover of a position.
pub fn hover(document: &mut Document, hallmark: &Hallmark, position: Position) -> Option<Hover> {
    let outline = document.outline();
    let text = &document.text;
    let byte = document.lines.byte(text, position);
    let mut parts = Vec::new();
    let node = outline.around(byte);
    if let Some(node) = node {
        let place = place::of(&outline, text, node);
        let definitions = place::definitions(&outline, text, &place);
        let release = document.release();
        match place::element(hallmark, release, &definitions, &place.steps()) {
            Some(facts) => parts.push(element(&place, &facts)),
            None if place.steps.is_empty() && !place.kind.is_empty() => {
                parts.push(format!("**{}**, held to {}", place.kind, definitions.join(", ")));
            }
            None => {}
        }
        let value = outline.nodes[node].value.clone().or(outline.nodes[node].url.clone());
        if let Some(value) = value.filter(|value| value.contains(&byte)) {
            parts.extend(of_value(hallmark, release, &outline, text, node, (&place, &definitions), &text[value]));
        }
    }
    let mut range = node.map(|node| outline.nodes[node].span.clone());
    if let Some((_, checked)) = document.checked.as_ref().filter(|(version, _)| *version == document.version) {
        for finding in &checked.findings {
            let span = findings::span(document, finding);
            if span.contains(&byte) {
                let meta = finding.meta;
                let (says, why, remedy) = (&finding.says, meta.why, meta.remedy);
                parts.push(format!(
                    "**{} {}** ({})\n\n{says}\n\n{why}\n\n*{remedy}*",
                    meta.id, meta.name, finding.severity
                ));
                range = Some(span);
            }
        }
    }
    if parts.is_empty() {
        return None;
    }
    let value = parts.join("\n\n---\n\n");
    Some(Hover {
        contents: HoverContents::Markup(MarkupContent { kind: MarkupKind::Markdown, value }),
        range: range.map(|span| document.lines.between(&document.text, &span)),
    })
}

/// `0..1`, its types, its codes.
pub fn outlined(facts: &ElementFacts) -> String {
    let max = facts.max.map_or_else(|| "*".to_owned(), |max| max.to_string());
    let types = facts.types.join(" | ");
    let codes = facts.binding.as_ref().map(|(strength, url)| format!(", {strength} {url}")).unwrap_or_default();
    format!("{}..{max} {types}{codes}", facts.min)
}

fn element(place: &Place, facts: &ElementFacts) -> String {
    let (path, short) = (place.path(), outlined(facts));
    format!("**{path}** {short}\n\n{}\n\n```text\n{}\n```", facts.definition, facts.page.trim_end())
}

/// The display of a code, or what a canonical defines.
fn of_value(
    hallmark: &Hallmark,
    release: Release,
    outline: &Outline,
    text: &str,
    node: usize,
    (place, definitions): (&Place, &[String]),
    value: &str,
) -> Option<String> {
    let steps = place.steps();
    if let Some(value_set) = place::value_set(hallmark, release, definitions, &steps) {
        let codes = hallmark.codes_of(release, &value_set, CODES);
        let system = outline.nodes[node].parent.and_then(|parent| outline.text_of(parent, text, "system"));
        let fits = |listed: &str| system.is_none_or(|system| system == listed);
        return codes
            .iter()
            .find(|one| one.code == value && fits(&one.system))
            .map(|one| format!("`{}` {} ({})", one.code, one.display, one.system));
    }
    if steps.last().is_some_and(|last| matches!(*last, "extension" | "modifierExtension" | "url" | "profile"))
        && value.contains(':')
    {
        let page = hallmark.explain(value).ok()?.text;
        let short: String = page.lines().take(30).map(|line| format!("{line}\n")).collect();
        return Some(format!("```text\n{short}```"));
    }
    None
}
