//! Codes of a value set in a list, as far as what is held lists them: for whoever chooses one.

use super::{Answer, Coded, Lookup, Sets};
use crate::pack::model::{Include, Release, ValueSet};

/// Value sets within value sets that are listed.
const DEPTH: u32 = 8;

/// Codes that are looked at for one list.
const MOST: usize = 20_000;

/// A code of a value set.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its system.
    pub system: String,
    /// The code.
    pub code: String,
    /// Its display, or empty.
    pub display: String,
}

impl Sets {
    /// Codes of a value set in the order of its definition: at most `most`. What no package lists (SNOMED CT, systems that are not
    /// held) is left out; what cannot be decided is listed where the definition names it.
    pub fn codes(&self, release: Release, url: &str, most: usize) -> Vec<Listed> {
        let mut out = Vec::new();
        if let Some(set) = self.catalogue.value_set(release, url) {
            self.list(release, &set, 0, &mut out);
        }
        let mut seen = std::collections::HashSet::new();
        out.retain(|one| {
            let coded = Coded { system: Some(&one.system), code: &one.code };
            seen.insert((one.system.clone(), one.code.clone())) && self.contains(release, url, coded) != Answer::Out
        });
        out.truncate(most);
        out
    }

    fn list(&self, release: Release, set: &ValueSet, depth: u32, out: &mut Vec<Listed>) {
        if set.include.is_empty() {
            out.extend(set.expansion.iter().flatten().map(|entry| Listed {
                system: entry.system.clone(),
                code: entry.code.clone(),
                display: entry.display.clone(),
            }));
        }
        for include in set.include.iter().take_while(|_| depth < DEPTH) {
            if include.system.is_empty() {
                for url in &include.value_sets {
                    if out.len() < MOST
                        && let Some(set) = self.catalogue.value_set(release, url)
                    {
                        self.list(release, &set, depth + 1, out);
                    }
                }
            } else {
                self.list_part(release, include, out);
            }
        }
    }

    fn list_part(&self, release: Release, include: &Include, out: &mut Vec<Listed>) {
        let listed = |code: &str, display: &str| Listed {
            system: include.system.clone(),
            code: code.to_owned(),
            display: display.to_owned(),
        };
        let room = MOST.saturating_sub(out.len());
        if include.concepts.is_empty() {
            // Filters decide which of them stay.
            let system = self.catalogue.code_system(release, &include.system);
            let concepts = system.iter().flat_map(|system| &system.concepts).take(room);
            out.extend(concepts.map(|concept| listed(&concept.code, &concept.display)));
            return;
        }
        out.extend(include.concepts.iter().take(room).map(|(code, display)| {
            match self.display_of(release, &include.system, code) {
                Lookup::Found(displays) if display.is_empty() => {
                    listed(code, displays.iter().next().unwrap_or_default())
                }
                _ => listed(code, display),
            }
        }));
    }
}
