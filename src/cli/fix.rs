//! `hallmark fix`: what rules declare mechanical, shown as a diff, or written.

use std::fs::File;
use std::io::{self, BufRead, BufReader, IsTerminal, Read, Write};
use std::path::Path;

use super::args::Fix as Args;
use super::settle::{list, settled};
use super::{Exit, Failure, say};
use crate::output::Output;
use crate::report::clean;
use crate::session::{Fixed, Given, Hallmark};
use crate::settings::{Flags, Words};
use crate::text::{Disclosure, counted, sanitise};

/// Lines around a change in a diff.
const CONTEXT: usize = 3;

/// What became of the files so far.
#[derive(Default)]
struct Sum {
    findings: u64,
    files: u64,
    left: u64,
    failed: u64,
}

/// Runs `fix`.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let flags = Flags {
        profiles: list(&args.profiles),
        standard: args.standard.clone(),
        fhir_version: args.fhir_version.clone(),
        rules: args.rules.clone().map(Words::One),
        show_values: args.show_values.then_some(true),
        ..args.over.flags()
    };
    let settings = settled(&args.over.place(args.quiet), &flags)?;
    let (hallmark, settings) = Hallmark::new(settings, Given::default())?;
    if args.paths.iter().any(|path| path.as_os_str() == "-") {
        return stream(&hallmark, args);
    }
    let shown = settings.show_values || io::stdout().is_terminal();
    let to = if shown { Disclosure::Shown } else { Disclosure::Masked };
    let (files, unreadable) = hallmark.files(&args.paths);
    let mut sum = Sum::default();
    for what in &unreadable {
        sum.failed += 1;
        say(&format!("not read: {}: {}", what.name, what.why));
    }
    for path in files {
        if let Err(error) = file(&hallmark, &path, args.write, to, &mut sum) {
            sum.failed += 1;
            say(&format!("{}: {error}", sanitise::line(&path.display().to_string())));
        }
    }
    Ok(end(&sum, args))
}

/// Exit code and last line.
fn end(sum: &Sum, args: &Args) -> Exit {
    let exit = match (sum.failed, sum.findings) {
        (1.., _) => Exit::Incomplete,
        (0, 1..) if !args.write => Exit::Findings,
        _ => Exit::Clean,
    };
    if !args.quiet {
        let (findings, files) = (counted(sum.findings, "finding"), counted(sum.files, "file"));
        let mut text = match (sum.findings, args.write) {
            (0, _) => "nothing here is mechanical to mend".to_owned(),
            (_, true) => format!("{findings} mended in {files}"),
            (_, false) => format!("{findings} in {files} can be mended: --write applies it"),
        };
        if sum.left > 0 {
            text += &format!("; {} left, because others would come of it", counted(sum.left, "finding"));
        }
        let why = match exit {
            Exit::Incomplete => "something could not be read or written",
            Exit::Findings => "something can be mended",
            _ => "nothing is left that can be mended",
        };
        say(&format!("{text}\nexit {}: {why}", exit.code()));
    }
    exit
}

/// One message from standard input to standard output.
fn stream(hallmark: &Hallmark, args: &Args) -> Result<Exit, Failure> {
    if args.paths.len() > 1 || args.write {
        return Err(Failure::usage("- stands alone, and what it gives goes to standard output"));
    }
    let fail = |e: io::Error| Failure::io("standard input", &e);
    let mut bytes = Vec::new();
    io::stdin().read_to_end(&mut bytes).map_err(fail)?;
    let fixed = hallmark.fix_as("-", &bytes);
    io::stdout().write_all(&fixed.bytes).map_err(|e| Failure::io("standard output", &e))?;
    if !args.quiet {
        let mended = counted(fixed.mended.len() as u64, "finding");
        say(&format!("{mended} mended; {} left", counted(fixed.left, "finding")));
    }
    Ok(Exit::Clean)
}

/// Whether each line of a file is a message.
fn is_lines(path: &Path) -> bool {
    path.extension().is_some_and(|end| end.eq_ignore_ascii_case("ndjson") || end.eq_ignore_ascii_case("jsonl"))
}

fn file(hallmark: &Hallmark, path: &Path, write: bool, to: Disclosure, sum: &mut Sum) -> io::Result<()> {
    let refuse = |why: &str| Err(io::Error::other(why));
    let before = std::fs::symlink_metadata(path)?;
    if !before.is_file() {
        return refuse("this is not a regular file, and is left as it is");
    }
    let end = path.extension().map(|end| end.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    if !matches!(end.as_str(), "json" | "xml" | "ndjson" | "jsonl") {
        return refuse("what is compressed or packed is left as it is; unpack it first");
    }
    let source = path.display().to_string();
    let mut output = if write { Some(Output::create(path)?) } else { None };
    let mut mended = 0;
    let mut one = |number: u64, bytes: &[u8]| -> io::Result<()> {
        let fixed = hallmark.fix_as(&source, bytes);
        sum.left += fixed.left;
        match &mut output {
            Some(output) => output.write_all(&fixed.bytes)?,
            None if !fixed.mended.is_empty() => {
                let mut out = io::stdout().lock();
                if mended == 0 {
                    // A name that may be a patient's is masked as its findings have it.
                    let masked = fixed.mended.first().map(|finding| finding.source.to_string());
                    let name = masked.filter(|_| to == Disclosure::Masked).unwrap_or_else(|| sanitise::line(&source));
                    writeln!(out, "--- {name}\n+++ {name}")?;
                }
                show(&mut out, number, bytes, &fixed, to)?;
            }
            None => {}
        }
        mended += fixed.mended.len() as u64;
        Ok(())
    };
    if is_lines(path) {
        let mut reader = BufReader::new(File::open(path)?);
        let mut line = Vec::new();
        for number in 1.. {
            line.clear();
            if reader.read_until(b'\n', &mut line)? == 0 {
                break;
            }
            one(number, &line)?;
        }
    } else {
        one(0, &std::fs::read(path)?)?;
    }
    if let Some(output) = output
        && mended > 0
    {
        let now = std::fs::symlink_metadata(path)?;
        if (now.len(), now.modified()?) != (before.len(), before.modified()?) {
            return refuse("the file changed while it was read, and is left as it is");
        }
        output.finish()?;
    }
    sum.findings += mended;
    sum.files += u64::from(mended > 0);
    Ok(())
}

/// A unified diff of one payload; masked, a hunk for each change that says what it is about. `line` is that of the payload in
/// its file, 0 for a file that is one payload.
fn show(out: &mut impl Write, line: u64, before: &[u8], fixed: &Fixed, to: Disclosure) -> io::Result<()> {
    if to == Disclosure::Shown {
        let (old, new) = (String::from_utf8_lossy(before), String::from_utf8_lossy(&fixed.bytes));
        if line > 0 {
            let (old, new) = (old.trim_end_matches('\n'), new.trim_end_matches('\n'));
            return writeln!(out, "@@ -{line} +{line} @@\n-{}\n+{}", sanitise::line(old), sanitise::line(new));
        }
        let diff = similar::TextDiff::from_lines(&*old, &*new);
        let text = diff.unified_diff().context_radius(CONTEXT).to_string();
        if !io::stdout().is_terminal() {
            return out.write_all(text.as_bytes());
        }
        return text.lines().try_for_each(|line| writeln!(out, "{}", sanitise::line(line)));
    }
    for finding in &fixed.mended {
        let Some(fix) = &finding.fix else { continue };
        let at = if line > 0 { line } else { finding.line };
        let step = finding.path.rsplit('.').next().unwrap_or_default();
        let step = if fix.moves() { "order" } else { step };
        let (was, now) = (fix.was(to), fix.now(to));
        for text in [
            format!("@@ -{at} +{at} @@ {} {}", finding.meta.id, finding.path),
            format!("-{step}: {was}"),
            format!("+{step}: {now}"),
        ] {
            writeln!(out, "{}", clean(&text))?;
        }
    }
    Ok(())
}
