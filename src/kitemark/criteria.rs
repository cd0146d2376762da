//! Criteria sets: read from TOML, checked by schema and sense, none of them wired into code.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::OnceLock;

use serde::Deserialize;

use super::evidence::sha256;
use super::metric::Metric;
use super::outlook::{Indicator, IndicatorEntry, Milestone, MilestoneEntry};
use crate::schema::{Checked, Fault, Faults, Schema, Syntax, nearest};

/// The schema of a criteria set.
pub static SCHEMA: Schema = Schema::new(include_str!("../../schemas/criteria.schema.json"));

/// Criteria sets that ship: name and text. The first is the one used when none is given.
pub static EMBEDDED: [(&str, &str); 3] = [
    ("stp-2019", include_str!("../../schemas/criteria/stp-2019.toml")),
    ("minimum-exchange", include_str!("../../schemas/criteria/minimum-exchange.toml")),
    ("england-2026", include_str!("../../schemas/criteria/england-2026.toml")),
];

/// What shows a criterion.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum EvidenceKind {
    /// Messages.
    Feed,
    /// A CapabilityStatement or SMART configuration.
    Capability,
    /// A scan of the endpoint by another tool.
    Tls,
    /// A dated document.
    Document,
    /// A statement by a named role.
    Attestation,
}

impl EvidenceKind {
    /// Its word.
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Feed => "feed",
            Self::Capability => "capability",
            Self::Tls => "tls",
            Self::Document => "document",
            Self::Attestation => "attestation",
        }
    }

    /// Whether a machine saw it: a feed, a configuration, a scan.
    pub const fn is_measured(self) -> bool {
        matches!(self, Self::Feed | Self::Capability | Self::Tls)
    }
}

/// A result file of another tool that answers a criterion by itself.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ResultKind {
    /// A scan of an endpoint: `none`, `tls-1.2`, `tls-1.2-mutual`, `tls-1.3-mutual`.
    TlsScan,
    /// A SMART configuration: `absent`, `present`.
    SmartConfiguration,
    /// A list of requirements that a supplier answers: `none`, `started`.
    RequirementList,
    /// A bill of materials in CycloneDX, read for presence and date: `sbom`.
    Sbom,
    /// A description of an interface in OpenAPI, read for presence: `described`.
    ApiDescription,
}

/// A criteria set that makes sense.
#[derive(Clone, Debug)]
pub struct CriteriaSet {
    /// Kebab-case id.
    pub id: String,
    /// Semantic version.
    pub version: String,
    /// Title.
    pub title: String,
    /// What it is for.
    pub about: String,
    /// `sha256:...` of its text.
    pub digest: String,
    /// Names of the levels, the lowest first.
    pub levels: Vec<String>,
    /// Level at which a criterion counts as met, from 1.
    pub required: u8,
    /// Whether lower bounds are compared instead of shares.
    pub wilson: bool,
    /// Names of the time and names of today.
    pub names: BTreeMap<String, String>,
    /// Rows in order.
    pub rows: Vec<Row>,
    /// Criteria in order.
    pub criteria: Vec<Criterion>,
    /// What in a feed supports a statement or speaks against it.
    pub indicators: Vec<Indicator>,
    /// Days by which the source asks for something, the earliest first.
    pub milestones: Vec<Milestone>,
}

/// A row: criteria that belong together.
#[derive(Clone, Debug)]
pub struct Row {
    /// Kebab-case id.
    pub id: String,
    /// Title.
    pub title: String,
    /// Where the source asks for it.
    pub clause: String,
    /// People score it for a proposal; it does not enter the level of a feed.
    pub apart: bool,
}

/// One criterion.
#[derive(Clone, Debug)]
pub struct Criterion {
    /// `NAT-1`.
    pub id: String,
    /// Id of its row.
    pub row: String,
    /// Title.
    pub title: String,
    /// What is asked, in plain English.
    pub asks: String,
    /// Where the source asks for it.
    pub clause: String,
    /// What shows it.
    pub evidence: Vec<EvidenceKind>,
    /// Must be met whatever the level.
    pub gate: bool,
    /// Shown, not counted.
    pub shadow: bool,
    /// A share for each level, or none.
    pub metrics: Vec<Metric>,
    /// The expressions as written, for each level.
    pub expressions: Vec<String>,
    /// Less is better.
    pub down: bool,
    /// Shares in 0 to 1, one for each level.
    pub thresholds: Vec<f64>,
    /// Smallest denominator that is judged, where the set says one.
    pub minimum: Option<u64>,
    /// Values of a statement that reach each level; an empty list asks for none.
    pub accepts: Vec<Vec<String>>,
    /// The result file of another tool that is read as a statement.
    pub result: Option<ResultKind>,
    /// Criteria whose lowest level this one takes.
    pub derived: Vec<String>,
    /// Months after which a statement lapses if it names no day.
    pub validity: Option<u32>,
    /// Weight among gaps.
    pub weight: u32,
    /// Who usually closes the gap.
    pub owner: String,
    /// What to do.
    pub remedy: String,
}

impl Criterion {
    /// Whether a level asks something of the feed.
    pub fn asks_share(&self, level: usize) -> bool {
        let Some(threshold) = self.thresholds.get(level) else { return false };
        if self.down { *threshold < 1.0 } else { *threshold > 0.0 }
    }

    /// Whether a level asks for a statement.
    pub fn asks_statement(&self, level: usize) -> bool {
        self.accepts.get(level).is_some_and(|values| !values.is_empty())
    }
}

#[derive(Deserialize)]
struct File {
    set: SetHead,
    row: Vec<RowEntry>,
    criterion: Vec<Entry>,
    #[serde(default)]
    indicator: Vec<IndicatorEntry>,
    #[serde(default)]
    milestone: Vec<MilestoneEntry>,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct SetHead {
    id: String,
    version: String,
    title: String,
    #[serde(default)]
    about: String,
    levels: Vec<String>,
    required_level: u8,
    #[serde(default)]
    interval: Option<String>,
    #[serde(default)]
    apart: Vec<String>,
    #[serde(default)]
    names: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct RowEntry {
    id: String,
    title: String,
    #[serde(default)]
    clause: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "kebab-case")]
struct Entry {
    id: String,
    row: String,
    title: String,
    asks: String,
    clause: Option<String>,
    evidence: Vec<EvidenceKind>,
    #[serde(default)]
    gate: bool,
    stage: Option<String>,
    metric: Option<crate::settings::Words>,
    direction: Option<String>,
    #[serde(default)]
    thresholds: Vec<f64>,
    minimum: Option<u64>,
    #[serde(default)]
    accepts: Vec<Vec<String>>,
    result: Option<ResultKind>,
    #[serde(default)]
    derived_from: Vec<String>,
    validity_months: Option<u32>,
    weight: Option<u32>,
    owner: Option<String>,
    remedy: String,
}

fn digest(text: &str) -> String {
    format!("sha256:{}", sha256(text.as_bytes()))
}

impl CriteriaSet {
    /// A set that ships.
    ///
    /// # Errors
    /// An unknown name, or (never in a release: a test reads each) a set that makes no sense.
    pub fn embedded(name: &str) -> Result<Self, Faults> {
        match EMBEDDED.iter().find(|(n, _)| *n == name) {
            Some((name, text)) => Self::read(&format!("{name}.toml"), text),
            None => {
                let names = EMBEDDED.iter().map(|(n, _)| *n);
                let remedy = format!("These ship: {}", names.collect::<Vec<_>>().join(", "));
                let says = format!("no criteria set `{name}` ships");
                Err(Fault::new("command line", name, 0..name.len(), says, remedy).into())
            }
        }
    }

    /// The set that is used when none is named.
    pub const DEFAULT: &str = "stp-2019";

    /// The digest of a set that ships, without reading it.
    pub fn embedded_digest(name: &str) -> Option<String> {
        EMBEDDED.iter().find(|(n, _)| *n == name).map(|(_, text)| digest(text))
    }

    /// The set that ships and has a criterion of this id.
    pub fn that_asks(criterion: &str) -> Option<&'static str> {
        static IDS: OnceLock<Vec<(&str, Vec<String>)>> = OnceLock::new();
        let ids = IDS.get_or_init(|| {
            let read = |(name, _): &(&'static str, &str)| {
                let set = Self::embedded(name).ok()?;
                Some((*name, set.criteria.into_iter().map(|c| c.id).collect()))
            };
            EMBEDDED.iter().filter_map(read).collect()
        });
        ids.iter().find(|(_, ids)| ids.iter().any(|id| id == criterion)).map(|(name, _)| *name)
    }

    /// Reads a set.
    ///
    /// # Errors
    /// What is not well formed, breaks the schema or makes no sense, with its place.
    pub fn read(name: &str, text: &str) -> Result<Self, Faults> {
        let checked = Checked::read(name, text, Syntax::Toml, &SCHEMA)?;
        let file: File = checked.to()?;
        let mut faults = Vec::new();
        let levels = file.set.levels.len();
        if usize::from(file.set.required_level) > levels {
            faults.push(checked.fault(
                "/set/required-level",
                "there is no such level",
                format!("Choose 1 to {levels}"),
            ));
        }
        let rows: Vec<Row> = file
            .row
            .into_iter()
            .map(|r| Row { apart: file.set.apart.contains(&r.id), id: r.id, title: r.title, clause: r.clause })
            .collect();
        let row_ids: BTreeSet<&str> = rows.iter().map(|r| r.id.as_str()).collect();
        let ids: Vec<String> = file.criterion.iter().map(|c| c.id.clone()).collect();
        let mut criteria = Vec::new();
        for (i, entry) in file.criterion.into_iter().enumerate() {
            let mut place = Place { file: &checked, at: format!("/criterion/{i}"), faults: &mut faults };
            if ids[..i].contains(&entry.id) {
                place.fault("id", "this id stands here twice", "Choose another");
            }
            if !row_ids.contains(entry.row.as_str()) {
                let near = nearest(&entry.row, row_ids.iter().copied());
                let remedy = near.map_or("Add the row".to_string(), |n| format!("Did you mean `{n}`?"));
                place.fault("row", "there is no such row", &remedy);
            }
            criteria.push(criterion(entry, levels, &rows, &ids, &mut place));
        }
        let mut wrong = Vec::new();
        let accepts = |id: &str| {
            let known = criteria.iter().find(|c: &&Criterion| c.id == id)?;
            Some(known.accepts.first().cloned().unwrap_or_default())
        };
        let mut indicators = Vec::new();
        for (i, entry) in file.indicator.into_iter().enumerate() {
            indicators.extend(entry.made(&accepts, &mut wrong));
            let at = |(key, says, remedy)| checked.fault(&format!("/indicator/{i}/{key}"), says, remedy);
            faults.extend(wrong.drain(..).map(at));
        }
        let named = |word: &str| {
            let row = word.strip_prefix("row:");
            let one = |c: &&Criterion| row.map_or(c.id == word, |row| c.row == row);
            criteria.iter().filter(one).map(|c| c.id.clone()).collect()
        };
        let mut milestones = Vec::new();
        for (i, entry) in file.milestone.into_iter().enumerate() {
            milestones.extend(entry.made(file.set.required_level, levels, &named, &mut wrong));
            let at = |(key, says, remedy)| checked.fault(&format!("/milestone/{i}/{key}"), says, remedy);
            faults.extend(wrong.drain(..).map(at));
        }
        milestones.sort_by(|a, b| (a.due, &a.id).cmp(&(b.due, &b.id)));
        if !faults.is_empty() {
            return Err(Faults(faults));
        }
        Ok(Self {
            id: file.set.id,
            version: file.set.version,
            title: file.set.title,
            about: file.set.about,
            digest: digest(text),
            levels: file.set.levels,
            required: file.set.required_level,
            wilson: file.set.interval.as_deref() != Some("none"),
            names: file.set.names,
            rows,
            criteria,
            indicators,
            milestones,
        })
    }

    /// A criterion by id.
    pub fn criterion(&self, id: &str) -> Option<&Criterion> {
        self.criteria.iter().find(|c| c.id == id)
    }

    /// Requirement sets that metrics name, in order and once each.
    pub fn requirement_sets(&self) -> Vec<&str> {
        let mut out: Vec<&str> = Vec::new();
        for name in self.criteria.iter().flat_map(|c| &c.metrics).flat_map(Metric::requirement_sets) {
            if !out.contains(&name) {
                out.push(name);
            }
        }
        out
    }

    /// Name of a level; 0 is below the lowest.
    pub fn level_name(&self, level: u8) -> &str {
        match usize::from(level).checked_sub(1) {
            Some(at) => self.levels.get(at).map_or("", String::as_str),
            None => "below the lowest level",
        }
    }
}

struct Place<'f> {
    file: &'f Checked,
    at: String,
    faults: &'f mut Vec<Fault>,
}

impl Place<'_> {
    fn fault(&mut self, key: &str, says: &str, remedy: &str) {
        self.faults.push(self.file.fault(&format!("{}/{key}", self.at), says, remedy));
    }
}

fn criterion(entry: Entry, levels: usize, rows: &[Row], ids: &[String], place: &mut Place<'_>) -> Criterion {
    let mut expressions: Vec<String> = entry.metric.iter().flat_map(|w| w.iter()).map(String::from).collect();
    let mut metrics = Vec::new();
    for (i, text) in expressions.iter().enumerate() {
        match Metric::parse(text) {
            Ok(metric) => metrics.push(metric),
            Err(says) => {
                let key = if expressions.len() > 1 { format!("metric/{i}") } else { "metric".into() };
                place.fault(&key, &says, "See `hallmark criteria explain`");
            }
        }
    }
    if metrics.len() == 1 {
        metrics = vec![metrics[0].clone(); levels];
        expressions = vec![expressions[0].clone(); levels];
    }
    let each = format!("Write one for each of the {levels} levels");
    if !metrics.is_empty() && expressions.len() != levels {
        place.fault("metric", "there are more or fewer metrics than levels", &each);
    }
    if entry.thresholds.len() != if expressions.is_empty() { 0 } else { levels } {
        place.fault("thresholds", "thresholds do not go with the metric and the levels", &each);
    }
    if !entry.accepts.is_empty() && entry.accepts.len() != levels {
        place.fault("accepts", "there are more or fewer lists than levels", &each);
    }
    let lost = |w: &[Vec<String>]| !w[0].is_empty() && w[1].iter().any(|v| !w[0].contains(v));
    if entry.accepts.windows(2).any(lost) {
        place.fault("accepts", "a higher level takes what a lower one does not", "Levels are cumulative");
    }
    let ways = [!expressions.is_empty(), !entry.accepts.is_empty(), !entry.derived_from.is_empty()];
    if !ways.contains(&true) {
        place.fault("id", "nothing shows this criterion", "Add `metric`, `accepts` or `derived-from`");
    }
    for (i, from) in entry.derived_from.iter().enumerate() {
        let known = match from.strip_prefix("row:") {
            Some(row) => row != entry.row && rows.iter().any(|r| r.id == row),
            None => *from != entry.id && ids.contains(from),
        };
        if !known {
            place.fault(
                &format!("derived-from/{i}"),
                "there is no such criterion or row",
                "Name one that is in this set",
            );
        }
    }
    let down = entry.direction.as_deref() == Some("down");
    let rising = entry.thresholds.windows(2).all(|w| if down { w[0] >= w[1] } else { w[0] <= w[1] });
    let same = expressions.windows(2).all(|w| w[0] == w[1]);
    if same && !rising {
        place.fault("thresholds", "a higher level asks for less than a lower one", "Levels are cumulative");
    }
    let clause = rows.iter().find(|r| r.id == entry.row).map(|r| r.clause.clone()).unwrap_or_default();
    Criterion {
        id: entry.id,
        row: entry.row,
        title: entry.title,
        asks: entry.asks,
        clause: entry.clause.unwrap_or(clause),
        evidence: entry.evidence,
        gate: entry.gate,
        shadow: entry.stage.as_deref() == Some("shadow"),
        metrics,
        expressions,
        down,
        thresholds: entry.thresholds.iter().map(|t| t / 100.0).collect(),
        minimum: entry.minimum,
        accepts: entry.accepts,
        result: entry.result,
        derived: entry.derived_from,
        validity: entry.validity_months,
        weight: entry.weight.unwrap_or(1),
        owner: entry.owner.unwrap_or_else(|| "supplier".into()),
        remedy: entry.remedy,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sets_that_ship_make_sense() {
        for (name, _) in EMBEDDED {
            let set = CriteriaSet::embedded(name).unwrap_or_else(|faults| panic!("{faults}"));
            assert_eq!(set.id, name);
        }
        assert!(CriteriaSet::embedded("stp").is_err());
    }

    #[test]
    fn the_strategy_set_holds_what_the_strategy_asks() {
        let set = CriteriaSet::embedded("stp-2019").unwrap();
        let (apart, counted): (Vec<&Criterion>, Vec<&Criterion>) =
            set.criteria.iter().partition(|c| c.row == "investment");
        assert_eq!((counted.len(), apart.len()), (44, 9));
        let machine = counted.iter().filter(|c| c.evidence.iter().any(|e| e.is_measured())).count();
        assert_eq!((machine, counted.len() - machine), (26, 18));
        assert_eq!(counted.iter().filter(|c| c.gate).count(), 7);
    }

    #[test]
    fn nonsense_is_named_with_its_place() {
        let good = EMBEDDED[1].1;
        for (from, to, says) in [
            ("thresholds = [50, 98]", "thresholds = [98, 50]", "asks for less"),
            ("thresholds = [50, 98]", "thresholds = [50]", "do not go with"),
            ("ratio(messages-clean, messages)", "ratio(messages-clene, messages)", "did you mean `messages-clean`?"),
            ("id = \"MSG-2\"", "id = \"MSG-1\"", "twice"),
            ("row = \"people\"", "row = \"peple\"", "Did you mean `people`?"),
            ("required-level = 2", "required-level = 3", "no such level"),
            ("accepts = [[\"named\", \"on-call\"], [\"on-call\"]]", "", "nothing shows"),
            ("[[\"named\", \"on-call\"]", "[[\"named\"]", "takes what a lower one does not"),
            ("stage = \"shadow\"", "stage = \"shade\"", "Did you mean `shadow`?"),
            ("gate = true", "derived-from = [\"MSG-9\"]", "no such criterion"),
        ] {
            let text = good.replacen(from, to, 1);
            assert_ne!(text, good, "{from}");
            let faults = CriteriaSet::read("c.toml", &text).unwrap_err().to_string();
            assert!(faults.contains(says) && faults.contains("c.toml:"), "{from}: {faults}");
        }
    }
}
