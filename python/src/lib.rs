//! hallmark for Python: a checker over text, Arrow columns and runs, with Arrow in and Arrow out. The module behind `hallmark_interop`.

mod checker;
mod config;
mod finding;
mod gate;
mod records;
mod rows;
mod run;
mod table;
mod texts;
mod work;

use pyo3::create_exception;
use pyo3::exceptions::PyValueError;
use pyo3::prelude::*;

create_exception!(
    hallmark_interop,
    HallmarkError,
    PyValueError,
    "What hallmark cannot take: settings, packages, records."
);

/// An error of hallmark in its own words.
fn failure(what: impl std::fmt::Display) -> PyErr {
    HallmarkError::new_err(what.to_string())
}

/// Runs the command with the arguments of the process, as the script `hallmark` does; gives its exit code.
#[pyfunction]
fn command(py: Python<'_>, arguments: Vec<std::ffi::OsString>) -> u8 {
    py.detach(|| hallmark::cli::main_of(arguments).code())
}

#[pymodule]
fn _native(module: &Bound<'_, PyModule>) -> PyResult<()> {
    module.add("__version__", env!("CARGO_PKG_VERSION"))?;
    module.add("HallmarkError", module.py().get_type::<HallmarkError>())?;
    module.add_class::<config::Config>()?;
    module.add_class::<checker::Checker>()?;
    module.add_class::<finding::Finding>()?;
    module.add_class::<run::Run>()?;
    module.add_class::<table::RecordBatch>()?;
    module.add_class::<table::Array>()?;
    module.add_function(wrap_pyfunction!(records::merge, module)?)?;
    module.add_function(wrap_pyfunction!(records::pooled, module)?)?;
    module.add_function(wrap_pyfunction!(records::report, module)?)?;
    module.add_function(wrap_pyfunction!(records::fingerprint, module)?)?;
    module.add_function(wrap_pyfunction!(command, module)?)?;
    gate::register(module)
}
