//! The command line: the only place that reads the clock and the environment, and that prints.

mod args;
mod check;
mod doctor;
mod evidence;
mod exit;
mod explain;
mod fhirpath;
mod fix;
mod format_word;
mod found;
mod init;
mod pack;
mod progress;
mod receipts;
mod report;
mod rules;
mod settle;
mod snomed;
mod version;
mod watch;

use std::ffi::OsString;
use std::io::Write;

use clap::Parser;

use crate::output::Clash;
use crate::session::BuildError;
use crate::text::on_deep_stack;
use crate::text::scrub::clean;

pub use exit::Exit;

/// Runs hallmark with the arguments of the process.
pub fn main() -> Exit {
    main_of(std::env::args_os().collect())
}

/// Runs hallmark with arguments, the name of the command first.
pub fn main_of(arguments: Vec<OsString>) -> Exit {
    on_deep_stack(|| run(arguments))
}

fn run(arguments: Vec<OsString>) -> Exit {
    let words: Vec<String> = arguments.iter().skip(1).map(|w| w.to_string_lossy().into_owned()).collect();
    if version::asked(&words) {
        return version::run().unwrap_or_else(Failure::end);
    }
    let args = match args::Args::try_parse_from(arguments) {
        Ok(args) => args,
        Err(error) => {
            let _ = error.print();
            return if error.use_stderr() { Exit::Usage } else { Exit::Clean };
        }
    };
    let result = match args.command {
        args::Command::Check(check) => check::run(*check),
        args::Command::Rules(rules) => rules::run(&rules),
        args::Command::Fix(fix) => fix::run(&fix),
        args::Command::Explain(explain) => explain::run(&explain),
        args::Command::Pack(pack) => pack::run(&pack),
        args::Command::Fhirpath(fhirpath) => fhirpath::run(&fhirpath),
        args::Command::Report(report) => report::run(&report),
        args::Command::Merge(merge) => report::merge(&merge),
        args::Command::Criteria(criteria) => report::criteria(&criteria),
        args::Command::Snomed(snomed) => snomed::run(&snomed),
        args::Command::Evidence(evidence) => evidence::run(&evidence),
        args::Command::Doctor(doctor) => doctor::run(&doctor),
        args::Command::Init(init) => init::run(&init),
        args::Command::Completions { shell } => rules::completions(shell),
        args::Command::Man { dir } => rules::man(dir.as_deref()),
    };
    result.unwrap_or_else(Failure::end)
}

/// A line for people, on standard error.
fn say(text: &str) {
    let _ = writeln!(std::io::stderr(), "{}", clean(text.trim_end()));
}

/// Says which files were written.
fn wrote<'p>(paths: impl IntoIterator<Item = &'p std::path::Path>) {
    let names: Vec<String> = paths.into_iter().map(|path| path.display().to_string()).collect();
    if !names.is_empty() {
        say(&format!("written: {}", names.join(", ")));
    }
}

/// Prints to standard output; a closed pipe is no failure.
fn print(text: &str) -> Result<Exit, Failure> {
    match std::io::stdout().write_all(text.as_bytes()).and_then(|()| std::io::stdout().flush()) {
        Ok(()) => Ok(Exit::Clean),
        Err(error) if error.kind() == std::io::ErrorKind::BrokenPipe => Ok(Exit::Clean),
        Err(error) => Err(Failure::io("standard output", &error)),
    }
}

/// Why a command ended without a result.
#[derive(Debug)]
struct Failure {
    exit: Exit,
    says: String,
}

impl Failure {
    /// Says why, and gives the exit code.
    fn end(self) -> Exit {
        say(&self.says);
        self.exit
    }

    fn usage(says: impl Into<String>) -> Self {
        Self { exit: Exit::Usage, says: format!("hallmark: {}", says.into()) }
    }

    fn io(what: &str, error: &std::io::Error) -> Self {
        Self { exit: Exit::Incomplete, says: format!("hallmark: {what}: {error}") }
    }
}

impl From<BuildError> for Failure {
    fn from(error: BuildError) -> Self {
        Self::usage(error.to_string())
    }
}

impl From<Clash> for Failure {
    fn from(clash: Clash) -> Self {
        Self::usage(clash.to_string())
    }
}
