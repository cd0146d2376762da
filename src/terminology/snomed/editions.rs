//! How an edition or version that a value set or coding names stands to the release of an index.

use super::ids;
use super::index::Index;
use super::sctid::Sctid;
use crate::terminology::SNOMED;

/// An edition or version URI against a release.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Standing {
    /// What it names is what the index holds.
    Same,
    /// A version of the same edition that came out later.
    Later,
    /// Another edition, an earlier version, or no URI of either kind.
    Other,
}

/// Modules that stand for compositions of the UK: the UK Edition (today's and the former id) and the Clinical Edition.
const UK: [u64; 4] = [83_821_000_000_107, 999_000_041_000_000_102, 999_000_021_000_000_109, 999_000_011_000_000_103];

impl Index {
    /// Whether any component of the release is of a module.
    pub fn has_module(&self, module: u64) -> bool {
        self.modules().any(|id| id == module)
    }

    /// Whether the release brings anything of the UK's modules.
    pub fn is_uk(&self) -> bool {
        UK.iter().any(|module| self.has_module(*module)) || self.holds_medicines()
    }

    /// How `http://snomed.info/sct/{module}`, with or without `/version/{YYYYMMDD}`, stands to the release.
    pub fn standing(&self, uri: &str) -> Standing {
        let Some((module, date)) = read(uri) else { return Standing::Other };
        let release = self.release();
        let held = match module {
            ids::CORE_MODULE => release.edition == ids::CORE_MODULE,
            module if UK.contains(&module) => self.is_uk(),
            module => self.has_module(module),
        };
        match date {
            _ if !held => Standing::Other,
            None => Standing::Same,
            Some(date) if date == release.effective_time => Standing::Same,
            Some(date) if date > release.effective_time => Standing::Later,
            Some(_) => Standing::Other,
        }
    }
}

/// Module and date of an edition or version URI.
fn read(uri: &str) -> Option<(u64, Option<u32>)> {
    let rest = uri.strip_prefix(SNOMED)?.strip_prefix('/')?;
    let (module, date) = match rest.split_once("/version/") {
        Some((module, date)) => (module, Some(date)),
        None => (rest, None),
    };
    let date = match date {
        None => None,
        Some(date) if date.len() == 8 => Some(date.parse().ok()?),
        Some(_) => return None,
    };
    Some((Sctid::parse(module).ok()?.value(), date))
}

#[cfg(test)]
mod tests {
    use super::read;

    #[test]
    fn uris() {
        let uk = 83_821_000_000_107;
        for (uri, expected) in [
            ("http://snomed.info/sct/83821000000107", Some((uk, None))),
            ("http://snomed.info/sct/83821000000107/version/20250312", Some((uk, Some(20_250_312)))),
            ("http://snomed.info/sct/83821000000107/version/2025", None),
            ("http://snomed.info/sct/83821000000108", None),
            ("http://snomed.info/sct", None),
            ("20250312", None),
        ] {
            assert_eq!(read(uri), expected, "{uri}");
        }
    }
}
