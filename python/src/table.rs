//! What goes back: a table and an array that any reader of Arrow's C data interface takes (PyArrow, Polars, DuckDB, pandas).

use std::sync::Arc;

use arrow_array::{Array as _, ArrayRef, StructArray};
use arrow_schema::{DataType, Field, FieldRef};
use pyo3::prelude::*;
use pyo3::types::{PyCapsule, PyTuple};
use pyo3_arrow::ffi::{ArrayIterator, to_array_pycapsules, to_schema_pycapsule, to_stream_pycapsule};

/// A table. `pyarrow.record_batch(t)`, `polars.DataFrame(t)` and `duckdb.sql("from t")` take it without copying.
#[pyclass(frozen, module = "hallmark_interop", name = "RecordBatch")]
pub struct RecordBatch {
    batch: arrow_array::RecordBatch,
}

impl RecordBatch {
    pub fn new(batch: arrow_array::RecordBatch) -> Self {
        Self { batch }
    }

    fn field(&self) -> FieldRef {
        let schema = self.batch.schema();
        let field = Field::new("", DataType::Struct(schema.fields().clone()), false);
        Arc::new(field.with_metadata(schema.metadata().clone()))
    }
}

#[pymethods]
impl RecordBatch {
    #[getter]
    fn num_rows(&self) -> usize {
        self.batch.num_rows()
    }

    #[getter]
    fn column_names(&self) -> Vec<String> {
        self.batch.schema().fields().iter().map(|field| field.name().clone()).collect()
    }

    fn __len__(&self) -> usize {
        self.batch.num_rows()
    }

    fn __repr__(&self) -> String {
        format!("RecordBatch({} rows)", self.batch.num_rows())
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.batch.schema().as_ref())?)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        let whole = StructArray::from(self.batch.clone());
        Ok(to_array_pycapsules(py, self.field(), &whole, requested_schema)?)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let whole: ArrayRef = Arc::new(StructArray::from(self.batch.clone()));
        let one = ArrayIterator::new(vec![Ok(whole)], self.field());
        Ok(to_stream_pycapsule(py, Box::new(one), requested_schema)?)
    }
}

/// An array: a list of findings for each message. `pyarrow.array(a)` and `polars.Series(a)` take it.
#[pyclass(frozen, module = "hallmark_interop", name = "Array")]
pub struct Array {
    array: ArrayRef,
}

impl Array {
    pub fn new(array: ArrayRef) -> Self {
        Self { array }
    }

    fn field(&self) -> FieldRef {
        Arc::new(Field::new("", self.array.data_type().clone(), true))
    }
}

#[pymethods]
impl Array {
    fn __len__(&self) -> usize {
        self.array.len()
    }

    fn __repr__(&self) -> String {
        format!("Array({} lists of findings)", self.array.len())
    }

    fn __arrow_c_schema__<'py>(&self, py: Python<'py>) -> PyResult<Bound<'py, PyCapsule>> {
        Ok(to_schema_pycapsule(py, self.field().as_ref())?)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_array__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyTuple>> {
        Ok(to_array_pycapsules(py, self.field(), self.array.as_ref(), requested_schema)?)
    }

    #[pyo3(signature = (requested_schema=None))]
    fn __arrow_c_stream__<'py>(
        &self,
        py: Python<'py>,
        requested_schema: Option<Bound<'py, PyCapsule>>,
    ) -> PyResult<Bound<'py, PyCapsule>> {
        let one = ArrayIterator::new(vec![Ok(Arc::clone(&self.array))], self.field());
        Ok(to_stream_pycapsule(py, Box::new(one), requested_schema)?)
    }
}
