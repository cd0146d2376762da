//! `hallmark explain`: rules, profiles, elements and exit codes, printed from metadata and definitions.

use std::fmt::Write as _;

use super::args::Explain;
use super::{Exit, Failure, print};
use crate::engine::registry;
use crate::finding::{Meta, Verdict};
use crate::pack::catalogue::Catalogue;
use crate::pack::model::Release;

/// Prints the explanation of one name.
pub fn run(args: &Explain) -> Result<Exit, Failure> {
    if let Some(meta) = registry::find(&args.name) {
        return print(&rule(meta));
    }
    if let Some(exit) = Exit::ALL.into_iter().find(|e| e.code().to_string() == args.name) {
        return print(&format!("exit code {}: {}\n", exit.code(), exit.meaning()));
    }
    let catalogue = Catalogue::new(&args.packages).map_err(|e| Failure::usage(e.to_string()))?;
    let (profile, element) = match args.name.split_once('#') {
        Some((profile, element)) => (profile, Some(element)),
        None => (args.name.as_str(), None),
    };
    let releases: Vec<Release> = match args.fhir_version.as_deref().and_then(Release::parse) {
        Some(release) => vec![release],
        None => vec![Release::Stu3, Release::R4],
    };
    for release in releases {
        if let Some(structure) = super::pack::find(&catalogue, release, profile) {
            return match element {
                Some(path) => print(
                    &super::pack::element(&structure, path)
                        .ok_or_else(|| Failure::usage(format!("{} has no element {path}", structure.url)))?,
                ),
                None => print(&super::pack::tree(&structure)),
            };
        }
    }
    let words = registry::all().iter().flat_map(|m| [m.id, m.name]);
    let near = crate::schema::nearest(&args.name, words).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
    Err(Failure::usage(format!(
        "no rule, profile or exit code is called {}{near}",
        crate::text::sanitise::line(&args.name)
    )))
}

/// One rule as a page.
pub fn rule(meta: &Meta) -> String {
    let mut out = String::new();
    let _ = writeln!(out, "{} {}\n", meta.id, meta.name);
    let _ = writeln!(out, "What      {}", meta.title);
    let _ = writeln!(
        out,
        "Severity  {}{}",
        meta.severity,
        meta.production.map(|s| format!(" ({s} in production)")).unwrap_or_default()
    );
    let _ = writeln!(out, "Family    {}, {}", meta.family.as_str(), meta.dimension.as_str());
    if !meta.criterion.is_empty() {
        let _ = writeln!(out, "Criterion {}", meta.criterion);
    }
    let _ = writeln!(out, "Basis     {}", meta.basis);
    if !meta.explains.is_empty() {
        let mut less: Vec<&str> = meta.explains.iter().map(|e| e.rule).collect();
        less.dedup();
        let _ = writeln!(out, "Takes in  what {} would say of the same fault", less.join(", "));
    }
    let _ = writeln!(out, "\nWhy it matters\n  {}", meta.why);
    let _ = writeln!(out, "\nWhat to do\n  {}", meta.remedy);
    for example in meta.examples {
        let verdict = match example.verdict {
            Verdict::Flagged => "flagged",
            Verdict::Silent => "not flagged",
        };
        let against =
            if example.profile.is_empty() { String::new() } else { format!(", checked against {}", example.profile) };
        let _ = writeln!(out, "\nExample, {verdict}: {} (FHIR {}{against})", example.title, example.release);
        let _ = writeln!(out, "  {}", example.input);
        for definition in example.definitions {
            let _ = writeln!(out, "  with this definition given: {definition}");
        }
    }
    out
}
