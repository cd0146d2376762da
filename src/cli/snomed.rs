//! `hallmark snomed`: build an index, look codes and terms up, expand an expression, compare two releases.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io::{IsTerminal, Write};
use std::path::{Path, PathBuf};

use indicatif::{ProgressBar, ProgressStyle};
use serde_json::json;

use super::args::{ListFormat, Snomed, SnomedCommand};
use super::{Exit, Failure, print, say};
use crate::output::{Output, Paths};
use crate::session::{Given, Hallmark};
use crate::settings::{ConfigFile, Flags, Words, resolve};
use crate::terminology::snomed::{self, Ecl, Index, Sctid, SctidFault};
use crate::text::{counted, sanitise};
use crate::uk::systems::{SNOMED, is_dmd_like};

/// Runs one snomed command.
pub fn run(args: &Snomed) -> Result<Exit, Failure> {
    match &args.command {
        SnomedCommand::Build { release, output } => build(release, output),
        SnomedCommand::Lookup { text, terminology, limit } => lookup(text, terminology, *limit),
        SnomedCommand::Expand { ecl, terminology, parse_only, count, format, output } => {
            expand(ecl, terminology.as_deref(), *parse_only, *count, *format, output.as_deref())
        }
        SnomedCommand::Diff { old, new, feed, format, output } => diff(old, new, feed, *format, output.as_deref()),
    }
}

/// Opens an index.
fn open(path: &Path) -> Result<Index, Failure> {
    Index::open_verified(path).map_err(|e| Failure::usage(e.to_string()))
}

fn build(releases: &[PathBuf], output: &Path) -> Result<Exit, Failure> {
    let mut paths = Paths::default();
    for release in releases {
        paths.reads_in(release, |path| {
            let known = ["txt", "xml", "zip", "tgz", "gz", "tar"];
            path.extension().is_some_and(|x| known.iter().any(|known| x.eq_ignore_ascii_case(known)))
        });
    }
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
    let report = snomed::build_until(&paths_of(releases), output, &tell, &super::check::interrupted())
        .map_err(|e| Failure { exit: Exit::Incomplete, says: format!("hallmark: {e}") })?;
    if let Some(bar) = bar.into_inner() {
        bar.finish_and_clear();
    }
    let mut page = String::new();
    for package in &report.packages {
        page += &snomed::package_lines(package);
    }
    if report.medicines > 0 {
        page += &format!("dm+d {}: {} entries\n", report.medicines_date, report.medicines);
    }
    if report.translations > 0 {
        page += &format!("maps of Read codes: {} translations\n", report.translations);
    }
    for warning in &report.warnings {
        say(&format!("warning: {}", warning.says()));
    }
    page += &format!(
        "{}: {} concepts ({} active), {} descriptions, {} refsets, release {}, {} bytes from {} files\n",
        output.display(),
        report.concepts,
        report.active_concepts,
        report.descriptions,
        report.refsets,
        report.effective_time,
        report.index_bytes,
        report.files
    );
    print(&page)
}

fn paths_of(releases: &[PathBuf]) -> Vec<&Path> {
    releases.iter().map(PathBuf::as_path).collect()
}

/// By concept id, by description id, or by the start of a term.
fn lookup(text: &str, terminology: &Path, limit: usize) -> Result<Exit, Failure> {
    let digits = !text.is_empty() && text.bytes().all(|b| b.is_ascii_digit());
    let id = match Sctid::parse(text) {
        Ok(id) => Some(id.value()),
        Err(fault) if digits || matches!(fault, SctidFault::WhiteSpace | SctidFault::Exponent | SctidFault::Empty) => {
            return Err(Failure::usage(format!("this is no SNOMED CT identifier: {fault}")));
        }
        Err(_) => None,
    };
    let index = open(terminology)?;
    let mut page = Vec::new();
    let found = match id {
        Some(id) => snomed::write_lookup(&index, id, limit, &mut page),
        None => snomed::write_terms(&index, text, limit, &mut page),
    };
    match found {
        Ok(true) => print(&String::from_utf8_lossy(&page)),
        _ => {
            say(&format!("{} is not in release {}", sanitise::line(text), index.release().version_uri()));
            Ok(Exit::Findings)
        }
    }
}

fn expand(
    text: &str,
    terminology: Option<&Path>,
    parse_only: bool,
    count: bool,
    format: ListFormat,
    output: Option<&Path>,
) -> Result<Exit, Failure> {
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
    let unsupported = |why: snomed::Unsupported| Failure { exit: Exit::NotAssessed, says: format!("hallmark: {why}") };
    let set = index.evaluate(&ecl).map_err(unsupported)?;
    let values = index.values(&ecl).map_err(unsupported)?;
    let codes = index.codes(&set);
    let term = |code: &u64| index.lookup(*code).map_or("", |concept| concept.preferred_term());
    written(output, terminology, &mut |out| {
        if count {
            return writeln!(out, "{}", codes.len() + values.len());
        }
        match format {
            ListFormat::Text => {
                codes.iter().try_for_each(|code| writeln!(out, "{code} |{}|", sanitise::line(term(code))))?;
                values.iter().try_for_each(|value| writeln!(out, "{}", sanitise::line(value)))
            }
            ListFormat::Csv => {
                writeln!(out, "code,display,active")?;
                for code in &codes {
                    let active = index.lookup(*code).is_some_and(|concept| concept.active());
                    writeln!(out, "{code},{},{active}", quoted(term(code)))?;
                }
                values.iter().try_for_each(|value| writeln!(out, ",{},", quoted(value)))
            }
            ListFormat::Json => {
                let concepts: Vec<_> = codes
                    .iter()
                    .map(|code| {
                        let active = index.lookup(*code).is_some_and(|concept| concept.active());
                        json!({"code": code.to_string(), "display": term(code), "active": active})
                    })
                    .collect();
                let page = json!({
                    "expression": ecl.to_string(),
                    "version": index.release().version_uri(),
                    "count": codes.len() + values.len(),
                    "concepts": concepts,
                    "values": values,
                });
                writeln!(out, "{page:#}")
            }
        }
    })
}

/// What changes from one release to the next, for the codes of a feed or for every concept.
fn diff(old: &Path, new: &Path, feed: &[PathBuf], format: ListFormat, output: Option<&Path>) -> Result<Exit, Failure> {
    let (before, now) = (open(old)?, open(new)?);
    let seen = if feed.is_empty() { None } else { Some(seen_in(feed)?) };
    let ids: Vec<(u64, Option<u64>)> = match &seen {
        Some(seen) => seen.iter().map(|(id, count)| (*id, Some(*count))).collect(),
        None => {
            let mut all: Vec<u64> = before.all_concepts().chain(now.all_concepts()).collect();
            all.sort_unstable();
            all.dedup();
            all.into_iter().map(|id| (id, None)).collect()
        }
    };
    let absent = ids.iter().filter(|(id, _)| before.lookup(*id).is_none() && now.lookup(*id).is_none()).count();
    let mut found = Vec::new();
    for (id, count) in &ids {
        for change in snomed::changes(&before, &now, *id) {
            found.push((*id, *count, change));
        }
    }
    let term = |id: u64| {
        let concept = now.lookup(id).or_else(|| before.lookup(id));
        concept.map_or("", |concept| concept.preferred_term()).to_owned()
    };
    written(output, new, &mut |out| match format {
        ListFormat::Text => {
            for (id, count, change) in &found {
                let used = count.map(|n| format!(" ({} of the feed)", counted(n, "coding"))).unwrap_or_default();
                writeln!(out, "{id} |{}|{used} {}", sanitise::line(&term(*id)), change.says(&now))?;
            }
            Ok(())
        }
        ListFormat::Csv => {
            writeln!(out, "code,display,codings,change,detail")?;
            for (id, count, change) in &found {
                let count = count.map(|n| n.to_string()).unwrap_or_default();
                writeln!(out, "{id},{},{count},{},{}", quoted(&term(*id)), change.kind(), quoted(&change.says(&now)))?;
            }
            Ok(())
        }
        ListFormat::Json => {
            let changes: Vec<_> = found
                .iter()
                .map(|(id, count, change)| {
                    json!({
                        "code": id.to_string(),
                        "display": term(*id),
                        "codings": count,
                        "change": change.kind(),
                        "detail": change.says(&now),
                    })
                })
                .collect();
            let page = json!({
                "from": before.release().version_uri(),
                "to": now.release().version_uri(),
                "codes": ids.len(),
                "unknown": absent,
                "changes": changes,
            });
            writeln!(out, "{page:#}")
        }
    })?;
    say(&format!(
        "{} from {} to {}: {}; {} in neither release",
        counted(ids.len() as u64, "code"),
        before.release().version_uri(),
        now.release().version_uri(),
        counted(found.len() as u64, "change"),
        counted(absent as u64, "code"),
    ));
    Ok(if found.is_empty() { Exit::Clean } else { Exit::Findings })
}

/// SNOMED CT and dm+d codes of a feed, and how often each is sent.
fn seen_in(feed: &[PathBuf]) -> Result<BTreeMap<u64, u64>, Failure> {
    let flags = Flags { rules: Some(Words::One("fhir".to_owned())), ..Flags::default() };
    let settings = resolve(None::<&ConfigFile>, &[], &flags, super::settle::today())
        .map_err(|faults| Failure::usage(faults.to_string()))?;
    let (hallmark, _) = Hallmark::new(settings, Given { notes: true, ..Given::default() })?;
    let mut reading = Reading { troubles: Vec::new() };
    hallmark.run(feed, 0, &mut reading);
    if let Some(trouble) = reading.troubles.first() {
        return Err(Failure { exit: Exit::Incomplete, says: format!("hallmark: {trouble}") });
    }
    let mut seen = BTreeMap::new();
    for ((system, code), count) in hallmark.codes_seen() {
        if let (true, Ok(id)) = (system == SNOMED || is_dmd_like(&system), Sctid::parse(&code)) {
            *seen.entry(id.value()).or_default() += count;
        }
    }
    Ok(seen)
}

/// Takes no finding, and what cannot be read.
struct Reading {
    troubles: Vec<String>,
}

impl crate::session::Observer for Reading {
    fn finding(&mut self, _: &crate::finding::Finding) {}

    fn unreadable(&mut self, what: &crate::session::Unreadable) {
        self.troubles.push(format!("{}: {}", sanitise::line(&what.name), what.why));
    }
}

/// To a file through the one writer, or to standard output; a closed pipe is no failure.
fn written(
    output: Option<&Path>,
    input: &Path,
    write: &mut dyn FnMut(&mut dyn Write) -> std::io::Result<()>,
) -> Result<Exit, Failure> {
    let Some(path) = output else {
        let mut out = std::io::BufWriter::new(std::io::stdout());
        return match write(&mut out).and_then(|()| out.flush()) {
            Ok(()) => Ok(Exit::Clean),
            Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(Exit::Clean),
            Err(error) => Err(Failure::io("standard output", &error)),
        };
    };
    let mut paths = Paths::default();
    paths.reads(input);
    paths.writes(path)?;
    let fail = |error: std::io::Error| Failure::io(&path.display().to_string(), &error);
    let mut out = Output::create(path).map_err(fail)?;
    write(&mut out).map_err(fail)?;
    out.finish().map_err(fail)?;
    Ok(Exit::Clean)
}

/// A cell of CSV.
fn quoted(text: &str) -> String {
    format!("\"{}\"", sanitise::line(text).replace('"', "\"\""))
}
