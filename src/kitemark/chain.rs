//! The chain from a determination to the last file it rests on, walked link by link, offline.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{self, BufReader, Read};

use serde_json::Value;
use sha2::{Digest, Sha256};

use super::determination::{canonical, day, lacking, made_with, read};
use super::evidence::sha256;
use super::signature::Signed;
use crate::record::{Record, Spill};
use crate::schema::{Checked, Fault, Faults, Schema, Syntax};
use crate::settings::Date;

/// What is asked of a report here; that it was made by hallmark, its digest tells.
static REPORT: Schema = Schema::new(
    r#"{"type": "object", "required": ["type", "id", "day", "criteriaSet", "scope", "subjects", "materials"],
        "properties": {"type": {"const": "hallmark-report"}, "subjects": {"type": "array"}, "materials": {"type": "array"}}}"#,
);

/// Where the files of a chain are.
pub trait Shelf {
    /// Opens a file that is named relative to the determination.
    ///
    /// # Errors
    /// That it is not there or no regular file, as the system says.
    fn open(&self, file: &str) -> io::Result<Box<dyn Read + '_>>;
}

/// What a walk found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What holds, one sentence each.
    pub holds: Vec<String>,
    /// What is open without being wrong: what nobody signed.
    pub notes: Vec<String>,
    /// What does not hold, one sentence each.
    pub faults: Vec<String>,
}

impl Verdict {
    /// Whether all holds.
    pub fn is_good(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Signs a determination with a 32-byte Ed25519 seed; gives the text of the signature file. Nothing is signed unless every
/// link of the chain holds on this day, and every decision says what it must.
///
/// # Errors
/// What breaks the schema, what a decision lacks, and every link that does not hold.
pub fn sign(
    determination: (&str, &str),
    seed: &[u8; 32],
    today: Date,
    shelf: &dyn Shelf,
    spill: Option<&Spill>,
) -> Result<String, Faults> {
    let checked = read(determination.0, determination.1)?;
    let mut faults: Vec<Fault> =
        lacking(&checked.value, today).into_iter().map(|(at, says, remedy)| checked.fault(&at, says, remedy)).collect();
    let mut walk = Walk::new(today, shelf, spill);
    walk.chain(&checked.value);
    walk.days(&checked.value);
    let remedy = "Put it right, or write the determination again from a report of today";
    faults.extend(walk.verdict.faults.into_iter().map(|says| checked.fault("/evidence", says, remedy)));
    match faults.is_empty() {
        true => Ok(Signed::Determination(&canonical(&checked.value)).sign(seed)),
        false => Err(Faults(faults)),
    }
}

/// Walks the whole chain: decisions, days, the report and every file that it is made of, signatures of records, and the
/// signature of the determination. `key` is the public key in hex that it must be signed with; without one the signature
/// proves only that nobody changed the file since somebody signed it, which is a fault.
///
/// # Errors
/// Files that are not well formed or break their schema.
pub fn verify(
    determination: (&str, &str),
    signature: Option<(&str, &str)>,
    key: Option<&str>,
    today: Date,
    shelf: &dyn Shelf,
    spill: Option<&Spill>,
) -> Result<Verdict, Faults> {
    let checked = read(determination.0, determination.1)?;
    let mut walk = Walk::new(today, shelf, spill);
    walk.verdict.faults.extend(lacking(&checked.value, today).into_iter().map(|(_, says, _)| says));
    walk.chain(&checked.value);
    walk.days(&checked.value);
    match signature {
        None => walk.verdict.faults.push("there is no signature".into()),
        Some((name, text)) => {
            let canonical = canonical(&checked.value);
            match (Signed::Determination(&canonical).check(name, text)?, key) {
                (Err(says), _) => walk.verdict.faults.push(says),
                (Ok(own), Some(known)) if known.trim().eq_ignore_ascii_case(&own) => {
                    walk.verdict.holds.push("it is signed with the key that was named".into());
                }
                (Ok(own), Some(_)) => walk.verdict.faults.push(format!("it is signed with another key, {own}")),
                (Ok(own), None) => walk.verdict.faults.push(format!(
                    "it is signed with key {own}, and nobody said whose that is: name the key of the signatories with --public-key"
                )),
            }
        }
    }
    Ok(walk.verdict)
}

/// A record by itself: that it has its digest and does not contradict itself, and whose signature stands beside it.
/// Gives the digest of the file and the key.
///
/// # Errors
/// Outside, what the reader says; inside, one sentence.
pub fn record(
    name: &str,
    content: impl Read,
    signature: Option<(&str, &str)>,
    spill: Option<&Spill>,
) -> io::Result<Result<(Record, String, Option<String>), String>> {
    let mut content = Hashing { inner: content, digest: Sha256::new() };
    let read = Record::read_from(name, BufReader::with_capacity(1 << 16, &mut content), spill)?;
    io::copy(&mut content, &mut io::sink())?;
    let digest = hex::encode(content.digest.finalize());
    let record = match read {
        Ok(record) => record,
        Err(faults) => return Ok(Err(faults.to_string())),
    };
    let Some((name, text)) = signature else { return Ok(Ok((record, digest, None))) };
    Ok(match Signed::Record(&digest).check(name, text) {
        Ok(Ok(key)) => Ok((record, digest, Some(key))),
        Ok(Err(says)) => Err(format!("{name}: {says}")),
        Err(faults) => Err(faults.to_string()),
    })
}

/// SHA-256 of all that a reader gives, in hex.
///
/// # Errors
/// What the reader says.
pub fn digest_of(content: impl Read) -> io::Result<String> {
    let mut content = Hashing { inner: content, digest: Sha256::new() };
    io::copy(&mut content, &mut io::sink())?;
    Ok(hex::encode(content.digest.finalize()))
}

struct Hashing<R> {
    inner: R,
    digest: Sha256,
}

impl<R: Read> Read for Hashing<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let n = self.inner.read(buffer)?;
        self.digest.update(&buffer[..n]);
        Ok(n)
    }
}

struct Walk<'w> {
    today: Date,
    shelf: &'w dyn Shelf,
    spill: Option<&'w Spill>,
    verdict: Verdict,
}

impl<'w> Walk<'w> {
    fn new(today: Date, shelf: &'w dyn Shelf, spill: Option<&'w Spill>) -> Self {
        Self { today, shelf, spill, verdict: Verdict::default() }
    }

    fn fault(&mut self, says: impl Into<String>) {
        self.verdict.faults.push(says.into());
    }

    /// Every piece, and the report against the determination and the pieces.
    fn chain(&mut self, value: &Value) {
        let mut named: BTreeSet<&str> = BTreeSet::new();
        let mut held: BTreeSet<&str> = BTreeSet::new();
        let mut runs: BTreeMap<String, String> = BTreeMap::new();
        let mut reports = Vec::new();
        let pieces: Vec<&Value> = value["evidence"].as_array().into_iter().flatten().collect();
        let (mut records, mut unsigned) = (0, Vec::new());
        for piece in &pieces {
            let text = |key: &str| piece[key].as_str().unwrap_or_default();
            let (file, kind, digest) = (text("file"), text("kind"), text("sha256"));
            held.insert(digest);
            if !named.insert(file) {
                self.fault(format!("{file} is listed twice"));
                continue;
            }
            if !is_beside(file) {
                self.fault(format!("{file} is not a path that starts at the determination, so it is not opened"));
                continue;
            }
            if kind == "record" {
                records += 1;
                if piece["signedBy"].is_null() {
                    unsigned.push(file);
                }
                self.record(piece, &mut runs);
                continue;
            }
            let mut bytes = Vec::new();
            match self.shelf.open(file).and_then(|mut content| content.read_to_end(&mut bytes)) {
                Err(error) => self.fault(format!("{file} cannot be read: {error}")),
                Ok(_) if sha256(&bytes) != digest => {
                    self.fault(format!("{file} was changed after the decision: its digest differs"));
                }
                Ok(_) => {
                    self.verdict.holds.push(format!("{file} is as it was"));
                    if kind == "report" {
                        reports.push((file, bytes));
                    }
                }
            }
            self.lapsed(piece, file);
        }
        if !unsigned.is_empty() {
            let list = unsigned.join(", ");
            let says = format!("{} of {records} records are not signed by their partner: {list}", unsigned.len());
            self.verdict.notes.push(says);
        }
        let listed = pieces.iter().filter(|p| p["kind"] == "report").count();
        match (reports.as_slice(), listed) {
            ([(file, bytes)], 1) => {
                let text = String::from_utf8_lossy(bytes);
                match Checked::read(file, &text, Syntax::Json, &REPORT) {
                    Ok(report) => self.report(value, &report.value, &held, &pieces),
                    Err(faults) => self.fault(format!("{file} is not a report of hallmark in JSON: {faults}")),
                }
            }
            (_, 1) => {}
            (_, n) => self.fault(format!("a determination rests on one report, and {n} are listed")),
        }
    }

    fn lapsed(&mut self, piece: &Value, file: &str) {
        if let Some(last) = day(&piece["validUntil"])
            && last < self.today
        {
            self.fault(format!("{file} lapsed on {last}"));
        }
    }

    /// A record: its digest in the determination, its own, its signature, and that its runs stand nowhere else.
    fn record(&mut self, piece: &Value, runs: &mut BTreeMap<String, String>) {
        let text = |key: &str| piece[key].as_str().unwrap_or_default();
        let (file, asked) = (text("file"), piece["signedBy"].as_str());
        let beside = format!("{file}.sig");
        let mut signature = String::new();
        if asked.is_some()
            && let Err(error) = self.shelf.open(&beside).and_then(|mut s| s.read_to_string(&mut signature))
        {
            self.fault(format!("{beside}, the signature of a record, cannot be read: {error}"));
        }
        let signed = (!signature.is_empty()).then_some((beside.as_str(), signature.as_str()));
        let read = self.shelf.open(file).and_then(|content| record(file, content, signed, self.spill));
        match read {
            Err(error) => self.fault(format!("{file} cannot be read: {error}")),
            Ok(Err(says)) => self.fault(format!("{file} was changed after the decision: {says}")),
            Ok(Ok((_, digest, _))) if digest != text("sha256") => {
                self.fault(format!("{file} was changed after the decision: its digest differs"));
            }
            Ok(Ok((record, _, key))) => {
                if let (Some(asked), Some(key)) = (asked, &key)
                    && asked != key
                {
                    self.fault(format!("{file} is signed with another key than the report saw, {key}"));
                }
                let shards: Vec<String> = record.parts.values().flat_map(|p| p.shards.iter().cloned()).collect();
                let twice = shards.iter().find_map(|shard| runs.get(shard));
                match twice.cloned() {
                    Some(other) => self.fault(format!("{file} holds a run that {other} holds too")),
                    None => self.verdict.holds.push(format!("{file} is as it was")),
                }
                runs.extend(shards.into_iter().map(|shard| (shard, file.to_owned())));
            }
        }
        self.lapsed(piece, file);
    }

    /// The report against the determination: level by level, gate by gate, file by file.
    fn report(&mut self, value: &Value, report: &Value, held: &BTreeSet<&str>, pieces: &[&Value]) {
        let before = self.verdict.faults.len();
        if report["id"] != value["report"] {
            self.fault(format!("it was written for report {}, and {} is here", value["report"], report["id"]));
            return;
        }
        if report["day"] != value["day"] {
            self.fault("it names another day than its report");
        }
        for key in ["id", "version", "digest", "requiredLevel"] {
            if report["criteriaSet"][key] != value["criteriaSet"][key] {
                self.fault(format!("its criteria set is not that of its report: {key} differs"));
            }
        }
        let (rules, packs) = made_with(report);
        if rules != value["rules"] || packs != value["packs"] {
            self.fault("its rules or packages are not those of its report");
        }
        let keys = ["partner", "product", "interface", "environment"];
        let key = |row: &Value| keys.map(|k| row[k].as_str().unwrap_or_default().to_owned());
        let by_key = |list: &Value| -> Vec<([String; 4], Value)> {
            list.as_array().into_iter().flatten().map(|row| (key(row), row.clone())).collect()
        };
        let (subjects, mut decisions) = (by_key(&report["subjects"]), by_key(&value["decisions"]));
        for (who, subject) in &subjects {
            let name = who.join(" ");
            let Some(at) = decisions.iter().position(|(other, _)| other == who) else {
                self.fault(format!("nothing is decided for {name}, whom the report is about"));
                continue;
            };
            let (_, decision) = decisions.remove(at);
            if decision["level"] != subject["level"] {
                let (one, other) = (&decision["level"], &subject["level"]);
                self.fault(format!("it says level {one} of {name}, and its report says {other}"));
            }
            if decision["gatesMissed"] != subject["gatesMissed"] {
                self.fault(format!("it names other missed gates of {name} than its report"));
            }
        }
        for (who, _) in decisions {
            self.fault(format!("{} is decided twice, or is not in the report", who.join(" ")));
        }
        for material in report["materials"].as_array().into_iter().flatten() {
            let text = |key: &str| material[key].as_str().unwrap_or_default();
            let (file, digest) = (text("file"), text("sha256"));
            if !held.contains(digest) {
                self.fault(format!("{file}, which the report is made of, is not among its evidence"));
                continue;
            }
            let own = |p: &&&Value| p["sha256"] == material["sha256"];
            if !pieces
                .iter()
                .filter(own)
                .any(|p| p["signedBy"] == material["signedBy"] && p["kind"] == material["kind"])
            {
                self.fault(format!("{file} has another kind or signature here than in the report"));
            }
        }
        if self.verdict.faults.len() == before {
            self.verdict.holds.push("levels, gates, criteria, rules and packages are those of its report".into());
        }
    }

    fn days(&mut self, value: &Value) {
        if let Some(made) = day(&value["day"])
            && made > self.today
        {
            self.fault(format!("its report is of {made}, a day that is still to come"));
        }
        match day(&value["validUntil"]) {
            Some(last) if last < self.today => self.fault(format!("the decision lapsed on {last}")),
            Some(last) => self.verdict.holds.push(format!("the decision holds until {last}")),
            None => {}
        }
        for decision in value["decisions"].as_array().into_iter().flatten() {
            for condition in decision["conditions"].as_array().into_iter().flatten() {
                if let Some(due) = day(&condition["due"])
                    && due < self.today
                {
                    let text = |key: &str| condition[key].as_str().unwrap_or_default();
                    let who = decision["partner"].as_str().unwrap_or_default();
                    self.fault(format!("a condition for {who} was due on {due}: {} ({})", text("text"), text("owner")));
                }
            }
        }
    }
}

/// A path from the determination: nothing absolute, and no device.
fn is_beside(file: &str) -> bool {
    !file.starts_with(['/', '\\']) && !file.contains([':', '\0'])
}
