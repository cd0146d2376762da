//! `hallmark pack`: build, list, show.

use std::fmt::Write as _;
use std::sync::Arc;

use super::args::{Pack, PackCommand};
use super::{Exit, Failure, print};
use crate::pack::catalogue::Catalogue;
use crate::pack::model::{ElementDef, Release, Structure};

/// Runs one pack command.
pub fn run(args: &Pack) -> Result<Exit, Failure> {
    match &args.command {
        PackCommand::Build { package, dependencies, output } => {
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
            for (canonical, fault) in &report.faults {
                let _ = writeln!(out, "fault in {canonical}: {fault}");
            }
            print(&out)
        }
        PackCommand::List => {
            let catalogue = Catalogue::new(&[]).map_err(|e| Failure::usage(e.to_string()))?;
            let mut out = String::new();
            for pack in catalogue.packs() {
                let release = pack.release.map_or("any", Release::as_str);
                let _ = writeln!(
                    out,
                    "{}#{}  FHIR {release}  licence: {}  {}",
                    pack.name, pack.version, pack.licence, pack.digest
                );
                let _ = writeln!(out, "    from {}", pack.source);
            }
            print(&out)
        }
        PackCommand::Show { profile, packages, fhir_version } => {
            let catalogue = Catalogue::new(packages).map_err(|e| Failure::usage(e.to_string()))?;
            let releases: Vec<Release> = match fhir_version.as_deref().and_then(Release::parse) {
                Some(release) => vec![release],
                None => vec![Release::Stu3, Release::R4],
            };
            match releases.into_iter().find_map(|r| find(&catalogue, r, profile)) {
                Some(structure) => print(&tree(&structure)),
                None => Err(Failure::usage(format!("no profile is called {}", crate::text::sanitise::line(profile)))),
            }
        }
    }
}

/// A structure by canonical, else by name or last part of its canonical.
pub fn find(catalogue: &Catalogue, release: Release, name: &str) -> Option<Arc<Structure>> {
    catalogue.structure(release, name).or_else(|| catalogue.structure_by_name(release, name))
}

/// A structure as a tree.
pub fn tree(structure: &Structure) -> String {
    crate::pack::show::show(structure)
}

/// One element in full.
pub fn element(structure: &Structure, path: &str) -> Option<String> {
    let matches =
        |e: &&ElementDef| e.id == path || e.path == path || e.id.split_once('.').is_some_and(|(_, rest)| rest == path);
    let element = structure.elements.iter().find(matches)?;
    let mut out = String::new();
    let max = element.max.map_or("*".to_owned(), |m| m.to_string());
    let _ = writeln!(out, "{}\n\n  stands    {}..{max}", element.id, element.min);
    for ty in &element.types {
        let _ = writeln!(out, "  type      {}", ty.code);
        for profile in &ty.profiles {
            let _ = writeln!(out, "            meeting {profile}");
        }
        for target in &ty.targets {
            let _ = writeln!(out, "            to {target}");
        }
    }
    if let Some(fixed) = &element.fixed {
        let _ = writeln!(out, "  fixed     {}", crate::conform::datum_text(&fixed.value));
    }
    if let Some(pattern) = &element.pattern {
        let _ = writeln!(out, "  pattern   {}", crate::conform::datum_text(&pattern.value));
    }
    if let Some(binding) = &element.binding {
        let _ = writeln!(out, "  codes     {} from {}", binding.strength, binding.value_set);
    }
    if element.must_support {
        let _ = writeln!(out, "  must be supported by receivers");
    }
    if let Some(slicing) = &element.slicing {
        let by: Vec<String> = slicing.discriminators.iter().map(|(kind, path)| format!("{kind} of {path}")).collect();
        let _ = writeln!(out, "  slices    by {} ({})", by.join(" and "), slicing.rules);
        let prefix = format!("{}:", element.id);
        for slice in
            structure.elements.iter().filter(|e| e.id.starts_with(&prefix) && !e.id[prefix.len()..].contains('.'))
        {
            let _ = writeln!(
                out,
                "            {} {}..{}",
                slice.slice,
                slice.min,
                slice.max.map_or("*".to_owned(), |m| m.to_string())
            );
        }
    }
    for constraint in &element.constraints {
        let weight = if constraint.error { "error" } else { "warning" };
        let _ = writeln!(out, "  rule      {} ({weight}): {}", constraint.key, constraint.expression);
    }
    Some(out)
}
