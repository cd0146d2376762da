//! Settings: those of hallmark.toml as arguments, frozen, with the day of the run and a digest; never a key.

use std::path::{Path, PathBuf};

use hallmark::session::{BuildError, Hallmark};
use hallmark::settings::{ConfigFile, Date};
use pyo3::exceptions::{PyOSError, PyTypeError};
use pyo3::prelude::*;
use pyo3::types::{PyDict, PyString, PyTuple};
use sha2::{Digest, Sha256};

use crate::failure;

/// Settings of a checker. `today` has no default, since whoever runs on many machines must not read their clocks.
#[pyclass(frozen, eq, hash, module = "hallmark_interop", name = "Config")]
#[derive(Clone, PartialEq, Eq, Hash)]
pub struct Config {
    /// The settings as a hallmark.toml.
    text: String,
    /// Its name, from which relative names of files are taken.
    path: PathBuf,
    /// The day of the run, YYYY-MM-DD.
    today: String,
}

impl Config {
    fn new(text: String, path: PathBuf, today: String) -> PyResult<Self> {
        let config = Self { text, path, today };
        config.settings()?;
        Ok(config)
    }

    fn file(&self) -> PyResult<ConfigFile> {
        ConfigFile::read(&self.path, &self.text).map_err(failure)
    }

    fn day(&self) -> PyResult<Date> {
        Date::parse(&self.today).ok_or_else(|| failure("today takes a day such as 2026-01-31"))
    }

    /// Settings that agree with the schema, the day and each other.
    fn settings(&self) -> PyResult<()> {
        let written: toml::Table = self.text.parse().map_err(failure)?;
        if written.contains_key("hmac-key-file") {
            return Err(failure("hmac-key-file: the key is given to Checker, or stands in HALLMARK_HMAC_KEY"));
        }
        hallmark::settings::resolve(Some(&self.file()?), &[], &Default::default(), self.day()?).map_err(failure)?;
        Ok(())
    }

    /// A checker with these settings. Digests of an index are taken by a pool of this call's own: the one that all would share has no
    /// threads after a fork.
    pub fn build(&self, key: Option<Vec<u8>>) -> PyResult<Hallmark> {
        let builder = Hallmark::builder().config(self.file()?).today(self.day()?);
        let builder = match key {
            Some(key) => builder.key(key),
            None => builder,
        };
        let terminology = self.text.contains("terminology");
        let built = match terminology.then(|| rayon::ThreadPoolBuilder::new().build()) {
            Some(pool) => pool.map_err(failure)?.install(|| builder.build()),
            None => builder.build(),
        };
        built.map_err(|error: BuildError| failure(error))
    }
}

#[pymethods]
impl Config {
    #[new]
    #[pyo3(signature = (*, today, standard=None, profiles=None, packages=None, terminology=None, fhir_version=None, rules=None,
        shadow=None, severity=None, waivers=None, environment="test", partner=None, product=None, interface=None,
        period=None, limits=None))]
    #[allow(clippy::too_many_arguments, reason = "each is a setting, given by name")]
    fn with(
        today: &Bound<'_, PyAny>,
        standard: Option<&Bound<'_, PyAny>>,
        profiles: Option<&Bound<'_, PyAny>>,
        packages: Option<&Bound<'_, PyAny>>,
        terminology: Option<&Bound<'_, PyAny>>,
        fhir_version: Option<&Bound<'_, PyAny>>,
        rules: Option<&Bound<'_, PyAny>>,
        shadow: Option<&Bound<'_, PyAny>>,
        severity: Option<&Bound<'_, PyAny>>,
        waivers: Option<&Bound<'_, PyAny>>,
        environment: &str,
        partner: Option<&Bound<'_, PyAny>>,
        product: Option<&Bound<'_, PyAny>>,
        interface: Option<&Bound<'_, PyAny>>,
        period: Option<&Bound<'_, PyAny>>,
        limits: Option<&Bound<'_, PyAny>>,
    ) -> PyResult<Self> {
        let mut table = toml::Table::new();
        let given = [
            ("standard", standard),
            ("profiles", profiles),
            ("packages", packages),
            ("terminology", terminology),
            ("fhir-version", fhir_version),
            ("rules", rules),
            ("shadow", shadow),
            ("severity", severity),
            ("waiver", waivers),
            ("partner", partner),
            ("product", product),
            ("interface", interface),
            ("period", period),
            ("limits", limits),
        ];
        table.insert("environment".to_owned(), environment.into());
        for (key, value) in given {
            if let Some(value) = value {
                let value = setting(value)
                    .map_err(|error| PyTypeError::new_err(format!("{}: {error}", key.replace('-', "_"))))?;
                let empty = value.as_array().is_some_and(Vec::is_empty);
                if !empty {
                    table.insert(key.to_owned(), value);
                }
            }
        }
        let text = toml::to_string(&table).map_err(failure)?;
        Self::new(text, PathBuf::from("Config"), day(today)?)
    }

    /// Settings of a hallmark.toml. Names of files in it are relative to it. What it says of outputs is left alone.
    #[staticmethod]
    #[pyo3(signature = (path, *, today))]
    fn from_toml(path: PathBuf, today: &Bound<'_, PyAny>) -> PyResult<Self> {
        let text = std::fs::read_to_string(&path)
            .map_err(|error| PyOSError::new_err(format!("{}: {error}", path.display())))?;
        Self::new(text, path, day(today)?)
    }

    /// The settings as a hallmark.toml.
    #[getter]
    fn toml(&self) -> &str {
        &self.text
    }

    /// The day of the run.
    #[getter]
    fn today(&self) -> &str {
        &self.today
    }

    /// SHA-256 over the settings and the day. What packages hold is told by the digests in records.
    #[getter]
    pub fn digest(&self) -> String {
        let mut digest = Sha256::new();
        let folder = self.path.parent().unwrap_or(Path::new("")).to_string_lossy().into_owned();
        for part in [self.text.as_str(), &folder, &self.today] {
            digest.update((part.len() as u64).to_le_bytes());
            digest.update(part);
        }
        format!("sha256:{}", hex::encode(digest.finalize()))
    }

    fn __repr__(&self) -> String {
        format!("Config(today={}, digest={})", self.today, &self.digest()[..19])
    }

    fn __reduce__<'py>(&self, py: Python<'py>) -> PyResult<(Bound<'py, PyAny>, Bound<'py, PyTuple>)> {
        let again = py.get_type::<Self>().getattr("_again")?;
        let path = self.path.to_string_lossy();
        Ok((again, PyTuple::new(py, [self.text.as_str(), &path, &self.today])?))
    }

    #[staticmethod]
    fn _again(text: String, path: PathBuf, today: String) -> PyResult<Self> {
        Self::new(text, path, today)
    }
}

/// A day as text, or a `datetime.date`.
pub fn day(value: &Bound<'_, PyAny>) -> PyResult<String> {
    if let Ok(text) = value.cast::<PyString>() {
        return Ok(text.to_str()?.to_owned());
    }
    let text: String = value.call_method0("isoformat")?.extract()?;
    Ok(text.get(..10).unwrap_or(&text).to_owned())
}

/// A value of TOML: text, whole number, truth, path, sequence or mapping. Names of members may be written with `_`.
fn setting(value: &Bound<'_, PyAny>) -> PyResult<toml::Value> {
    if let Ok(text) = value.extract::<String>() {
        return Ok(toml::Value::String(text));
    }
    if let Ok(truth) = value.extract::<bool>() {
        return Ok(toml::Value::Boolean(truth));
    }
    if let Ok(number) = value.extract::<i64>() {
        return Ok(toml::Value::Integer(number));
    }
    if let Ok(members) = value.cast::<PyDict>() {
        let mut table = toml::Table::new();
        for (name, member) in members {
            let name: String = name.extract()?;
            // Rules are named with `-`, and so are settings.
            table.insert(name.replace('_', "-"), setting(&member)?);
        }
        return Ok(toml::Value::Table(table));
    }
    if value.hasattr("__fspath__")? {
        return Ok(toml::Value::String(value.extract::<PathBuf>()?.to_string_lossy().into_owned()));
    }
    if value.hasattr("isoformat")? {
        return Ok(toml::Value::String(day(value)?));
    }
    let items = value.try_iter()?.map(|item| setting(&item?)).collect::<PyResult<Vec<_>>>()?;
    Ok(toml::Value::Array(items))
}
