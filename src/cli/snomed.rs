//! `hallmark snomed`: build an index, look a code up, expand an expression.

use std::cell::RefCell;
use std::fmt::Write as _;
use std::io::{IsTerminal, Write as _};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

use super::args::{Snomed, SnomedCommand};
use super::{Exit, Failure, print, say};
use crate::terminology::snomed::{self, ConceptView, Ecl, Index};

/// Runs one snomed command.
pub fn run(args: &Snomed) -> Result<Exit, Failure> {
    match &args.command {
        SnomedCommand::Build { release, output } => build(release, output),
        SnomedCommand::Lookup { code, terminology } => lookup(code, terminology),
        SnomedCommand::Expand { ecl, terminology, parse_only } => expand(ecl, terminology.as_deref(), *parse_only),
    }
}

/// Opens an index.
pub(super) fn open(path: &Path) -> Result<Index, Failure> {
    Index::open(path).map_err(|e| Failure::usage(format!("{}: {e}", path.display())))
}

fn build(release: &Path, output: &Path) -> Result<Exit, Failure> {
    let shown = std::io::stderr().is_terminal();
    let bar: RefCell<Option<ProgressBar>> = RefCell::default();
    let report = snomed::build(release, output, &|progress| {
        if !shown {
            return;
        }
        let mut slot = bar.borrow_mut();
        let bar = slot.get_or_insert_with(|| {
            let bar = ProgressBar::new(progress.total);
            match ProgressStyle::with_template("{msg:12} {wide_bar} {percent}%") {
                Ok(style) => bar.with_style(style),
                Err(_) => bar,
            }
        });
        bar.set_length(progress.total);
        bar.set_message(format!("{:?}", progress.stage).to_lowercase());
        bar.set_position(progress.done);
    })
    .map_err(|e| Failure { exit: Exit::Incomplete, says: format!("hallmark: {e}") })?;
    if let Some(bar) = bar.into_inner() {
        bar.finish_and_clear();
    }
    for warning in &report.warnings {
        let first = warning.first.as_ref().map(|(file, line)| format!(", first at {file}:{line}")).unwrap_or_default();
        say(&format!("warning: {} times {}{first}", warning.count, warning.what));
    }
    print(&format!(
        "{}: {} concepts ({} active), {} descriptions, {} refsets, release {}, {} bytes from {} files\n",
        output.display(),
        report.concepts,
        report.active_concepts,
        report.descriptions,
        report.refsets,
        report.effective_time,
        report.index_bytes,
        report.files
    ))
}

fn lookup(code: &str, terminology: &Path) -> Result<Exit, Failure> {
    if let Err(fault) = snomed::Sctid::parse(code) {
        return Err(Failure::usage(format!("this is no SNOMED CT identifier: {fault}")));
    }
    let index = open(terminology)?;
    match index.lookup_code(code) {
        Some(concept) => print(&page(&index, concept)),
        None => {
            say(&format!("{code} is not in release {}", index.release().version_uri()));
            Ok(Exit::Findings)
        }
    }
}

fn named(index: &Index, id: u64) -> String {
    match index.lookup(id) {
        Some(concept) => format!("{id} |{}|", concept.preferred_term()),
        None => id.to_string(),
    }
}

/// One concept as a page.
fn page(index: &Index, concept: ConceptView<'_>) -> String {
    let mut out = String::new();
    let status = if concept.active() { "active" } else { "inactive" };
    let _ = writeln!(out, "{} |{}|\n", concept.id(), concept.preferred_term());
    let _ = writeln!(out, "status    {status} since {}", concept.effective_time());
    let _ = writeln!(out, "module    {}", named(index, concept.module()));
    let _ = writeln!(out, "release   {}", index.release().version_uri());
    if let Some(reason) = concept.inactivation_reason() {
        let _ = writeln!(out, "reason    {}", named(index, reason));
    }
    for replacement in concept.replacements() {
        let name = replacement.name.map_or_else(|| replacement.association.to_string(), str::to_lowercase);
        let _ = writeln!(out, "replaced  {name}: {}", named(index, replacement.target));
    }
    for description in concept.descriptions() {
        let status = if description.active() { "" } else { " (inactive)" };
        let kind = format!("{:?}", description.kind()).to_lowercase();
        let _ = writeln!(out, "term      {} |{}| {kind}{status}", description.id(), description.term());
    }
    for parent in concept.parents() {
        let _ = writeln!(out, "is a      {} |{}|", parent.id(), parent.preferred_term());
    }
    for refset in concept.refsets() {
        let _ = writeln!(out, "member of {}", named(index, refset));
    }
    out
}

fn expand(text: &str, terminology: Option<&Path>, parse_only: bool) -> Result<Exit, Failure> {
    let ecl = Ecl::parse(text).map_err(|e| {
        let at = e.span.start as usize;
        let marker = " ".repeat(text.get(..at).map_or(0, |t| t.chars().count()));
        Failure::usage(format!("the expression is not valid: {e}\n  {text}\n  {marker}^"))
    })?;
    if parse_only {
        return print(&format!("{ecl}\n"));
    }
    let Some(terminology) = terminology else { return Err(Failure::usage("--terminology INDEX is needed")) };
    let index = open(terminology)?;
    let set = index.evaluate(&ecl).map_err(|e| Failure { exit: Exit::NotAssessed, says: format!("hallmark: {e}") })?;
    let mut out = std::io::BufWriter::new(std::io::stdout());
    for id in index.codes(&set) {
        let term = index.lookup(id).map_or("", |c| c.preferred_term());
        if let Err(error) = writeln!(out, "{id} |{term}|") {
            return if error.kind() == std::io::ErrorKind::BrokenPipe {
                Ok(Exit::Clean)
            } else {
                Err(Failure::io("standard output", &error))
            };
        }
    }
    out.flush().map_err(|e| Failure::io("standard output", &e))?;
    Ok(Exit::Clean)
}
