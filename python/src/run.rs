//! A run that is counted: batches in, findings with fingerprints out, and a record at the end.

use std::sync::{Mutex, PoisonError};

use hallmark::record::{Keys, Record};
use hallmark::session::{Hallmark, Session};
use pyo3::prelude::*;
use pyo3::types::PyBytes;

use crate::checker::{Beside, beside, ids};
use crate::failure;
use crate::gate;
use crate::rows::Rows;
use crate::table;
use crate::texts::Column;
use crate::work::{check_all, threads};

/// Batches of a feed or of a part of one, counted.
#[pyclass(frozen, module = "hallmark_interop", name = "Run")]
pub struct Run {
    source: String,
    sources: u64,
    /// It has a label: other parts of the feed are counted elsewhere.
    part: bool,
    threads: usize,
    /// The process that began it.
    process: u32,
    state: Mutex<State>,
}

struct State {
    session: Option<Session>,
    payloads: u64,
    record: Option<Record>,
}

impl Run {
    pub fn new(hallmark: &Hallmark, threads: usize, source: &str, sources: u64, label: &str) -> Self {
        let state = State { session: Some(hallmark.session(label)), payloads: 0, record: None };
        Self {
            source: source.to_owned(),
            sources,
            part: !label.is_empty(),
            threads,
            process: std::process::id(),
            state: Mutex::new(state),
        }
    }

    fn here(&self) -> PyResult<()> {
        if std::process::id() == self.process {
            return Ok(());
        }
        Err(failure("a run belongs to the process that began it; begin another one here"))
    }

    fn rows(&self, messages: &Column, beside: &Beside) -> PyResult<Rows> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let State { session, payloads, .. } = &mut *state;
        let session = session.as_mut().ok_or_else(|| failure("this run has ended with its record"))?;
        let (rows, pieces) = beside.pieces(messages, *payloads)?;
        let workers = (0..threads(self.threads, pieces.len())).map(|_| session.worker()).collect();
        let (done, workers) = check_all(&pieces, workers);
        *payloads += pieces.len() as u64;
        let _inside = gate::enter();
        let mut out = Rows::default();
        for (row, done) in rows.into_iter().zip(done) {
            for mut finding in session.take(done) {
                if self.part {
                    finding.fingerprint.clear();
                }
                out.push(row, &finding);
            }
        }
        workers.into_iter().for_each(|worker| session.join(worker));
        Ok(out)
    }

    /// The record, made when it is first asked for.
    fn with_record<T>(&self, told: impl FnOnce(&Record) -> PyResult<T>) -> PyResult<T> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        let _inside = gate::enter();
        if let Some(session) = state.session.take() {
            let ended = if self.part { session.finish_part(self.sources > 0) } else { session.finish() };
            let mut record = ended.map_err(failure)?;
            for part in record.parts.values_mut() {
                part.counts.sources = self.sources;
            }
            state.record = Some(record);
        }
        told(state.record.as_ref().ok_or_else(|| failure("this run has no record: its end failed"))?)
    }
}

fn written(record: &Record) -> PyResult<Vec<u8>> {
    let mut bytes = Vec::new();
    record.write(&mut bytes).map_err(failure)?;
    Ok(bytes)
}

#[pymethods]
impl Run {
    /// Findings of a batch as a table, counted. Fingerprints number the like findings of a source in the order of the run; in a part of
    /// a feed there are none.
    #[pyo3(signature = (messages, *, id=None, source=None, payload=None, line=None))]
    fn check_batch(
        &self,
        py: Python<'_>,
        messages: &Bound<'_, PyAny>,
        id: Option<&Bound<'_, PyAny>>,
        source: Option<&Bound<'_, PyAny>>,
        payload: Option<&Bound<'_, PyAny>>,
        line: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<table::RecordBatch> {
        self.here()?;
        let messages = Column::messages(messages)?;
        let own = pyo3::types::PyString::new(py, &self.source).into_any();
        let beside = beside(py, &messages, Some(source.unwrap_or(&own)), payload, line)?;
        let ids = ids(&messages, id)?;
        py.detach(|| self.rows(&messages, &beside))?.batch(ids.as_ref())
    }

    /// Ends the run and gives its record; asked again, the same. Without pseudonyms its length does not grow with patients: they are then
    /// grouped elsewhere ([`Self::pseudonyms`]).
    #[pyo3(signature = (*, pseudonyms=true))]
    fn record<'py>(&self, py: Python<'py>, pseudonyms: bool) -> PyResult<Bound<'py, PyBytes>> {
        self.here()?;
        let bytes = py.detach(|| {
            self.with_record(|record| match pseudonyms {
                true => written(record),
                false => {
                    let mut bare = record.clone();
                    bare.parts.values_mut().for_each(|part| part.keys = Keys::default());
                    written(&bare)
                }
            })
        })?;
        Ok(PyBytes::new(py, &bytes))
    }

    /// Ends the run and gives its pseudonyms as a table: kind, key, fact, count; each kind, key and fact once.
    fn pseudonyms(&self, py: Python<'_>) -> PyResult<table::RecordBatch> {
        self.here()?;
        py.detach(|| self.with_record(crate::records::pseudonyms))
    }
}
