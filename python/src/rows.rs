//! Findings as columns: the schema `hallmark.findings.v1`.

use std::collections::HashMap;
use std::sync::{Arc, LazyLock};

use arrow_array::builder::{BooleanBuilder, Int32Builder, Int64Builder, StringBuilder};
use arrow_array::{ArrayRef, Int64Array, ListArray, StringArray, StructArray};
use arrow_buffer::{NullBuffer, OffsetBuffer};
use arrow_schema::{DataType, Field, Fields, Schema};
use hallmark::finding::Finding;
use hallmark::report::says;
use pyo3::prelude::*;

use crate::failure;
use crate::finding::passed;
use crate::table;

/// Name of the schema, in its metadata.
const SCHEMA: (&str, &str) = ("hallmark.schema", "hallmark.findings.v1");

/// What stands after row and id, in order: name, type, and whether a row may have none.
static COLUMNS: LazyLock<Vec<(&str, DataType, bool)>> = LazyLock::new(|| {
    vec![
        ("source", DataType::Utf8, false),
        ("payload", DataType::Int64, false),
        ("line", DataType::Int64, false),
        ("column", DataType::Int32, false),
        ("end_line", DataType::Int64, false),
        ("end_column", DataType::Int32, false),
        ("rule", DataType::Utf8, false),
        ("name", DataType::Utf8, false),
        ("severity", DataType::Utf8, false),
        ("path", DataType::Utf8, false),
        ("profile", DataType::Utf8, false),
        ("element", DataType::Utf8, false),
        ("origin", DataType::Utf8, false),
        ("resource", DataType::Utf8, false),
        ("says", DataType::Utf8, false),
        ("fingerprint", DataType::Utf8, true),
        ("waived", DataType::Boolean, false),
        ("shadow", DataType::Boolean, false),
    ]
});

/// Texts of [`COLUMNS`] in order, without the fingerprint.
const TEXTS: usize = 10;

/// Findings of a batch, by column.
#[derive(Default)]
pub struct Rows {
    rows: Vec<i64>,
    texts: [StringBuilder; TEXTS],
    payload: Int64Builder,
    places: [Int64Builder; 2],
    columns: [Int32Builder; 2],
    fingerprint: StringBuilder,
    flags: [BooleanBuilder; 2],
}

impl Rows {
    /// Adds a finding of a row. An empty fingerprint is none.
    pub fn push(&mut self, row: usize, found: &Finding) {
        self.rows.push(row as i64);
        let says = says(found);
        let texts: [&str; TEXTS] = [
            &found.source,
            found.meta.id,
            found.meta.name,
            found.severity.as_str(),
            &found.path,
            &found.profile,
            &found.element,
            found.origin.as_str(),
            &found.resource,
            &says,
        ];
        for (column, text) in self.texts.iter_mut().zip(texts) {
            column.append_value(passed(text));
        }
        self.payload.append_value(found.payload as i64);
        for (column, line) in self.places.iter_mut().zip([found.line, found.end.0]) {
            column.append_value(line as i64);
        }
        for (column, at) in self.columns.iter_mut().zip([found.column, found.end.1]) {
            column.append_value(i32::try_from(at).unwrap_or(i32::MAX));
        }
        self.fingerprint.append_option((!found.fingerprint.is_empty()).then_some(&found.fingerprint));
        self.flags[0].append_value(found.waived.is_some());
        self.flags[1].append_value(found.shadow);
    }

    /// The columns in the order of the schema.
    fn finish(mut self) -> (Vec<i64>, Vec<ArrayRef>) {
        let [source, rest @ ..] = self.texts.map(|mut column| -> ArrayRef { Arc::new(column.finish()) });
        let [line, end_line] = self.places.map(|mut column| -> ArrayRef { Arc::new(column.finish()) });
        let [column, end_column] = self.columns.map(|mut column| -> ArrayRef { Arc::new(column.finish()) });
        let [waived, shadow] = self.flags.map(|mut column| -> ArrayRef { Arc::new(column.finish()) });
        let mut all = vec![source, Arc::new(self.payload.finish()), line, column, end_line, end_column];
        all.extend(rest);
        all.extend([Arc::new(self.fingerprint.finish()) as ArrayRef, waived, shadow]);
        (self.rows, all)
    }

    /// A table of the findings, with the caller's ids where there are some.
    pub fn batch(self, ids: Option<&ArrayRef>) -> PyResult<table::RecordBatch> {
        let (rows, columns) = self.finish();
        let rows = Int64Array::from(rows);
        let ids: ArrayRef = match ids {
            Some(ids) => arrow_select::take::take(ids, &rows, None).map_err(failure)?,
            None => Arc::new(StringArray::new_null(rows.len())),
        };
        let mut fields =
            vec![Field::new("row", DataType::Int64, false), Field::new("id", ids.data_type().clone(), true)];
        fields.extend(COLUMNS.iter().map(|(name, of, null)| Field::new(*name, of.clone(), *null)));
        let metadata = HashMap::from([(SCHEMA.0.to_owned(), SCHEMA.1.to_owned())]);
        let schema = Arc::new(Schema::new_with_metadata(fields, metadata));
        let mut all: Vec<ArrayRef> = vec![Arc::new(rows), ids];
        all.extend(columns);
        let batch = arrow_array::RecordBatch::try_new(schema, all).map_err(failure)?;
        Ok(table::RecordBatch::new(batch))
    }

    /// A list of findings for each row, of what a message alone tells; nothing for a row without one.
    pub fn lists(self, present: &[bool]) -> PyResult<table::Array> {
        let (rows, columns) = self.finish();
        let told = |name: &str| !["source", "payload", "fingerprint"].contains(&name);
        let (fields, columns): (Vec<Field>, Vec<ArrayRef>) = COLUMNS
            .iter()
            .zip(columns)
            .filter(|((name, _, _), _)| told(name))
            .map(|((name, of, null), column)| (Field::new(*name, of.clone(), *null), column))
            .unzip();
        let mut counts = vec![0usize; present.len()];
        rows.iter().for_each(|row| counts[*row as usize] += 1);
        let fields = Fields::from(fields);
        let structs = StructArray::new(fields.clone(), columns, None);
        let item = Arc::new(Field::new("item", DataType::Struct(fields), false));
        let nulls = NullBuffer::from(present.to_vec());
        let lists = ListArray::try_new(item, OffsetBuffer::from_lengths(counts), Arc::new(structs), Some(nulls));
        Ok(table::Array::new(Arc::new(lists.map_err(failure)?)))
    }
}
