//! One trial a rule, its examples as they are written: `cargo test HM0268`, or a rule's name, runs that rule alone.
#![allow(clippy::unwrap_used, reason = "a test fails by panicking")]

mod release;

use std::collections::HashMap;
use std::path::PathBuf;
use std::process::Command;
use std::sync::{Arc, Mutex};

use hallmark::finding::{Example, Finding, Meta, Verdict};
use hallmark::session::{Hallmark, rules};
use hallmark::settings::Date;
use libtest_mimic::{Arguments, Failed, Trial};

/// Checkers by what an example is held against.
struct Checkers {
    folder: PathBuf,
    index: PathBuf,
    held: Mutex<HashMap<(&'static str, &'static str, usize), Arc<Hallmark>>>,
}

impl Checkers {
    fn of(&self, example: &'static Example) -> Result<Arc<Hallmark>, Failed> {
        let key = (example.release, example.profile, example.definitions.as_ptr() as usize);
        if let Some(held) = self.held.lock().unwrap().get(&key) {
            return Ok(Arc::clone(held));
        }
        let day = Date::parse("2026-11-21").ok_or("not a day")?;
        // Rules that are silent on test data are shown where they speak.
        let mut builder = Hallmark::builder().today(day).environment("production").best_practice("warning");
        builder = builder.terminology(&self.index).security_checks(true).partner("X26").fhir_version(example.release);
        for (number, text) in example.definitions.iter().enumerate() {
            let path = self.folder.join(format!("{}-{number}.json", key.2));
            std::fs::write(&path, text)?;
            builder = builder.package(path);
        }
        if !example.profile.is_empty() {
            builder = builder.profile(example.profile);
        }
        let made = Arc::new(builder.build()?);
        self.held.lock().unwrap().insert(key, Arc::clone(&made));
        Ok(made)
    }
}

/// The input without its marks, and the bytes between them.
fn unmarked(example: &Example) -> (String, Option<std::ops::Range<usize>>) {
    let input = example.input;
    let text = input.replace(['«', '»'], "");
    let mark = input.find('«').zip(input.find('»')).map(|(start, end)| start..end - '«'.len_utf8());
    (text, mark)
}

fn holds(checkers: &Checkers, meta: &'static Meta, example: &'static Example) -> Result<(), Failed> {
    let (text, mark) = unmarked(example);
    let checked = checkers.of(example)?.check(text.as_bytes());
    let own: Vec<&Finding> = checked.findings.iter().filter(|f| f.meta.id == meta.id).collect();
    let fault = |what: String| Err(format!("\"{}\": {what}", example.title).into());
    if example.verdict == Verdict::Silent {
        return match own.first() {
            Some(found) => fault(format!("must be silent, but says \"{}\" at {}", found.says, found.path)),
            None => Ok(()),
        };
    }
    let at = |f: &&&Finding| mark.as_ref().is_none_or(|mark| f.span.range() == *mark);
    let Some(found) = own.iter().find(at) else {
        let spans: Vec<_> = own.iter().map(|f| f.span.range()).collect();
        return fault(format!("must be flagged at {mark:?}, and is at {spans:?}"));
    };
    let words = |f: &Finding| f.says.contains(example.says) || f.notes.iter().any(|n| n.contains(example.says));
    if !example.says.is_empty() && !words(found) {
        return fault(format!("must say \"{}\", and says \"{}\"", example.says, found.says));
    }
    Ok(())
}

fn main() {
    let arguments = Arguments::from_args();
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    let mut command = Command::new(env!("CARGO_BIN_EXE_hallmark"));
    let built = command.args(["snomed", "build"]).arg(release::write(folder.path())).arg("-o").arg(&index).output();
    assert!(built.unwrap().status.success());
    let checkers = Arc::new(Checkers { folder: folder.path().to_owned(), index, held: Mutex::new(HashMap::new()) });
    let trials = rules().iter().map(|&meta| {
        let checkers = Arc::clone(&checkers);
        Trial::test(format!("{} {}", meta.id, meta.name), move || {
            meta.examples.iter().try_for_each(|example| holds(&checkers, meta, example))
        })
    });
    let conclusion = libtest_mimic::run(&arguments, trials.collect());
    drop(folder);
    conclusion.exit();
}
