//! What a server says it offers, held against requirement sets and against what the feed of the same partner holds.

use super::attest::{Attestations, is_for};
use super::criteria::CriteriaSet;
use crate::read::{self, Limits};
use crate::record::Part;
use crate::rules::capability::{Declared, GapTable, declared, gaps, requirement_set, smart_configuration};
use crate::settings::Date;

/// Resources that carry others or answer a call; a server offers none of them by itself.
const CARRIERS: [&str; 5] = ["Bundle", "MessageHeader", "OperationOutcome", "Parameters", "Binary"];

/// A CapabilityStatement of a partner.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    /// ODS code; none where the one partner that is reported is meant.
    pub partner: Option<String>,
    /// What it declares.
    pub declared: Declared,
    /// Day it was collected.
    pub collected: Date,
    /// Last day it is evidence.
    pub valid_until: Option<Date>,
    /// File it stands in.
    pub file: String,
}

impl Offer {
    fn holds(&self, partner: &str, today: Date) -> bool {
        let lapsed = self.valid_until.is_some_and(|last| last < today);
        is_for(&self.partner, partner) && self.collected <= today && !lapsed
    }
}

/// A CapabilityStatement in JSON or XML; its own date where it has one.
pub(super) fn capability(text: &str) -> Option<(Declared, Option<Date>)> {
    let (tree, faults) = read::read(text, &Limits::default());
    if faults.iter().any(|f| f.fatal) {
        return None;
    }
    let root = tree.root()?;
    let found = declared(root)?;
    let made = root.get("date").and_then(|d| d.value()).and_then(Date::parse);
    Some((found, made))
}

/// What is wrong with a SMART configuration, one sentence each; empty when it is sound.
pub(super) fn smart(name: &str, text: &str) -> Vec<String> {
    match smart_configuration(name, text) {
        Ok(_) => Vec::new(),
        Err(faults) => faults.0.iter().map(|f| format!("line {}: {}. {}", f.place.line, f.says, f.remedy)).collect(),
    }
}

impl Attestations {
    /// Requirement sets that the metrics of a criteria set name, held against a partner's CapabilityStatements: those
    /// for a release that is declared, or the first where none is. Empty without a CapabilityStatement in force.
    pub fn capability(&self, set: &CriteriaSet, partner: &str, part: &Part, today: Date) -> Vec<GapTable> {
        let offers: Vec<&Offer> = self.offers.iter().filter(|o| o.holds(partner, today)).collect();
        if offers.is_empty() {
            return Vec::new();
        }
        let sent = || {
            let seen = part.counts.resources.iter().filter(|(ty, n)| **n > 0 && !CARRIERS.contains(&ty.as_str()));
            seen.map(|(ty, _)| ty.as_str())
        };
        let mut tables = Vec::new();
        for group in set.criteria.iter().flat_map(|c| &c.metrics) {
            let wanted: Vec<_> =
                group.requirement_sets().filter_map(|name| requirement_set(name).ok().flatten()).collect();
            let fits = |version: &str| offers.iter().any(|o| o.declared.fhir_version.starts_with(version));
            let any = wanted.iter().any(|w| fits(&w.fhir_version));
            for (i, asked) in wanted.iter().enumerate() {
                let chosen = if any { fits(&asked.fhir_version) } else { i == 0 };
                if !chosen || tables.iter().any(|t: &GapTable| t.set == asked.name) {
                    continue;
                }
                // Servers of one partner and release add up to one offer.
                let of_release = |o: &&&Offer| !any || o.declared.fhir_version.starts_with(&asked.fhir_version);
                let mut whole = Declared::default();
                for offer in offers.iter().filter(of_release) {
                    whole.fhir_version.clone_from(&offer.declared.fhir_version);
                    whole.formats.extend(offer.declared.formats.iter().cloned());
                    whole.security |= offer.declared.security;
                    whole.operations.extend(offer.declared.operations.iter().cloned());
                    whole.resources.extend(offer.declared.resources.iter().cloned());
                }
                let mut table = gaps(&whole, asked);
                table.add_sent(&whole, sent());
                tables.push(table);
            }
        }
        tables
    }

    /// Whether a partner's CapabilityStatements code a security service; nothing without one in force.
    pub fn codes_security(&self, partner: &str, today: Date) -> Option<bool> {
        let mut mine = self.offers.iter().filter(|o| o.holds(partner, today)).peekable();
        mine.peek()?;
        Some(mine.any(|o| o.declared.security))
    }
}
