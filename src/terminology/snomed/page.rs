//! What `hallmark snomed` prints: the page of a concept and the lines of an expansion.

use super::{ConceptSet, ConceptView, DescriptionKind, Ecl, Index, Unsupported, ids};
use crate::text::sanitise;
use std::io::{self, Write};

/// Writes one concept as a text page: status, terms, parents, refsets, and for an inactive one why and what
/// replaces it. Returns false, having written nothing, when the release lacks the code.
pub fn write_lookup(index: &Index, code: &str, out: &mut dyn Write) -> io::Result<bool> {
    let Some(concept) = index.lookup_code(code) else { return Ok(false) };
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
    writeln!(out, "\nchildren        {}", concept.children().count())?;
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
    Ok(true)
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

/// Writes the concepts of an expansion, one `code |term|` a line, in the order of codes. Returns how many.
pub fn write_expansion(index: &Index, ecl: &Ecl, out: &mut dyn Write) -> io::Result<Result<usize, Unsupported>> {
    let set: ConceptSet = match index.evaluate(ecl) {
        Ok(set) => set,
        Err(reason) => return Ok(Err(reason)),
    };
    let codes = index.codes(&set);
    for code in &codes {
        match index.lookup(*code) {
            Some(concept) => writeln!(out, "{}", line(concept))?,
            None => writeln!(out, "{code}")?,
        }
    }
    Ok(Ok(codes.len()))
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
