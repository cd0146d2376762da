//! Names of organisations by ODS code: lines of `code,name`, so that a file of the organisation directory can be given as it is.

use std::collections::BTreeMap;

use super::separated::rows;
use crate::schema::{Fault, Faults};

/// Reads names; codes become capitals, further columns are passed over.
///
/// # Errors
/// A quote that is not closed, a line without a name, a code with two names, each with its place.
pub fn organisation_names(name: &str, text: &str) -> Result<BTreeMap<String, String>, Faults> {
    let mut out: BTreeMap<String, String> = BTreeMap::new();
    let mut faults = Vec::new();
    for row in rows(name, text, ',')? {
        let Some(code) = row.first() else { continue };
        let mut wrong = |says: &str, remedy: &str| faults.push(Fault::new(name, text, code.span.clone(), says, remedy));
        match row.get(1).map(|cell| cell.text.as_str()).filter(|called| !called.is_empty()) {
            None => wrong("this line gives a code and no name", "A line is code,name"),
            Some(called) => {
                let before = out.insert(code.text.to_ascii_uppercase(), called.to_owned());
                if before.is_some_and(|before| before != called) {
                    wrong("this code has another name above", "Keep one of the two");
                }
            }
        }
    }
    if faults.is_empty() { Ok(out) } else { Err(Faults(faults)) }
}
