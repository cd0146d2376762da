//! `hallmark explain`: rules, profiles, elements and exit codes, as the door explains them.

use super::args::Explain;
use super::{Exit, Failure, print};
use crate::session::{Hallmark, Unexplained};
use crate::text::sanitise;

/// Prints the explanation of one name.
pub fn run(args: &Explain) -> Result<Exit, Failure> {
    if let Some(exit) = Exit::ALL.into_iter().find(|e| e.code().to_string() == args.name) {
        return print(&format!("exit code {}: {}\n", exit.code(), exit.meaning()));
    }
    let hallmark = over(&args.packages, args.fhir_version.as_deref())?;
    match hallmark.explain(&args.name) {
        Ok(explanation) => print(&explanation.text),
        Err(Unexplained::NoElement(profile, near)) => {
            let path = args.name.split_once('#').map_or("", |(_, path)| path);
            let near = near.map(|n| format!("; did you mean {n}?")).unwrap_or_default();
            Err(Failure::usage(format!("{profile} has no element {}{near}", sanitise::line(path))))
        }
        Err(Unexplained::Nothing(near)) => {
            let near = near.map(|n| format!("; did you mean {n}?")).unwrap_or_default();
            let name = sanitise::line(&args.name);
            Err(Failure::usage(format!("no rule, profile, value set or exit code is called {name}{near}")))
        }
    }
}

/// A checker that only looks things up.
pub(super) fn over(packages: &[std::path::PathBuf], release: Option<&str>) -> Result<Hallmark, Failure> {
    let mut builder = Hallmark::builder().today(super::settle::today()).fhir_version(release.unwrap_or("auto"));
    for package in packages {
        let mut package = package.clone();
        super::found::package(&mut package)?;
        builder = builder.package(package);
    }
    Ok(builder.build()?)
}
