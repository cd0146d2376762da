//! One run of the binary, and what it said.

use std::path::Path;
use std::process::{Command, Stdio};

use serde_json::Value;

/// What a run gave.
pub struct Run {
    /// Exit code.
    pub exit: i32,
    /// NDJSON lines, when that was the format.
    pub lines: Vec<Value>,
    /// Standard output.
    pub stdout: String,
    /// Standard error.
    pub stderr: String,
}

/// `hallmark check` in `folder`, with NDJSON out and without a configuration unless one is given.
pub fn check(folder: &Path, args: &[&str]) -> Run {
    let mut all = vec!["check"];
    all.extend(args);
    if !args.contains(&"--config") {
        all.push("--no-config");
    }
    all.extend(["--today", "2026-11-21", "--format", "ndjson"]);
    Run::of(folder, &all)
}

impl Run {
    /// Any command.
    pub fn of(folder: &Path, args: &[&str]) -> Self {
        let mut command = Command::new(env!("CARGO_BIN_EXE_hallmark"));
        command.current_dir(folder).args(args).stdin(Stdio::null());
        let output = command.output().unwrap();
        let stderr = String::from_utf8_lossy(&output.stderr).into_owned();
        let stdout = String::from_utf8_lossy(&output.stdout).into_owned();
        assert!(!stderr.contains("panicked"), "{args:?}: {stderr}");
        let exit = output.status.code().unwrap_or_else(|| panic!("{args:?}: killed: {:?}: {stderr}", output.status));
        let lines = stdout.lines().filter_map(|line| serde_json::from_str(line).ok()).collect();
        Self { exit, lines, stdout, stderr }
    }

    fn findings(&self) -> impl Iterator<Item = &Value> {
        self.lines.iter().filter(|line| line["type"] == "finding")
    }

    /// Rules that spoke about a source.
    #[allow(dead_code, reason = "each test file uses its part")]
    pub fn rules(&self, source: &str) -> Vec<String> {
        let of = |line: &&Value| line["source"].as_str().is_some_and(|name| name.trim_start_matches("./") == source);
        self.findings().filter(of).map(|line| line["rule"].as_str().unwrap().to_owned()).collect()
    }

    /// Sources that a rule spoke about.
    #[allow(dead_code, reason = "each test file uses its part")]
    pub fn sources_of(&self, rule: &str) -> Vec<String> {
        let own = self.findings().filter(|line| line["rule"] == rule);
        own.map(|line| line["source"].as_str().unwrap().to_owned()).collect()
    }

    /// What a rule said.
    #[allow(dead_code, reason = "each test file uses its part")]
    pub fn says(&self, rule: &str) -> Vec<String> {
        let own = self.findings().filter(|line| line["rule"] == rule);
        own.map(|line| line["says"].as_str().unwrap().to_owned()).collect()
    }

    /// What became of a payload: a fatal limit skips it, any other fatal finding fails it.
    #[allow(dead_code, reason = "each test file uses its part")]
    pub fn state(&self, source: &str, name: &str) -> &'static str {
        let own = |line: &&Value| line["source"] == source || line["source"] == name;
        let fatal: Vec<&Value> = self.findings().filter(own).filter(|line| line["severity"] == "fatal").collect();
        if fatal.iter().any(|line| line["rule"] == "HM0003") {
            "skipped"
        } else if fatal.iter().any(|line| line["rule"] != "HM0002" || self.rules(name).len() == 1) {
            "failed"
        } else {
            "read"
        }
    }

    /// Payloads: given, read, failed, skipped; what could not be read at all counts in the first and the last.
    pub fn payloads(&self) -> [u64; 4] {
        let summary = self.lines.last().unwrap_or_else(|| panic!("no summary: {}", self.stderr));
        ["given", "read", "failed", "skipped"].map(|key| summary["payloads"][key].as_u64().unwrap())
    }

    /// The same without what could not be read at all, of which each is named on standard error.
    #[allow(dead_code, reason = "each test file uses its part")]
    pub fn read_payloads(&self) -> [u64; 4] {
        let [given, read, failed, skipped] = self.payloads();
        let unread = self.stderr.lines().filter(|line| line.starts_with("not read: ")).count() as u64;
        assert!(given >= unread && skipped >= unread, "{}", self.stderr);
        [given - unread, read, failed, skipped - unread]
    }
}
