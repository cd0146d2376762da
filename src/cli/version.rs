//! `hallmark --version --verbose`: what a verdict depends on, so that two machines can be compared.

use std::fmt::Write as _;

use super::{Exit, Failure, print};
use crate::kitemark::{CriteriaSet, EMBEDDED};
use crate::session::{Hallmark, rules};

/// Whether the arguments ask for it, in any order.
pub fn asked(words: &[String]) -> bool {
    let version = |w: &String| w == "--version" || w == "-V";
    words.len() == 2 && words.iter().any(version) && words.iter().any(|w| w == "--verbose")
}

/// Prints the version with the digests of packs, rules and criteria sets.
pub fn run() -> Result<Exit, Failure> {
    let hallmark = Hallmark::builder().today(super::settle::today()).build()?;
    let mut out = format!("hallmark {}\n", env!("CARGO_PKG_VERSION"));
    let digest = hallmark.rules_digest();
    let _ = writeln!(out, "\n{:48} {digest}", format!("{} rules", rules().len()));
    for pack in hallmark.packs() {
        let _ = writeln!(out, "{:48} {}", format!("pack {} {}", pack.name, pack.version), pack.digest);
    }
    for (name, _) in EMBEDDED {
        let set = CriteriaSet::embedded(name).map_err(|e| Failure::usage(e.to_string()))?;
        let _ = writeln!(out, "{:48} {}", format!("criteria {} {}", set.id, set.version), set.digest);
    }
    print(&out)
}
