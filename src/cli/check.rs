//! `hallmark check`: settings, run, formats, record, exit code.

use std::io::{self, IsTerminal, Write};
use std::path::{Component, Path, PathBuf};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};

use super::args::Check as Args;
use super::progress::Progress;
use super::settle::{Place, environment, list, settled};
use super::{Exit, Failure, say};
use crate::finding::{Finding, Severity};
use crate::output::{Output, Paths};
use crate::record::{RecordBuilder, SightingSorter, Spill};
use crate::report::{self, Format, LeakGate, WriteOptions, Writer};
use crate::session::{BuildError, Given, Hallmark, Observer, Outputs, Sighting, Unreadable, is_source};
use crate::settings::{BaselineBuilder, Flags, Settings, Words};
use crate::tally::{KeyRow, RunOutcome};
use crate::text::{Disclosure, agrees, counted, thousands};

/// Runs `check`.
pub fn run(args: Args) -> Result<Exit, Failure> {
    if args.watch { super::watch::run(args) } else { once(&args) }
}

/// Checks the paths once.
pub(super) fn once(args: &Args) -> Result<Exit, Failure> {
    let settings = settle(args)?;
    if args.show_config {
        return super::print(&settings.show());
    }
    let given = Given {
        key: key_of_environment()?,
        received: super::receipts::of(args)?,
        answers: args.code_answers.clone(),
        notes: args.export_codes.is_some(),
        locate: args.locate.is_some(),
        plain_names: plain_names(&settings, args),
        tell_names: args.names.is_some(),
        ..Given::default()
    };
    let (hallmark, settings) = Hallmark::new(settings, given)?;
    apart(args, &settings)?;
    let write_options = write_options(args, &settings);
    let mut observing = Observing::new(&hallmark, &settings, args, &write_options)?;
    let mut outcome = hallmark.run(&args.paths, settings.jobs, &mut observing);
    if let (Some(path), Some((batch, count))) = (&args.export_codes, hallmark.questions()) {
        // Codes and displays of messages stand in it: for its owner's eyes.
        let fail = |e: io::Error| Failure::io(&path.display().to_string(), &e);
        let mut out = Output::private(path).map_err(fail)?;
        writeln!(out, "{batch:#}").and_then(|()| out.finish()).map_err(fail)?;
        if !args.quiet {
            say(&format!(
                "written: {} ({} for a terminology server)",
                path.display(),
                counted(count as u64, "question")
            ));
        }
    }
    if let Some(path) = &args.names {
        let fail = |e: io::Error| Failure::io(&path.display().to_string(), &e);
        let mut out = Output::private(path).map_err(fail)?;
        report::names(&hallmark.names_told(), &mut out).and_then(|()| out.finish()).map_err(fail)?;
        if !args.quiet {
            super::wrote([path.as_path()]);
        }
    }
    outcome.summary.elapsed = Some(observing.progress.elapsed());
    finish(observing, &outcome, &settings, args)
}

/// Whether names of files are told as they are: where values are shown, or where all goes to a terminal. What is kept, a record or a
/// baseline, has one name for a file wherever it was made.
fn plain_names(settings: &Settings, args: &Args) -> bool {
    let kept = settings.record.is_some()
        || settings.report.is_some()
        || settings.baseline.is_some()
        || args.write_baseline.is_some();
    let text = settings.formats.iter().all(|(word, path)| word == Format::TEXT && path.is_none());
    !kept && (settings.show_values || (text && io::stdout().is_terminal()))
}

/// No output is an input, or another output. A baseline alone may be read and written again: it only shrinks.
fn apart(args: &Args, settings: &Outputs) -> Result<(), Failure> {
    let mut paths = Paths::default();
    for path in args.paths.iter().filter(|path| path.as_os_str() != "-") {
        paths.reads_in(path, is_source);
    }
    args.received_list.iter().chain(&args.code_answers).chain(&settings.inputs).for_each(|path| paths.reads(path));
    args.export_codes.iter().chain(&args.locate).chain(&args.names).try_for_each(|path| paths.writes(path))?;
    args.write_baseline.iter().try_for_each(|path| paths.writes(path))?;
    settings.baseline.iter().for_each(|path| paths.reads(path));
    let formats = settings.formats.iter().filter_map(|(_, path)| path.as_ref());
    formats.chain(&settings.record).chain(&settings.report).try_for_each(|path| paths.writes(path))?;
    Ok(())
}

fn settle(args: &Args) -> Result<Settings, Failure> {
    let place = Place {
        config: args.config.as_deref(),
        no_config: args.no_config,
        quiet: args.quiet,
        today: args.today.as_deref(),
    };
    settled(&place, &flags(args))
}

fn flags(args: &Args) -> Flags {
    let on = |flag: bool| flag.then_some(true);
    Flags {
        packages: list(&args.packages),
        profiles: list(&args.profiles),
        standard: args.standard.clone(),
        fhir_version: args.fhir_version.clone(),
        rules: args.rules.clone().map(Words::One),
        shadow: args.shadow.clone().map(Words::One),
        terminology: args.terminology.clone(),
        formats: list(&args.formats),
        fail_on: args.fail_on.clone(),
        require_assessed: on(args.require_assessed),
        best_practice: args.best_practice.clone(),
        extension_domains: list(&args.extension_domains),
        check_references: on(args.check_references),
        assume_valid_rest_references: on(args.assume_valid_rest_references),
        security_checks: on(args.security_checks),
        environment: args.environment.clone(),
        show_values: on(args.show_values),
        baseline: args.baseline.clone(),
        new_only: on(args.new_only),
        record: args.record.clone(),
        report: args.report.clone(),
        hmac_key_file: args.hmac_key_file.clone(),
        partner: args.partner.clone(),
        product: args.product.clone(),
        interface: args.interface.clone(),
        period: args.period.clone(),
        jobs: args.jobs,
        ..Flags::default()
    }
}

/// The key of pseudonyms that the environment holds, in hexadecimal. Never from an argument.
fn key_of_environment() -> Result<Option<Vec<u8>>, Failure> {
    let text = environment()?.into_iter().find(|(name, _)| name == "HALLMARK_HMAC_KEY").map(|(_, text)| text);
    let key = text.map(|text| hex::decode(text.trim()).map_err(|_| BuildError::Key)).transpose();
    Ok(key?)
}

/// Set by Ctrl-C: the run ends with what was done so far. A second Ctrl-C ends it at once, and leaves outputs as they were.
pub(super) fn interrupted() -> Arc<AtomicBool> {
    static FLAG: LazyLock<Arc<AtomicBool>> = LazyLock::new(|| {
        let _ = ctrlc::set_handler(|| {
            if FLAG.swap(true, Ordering::Relaxed) {
                std::process::exit(i32::from(Exit::Incomplete.code()));
            }
        });
        Arc::default()
    });
    Arc::clone(&FLAG)
}

/// Options for text on a terminal, where the source line is shown, and for everything else.
struct Disclosing {
    text: WriteOptions,
    other: WriteOptions,
}

/// Defects that a terminal is given at most, where nobody says how many.
const DEFECTS: usize = 50;

fn write_options(args: &Args, settings: &Outputs) -> Disclosing {
    let terminal = io::stdout().is_terminal();
    let no_colour = std::env::vars_os().any(|(k, v)| k == "NO_COLOR" && !v.is_empty());
    let other = WriteOptions {
        disclosure: if settings.show_values { Disclosure::Shown } else { Disclosure::Masked },
        version: env!("CARGO_PKG_VERSION").to_owned(),
        partner: settings.partner.clone(),
        fail_on: settings.fail_on,
        colour: terminal && !no_colour,
        baseline: settings.baseline.is_some(),
        new_only: settings.new_only,
        most: args.max_findings,
        statistics: args.statistics,
        junit_by_rule: args.junit == "by-rule",
        rule_pages: args.rule_pages.clone().unwrap_or_default(),
        base: std::env::current_dir().map(|p| p.display().to_string()).unwrap_or_default(),
        ..WriteOptions::default()
    };
    let mut text = other.clone();
    if terminal {
        text.disclosure = Disclosure::Shown;
        text.most = text.most.or(Some(DEFECTS));
    }
    Disclosing { text, other }
}

/// Where a writer's bytes go.
enum Target {
    Stdout(io::BufWriter<io::Stdout>),
    File(Output),
}

impl Target {
    fn writer(&mut self) -> &mut dyn Write {
        match self {
            Self::Stdout(out) => out,
            Self::File(out) => out,
        }
    }

    fn finish(self) -> io::Result<()> {
        match self {
            Self::Stdout(mut out) => out.flush(),
            Self::File(out) => out.finish(),
        }
    }
}

/// A target that its writer shares with the code that finishes it.
#[derive(Clone)]
struct Shared(Arc<Mutex<Target>>);

impl Write for Shared {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).writer().write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).writer().flush()
    }
}

struct Opened<'o> {
    writer: Option<Box<dyn Writer + 'o>>,
    target: Shared,
    name: String,
    /// It is not whole, and must not appear.
    failed: bool,
}

/// Hands findings to writers, the record and the baseline as they come.
struct Observing<'o> {
    outputs: Vec<Opened<'o>>,
    record: Option<RecordBuilder>,
    sightings: Option<SightingSorter>,
    /// Some could not be kept.
    sightings_lost: bool,
    baseline: Option<BaselineBuilder>,
    progress: Progress,
    worst: Option<Severity>,
    fail_on: Option<Severity>,
    failing: u64,
    new_only: bool,
    /// A baseline is in force: a new one may only shrink.
    had_baseline: bool,
    /// What became of outputs that failed, each by itself.
    trouble: Vec<(String, io::Error)>,
    unreadable: Vec<String>,
}

impl<'o> Observing<'o> {
    fn new(hallmark: &Hallmark, settings: &Outputs, args: &Args, options: &'o Disclosing) -> Result<Self, Failure> {
        let mut outputs = Vec::new();
        for (word, path) in &settings.formats {
            let format = Format::named(word).ok_or_else(|| Failure::usage(format!("there is no format {word}")))?;
            let options = if format.name == Format::TEXT && path.is_none() { &options.text } else { &options.other };
            outputs.push(open(format, path.as_deref(), options)?);
        }
        Ok(Self {
            outputs,
            record: (settings.record.is_some() || settings.report.is_some())
                .then(|| hallmark.recorder(&label(&args.paths), Some(spill()))),
            sightings_lost: false,
            sightings: args.locate.is_some().then(|| SightingSorter::new(spill())),
            baseline: args.write_baseline.is_some().then(BaselineBuilder::default),
            progress: Progress::new(args.quiet),
            worst: None,
            fail_on: settings.fail_on,
            failing: 0,
            new_only: settings.new_only,
            had_baseline: settings.baseline.is_some(),
            trouble: Vec::new(),
            unreadable: Vec::new(),
        })
    }
}

/// What tells this part of a feed from others with the same payloads: its sources as given. It goes into the seal of the run's id.
fn label(paths: &[PathBuf]) -> String {
    let bare = |path: &PathBuf| path.components().filter(|part| *part != Component::CurDir).collect::<PathBuf>();
    let mut names: Vec<PathBuf> = paths.iter().map(bare).collect();
    names.sort();
    names.iter().map(|name| name.to_string_lossy()).collect::<Vec<_>>().join("\n")
}

fn open<'o>(format: &Format, path: Option<&Path>, options: &'o WriteOptions) -> Result<Opened<'o>, Failure> {
    let (target, name) = match path {
        Some(path) => {
            let output = Output::create(path).map_err(|e| Failure::io(&path.display().to_string(), &e))?;
            (Target::File(output), path.display().to_string())
        }
        None => (Target::Stdout(io::BufWriter::new(io::stdout())), "standard output".to_owned()),
    };
    let target = Shared(Arc::new(Mutex::new(target)));
    let writer = report::open(format, options, target.clone()).map_err(|e| Failure::io(&name, &e))?;
    Ok(Opened { writer: Some(writer), target, name, failed: false })
}

/// A folder among temporary files for pseudonyms that do not fit into memory; made when it is needed.
pub(super) fn spill() -> Spill {
    let mut name = [0u8; 16];
    let _ = getrandom::fill(&mut name);
    Spill::new(&std::env::temp_dir().join(format!("hallmark-{}", hex::encode(name))))
}

impl Observer for Observing<'_> {
    fn finding(&mut self, finding: &Finding) {
        if finding.counts() && (finding.new || !self.new_only) {
            self.worst = Some(self.worst.map_or(finding.severity, |w| w.min(finding.severity)));
            self.failing += u64::from(self.fail_on.is_some_and(|at| finding.severity.reaches(at)));
        }
        for output in &mut self.outputs {
            let Some(writer) = &mut output.writer else { continue };
            if let Err(error) = writer.finding(finding) {
                output.writer = None;
                output.failed = true;
                self.trouble.push((output.name.clone(), error));
            }
        }
        if let Some(record) = &mut self.record {
            record.finding(finding);
        }
        if let Some(baseline) = &mut self.baseline {
            baseline.add(finding, self.had_baseline);
        }
    }

    fn payload(&mut self, done: u64, _bytes: u64) {
        self.progress.payload(done);
    }

    fn quality(&self) -> bool {
        self.record.is_some() || self.sightings.is_some()
    }

    fn sightings(&mut self, seen: &[Sighting]) {
        if let Some(sightings) = &mut self.sightings
            && let Err(error) = sightings.add(seen)
        {
            self.trouble.push(("sightings in temporary files".to_owned(), error));
            self.sightings_lost = true;
        }
    }

    fn stop(&self) -> Option<Arc<AtomicBool>> {
        Some(interrupted())
    }

    fn keys(&mut self, rows: &[KeyRow]) {
        if let Some(record) = &mut self.record
            && let Err(error) = record.keys(rows)
        {
            self.trouble.push(("pseudonyms in temporary files".to_owned(), error));
        }
    }

    fn unreadable(&mut self, what: &Unreadable) {
        self.unreadable.push(format!("{}: {}", what.name, what.why));
    }
}

fn finish(
    mut observing: Observing<'_>,
    outcome: &RunOutcome,
    settings: &Outputs,
    args: &Args,
) -> Result<Exit, Failure> {
    observing.progress.finish();
    for output in &mut observing.outputs {
        let Some(writer) = output.writer.take() else { continue };
        let closed = writer.close(outcome);
        if let Err(error) = closed {
            output.failed = true;
            observing.trouble.push((output.name.clone(), error));
        }
    }
    // Each output has its own fate: none takes another with it, and none hides what became of another.
    for output in std::mem::take(&mut observing.outputs) {
        // What was cut short never appears.
        if !output.failed
            && let Err(error) = rename(output.target)
        {
            observing.trouble.push((output.name, error));
        }
    }
    let mut failures: Vec<Failure> = Vec::new();
    let fail = |path: &Path, e: io::Error| Failure::io(&path.display().to_string(), &e);
    match observing.record.take().map(|record| record.finish(outcome)) {
        None => {}
        Some(Err(error)) => failures.push(Failure::io("pseudonyms in temporary files", &error)),
        Some(Ok(record)) => {
            if let Some(path) = &settings.record {
                failures.extend(super::report::write_record(&record, path).err().map(|e| fail(path, e)));
            }
            if let Some(path) = &settings.report {
                failures.extend(super::report::quick(&record, settings.today, &args.audience, path).err());
            }
        }
    }
    if let (Some(path), Some(sightings)) = (&args.locate, observing.sightings.take()) {
        let keyed = !outcome.keys.key_id.is_empty();
        // A list that lacks members tells of other doubles than there are.
        if outcome.summary.interrupted || observing.sightings_lost {
            say(&format!("{}: not written, because not every sighting was taken down", path.display()));
        } else {
            match located(path, sightings, keyed) {
                Ok(says) if !args.quiet => say(&says),
                Ok(_) => {}
                Err(error) => failures.push(fail(path, error)),
            }
        }
    }
    if let (Some(path), Some(baseline)) = (&args.write_baseline, observing.baseline.take()) {
        if outcome.summary.interrupted {
            // What the rest of the feed would have shown would be new findings ever after.
            say(&format!("{}: not written, because the run was interrupted", path.display()));
        } else {
            failures.extend(write_gated(path, &baseline.finish(&outcome.rules_digest)).err().map(|e| fail(path, e)));
        }
    }
    if !args.quiet && failures.is_empty() && observing.trouble.is_empty() {
        let formats = settings.formats.iter().filter_map(|(_, path)| path.as_deref());
        let record = settings.record.as_deref().into_iter();
        let baseline = args.write_baseline.as_deref().filter(|_| !outcome.summary.interrupted);
        super::wrote(formats.chain(record).chain(settings.report.as_deref()).chain(baseline));
    }
    for line in &observing.unreadable {
        say(&format!("not read: {line}"));
    }
    let exit = exit(&observing, outcome, settings, args);
    // A closed pipe is no failure: its reader has had enough.
    let trouble = observing.trouble.iter().filter(|(_, error)| error.kind() != io::ErrorKind::BrokenPipe);
    failures.splice(0..0, trouble.map(|(name, error)| Failure::io(name, error)).collect::<Vec<_>>());
    if let Some(last) = failures.pop() {
        failures.iter().for_each(|failure| say(&failure.says));
        return Err(last);
    }
    if !args.quiet {
        say(&summary(outcome, settings, exit));
    }
    Ok(exit)
}

/// Writes where doubles and contradictions are, for the eyes of their owner; says how many there are.
fn located(path: &Path, sightings: SightingSorter, keyed: bool) -> io::Result<String> {
    let mut out = Output::private(path)?;
    let groups = report::locate(sightings, keyed, &mut out)?;
    out.finish()?;
    let kinds: Vec<String> = groups.iter().map(|(kind, n)| format!("{} {}", thousands(*n), kind.as_str())).collect();
    let found = if kinds.is_empty() { "no double and no contradiction".to_owned() } else { kinds.join(", ") };
    let without = if keyed { "" } else { "; without a key only payloads of the same bytes are told" };
    Ok(format!("written: {} ({found}{without})", path.display()))
}

/// Writes a file of JSON through the last gate.
fn write_gated(path: &Path, text: &str) -> io::Result<()> {
    let mut gate = LeakGate::json(Output::create(path)?);
    gate.write_all(text.as_bytes())?;
    gate.finish()?.finish()
}

fn rename(target: Shared) -> io::Result<()> {
    let Ok(mutex) = Arc::try_unwrap(target.0) else { return Err(io::Error::other("a writer is still open")) };
    mutex.into_inner().unwrap_or_else(PoisonError::into_inner).finish()
}

fn exit(observing: &Observing<'_>, outcome: &RunOutcome, settings: &Outputs, args: &Args) -> Exit {
    if !outcome.is_complete() || (args.require_read && !outcome.summary.passed_over.is_empty()) {
        Exit::Incomplete
    } else if observing.failing > 0 {
        Exit::Findings
    } else if settings.require_assessed && !outcome.not_assessed.is_empty() {
        Exit::NotAssessed
    } else {
        Exit::Clean
    }
}

fn summary(outcome: &RunOutcome, settings: &Outputs, exit: Exit) -> String {
    use std::fmt::Write as _;
    let summary = &outcome.summary;
    let payloads = summary.payloads;
    let mut out = format!(
        "{}: {} read, {} failed, {} skipped; {} clean",
        counted(payloads.given, "payload"),
        thousands(payloads.read),
        thousands(payloads.failed),
        thousands(payloads.skipped),
        thousands(summary.clean)
    );
    let _ = write!(out, "; {}", report::found(summary, settings.new_only));
    let resources = counted(summary.resources_total(), "resource");
    let claim = agrees(summary.unclaimed, "claims", "claim");
    let _ = write!(out, "; {} of {resources} {claim} no profile", thousands(summary.unclaimed));
    let skipped: u64 = outcome.not_assessed.iter().map(|(_, n)| n).sum();
    if skipped > 0 {
        let _ = write!(
            out,
            "; not assessed: {} in {}",
            counted(outcome.not_assessed.len() as u64, "thing"),
            counted(skipped, "place")
        );
    }
    if summary.release_assumed > 0 {
        let _ =
            write!(out, "; FHIR 4.0 assumed for {}, which did not say", counted(summary.release_assumed, "payload"));
    }
    let passed_over: u64 = summary.passed_over.values().sum();
    if passed_over > 0 {
        let kinds = summary.passed_over.iter().map(|(kind, n)| format!("{} {kind}", thousands(*n)));
        let files = counted(passed_over, "file");
        let _ = write!(out, "; {files} of folders not looked at: {}", kinds.collect::<Vec<_>>().join(", "));
    }
    let why = match exit {
        Exit::Incomplete if summary.interrupted => "interrupted",
        Exit::Incomplete if summary.unreadable > 0 => "something could not be read",
        Exit::Incomplete if summary.payloads.skipped > 0 => "a limit was hit",
        Exit::Incomplete => "files of folders were not looked at, and --require-read was given",
        Exit::Clean if settings.fail_on.is_none() => "--fail-on never: findings do not count",
        other => other.meaning(),
    };
    let _ = write!(out, "\nexit {}: {why}", exit.code());
    out
}
