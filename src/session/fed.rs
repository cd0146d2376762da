//! A run fed by hand: payload by payload, from sources that may take turns, to one record.

use std::collections::HashMap;
use std::io;

use super::hallmark::Hallmark;
use super::worker::{Done, Piece, Worker};
use crate::engine::{Fingerprints, Gathering, Observer, Workspace};
use crate::feed::Unreadable;
use crate::finding::Finding;
use crate::record::{Record, RecordBuilder, Spill};
use crate::tally::KeyRow;
use crate::text::{FileName, on_deep_stack};

/// A run that its caller feeds. Memory is bounded by the largest payload and the number of sources.
///
/// ```
/// use hallmark::session::Hallmark;
/// use hallmark::settings::Date;
///
/// let day = Date::parse("2026-11-21").ok_or("no day")?;
/// let hallmark = Hallmark::builder().today(day).partner("RX1").build()?;
/// let mut session = hallmark.session("partition 7");
/// let findings = session.check("admissions", br#"{"resourceType": "Patient", "birthDate": "soon"}"#);
/// assert!(findings.iter().any(|f| f.path == "Patient.birthDate"));
/// let record = session.finish()?;
/// let mut bytes = Vec::new();
/// record.write(&mut bytes)?;
/// assert!(String::from_utf8(bytes)?.contains("\"RX1\""));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Session {
    hallmark: Hallmark,
    gathering: Gathering,
    /// The worker of payloads that are given one by one.
    own: Option<Worker>,
    sources: HashMap<String, Source>,
    record: RecordBuilder,
    /// The first time that pseudonyms could not be written.
    trouble: Option<io::Error>,
}

/// A source of this run.
#[derive(Debug)]
struct Source {
    index: usize,
    /// Name that may be printed.
    shown: FileName,
    payloads: u64,
    fingerprints: Fingerprints,
}

impl Hallmark {
    /// A run that is fed payload by payload and ends with a record. `label` names this part of a feed (a partition, a queue, a
    /// date): it goes into the id of the run, so that two parts that hold the same are told apart.
    pub fn session(&self, label: &str) -> Session {
        Session::new(self.clone(), label)
    }
}

impl Session {
    pub(super) fn new(hallmark: Hallmark, label: &str) -> Self {
        Self {
            gathering: Gathering::new(hallmark.inner.waivers.clone()),
            own: None,
            sources: HashMap::new(),
            record: hallmark.recorder(label, None),
            trouble: None,
            hallmark,
        }
    }

    /// Pseudonyms that memory does not hold are kept in a folder of temporary files. To be said before the first payload.
    pub fn spill(mut self, label: &str, spill: Spill) -> Self {
        self.record = self.hallmark.recorder(label, Some(spill));
        self
    }

    /// Checks one payload of a source and counts it. The lines of its findings are those of the payload.
    pub fn check(&mut self, source: &str, payload: &[u8]) -> Vec<Finding> {
        on_deep_stack(|| self.check_here(source, payload))
    }

    fn check_here(&mut self, source: &str, payload: &[u8]) -> Vec<Finding> {
        let number = self.sources.get(source).map_or(0, |of| of.payloads) + 1;
        let mut worker = self.own.take().unwrap_or_else(|| self.worker());
        let done = worker.check(&Piece { source, payload: number, line: 1, bytes: payload });
        let findings = self.take(done);
        self.observe(&mut worker);
        self.own = Some(worker);
        findings
    }

    /// A worker that observes for this run; [`Self::join`] takes what it has seen.
    pub fn worker(&self) -> Worker {
        Worker::new(self.hallmark.clone(), Workspace::observing())
    }

    /// Takes what one payload came to, and counts it. Payloads of a source come in their order: like findings are numbered.
    pub fn take(&mut self, done: Done) -> Vec<Finding> {
        let Done { mut result, bytes, source } = done;
        if !self.sources.contains_key(&source) {
            let shown = self.hallmark.inner.check.file_names.of(&source);
            let index = self.gathering.open(shown.clone());
            let fresh = Source { index, shown, payloads: 0, fingerprints: Fingerprints::default() };
            self.sources.insert(source.clone(), fresh);
        }
        let Some(of) = self.sources.get_mut(&source) else { return Vec::new() };
        of.payloads += 1;
        for finding in &mut result.findings {
            finding.source.clone_from(&of.shown);
            finding.source_index = of.index;
        }
        self.gathering.reopen(of.index, std::mem::take(&mut of.fingerprints));
        let mut findings =
            PayloadFindings { findings: Vec::new(), record: &mut self.record, trouble: &mut self.trouble };
        let baseline = self.hallmark.inner.baseline.as_ref();
        self.gathering.payload(result, bytes, baseline, &mut findings);
        of.fingerprints = self.gathering.leave();
        findings.findings
    }

    /// Takes what a worker of this run has seen of data quality.
    pub fn join(&mut self, mut worker: Worker) {
        self.observe(&mut worker);
    }

    fn observe(&mut self, worker: &mut Worker) {
        let mut findings =
            PayloadFindings { findings: Vec::new(), record: &mut self.record, trouble: &mut self.trouble };
        self.gathering.observe(&mut worker.workspace.observed, &mut findings);
    }

    /// Ends a run that is a part of a feed. Nothing is said of waivers that matched nothing, since another part may have used them;
    /// and of those that have expired only by the `first` part, so that the whole says it once.
    ///
    /// # Errors
    /// As [`Self::finish`].
    pub fn finish_part(mut self, first: bool) -> io::Result<Record> {
        self.gathering.of_a_part(first);
        self.finish()
    }

    /// Ends the run.
    ///
    /// # Errors
    /// When pseudonyms could not be written to a temporary file.
    pub fn finish(self) -> io::Result<Record> {
        let Self { hallmark, gathering, own: _, sources: _, mut record, mut trouble } = self;
        let inner = &*hallmark.inner;
        let mut findings = PayloadFindings { findings: Vec::new(), record: &mut record, trouble: &mut trouble };
        let mut outcome = gathering.finish(&inner.check, inner.baseline.as_ref(), &mut findings);
        outcome.keys.key_id = hallmark.key_id();
        match trouble {
            Some(error) => Err(error),
            None => record.finish(&outcome),
        }
    }
}

/// Takes what is found in one payload.
struct PayloadFindings<'s> {
    findings: Vec<Finding>,
    record: &'s mut RecordBuilder,
    trouble: &'s mut Option<io::Error>,
}

impl Observer for PayloadFindings<'_> {
    fn finding(&mut self, finding: &Finding) {
        self.record.finding(finding);
        self.findings.push(finding.clone());
    }

    fn unreadable(&mut self, _: &Unreadable) {}

    fn keys(&mut self, rows: &[KeyRow]) {
        if let Err(error) = self.record.keys(rows) {
            self.trouble.get_or_insert(error);
        }
    }
}
