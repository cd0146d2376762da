//! A run: sources in, findings out in order, whatever the number of workers.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::check::Check;
use super::order::Fingerprints;
use super::payload::{PayloadResult, Place, State, Workspace};
use super::pool::{self, Batch, Done, Piece};
use super::registry;
use crate::feed::{self, Payload, Unreadable};
use crate::finding::{Finding, Meta, Severity};
use crate::measure::Observed;
use crate::message::Clue;
use crate::settings::{Baseline, Severities, Waivers};
use crate::tally::{KeyRow, PackFacts, ProfileFacts, RunOutcome, Sighting, SourceFacts, sort_rows};
use crate::text::{Canonical, FileName};

/// Everything a run needs besides its paths.
#[derive(Debug)]
pub struct Run<'r> {
    /// What every payload is checked with.
    pub check: &'r Check,
    /// Workers; 1 works on the calling thread.
    pub jobs: usize,
    /// Data quality is observed: a record is wanted.
    pub observe: bool,
    /// Set from outside to end the run with what was done so far.
    pub interrupted: &'r AtomicBool,
    /// Findings already known.
    pub baseline: Option<&'r Baseline>,
}

/// What is told while a run goes on.
pub trait Observer {
    /// A finding, in output order.
    fn finding(&mut self, finding: &Finding);

    /// A payload is done: how many so far, and how many bytes of it there were.
    fn payload(&mut self, _done: u64, _bytes: u64) {}

    /// A source or part of it could not be read.
    fn unreadable(&mut self, what: &Unreadable);

    /// Pseudonyms, sorted and each once among these; they are not kept.
    fn keys(&mut self, _rows: &[KeyRow]) {}

    /// Where pseudonyms were seen, in no order; they are not kept.
    fn sightings(&mut self, _seen: &[Sighting]) {}

    /// Whether data quality is observed: a record is wanted.
    fn quality(&self) -> bool {
        false
    }

    /// A flag that ends the run with what was done so far when somebody sets it.
    fn stop(&self) -> Option<Arc<AtomicBool>> {
        None
    }
}

/// Runs over the sources behind `paths`. Findings go to `observer` one by one and are not kept.
pub fn run(run: &Run<'_>, paths: &[PathBuf], waivers: Waivers, observer: &mut dyn Observer) -> RunOutcome {
    let (sources, unreadable, passed_over) = feed::discover(paths, &run.check.file_names);
    let mut gathering = Gathering::new(waivers);
    gathering.outcome.summary.passed_over = passed_over;
    if sources.is_empty() && unreadable.is_empty() && !paths.is_empty() {
        let name =
            run.check.file_names.of(&paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", "));
        gathering.unreadable(&Unreadable { name, why: "no message is in it".to_owned() }, observer);
    }
    for what in &unreadable {
        gathering.unreadable(what, observer);
    }
    let mut feeder = pool::Feeder::new(sources, run.check, run.interrupted);
    pool::work(run, &mut feeder, &mut |done| gathering.take(done, run.baseline, observer));
    gathering.outcome.summary.interrupted = run.interrupted.load(Ordering::Relaxed);
    gathering.finish(run.check, run.baseline, observer)
}

/// Things not assessed that are told apart; further ones are counted together.
const NOT_ASSESSED: usize = 100_000;

/// What a run has come to so far; takes what becomes of payloads in order.
#[derive(Debug, Default)]
pub struct Gathering {
    waivers: Waivers,
    outcome: RunOutcome,
    /// Of the source that is open.
    fingerprints: Fingerprints,
    /// Place in `outcome.sources` of the source that is open.
    source: usize,
    not_assessed: BTreeMap<crate::finding::NotAssessed, u64>,
    profiles: BTreeMap<Arc<str>, (u64, u64)>,
    observed: Observed,
}

impl Gathering {
    /// Of a run that has not begun.
    pub fn new(waivers: Waivers) -> Self {
        Self { waivers, ..Self::default() }
    }

    fn unreadable(&mut self, what: &Unreadable, observer: &mut dyn Observer) {
        self.outcome.summary.sources += 1;
        self.not_read(what, observer);
    }

    /// What could not be read was given all the same: one payload at least, which is skipped.
    fn not_read(&mut self, what: &Unreadable, observer: &mut dyn Observer) {
        let summary = &mut self.outcome.summary;
        summary.unreadable += 1;
        summary.payloads.given += 1;
        summary.payloads.skipped += 1;
        observer.unreadable(what);
    }

    pub(super) fn take(&mut self, done: Done, baseline: Option<&Baseline>, observer: &mut dyn Observer) {
        match done {
            Done::Source { name } => _ = self.open(name),
            Done::Unreadable(what) => self.not_read(&what, observer),
            Done::Payload(result, bytes) => self.payload(*result, bytes, baseline, observer),
            Done::Keys(rows) => self.keys(rows, observer),
            Done::Sightings(seen) => observer.sightings(&seen),
            Done::Observed(more) => self.observed.add(*more),
        }
    }

    /// Of a part of a feed: waivers that matched nothing are not spoken of, and expired ones in the `first` part alone.
    pub fn of_a_part(&mut self, first: bool) {
        self.waivers.of_a_part(first);
    }

    /// Opens a source that is new, and says which one it is.
    pub fn open(&mut self, name: FileName) -> usize {
        self.fingerprints = Fingerprints::default();
        self.source = self.outcome.sources.len();
        self.outcome.summary.sources += 1;
        self.outcome.sources.push(SourceFacts { name, payloads: 0, release: String::new() });
        self.source
    }

    /// Opens a source again, with the fingerprints that [`Self::leave`] gave.
    pub fn reopen(&mut self, source: usize, fingerprints: Fingerprints) {
        (self.source, self.fingerprints) = (source, fingerprints);
    }

    /// Leaves the source that is open, to come back to it.
    pub fn leave(&mut self) -> Fingerprints {
        std::mem::take(&mut self.fingerprints)
    }

    /// Takes what one payload of the source that is open came to.
    pub fn payload(
        &mut self,
        result: PayloadResult,
        bytes: u64,
        baseline: Option<&Baseline>,
        observer: &mut dyn Observer,
    ) {
        let summary = &mut self.outcome.summary;
        summary.payloads.given += 1;
        match result.state {
            State::Read => summary.payloads.read += 1,
            State::Failed => summary.payloads.failed += 1,
            State::Skipped => summary.payloads.skipped += 1,
        }
        let given = summary.payloads.given;
        if let Some((release, clue)) = result.release {
            *summary.releases.entry(release.as_str().to_owned()).or_default() += 1;
            summary.release_assumed += u64::from(clue == Clue::Assumed);
        }
        for (ty, count) in result.resources {
            *summary.resources.entry(ty.to_owned()).or_default() += count;
        }
        summary.unclaimed += result.unclaimed;
        if let Some(source) = self.outcome.sources.get_mut(self.source) {
            source.payloads += 1;
            if source.release.is_empty()
                && let Some((release, _)) = result.release
            {
                release.as_str().clone_into(&mut source.release);
            }
        }
        for (mut what, count) in result.not_assessed {
            // Canonicals come from messages: a feed that makes one up in each must not fill the memory.
            if self.not_assessed.len() >= NOT_ASSESSED && !self.not_assessed.contains_key(&what) {
                what.canonical = Canonical::of_definition("(others)");
            }
            *self.not_assessed.entry(what).or_default() += count;
        }
        for (canonical, (resources, clean)) in result.profiles {
            let entry = self.profiles.entry(canonical).or_default();
            entry.0 += resources;
            entry.1 += clean;
        }
        let mut clean = result.state == State::Read;
        for finding in result.findings {
            clean &= finding.shadow || !finding.severity.reaches(Severity::Error);
            self.finding(finding, baseline, observer);
        }
        self.outcome.summary.clean += u64::from(clean);
        observer.payload(given, bytes);
    }

    fn finding(&mut self, mut finding: Finding, baseline: Option<&Baseline>, observer: &mut dyn Observer) {
        settle(&mut finding, &mut self.fingerprints, &mut self.waivers, baseline);
        let summary = &mut self.outcome.summary;
        if finding.shadow {
            summary.shadow += 1;
        } else if finding.waived.is_some() {
            summary.waived += 1;
        } else {
            *summary.severities.entry(finding.severity).or_default() += 1;
            if !finding.new {
                *summary.known.entry(finding.severity).or_default() += 1;
            }
        }
        observer.finding(&finding);
    }

    /// The end of the run.
    pub fn finish(mut self, check: &Check, baseline: Option<&Baseline>, observer: &mut dyn Observer) -> RunOutcome {
        self.hand_on_keys(observer);
        self.outcome.payload_sum = self.observed.payloads;
        (self.outcome.measures, self.outcome.tallies) = std::mem::take(&mut self.observed).finish();
        let next = self.outcome.sources.len();
        self.fingerprints = Fingerprints::default();
        for finding in self.waivers.findings(next) {
            self.finding(finding, baseline, observer);
        }
        let selected = |m: &&'static Meta| check.selection.selects(m) && check.severities.of(m).is_some();
        self.outcome.rules = registry::all().iter().copied().filter(selected).collect();
        let in_shadow = self.outcome.rules.iter().filter(|m| check.severities.in_shadow(m));
        self.outcome.shadow = in_shadow.map(|m| m.id).collect();
        self.outcome.rules_digest = rules_digest(&self.outcome.rules, &check.severities);
        self.outcome.not_assessed = self.not_assessed.into_iter().collect();
        self.outcome.profiles = self
            .profiles
            .into_iter()
            .map(|(canonical, (resources, clean))| ProfileFacts { canonical: canonical.to_string(), resources, clean })
            .collect();
        self.outcome.packs = packs(check);
        self.outcome
    }

    /// Takes what the payloads of a worker have shown of data quality so far.
    pub fn observe(&mut self, observed: &mut Observed, observer: &mut dyn Observer) {
        let rows = std::mem::take(&mut observed.rows);
        self.observed.add(std::mem::take(observed));
        self.keys(rows, observer);
    }

    /// Pseudonyms are handed on before they grow too many.
    fn keys(&mut self, rows: Vec<KeyRow>, observer: &mut dyn Observer) {
        self.observed.rows.extend(rows);
        if self.observed.rows.len() >= KEY_ROWS {
            self.hand_on_keys(observer);
        }
    }

    fn hand_on_keys(&mut self, observer: &mut dyn Observer) {
        let mut rows = std::mem::take(&mut self.observed.rows);
        if !rows.is_empty() {
            sort_rows(&mut rows);
            observer.keys(&rows);
        }
    }
}

/// Gives a finding its fingerprint, its waiver and whether it is new.
pub fn settle(
    finding: &mut Finding,
    fingerprints: &mut Fingerprints,
    waivers: &mut Waivers,
    baseline: Option<&Baseline>,
) {
    fingerprints.stamp(finding);
    waivers.apply(finding);
    if let Some(baseline) = baseline {
        finding.new = !baseline.holds(finding);
    }
}

/// Pseudonyms that are handed on at once.
const KEY_ROWS: usize = 65_536;

/// All packs of a catalogue, whichever of them the messages call for: records of two halves of a feed then merge.
/// What a terminology server answered is evidence beside them, with its digest and the day of the run.
pub fn packs(check: &Check) -> Vec<PackFacts> {
    let answers = check.sets.answers();
    let day = &check.asked.options.today;
    let answered = answers.digests().iter().map(|digest| PackFacts {
        name: "code-answers".to_owned(),
        version: day.clone(),
        source: format!("a terminology server's answers, {} in all", answers.count()),
        licence: "not stated".to_owned(),
        digest: format!("sha256:{digest}"),
        release: String::new(),
        embedded: false,
    });
    let held = check.plans.catalogue();
    held.packs()
        .into_iter()
        .map(|p| PackFacts {
            name: p.name,
            version: p.version,
            source: p.source,
            licence: p.licence,
            digest: format!("sha256:{}", p.digest.trim_start_matches("sha256:")),
            release: p.release.map(|r| r.as_str().to_owned()).unwrap_or_default(),
            embedded: p.embedded,
        })
        .chain(answered)
        .collect()
}

/// Digest over what the rules are and weigh, so that records of different rules are never pooled.
pub fn rules_digest(rules: &[&'static Meta], severities: &Severities) -> String {
    use sha2::Digest;
    let mut digest = sha2::Sha256::new();
    for meta in rules {
        let severity = severities.of(meta).map_or("off", Severity::as_str);
        for part in [meta.id, meta.name, severity, meta.requirement, meta.criterion] {
            digest.update(part.as_bytes());
            digest.update([0]);
        }
        if severities.in_shadow(meta) {
            digest.update(b"shadow\0");
        }
    }
    format!("sha256:{}", hex::encode(digest.finalize()))
}

/// Checks one payload; one that hallmark fails on must not hide those after it.
pub fn check_one(check: &Check, payload: &Payload, place: &Place<'_>, workspace: &mut Workspace) -> PayloadResult {
    let checked = catch_unwind(AssertUnwindSafe(|| super::payload::check(check, payload, place, workspace)));
    checked.unwrap_or_else(|_| super::payload::given_up(check, payload, place))
}

/// Checks one batch, item by item.
pub(super) fn check_batch(run: &Run<'_>, batch: Batch, workspace: &mut Workspace) -> Vec<Done> {
    let one = |piece: Piece| match piece {
        Piece::Source { name } => Done::Source { name },
        Piece::Unreadable(what) => Done::Unreadable(what),
        Piece::Payload { payload, source } => {
            let bytes = payload.bytes.len() as u64;
            let place = Place {
                name: &source.shown,
                index: source.index,
                source: &source.name,
                asked: &source.asked,
                stop: Some(run.interrupted),
            };
            Done::Payload(Box::new(check_one(run.check, &payload, &place, workspace)), bytes)
        }
    };
    let mut done: Vec<Done> = batch.pieces.into_iter().map(one).collect();
    if !workspace.observed.rows.is_empty() {
        done.push(Done::Keys(std::mem::take(&mut workspace.observed.rows)));
    }
    if !workspace.observed.sightings.is_empty() {
        done.push(Done::Sightings(std::mem::take(&mut workspace.observed.sightings)));
    }
    done
}
