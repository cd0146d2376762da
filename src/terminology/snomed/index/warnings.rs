//! What a build found wrong with a release and went on from: counted, with the first place of each kind.

use std::collections::BTreeMap;

/// One kind of fault of a release.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// What is wrong.
    pub what: &'static str,
    /// How many rows or components.
    pub count: u64,
    /// First file and line (from 1) it was seen at, where there is one.
    pub first: Option<(String, u64)>,
    /// For references to absent concepts: the most frequent ones and how many rows name them.
    pub concepts: Vec<(u64, u64)>,
    /// For circles: child and parent of the relationships that were left out.
    pub edges: Vec<(u64, u64)>,
}

impl Warning {
    /// The warning in words.
    pub fn says(&self) -> String {
        let mut out = format!("{} {}", self.count, self.what);
        if let Some((file, line)) = &self.first {
            out += &if *line > 0 { format!(", first at {file}:{line}") } else { format!(": {file}") };
        }
        if !self.concepts.is_empty() {
            let listed: Vec<String> = self.concepts.iter().take(5).map(|(id, _)| id.to_string()).collect();
            out += &format!(": {}", listed.join(", "));
        }
        if !self.edges.is_empty() {
            let listed: Vec<String> =
                self.edges.iter().take(5).map(|(child, parent)| format!("{child} is a {parent}")).collect();
            out += &format!(": {}", listed.join(", "));
        }
        out
    }
}

/// Warnings by kind.
#[derive(Default)]
pub(super) struct Warnings {
    kinds: BTreeMap<&'static str, Warning>,
}

impl Warnings {
    pub(super) fn at(&mut self, what: &'static str, file: &str, line: u64) {
        let warning = self.kinds.entry(what).or_insert_with(|| Warning {
            what,
            count: 0,
            first: Some((file.to_owned(), line)),
            concepts: Vec::new(),
            edges: Vec::new(),
        });
        warning.count += 1;
    }

    pub(super) fn many(&mut self, what: &'static str, count: u64) {
        if count > 0 {
            let new = || Warning { what, count: 0, first: None, concepts: Vec::new(), edges: Vec::new() };
            self.kinds.entry(what).or_insert_with(new).count += count;
        }
    }

    /// Concepts that rows name but the release lacks, with the number of rows for each.
    pub(super) fn absent(&mut self, what: &'static str, mut concepts: Vec<(u64, u64)>) {
        if concepts.is_empty() {
            return;
        }
        concepts.sort_by_key(|(id, rows)| (std::cmp::Reverse(*rows), *id));
        let count = concepts.iter().map(|(_, rows)| rows).sum();
        concepts.truncate(10);
        self.kinds.insert(what, Warning { what, count, first: None, concepts, edges: Vec::new() });
    }

    /// Relationships that were left out, as child and parent.
    pub(super) fn left_out(&mut self, what: &'static str, mut edges: Vec<(u64, u64)>) {
        if edges.is_empty() {
            return;
        }
        edges.sort_unstable();
        let count = edges.len() as u64;
        edges.truncate(10);
        self.kinds.insert(what, Warning { what, count, first: None, concepts: Vec::new(), edges });
    }

    /// Components with several rows of one day that differ; the first of them by identifier.
    pub(super) fn contradictory(&mut self, what: &'static str, ids: Vec<u64>) {
        let rows = ids.into_iter().map(|id| (id, 1)).collect();
        self.absent(what, rows);
    }

    pub(super) fn list(self) -> Vec<Warning> {
        self.kinds.into_values().collect()
    }
}
