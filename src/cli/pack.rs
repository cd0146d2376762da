//! `hallmark pack`: build, list, show.

use std::fmt::Write as _;

use super::args::{Pack, PackCommand};
use super::{Exit, Failure, print};
use crate::output::Paths;
use crate::session::{Explanation, Hallmark, Subject};

/// Runs one pack command.
pub fn run(args: &Pack) -> Result<Exit, Failure> {
    match &args.command {
        PackCommand::Build { package, dependencies, output } => {
            let mut paths = Paths::default();
            dependencies.iter().chain([package]).for_each(|path| paths.reads(path));
            for file in crate::pack::build::FILES {
                paths.writes(&output.join(file))?;
            }
            let report = crate::pack::build::build_pack(package, dependencies, output)
                .map_err(|e| Failure::usage(e.to_string()))?;
            let mut out = format!(
                "{} structures, {} value sets, {} code systems, {} others written to {}\n",
                report.structures,
                report.value_sets,
                report.code_systems,
                report.others,
                output.display()
            );
            for (canonical, why) in &report.left_out {
                let _ = writeln!(out, "left out {canonical}: {why}");
            }
            for (canonical, fault) in &report.faults {
                let _ = writeln!(out, "fault in {canonical}: {fault}");
            }
            print(&out)
        }
        PackCommand::List => {
            let mut out = String::new();
            for pack in Hallmark::builder().today(super::settle::today()).build()?.packs() {
                let release = if pack.release.is_empty() { "any" } else { &pack.release };
                let _ = writeln!(
                    out,
                    "{}#{}  FHIR {release}  licence: {}  {}",
                    pack.name,
                    pack.version,
                    pack.licence,
                    pack.digest.trim_start_matches("sha256:")
                );
                let _ = writeln!(out, "    from {}", pack.source);
            }
            print(&out)
        }
        PackCommand::Show { profile, packages, fhir_version } => {
            let hallmark = super::explain::over(packages, fhir_version.as_deref())?;
            match hallmark.explain(profile) {
                Ok(Explanation { subject: Subject::Profile { .. }, text }) => print(&text),
                _ => Err(Failure::usage(format!("no profile is called {}", crate::text::sanitise::line(profile)))),
            }
        }
    }
}
