//! A program that embeds the library prints what the command prints.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

use std::path::Path;
use std::process::Command;

use hallmark::settings::Date;

#[path = "../../examples/embed.rs"]
mod example;

#[test]
fn what_is_embedded_says_what_the_command_says() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/feeds/riverside");
    let day = "2026-11-21";
    let mut findings = 0;
    for file in ["careconnect/patient-array.json", "careconnect/procedure-doctype.xml", "ukcore/october.ndjson"] {
        let path = root.join(file);
        let mut own = Vec::new();
        example::print(&path, Date::parse(day).unwrap(), &mut own).unwrap();
        let mut command = Command::new(env!("CARGO_BIN_EXE_hallmark"));
        command.args(["check", "--no-config", "--quiet", "--format", "ndjson", "--today", day]).arg(&path);
        let output = command.output().unwrap();
        assert_eq!(String::from_utf8(own).unwrap(), String::from_utf8_lossy(&output.stdout), "{file}");
        findings +=
            output.stdout.split(|b| *b == b'\n').filter(|line| line.starts_with(br#"{"type":"finding""#)).count();
    }
    assert!(findings > 3);
}
