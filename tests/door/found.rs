//! A configuration above the working directory, and outputs that fail each by itself.
#![allow(clippy::unwrap_used, clippy::panic, reason = "functions that tests share")]

use std::fs;
use std::path::Path;
use std::process::{Command, Output, Stdio};

fn check(here: &Path, args: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_hallmark")).current_dir(here).arg("check").args(args).output().unwrap()
}

fn stderr(run: &Output) -> String {
    String::from_utf8_lossy(&run.stderr).into_owned()
}

#[test]
fn a_configuration_above_is_named_and_one_above_the_repository_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().join("project/feeds");
    fs::create_dir_all(&here).unwrap();
    fs::write(here.join("a.json"), r#"{"resourceType":"Patient","gender":"x"}"#).unwrap();
    let config = folder.path().join("hallmark.toml");
    fs::write(&config, "fail-on = \"never\"\n").unwrap();
    let run = check(&here, &["a.json"]);
    assert_eq!(run.status.code(), Some(0), "{run:?}");
    assert!(stderr(&run).contains("settings of "), "{run:?}");
    fs::create_dir(folder.path().join("project/.git")).unwrap();
    let run = check(&here, &["a.json"]);
    assert_eq!(run.status.code(), Some(1), "{run:?}");
    assert!(!stderr(&run).contains("settings of "), "{run:?}");
}

/// As root alone can files be given away.
#[cfg(unix)]
#[test]
fn a_configuration_of_another_user_is_not_taken() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path().join("feeds");
    fs::create_dir_all(&here).unwrap();
    fs::write(here.join("a.json"), r#"{"resourceType":"Patient","gender":"x"}"#).unwrap();
    let config = folder.path().join("hallmark.toml");
    fs::write(&config, "fail-on = \"never\"\n").unwrap();
    if std::os::unix::fs::chown(&config, Some(12_345), None).is_err() {
        return;
    }
    let run = check(&here, &["a.json"]);
    assert_eq!(run.status.code(), Some(1), "{run:?}");
    assert!(stderr(&run).contains("belongs to another user"), "{run:?}");
}

#[cfg(target_os = "linux")]
#[test]
fn a_closed_pipe_forgives_no_full_disk_and_takes_no_other_output_with_it() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let line = "{\"resourceType\":\"Patient\",\"gender\":\"x\"}\n";
    fs::write(here.join("a.ndjson"), line.repeat(2_000)).unwrap();
    let args = ["check", "a.ndjson", "--no-config", "--format", "compact", "--format", "csv=/dev/full"];
    let more = ["--format", "ndjson=whole.ndjson", "--record", "whole.rec", "--report", "/dev/full"];
    let mut run = Command::new(env!("CARGO_BIN_EXE_hallmark"))
        .current_dir(here)
        .args(args)
        .args(more)
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    drop(run.stdout.take());
    let run = run.wait_with_output().unwrap();
    assert_eq!(run.status.code(), Some(3), "{run:?}");
    assert_eq!(stderr(&run).matches("/dev/full").count(), 2, "{run:?}");
    assert!(fs::read_to_string(here.join("whole.ndjson")).unwrap().contains("\"type\":\"summary\""));
    assert!(here.join("whole.rec").exists());
}

/// What the variable holds is nobody's business.
#[cfg(unix)]
#[test]
fn a_variable_that_is_not_text_is_named_and_not_shown() {
    use std::os::unix::ffi::OsStrExt;
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("a.json"), r#"{"resourceType":"Patient"}"#).unwrap();
    for (name, code) in [("HALLMARK_PARTNER", 2), ("HALLMARK_HMAC_KEY", 2), ("QUORLINDA", 0)] {
        let run = Command::new(env!("CARGO_BIN_EXE_hallmark"))
            .current_dir(folder.path())
            .args(["check", "a.json", "--no-config", "--fail-on", "never"])
            .env(name, std::ffi::OsStr::from_bytes(b"secret\xFF"))
            .output()
            .unwrap();
        assert_eq!(run.status.code(), Some(code), "{run:?}");
        assert!(!stderr(&run).contains("secret") && (code == 0 || stderr(&run).contains(name)), "{run:?}");
    }
}
