//! Flags over environment over file over defaults.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use serde_json::{Map, Value, json};

use super::select::{RuleSelection, Severities, may_be_shadow};
use super::sources::{SourceSettings, source_settings};
use super::values::{Flags, LimitsEntry};
use super::waivers::Waivers;
use crate::finding::{Environment, Meta, Severity};
use crate::read::Limits;
use crate::schema::{Checked, Fault, Faults, Schema, Syntax, nearest};
use crate::text::Date;
use crate::text::{Place, sanitise};

/// Reads a text file that settings name.
///
/// # Errors
/// What the system says.
pub fn read(path: &Path) -> std::io::Result<String> {
    std::fs::read_to_string(path)
}

/// Name of the file that is looked for from the working folder upward.
pub const FILE_NAME: &str = "hallmark.toml";

/// The schema of `hallmark.toml`.
pub static CONFIG_SCHEMA: Schema = Schema::new(include_str!("../../schemas/config.schema.json"));

/// Settings that name files; in `hallmark.toml` they are relative to it.
const FILES: [&str; 6] = ["packages", "terminology", "baseline", "record", "report", "hmac-key-file"];

/// A `hallmark.toml` that agrees with its schema.
#[derive(Clone, Debug)]
pub struct ConfigFile {
    checked: Checked,
    values: Flags,
    folder: PathBuf,
}

impl ConfigFile {
    /// Reads the text of a file at `path`.
    ///
    /// # Errors
    /// What is not well formed or breaks the schema, with its place.
    pub fn read(path: &Path, text: &str) -> Result<Self, Faults> {
        let name = path.to_string_lossy();
        let checked = Checked::read(&name, text, Syntax::Toml, &CONFIG_SCHEMA)?;
        let values = checked.to()?;
        Ok(Self { checked, values, folder: path.parent().unwrap_or(Path::new("")).to_path_buf() })
    }

    /// The nearest `hallmark.toml` in `start` or a folder above it, up to `top` where one is given.
    pub fn find(start: &Path, top: Option<&Path>) -> Option<PathBuf> {
        let mut over = false;
        let within = start.ancestors().take_while(|folder| !std::mem::replace(&mut over, top == Some(*folder)));
        within.map(|folder| folder.join(FILE_NAME)).find(|path| path.is_file())
    }

    /// The folder it stands in, and the files that a run writes by what it says, made relative to that folder.
    pub fn outputs(&self) -> (&Path, Vec<PathBuf>) {
        let formats =
            self.values.formats.iter().flatten().filter_map(|word| word.split_once('=').map(|(_, path)| path));
        let files = [&self.values.record, &self.values.report].into_iter().flatten().map(String::as_str);
        (&self.folder, formats.chain(files).map(|path| self.folder.join(path)).collect())
    }
}

/// One setting for `--show-config`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shown {
    /// Key in `hallmark.toml`.
    pub key: String,
    /// Value as TOML would show it.
    pub value: String,
    /// `default`, `hallmark.toml:3`, `HALLMARK_FAIL_ON`, `--fail-on`.
    pub from: String,
}

/// Everything a run is told.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Packages of the user, in order.
    pub packages: Vec<PathBuf>,
    /// Profiles that every message is checked against.
    pub profiles: Vec<String>,
    /// Standard for resources that claim no profile.
    pub standard: Option<String>,
    /// `3.0` or `4.0`; `None` finds out.
    pub fhir_version: Option<String>,
    /// Which rules run.
    pub rules: RuleSelection,
    /// How much they weigh.
    pub severities: Severities,
    /// SNOMED CT index.
    pub terminology: Option<PathBuf>,
    /// Format words with their files.
    pub formats: Vec<(String, Option<PathBuf>)>,
    /// Severity at which a finding fails the run; `None` never.
    pub fail_on: Option<Severity>,
    /// Fail when something could not be assessed.
    pub require_assessed: bool,
    /// Weight of best-practice recommendations; `None` ignores them.
    pub best_practice: Option<Severity>,
    /// URL prefixes of extensions that need no definition.
    pub extension_domains: Vec<String>,
    /// References must resolve inside the message.
    pub check_references: bool,
    /// References to a server are taken as valid.
    pub assume_valid_rest_references: bool,
    /// Text is searched for script and markup.
    pub security_checks: bool,
    /// Production or test.
    pub environment: Environment,
    /// Values of messages may be printed.
    pub show_values: bool,
    /// File of known findings.
    pub baseline: Option<PathBuf>,
    /// Known findings are left out.
    pub new_only: bool,
    /// File for the run record.
    pub record: Option<PathBuf>,
    /// File for the HTML report.
    pub report: Option<PathBuf>,
    /// File that holds the key of pseudonyms.
    pub hmac_key_file: Option<PathBuf>,
    /// ODS code, or `unknown`.
    pub partner: String,
    /// Product, or `unknown`.
    pub product: String,
    /// Interface, or `unknown`.
    pub interface: String,
    /// `YYYY-MM`.
    pub period: String,
    /// Workers; 0 takes one per core.
    pub jobs: usize,
    /// What reading refuses.
    pub limits: Limits,
    /// What holds for some sources only.
    pub sources: Vec<SourceSettings>,
    /// Accepted findings.
    pub waivers: Waivers,
    /// The day of the run.
    pub today: Date,
    /// Each setting with its value and where it came from, in the order of the schema.
    pub shown: Vec<Shown>,
    /// The names that settings give, for [`Self::check_names`].
    pub names: Names,
}

/// Names of rules in settings, and the file that gives them.
#[derive(Clone, Debug, Default)]
pub struct Names {
    /// Rules that are to be in shadow, as named; [`Settings::severities`] decides.
    shadow: RuleSelection,
    file: Option<Checked>,
}

impl Names {
    /// The hallmark.toml that was read.
    pub fn file(&self) -> Option<&str> {
        self.file.as_ref().map(|file| file.name.as_str())
    }
}

impl Settings {
    /// Checks that every rule named in settings exists, once the registry is known.
    ///
    /// # Errors
    /// One fault for each word that names nothing, with the nearest name.
    pub fn check_names(&self, known: &[&'static Meta]) -> Result<(), Faults> {
        let mut faults = Vec::new();
        let words = || known.iter().flat_map(|m| [m.id, m.name, m.family.as_str()]);
        let mut fault = |key: &str, pointer: &str, word: &str, says: String, remedy: String| {
            let from_file = self.shown.iter().any(|s| s.key == key && s.from.contains(".toml"));
            faults.push(match &self.names.file {
                Some(file) if from_file && file.value.pointer(pointer).is_some() => file.fault(pointer, says, remedy),
                _ => {
                    let before = format!("--{key} ");
                    let at = before.len()..before.len() + word.len();
                    Fault::new("command line", &format!("{before}{word}"), at, says, remedy)
                }
            });
        };
        for (key, selection) in [("rules", &self.rules), ("shadow", &self.names.shadow)] {
            for rule in selection.rules(known).filter(|m| key == "shadow" && !may_be_shadow(m)) {
                let says = format!("{} {} cannot be in shadow", rule.id, rule.name);
                let remedy = "What could not be read, and what is wrong with the settings, always counts";
                fault(key, &format!("/{key}"), rule.name, says, remedy.into());
            }
        }
        let mut add = |key: &str, pointer: &str, word: &str| {
            let says = format!("no rule or family is called `{word}`");
            let remedy = match nearest(word, words()) {
                Some(near) => format!("Did you mean `{near}`?"),
                None => format!(
                    "Rule ids go from {} to {}; `hallmark rules` lists them, and the families",
                    known.iter().map(|m| m.id).min().unwrap_or_default(),
                    known.iter().map(|m| m.id).max().unwrap_or_default()
                ),
            };
            fault(key, pointer, word, says, remedy);
        };
        for (key, selection) in [("rules", &self.rules), ("shadow", &self.names.shadow)] {
            for word in selection.unknown(known) {
                add(key, &format!("/{key}"), word);
            }
        }
        if let Some(Value::Object(map)) = self.names.file.as_ref().and_then(|f| f.value.get("severity")) {
            for rule in map.keys() {
                if !known.iter().any(|m| m.id.eq_ignore_ascii_case(rule) || m.name == rule) {
                    add("severity", &format!("/severity/{rule}"), rule);
                }
            }
        }
        if let Some(Value::Array(items)) = self.names.file.as_ref().and_then(|f| f.value.get("waiver")) {
            for (i, item) in items.iter().enumerate() {
                let rule = item.get("rule").and_then(Value::as_str).unwrap_or_default();
                if !known.iter().any(|m| m.id.eq_ignore_ascii_case(rule) || m.name == rule) {
                    add("waiver", &format!("/waiver/{i}/rule"), rule);
                }
            }
        }
        if faults.is_empty() { Ok(()) } else { Err(Faults(faults)) }
    }

    /// `--show-config`: one line a setting, `key = value  # from`.
    pub fn show(&self) -> String {
        let width = self.shown.iter().map(|s| s.key.len() + s.value.len() + 3).filter(|w| *w < 60).max().unwrap_or(0);
        self.shown
            .iter()
            .map(|s| {
                let left = format!("{} = {}", s.key, s.value);
                format!("{left:<width$}  # {}\n", s.from)
            })
            .collect()
    }
}

/// Makes settings of defaults, a file, environment variables (`HALLMARK_FAIL_ON=warning`) and flags.
///
/// # Errors
/// Every value that cannot be taken, with its place and a remedy.
pub fn resolve(
    file: Option<&ConfigFile>,
    environment: &[(String, String)],
    flags: &Flags,
    today: Date,
) -> Result<Settings, Faults> {
    let schema: Value = serde_json::from_str(CONFIG_SCHEMA.text).unwrap_or_default();
    let properties = schema.get("properties").and_then(Value::as_object).cloned().unwrap_or_default();
    let defaults = defaults(today);
    let from_file = file.map(|f| rooted(&f.checked.value, &f.folder)).unwrap_or_default();
    let from_environment = environment_values(&properties, &schema, environment)?;
    let from_flags = match serde_json::to_value(flags) {
        Ok(Value::Object(map)) => map,
        _ => Map::new(),
    };
    check_layer("command line", &from_flags, |key| flag_of(key) + " ")?;

    let decided = |key: &str| from_flags.contains_key(key) || from_environment.contains_key(key);
    let mut merged = Map::new();
    let mut shown = Vec::new();
    for key in properties.keys() {
        let place = || format!("/{key}");
        let (value, from) = if let Some(value) = from_flags.get(key) {
            (value, flag_of(key))
        } else if let Some(value) = from_environment.get(key) {
            (value, variable(key))
        } else if let Some(value) = from_file.get(key) {
            let at = file.map(|f| format!("{}:{}", f.checked.name, f.checked.line(&place())));
            (value, at.unwrap_or_default())
        } else if let Some(value) = defaults.get(key) {
            (value, "default".to_string())
        } else {
            continue;
        };
        merged.insert(key.clone(), value.clone());
        if key == "limits" {
            show_limits(value, file, &mut shown);
            continue;
        }
        if key == "sources" {
            show_sources(value, file, &decided, &mut shown);
            continue;
        }
        shown.push(Shown { key: key.clone(), value: value.to_string(), from });
    }
    let checked = file.map(|f| f.checked.clone());
    build(merged, shown, checked, file.map(|f| &f.values), &decided, today)
}

/// Each limit on a line of its own: a file that names one leaves the others at their defaults.
fn show_limits(value: &Value, file: Option<&ConfigFile>, shown: &mut Vec<Shown>) {
    let entry: LimitsEntry = serde_json::from_value(value.clone()).unwrap_or_default();
    for (name, limit) in entry.limits().named() {
        let written = file.filter(|f| f.checked.value.pointer(&format!("/limits/{name}")).is_some());
        let at = written.map(|f| format!("{}:{}", f.checked.name, f.checked.line(&format!("/limits/{name}"))));
        let from = at.unwrap_or_else(|| "default".to_owned());
        shown.push(Shown { key: format!("limits.{name}"), value: limit.to_string(), from });
    }
}

/// Each entry on a line of its own, at its own place, without what a flag or a variable decides.
fn show_sources(value: &Value, file: Option<&ConfigFile>, decided: &dyn Fn(&str) -> bool, shown: &mut Vec<Shown>) {
    for (i, entry) in value.as_array().into_iter().flatten().enumerate() {
        let mut entry = entry.clone();
        if let Value::Object(members) = &mut entry {
            members.retain(|key, _| !decided(key));
        }
        let at = file.map(|f| format!("{}:{}", f.checked.name, f.checked.line(&format!("/sources/{i}/glob"))));
        shown.push(Shown { key: format!("sources.{i}"), value: entry.to_string(), from: at.unwrap_or_default() });
    }
}

fn build(
    merged: Map<String, Value>,
    shown: Vec<Shown>,
    file: Option<Checked>,
    written: Option<&Flags>,
    decided: &dyn Fn(&str) -> bool,
    today: Date,
) -> Result<Settings, Faults> {
    let values: Flags = serde_json::from_value(Value::Object(merged)).map_err(|e| {
        Faults::from(Fault::new("settings", "", 0..0, e.to_string(), "See the schema of hallmark.toml"))
    })?;
    let from = |key: &str| shown.iter().find(|s| s.key == key).map_or("default", |s| s.from.as_str());
    let mut faults = Vec::new();
    let environment = match values.environment.as_deref() {
        Some("production") => Environment::Production,
        _ => Environment::Test,
    };
    let show_values = values.show_values.unwrap_or_default();
    let undeclared = environment == Environment::Production || from("environment") == "default";
    if show_values && undeclared && !from("show-values").starts_with("--") {
        let says = "`show-values` needs a declared test environment";
        let remedy = "Add `environment = \"test\"`, or leave values masked";
        faults.push(match &file {
            Some(file) if file.value.get("show-values").is_some() => file.fault("/show-values", says, remedy),
            _ => Fault::new("environment", "HALLMARK_SHOW_VALUES", 0..20, says, remedy),
        });
    }
    let partner = values.partner.unwrap_or_else(|| "unknown".into());
    let waivers = written.and_then(|w| w.waiver.clone()).unwrap_or_default();
    let waivers = Waivers::new(waivers, file.as_ref(), &partner, today).unwrap_or_else(|more| {
        faults.extend(more);
        Waivers::default()
    });
    let entries = written.and_then(|w| w.sources.clone()).unwrap_or_default();
    let sources = source_settings(entries, file.as_ref(), decided, &mut faults);
    if !faults.is_empty() {
        return Err(Faults(faults));
    }
    let paths = |list: Option<Vec<String>>| list.unwrap_or_default().into_iter().map(PathBuf::from).collect();
    let shadow = RuleSelection::parse(values.shadow.iter().flat_map(|w| w.iter()));
    let severity = |word: Option<String>| word.as_deref().and_then(Severity::parse);
    Ok(Settings {
        packages: paths(values.packages),
        profiles: values.profiles.unwrap_or_default(),
        standard: values.standard,
        fhir_version: values.fhir_version.filter(|v| v != "auto"),
        rules: RuleSelection::parse(values.rules.iter().flat_map(|w| w.iter())),
        severities: Severities::new(&values.severity.unwrap_or_default(), environment).with_shadow(shadow.clone()),
        terminology: values.terminology.map(PathBuf::from),
        formats: values.formats.unwrap_or_default().iter().map(|f| format_word(f)).collect(),
        fail_on: severity(values.fail_on),
        require_assessed: values.require_assessed.unwrap_or_default(),
        best_practice: severity(values.best_practice),
        extension_domains: values.extension_domains.unwrap_or_default(),
        check_references: values.check_references.unwrap_or_default(),
        assume_valid_rest_references: values.assume_valid_rest_references.unwrap_or_default(),
        security_checks: values.security_checks.unwrap_or_default(),
        environment,
        show_values,
        baseline: values.baseline.map(PathBuf::from),
        new_only: values.new_only.unwrap_or_default(),
        record: values.record.map(PathBuf::from),
        report: values.report.map(PathBuf::from),
        hmac_key_file: values.hmac_key_file.map(PathBuf::from),
        partner,
        product: values.product.unwrap_or_else(|| "unknown".into()),
        interface: values.interface.unwrap_or_else(|| "unknown".into()),
        period: values.period.unwrap_or_else(|| today.month()),
        jobs: values.jobs.unwrap_or_default(),
        limits: values.limits.unwrap_or_default().limits(),
        sources,
        waivers,
        today,
        shown,
        names: Names { shadow, file },
    })
}

fn format_word(word: &str) -> (String, Option<PathBuf>) {
    match word.split_once('=') {
        Some((name, path)) => (name.to_string(), Some(PathBuf::from(path))),
        None => (word.to_string(), None),
    }
}

fn defaults(today: Date) -> Map<String, Value> {
    let value = json!({
        "packages": [],
        "profiles": [],
        "fhir-version": "auto",
        "formats": ["text"],
        "fail-on": "error",
        "require-assessed": false,
        "best-practice": "information",
        "extension-domains": [],
        "check-references": false,
        "assume-valid-rest-references": false,
        "security-checks": false,
        "environment": "test",
        "show-values": false,
        "new-only": false,
        "partner": "unknown",
        "product": "unknown",
        "interface": "unknown",
        "period": today.month(),
        "jobs": 0,
        "limits": {},
    });
    match value {
        Value::Object(map) => map,
        _ => Map::new(),
    }
}

/// The values of a file, with the files it names made relative to its folder.
fn rooted(value: &Value, folder: &Path) -> Map<String, Value> {
    let mut map = value.as_object().cloned().unwrap_or_default();
    let root = |text: &str| Value::String(folder.join(text).to_string_lossy().into_owned());
    for key in FILES {
        match map.get_mut(key) {
            Some(Value::String(text)) => {
                let rooted = root(text);
                map.insert(key.into(), rooted);
            }
            Some(Value::Array(items)) => {
                for item in items {
                    // A package by name and version is no path.
                    if let Value::String(text) = item
                        && (!text.contains('#') || text.contains(['/', '\\']) || folder.join(&*text).exists())
                    {
                        *item = root(text);
                    }
                }
            }
            _ => {}
        }
    }
    if let Some(Value::Array(items)) = map.get_mut("formats") {
        for item in items {
            if let Some((name, path)) = item.as_str().and_then(|t| t.split_once('=')) {
                *item = Value::String(format!("{name}={}", folder.join(path).to_string_lossy()));
            }
        }
    }
    map
}

fn variable(key: &str) -> String {
    format!("HALLMARK_{}", key.to_uppercase().replace('-', "_"))
}

/// The flag a key has on the command line, where the two differ by number.
fn flag_of(key: &str) -> String {
    let flag = match key {
        "packages" => "package",
        "profiles" => "profile",
        "formats" => "format",
        "extension-domains" => "extension-domain",
        other => other,
    };
    format!("--{flag}")
}

fn environment_values(
    properties: &Map<String, Value>,
    schema: &Value,
    environment: &[(String, String)],
) -> Result<Map<String, Value>, Faults> {
    let given: BTreeMap<&str, &str> = environment.iter().map(|(k, v)| (k.as_str(), v.as_str())).collect();
    let mut map = Map::new();
    for (key, property) in properties {
        let Some(text) = given.get(variable(key).as_str()) else { continue };
        let target = property.get("$ref").and_then(Value::as_str).and_then(|r| r.strip_prefix('#'));
        let kind = target.and_then(|t| schema.pointer(t)).unwrap_or(property).get("type").and_then(Value::as_str);
        let value = match kind {
            Some("boolean") => match *text {
                "true" | "1" => Value::Bool(true),
                "false" | "0" | "" => Value::Bool(false),
                other => Value::String(other.into()),
            },
            Some("integer") => text.parse::<u64>().map_or_else(|_| Value::String((*text).into()), Value::from),
            Some("array") if key != "sources" && key != "waiver" => {
                text.split(',').map(str::trim).filter(|t| !t.is_empty()).map(Value::from).collect()
            }
            Some("array" | "object") => continue,
            _ => Value::String((*text).into()),
        };
        map.insert(key.clone(), value);
    }
    check_layer("environment", &map, |key| variable(key) + "=")?;
    Ok(map)
}

/// Checks values that came from no file by the same schema; faults show them as they were given.
fn check_layer(name: &str, map: &Map<String, Value>, given_as: impl Fn(&str) -> String) -> Result<(), Faults> {
    let check = |map: &Map<String, Value>| {
        let text = serde_json::to_string(map).unwrap_or_default();
        Checked::read(name, &text, Syntax::Json, &CONFIG_SCHEMA).map(|_| ())
    };
    if map.is_empty() {
        return Ok(());
    }
    let Err(all) = check(map) else { return Ok(()) };
    let mut faults = Vec::new();
    for (key, value) in map {
        // Each part by itself, so that a fault leads to one flag or variable.
        let parts = value.as_array().map_or_else(|| vec![value.clone()], |a| a.iter().map(|v| json!([v])).collect());
        for part in parts {
            let Err(found) = check(&Map::from_iter([(key.clone(), part.clone())])) else { continue };
            let given = part.get(0).unwrap_or(&part);
            let given = sanitise::line(given.as_str().map_or_else(|| given.to_string(), str::to_owned).as_str());
            let before = given_as(key);
            faults.extend(found.0.into_iter().map(|fault| Fault {
                place: Place { line: 1, column: before.chars().count() as u32 + 1 },
                width: given.chars().count().max(1),
                line: format!("{before}{given}"),
                ..fault
            }));
        }
    }
    Err(if faults.is_empty() { all } else { Faults(faults) })
}
