//! Attestations as CSV: a statement a row, the heads named like the keys of the TOML form.

use super::attest::{Attestations, Statement, refused, unknown};
use super::criteria::{CriteriaSet, EvidenceKind};
use super::separated::{Cell, rows};
use crate::schema::{Fault, Faults, nearest};
use crate::settings::Date;

/// Heads; the first four must be there.
const HEADS: [&str; 9] =
    ["criterion", "value", "by-role", "on", "partner", "kind", "valid-until", "reference", "sha256"];

const MUST: usize = 4;

impl Attestations {
    /// Adds statements in CSV.
    ///
    /// # Errors
    /// What is not well formed, heads that are missing or unknown, or what the set does not know, with its place.
    pub fn add_csv(&mut self, name: &str, text: &str, set: &CriteriaSet) -> Result<(), Faults> {
        let head = text.lines().next().unwrap_or_default().to_ascii_lowercase();
        if !head.trim().is_empty() && !HEADS.iter().any(|known| head.contains(known))
            || head.trim_start().starts_with(['{', '[', '<'])
        {
            let remedy = format!("Give a table with the columns {}", HEADS.join(", "));
            return Err(Fault::unseen(name, "this file does not say that it holds statements", remedy).into());
        }
        let rows = rows(name, text, ',')?;
        let fault = |cell: &Cell, says: String, remedy: String| Fault::new(name, text, cell.span.clone(), says, remedy);
        let Some((first, rest)) = rows.split_first() else { return Ok(()) };
        let mut faults = Vec::new();
        let heads: Vec<String> = first.iter().map(|c| c.text.to_ascii_lowercase().replace([' ', '_'], "-")).collect();
        for (cell, head) in first.iter().zip(&heads).filter(|(_, h)| !HEADS.contains(&h.as_str())) {
            let near = nearest(head, HEADS);
            let remedy = near.map_or(format!("It takes {}", HEADS.join(", ")), |n| format!("Did you mean `{n}`?"));
            faults.push(fault(cell, "there is no such column".into(), remedy));
        }
        for must in &HEADS[..MUST] {
            if let (false, Some(cell)) = (heads.iter().any(|h| h == must), first.first()) {
                faults.push(fault(cell, format!("the column `{must}` is missing"), "Add it".into()));
            }
        }
        if !faults.is_empty() {
            return Err(Faults(faults));
        }
        let (mut statements, mut elsewhere) = (Vec::new(), Vec::new());
        for row in rest {
            let cell = |head: &str| heads.iter().position(|h| h == head).and_then(|at| row.get(at));
            let text_of = |head: &str| cell(head).map_or("", |c| c.text.as_str());
            let place = |head: &str| cell(head).or(row.first());
            let mut wrong = |head: &str, says: String, remedy: String| {
                faults.extend(place(head).map(|c| fault(c, says, remedy)));
            };
            for must in HEADS[..MUST].iter().filter(|m| text_of(m).is_empty()) {
                wrong(must, format!("`{must}` is empty"), "Fill it".into());
            }
            match set.criterion(text_of("criterion")) {
                None if text_of("criterion").is_empty() => {}
                None if CriteriaSet::that_asks(text_of("criterion")).is_some() => {
                    let other = CriteriaSet::that_asks(text_of("criterion")).unwrap_or_default();
                    elsewhere.push((name.to_owned(), text_of("criterion").to_owned(), other));
                    continue;
                }
                None => {
                    let (says, remedy) = unknown(set, text_of("criterion"));
                    wrong("criterion", says, remedy);
                }
                Some(criterion) => {
                    if let Some((says, remedy)) = refused(criterion, text_of("value")) {
                        wrong("value", says, remedy);
                    }
                }
            }
            let mut day = |head: &str| {
                let text = text_of(head);
                let day = Date::parse(text).filter(|_| text.len() == 10);
                if day.is_none() && !text.is_empty() {
                    wrong(head, "this is not a day".into(), "Write a date such as 2026-01-31".into());
                }
                day
            };
            let (on, valid_until) = (day("on"), day("valid-until"));
            let kind = match text_of("kind") {
                "" | "attestation" => EvidenceKind::Attestation,
                "document" => EvidenceKind::Document,
                "capability" => EvidenceKind::Capability,
                "tls" => EvidenceKind::Tls,
                _ => {
                    let remedy = "It is attestation, document, capability or tls";
                    wrong("kind", "there is no such kind".into(), remedy.into());
                    EvidenceKind::Attestation
                }
            };
            let sha256 = text_of("sha256").to_ascii_lowercase();
            if !sha256.is_empty() && (sha256.len() != 64 || !sha256.bytes().all(|b| b.is_ascii_hexdigit())) {
                wrong("sha256", "this is not a SHA-256 digest".into(), "Write its 64 hexadecimal digits".into());
            }
            let partner = text_of("partner");
            statements.extend(on.map(|on| Statement {
                criterion: text_of("criterion").to_string(),
                partner: (!partner.is_empty()).then(|| partner.to_string()),
                value: text_of("value").to_string(),
                kind,
                by_role: text_of("by-role").to_string(),
                on,
                valid_until,
                reference: text_of("reference").to_string(),
                sha256,
                file: name.to_string(),
                broken: None,
                seen: false,
            }));
        }
        if !faults.is_empty() {
            return Err(Faults(faults));
        }
        self.statements.extend(statements);
        self.elsewhere.extend(elsewhere);
        Ok(())
    }
}
