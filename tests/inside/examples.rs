//! Every example of every rule runs through the engine, as JSON and as XML; and the laws that the list of rules keeps.
#![allow(clippy::unwrap_used, clippy::panic, reason = "functions that tests share")]

#[path = "examples/laws.rs"]
mod laws;
#[path = "../rules/release.rs"]
mod release;
#[path = "examples/xml.rs"]
pub mod xml;

use hallmark::finding::{Example, Finding, Meta, Verdict};
use hallmark::pack::catalogue::Catalogue;
use hallmark::pack::model::Release;
use hallmark::plan::Plans;
use hallmark::session::{Hallmark, Observer, Unreadable, rules};
use hallmark::settings::Date;
use hallmark::terminology::snomed::build;
use hallmark::text::{LineIndex, Place};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Rules whose fault lives in the bytes of one format, so that a typed tree cannot carry it into the other.
const ONE_FORMAT: &[(&str, &str)] = &[
    ("HM0008", "members with an underscore exist in JSON only"),
    ("HM0103", "arrays exist in JSON only"),
    ("HM0104", "XML has no literal types"),
];

/// One example ready to run.
struct Case {
    meta: &'static Meta,
    example: &'static Example,
    /// The input without marks.
    text: String,
    /// Where the mark stands.
    mark: Option<(Place, Place)>,
}

impl Case {
    fn new(meta: &'static Meta, example: &'static Example) -> Self {
        let input = example.input;
        let (Some(start), Some(end)) = (input.find('«'), input.find('»')) else {
            return Self { meta, example, text: input.to_owned(), mark: None };
        };
        let text = input.replace(['«', '»'], "");
        let lines = LineIndex::new(&text);
        let place = |at: usize| lines.place(&text, at as u32);
        let mark = (place(start), place(end - '«'.len_utf8()));
        Self { meta, example, mark: Some(mark), text }
    }

    fn name(&self) -> String {
        format!("{} {}, \"{}\"", self.meta.id, self.meta.name, self.example.title)
    }

    fn is_xml(&self) -> bool {
        self.text.starts_with('<')
    }
}

#[derive(Default)]
struct Findings(Vec<Finding>);

impl Observer for Findings {
    fn finding(&mut self, finding: &Finding) {
        self.0.push(finding.clone());
    }

    fn unreadable(&mut self, what: &Unreadable) {
        panic!("{}: {}", what.name, what.why);
    }
}

/// Files with the definitions that examples bring.
fn packages(definitions: &[&str], folder: &Path) -> Vec<PathBuf> {
    let write = |(number, text): (usize, &&str)| {
        let path = folder.join(format!("definition{number}.json"));
        std::fs::write(&path, text).unwrap();
        path
    };
    definitions.iter().enumerate().map(write).collect()
}

/// A checker over the embedded definitions, those given, and a small release of SNOMED CT.
fn hallmark(index: &Path, packages: &[PathBuf], release: &str, profile: &str) -> Hallmark {
    let day = Date::parse("2026-11-21").unwrap();
    // Rules that are silent on test data are shown where they speak.
    let mut builder = Hallmark::builder().today(day).environment("production").best_practice("warning");
    builder = builder.terminology(index).security_checks(true).partner("X26").fhir_version(release);
    for package in packages {
        builder = builder.package(package);
    }
    if !profile.is_empty() {
        builder = builder.profile(profile);
    }
    builder.build().unwrap()
}

/// Findings by file of a folder of payloads.
fn check(hallmark: &Hallmark, folder: &Path) -> BTreeMap<PathBuf, Vec<Finding>> {
    let mut found = Findings::default();
    hallmark.run(&[folder.to_owned()], 1, &mut found);
    let mut by_file: BTreeMap<PathBuf, Vec<Finding>> = BTreeMap::new();
    for finding in found.0 {
        by_file.entry(PathBuf::from(&*finding.source)).or_default().push(finding);
    }
    by_file
}

/// What one case gave in one format, against what it promises.
fn verdict(case: &Case, format: &str, found: &[Finding], paths: Option<&[String]>, faults: &mut Vec<String>) {
    let own: Vec<&Finding> = found.iter().filter(|f| f.meta.id == case.meta.id).collect();
    let say = |what: String| format!("{} ({format}): {what}", case.name());
    match case.example.verdict {
        Verdict::Silent => {
            faults.extend(own.iter().map(|f| say(format!("must be silent, but says \"{}\" at {}", f.says, f.path))));
        }
        Verdict::Flagged if own.is_empty() => {
            let others: Vec<&str> = found.iter().map(|f| f.meta.id).collect();
            faults.push(say(format!("must be flagged, and is not; others: {others:?}")));
        }
        Verdict::Flagged => match (paths, case.mark) {
            (Some(paths), _) => {
                if !own.iter().any(|f| paths.contains(&f.path)) {
                    let here: Vec<&str> = own.iter().map(|f| f.path.as_str()).collect();
                    faults.push(say(format!("flagged at {here:?}, in JSON at {paths:?}")));
                }
            }
            (None, Some((start, end))) => {
                let spans = |f: &&&Finding| {
                    (f.line, f.column) == (u64::from(start.line), start.column)
                        && f.end == (u64::from(end.line), end.column)
                };
                if !own.iter().any(|f| spans(&f)) {
                    let spans: Vec<String> =
                        own.iter().map(|f| format!("{}:{} to {:?}", f.line, f.column, f.end)).collect();
                    faults.push(say(format!("marked {start:?} to {end:?}, flagged at {spans:?}")));
                }
            }
            (None, None) => faults.push(say("a flagged example needs a mark".to_owned())),
        },
    }
}

#[test]
fn examples_hold_as_json_and_as_xml() {
    let folder = tempfile::tempdir().unwrap();
    let index = folder.path().join("index");
    build(&release::write(folder.path()), &index, &|_| {}).unwrap();
    let embedded = Plans::new(Catalogue::new(&[]).unwrap().into());
    let mut groups: BTreeMap<(&[&str], &str, &str), Vec<Case>> = BTreeMap::new();
    for meta in rules() {
        for example in meta.examples {
            groups
                .entry((example.definitions, example.release, example.profile))
                .or_default()
                .push(Case::new(meta, example));
        }
    }
    let mut faults = Vec::new();
    for ((definitions, release, profile), cases) in groups {
        let folder = tempfile::tempdir().unwrap();
        let packages = packages(definitions, folder.path());
        let own = (!packages.is_empty()).then(|| Plans::new(Catalogue::new(&packages).unwrap().into()));
        let plans = own.as_ref().unwrap_or(&embedded);
        let hallmark = hallmark(&index, &packages, release, profile);
        let (json, xml) = (folder.path().join("written"), folder.path().join("printed"));
        std::fs::create_dir_all(&json).unwrap();
        std::fs::create_dir_all(&xml).unwrap();
        let file = |folder: &Path, number: usize, ending: &str| folder.join(format!("c{number:04}.{ending}"));
        for (number, case) in cases.iter().enumerate() {
            let ending = if case.is_xml() { "xml" } else { "json" };
            std::fs::write(file(&json, number, ending), &case.text).unwrap();
            let one_format = ONE_FORMAT.iter().any(|(id, _)| *id == case.meta.id);
            if !case.is_xml()
                && !one_format
                && let Some(printed) = xml::printed(&case.text, plans, Release::parse(release).unwrap())
            {
                std::fs::write(file(&xml, number, "xml"), printed).unwrap();
            }
        }
        let written = check(&hallmark, &json);
        let printed = check(&hallmark, &xml);
        let nothing = Vec::new();
        for (number, case) in cases.iter().enumerate() {
            let ending = if case.is_xml() { "xml" } else { "json" };
            let found = written.get(&file(&json, number, ending)).unwrap_or(&nothing);
            verdict(case, ending, found, None, &mut faults);
            let again = file(&xml, number, "xml");
            if again.exists() {
                let own = found.iter().filter(|f| f.meta.id == case.meta.id);
                let paths: Vec<String> = own.map(|f| f.path.clone()).collect();
                verdict(case, "printed as XML", printed.get(&again).unwrap_or(&nothing), Some(&paths), &mut faults);
            }
        }
    }
    assert!(faults.is_empty(), "{} examples do not hold\n{}", faults.len(), faults.join("\n"));
}
