//! What every report says about itself: packages and rules, method and limits, words.

use std::collections::BTreeSet;

use super::evidence;
use crate::report::gap::model::{MaterialKind, Report};
use crate::report::gap::outline::Kind::{Code, Text};
use crate::report::gap::outline::{Block, Cell, Line, Reach, Section, Table, Terms, line};
use crate::report::gap::words::{DATA_PROTECTION, GLOSSARY, INTENDED_USE, LIMITS, PACKS, VALIDITY};
use crate::text::agrees;

/// What the report is made of, who signed it, and what was not used.
pub(super) fn chain(report: &Report) -> Section {
    let records = report.materials.iter().filter(|m| m.kind == MaterialKind::Record);
    let (signed, unsigned): (Vec<_>, Vec<_>) = records.partition(|m| m.signed_by.is_some());
    let all = (signed.len() + unsigned.len()) as u64;
    let mut section = Section::new("chain", "Chain of evidence");
    if all > 0 {
        section = section.say(line![
            signed.len(),
            " of ",
            Cell::Counted(all, "record"),
            agrees(signed.len() as u64, " is signed", " are signed"),
            " by the partner who made it. A determination takes in the digest of every file below, and `hallmark evidence \
             verify` walks from it to the last of them."
        ]);
    }
    section.with(evidence::materials(report)).with(evidence::not_used(report))
}

/// Packages with source, version, licence and digest; what was made with what.
pub(super) fn packages(report: &Report) -> Section {
    Section::new("packages", "Packages and rules")
        .say(Cell::strong(PACKS))
        .with(packs(report))
        .with(tools(report).reaching(Reach::Data))
}

fn packs(report: &Report) -> Table {
    let mut table = Table::new(
        "packs",
        "Packages that messages were checked against",
        &[
            ("package", Code),
            ("version", Text),
            ("FHIR", Text),
            ("whose", Text),
            ("source", Text),
            ("licence", Text),
            ("digest", Code),
        ],
    );
    let packs: BTreeSet<_> = report.groups.iter().flat_map(|g| &g.header.packs).collect();
    for p in packs {
        table.row(vec![
            Cell::code(&p.name),
            Cell::text(&p.version),
            Cell::text(&p.release),
            Cell::text(if p.embedded { "ships with hallmark" } else { "the user's" }),
            Cell::text(&p.source),
            Cell::text(&p.licence),
            Cell::Digest(p.digest.clone()),
        ]);
    }
    table
}

fn tools(report: &Report) -> Table {
    let mut table = Table::new("tools", "Made with", &[("what", Text), ("which", Text)]);
    let mut row = |what: &str, which: Cell| table.row(vec![Cell::text(what), which]);
    row("report", Cell::code(&report.id));
    row("day of the report", Cell::Date(report.today));
    row("hallmark", Cell::text(&report.version));
    row("criteria set", Cell::text(format!("{} {} ({})", report.set.title, report.set.version, report.set.id)));
    row("criteria digest", Cell::Digest(report.set.digest.clone()));
    for group in &report.groups {
        row("rules digest", Cell::Digest(group.header.rules_digest.clone()));
        let key = if group.header.key_id.is_empty() { "none" } else { &group.header.key_id };
        row("key of pseudonyms", Cell::code(key));
    }
    if report.groups.len() > 1 {
        let groups = report.groups.len();
        row("records", line![groups, " groups made with different rules or packages, shown side by side"].into());
    }
    if let Some(day) = &report.previous {
        row("compared with the report of", Cell::text(day));
    }
    table
}

/// How it was made and what it does not show.
pub(super) fn method(report: &Report) -> Section {
    let set = &report.set;
    let judged = if set.wilson {
        "near end of the 95% Wilson interval of its share, so that a small sample cannot pass by luck"
    } else {
        "share itself, since every message was seen"
    };
    let mut section = Section::new("method", "Method and limits").say(&set.about).say(line![
        "A criterion that messages show is judged by the ",
        judged,
        ". Levels are cumulative: a row is at the lowest level of its criteria, and the whole is at the lowest level of \
         its rows. What nothing shows counts as not assessed and never as met; a waiver does not raise a level."
    ]);
    if report.disclosure {
        section = section.say(
            "Counts about people from 1 to 7 are shown as * and others are rounded to the nearest 5. Where one alone \
             would be hidden, another is hidden with it.",
        );
    }
    let limits = LIMITS.iter().map(|limit| Line::from(*limit)).collect();
    section = section
        .inside(Section::new("intended-use", "What this report is for").say(INTENDED_USE))
        .inside(Section::new("limits", "What this report does not show").with(Block::List(limits)))
        .inside(Section::new("validity", "How long it holds, and how to object").say(VALIDITY))
        .inside(Section::new("data-protection", "Data protection").say(DATA_PROTECTION));
    if set.names.is_empty() {
        return section;
    }
    let names = set.names.iter().map(|(then, now)| (then.into(), now.into())).collect();
    section.inside(Section::new("names", "Names then and now").with(Block::Terms(Terms::Words, names)))
}

/// What words mean.
pub(super) fn glossary() -> Section {
    let words = GLOSSARY.iter().map(|(word, meaning)| ((*word).into(), (*meaning).into())).collect();
    Section::new("glossary", "Words").with(Block::Terms(Terms::Words, words))
}
