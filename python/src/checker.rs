//! The checker: one message, a batch, a column for SQL functions, or a run that is counted.

use hallmark::report::{Format, WriteOptions, open};
use hallmark::session::{Hallmark, Piece, RunOutcome, Worker};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyDict, PyTuple};

use crate::config::Config;
use crate::failure;
use crate::finding::Finding;
use crate::gate;
use crate::rows::Rows;
use crate::run::Run;
use crate::table;
use crate::texts::{Column, bytes, is_blank};
use crate::work::{check_all, threads};

/// Checks messages. Built once; threads share it; it survives a fork and is pickled without its key.
#[pyclass(frozen, module = "hallmark_interop", name = "Checker")]
pub struct Checker {
    hallmark: Hallmark,
    config: Config,
    threads: usize,
}

/// What stands beside messages.
#[derive(Default)]
pub struct Beside {
    /// One source for all, or one a row.
    one: String,
    sources: Option<Column>,
    payloads: Option<Vec<Option<u64>>>,
    lines: Option<Vec<Option<u64>>>,
}

impl Beside {
    pub fn new(
        messages: &Column,
        source: &Bound<'_, PyAny>,
        payload: Option<&Bound<'_, PyAny>>,
        line: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let numbers = |value: Option<&Bound<'_, PyAny>>, what: &str| match value {
            None => Ok(None),
            Some(value) => Column::beside(value, what)?.as_long_as(messages, what)?.numbers(what).map(Some),
        };
        let (one, sources) = match source.extract::<String>() {
            Ok(one) => (one, None),
            Err(_) => (String::new(), Some(Column::beside(source, "source")?.as_long_as(messages, "source")?)),
        };
        Ok(Self { one, sources, payloads: numbers(payload, "payload")?, lines: numbers(line, "line")? })
    }

    /// The payloads among the rows, each with its row. `before` payloads came before, where nobody numbers them.
    pub fn pieces<'m>(&'m self, messages: &'m Column, before: u64) -> PyResult<(Vec<usize>, Vec<Piece<'m>>)> {
        let sources = self.sources.as_ref().map(Column::bytes).transpose()?;
        let (mut rows, mut pieces) = (Vec::new(), Vec::new());
        for (row, bytes) in messages.bytes()?.into_iter().enumerate() {
            let Some(bytes) = bytes.filter(|bytes| !is_blank(bytes)) else { continue };
            let source = match &sources {
                Some(names) => names[row].and_then(|name| std::str::from_utf8(name).ok()).unwrap_or_default(),
                None => &self.one,
            };
            let counted = before + pieces.len() as u64 + 1;
            let payload = self.payloads.as_ref().and_then(|all| all[row]).unwrap_or(counted);
            let line = self.lines.as_ref().and_then(|all| all[row]).unwrap_or(1);
            rows.push(row);
            pieces.push(Piece { source, payload, line, bytes });
        }
        Ok((rows, pieces))
    }
}

impl Checker {
    /// Findings of all messages of a column.
    fn rows(&self, py: Python<'_>, messages: &Column, beside: &Beside) -> PyResult<Rows> {
        py.detach(|| {
            let (rows, pieces) = beside.pieces(messages, 0)?;
            let workers: Vec<Worker> =
                (0..threads(self.threads, pieces.len())).map(|_| self.hallmark.worker()).collect();
            let (done, workers) = check_all(&pieces, workers);
            let mut out = Rows::default();
            let mut settling = workers.into_iter().next().unwrap_or_else(|| self.hallmark.worker());
            for (row, done) in rows.into_iter().zip(done) {
                for finding in settling.settle(done) {
                    out.push(row, &finding);
                }
            }
            Ok(out)
        })
    }
}

#[pymethods]
impl Checker {
    #[new]
    #[pyo3(signature = (config, *, threads=0, hmac_key=None))]
    fn new(py: Python<'_>, config: &Config, threads: usize, hmac_key: Option<&Bound<'_, PyAny>>) -> PyResult<Self> {
        let key = match hmac_key {
            Some(key) => Some(match key.extract::<String>() {
                Ok(text) => text.trim().to_owned(),
                Err(_) => hex::encode(bytes(key)?),
            }),
            None => environment_key(py)?,
        };
        let key = key.map(|text| hex::decode(text.trim())).transpose();
        let key = key.map_err(|_| failure("the HMAC key must be at least 64 hexadecimal digits, or 32 bytes"))?;
        let hallmark = py.detach(|| {
            let _inside = gate::enter();
            config.build(key)
        })?;
        Ok(Self { hallmark, config: config.clone(), threads })
    }

    /// The settings.
    #[getter]
    fn config(&self) -> Config {
        self.config.clone()
    }

    /// Findings of one message, in order of place.
    #[pyo3(signature = (message, *, source="-"))]
    fn check(&self, py: Python<'_>, message: &Bound<'_, PyAny>, source: &str) -> PyResult<Vec<Finding>> {
        let bytes = bytes(message)?;
        Ok(py.detach(|| {
            let _inside = gate::enter();
            self.hallmark.check_as(source, &bytes).findings.iter().map(Finding::from).collect()
        }))
    }

    /// Findings of many messages as a table (`hallmark.findings.v1`). Null and blank rows are no payloads.
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
        let messages = Column::messages(messages)?;
        let beside = beside(py, &messages, source, payload, line)?;
        let ids = ids(&messages, id)?;
        self.rows(py, &messages, &beside)?.batch(ids.as_ref())
    }

    /// A list of findings for each message: what SQL functions return.
    fn check_column(&self, py: Python<'_>, messages: &Bound<'_, PyAny>) -> PyResult<table::Array> {
        let messages = Column::messages(messages)?;
        let present: Vec<bool> = messages.bytes()?.iter().map(Option::is_some).collect();
        self.rows(py, &messages, &Beside::default())?.lists(&present)
    }

    /// A FHIR OperationOutcome of one message, as JSON.
    fn operation_outcome<'py>(&self, py: Python<'py>, message: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
        let bytes = bytes(message)?;
        let written = py.detach(|| {
            let _inside = gate::enter();
            let checked = self.hallmark.check(&bytes);
            let format = Format::named("operation-outcome").ok_or_else(|| failure("there is no such format"))?;
            let options = WriteOptions { version: env!("CARGO_PKG_VERSION").to_owned(), ..WriteOptions::default() };
            let mut out = Vec::new();
            let mut writer = open(format, &options, &mut out)?;
            checked.findings.iter().try_for_each(|finding| writer.finding(finding))?;
            writer.close(&RunOutcome::default())?;
            Ok::<_, PyErr>(out)
        })?;
        Ok(PyBytes::new(py, &written))
    }

    /// A run that is counted and ends with a record. A run with a label is a part of a feed; `sources` says how many sources it
    /// counts, so that all parts together count each once.
    #[pyo3(signature = (*, source="-", sources=1, label=""))]
    fn run(&self, source: &str, sources: u64, label: &str) -> Run {
        Run::new(&self.hallmark, self.threads, source, sources, label)
    }

    fn __repr__(&self) -> String {
        format!("Checker({})", self.config.digest())
    }

    /// Without the key: where it is unpickled, it comes from `HALLMARK_HMAC_KEY`, or there is none.
    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let again = py.get_type::<Self>().getattr("_again")?;
        Ok((again, (self.config.clone(), self.threads).into_pyobject(py)?))
    }

    #[staticmethod]
    fn _again(py: Python<'_>, config: &Config, threads: usize) -> PyResult<Self> {
        Self::new(py, config, threads, None)
    }
}

/// What the caller says of where messages stand; without a source they stand in `-`, standard input.
pub fn beside(
    py: Python<'_>,
    messages: &Column,
    source: Option<&Bound<'_, PyAny>>,
    payload: Option<&Bound<'_, PyAny>>,
    line: Option<&Bound<'_, PyAny>>,
) -> PyResult<Beside> {
    match source {
        Some(source) => Beside::new(messages, source, payload, line),
        None => Beside::new(messages, pyo3::types::PyString::new(py, "-").as_any(), payload, line),
    }
}

/// The caller's ids, as one array.
pub fn ids(messages: &Column, id: Option<&Bound<'_, PyAny>>) -> PyResult<Option<arrow_array::ArrayRef>> {
    id.map(|id| Column::beside(id, "id")?.as_long_as(messages, "id")?.whole()).transpose()
}

/// The key that the environment holds, as Python sees it.
fn environment_key(py: Python<'_>) -> PyResult<Option<String>> {
    let environment = py.import("os")?.getattr("environ")?;
    let held = environment.call_method("get", ("HALLMARK_HMAC_KEY",), None::<&Bound<'_, PyDict>>)?;
    held.extract()
}
