//! `hallmark init`: a configuration to start from, pipeline snippets, an attestation file. Nothing is overwritten.

use std::fmt::Write as _;
use std::path::Path;

use sha2::{Digest, Sha256};

use super::args::Init;
use super::{Exit, Failure, print};
use crate::finding::Finding;
use crate::output;
use crate::session::{Hallmark, Observer, Unreadable, standard_of};
use crate::text::{agrees, counted};

/// What is written: path and content.
const FILES: &[(&str, &str)] = &[
    ("hallmark.toml", include_str!("init/hallmark.toml")),
    (".github/workflows/hallmark.yml", include_str!("init/github.yml")),
    ("ci/hallmark.gitlab-ci.yml", include_str!("init/gitlab.yml")),
    ("ci/hallmark.azure-pipelines.yml", include_str!("init/azure.yml")),
    (".pre-commit-config.yaml", include_str!("init/pre-commit.yaml")),
    ("attestations/partner.toml", include_str!("init/attestations.toml")),
];

/// Messages that are looked at for the standard they are of.
const LOOKED_AT: usize = 200;

/// Writes what is not there yet.
pub fn run(args: &Init) -> Result<Exit, Failure> {
    let mut out = String::new();
    let digest = own_digest().unwrap_or_default();
    let (standard, why) = standard(&args.folder.join("messages"))?;
    let standard_line = format!("standard = \"{standard}\"  # {why}");
    for (name, template) in FILES {
        let text = template
            .replace("@VERSION@", env!("CARGO_PKG_VERSION"))
            .replace("@SHA256@", &digest)
            .replace("@STANDARD@", &standard_line);
        let path = args.folder.join(name);
        if path.symlink_metadata().is_ok() {
            let _ = writeln!(out, "kept     {}", path.display());
            continue;
        }
        write(&path, &text)?;
        let _ = writeln!(out, "written  {}", path.display());
    }
    let _ = writeln!(out, "\nstandard {standard}: {why}");
    let _ = writeln!(
        out,
        "Pipelines take the binary from a place of yours: set HALLMARK_URL in them; no registry has hallmark yet."
    );
    let _ = writeln!(out, "Next: put messages into messages/ and run `hallmark check messages`.");
    print(&out)
}

/// The digest of this binary, to which pipelines hold what they take.
fn own_digest() -> Option<String> {
    let bytes = std::fs::read(std::env::current_exe().ok()?).ok()?;
    Some(hex::encode(Sha256::digest(bytes)))
}

/// The standard that most resources of the messages claim, and why it is taken.
fn standard(folder: &Path) -> Result<(&'static str, String), Failure> {
    let hallmark = Hallmark::builder().today(super::settle::today()).rules("fhir").build()?;
    let (mut files, _) = hallmark.files(&[folder.to_owned()]);
    files.truncate(LOOKED_AT);
    if files.is_empty() {
        return Ok((UNSEEN, "no messages lie in messages/ yet, so this is a guess".to_owned()));
    }
    let mut nobody = Nobody;
    let outcome = hallmark.run(&files, 0, &mut nobody);
    Ok(match standard_of(&outcome) {
        Some((standard, n)) => {
            let claim = agrees(n, "claims", "claim");
            (standard, format!("{} in messages/ {claim} a profile of it", counted(n, "resource")))
        }
        None => (UNSEEN, "no message in messages/ claims a profile of a standard, so this is a guess".to_owned()),
    })
}

/// The standard where no message tells.
const UNSEEN: &str = "ukcore";

/// Looks at nothing.
struct Nobody;

impl Observer for Nobody {
    fn finding(&mut self, _: &Finding) {}

    fn unreadable(&mut self, _: &Unreadable) {}
}

fn write(path: &Path, text: &str) -> Result<(), Failure> {
    let fail = |e| Failure::io(&path.display().to_string(), &e);
    if let Some(folder) = path.parent() {
        std::fs::create_dir_all(folder).map_err(fail)?;
    }
    output::write(path, text.as_bytes()).map_err(fail)
}
