//! Feeding and working: sources cut into batches, batches to workers, results back in order, memory bounded.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, BufRead, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};

use super::check::{Asked, Check};
use super::crew::Crew;
use super::payload::{PayloadResult, Workspace};
use super::run::{Run, check_batch};
use crate::feed::{self, Lines, Member, Members, Opened, Payload, Source, Unreadable};
use crate::measure::Observed;
use crate::tally::{KeyRow, Sighting};
use crate::text::{FileName, STACK};

/// One thing that a feeder hands out.
#[derive(Debug)]
pub(super) enum Piece {
    /// A source begins.
    Source { name: FileName },
    /// A source or part of it cannot be read.
    Unreadable(Unreadable),
    /// A payload.
    Payload { payload: Payload, source: Arc<OfRun> },
}

/// A source as its payloads know it.
#[derive(Debug)]
pub(super) struct OfRun {
    /// Order in the run.
    pub index: usize,
    /// Name that may be printed.
    pub shown: FileName,
    /// Name as found.
    pub name: Box<str>,
    /// What is asked of its payloads.
    pub asked: Arc<Asked>,
}

/// Pieces that one worker takes at once.
#[derive(Debug)]
pub(super) struct Batch {
    /// Position in the run.
    number: u64,
    /// In order.
    pub pieces: Vec<Piece>,
    /// Bytes of its payloads.
    bytes: usize,
}

/// What became of a piece.
#[derive(Debug)]
pub(super) enum Done {
    /// A source begins.
    Source { name: FileName },
    /// A source or part of it could not be read.
    Unreadable(Unreadable),
    /// A payload was checked; its size in bytes.
    Payload(Box<PayloadResult>, u64),
    /// Pseudonyms of the payloads of a batch.
    Keys(Vec<KeyRow>),
    /// Where they were seen.
    Sightings(Vec<Sighting>),
    /// What all the payloads of a worker showed of data quality, except for their pseudonyms.
    Observed(Box<Observed>),
}

/// A batch is closed when it holds this many bytes or pieces.
const BATCH_BYTES: usize = 512 * 1024;
const BATCH_PIECES: usize = 64;
/// Bytes that may wait to be checked, for each worker, before larger payloads are read one a worker only.
const AHEAD_BYTES: usize = 4 * BATCH_BYTES;

/// An NDJSON stream that is being read.
struct Open<'s> {
    lines: Lines<Box<dyn BufRead + Send + 's>>,
    source: Arc<OfRun>,
}

/// Cuts sources into batches.
pub(super) struct Feeder<'s> {
    check: &'s Check,
    /// When the file of the source that is open was written, where that counts.
    file_time: Option<i64>,
    waiting: VecDeque<Source>,
    /// Set when the run is interrupted.
    stop: &'s AtomicBool,
    ordinal: usize,
    number: u64,
    ready: VecDeque<Piece>,
    lines: Option<Open<'s>>,
    /// The archive that is being read, with its name.
    members: Option<(Members, String)>,
}

impl<'s> Feeder<'s> {
    pub(super) fn new(sources: Vec<Source>, check: &'s Check, stop: &'s AtomicBool) -> Self {
        Self {
            check,
            file_time: None,
            waiting: sources.into(),
            stop,
            ordinal: 0,
            number: 0,
            ready: VecDeque::new(),
            lines: None,
            members: None,
        }
    }

    /// The next batch, or nothing when all sources are read.
    pub(super) fn next_batch(&mut self) -> Option<Batch> {
        let mut pieces = Vec::new();
        let mut bytes = 0;
        while bytes < BATCH_BYTES && pieces.len() < BATCH_PIECES {
            let Some(piece) = self.next_piece() else { break };
            if let Piece::Payload { payload, .. } = &piece {
                bytes += payload.bytes.len();
            }
            pieces.push(piece);
        }
        if pieces.is_empty() {
            return None;
        }
        self.number += 1;
        Some(Batch { number: self.number - 1, pieces, bytes })
    }

    fn next_piece(&mut self) -> Option<Piece> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Some(piece);
            }
            if let Some(open) = &mut self.lines {
                match open.lines.next_payload() {
                    Ok(Some(mut payload)) => {
                        payload.received = self.check.received.of(&open.source.name, payload.number, self.file_time);
                        return Some(Piece::Payload { payload, source: Arc::clone(&open.source) });
                    }
                    Ok(None) => self.lines = None,
                    Err(error) => {
                        let what = Unreadable { name: open.source.shown.clone(), why: error.to_string() };
                        self.lines = None;
                        return Some(Piece::Unreadable(what));
                    }
                }
                continue;
            }
            if let Some((members, archive)) = &mut self.members {
                match members.next_member() {
                    Some(Member::Stream(member, stream)) => {
                        let name = format!("{archive}!{member}");
                        self.stream(&name, stream);
                    }
                    Some(Member::Unreadable(member, error)) => {
                        let name = member.map_or_else(|| archive.clone(), |member| format!("{archive}!{member}"));
                        self.fail(&name, &error);
                    }
                    None => self.members = None,
                }
                continue;
            }
            let source = self.waiting.pop_front()?;
            self.open(&source);
        }
    }

    fn open(&mut self, source: &Source) {
        self.file_time = self.check.received.file_time(source);
        match feed::open(source, self.check.limits.expanded_bytes, self.stop) {
            Ok(Opened::Stream(reader)) => self.stream(&source.name, reader),
            Ok(Opened::Members(members)) => self.members = Some((members, source.name.clone())),
            Err(error) => self.fail(&source.name, &error),
        }
    }

    fn fail(&mut self, name: &str, error: &io::Error) {
        self.ordinal += 1;
        let name = self.check.file_names.of(name);
        self.ready.push_back(Piece::Source { name: name.clone() });
        self.ready.push_back(Piece::Unreadable(Unreadable { name, why: error.to_string() }));
    }

    /// One stream: NDJSON by name (or, on standard input, by its first line), else one payload.
    fn stream(&mut self, name: &str, mut reader: Box<dyn BufRead + Send + 's>) {
        let index = self.ordinal;
        self.ordinal += 1;
        let shown = self.check.file_names.of(name);
        self.ready.push_back(Piece::Source { name: shown.clone() });
        let asked = self.check.asked_of(name);
        let source = Arc::new(OfRun { index, shown, name: name.into(), asked });
        let lower = name.to_ascii_lowercase();
        let plain = lower.trim_end_matches(".gz").trim_end_matches(".zst");
        let by_line = plain.ends_with(".ndjson")
            || plain.ends_with(".jsonl")
            || (name == "-" && first_line_is_whole(&mut reader));
        if by_line {
            let lines = Lines::new(reader, self.check.limits.payload_bytes);
            self.lines = Some(Open { lines, source });
            return;
        }
        let mut bytes = Vec::new();
        match reader.take(self.check.limits.payload_bytes + 1).read_to_end(&mut bytes) {
            Ok(_) => {
                let too_long = bytes.len() as u64 > self.check.limits.payload_bytes;
                let received = self.check.received.of(name, 1, self.file_time);
                let payload = Payload { number: 1, line: 1, bytes, too_long, received };
                self.ready.push_back(Piece::Payload { payload, source });
            }
            Err(error) => {
                let name = source.shown.clone();
                self.ready.push_back(Piece::Unreadable(Unreadable { name, why: error.to_string() }));
            }
        }
    }
}

fn first_line_is_whole(reader: &mut Box<dyn BufRead + Send + '_>) -> bool {
    let Ok(buffer) = reader.fill_buf() else { return false };
    let line = buffer.split(|b| *b == b'\n').next().unwrap_or(&[]);
    line.len() < buffer.len() && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok()
}

/// What is under way: batches handed on to the caller, and those read but not checked yet.
#[derive(Default)]
struct Flight {
    delivered: u64,
    batches: usize,
    bytes: usize,
}

/// Feeds workers and hands results on in order. Batches under way are bounded, so memory is too.
pub(super) fn work(run: &Run<'_>, feeder: &mut Feeder<'_>, take: &mut dyn FnMut(Done)) {
    let stopped = || run.interrupted.load(Ordering::Relaxed);
    let mut begun: VecDeque<Batch> = feeder.next_batch().into_iter().collect();
    if run.jobs > 1 {
        begun.extend(feeder.next_batch());
    }
    if begun.len() < 2 || !with_workers(run, feeder, &mut begun, take) {
        let crew = Arc::new(Crew::of(run.jobs.saturating_sub(1)));
        let mut workspace = Workspace::with(crew, run.observe);
        while let Some(batch) = begun.pop_front().or_else(|| feeder.next_batch()).filter(|_| !stopped()) {
            check_batch(run, batch, &mut workspace).into_iter().for_each(&mut *take);
        }
        take(Done::Observed(Box::new(workspace.observed)));
    }
}

/// Works with `jobs` workers; false, with nothing done, when the system gives no thread.
fn with_workers(
    run: &Run<'_>,
    feeder: &mut Feeder<'_>,
    begun: &mut VecDeque<Batch>,
    take: &mut dyn FnMut(Done),
) -> bool {
    let stopped = || run.interrupted.load(Ordering::Relaxed);
    let window = run.jobs as u64 * 4;
    let flight = (Mutex::new(Flight::default()), Condvar::new());
    let (task_out, task_in) = mpsc::sync_channel::<Batch>(run.jobs);
    let task_in = Mutex::new(task_in);
    let (done_out, done_in) = mpsc::channel::<(u64, Vec<Done>)>();
    let observed = Mutex::new(Observed::default());
    let crew = Arc::new(Crew::of(run.jobs));
    let worked = std::thread::scope(|scope| {
        let (flight, observed) = (&flight, &observed);
        let mut workers = 0;
        for _ in 0..run.jobs {
            let done_out = done_out.clone();
            let task_in = &task_in;
            let crew = Arc::clone(&crew);
            let mut workspace = Workspace::with(Arc::clone(&crew), run.observe);
            let worker = move || {
                loop {
                    let task = task_in.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(batch) = task else { break };
                    let (number, bytes) = (batch.number, batch.bytes);
                    let busy = crew.begin();
                    let done = check_batch(run, batch, &mut workspace);
                    drop(busy);
                    let mut state = flight.0.lock().unwrap_or_else(PoisonError::into_inner);
                    state.batches -= 1;
                    state.bytes -= bytes;
                    drop(state);
                    flight.1.notify_all();
                    if done_out.send((number, done)).is_err() {
                        break;
                    }
                }
                observed.lock().unwrap_or_else(PoisonError::into_inner).add(workspace.observed);
            };
            let spawned = std::thread::Builder::new().stack_size(STACK).spawn_scoped(scope, worker);
            if spawned.is_err() {
                break;
            }
            workers += 1;
        }
        drop(done_out);
        if workers == 0 {
            return false;
        }
        scope.spawn(move || {
            while let Some(batch) = begun.pop_front().or_else(|| feeder.next_batch()) {
                let mut state = flight.0.lock().unwrap_or_else(PoisonError::into_inner);
                while batch.number >= state.delivered + window
                    || (state.batches >= run.jobs && state.bytes + batch.bytes > run.jobs * AHEAD_BYTES)
                {
                    state = flight.1.wait(state).unwrap_or_else(PoisonError::into_inner);
                }
                state.batches += 1;
                state.bytes += batch.bytes;
                drop(state);
                if stopped() || task_out.send(batch).is_err() {
                    return;
                }
            }
        });
        let mut early: BTreeMap<u64, Vec<Done>> = BTreeMap::new();
        let mut expected = 0;
        for (number, done) in done_in {
            early.insert(number, done);
            while let Some(done) = early.remove(&expected) {
                done.into_iter().for_each(&mut *take);
                expected += 1;
                flight.0.lock().unwrap_or_else(PoisonError::into_inner).delivered = expected;
                flight.1.notify_all();
            }
        }
        true
    });
    take(Done::Observed(Box::new(observed.into_inner().unwrap_or_else(PoisonError::into_inner))));
    worked
}
