//! `hallmark report`, `merge` and `criteria`: from run records to pages.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::fs::File;
use std::io::{self, BufWriter};
use std::path::{Path, PathBuf};

use sha2::{Digest, Sha256};

use super::args::{Criteria, CriteriaCommand, Merge, Report as Args};
use super::{Exit, Failure, print, say};
use crate::kitemark::{
    About, Attestations, Beside, CriteriaSet, explain_criterion, explain_set, organisation_names, read_determination,
    walk_record,
};
use crate::output::{self, Output, Paths};
use crate::record::{Record, Spill, merge as merge_records};
use crate::report::gap::{
    Audience, Decided, Material, MaterialKind, Previous, Report, ReportFormat, ReportInput, fill, pages, render,
};
use crate::settings::Date;

fn read(path: &Path) -> Result<String, Failure> {
    std::fs::read_to_string(path).map_err(|e| Failure::io(&path.display().to_string(), &e))
}

/// A record, and as what it enters a report. One that was changed is no evidence of anything.
fn record(path: &Path, spill: &Spill) -> Result<(Record, Material), Failure> {
    let name = path.display().to_string();
    let io = |e: std::io::Error| Failure::io(&name, &e);
    let beside = signature_of(path);
    let signature = if beside.exists() { Some((beside.display().to_string(), read(&beside)?)) } else { None };
    let signed = signature.as_ref().map(|(name, text)| (name.as_str(), text.as_str()));
    let file = File::open(path).map_err(io)?;
    let walked = walk_record(&name, file, signed, Some(spill)).map_err(io)?;
    let (record, sha256, signed_by) =
        walked.map_err(|says| Failure { exit: Exit::Incomplete, says: format!("hallmark: {says}") })?;
    Ok((record, Material { kind: MaterialKind::Record, file: name, sha256, signed_by }))
}

/// Files that a report is made of, taken down as they are read.
#[derive(Default)]
struct Materials(RefCell<Vec<Material>>);

impl Materials {
    fn bytes(&self, kind: MaterialKind, path: &Path) -> std::io::Result<Vec<u8>> {
        let bytes = std::fs::read(path)?;
        let sha256 = hex::encode(Sha256::digest(&bytes));
        let file = path.display().to_string();
        self.0.borrow_mut().push(Material { kind, file, sha256, signed_by: None });
        Ok(bytes)
    }

    fn text(&self, kind: MaterialKind, path: &Path) -> Result<String, Failure> {
        let name = path.display().to_string();
        let bytes = self.bytes(kind, path).map_err(|e| Failure::io(&name, &e))?;
        String::from_utf8(bytes).map_err(|_| Failure::usage(format!("{name} is not text in UTF-8")))
    }
}

/// Writes a record, which may be longer than memory.
pub fn write_record(record: &Record, path: &Path) -> io::Result<()> {
    // Pseudonyms are for their owner's eyes.
    let keyed = record.parts.values().any(|part| !part.keys.is_empty());
    let mut output = if keyed { Output::private(path)? } else { Output::create(path)? };
    record.write(BufWriter::with_capacity(1 << 16, &mut output))?;
    output.finish()
}

/// A criteria set by file, or by the name of one that ships.
fn criteria_set(name: Option<&Path>, materials: &Materials) -> Result<CriteriaSet, Failure> {
    match name {
        None => CriteriaSet::embedded(CriteriaSet::DEFAULT),
        Some(path) if path.exists() => {
            CriteriaSet::read(&path.display().to_string(), &materials.text(MaterialKind::Criteria, path)?)
        }
        Some(path) => CriteriaSet::embedded(&path.display().to_string()),
    }
    .map_err(|f| Failure::usage(f.to_string()))
}

/// Files as they are, and of folders those with an extension, in name order.
fn inside(paths: &[PathBuf], extensions: &[&str]) -> Result<Vec<PathBuf>, Failure> {
    let mut out = Vec::new();
    for path in paths {
        if !path.is_dir() {
            out.push(path.clone());
            continue;
        }
        let entries = std::fs::read_dir(path).map_err(|e| Failure::io(&path.display().to_string(), &e))?;
        let wanted = |p: &PathBuf| p.extension().is_some_and(|x| extensions.iter().any(|e| x == *e));
        let mut names: Vec<PathBuf> = entries.filter_map(|e| e.ok().map(|e| e.path())).filter(wanted).collect();
        if names.is_empty() {
            let says = format!("{} holds no file that ends with .{}", path.display(), extensions.join(" or ."));
            return Err(Failure::usage(says));
        }
        names.sort();
        out.extend(names);
    }
    Ok(out)
}

/// Attestation files: one, or all `.toml` and `.csv` of a folder in name order.
fn attestations(paths: &[PathBuf], set: &CriteriaSet, materials: &Materials) -> Result<Attestations, Failure> {
    let mut all = Attestations::default();
    for name in inside(paths, &["toml", "csv"])? {
        let (shown, text) = (name.display().to_string(), materials.text(MaterialKind::Statement, &name)?);
        let added = match name.extension().is_some_and(|x| x == "csv") {
            true => all.add_csv(&shown, &text, set),
            false => all.add(&shown, &text, set),
        };
        added.map_err(|f| Failure::usage(f.to_string()))?;
    }
    Ok(all)
}

/// `hallmark report RECORD...`
pub fn run(args: &Args) -> Result<Exit, Failure> {
    apart(args)?;
    let today = today(args.today.as_deref())?;
    let materials = Materials::default();
    let audience = Audience::parse(&args.audience).unwrap_or_default();
    let set = criteria_set(args.criteria.as_deref(), &materials)?;
    let mut attestations = attestations(&args.attestations, &set, &materials)?;
    let beside = |kind: Beside, from: &str, file: &str| {
        let folder = Path::new(from).parent().unwrap_or_else(|| Path::new(""));
        let kind = match kind {
            Beside::Evidence => MaterialKind::Evidence,
            Beside::Document => MaterialKind::Document,
        };
        materials.bytes(kind, &folder.join(file)).ok()
    };
    attestations.settle(&set, today, &beside).map_err(Failure::usage)?;
    for path in &args.evidence {
        let name = path.display().to_string();
        let about = About { partner: args.partner.as_deref(), collected: None, valid_until: None, today };
        attestations
            .add_evidence(&set, &name, &materials.text(MaterialKind::Evidence, path)?, about)
            .map_err(Failure::usage)?;
    }
    let spill = super::check::spill();
    let names = inside(&args.records, &["json"])?;
    let mut records = Vec::new();
    for name in &names {
        let (read, material) = record(name, &spill)?;
        records.push(read);
        materials.0.borrow_mut().push(material);
    }
    let previous = match &args.previous {
        Some(path) => {
            let text = materials.text(MaterialKind::Previous, path)?;
            Some(Previous::read(&path.display().to_string(), &text).map_err(|f| Failure::usage(f.to_string()))?)
        }
        None => None,
    };
    let names = match &args.names {
        Some(path) => {
            let text = materials.text(MaterialKind::Names, path)?;
            organisation_names(&path.display().to_string(), &text).map_err(|f| Failure::usage(f.to_string()))?
        }
        None => BTreeMap::new(),
    };
    let decided = match &args.determination {
        Some(path) => {
            let checked = read_determination(&path.display().to_string(), &read(path)?);
            let decided = checked.and_then(|checked| checked.to::<Decided>());
            Some(decided.map_err(|f| Failure::usage(f.to_string()))?)
        }
        None => None,
    };
    let input = ReportInput {
        records,
        set,
        attestations,
        previous,
        audience,
        version: env!("CARGO_PKG_VERSION").to_owned(),
        today,
        disclosure: args.disclosure.is_some(),
        smallest: args.smallest,
        materials: materials.0.into_inner(),
        names,
        decided,
    };
    let report = Report::new(input).map_err(|e| Failure::usage(e.to_string()))?;
    if let Some(folder) = &args.pages {
        std::fs::create_dir_all(folder).map_err(|e| Failure::io(&folder.display().to_string(), &e))?;
        for page in pages(&report) {
            let path = folder.join(&page.file);
            output::write(&path, page.text.as_bytes()).map_err(|e| Failure::io(&path.display().to_string(), &e))?;
        }
    }
    // Pages alone are an output; without any the one page goes to standard output.
    let silent = args.pages.is_some() && args.template.is_none();
    let formats = match args.formats.is_empty() {
        true if silent => Vec::new(),
        true => vec!["html".to_owned()],
        false => args.formats.clone(),
    };
    let template = match &args.template {
        Some(path) => Some((path.display().to_string(), read(path)?)),
        None => None,
    };
    for word in &formats {
        let (name, path) = word.split_once('=').map_or((word.as_str(), None), |(n, p)| (n, Some(Path::new(p))));
        let format =
            ReportFormat::parse(name).ok_or_else(|| Failure::usage(format!("there is no report format {name}")))?;
        let mut bytes = Vec::new();
        match (&template, format) {
            (Some((name, text)), ReportFormat::Html) => {
                bytes = fill(&report, name, text).map_err(|f| Failure::usage(f.to_string()))?.into_bytes();
            }
            _ => render(&report, format, &mut bytes).map_err(|e| Failure::io("report", &e))?,
        }
        match path {
            Some(path) => output::write(path, &bytes).map_err(|e| Failure::io(&path.display().to_string(), &e))?,
            None => {
                use std::io::Write as _;
                std::io::stdout().write_all(&bytes).map_err(|e| Failure::io("standard output", &e))?;
            }
        }
    }
    let files = formats.iter().filter_map(|word| word.split_once('=')).map(|(_, path)| Path::new(path));
    super::wrote(args.pages.as_deref().into_iter().chain(files));
    Ok(required(&report, args.require_level))
}

/// The file of a signature, beside what it signs.
pub(super) fn signature_of(path: &Path) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(".sig");
    PathBuf::from(name)
}

/// The day that was given, or that of the machine.
pub(super) fn today(given: Option<&str>) -> Result<Date, Failure> {
    match given {
        Some(text) => Date::parse(text).ok_or_else(|| Failure::usage("--today takes a date such as 2026-01-31")),
        None => Ok(super::settle::today()),
    }
}

/// No output is an input, or another output.
fn apart(args: &Args) -> Result<(), Failure> {
    let mut paths = Paths::default();
    let named =
        [&args.criteria, &args.previous, &args.template, &args.names, &args.determination].into_iter().flatten();
    named.chain(&args.evidence).for_each(|path| paths.reads(path));
    args.records.iter().for_each(|path| paths.reads_in(path, |p| p.extension().is_some_and(|x| x == "json")));
    let statement = |p: &Path| p.extension().is_some_and(|x| x == "toml" || x == "csv");
    args.attestations.iter().for_each(|path| paths.reads_in(path, statement));
    if let Some(folder) = &args.pages {
        paths.writes_in(folder, |path| path.extension().is_some_and(|x| x == "html"))?;
    }
    let files = args.formats.iter().filter_map(|word| word.split_once('='));
    files.map(|(_, path)| Path::new(path)).try_for_each(|path| paths.writes(path))?;
    Ok(())
}

/// Whether gates and the level asked for are met.
fn required(report: &Report, level: Option<u8>) -> Exit {
    let Some(level) = level else { return Exit::Clean };
    let missed: Vec<&str> = report
        .views
        .iter()
        .filter(|v| v.assessment.level < level || !v.assessment.gates_missed.is_empty())
        .map(|v| v.assessment.subject.partner.as_str())
        .collect();
    if missed.is_empty() {
        return Exit::Clean;
    }
    say(&format!("level {level} or a gate is missed by {}\nexit 5: {}", missed.join(", "), Exit::Missed.meaning()));
    Exit::Missed
}

/// The report of one run, beside its check.
pub fn quick(record: &Record, today: Date, audience: &str, path: &Path) -> Result<(), Failure> {
    let set = criteria_set(None, &Materials::default())?;
    let input = ReportInput {
        records: vec![record.clone()],
        set,
        attestations: Attestations::default(),
        previous: None,
        audience: Audience::parse(audience).unwrap_or_default(),
        version: env!("CARGO_PKG_VERSION").to_owned(),
        today,
        disclosure: false,
        smallest: ReportInput::SMALLEST,
        materials: Vec::new(),
        names: BTreeMap::new(),
        decided: None,
    };
    let report = Report::new(input).map_err(|e| Failure::usage(e.to_string()))?;
    let mut bytes = Vec::new();
    render(&report, ReportFormat::Html, &mut bytes).map_err(|e| Failure::io("report", &e))?;
    if let Some(folder) = path.parent().filter(|f| !f.as_os_str().is_empty()) {
        std::fs::create_dir_all(folder).map_err(|e| Failure::io(&folder.display().to_string(), &e))?;
    }
    output::write(path, &bytes).map_err(|e| Failure::io(&path.display().to_string(), &e))
}

/// `hallmark merge RECORD... -o FILE`
pub fn merge(args: &Merge) -> Result<Exit, Failure> {
    let mut paths = Paths::default();
    args.records.iter().for_each(|path| paths.reads(path));
    paths.writes(&args.output)?;
    let spill = super::check::spill();
    let records = args.records.iter().map(|p| Ok(record(p, &spill)?.0)).collect::<Result<Vec<_>, Failure>>()?;
    let whole = merge_records(records).map_err(|e| Failure::usage(e.to_string()))?;
    write_record(&whole, &args.output).map_err(|e| Failure::io(&args.output.display().to_string(), &e))?;
    super::wrote([args.output.as_path()]);
    Ok(Exit::Clean)
}

/// `hallmark criteria check|explain`
pub fn criteria(args: &Criteria) -> Result<Exit, Failure> {
    match &args.command {
        CriteriaCommand::Check { file } => {
            let set = criteria_set(Some(file), &Materials::default())?;
            print(&format!("{}: {} criteria, no faults\n", file.display(), set.criteria.len()))
        }
        CriteriaCommand::Explain { criterion, criteria } => {
            let set = criteria_set(criteria.as_deref(), &Materials::default())?;
            let mut out = String::new();
            match criterion {
                None => out = explain_set(&set),
                Some(id) => {
                    for c in set.criteria.iter().filter(|c| id.eq_ignore_ascii_case(&c.id)) {
                        out.push_str(&explain_criterion(&set, c));
                    }
                }
            }
            if out.is_empty() {
                let ids = set.criteria.iter().map(|c| c.id.as_str());
                let word = criterion.clone().unwrap_or_default();
                let near =
                    crate::schema::nearest(&word, ids).map(|n| format!("; did you mean {n}?")).unwrap_or_default();
                return Err(Failure::usage(format!("no criterion is called {word}{near}")));
            }
            print(&out)
        }
    }
}
