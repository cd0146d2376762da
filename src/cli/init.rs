//! `hallmark init`: a configuration to start from, pipeline snippets, an attestation file. Nothing is overwritten.

use std::fmt::Write as _;
use std::path::Path;

use super::args::Init;
use super::{Exit, Failure, print};
use crate::output;

/// What is written: path and content.
const FILES: &[(&str, &str)] = &[
    ("hallmark.toml", include_str!("init/hallmark.toml")),
    (".github/workflows/hallmark.yml", include_str!("init/github.yml")),
    ("ci/hallmark.gitlab-ci.yml", include_str!("init/gitlab.yml")),
    ("ci/hallmark.azure-pipelines.yml", include_str!("init/azure.yml")),
    (".pre-commit-config.yaml", include_str!("init/pre-commit.yaml")),
    ("attestations/partner.toml", include_str!("init/attestations.toml")),
];

/// Writes what is not there yet.
pub fn run(args: &Init) -> Result<Exit, Failure> {
    let mut out = String::new();
    for (name, text) in FILES {
        let path = args.folder.join(name);
        if path.symlink_metadata().is_ok() {
            let _ = writeln!(out, "kept     {}", path.display());
            continue;
        }
        write(&path, text)?;
        let _ = writeln!(out, "written  {}", path.display());
    }
    let _ = writeln!(out, "\nNext: put messages into messages/ and run `hallmark check messages`.");
    print(&out)
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let fail = |e| Failure::io(&path.display().to_string(), &e);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    output::write(path, text.as_bytes()).map_err(fail)
}
