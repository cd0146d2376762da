//! `hallmark snomed`: build an index, look a code up, expand an expression.

use std::cell::RefCell;
use std::io::{IsTerminal, Write as _};
use std::path::Path;

use indicatif::{ProgressBar, ProgressStyle};

use super::args::{Snomed, SnomedCommand};
use super::{Exit, Failure, print, say};
use crate::output::Paths;
use crate::terminology::snomed::{self, Ecl, Index};

/// Runs one snomed command.
pub fn run(args: &Snomed) -> Result<Exit, Failure> {
    match &args.command {
        SnomedCommand::Build { release, output } => build(release, output),
        SnomedCommand::Lookup { code, terminology } => lookup(code, terminology),
        SnomedCommand::Expand { ecl, terminology, parse_only } => expand(ecl, terminology.as_deref(), *parse_only),
    }
}

/// Opens an index.
fn open(path: &Path) -> Result<Index, Failure> {
    Index::open_verified(path).map_err(|e| Failure::usage(e.to_string()))
}

fn build(release: &Path, output: &Path) -> Result<Exit, Failure> {
    let mut paths = Paths::default();
    paths.reads_in(release, |path| path.extension().is_some_and(|x| x == "txt" || x == "zip"));
    paths.writes(output)?;
    let shown = std::io::stderr().is_terminal();
    let bar: RefCell<Option<ProgressBar>> = RefCell::default();
    let tell = |progress: snomed::Progress| {
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
    };
    let report = snomed::build_until(release, output, &tell, &super::check::interrupted())
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
    let mut page = Vec::new();
    match snomed::write_lookup(&index, code, &mut page) {
        Ok(true) => print(&String::from_utf8_lossy(&page)),
        _ => {
            say(&format!("{code} is not in release {}", index.release().version_uri()));
            Ok(Exit::Findings)
        }
    }
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
    let mut out = std::io::BufWriter::new(std::io::stdout());
    match snomed::write_expansion(&index, &ecl, &mut out).and_then(|done| out.flush().map(|()| done)) {
        Ok(Ok(_)) => Ok(Exit::Clean),
        Ok(Err(unsupported)) => Err(Failure { exit: Exit::NotAssessed, says: format!("hallmark: {unsupported}") }),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(Exit::Clean),
        Err(error) => Err(Failure::io("standard output", &error)),
    }
}
