//! What only Unix can show: links that loop, pipes, signals, full devices.

use std::fs;
use std::io::{Read, Write};
use std::os::unix::fs::{PermissionsExt, symlink};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use super::run::{Run, check};
use super::{GOOD, entries, put};

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// A run in the background, its standard input open.
fn start(folder: &Path, args: &[&str]) -> Child {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hallmark"));
    command.current_dir(folder).args(["check", "--no-config", "--today", "2026-11-21"]).args(args);
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap()
}

fn signal(child: &Child, name: &str) {
    assert!(Command::new("kill").args([name, &child.id().to_string()]).status().unwrap().success());
}

/// Waits for the end: the exit code, standard error.
fn end(mut child: Child) -> (Option<i32>, String) {
    let since = Instant::now();
    loop {
        if let Some(status) = child.try_wait().unwrap() {
            let mut says = String::new();
            child.stderr.take().unwrap().read_to_string(&mut says).unwrap();
            return (status.code(), says);
        }
        if since.elapsed() > Duration::from_secs(120) {
            child.kill().unwrap();
            panic!("it does not end");
        }
        std::thread::sleep(Duration::from_millis(10));
    }
}

#[test]
fn folders_with_what_is_no_file_are_walked() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    put(here, "a.json", GOOD);
    fs::create_dir(here.join("inner")).unwrap();
    put(here, "inner/b.json", GOOD);
    symlink("..", here.join("inner/loop")).unwrap();
    symlink("loop.json", here.join("loop.json")).unwrap();
    symlink("nowhere.json", here.join("broken.json")).unwrap();
    symlink("a.json", here.join("way.json")).unwrap();
    symlink("/dev/zero", here.join("zero.json")).unwrap();
    pipe(&here.join("pipe.json"));
    let run = check(here, &["."]);
    assert_eq!(run.read_payloads(), [3, 3, 0, 0], "{}", run.stderr);
    assert_eq!(run.exit, 3);
    for (name, why) in [
        ("inner/loop", "leads back to a folder above it"),
        ("loop.json", ""),
        ("broken.json", ""),
        ("zero.json", "this is not a regular file"),
        ("pipe.json", "this is not a regular file"),
    ] {
        let said =
            run.stderr.lines().any(|line| line.starts_with("not read: ") && line.contains(name) && line.contains(why));
        assert!(said, "{name}: {}", run.stderr);
    }
}

#[test]
fn unreadable_files_and_folders_are_named() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    put(here, "a.json", GOOD);
    put(here, "b.json", GOOD);
    fs::create_dir(here.join("closed")).unwrap();
    fs::set_permissions(here.join("b.json"), fs::Permissions::from_mode(0o0)).unwrap();
    fs::set_permissions(here.join("closed"), fs::Permissions::from_mode(0o0)).unwrap();
    if fs::read(here.join("b.json")).is_ok() {
        eprintln!("skipped: this user may read everything");
        return;
    }
    let run = check(here, &["."]);
    assert_eq!((run.read_payloads(), run.exit), ([1, 1, 0, 0], 3));
    assert!(run.stderr.contains("b.json") && run.stderr.contains("closed"), "{}", run.stderr);
}

#[test]
fn a_file_that_vanishes_is_named() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    pipe(&here.join("first.ndjson"));
    put(here, "second.json", GOOD);
    put(here, "third.json", GOOD);
    // The run has listed its sources when it asks the pipe for bytes.
    let child = start(here, &["first.ndjson", "second.json", "third.json", "--jobs", "1"]);
    let mut feed = fs::File::options().write(true).open(here.join("first.ndjson")).unwrap();
    fs::remove_file(here.join("second.json")).unwrap();
    feed.write_all(format!("{GOOD}\n").as_bytes()).unwrap();
    drop(feed);
    let (exit, says) = end(child);
    assert_eq!(exit, Some(3), "{says}");
    assert!(
        says.contains("not read: second.json: ") && says.contains("3 payloads: 2 read, 0 failed, 1 skipped"),
        "{says}"
    );
}

#[test]
fn full_devices_and_closed_folders_are_exit_3() {
    if !Path::new("/dev/full").exists() {
        eprintln!("skipped: there is no /dev/full");
        return;
    }
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "a.json", format!("{GOOD}{GOOD}"));
    for format in hallmark::report::FORMATS.iter().map(|f| f.name) {
        let run =
            Run::of(folder.path(), &["check", "a.json", "--no-config", "--format", &format!("{format}=/dev/full")]);
        assert_eq!(run.exit, 3, "{format}: {}", run.stderr);
        assert!(run.stderr.contains("/dev/full"), "{format}: {}", run.stderr);
        let run =
            Run::of(folder.path(), &["check", "a.json", "--no-config", "--format", &format!("{format}=none/out")]);
        assert_eq!(run.exit, 3, "{format}: {}", run.stderr);
    }
    for args in [["--record", "/dev/full"], ["--report", "/dev/full"], ["--write-baseline", "/dev/full"]] {
        let run = Run::of(folder.path(), &["check", "a.json", "--no-config", args[0], args[1]]);
        assert_eq!(run.exit, 3, "{args:?}: {}", run.stderr);
    }
    let full = || Stdio::from(fs::File::options().write(true).open("/dev/full").unwrap());
    for args in [&["check", "a.json", "--no-config"][..], &["rules"], &["explain", "HM0001"], &["man"]] {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hallmark"));
        let status =
            command.current_dir(folder.path()).args(args).stdout(full()).stderr(Stdio::null()).status().unwrap();
        assert_eq!(status.code(), Some(3), "{args:?}");
    }
    // Nowhere to say anything: the exit code still tells.
    let mut command = Command::new(env!("CARGO_BIN_EXE_hallmark"));
    let status = command.args(["check", "none.json"]).stdout(full()).stderr(full()).status().unwrap();
    assert_eq!(status.code(), Some(3));
    assert_eq!(entries(folder.path()), ["a.json"]);
}

#[test]
fn a_closed_pipe_changes_no_verdict() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "feed.ndjson", format!("{GOOD}\n{{\n").repeat(3_000));
    for format in ["text", "ndjson", "json", "sarif"] {
        let mut child = start(folder.path(), &["feed.ndjson", "--format", format]);
        let mut first = [0];
        let mut stdout = child.stdout.take().unwrap();
        stdout.read_exact(&mut first).unwrap();
        drop(stdout);
        let (exit, says) = end(child);
        assert_eq!(exit, Some(1), "{format}: {says}");
        assert!(says.contains("6,000 payloads"), "{format}: {says}");
    }
}

#[test]
fn an_interrupted_run_says_so_and_leaves_whole_files() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let outputs = ["--format", "json=out.json", "--format", "ndjson=out.ndjson", "--record", "out.record"];
    let args = [&["-", "--write-baseline", "out.baseline"][..], &outputs].concat();
    let mut child = start(here, &args);
    let mut input = child.stdin.take().unwrap();
    input.write_all(format!("{GOOD}\n").repeat(500).as_bytes()).unwrap();
    input.flush().unwrap();
    // The outputs stand beside their names once the run has begun.
    let since = Instant::now();
    while !entries(here).iter().any(|name| name.starts_with("out.json.")) {
        assert!(since.elapsed() < Duration::from_secs(60), "it does not begin");
        std::thread::sleep(Duration::from_millis(10));
    }
    std::thread::sleep(Duration::from_millis(300));
    signal(&child, "-INT");
    let (exit, says) = end(child);
    drop(input);
    assert_eq!(exit, Some(3), "{says}");
    assert!(says.contains("exit 3: interrupted") && says.contains("out.baseline: not written"), "{says}");
    assert_eq!(entries(here), ["out.json", "out.ndjson", "out.record"]);
    let _: serde_json::Value = serde_json::from_slice(&fs::read(here.join("out.json")).unwrap()).unwrap();
    let record: serde_json::Value = serde_json::from_slice(&fs::read(here.join("out.record")).unwrap()).unwrap();
    assert!(record.to_string().contains("\"interrupted\":1"), "a record tells that its run was interrupted");
    let last = fs::read_to_string(here.join("out.ndjson")).unwrap();
    let summary: serde_json::Value = serde_json::from_str(last.lines().last().unwrap()).unwrap();
    assert_eq!(summary["type"], "summary");
}

#[test]
fn a_killed_run_leaves_no_half_file() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    put(here, "out.json", "before");
    let mut child = start(here, &["-", "--format", "json=out.json", "--record", "out.record"]);
    let mut input = child.stdin.take().unwrap();
    input.write_all(format!("{GOOD}\n").repeat(500).as_bytes()).unwrap();
    let since = Instant::now();
    while !entries(here).iter().any(|name| name.starts_with("out.json.")) {
        assert!(since.elapsed() < Duration::from_secs(60), "it does not begin");
        std::thread::sleep(Duration::from_millis(10));
    }
    signal(&child, "-KILL");
    assert_eq!(end(child).0, None);
    assert_eq!(fs::read_to_string(here.join("out.json")).unwrap(), "before");
    assert!(!here.join("out.record").exists());
}
