//! Feeding and working: sources cut into batches, batches to workers, results back in order, memory bounded.

use std::collections::{BTreeMap, VecDeque};
use std::io::{self, BufRead, Read};
use std::sync::atomic::Ordering;
use std::sync::{Arc, Condvar, Mutex, PoisonError, mpsc};

use super::payload::PayloadResult;
use super::run::{Run, check_batch};
use crate::feed::{self, Lines, Opened, Payload, Receipts, Source, Unreadable};
use crate::measure::Observed;
use crate::read::Limits;
use crate::text::sanitise;

/// One thing that a feeder hands out.
#[derive(Debug)]
pub(super) enum Piece {
    /// A source begins.
    Source { index: usize, name: String },
    /// A source or part of it cannot be read.
    Unreadable(Unreadable),
    /// A payload.
    Payload { payload: Payload, source_index: usize, source: Arc<str> },
}

/// Pieces that one worker takes at once.
#[derive(Debug)]
pub(super) struct Batch {
    /// Position in the run.
    number: u64,
    /// In order.
    pub pieces: Vec<Piece>,
}

/// What became of a piece.
#[derive(Debug)]
pub(super) enum Done {
    /// A source begins.
    Source { index: usize, name: String },
    /// A source or part of it could not be read.
    Unreadable(Unreadable),
    /// A payload was checked; its size in bytes.
    Payload(Box<PayloadResult>, u64),
    /// What the payloads of a batch showed of data quality.
    Observed(Box<Observed>),
}

/// A batch is closed when it holds this many bytes or pieces.
const BATCH_BYTES: usize = 512 * 1024;
const BATCH_PIECES: usize = 64;

/// An NDJSON stream that is being read.
struct Open {
    lines: Lines<Box<dyn BufRead + Send>>,
    index: usize,
    /// Name that may be printed.
    shown: Arc<str>,
    /// Name as found.
    name: String,
}

/// Cuts sources into batches.
pub(super) struct Feeder<'r> {
    receipts: &'r Receipts,
    /// When the file of the source that is open was written, where that counts.
    file_time: Option<i64>,
    waiting: VecDeque<Source>,
    limits: Limits,
    ordinal: usize,
    number: u64,
    ready: VecDeque<Piece>,
    lines: Option<Open>,
    zip: Option<(Box<feed::Zip>, usize, String)>,
    tar: Option<(feed::Tar, String)>,
}

impl<'r> Feeder<'r> {
    pub(super) fn new(sources: Vec<Source>, limits: Limits, receipts: &'r Receipts) -> Self {
        Self {
            receipts,
            file_time: None,
            waiting: sources.into(),
            limits,
            ordinal: 0,
            number: 0,
            ready: VecDeque::new(),
            lines: None,
            zip: None,
            tar: None,
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
        Some(Batch { number: self.number - 1, pieces })
    }

    fn next_piece(&mut self) -> Option<Piece> {
        loop {
            if let Some(piece) = self.ready.pop_front() {
                return Some(piece);
            }
            if let Some(open) = &mut self.lines {
                match open.lines.next_payload() {
                    Ok(Some(mut payload)) => {
                        payload.received = self.receipts.of(&open.name, payload.number, self.file_time);
                        let (source_index, source) = (open.index, Arc::clone(&open.shown));
                        return Some(Piece::Payload { payload, source_index, source });
                    }
                    Ok(None) => self.lines = None,
                    Err(error) => {
                        let what = Unreadable { name: open.shown.to_string(), why: error.to_string() };
                        self.lines = None;
                        return Some(Piece::Unreadable(what));
                    }
                }
                continue;
            }
            if self.zip.is_some() {
                self.next_member();
                continue;
            }
            if self.tar.is_some() {
                self.next_in_tar();
                continue;
            }
            let source = self.waiting.pop_front()?;
            self.open(&source);
        }
    }

    fn open(&mut self, source: &Source) {
        self.file_time = self.receipts.file_time(source);
        match feed::open(source, self.limits.expanded_bytes) {
            Ok(Opened::Stream { name, reader }) => self.stream(&name, reader),
            Ok(Opened::Zip(archive)) => self.zip = Some((archive, 0, source.name.clone())),
            Ok(Opened::Tar(archive)) => self.tar = Some((archive, source.name.clone())),
            Err(error) => self.fail(&source.name, &error),
        }
    }

    fn fail(&mut self, name: &str, error: &io::Error) {
        self.ordinal += 1;
        let name = sanitise::file_name(name, self.ordinal);
        self.ready.push_back(Piece::Source { index: self.ordinal - 1, name: name.clone() });
        self.ready.push_back(Piece::Unreadable(Unreadable { name, why: error.to_string() }));
    }

    fn next_member(&mut self) {
        let Some((archive, at, name)) = &mut self.zip else { return };
        if *at >= archive.len() {
            self.zip = None;
            return;
        }
        let archive_name = name.clone();
        let read = archive.by_index(*at).map_err(io::Error::other).and_then(|member| {
            let member_name = member.name().to_owned();
            if member.is_dir() || !is_message(&member_name) {
                return Ok(None);
            }
            let mut bytes = Vec::new();
            member.take(self.limits.payload_bytes + 1).read_to_end(&mut bytes)?;
            Ok(Some((member_name, bytes)))
        });
        *at += 1;
        match read {
            Ok(Some((member, bytes))) => {
                self.stream(&format!("{archive_name}!{member}"), Box::new(io::Cursor::new(bytes)))
            }
            Ok(None) => {}
            Err(error) => self.fail(&archive_name, &error),
        }
    }

    /// The next message of a tar archive. What comes after damage cannot be found again.
    fn next_in_tar(&mut self) {
        let Some((archive, archive_name)) = &mut self.tar else { return };
        let most = self.limits.payload_bytes + 1;
        let read = archive.next_file().and_then(|member| match member {
            Some(member) if is_message(&member) => {
                let mut bytes = Vec::new();
                archive.by_ref().take(most).read_to_end(&mut bytes)?;
                Ok(Some(Some((format!("{archive_name}!{member}"), bytes))))
            }
            Some(_) => Ok(Some(None)),
            None => Ok(None),
        });
        match read {
            Ok(Some(Some((name, bytes)))) => self.stream(&name, Box::new(io::Cursor::new(bytes))),
            Ok(Some(None)) => {}
            Ok(None) => self.tar = None,
            Err(error) => {
                let name = archive_name.clone();
                self.tar = None;
                self.fail(&name, &error);
            }
        }
    }

    /// One stream: NDJSON by name (or, on standard input, by its first line), else one payload.
    fn stream(&mut self, name: &str, mut reader: Box<dyn BufRead + Send>) {
        let index = self.ordinal;
        self.ordinal += 1;
        let shown: Arc<str> = sanitise::file_name(name, self.ordinal).into();
        self.ready.push_back(Piece::Source { index, name: shown.to_string() });
        let lower = name.to_ascii_lowercase();
        let plain = lower.trim_end_matches(".gz").trim_end_matches(".zst");
        let by_line = plain.ends_with(".ndjson")
            || plain.ends_with(".jsonl")
            || (name == "-" && first_line_is_whole(&mut reader));
        if by_line {
            let lines = Lines::new(reader, self.limits.payload_bytes);
            self.lines = Some(Open { lines, index, shown, name: name.to_owned() });
            return;
        }
        let mut bytes = Vec::new();
        match reader.take(self.limits.payload_bytes + 1).read_to_end(&mut bytes) {
            Ok(_) => {
                let too_long = bytes.len() as u64 > self.limits.payload_bytes;
                let received = self.receipts.of(name, 1, self.file_time);
                let payload = Payload { number: 1, line: 1, bytes, too_long, received };
                self.ready.push_back(Piece::Payload { payload, source_index: index, source: shown });
            }
            Err(error) => {
                self.ready.push_back(Piece::Unreadable(Unreadable { name: shown.to_string(), why: error.to_string() }))
            }
        }
    }
}

fn is_message(name: &str) -> bool {
    let lower = name.to_ascii_lowercase();
    [".json", ".xml", ".ndjson", ".jsonl"].iter().any(|e| lower.ends_with(e))
}

fn first_line_is_whole(reader: &mut Box<dyn BufRead + Send>) -> bool {
    let Ok(buffer) = reader.fill_buf() else { return false };
    let line = buffer.split(|b| *b == b'\n').next().unwrap_or(&[]);
    line.len() < buffer.len() && serde_json::from_slice::<serde::de::IgnoredAny>(line).is_ok()
}

/// Feeds workers and hands results on in order. Batches under way are bounded, so memory is too.
pub(super) fn work(run: &Run<'_>, feeder: &mut Feeder<'_>, take: &mut dyn FnMut(Done)) {
    let stopped = || run.interrupted.load(Ordering::Relaxed);
    let first = feeder.next_batch();
    let second = if run.jobs > 1 { feeder.next_batch() } else { None };
    if run.jobs <= 1 || second.is_none() {
        let mut store = Vec::new();
        let mut next = first;
        while let Some(batch) = next.filter(|_| !stopped()) {
            check_batch(run, batch, &mut store).into_iter().for_each(&mut *take);
            next = feeder.next_batch();
        }
        return;
    }
    let window = run.jobs as u64 * 4;
    let delivered = (Mutex::new(0u64), Condvar::new());
    let (task_out, task_in) = mpsc::sync_channel::<Batch>(run.jobs);
    let task_in = Mutex::new(task_in);
    let (done_out, done_in) = mpsc::channel::<(u64, Vec<Done>)>();
    std::thread::scope(|scope| {
        for _ in 0..run.jobs {
            let done_out = done_out.clone();
            let task_in = &task_in;
            let builder = std::thread::Builder::new().stack_size(32 << 20);
            let worker = move || {
                let mut store = Vec::new();
                loop {
                    let task = task_in.lock().unwrap_or_else(PoisonError::into_inner).recv();
                    let Ok(batch) = task else { return };
                    let number = batch.number;
                    if done_out.send((number, check_batch(run, batch, &mut store))).is_err() {
                        return;
                    }
                }
            };
            if builder.spawn_scoped(scope, worker).is_err() {
                break;
            }
        }
        drop(done_out);
        let delivered = &delivered;
        scope.spawn(move || {
            let mut next = first;
            let mut after = second;
            while let Some(batch) = next {
                let mut count = delivered.0.lock().unwrap_or_else(PoisonError::into_inner);
                while batch.number >= *count + window {
                    count = delivered.1.wait(count).unwrap_or_else(PoisonError::into_inner);
                }
                drop(count);
                if stopped() || task_out.send(batch).is_err() {
                    return;
                }
                next = after.take().or_else(|| feeder.next_batch());
            }
        });
        let mut early: BTreeMap<u64, Vec<Done>> = BTreeMap::new();
        let mut expected = 0;
        for (number, done) in done_in {
            early.insert(number, done);
            while let Some(done) = early.remove(&expected) {
                done.into_iter().for_each(&mut *take);
                expected += 1;
                *delivered.0.lock().unwrap_or_else(PoisonError::into_inner) = expected;
                delivered.1.notify_all();
            }
        }
    });
}
