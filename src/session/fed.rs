//! A run fed by hand: payload by payload, from sources that may take turns, to one record.

use std::collections::HashMap;
use std::io;

use super::hallmark::Hallmark;
use crate::engine::{self, Fingerprints, Gathering, Observer, Place, Workspace};
use crate::feed::{Payload, Unreadable};
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
    workspace: Workspace,
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

impl Session {
    pub(super) fn new(hallmark: Hallmark, label: &str) -> Self {
        Self {
            gathering: Gathering::new(hallmark.inner.waivers.clone()),
            workspace: Workspace::observing(),
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
        let inner = &*self.hallmark.inner;
        let of = self.sources.entry(source.to_owned()).or_insert_with(|| {
            let shown = inner.check.file_names.of(source);
            let index = self.gathering.open(shown.clone());
            Source { index, shown, payloads: 0, fingerprints: Fingerprints::default() }
        });
        of.payloads += 1;
        self.gathering.reopen(of.index, std::mem::take(&mut of.fingerprints));
        let asked = inner.check.asked_of(source);
        let place = Place { name: &of.shown, index: of.index, asked: &asked };
        let received = inner.check.received.of(source, of.payloads, None);
        let bytes = payload.len() as u64;
        let payload = Payload { number: of.payloads, line: 1, bytes: payload.to_vec(), too_long: false, received };
        let result = engine::check_one(&inner.check, &payload, &place, &mut self.workspace);
        let mut findings =
            PayloadFindings { findings: Vec::new(), record: &mut self.record, trouble: &mut self.trouble };
        self.gathering.payload(result, bytes, inner.baseline.as_ref(), &mut findings);
        self.gathering.observe(&mut self.workspace.observed, &mut findings);
        of.fingerprints = self.gathering.leave();
        findings.findings
    }

    /// Ends the run.
    ///
    /// # Errors
    /// When pseudonyms could not be written to a temporary file.
    pub fn finish(self) -> io::Result<Record> {
        let Self { hallmark, gathering, workspace: _, sources: _, mut record, mut trouble } = self;
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
