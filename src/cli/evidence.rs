//! `hallmark evidence`: a determination written from a report, signed, and its chain walked offline; records signed.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::fs::File;
use std::io::{self, BufReader, Read, Write as _};
use std::path::{Path, PathBuf};

use super::args::{Evidence, EvidenceCommand};
use super::report::{signature_of, today};
use super::{Exit, Failure, print, say};
use crate::kitemark::{
    Piece, Shelf, Signed, Verdict, digest_of, draft, public_key, sign, unfit_key, verify, walk_record,
};
use crate::output::{self, Output, Paths};
use crate::report::gap::SCHEMA as REPORT_SCHEMA;
use crate::schema::{Checked, Syntax};
use crate::settings::Date;

/// Runs one evidence command.
pub fn run(args: &Evidence) -> Result<Exit, Failure> {
    match &args.command {
        EvidenceCommand::New { report, evidence, output, today: day } => {
            new(report, evidence, output, today(day.as_deref())?)
        }
        EvidenceCommand::Sign { file, key_file, today: day } => sign_file(file, key_file, today(day.as_deref())?),
        EvidenceCommand::Verify { file, public_key, today: day } => {
            verify_file(file, public_key.as_deref(), today(day.as_deref())?)
        }
    }
}

/// The text of a regular file: no pipe or device is waited for.
fn text(path: &Path) -> Result<String, Failure> {
    let mut text = String::new();
    let read = regular(path).and_then(|mut file| file.read_to_string(&mut text));
    read.map(|_| text).map_err(|e| Failure::io(&path.display().to_string(), &e))
}

fn regular(path: &Path) -> io::Result<File> {
    if !std::fs::metadata(path)?.is_file() {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, "it is not a regular file"));
    }
    File::open(path)
}

fn digest(path: &Path) -> io::Result<String> {
    digest_of(regular(path)?)
}

/// Files as a determination names them: from its own folder.
struct Folder<'p>(&'p Path);

impl Shelf for Folder<'_> {
    fn open(&self, file: &str) -> io::Result<Box<dyn Read + '_>> {
        Ok(Box::new(regular(&self.0.join(file))?))
    }
}

fn new(report: &Path, evidence: &[PathBuf], output: &Path, today: Date) -> Result<Exit, Failure> {
    let mut paths = Paths::default();
    std::iter::once(report).chain(evidence.iter().map(PathBuf::as_path)).for_each(|path| paths.reads(path));
    paths.writes(output)?;
    let name = report.display().to_string();
    let checked = Checked::read(&name, &text(report)?, Syntax::Json, &REPORT_SCHEMA).map_err(|f| {
        Failure::usage(format!("this is not a report in JSON, as `hallmark report --format json` writes it: {f}"))
    })?;
    let folder = output.parent().unwrap_or_else(|| Path::new(""));
    let io = |path: &Path, e: &io::Error| Failure::io(&path.display().to_string(), e);
    let mut given: BTreeMap<String, &Path> = BTreeMap::new();
    for path in evidence {
        given.insert(digest(path).map_err(|e| io(path, &e))?, path);
    }
    let piece = |kind: &str, path: &Path, sha256: String, signed_by: Option<String>| Piece {
        kind: kind.to_owned(),
        file: beside(path, folder),
        sha256,
        signed_by,
    };
    let mut pieces = vec![piece("report", report, digest(report).map_err(|e| io(report, &e))?, None)];
    let mut missing = Vec::new();
    for material in checked.value["materials"].as_array().into_iter().flatten() {
        let text = |key: &str| material[key].as_str().unwrap_or_default();
        let (file, sha256) = (text("file"), text("sha256"));
        let from_report = report.parent().unwrap_or_else(|| Path::new("")).join(file);
        let here = [PathBuf::from(file), from_report];
        let found = given
            .remove(sha256)
            .map(Path::to_path_buf)
            .or_else(|| here.into_iter().find(|path| digest(path).is_ok_and(|own| own == sha256)));
        match found {
            Some(path) => {
                pieces.push(piece(
                    text("kind"),
                    &path,
                    sha256.to_owned(),
                    material["signedBy"].as_str().map(String::from),
                ));
            }
            None => missing.push(file.to_owned()),
        }
    }
    if !missing.is_empty() {
        return Err(Failure::usage(format!(
            "the report is made of files that are not here, or were changed since: {}. Give those that were moved with \
             --evidence; they are found by their digest",
            missing.join(", ")
        )));
    }
    let known: Vec<String> = pieces.iter().map(|p| p.sha256.clone()).collect();
    let further = given.into_iter().filter(|(sha256, _)| !known.contains(sha256));
    pieces.extend(further.map(|(sha256, path)| piece("evidence", path, sha256, None)));
    let determination = draft(&checked.value, today, &pieces);
    output::write(output, determination.as_bytes()).map_err(|e| io(output, &e))?;
    print(&format!(
        "{} is written, undecided, with {} files: its guide says how to fill it in\n",
        output.display(),
        pieces.len()
    ))
}

/// A path as the determination names it: from its own folder, so that both can be moved together.
fn beside(path: &Path, folder: &Path) -> String {
    let here = |p: &Path| std::fs::canonicalize(if p.as_os_str().is_empty() { Path::new(".") } else { p });
    match (here(path), here(folder)) {
        (Ok(path), Ok(folder)) => {
            let alike = path.components().zip(folder.components()).take_while(|(a, b)| a == b).count();
            let up = folder.components().skip(alike).map(|_| "..".to_owned());
            let down = path.components().skip(alike).map(|c| c.as_os_str().to_string_lossy().into_owned());
            up.chain(down).collect::<Vec<_>>().join("/")
        }
        _ => path.to_string_lossy().replace('\\', "/"),
    }
}

/// The seed of a key file: 64 hexadecimal digits, for its owner only. Nothing where there is no file.
fn seed(path: &Path) -> Result<Option<[u8; 32]>, Failure> {
    if !path.exists() {
        return Ok(None);
    }
    let content = text(path)?;
    let shown = path.display();
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt as _;
        let mode = std::fs::metadata(path).map_err(|e| Failure::io(&shown.to_string(), &e))?.permissions().mode();
        if mode & 0o077 != 0 {
            let says = format!("{shown} can be read by others than its owner: chmod 600, or make a new key");
            return Err(Failure::usage(says));
        }
    }
    let mut seed = [0u8; 32];
    if hex::decode_to_slice(content.trim(), &mut seed).is_err() {
        return Err(Failure::usage(format!("{shown} holds no key: 64 hexadecimal digits")));
    }
    if seed.iter().all(|byte| *byte == seed[0]) {
        return Err(Failure::usage(format!(
            "{shown} holds one byte 32 times, which anybody can guess: make a new key"
        )));
    }
    Ok(Some(seed))
}

/// A new seed, in a file for its owner only from the first byte.
fn new_seed(path: &Path) -> Result<[u8; 32], Failure> {
    let mut seed = [0u8; 32];
    getrandom::fill(&mut seed).map_err(|e| Failure::usage(format!("no randomness for a key: {e}")))?;
    let made = Output::private(path).and_then(|mut key| {
        key.write_all(hex::encode(seed).as_bytes())?;
        key.finish()
    });
    made.map_err(|e| Failure::io(&path.display().to_string(), &e))?;
    say(&format!("a key was made in {}: keep it where only signatories reach it", path.display()));
    Ok(seed)
}

/// Whether a file names itself a run record: these may be long, so that no more than the beginning is looked at.
fn is_record(path: &Path) -> Result<bool, Failure> {
    let mut head = Vec::new();
    let read = regular(path).and_then(|file| file.take(256).read_to_end(&mut head));
    read.map_err(|e| Failure::io(&path.display().to_string(), &e))?;
    Ok(String::from_utf8_lossy(&head).replace([' ', '\n'], "").starts_with("{\"type\":\"hallmark-record\""))
}

fn sign_file(file: &Path, key_file: &Path, today: Date) -> Result<Exit, Failure> {
    let beside = signature_of(file);
    let mut paths = Paths::default();
    paths.reads(file);
    paths.reads(key_file);
    paths.writes(&beside)?;
    let held = seed(key_file)?;
    let name = file.display().to_string();
    // What is refused leaves nothing behind: no key is made before everything else holds.
    let key = || held.map_or_else(|| new_seed(key_file), Ok);
    let (text, seed) = if is_record(file)? {
        let content = regular(file).map_err(|e| Failure::io(&name, &e))?;
        let walked = walk_record(&name, content, None, Some(&super::check::spill()));
        let (_, digest, _) = walked.map_err(|e| Failure::io(&name, &e))?.map_err(Failure::usage)?;
        let seed = key()?;
        (Signed::Record(&digest).sign(&seed), seed)
    } else {
        let content = text(file)?;
        let folder = file.parent().unwrap_or_else(|| Path::new(""));
        let signed = |seed: &[u8; 32]| {
            let spill = super::check::spill();
            sign((&name, &content), seed, today, &Folder(folder), Some(&spill))
                .map_err(|f| Failure::usage(f.to_string()))
        };
        signed(&held.unwrap_or([0; 32]))?;
        let seed = key()?;
        (signed(&seed)?, seed)
    };
    output::write(&beside, text.as_bytes()).map_err(|e| Failure::io(&beside.display().to_string(), &e))?;
    print(&format!("{} is signed by {}; its public key is {}\n", file.display(), beside.display(), public_key(&seed)))
}

fn verify_file(file: &Path, key: Option<&str>, today: Date) -> Result<Exit, Failure> {
    if let Some(why) = key.and_then(unfit_key) {
        return Err(Failure::usage(format!("--public-key: {why}")));
    }
    let beside = signature_of(file);
    let signature = if beside.exists() { Some(text(&beside)?) } else { None };
    let names = (file.display().to_string(), beside.display().to_string());
    let signed = signature.as_deref().map(|s| (names.1.as_str(), s));
    let spill = super::check::spill();
    let verdict = if is_record(file)? {
        let content = BufReader::new(regular(file).map_err(|e| Failure::io(&names.0, &e))?);
        let walked = walk_record(&names.0, content, signed, Some(&spill)).map_err(|e| Failure::io(&names.0, &e))?;
        record_verdict(walked.map(|(_, _, by)| by), key)
    } else {
        let folder = file.parent().unwrap_or_else(|| Path::new(""));
        verify((&names.0, &text(file)?), signed, key, today, &Folder(folder), Some(&spill))
            .map_err(|f| Failure::usage(f.to_string()))?
    };
    let mut out = String::new();
    for line in &verdict.holds {
        let _ = writeln!(out, "holds    {line}");
    }
    for line in &verdict.notes {
        let _ = writeln!(out, "open     {line}");
    }
    for line in &verdict.faults {
        let _ = writeln!(out, "FAULT    {line}");
    }
    print(&out)?;
    say(match verdict.is_good() {
        true => "exit 0: every link of the chain holds",
        false => "exit 1: the chain does not hold",
    });
    Ok(if verdict.is_good() { Exit::Clean } else { Exit::Findings })
}

/// A record that is verified by itself.
fn record_verdict(walked: Result<Option<String>, String>, key: Option<&str>) -> Verdict {
    let mut verdict = Verdict::default();
    match (walked, key) {
        (Err(says), _) => verdict.faults.push(says),
        (Ok(None), _) => verdict.faults.push("the record is as it was made, and nobody signed it".into()),
        (Ok(Some(own)), Some(known)) if known.trim().eq_ignore_ascii_case(&own) => {
            verdict.holds.push("the record is as it was made, and signed with the key that was named".into());
        }
        (Ok(Some(own)), Some(_)) => verdict.faults.push(format!("it is signed with another key, {own}")),
        (Ok(Some(own)), None) => verdict.faults.push(format!(
            "it is signed with key {own}, and nobody said whose that is: name the key of the partner with --public-key"
        )),
    }
    verdict
}
