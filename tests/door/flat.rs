//! The memory of a run does not grow with its findings, whatever the formats they are written in.
#![cfg(target_os = "linux")]
#![allow(clippy::unwrap_used, clippy::panic, reason = "functions that tests share")]

use hallmark::report::FORMATS;
use std::fmt::Write as _;
use std::fs;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::Duration;

/// The most memory in kB that checking `lines` faulty messages into every format held.
fn peak(folder: &Path, lines: usize) -> u64 {
    let mut feed = String::new();
    for line in 0..lines {
        // No two payloads are alike: what is kept by distinct value must be bounded as well.
        let _ = writeln!(feed, r#"{{"resourceType": "Patient", "id": "p{line}", "gender": "x{line}"}}"#);
    }
    let name = format!("{lines}.ndjson");
    fs::write(folder.join(&name), feed).unwrap();
    let mut command = Command::new(env!("CARGO_BIN_EXE_hallmark"));
    command.args(["check", &name, "--quiet", "--jobs", "1", "--fail-on", "never"]).current_dir(folder);
    for format in &FORMATS {
        command.arg("--format").arg(format!("{}={}.{}.out", format.name, lines, format.name));
    }
    let mut child = command.stdout(Stdio::null()).spawn().unwrap();
    let mut most = 0;
    loop {
        if let Ok(status) = fs::read_to_string(format!("/proc/{}/status", child.id()))
            && let Some(line) = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))
        {
            most = most.max(line.trim().trim_end_matches(" kB").parse::<u64>().unwrap());
        }
        if let Some(status) = child.try_wait().unwrap() {
            assert!(status.success(), "{status}");
            return most;
        }
        std::thread::sleep(Duration::from_millis(2));
    }
}

#[test]
fn memory_does_not_grow_with_findings_in_any_format() {
    let folder = tempfile::tempdir().unwrap();
    // The smaller feed fills whatever the formats hold at most.
    let (few, many) = (peak(folder.path(), 11_000), peak(folder.path(), 33_000));
    assert!(few > 10_000, "{few} kB were seen");
    assert!(many < few + few / 4, "{few} kB for a third of the findings, {many} kB for all");
    for format in &FORMATS {
        let size = fs::metadata(folder.path().join(format!("33000.{}.out", format.name))).unwrap().len();
        assert!(size > 200, "{}: {size} bytes", format.name);
    }
}
