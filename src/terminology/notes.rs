//! Codes that a run notes: what could not be decided, as questions for a terminology server, and what was seen, for comparing
//! releases. Workers share one; what comes out is sorted, so that it does not depend on their number.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Mutex, PoisonError};

/// A code whose membership or meaning could not be decided.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Question {
    /// The value set; empty where the code system alone was asked.
    pub value_set: String,
    /// The code system.
    pub system: String,
    /// The code.
    pub code: String,
    /// The display that came with it, or empty.
    pub display: String,
}

/// Most distinct entries of either kind that are kept.
const MOST: usize = 1_000_000;

/// What was noted.
#[derive(Debug, Default)]
pub struct Noted {
    /// Distinct questions, sorted.
    pub questions: BTreeSet<Question>,
    /// How often each (system, code) was seen.
    pub seen: BTreeMap<(String, String), u64>,
    /// Entries beyond the most that are kept.
    pub left_out: u64,
}

/// Takes notes.
#[derive(Debug, Default)]
pub struct Notes {
    noted: Mutex<Noted>,
}

impl Notes {
    /// Notes a code that could not be decided.
    pub fn ask(&self, value_set: &str, system: &str, code: &str, display: &str) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        if noted.questions.len() >= MOST {
            noted.left_out += 1;
            return;
        }
        noted.questions.insert(Question {
            value_set: value_set.to_owned(),
            system: system.to_owned(),
            code: code.to_owned(),
            display: display.to_owned(),
        });
    }

    /// Counts a code that was met.
    pub fn see(&self, system: &str, code: &str) {
        let mut noted = self.noted.lock().unwrap_or_else(PoisonError::into_inner);
        let key = (system.to_owned(), code.to_owned());
        if noted.seen.len() >= MOST && !noted.seen.contains_key(&key) {
            noted.left_out += 1;
            return;
        }
        *noted.seen.entry(key).or_default() += 1;
    }

    /// What was noted so far; nothing is left.
    pub fn take(&self) -> Noted {
        std::mem::take(&mut self.noted.lock().unwrap_or_else(PoisonError::into_inner))
    }
}
