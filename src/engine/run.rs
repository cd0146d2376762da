//! A run: sources in, findings out in order, whatever the number of workers.

use std::collections::BTreeMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use super::order::Fingerprints;
use super::payload::{Check, PayloadResult, State};
use super::pool::{self, Batch, Done, Piece};
use super::registry;
use crate::feed::{self, Unreadable};
use crate::finding::{Finding, KeyRow, Meta, PackFacts, ProfileFacts, RunOutcome, Severity, SourceFacts, sort_rows};
use crate::measure::Observed;
use crate::message::Clue;
use crate::pack::catalogue::Catalogue;
use crate::settings::{Baseline, Severities, Waivers};

/// Everything a run needs besides its paths.
#[derive(Debug)]
pub struct Run<'r> {
    /// What every payload is checked with.
    pub check: Check<'r>,
    /// Workers; 1 works on the calling thread.
    pub jobs: usize,
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
    fn payload(&mut self, done: u64, bytes: u64);

    /// A source or part of it could not be read.
    fn unreadable(&mut self, what: &Unreadable);

    /// Pseudonyms, sorted and each once among these; they are not kept.
    fn keys(&mut self, _rows: &[KeyRow]) {}
}

/// Runs over the sources behind `paths`. Findings go to `observer` one by one and are not kept.
pub fn run(run: &Run<'_>, paths: &[PathBuf], waivers: &mut Waivers, observer: &mut dyn Observer) -> RunOutcome {
    let (sources, unreadable, _) = feed::discover(paths);
    let mut gathering = Gathering::new(run, waivers, observer);
    if sources.is_empty() && unreadable.is_empty() {
        let name = paths.iter().map(|p| p.display().to_string()).collect::<Vec<_>>().join(", ");
        gathering.unreadable(&Unreadable { name, why: "no message is in it".to_owned() });
    }
    for what in &unreadable {
        gathering.unreadable(what);
    }
    let received = &run.check.options.received;
    let mut feeder = pool::Feeder::new(sources, run.check.limits, received, run.interrupted);
    pool::work(run, &mut feeder, &mut |done| gathering.take(done));
    gathering.finish()
}

/// Things not assessed that are told apart; further ones are counted together.
const NOT_ASSESSED: usize = 100_000;

/// Puts results together in order.
struct Gathering<'g, 'r> {
    run: &'g Run<'r>,
    waivers: &'g mut Waivers,
    observer: &'g mut dyn Observer,
    outcome: RunOutcome,
    fingerprints: Fingerprints,
    source: Option<usize>,
    not_assessed: BTreeMap<crate::finding::NotAssessed, u64>,
    profiles: BTreeMap<Arc<str>, (u64, u64)>,
    observed: Observed,
}

impl<'g, 'r> Gathering<'g, 'r> {
    fn new(run: &'g Run<'r>, waivers: &'g mut Waivers, observer: &'g mut dyn Observer) -> Self {
        Self {
            run,
            waivers,
            observer,
            outcome: RunOutcome::default(),
            fingerprints: Fingerprints::default(),
            source: None,
            not_assessed: BTreeMap::new(),
            profiles: BTreeMap::new(),
            observed: Observed::default(),
        }
    }

    fn unreadable(&mut self, what: &Unreadable) {
        self.outcome.summary.sources += 1;
        self.not_read(what);
    }

    /// What could not be read was given all the same: one payload at least, which is skipped.
    fn not_read(&mut self, what: &Unreadable) {
        let summary = &mut self.outcome.summary;
        summary.unreadable += 1;
        summary.payloads.given += 1;
        summary.payloads.skipped += 1;
        self.observer.unreadable(what);
    }

    fn take(&mut self, done: Done) {
        match done {
            Done::Source { index, name } => {
                self.source = Some(index);
                self.fingerprints = Fingerprints::default();
                self.outcome.summary.sources += 1;
                self.outcome.sources.push(SourceFacts { name, payloads: 0, release: String::new() });
            }
            Done::Unreadable(what) => self.not_read(&what),
            Done::Payload(result, bytes) => self.payload(*result, bytes),
            Done::Keys(rows) => self.keys(rows),
            Done::Observed(more) => self.observed.add(*more),
        }
    }

    fn payload(&mut self, result: PayloadResult, bytes: u64) {
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
        if let Some(source) = self.outcome.sources.last_mut() {
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
                "(others)".clone_into(&mut what.canonical);
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
            self.finding(finding);
        }
        self.outcome.summary.clean += u64::from(clean);
        self.observer.payload(given, bytes);
    }

    fn finding(&mut self, mut finding: Finding) {
        self.fingerprints.stamp(&mut finding);
        self.waivers.apply(&mut finding);
        if let Some(baseline) = self.run.baseline {
            finding.new = !baseline.holds(&finding);
        }
        let summary = &mut self.outcome.summary;
        if finding.shadow {
            summary.shadow += 1;
        } else if finding.waived.is_some() {
            summary.waived += 1;
        } else {
            *summary.severities.entry(finding.severity).or_default() += 1;
        }
        summary.known += u64::from(!finding.new && !finding.shadow);
        self.observer.finding(&finding);
    }

    fn finish(mut self) -> RunOutcome {
        self.quality();
        let next = self.outcome.sources.len();
        for finding in self.waivers.findings(next) {
            self.finding(finding);
        }
        let check = &self.run.check;
        let selected = |m: &&'static Meta| check.selection.selects(m) && check.severities.of(m).is_some();
        self.outcome.rules = registry::all().iter().copied().filter(selected).collect();
        let in_shadow = self.outcome.rules.iter().filter(|m| check.severities.in_shadow(m));
        self.outcome.shadow = in_shadow.map(|m| m.id).collect();
        self.outcome.rules_digest = rules_digest(&self.outcome.rules, check.severities);
        self.outcome.not_assessed = self.not_assessed.into_iter().collect();
        self.outcome.profiles = self
            .profiles
            .into_iter()
            .map(|(canonical, (resources, clean))| ProfileFacts { canonical: canonical.to_string(), resources, clean })
            .collect();
        self.outcome.packs = packs(check.plans.catalogue());
        self.outcome.summary.interrupted = self.run.interrupted.load(Ordering::Relaxed);
        self.outcome
    }
}

impl Gathering<'_, '_> {
    /// Pseudonyms are handed on before they grow too many.
    fn keys(&mut self, rows: Vec<KeyRow>) {
        self.observed.rows.extend(rows);
        if self.observed.rows.len() >= KEY_ROWS {
            self.hand_on_keys();
        }
    }

    fn hand_on_keys(&mut self) {
        let mut rows = std::mem::take(&mut self.observed.rows);
        if !rows.is_empty() {
            sort_rows(&mut rows);
            self.observer.keys(&rows);
        }
    }

    /// Moves what was observed into the outcome, sorted.
    fn quality(&mut self) {
        self.hand_on_keys();
        (self.outcome.measures, self.outcome.tallies) = std::mem::take(&mut self.observed).finish();
    }
}

/// Pseudonyms that are handed on at once.
const KEY_ROWS: usize = 65_536;

/// All packs of a catalogue, whichever of them the messages call for: records of two halves of a feed then merge.
pub fn packs(catalogue: &Catalogue) -> Vec<PackFacts> {
    catalogue
        .packs()
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

/// Checks one batch, item by item.
pub(super) fn check_batch(run: &Run<'_>, batch: Batch, workspace: &mut super::payload::Workspace) -> Vec<Done> {
    let one = |piece: Piece| match piece {
        Piece::Source { index, name } => Done::Source { index, name },
        Piece::Unreadable(what) => Done::Unreadable(what),
        Piece::Payload { payload, source_index, source } => {
            let bytes = payload.bytes.len() as u64;
            let place = (&*source, source_index);
            // One payload that hallmark fails on must not hide those after it.
            let checked =
                catch_unwind(AssertUnwindSafe(|| super::payload::check(&run.check, &payload, place, workspace)));
            let result = checked.unwrap_or_else(|_| super::payload::given_up(&run.check, &payload, place));
            Done::Payload(Box::new(result), bytes)
        }
    };
    let mut done: Vec<Done> = batch.pieces.into_iter().map(one).collect();
    if !workspace.observed.rows.is_empty() {
        done.push(Done::Keys(std::mem::take(&mut workspace.observed.rows)));
    }
    done
}
