//! Messages, names and numbers as they come: lists, or any Arrow array, stream or column.

use arrow_array::cast::AsArray;
use arrow_array::{Array, ArrayRef, Int64Array, StringArray, StructArray, types};
use arrow_schema::DataType;
use pyo3::exceptions::{PyTypeError, PyValueError};
use pyo3::prelude::*;
use pyo3::types::{PyBytes, PyString};
use pyo3_arrow::input::AnyArray;

use crate::failure;

/// A column in chunks; what Python gave as a list is one chunk.
pub struct Column {
    chunks: Vec<ArrayRef>,
    len: usize,
}

fn arrow(value: &Bound<'_, PyAny>) -> PyResult<bool> {
    Ok(value.hasattr("__arrow_c_array__")? || value.hasattr("__arrow_c_stream__")?)
}

impl Column {
    /// Messages: texts or bytes.
    pub fn messages(value: &Bound<'_, PyAny>) -> PyResult<Self> {
        if value.is_instance_of::<PyString>() || value.is_instance_of::<PyBytes>() {
            return Err(PyTypeError::new_err("one message is checked by check(); here a list or a column is taken"));
        }
        if arrow(value)? {
            return Self::of_arrow(value, "messages");
        }
        let mut builder = arrow_array::builder::LargeBinaryBuilder::new();
        for item in value.try_iter()? {
            let item = item?;
            if item.is_none() {
                builder.append_null();
            } else {
                builder.append_value(bytes(&item)?);
            }
        }
        Ok(Self::one(std::sync::Arc::new(builder.finish())))
    }

    /// Texts or whole numbers that the caller gives beside messages.
    pub fn beside(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        if arrow(value)? {
            return Self::of_arrow(value, what);
        }
        let array: ArrayRef = match value.extract::<Vec<Option<i64>>>() {
            Ok(numbers) => std::sync::Arc::new(Int64Array::from(numbers)),
            Err(_) => std::sync::Arc::new(StringArray::from(value.extract::<Vec<Option<String>>>()?)),
        };
        Ok(Self::one(array))
    }

    fn one(array: ArrayRef) -> Self {
        Self { len: array.len(), chunks: vec![array] }
    }

    fn of_arrow(value: &Bound<'_, PyAny>, what: &str) -> PyResult<Self> {
        let (chunks, field) = value.extract::<AnyArray>()?.into_chunked_array()?.into_inner();
        let chunks: Vec<ArrayRef> = chunks.into_iter().map(|chunk| flat(chunk, what)).collect::<PyResult<_>>()?;
        if chunks.is_empty() {
            flat(arrow_array::new_empty_array(field.data_type()), what)?;
        }
        Ok(Self { len: chunks.iter().map(|chunk| chunk.len()).sum(), chunks })
    }

    /// Bytes of each row; nothing where it is null.
    pub fn bytes(&self) -> PyResult<Vec<Option<&[u8]>>> {
        let mut rows = Vec::with_capacity(self.len);
        for chunk in &self.chunks {
            match chunk.data_type() {
                DataType::Utf8 => rows.extend(chunk.as_string::<i32>().iter().map(|v| v.map(str::as_bytes))),
                DataType::LargeUtf8 => rows.extend(chunk.as_string::<i64>().iter().map(|v| v.map(str::as_bytes))),
                DataType::Utf8View => rows.extend(chunk.as_string_view().iter().map(|v| v.map(str::as_bytes))),
                DataType::Binary => rows.extend(chunk.as_binary::<i32>().iter()),
                DataType::LargeBinary => rows.extend(chunk.as_binary::<i64>().iter()),
                DataType::BinaryView => rows.extend(chunk.as_binary_view().iter()),
                DataType::Null => rows.extend(std::iter::repeat_n(None, chunk.len())),
                other => return Err(PyTypeError::new_err(format!("messages are text or bytes, not {other}"))),
            }
        }
        Ok(rows)
    }

    /// Whole numbers from 1, one a row.
    pub fn numbers(&self, what: &str) -> PyResult<Vec<Option<u64>>> {
        let mut rows = Vec::with_capacity(self.len);
        for chunk in &self.chunks {
            if !chunk.data_type().is_integer() && *chunk.data_type() != DataType::Null {
                return Err(PyTypeError::new_err(format!("{what}: whole numbers, not {}", chunk.data_type())));
            }
            let cast = arrow_cast::cast(chunk, &DataType::Int64).map_err(failure)?;
            rows.extend(cast.as_primitive::<types::Int64Type>().iter().map(|v| v.and_then(|n| u64::try_from(n).ok())));
        }
        Ok(rows)
    }

    /// All rows as one array.
    pub fn whole(&self) -> PyResult<ArrayRef> {
        let chunks: Vec<&dyn Array> = self.chunks.iter().map(AsRef::as_ref).collect();
        match chunks.as_slice() {
            [] => Ok(arrow_array::new_null_array(&DataType::Utf8, 0)),
            _ => arrow_select::concat::concat(&chunks).map_err(failure),
        }
    }

    /// Refuses a column of another length.
    pub fn as_long_as(self, messages: &Self, what: &str) -> PyResult<Self> {
        if self.len == messages.len {
            return Ok(self);
        }
        Err(PyValueError::new_err(format!("{what}: {} rows beside {} messages", self.len, messages.len)))
    }
}

/// A chunk without a dictionary or run lengths; of a table with one column, the column.
fn flat(chunk: ArrayRef, what: &str) -> PyResult<ArrayRef> {
    match chunk.data_type() {
        DataType::Dictionary(_, of) => arrow_cast::cast(&chunk, of).map_err(failure),
        DataType::RunEndEncoded(_, of) => arrow_cast::cast(&chunk, of.data_type()).map_err(failure),
        DataType::Struct(fields) if fields.len() == 1 => {
            let table: &StructArray = chunk.as_struct();
            flat(table.column(0).clone(), what)
        }
        DataType::Struct(fields) => {
            let says = format!("{what}: a column is asked for, not a table of {}", fields.len());
            Err(PyTypeError::new_err(says))
        }
        _ => Ok(chunk),
    }
}

/// Text or bytes as they are.
pub fn bytes(item: &Bound<'_, PyAny>) -> PyResult<Vec<u8>> {
    if let Ok(text) = item.cast::<PyString>() {
        // A text with lone surrogates is no text: its bytes are told as such by the reader.
        return match text.to_str() {
            Ok(text) => Ok(text.as_bytes().to_vec()),
            Err(_) => item.call_method1("encode", ("utf-8", "surrogatepass"))?.extract(),
        };
    }
    if let Ok(bytes) = item.cast::<PyBytes>() {
        return Ok(bytes.as_bytes().to_vec());
    }
    item.extract::<Vec<u8>>().map_err(|_| {
        let kind = item.get_type().name().map(|name| name.to_string()).unwrap_or_default();
        PyTypeError::new_err(format!("a message is text or bytes, not {kind}"))
    })
}

/// Blank rows are no payloads, as blank lines of a feed are none.
pub fn is_blank(bytes: &[u8]) -> bool {
    bytes.iter().all(u8::is_ascii_whitespace)
}
