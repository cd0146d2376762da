//! The command line from outside: each case of tests/cli/*.toml is a folder, the commands run in it, and what they must
//! leave behind.
#![allow(clippy::unwrap_used, clippy::panic, reason = "functions that tests share")]

use std::collections::BTreeMap;
use std::fs;
use std::io::Write;
use std::path::Path;
use std::process::{Command, Output, Stdio};

use rayon::prelude::*;
use serde::Deserialize;

#[derive(Deserialize)]
struct Suite {
    case: Vec<Case>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Case {
    name: String,
    /// Files to write, by name.
    #[serde(default)]
    files: BTreeMap<String, String>,
    /// Files to copy from the project, by the name they get.
    #[serde(default)]
    copy: BTreeMap<String, String>,
    /// Compressed files and archives to make of those above; what went in is then removed.
    #[serde(default)]
    pack: BTreeMap<String, Vec<String>>,
    /// Files to cut to a number of bytes.
    #[serde(default)]
    cut: BTreeMap<String, u64>,
    run: Vec<Run>,
    /// Why the case fails for now. It must go as soon as the case passes.
    bug: Option<String>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct Run {
    args: Vec<String>,
    #[serde(default)]
    stdin: String,
    #[serde(default)]
    env: BTreeMap<String, String>,
    exit: i32,
    /// All of standard output.
    stdout: Option<String>,
    #[serde(default)]
    stdout_has: Vec<String>,
    #[serde(default)]
    stdout_lacks: Vec<String>,
    /// All of standard error.
    stderr: Option<String>,
    #[serde(default)]
    stderr_has: Vec<String>,
    /// The last line on standard error.
    stderr_ends: Option<String>,
    /// Parts of files that must be there afterwards; an empty list asks only that the file is there.
    #[serde(default)]
    makes: BTreeMap<String, Vec<String>>,
    /// Files that must not be there afterwards.
    #[serde(default)]
    makes_not: Vec<String>,
}

#[test]
fn commands_do_as_their_cases_say() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut files: Vec<_> = fs::read_dir(root.join("tests/cli")).unwrap().map(|entry| entry.unwrap().path()).collect();
    files.sort();
    assert!(!files.is_empty());
    let mut cases = Vec::new();
    for file in files {
        let suite: Suite = match toml::from_str(&fs::read_to_string(&file).unwrap()) {
            Ok(suite) => suite,
            Err(error) => panic!("{}: {error}", file.display()),
        };
        let topic = file.file_stem().unwrap().to_string_lossy().into_owned();
        cases.extend(suite.case.into_iter().map(|case| (format!("{topic}: {}", case.name), case)));
    }
    let failures: Vec<String> = cases
        .par_iter()
        .filter_map(|(name, case)| match (check(root, case), &case.bug) {
            (Ok(()), None) => None,
            (Ok(()), Some(_)) => Some(format!("{name}\n  passes now: take its `bug` away")),
            (Err(says), None) => Some(format!("{name}\n  {says}")),
            (Err(_), Some(bug)) => {
                println!("{name}: not yet: {bug}");
                None
            }
        })
        .collect();
    assert!(failures.is_empty(), "{} cases fail\n\n{}", failures.len(), failures.join("\n\n"));
}

/// Runs a case in a folder of its own.
fn check(root: &Path, case: &Case) -> Result<(), String> {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    for (name, text) in &case.files {
        write(&here.join(name), text.as_bytes());
    }
    for (name, from) in &case.copy {
        write(&here.join(name), &fs::read(root.join(from)).unwrap());
    }
    for (name, parts) in &case.pack {
        write(&here.join(name), &pack(here, name, parts));
    }
    for part in case.pack.values().flatten() {
        let _ = fs::remove_file(here.join(part));
    }
    for (name, length) in &case.cut {
        fs::File::options().write(true).open(here.join(name)).unwrap().set_len(*length).unwrap();
    }
    for (number, run) in case.run.iter().enumerate() {
        let output = start(here, run);
        judge(here, run, &output).map_err(|says| {
            format!(
                "run {}: hallmark {}: {says}\n--- exit {:?}\n--- stdout\n{}\n--- stderr\n{}",
                number + 1,
                run.args.join(" "),
                output.status.code(),
                String::from_utf8_lossy(&output.stdout),
                String::from_utf8_lossy(&output.stderr)
            )
        })?;
    }
    Ok(())
}

fn start(here: &Path, run: &Run) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hallmark"));
    command.current_dir(here).args(&run.args);
    for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("HALLMARK_")) {
        command.env_remove(name);
    }
    let mut child =
        command.envs(&run.env).stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
    // A command that does not read standard input closes it: no fault.
    let _ = child.stdin.take().unwrap().write_all(run.stdin.as_bytes());
    child.wait_with_output().unwrap()
}

fn judge(here: &Path, run: &Run, output: &Output) -> Result<(), String> {
    let stdout = String::from_utf8_lossy(&output.stdout);
    let stderr = String::from_utf8_lossy(&output.stderr);
    if output.status.code() != Some(run.exit) {
        return Err(format!("exit {} expected", run.exit));
    }
    let whole = |what: &str, expected: &Option<String>, text: &str| match expected {
        Some(expected) if expected != text => Err(format!("{what} should be\n{expected}")),
        _ => Ok(()),
    };
    whole("standard output", &run.stdout, &stdout)?;
    whole("standard error", &run.stderr, &stderr)?;
    let lacks = |what: &str, text: &str, parts: &[String]| match parts.iter().find(|part| !text.contains(*part)) {
        Some(part) => Err(format!("{what} lacks: {part}")),
        None => Ok(()),
    };
    lacks("standard output", &stdout, &run.stdout_has)?;
    lacks("standard error", &stderr, &run.stderr_has)?;
    if let Some(part) = run.stdout_lacks.iter().find(|part| stdout.contains(*part)) {
        return Err(format!("standard output has: {part}"));
    }
    if let Some(last) = &run.stderr_ends
        && stderr.lines().next_back() != Some(last.as_str())
    {
        return Err(format!("the last line on standard error should be: {last}"));
    }
    for (name, parts) in &run.makes {
        let Ok(bytes) = fs::read(here.join(name)) else { return Err(format!("there is no file {name}")) };
        lacks(name, &String::from_utf8_lossy(&bytes), parts)?;
    }
    match run.makes_not.iter().find(|name| here.join(name).exists()) {
        Some(name) => Err(format!("there should be no file {name}")),
        None => Ok(()),
    }
}

fn write(path: &Path, bytes: &[u8]) {
    fs::create_dir_all(path.parent().unwrap()).unwrap();
    fs::write(path, bytes).unwrap();
}

/// Compresses one file, or several into an archive, by the ending of `name`.
fn pack(here: &Path, name: &str, parts: &[String]) -> Vec<u8> {
    let read = |part: &String| fs::read(here.join(part)).unwrap();
    match Path::new(name).extension().and_then(|e| e.to_str()) {
        Some("gz") => gzip(&read(&parts[0])),
        Some("zst") => {
            ruzstd::encoding::compress_to_vec(&*read(&parts[0]), ruzstd::encoding::CompressionLevel::Fastest)
        }
        Some("zip") => {
            let mut archive = zip::ZipWriter::new(std::io::Cursor::new(Vec::new()));
            for part in parts {
                archive.start_file(part, zip::write::SimpleFileOptions::default()).unwrap();
                archive.write_all(&read(part)).unwrap();
            }
            archive.finish().unwrap().into_inner()
        }
        Some("tgz") => {
            let mut archive = tar::Builder::new(Vec::new());
            for part in parts {
                let bytes = read(part);
                let mut header = tar::Header::new_gnu();
                header.set_size(bytes.len() as u64);
                header.set_mode(0o644);
                header.set_cksum();
                archive.append_data(&mut header, part, &*bytes).unwrap();
            }
            gzip(&archive.into_inner().unwrap())
        }
        _ => panic!("no way to pack {name}"),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    encoder.write_all(bytes).unwrap();
    encoder.finish().unwrap()
}
