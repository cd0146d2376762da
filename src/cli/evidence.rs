//! `hallmark evidence`: a determination written from a report, signed, and re-checked offline.

use std::fmt::Write as _;
use std::io::Write as _;
use std::path::{Path, PathBuf};

use super::args::{Evidence, EvidenceCommand};
use super::{Exit, Failure, print, say};
use crate::kitemark::{Piece, draft, sign, verify};
use crate::output::{self, Output, Paths};

/// Runs one evidence command.
pub fn run(args: &Evidence) -> Result<Exit, Failure> {
    match &args.command {
        EvidenceCommand::New { report, evidence, output } => new(report, evidence, output),
        EvidenceCommand::Sign { file, key_file } => sign_file(file, key_file),
        EvidenceCommand::Verify { file, public_key } => verify_file(file, public_key.as_deref()),
    }
}

fn text(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|e| Failure::io(&path.display().to_string(), &e))
}

fn new(report: &Path, evidence: &[PathBuf], output: &Path) -> Result<Exit, Failure> {
    let mut paths = Paths::default();
    std::iter::once(report).chain(evidence.iter().map(PathBuf::as_path)).for_each(|path| paths.reads(path));
    paths.writes(output)?;
    let value =
        serde_json::from_str(&text(report)?).map_err(|e| Failure::usage(format!("{}: {e}", report.display())))?;
    let folder = output.parent().unwrap_or_else(|| Path::new(""));
    let mut pieces = Vec::new();
    for path in std::iter::once(report).chain(evidence.iter().map(PathBuf::as_path)) {
        let bytes = std::fs::read(path).map_err(|e| Failure::io(&path.display().to_string(), &e))?;
        pieces.push((beside(path, folder), bytes));
    }
    let pieces: Vec<Piece<'_>> = pieces.iter().map(|(file, bytes)| Piece { file, bytes }).collect();
    let determination = draft(&value, super::check::today(), &pieces).map_err(Failure::usage)?;
    output::write(output, determination.as_bytes()).map_err(|e| Failure::io(&output.display().to_string(), &e))?;
    print(&format!(
        "{} is written, undecided: fill in the decision, its conditions and who answers for it\n",
        output.display()
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

/// The seed of a key file: 64 hexadecimal digits. A file that is not there is made, for its owner only.
fn seed(path: &Path) -> Result<[u8; 32], Failure> {
    let mut seed = [0u8; 32];
    if path.exists() {
        let content = text(path)?;
        return match hex::decode_to_slice(content.trim(), &mut seed) {
            Ok(()) => Ok(seed),
            Err(_) => Err(Failure::usage(format!("{} holds no key: 64 hexadecimal digits", path.display()))),
        };
    }
    getrandom::fill(&mut seed).map_err(|e| Failure::usage(format!("no randomness for a key: {e}")))?;
    let hex = hex::encode(seed);
    let made = Output::private(path).and_then(|mut key| {
        key.write_all(hex.as_bytes())?;
        key.finish()
    });
    made.map_err(|e| Failure::io(&path.display().to_string(), &e))?;
    say(&format!("a key was made in {}: keep it where only signatories reach it", path.display()));
    Ok(seed)
}

fn signature_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".sig");
    PathBuf::from(name)
}

fn sign_file(file: &Path, key_file: &Path) -> Result<Exit, Failure> {
    let beside = signature_of(file);
    let mut paths = Paths::default();
    paths.reads(file);
    paths.reads(key_file);
    paths.writes(&beside)?;
    let content = text(file)?;
    let seed = seed(key_file)?;
    let signature = sign(&file.display().to_string(), &content, &seed).map_err(|f| Failure::usage(f.to_string()))?;
    output::write(&beside, signature.as_bytes()).map_err(|e| Failure::io(&beside.display().to_string(), &e))?;
    print(&format!("{} is signed by {}\n", file.display(), beside.display()))
}

fn verify_file(file: &Path, key: Option<&str>) -> Result<Exit, Failure> {
    let content = text(file)?;
    let beside = signature_of(file);
    let signature = if beside.exists() { Some(text(&beside)?) } else { None };
    let names = (file.display().to_string(), beside.display().to_string());
    let folder = file.parent().unwrap_or_else(|| Path::new(""));
    let verdict = verify(
        (&names.0, &content),
        signature.as_deref().map(|s| (names.1.as_str(), s)),
        key,
        super::check::today(),
        &|name| std::fs::read(folder.join(name)).ok(),
    )
    .map_err(|f| Failure::usage(f.to_string()))?;
    let mut out = String::new();
    for line in &verdict.holds {
        let _ = writeln!(out, "holds    {line}");
    }
    for line in &verdict.faults {
        let _ = writeln!(out, "FAULT    {line}");
    }
    print(&out)?;
    Ok(if verdict.is_good() { Exit::Clean } else { Exit::Findings })
}
