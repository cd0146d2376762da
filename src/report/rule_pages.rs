//! The documentation of rules as a static site: a page for each rule with its examples, and an index.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use crate::finding::{Example, Family, Meta, Verdict};

/// One file of the site.
pub struct RulePage {
    /// Its name: `index.html`, `HM0105.html`.
    pub file: String,
    /// The page.
    pub text: String,
}

const STYLE: &str = "
:root{color-scheme:light dark;--ink:#1c1c1c;--paper:#fff;--soft:#55606a;--line:#d0d5da;--mark:#ffe08a;--link:#004f9e;--code:#f2f4f6}
@media (prefers-color-scheme:dark){:root{--ink:#eee;--paper:#14171a;--soft:#b3bcc4;--line:#3a4248;--mark:#6b5300;--link:#8cc4ff;--code:#1f2429}}
body{margin:0 auto;max-width:60rem;padding:1.5rem 1rem 4rem;font:1rem/1.5 system-ui,sans-serif;color:var(--ink);background:var(--paper)}
a{color:var(--link)}h1{font-size:1.5rem;line-height:1.25;margin:.5rem 0}h2{font-size:1.15rem;margin:2rem 0 .5rem}
nav,.soft{color:var(--soft)}nav{display:flex;flex-wrap:wrap;gap:1rem}
table{border-collapse:collapse;width:100%}th,td{text-align:left;vertical-align:top;padding:.3rem .6rem .3rem 0;border-bottom:1px solid var(--line)}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1rem}dt{color:var(--soft)}dd{margin:0}
pre{background:var(--code);padding:.75rem;border-radius:.25rem;white-space:pre-wrap;overflow-wrap:anywhere;margin:.25rem 0}
mark{background:var(--mark);color:inherit}h3{font-size:1rem;margin:1.25rem 0 .25rem}
@media (max-width:40rem){.wide{display:none}dl{grid-template-columns:1fr}dt{margin-top:.5rem}}
@media print{body{max-width:none}nav{display:none}}
";

/// Every page of the site, the index first.
pub fn rule_pages(rules: &[&'static Meta], version: &str) -> Vec<RulePage> {
    let index = RulePage { file: "index.html".to_owned(), text: index(rules, version).into_string() };
    let pages = rules.iter().enumerate().map(|(at, meta)| {
        let beside = |at: Option<usize>| at.and_then(|at| rules.get(at)).copied();
        let text = page(meta, beside(at.checked_sub(1)), beside(Some(at + 1)), rules, version).into_string();
        RulePage { file: file(meta.id), text }
    });
    std::iter::once(index).chain(pages).collect()
}

fn file(id: &str) -> String {
    format!("{id}.html")
}

fn sheet(title: &str, inside: &Markup, version: &str) -> Markup {
    html! {
        (DOCTYPE)
        html lang="en-GB" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'";
                title { (title) }
                style { (PreEscaped(STYLE)) }
            }
            body {
                (inside)
                footer.soft { p { "hallmark " (version) } }
            }
        }
    }
}

fn index(rules: &[&'static Meta], version: &str) -> Markup {
    let families = Family::ALL.into_iter().map(|family| {
        let own: Vec<_> = rules.iter().filter(|meta| meta.family == family).collect();
        (family, own)
    });
    let families: Vec<_> = families.filter(|(_, own)| !own.is_empty()).collect();
    let inside = html! {
        main {
            h1 { "Rules of hallmark" }
            p { (rules.len()) " rules. " code { "hallmark check --rules" } " takes ids, names and families; " code { "hallmark explain ID" } " prints a page of these." }
            nav aria-label="Families" {
                @for (family, own) in &families { a href={ "#" (family.as_str()) } { (family.as_str()) " (" (own.len()) ")" } }
            }
            @for (family, own) in &families {
                h2 id=(family.as_str()) { (family.as_str()) }
                table {
                    thead { tr { th scope="col" { "id" } th scope="col" { "what it finds" } th.wide scope="col" { "name" } th scope="col" { "severity" } } }
                    tbody {
                        @for meta in own {
                            tr {
                                td { a href=(file(meta.id)) { (meta.id) } }
                                td { (meta.title) }
                                td.wide { code { (meta.name) } }
                                td { (meta.severity.as_str()) }
                            }
                        }
                    }
                }
            }
        }
    };
    sheet("Rules of hallmark", &inside, version)
}

fn page(meta: &Meta, before: Option<&Meta>, after: Option<&Meta>, rules: &[&'static Meta], version: &str) -> Markup {
    let mut less: Vec<&str> = meta.explains.iter().map(|explained| explained.rule).collect();
    less.dedup();
    let held = |id: &str| rules.iter().any(|meta| meta.id == id);
    let inside = html! {
        nav aria-label="Rules" {
            a href="index.html" { "All rules" }
            @if let Some(other) = before { a rel="prev" href=(file(other.id)) { "← " (other.id) } }
            @if let Some(other) = after { a rel="next" href=(file(other.id)) { (other.id) " →" } }
        }
        main {
            h1 { (meta.id) " " (meta.name) }
            p { (sentence(meta.title)) }
            dl {
                dt { "Severity" }
                dd { (meta.severity.as_str()) @if let Some(severity) = meta.production { "; " (severity.as_str()) " in production" } }
                dt { "Family" } dd { (meta.family.as_str()) }
                dt { "Dimension" } dd { (meta.dimension.as_str()) }
                @if !meta.criterion.is_empty() { dt { "Criterion" } dd { (meta.criterion) } }
                @if !meta.basis.is_empty() { dt { "Asked by" } dd { (meta.basis) } }
                @if !less.is_empty() {
                    dt { "Takes in" }
                    dd { "what "
                        @for (at, id) in less.iter().enumerate() {
                            @if at > 0 { ", " }
                            @if held(id) { a href=(file(id)) { (id) } } @else { (id) }
                        }
                        " would say of the same fault" }
                }
            }
            @if !meta.why.is_empty() { h2 { "Why it matters" } p { (meta.why) } }
            h2 { "What to do" }
            p { (meta.remedy) }
            @if !meta.fix.is_empty() { p { code { "hallmark fix" } " " (meta.fix) "." } }
            @if !meta.examples.is_empty() {
                h2 { "Examples" }
                @for example in meta.examples { (shown(example)) }
            }
        }
    };
    sheet(&format!("{} {}", meta.id, meta.name), &inside, version)
}

/// A title as a sentence.
fn sentence(text: &str) -> String {
    let mut letters = text.chars();
    let first = letters.next().map(|c| c.to_uppercase().to_string()).unwrap_or_default();
    format!("{first}{}.", letters.as_str())
}

fn shown(example: &Example) -> Markup {
    let verdict = match example.verdict {
        Verdict::Flagged => "Flagged",
        Verdict::Silent => "Not flagged",
    };
    let (before, rest) = example.input.split_once('«').unwrap_or((example.input, ""));
    let (marked, after) = rest.split_once('»').unwrap_or((rest, ""));
    html! {
        h3 { (verdict) ": " (example.title) }
        p.soft {
            "FHIR " (example.release)
            @if !example.profile.is_empty() { ", checked against " code { (example.profile) } }
        }
        pre tabindex="0" { code { (before) @if !rest.is_empty() { mark { (marked) } } (after) } }
        @for definition in example.definitions {
            p.soft { "With this definition held:" }
            pre tabindex="0" { code { (definition) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::engine::registry;

    #[test]
    fn every_rule_has_a_page_and_every_link_leads_to_one() {
        let pages = rule_pages(registry::all(), "1.2.3");
        let names: std::collections::BTreeSet<&str> = pages.iter().map(|page| page.file.as_str()).collect();
        assert_eq!(names.len(), registry::all().len() + 1);
        for page in &pages {
            let links = page.text.split("href=\"").skip(1).filter_map(|rest| rest.split('"').next());
            for link in links {
                let there = match link.strip_prefix('#') {
                    Some(id) => page.text.contains(&format!("id=\"{id}\"")),
                    None => names.contains(link),
                };
                assert!(there, "{}: {link}", page.file);
            }
        }
        for (meta, page) in registry::all().iter().zip(&pages[1..]) {
            assert!(
                page.text.contains(meta.id) && page.text.matches("<h3>").count() == meta.examples.len(),
                "{}",
                meta.id
            );
        }
    }
}
