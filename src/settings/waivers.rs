//! Waivers: accepted findings with a reason, an owner, an approver and a last day.

use globset::{GlobBuilder, GlobMatcher};
use serde::Deserialize;

use super::rules::{WAIVER_EXPIRED, WAIVER_UNUSED};
use super::select::is_called;
use super::sources::SourceGlob;
use crate::finding::{Finding, Meta, Origin, definition_path};
use crate::schema::{Checked, Fault};
use crate::text::{Date, Span};

/// One waiver as written.
#[derive(Clone, Debug, Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
pub struct Waiver {
    /// Rule id or name.
    pub rule: String,
    /// Element path without indices; `*` stands for any run of letters.
    pub path: Option<String>,
    /// Canonical of the profile that asks.
    pub profile: Option<String>,
    /// Glob over source names.
    pub source: Option<String>,
    /// ODS code of the partner it holds for.
    pub partner: Option<String>,
    /// Why the finding is accepted.
    pub reason: String,
    /// Who mends it.
    pub owner: String,
    /// Who accepted it.
    pub approved_by: String,
    /// Last day it holds.
    pub expires: String,
    /// Where the work is tracked.
    pub ticket: Option<String>,
}

/// The waivers of a run, with what each has covered.
#[derive(Clone, Debug, Default)]
pub struct Waivers {
    entries: Vec<Entry>,
    file: String,
}

#[derive(Clone, Debug)]
struct Entry {
    waiver: Waiver,
    path: Option<GlobMatcher>,
    source: Option<SourceGlob>,
    expired: bool,
    used: u64,
    line: u32,
}

impl Waivers {
    /// Prepares waivers for a run. Those for another partner are left out.
    ///
    /// # Errors
    /// A last day that is no day or more than twelve months ahead, and globs that are none.
    pub fn new(waivers: Vec<Waiver>, file: Option<&Checked>, partner: &str, today: Date) -> Result<Self, Vec<Fault>> {
        let mut faults = Vec::new();
        let mut entries = Vec::new();
        let fault = |i: usize, key: &str, says: &str, remedy: String| match file {
            Some(file) => file.fault(&format!("/waiver/{i}/{key}"), says, remedy),
            None => Fault::new("settings", "", 0..0, says, remedy),
        };
        for (i, waiver) in waivers.into_iter().enumerate() {
            let Some(expires) = Date::parse(&waiver.expires) else {
                faults.push(fault(i, "expires", "this is not a day", "Write YYYY-MM-DD".into()));
                continue;
            };
            let latest = today.plus_months(12);
            if expires > latest {
                let remedy = format!("Choose {latest} or earlier");
                faults.push(fault(i, "expires", "a waiver holds for at most twelve months", remedy));
                continue;
            }
            let mut bad = |key: &str, error: String| faults.push(fault(i, key, "this is not a glob", error));
            let path = waiver.path.as_ref().map(|text| GlobBuilder::new(&escape(text)).build());
            let path = path.transpose().map_err(|e| bad("path", e.to_string())).ok().flatten();
            let path = path.map(|glob| glob.compile_matcher());
            let source = waiver.source.as_ref().map(|text| SourceGlob::new(text)).transpose();
            let source = source.map_err(|e| bad("source", e)).ok().flatten();
            if waiver.partner.as_deref().is_some_and(|p| !p.eq_ignore_ascii_case(partner)) {
                continue;
            }
            let line = file.map_or(1, |f| f.line(&format!("/waiver/{i}/rule")));
            entries.push(Entry { path, source, expired: expires < today, used: 0, line, waiver });
        }
        if !faults.is_empty() {
            return Err(faults);
        }
        Ok(Self { entries, file: file.map(|f| f.name.clone()).unwrap_or_default() })
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.entries.is_empty()
    }

    /// Of a part of a feed: what matched nothing here may match elsewhere, and what has expired is said of the `first` part alone.
    pub fn of_a_part(&mut self, first: bool) {
        self.entries.retain(|entry| entry.expired && first);
    }

    /// Marks a finding as waived by the first waiver that covers it and has not expired.
    pub fn apply(&mut self, finding: &mut Finding) {
        if finding.meta.family == crate::finding::Family::Setup {
            return;
        }
        let mut place = None;
        for entry in &mut self.entries {
            let w = &entry.waiver;
            if !is_called(finding.meta, &w.rule) || w.profile.as_ref().is_some_and(|p| *p != finding.profile) {
                continue;
            }
            if let Some(path) = &entry.path {
                let place = place.get_or_insert_with(|| definition_path(&finding.path));
                if !path.is_match(&*place) {
                    continue;
                }
            }
            if entry.source.as_ref().is_some_and(|s| !s.names(&finding.source)) {
                continue;
            }
            entry.used += 1;
            if !entry.expired {
                let ticket = w.ticket.as_ref().map(|t| format!(", {t}")).unwrap_or_default();
                finding.waived = Some(format!(
                    "{} (owner {}, approved by {}, until {}{ticket})",
                    w.reason, w.owner, w.approved_by, w.expires
                ));
                return;
            }
        }
    }

    /// Waivers that name no rule of `known`, as words.
    pub fn unknown<'s>(&'s self, known: &'s [&'static Meta]) -> impl Iterator<Item = (u32, &'s str)> + 's {
        let all = self.entries.iter().map(|e| (e.line, e.waiver.rule.as_str()));
        all.filter(|(_, rule)| !known.iter().any(|meta| is_called(meta, rule)))
    }

    /// Findings about the waivers themselves, at their place in the settings; called once, after all findings.
    /// `source_index` is the number of sources, so that these come last.
    pub fn findings(&self, source_index: usize) -> Vec<Finding> {
        self.entries
            .iter()
            .filter_map(|entry| {
                let (meta, says) = match (entry.expired, entry.used) {
                    (true, _) => (
                        &WAIVER_EXPIRED,
                        format!("The waiver of {} expired on {}", entry.waiver.rule, entry.waiver.expires),
                    ),
                    (false, 0) => (&WAIVER_UNUSED, format!("The waiver of {} matches no finding", entry.waiver.rule)),
                    (false, _) => return None,
                };
                Some(finding(meta, says, &self.file, source_index, entry.line))
            })
            .collect()
    }
}

/// In a path only `*` is special.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        if "?[]{}!\\".contains(c) {
            out.push('\\');
        }
        out.push(c);
    }
    out
}

fn finding(meta: &'static Meta, says: String, file: &str, source_index: usize, line: u32) -> Finding {
    Finding {
        meta,
        severity: meta.severity,
        source: file.into(),
        source_index,
        payload: 0,
        line: u64::from(line),
        column: 1,
        end: (u64::from(line), 1),
        span: Span::default(),
        path: String::new(),
        profile: String::new(),
        element: String::new(),
        key: String::new(),
        origin: Origin::Setup,
        says,
        notes: Vec::new(),
        excerpt: None,
        frame: None,
        resource: String::new(),
        fix: None,
        fingerprint: super::baseline::hash(&[meta.id, &line.to_string()]),
        waived: None,
        shadow: false,
        new: true,
    }
}
