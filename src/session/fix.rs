//! What is mechanical, mended: changes that rules declare, kept only when the finding goes, no other comes, and all else is the same bytes.

use std::collections::{BTreeMap, HashSet};
use std::path::PathBuf;
use std::sync::Arc;

use super::hallmark::Hallmark;
use crate::feed::Unreadable;
use crate::finding::{Finding, Fix, Severity};
use crate::text::{Disclosure, Span};

/// Changes of one payload that are tried one by one where all of them together do not hold.
const ONE_BY_ONE: usize = 200;

/// Times that what is left is tried again.
const ROUNDS: usize = 8;

/// Elements of which a published text may be written anew: what names a definition, never what identifies or treats a patient.
const ELEMENTS: &[&str] = &["system", "url", "display", "profile"];

/// What fixing one payload came to.
#[derive(Clone, Debug)]
pub struct Fixed {
    /// The payload with every change made; as it was given where there is none.
    pub bytes: Vec<u8>,
    /// Findings that are mended, as they stood in what was given; each has its change.
    pub mended: Vec<Finding>,
    /// Findings whose change was not made, because another finding would have come of it.
    pub left: u64,
}

/// What tells findings of a payload apart, where nothing but their words may differ.
type Key = (&'static str, Severity, String, String, String, String);

fn key(finding: &Finding) -> Key {
    let Finding { meta, severity, path, profile, element, key, .. } = finding;
    (meta.id, *severity, path.clone(), profile.clone(), element.clone(), key.clone())
}

fn counts(findings: &[Finding]) -> BTreeMap<Key, usize> {
    let mut out = BTreeMap::new();
    for finding in findings {
        *out.entry(key(finding)).or_default() += 1;
    }
    out
}

/// Whether a change is one that no rule may overstep: a published name, a value freed of white space or written in lower case, parts
/// that change places.
fn is_allowed(finding: &Finding, fix: &Fix) -> bool {
    let last = finding.path.rsplit('.').next().unwrap_or_default();
    let last = last.split('[').next().unwrap_or_default();
    let last = if last == "extension" || last == "modifierExtension" { "url" } else { last };
    let (was, now) = (fix.was(Disclosure::Shown), fix.now(Disclosure::Shown));
    !finding.meta.fix.is_empty()
        && (fix.moves() || fix.trims() || was.eq_ignore_ascii_case(&now) || ELEMENTS.contains(&last))
}

impl Hallmark {
    /// Files behind `paths`, folders walked in name order, and what could not be read.
    pub fn files(&self, paths: &[PathBuf]) -> (Vec<PathBuf>, Vec<Unreadable>) {
        let (sources, unreadable, _) = crate::feed::discover(paths, &self.inner.check.file_names);
        let files = sources.into_iter().filter_map(|source| match source.input {
            crate::feed::Input::File(path) => Some(path),
            crate::feed::Input::Stdin => None,
        });
        (files.collect(), unreadable)
    }

    /// Mends one payload as far as rules declare it mechanical. Payloads that are not UTF-8, or that could not be checked, are left.
    pub fn fix(&self, bytes: &[u8]) -> Fixed {
        self.fix_as("", bytes)
    }

    /// As [`Self::fix`], under the name of its source.
    pub fn fix_as(&self, source: &str, bytes: &[u8]) -> Fixed {
        let mut fixed = self.fix_once(source, bytes);
        // Of changes one within the other the outer comes first.
        for _ in 1..ROUNDS {
            if fixed.mended.is_empty() || fixed.left == 0 {
                break;
            }
            let more = self.fix_once(source, &fixed.bytes);
            if more.mended.is_empty() {
                break;
            }
            // No finding comes in between, so that each stood in what was given, where its change has its place.
            let given = self.check_as(source, bytes).findings;
            let first = |mended: Finding| given.iter().find(|f| key(f) == key(&mended)).cloned().unwrap_or(mended);
            fixed.mended.extend(more.mended.into_iter().map(first));
            (fixed.bytes, fixed.left) = (more.bytes, more.left);
        }
        fixed
    }

    fn fix_once(&self, source: &str, bytes: &[u8]) -> Fixed {
        let left = |n| Fixed { bytes: bytes.to_vec(), mended: Vec::new(), left: n };
        let mark = if bytes.starts_with(b"\xEF\xBB\xBF") { 3 } else { 0 };
        let Ok(text) = std::str::from_utf8(&bytes[mark..]) else { return left(0) };
        let before = self.check_as(source, bytes).findings;
        let is_mechanical =
            |finding: &&Finding| finding.counts() && finding.fix.as_deref().is_some_and(|fix| is_allowed(finding, fix));
        let mechanical: Vec<Finding> = before.iter().filter(is_mechanical).cloned().collect();
        if mechanical.is_empty() {
            return left(0);
        }
        let held = counts(&before);
        let xml = text.trim_start().starts_with('<');
        let attempt = |some: &[&Finding]| -> Option<Vec<u8>> {
            let changed = changed(text, some, xml)?;
            let mut after = bytes[..mark].to_vec();
            after.extend_from_slice(changed.as_bytes());
            let now = counts(&self.check_as(source, &after).findings);
            let mut allowed = held.clone();
            for mended in some {
                *allowed.get_mut(&key(mended))? -= 1;
            }
            now.iter().all(|(key, n)| allowed.get(key).is_some_and(|most| n <= most)).then_some(after)
        };
        let all: Vec<&Finding> = mechanical.iter().collect();
        let total = mechanical.len() as u64;
        if let Some(after) = attempt(&all) {
            return Fixed { bytes: after, mended: mechanical, left: 0 };
        }
        let mut kept: Vec<&Finding> = Vec::new();
        let mut best = None;
        for one in all.into_iter().take(ONE_BY_ONE) {
            kept.push(one);
            match attempt(&kept) {
                Some(after) => best = Some(after),
                None => _ = kept.pop(),
            }
        }
        let mended: Vec<Finding> = kept.into_iter().cloned().collect();
        Fixed { bytes: best.unwrap_or_else(|| bytes.to_vec()), left: total - mended.len() as u64, mended }
    }
}

/// The text with changes made; `None` where two of them differ about one place.
fn changed(text: &str, some: &[&Finding], xml: bool) -> Option<String> {
    // Findings of one parent share the change that mends them all.
    let mut seen = HashSet::new();
    let fixes = some.iter().filter_map(|finding| finding.fix.as_ref()).filter(|fix| seen.insert(Arc::as_ptr(fix)));
    let mut edits: Vec<(Span, String)> = fixes.flat_map(|fix| fix.edits(text, xml)).collect();
    edits.sort_by_key(|(span, _)| (span.start, span.end));
    edits.dedup();
    let mut out = String::with_capacity(text.len());
    let mut at = 0;
    for (span, to) in edits {
        out.push_str(text.get(at..span.start as usize)?);
        out.push_str(&to);
        at = span.end as usize;
    }
    out.push_str(text.get(at..)?);
    Some(out)
}
