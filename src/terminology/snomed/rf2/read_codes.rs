//! The last maps of Read v2 and CTV3 to SNOMED CT (NHS Data Migration, April 2020): which concept a Read code was translated to.
//!
//! Of each map row the latest date counts, and only where its status is above 0. Read codes are compared letter by letter, capitals
//! apart. A target that is no id, such as `_DRUG`, is none.

use super::file::ReleaseFile;
use super::rows::{date, each_row, number};
use crate::terminology::snomed::SnomedError;
use std::collections::{BTreeMap, BTreeSet};

/// Which of the two a file maps, by its name.
pub fn is_file(name: &str) -> Option<char> {
    let lower = name.to_ascii_lowercase();
    lower.strip_suffix(".txt")?;
    if lower.starts_with("rcsctmap2_uk") {
        Some('2')
    } else if lower.starts_with("ctv3sctmap2_uk") {
        Some('3')
    } else {
        None
    }
}

/// Map id: its latest date, status, code and target.
type Latest = BTreeMap<Vec<u8>, (u32, bool, String, Option<u64>)>;

/// Concepts by `2` or `3` and the code of five characters.
#[derive(Debug, Default)]
pub struct ReadCodes {
    rows: [Latest; 2],
}

impl ReadCodes {
    /// Reads one file. Columns are found by the names of its first line.
    pub fn read(&mut self, file: &ReleaseFile) -> Result<(), SnomedError> {
        let kind = is_file(&file.name).unwrap_or('2');
        let rows = &mut self.rows[usize::from(kind == '3')];
        let mut columns = [usize::MAX; 5];
        each_row(file, &mut |row, line| {
            if line == 1 {
                let names: [&[&str]; 5] = [
                    &["mapid"],
                    &["readcode", "ctv3_conceptid"],
                    &["conceptid", "sct_conceptid"],
                    &["effectivedate"],
                    &["mapstatus"],
                ];
                for (column, known) in columns.iter_mut().zip(names) {
                    let is = |at: &usize| {
                        let cell = String::from_utf8_lossy(row.get(*at)).to_ascii_lowercase();
                        known.contains(&cell.trim())
                    };
                    *column = (0..row.len()).find(is).unwrap_or(usize::MAX);
                }
                return match columns.iter().position(|at| *at == usize::MAX) {
                    None => Ok(()),
                    Some(at) => Err(SnomedError::Header {
                        file: file.name.clone(),
                        column: ["MapId", "ReadCode", "ConceptId", "EffectiveDate", "MapStatus"][at],
                    }),
                };
            }
            let cell = |at: usize| row.get(columns[at]);
            let day = date(cell(3)).unwrap_or(0);
            let live = number(cell(4)).is_some_and(|status| status > 0);
            let code = String::from_utf8_lossy(cell(1)).into_owned();
            let id = cell(0).to_vec();
            if rows.get(&id).is_none_or(|before| before.0 <= day) {
                rows.insert(id, (day, live, code, number(cell(2))));
            }
            Ok(())
        })?;
        Ok(())
    }

    /// Distinct (key, concept), sorted: `2` or `3` before the code.
    pub fn pairs(&self) -> BTreeSet<(String, u64)> {
        let mut found = BTreeSet::new();
        for (kind, rows) in ["2", "3"].into_iter().zip(&self.rows) {
            let live = rows.values().filter(|(_, live, ..)| *live);
            found.extend(live.filter_map(|(_, _, code, target)| Some((format!("{kind}{code}"), (*target)?))));
        }
        found
    }
}
