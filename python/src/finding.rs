//! A finding as Python sees it. No value of a message is in it.

use std::borrow::Cow;

use hallmark::report::{clean, says};
use pyo3::prelude::*;

/// One finding. A pipeline reads the same fields, in the same words, from every output of hallmark.
#[pyclass(frozen, get_all, eq, module = "hallmark_interop", name = "Finding")]
#[derive(Clone, PartialEq, Eq)]
pub struct Finding {
    source: String,
    payload: u64,
    line: u64,
    column: u32,
    end_line: u64,
    end_column: u32,
    rule: &'static str,
    name: &'static str,
    severity: &'static str,
    path: String,
    profile: String,
    element: String,
    origin: &'static str,
    resource: String,
    says: String,
    fingerprint: String,
    waived: bool,
    shadow: bool,
}

/// Text that passed the last gate.
pub fn passed(text: &str) -> Cow<'_, str> {
    clean(text)
}

impl From<&hallmark::finding::Finding> for Finding {
    fn from(found: &hallmark::finding::Finding) -> Self {
        let text = |text: &str| passed(text).into_owned();
        Self {
            source: text(&found.source),
            payload: found.payload,
            line: found.line,
            column: found.column,
            end_line: found.end.0,
            end_column: found.end.1,
            rule: found.meta.id,
            name: found.meta.name,
            severity: found.severity.as_str(),
            path: text(&found.path),
            profile: text(&found.profile),
            element: text(&found.element),
            origin: found.origin.as_str(),
            resource: text(&found.resource),
            says: text(&says(found)),
            fingerprint: found.fingerprint.clone(),
            waived: found.waived.is_some(),
            shadow: found.shadow,
        }
    }
}

#[pymethods]
impl Finding {
    fn __repr__(&self) -> String {
        format!("{}:{}: {} {} {}: {}", self.line, self.column, self.severity, self.rule, self.path, self.says)
    }
}
