//! What `hallmark snomed` prints: the page of a concept, concepts by term, the packages of a build.

use super::{ConceptView, DescriptionKind, Index, Package, fold, ids};
use crate::text::sanitise;
use std::io::{self, Write};

/// Writes one concept as a text page: status, terms, parents, refsets, and for an inactive one why and what
/// replaces it. Returns false, having written nothing, when the release lacks the code.
pub fn write_lookup(index: &Index, id: u64, limit: usize, out: &mut dyn Write) -> io::Result<bool> {
    let concept = match (index.lookup(id), index.description(id)) {
        (Some(concept), _) => concept,
        (None, Some(description)) => {
            let status = if description.active() { "" } else { ", inactive" };
            writeln!(out, "{id} |{}| is a description{status} of", clean(description.term()))?;
            description.concept()
        }
        (None, None) => return Ok(false),
    };
    writeln!(out, "{} |{}|", concept.id(), clean(concept.preferred_term()))?;
    writeln!(out)?;
    let since = date(concept.effective_time());
    let status = if concept.active() { "active" } else { "inactive" };
    writeln!(out, "status          {status} since {since}")?;
    let defined = match concept.defined() {
        Some(true) => "defined",
        Some(false) => "primitive",
        None => "not stated",
    };
    writeln!(out, "definition      {defined}")?;
    writeln!(out, "module          {}", named(index, concept.module()))?;
    let release = index.release();
    writeln!(out, "release         {}", release.version_uri())?;
    if !concept.active() {
        match concept.inactivation_reason() {
            Some(reason) => writeln!(out, "reason          {}", named(index, reason))?,
            None => writeln!(out, "reason          not given")?,
        }
        let replacements = concept.replacements();
        section(out, "replacements", replacements.len())?;
        for replacement in replacements {
            let how = replacement.name.map_or_else(|| named(index, replacement.association), str::to_owned);
            writeln!(out, "  {how}: {}", named(index, replacement.target))?;
        }
    }
    terms(concept, out)?;
    let parents: Vec<_> = concept.parents().collect();
    section(out, "parents", parents.len())?;
    for parent in parents {
        writeln!(out, "  {}", line(parent))?;
    }
    let children: Vec<_> = concept.children().collect();
    section(out, "children", children.len())?;
    for child in children.iter().take(limit) {
        writeln!(out, "  {}", line(*child))?;
    }
    if children.len() > limit {
        writeln!(out, "  and {} more", children.len() - limit)?;
    }
    let attributes = concept.attributes();
    section(out, "attributes", attributes.len())?;
    for (kind, value, group) in attributes {
        let value = value.map_or_else(clean, |id| named(index, id));
        let group = if group == 0 { String::new() } else { format!("  (group {group})") };
        writeln!(out, "  {} = {value}{group}", named(index, kind))?;
    }
    let refsets: Vec<_> = concept.refsets().collect();
    section(out, "refsets", refsets.len())?;
    for refset in refsets {
        writeln!(out, "  {}", named(index, refset))?;
    }
    maps(index, concept, out)?;
    Ok(true)
}

/// Rows of the concept in refsets with a column for a map target.
fn maps(index: &Index, concept: ConceptView<'_>, out: &mut dyn Write) -> io::Result<()> {
    let mut lines = Vec::new();
    for refset in concept.refsets() {
        for row in index.rows_of(refset, concept.id()) {
            let of = |name: &str| row.iter().find(|(n, _)| *n == name).map(|(_, cell)| *cell).filter(|c| !c.is_empty());
            let Some(target) = of("mapTarget") else { continue };
            let group = of("mapGroup").map(|group| format!("  (group {group})")).unwrap_or_default();
            let advice = of("mapAdvice").map(|advice| format!("  {}", clean(advice))).unwrap_or_default();
            lines.push(format!("  {} -> {}{group}{advice}", named(index, refset), clean(target)));
        }
    }
    section(out, "maps", lines.len())?;
    lines.iter().try_for_each(|line| writeln!(out, "{line}"))
}

fn terms(concept: ConceptView<'_>, out: &mut dyn Write) -> io::Result<()> {
    let descriptions: Vec<_> = concept.descriptions().collect();
    section(out, "terms", descriptions.len())?;
    for description in descriptions {
        let kind = match description.kind() {
            DescriptionKind::FullySpecifiedName => "fully specified name".to_owned(),
            DescriptionKind::Synonym => "synonym".to_owned(),
            DescriptionKind::Definition => "definition".to_owned(),
            DescriptionKind::Other(id) => format!("type {id}"),
        };
        let status = if description.active() { "" } else { ", inactive" };
        let preferences: Vec<String> = description
            .preferences()
            .map(|(refset, preferred)| {
                let how = match preferred {
                    Some(true) => "preferred",
                    Some(false) => "acceptable",
                    None => "listed",
                };
                let alias = ids::DIALECTS.iter().find(|(_, id)| *id == refset);
                let place = alias.map_or_else(|| refset.to_string(), |(alias, _)| (*alias).to_owned());
                format!("{how} in {place}")
            })
            .collect();
        let preferences = if preferences.is_empty() { String::new() } else { format!("; {}", preferences.join(", ")) };
        let (id, term, language) = (description.id(), clean(description.term()), clean(description.language()));
        writeln!(out, "  {id} |{term}|  {kind}, {language}{status}{preferences}")?;
    }
    Ok(())
}

/// Writes the concepts with a term that starts with a text, one `code |preferred term|` a line with the term that was found.
/// Returns false, having written nothing, when there is none.
pub fn write_terms(index: &Index, text: &str, limit: usize, out: &mut dyn Write) -> io::Result<bool> {
    let folded = fold(text.trim());
    let mut seen: Vec<u64> = Vec::new();
    let mut more = false;
    for description in index.descriptions_starting(&folded).filter(|_| !folded.is_empty()) {
        let concept = description.concept();
        if !description.active() || seen.contains(&concept.id()) {
            continue;
        }
        if seen.len() == limit {
            more = true;
            break;
        }
        seen.push(concept.id());
        let status = if concept.active() { "" } else { "  inactive" };
        let found = clean(description.term());
        let by = if found == clean(concept.preferred_term()) { String::new() } else { format!("  by “{found}”") };
        writeln!(out, "{}{by}{status}", line(concept))?;
    }
    if more {
        writeln!(out, "... and more: a longer text, or --limit, shows others")?;
    }
    Ok(!seen.is_empty())
}

/// A package of a build, as lines for people.
pub fn package_lines(package: &Package) -> String {
    let date = if package.date == 0 { "no date".to_owned() } else { package.date.to_string() };
    let mut out = format!("{} {date}: {:?}, {} files read", package.name, package.kind, package.read.len());
    if package.passed_over.is_empty() {
        return out + "\n";
    }
    out += &format!(", {} passed over:\n", package.passed_over.len());
    for (name, why) in package.passed_over.iter().take(20) {
        out += &format!("  {} ({why})\n", clean(name));
    }
    if package.passed_over.len() > 20 {
        out += &format!("  and {} more\n", package.passed_over.len() - 20);
    }
    out
}

fn section(out: &mut dyn Write, name: &str, count: usize) -> io::Result<()> {
    if count == 0 { writeln!(out, "\n{name:<16}none") } else { writeln!(out, "\n{name}") }
}

fn line(concept: ConceptView<'_>) -> String {
    format!("{} |{}|", concept.id(), clean(concept.preferred_term()))
}

fn named(index: &Index, id: u64) -> String {
    index.lookup(id).map_or_else(|| format!("{id} (not in the release)"), line)
}

fn clean(text: &str) -> String {
    sanitise::line(text)
}

fn date(time: u32) -> String {
    format!("{:04}-{:02}-{:02}", time / 10_000, time / 100 % 100, time % 100)
}
