//! Payloads checked one by one by workers that their caller drives: what each comes to is taken by a run, in order, or settled alone.

use std::sync::Arc;

use super::hallmark::Hallmark;
use crate::engine::{self, Asked, Fingerprints, PayloadResult, Place, Workspace};
use crate::feed::Payload;
use crate::finding::Finding;
use crate::settings::Waivers;
use crate::text::{FileName, on_deep_stack};

/// One payload and where its caller knows it to stand.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'p> {
    /// Its source, to which waivers and `[[sources]]` may refer.
    pub source: &'p str,
    /// Its number in the source, from 1.
    pub payload: u64,
    /// Line of the source on which it starts, from 1.
    pub line: u64,
    /// Its bytes.
    pub bytes: &'p [u8],
}

/// One worker: what a thread keeps from payload to payload. A caller with threads of its own drives one on each.
///
/// ```
/// use hallmark::session::{Hallmark, Piece};
/// use hallmark::settings::Date;
///
/// let day = Date::parse("2026-11-21").ok_or("no day")?;
/// let hallmark = Hallmark::builder().today(day).build()?;
/// let mut session = hallmark.session("queue 3");
/// let mut worker = session.worker();
/// let bytes = br#"{"resourceType": "Patient", "gender": "woman"}"#;
/// let done = worker.check(&Piece { source: "queue", payload: 7, line: 7, bytes });
/// let findings = session.take(done);
/// session.join(worker);
/// assert!(findings.iter().any(|f| (f.payload, f.line, f.path.as_str()) == (7, 7, "Patient.gender")));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug)]
pub struct Worker {
    hallmark: Hallmark,
    pub(super) workspace: Workspace,
    /// The source before, its name as it may be printed, and what is asked of it.
    asked: Option<(String, FileName, Arc<Asked>)>,
    waivers: Waivers,
    payload: Payload,
}

/// What the check of one payload came to; nothing is counted yet.
#[derive(Debug)]
pub struct Done {
    pub(super) result: PayloadResult,
    pub(super) bytes: u64,
    pub(super) source: String,
}

impl Hallmark {
    /// A worker that counts nothing: what it checks is settled by [`Worker::settle`].
    pub fn worker(&self) -> Worker {
        Worker::new(self.clone(), Workspace::default())
    }
}

impl Worker {
    pub(super) fn new(hallmark: Hallmark, workspace: Workspace) -> Self {
        let payload = Payload { number: 0, line: 0, bytes: Vec::new(), too_long: false, received: None };
        Self { waivers: hallmark.inner.waivers.clone(), hallmark, workspace, asked: None, payload }
    }

    /// Checks one payload.
    pub fn check(&mut self, piece: &Piece<'_>) -> Done {
        on_deep_stack(|| self.check_here(piece))
    }

    fn check_here(&mut self, piece: &Piece<'_>) -> Done {
        let check = &self.hallmark.inner.check;
        let (source, shown, asked) = match self.asked.take() {
            Some(last) if last.0 == piece.source => last,
            _ => (piece.source.to_owned(), check.file_names.of(piece.source), check.asked_of(piece.source)),
        };
        let place = Place { name: &shown, index: 0, source: "", asked: &asked, stop: None };
        self.payload.number = piece.payload;
        self.payload.line = piece.line.max(1);
        self.payload.received = check.received.of(piece.source, piece.payload, None);
        // As where feeds are cut: what is longer than the limit is not kept.
        let limit = usize::try_from(check.limits.payload_bytes).unwrap_or(usize::MAX);
        self.payload.too_long = piece.bytes.len() > limit;
        self.payload.bytes.clear();
        self.payload.bytes.extend_from_slice(&piece.bytes[..piece.bytes.len().min(limit)]);
        let result = engine::check_one(check, &self.payload, &place, &mut self.workspace);
        self.asked = Some((source, shown, asked));
        Done { result, bytes: piece.bytes.len() as u64, source: piece.source.to_owned() }
    }

    /// Findings of one payload for whoever runs no session: in order of place, waivers applied, without fingerprints, since those
    /// count the like findings of a whole source.
    pub fn settle(&mut self, done: Done) -> Vec<Finding> {
        let mut findings = done.result.findings;
        for finding in &mut findings {
            engine::settle(finding, &mut Fingerprints::default(), &mut self.waivers, None);
            finding.fingerprint.clear();
        }
        findings
    }
}
