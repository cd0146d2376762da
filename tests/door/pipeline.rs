//! docs/pipeline.md run as the script it is: from `hallmark init` to a red pipeline to green, with real files.
#![cfg(unix)]
#![allow(clippy::unwrap_used)]

use std::env;
use std::fs;
use std::path::Path;
use std::process::Command;

/// What stands in the `sh` boxes of a page, in order.
fn script(page: &str) -> String {
    let mut out = String::new();
    let mut inside = false;
    for line in page.lines() {
        match line {
            "```sh" => inside = true,
            "```" => inside = false,
            line if inside => out = out + line + "\n",
            _ => {}
        }
    }
    out
}

#[test]
fn the_page_goes_from_red_to_green() {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let script = script(&fs::read_to_string(root.join("docs/pipeline.md")).unwrap());
    assert!(script.matches("hallmark check").count() >= 5);
    let folder = tempfile::tempdir().unwrap();
    let binary = Path::new(env!("CARGO_BIN_EXE_hallmark")).parent().unwrap();
    let paths = env::join_paths([binary.to_owned()].into_iter().chain(env::split_paths(&env::var_os("PATH").unwrap())));
    let run = Command::new("sh")
        .args(["-eux", "-c", &script])
        .current_dir(folder.path())
        .env("PATH", paths.unwrap())
        .env("FEED", root.join("fixtures/feeds/riverside"))
        .output()
        .unwrap();
    let says = |bytes: &[u8]| String::from_utf8_lossy(bytes).into_owned();
    assert!(run.status.success(), "{}\n{}", says(&run.stdout), says(&run.stderr));
}
