//! Records: many into one, and the gap report over them.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use arrow_array::ArrayRef;
use arrow_array::builder::{BinaryBuilder, Int64Builder, StringBuilder};
use arrow_schema::{DataType, Field, Schema};
use hallmark::kitemark::{Attestations, Beside, CriteriaSet};
use hallmark::record::{KeyTotals, Record};
use hallmark::report::gap::{Audience, Material, MaterialKind, Report, ReportFormat, ReportInput, render};
use hallmark::settings::Date;
use pyo3::exceptions::PyOSError;
use pyo3::prelude::*;
use pyo3::types::PyBytes;
use sha2::{Digest, Sha256};

use crate::config::day;
use crate::failure;
use crate::gate;
use crate::table;

fn read(bytes: &[u8], n: usize) -> PyResult<Record> {
    let name = format!("record {}", n + 1);
    Record::read_from(&name, bytes, None).map_err(failure)?.map_err(failure)
}

/// One record of many. Refuses the same run twice, and runs of different versions, rules, packages or keys.
#[pyfunction]
pub fn merge<'py>(py: Python<'py>, records: &Bound<'py, PyAny>) -> PyResult<Bound<'py, PyBytes>> {
    let given = given(records)?;
    let bytes = py.detach(|| {
        let _inside = gate::enter();
        let all = given.iter().enumerate().map(|(n, bytes)| read(bytes, n)).collect::<PyResult<Vec<_>>>()?;
        let whole = hallmark::record::merge(all).map_err(failure)?;
        let mut bytes = Vec::new();
        whole.write(&mut bytes).map_err(failure)?;
        Ok::<_, PyErr>(bytes)
    })?;
    Ok(PyBytes::new(py, &bytes))
}

/// The record of a whole with what its pseudonyms came to when an engine grouped them: of each kind how often any was seen, distinct
/// keys, and keys with more than one fact.
#[pyfunction]
pub fn pooled<'py>(
    py: Python<'py>,
    record: &[u8],
    totals: Vec<(String, u64, u64, u64)>,
) -> PyResult<Bound<'py, PyBytes>> {
    let bytes = py.detach(|| {
        let _inside = gate::enter();
        let mut record = read(record, 0)?;
        let mut parts: Vec<_> = record.parts.values_mut().collect();
        let [part] = parts.as_mut_slice() else {
            return Err(failure(
                "pseudonyms are pooled of one partner, product, interface, environment and month at a time",
            ));
        };
        if !part.keys.is_empty() {
            return Err(failure("this record holds its pseudonyms itself"));
        }
        for (kind, sightings, keys, contradicted) in totals {
            if keys > sightings
                || contradicted > keys
                || !part.take_pooled(&kind, KeyTotals { sightings, keys, contradicted })
            {
                return Err(failure(format!("{kind}: no kind of pseudonyms, or counts that cannot be")));
            }
        }
        let mut bytes = Vec::new();
        record.write(&mut bytes).map_err(failure)?;
        Ok::<_, PyErr>(bytes)
    })?;
    Ok(PyBytes::new(py, &bytes))
}

/// Pseudonyms of a record as a table.
pub fn pseudonyms(record: &Record) -> PyResult<table::RecordBatch> {
    let (mut kinds, mut counts) = (StringBuilder::new(), Int64Builder::new());
    let (mut keys, mut facts) = (BinaryBuilder::new(), BinaryBuilder::new());
    for part in record.parts.values() {
        for row in part.keys.rows().map_err(failure)? {
            let row = row.map_err(failure)?;
            kinds.append_value(row.kind.as_str());
            keys.append_value(row.key);
            facts.append_value(row.fact);
            counts.append_value(row.count as i64);
        }
    }
    let field = |name: &str, of: DataType| Field::new(name, of, false);
    let schema = Schema::new(vec![
        field("kind", DataType::Utf8),
        field("key", DataType::Binary),
        field("fact", DataType::Binary),
        field("count", DataType::Int64),
    ]);
    let columns: Vec<ArrayRef> =
        vec![Arc::new(kinds.finish()), Arc::new(keys.finish()), Arc::new(facts.finish()), Arc::new(counts.finish())];
    arrow_array::RecordBatch::try_new(Arc::new(schema), columns).map(table::RecordBatch::new).map_err(failure)
}

fn given(records: &Bound<'_, PyAny>) -> PyResult<Vec<Vec<u8>>> {
    records.try_iter()?.map(|record| crate::texts::bytes(&record?)).collect()
}

/// Files and records that a report is made of, taken down as they are read: it lists them with their digests.
#[derive(Default)]
struct Materials(RefCell<Vec<Material>>);

impl Materials {
    fn take(&self, kind: MaterialKind, file: String, bytes: &[u8]) {
        let sha256 = hex::encode(Sha256::digest(bytes));
        self.0.borrow_mut().push(Material { kind, file, sha256, signed_by: None });
    }

    fn bytes(&self, kind: MaterialKind, path: &Path) -> io::Result<Vec<u8>> {
        let bytes = std::fs::read(path)?;
        self.take(kind, path.display().to_string(), &bytes);
        Ok(bytes)
    }

    fn text(&self, kind: MaterialKind, path: &Path) -> PyResult<String> {
        let fault = |what: String| PyOSError::new_err(format!("{}: {what}", path.display()));
        let bytes = self.bytes(kind, path).map_err(|error| fault(error.to_string()))?;
        String::from_utf8(bytes).map_err(|_| fault("no text in UTF-8".to_owned()))
    }
}

/// The gap report over records: html, json, markdown, csv or xlsx. `criteria` is a file or the name of a set that ships;
/// `attestations` are files. The day of the report is that of the latest run unless `today` says another.
#[pyfunction]
#[pyo3(signature = (records, *, format="html", criteria=None, attestations=Vec::new(), audience="design-authority", today=None))]
pub fn report<'py>(
    py: Python<'py>,
    records: &Bound<'py, PyAny>,
    format: &str,
    criteria: Option<PathBuf>,
    attestations: Vec<PathBuf>,
    audience: &str,
    today: Option<&Bound<'py, PyAny>>,
) -> PyResult<Bound<'py, PyBytes>> {
    let format = ReportFormat::parse(format).ok_or_else(|| failure(format!("there is no report format {format}")))?;
    let audience = Audience::parse(audience).ok_or_else(|| failure(format!("there is no audience {audience}")))?;
    let given = given(records)?;
    let records = given.iter().enumerate().map(|(n, bytes)| read(bytes, n)).collect::<PyResult<Vec<_>>>()?;
    let materials = Materials::default();
    given
        .iter()
        .enumerate()
        .for_each(|(n, bytes)| materials.take(MaterialKind::Record, format!("record {}", n + 1), bytes));
    let latest = records.iter().flat_map(|record| record.parts.values()).map(|part| part.collected.clone()).max();
    let text = today.map(day).transpose()?.or(latest).unwrap_or_default();
    let today = Date::parse(&text).ok_or_else(|| failure("today takes a day such as 2026-01-31"))?;
    let set = match &criteria {
        None => CriteriaSet::embedded(CriteriaSet::DEFAULT),
        Some(path) if path.exists() => {
            CriteriaSet::read(&path.display().to_string(), &materials.text(MaterialKind::Criteria, path)?)
        }
        Some(path) => CriteriaSet::embedded(&path.display().to_string()),
    };
    let set = set.map_err(failure)?;
    let mut stated = Attestations::default();
    for path in &attestations {
        let (name, text) = (path.display().to_string(), materials.text(MaterialKind::Statement, path)?);
        match path.extension().is_some_and(|x| x == "csv") {
            true => stated.add_csv(&name, &text, &set),
            false => stated.add(&name, &text, &set),
        }
        .map_err(failure)?;
    }
    let beside = |kind: Beside, from: &str, file: &str| {
        let folder = Path::new(from).parent().unwrap_or_else(|| Path::new(""));
        let kind = match kind {
            Beside::Evidence => MaterialKind::Evidence,
            Beside::Document => MaterialKind::Document,
        };
        materials.bytes(kind, &folder.join(file)).ok()
    };
    stated.settle(&set, today, &beside).map_err(failure)?;
    let materials = materials.0.into_inner();
    let bytes = py.detach(|| {
        let _inside = gate::enter();
        let input = ReportInput {
            records,
            set,
            attestations: stated,
            previous: None,
            audience,
            version: env!("CARGO_PKG_VERSION").to_owned(),
            today,
            disclosure: false,
            smallest: ReportInput::SMALLEST,
            materials,
            names: BTreeMap::new(),
            decided: None,
        };
        let report = Report::new(input).map_err(failure)?;
        let mut bytes = Vec::new();
        render(&report, format, &mut bytes).map_err(failure)?;
        Ok::<_, PyErr>(bytes)
    })?;
    Ok(PyBytes::new(py, &bytes))
}

/// The fingerprint of a finding, for whoever numbers the like findings of a source (from 1) outside.
#[pyfunction]
#[pyo3(signature = (rule, profile, path, occurrence))]
pub fn fingerprint(rule: &str, profile: &str, path: &str, occurrence: u32) -> String {
    hallmark::finding::fingerprint(rule, profile, path, occurrence)
}
