//! `hallmark doctor`: what is held, what is not assessed, and how to change that.

use std::collections::BTreeMap;
use std::fmt::Write as _;
use std::path::Path;

use serde_json::{Value, json};

use super::args::Doctor as Args;
use super::settle::settled;
use super::{Exit, Failure, print, say};
use crate::finding::Finding;
use crate::report;
use crate::session::{Given, Hallmark, Observer, Unreadable, rules};
use crate::settings::Date;
use crate::terminology::snomed::Index;
use crate::text::{counted, sanitise, thousands};

/// Days after which a SNOMED CT index is said to be old: the UK edition comes out every four weeks, and receivers follow it.
const OLD: i64 = 180;

/// Prints what this machine and these settings give.
pub fn run(args: &Args) -> Result<Exit, Failure> {
    let over = &args.over;
    let config = match (&over.config, over.no_config) {
        (Some(path), _) => Some(path.clone()),
        (None, true) => None,
        (None, false) => super::found::config(true),
    };
    let mut settings = settled(&over.place(true), &over.flags())?;
    let index = index(settings.terminology.as_deref(), settings.today);
    let is_fit = index.get("fault").is_none();
    if !is_fit {
        // What else is held can be told all the same.
        settings.terminology = None;
    }
    let (hallmark, _) = Hallmark::new(settings, Given::default())?;
    let mut seen = Seen::default();
    let outcome = (!args.paths.is_empty()).then(|| hallmark.run(&args.paths, 0, &mut seen));
    let mut open: BTreeMap<(&str, Option<String>), u64> = BTreeMap::new();
    for (what, count) in outcome.iter().flat_map(|outcome| &outcome.not_assessed) {
        *open.entry(report::remedy(what)).or_default() += count;
    }
    let packs: Vec<Value> = hallmark
        .packs()
        .iter()
        .map(|p| json!({"name": p.name, "version": p.version, "release": p.release, "licence": p.licence, "embedded": p.embedded}))
        .collect();
    let found = json!({
        "version": env!("CARGO_PKG_VERSION"),
        "rules": rules().len(),
        "configuration": config.map(|path| path.display().to_string()),
        "packages": packs,
        "packageCache": cache(),
        "terminology": index,
        "notRead": seen.0.len(),
        "payloads": outcome.as_ref().map(|outcome| outcome.summary.payloads.given),
        "notAssessed": open.iter().map(|((what, remedy), count)| json!({"what": what, "count": count, "remedy": remedy})).collect::<Vec<_>>(),
    });
    for line in &seen.0 {
        say(&format!("not read: {line}"));
    }
    let exit = match (is_fit, seen.0.is_empty()) {
        (false, _) => Exit::Usage,
        (true, false) => Exit::Incomplete,
        (true, true) => Exit::Clean,
    };
    print(&if args.format == "json" { format!("{found:#}\n") } else { text(&found) })?;
    Ok(exit)
}

/// What could not be read.
#[derive(Default)]
struct Seen(Vec<String>);

impl Observer for Seen {
    fn finding(&mut self, _: &Finding) {}

    fn unreadable(&mut self, what: &Unreadable) {
        self.0.push(format!("{}: {}", what.name, what.why));
    }
}

/// The ecosystem's cache of packages in the home folder, where there is one.
fn cache() -> Value {
    let Some(folder) = std::env::home_dir().map(|home| home.join(".fhir").join("packages")) else { return Value::Null };
    let Ok(entries) = std::fs::read_dir(&folder) else { return Value::Null };
    let mut names: Vec<String> = entries
        .filter_map(Result::ok)
        .map(|entry| entry.file_name().to_string_lossy().into_owned())
        .filter(|name| name.contains('#'))
        .collect();
    names.sort();
    json!({"folder": folder.display().to_string(), "packages": names})
}

/// The index that is given: its edition and age; or why it cannot be used.
fn index(path: Option<&Path>, today: Date) -> Value {
    let Some(path) = path else { return Value::Null };
    match Index::open_verified(path) {
        Err(error) => json!({"file": path.display().to_string(), "fault": error.to_string()}),
        Ok(index) => {
            let release = index.release();
            let day = format!("{:08}", release.effective_time);
            let date = Date::parse(&format!("{}-{}-{}", &day[..4], &day[4..6], &day[6..8]));
            json!({
                "file": path.display().to_string(),
                "edition": release.version_uri(),
                "concepts": release.concepts,
                "days": date.map(|date| today.days() - date.days()),
            })
        }
    }
}

/// For people: what is there, then what to do.
fn text(found: &Value) -> String {
    let mut out = String::new();
    let shown = |value: &Value| sanitise::line(value.as_str().unwrap_or_default());
    let _ = writeln!(
        out,
        "hallmark {}, {}",
        shown(&found["version"]),
        counted(found["rules"].as_u64().unwrap_or(0), "rule")
    );
    let mut todo: Vec<String> = Vec::new();
    match found["configuration"].as_str() {
        Some(path) => _ = writeln!(out, "configuration   {}", sanitise::line(path)),
        None => {
            let _ = writeln!(out, "configuration   none");
            todo.push("`hallmark init` writes a hallmark.toml to start from".to_owned());
        }
    }
    let empty = Vec::new();
    let packs = found["packages"].as_array().unwrap_or(&empty);
    let _ = writeln!(out, "packages        {}", packs.len());
    for pack in packs {
        let own = if pack["embedded"] == json!(true) { "" } else { "  (given)" };
        let release = match pack["release"].as_str() {
            Some("") | None => "any",
            Some(release) => release,
        };
        let name = format!("{} {}", shown(&pack["name"]), shown(&pack["version"]));
        let _ = writeln!(out, "  {name:<44}  FHIR {release}  {}{own}", shown(&pack["licence"]));
    }
    match found["packageCache"]["packages"].as_array() {
        Some(names) => {
            let folder = shown(&found["packageCache"]["folder"]);
            let _ = writeln!(out, "package cache   {folder}, {}", counted(names.len() as u64, "package"));
        }
        None => _ = writeln!(out, "package cache   none"),
    }
    let index = &found["terminology"];
    match (index["edition"].as_str(), index["fault"].as_str()) {
        (Some(edition), _) => {
            let days = index["days"].as_i64();
            let age = days.map(|days| format!(", {days} days old")).unwrap_or_default();
            let concepts = thousands(index["concepts"].as_u64().unwrap_or(0));
            let _ = writeln!(out, "SNOMED CT       {}, {concepts} concepts{age}", sanitise::line(edition));
            if days.is_some_and(|days| days > OLD) {
                todo.push(format!(
                    "the SNOMED CT release is {} days old: build an index of a newer one",
                    days.unwrap_or(0)
                ));
            }
        }
        (None, Some(fault)) => {
            let _ = writeln!(out, "SNOMED CT       cannot be used: {}", sanitise::line(fault));
            todo.push("`hallmark snomed build RELEASE -o INDEX` makes an index anew".to_owned());
        }
        (None, None) => {
            let _ = writeln!(out, "SNOMED CT       no index");
            todo.push("SNOMED CT codes are checked by their form alone: build an index from a release of TRUD, and give it with --terminology".to_owned());
        }
    }
    match found["payloads"].as_u64() {
        None => todo.push("`hallmark doctor PATH` says what of your messages is not assessed".to_owned()),
        Some(payloads) => {
            let open = found["notAssessed"].as_array().unwrap_or(&empty);
            let _ = writeln!(out, "not assessed    in {}", counted(payloads, "payload"));
            match found["notRead"].as_u64() {
                None | Some(0) if open.is_empty() => _ = writeln!(out, "  nothing"),
                None | Some(0) => {}
                Some(n) => _ = writeln!(out, "  {:>8}  could not be read, and nothing in it is assessed", thousands(n)),
            }
            for row in open {
                let (what, count) = (shown(&row["what"]), thousands(row["count"].as_u64().unwrap_or(0)));
                let remedy = row["remedy"].as_str().unwrap_or("nothing that hallmark could be given changes that");
                let _ = writeln!(out, "  {count:>8}  {what}: {}", sanitise::line(remedy));
            }
        }
    }
    if !todo.is_empty() {
        let _ = writeln!(out, "\nWhat you can do");
        todo.iter().for_each(|line| _ = writeln!(out, "  {line}"));
    }
    out
}
