//! `[[sources]]`: what holds for some sources only.

use globset::{GlobBuilder, GlobMatcher};

use super::values::SourceEntry;
use crate::schema::{Checked, Fault};

/// What holds for the sources that a glob names.
#[derive(Clone, Debug)]
pub struct SourceSettings {
    /// Which sources.
    pub glob: SourceGlob,
    /// Canonicals that these sources are checked against besides those of all.
    pub profiles: Vec<String>,
    /// Standard for these sources, in place of that of all.
    pub standard: Option<String>,
    /// `3.0`, `4.0` or `auto` for these sources, in place of what holds for all.
    pub fhir_version: Option<String>,
    /// `hallmark.toml:7`, or empty.
    pub from: String,
}

/// A glob over names of sources.
#[derive(Clone, Debug)]
pub struct SourceGlob(GlobMatcher);

impl SourceGlob {
    /// Reads one: `*` stands for anything within a folder, `**` for any folders.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn new(text: &str) -> Result<Self, String> {
        let built = GlobBuilder::new(text).literal_separator(true).build();
        built.map(|glob| Self(glob.compile_matcher())).map_err(|e| e.to_string())
    }

    /// Whether it matches a source: its name, or the part of it below any folder. What matches an archive matches all that is
    /// in it.
    pub fn names(&self, source: &str) -> bool {
        let source = source.replace('\\', "/");
        let source = source.strip_prefix("./").unwrap_or(&source);
        let whole =
            |name: &str| self.0.is_match(name) || name.match_indices('/').any(|(i, _)| self.0.is_match(&name[i + 1..]));
        whole(source) || source.split_once('!').is_some_and(|(archive, member)| whole(archive) || whole(member))
    }
}

/// Entries as written made into settings. What a flag or a variable says (`decided`) beats the file, its parts for some
/// sources included.
pub(super) fn source_settings(
    entries: Vec<SourceEntry>,
    file: Option<&Checked>,
    decided: &dyn Fn(&str) -> bool,
    faults: &mut Vec<Fault>,
) -> Vec<SourceSettings> {
    let mut sources = Vec::new();
    for (i, entry) in entries.into_iter().enumerate() {
        match SourceGlob::new(&entry.glob) {
            Ok(glob) => sources.push(SourceSettings {
                glob,
                profiles: if decided("profiles") { Vec::new() } else { entry.profiles },
                standard: entry.standard.filter(|_| !decided("standard")),
                fhir_version: entry.fhir_version.filter(|_| !decided("fhir-version")),
                from: file.map(|f| format!("{}:{}", f.name, f.line(&format!("/sources/{i}/glob")))).unwrap_or_default(),
            }),
            Err(error) => {
                if let Some(file) = file {
                    faults.push(file.fault(&format!("/sources/{i}/glob"), "this is not a glob", error));
                }
            }
        }
    }
    sources
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn globs_name_sources_wherever_they_lie() {
        for (glob, source, named) in [
            ("legacy/**", "legacy/a.json", true),
            ("legacy/**", "./feeds/legacy/deep/a.json", true),
            ("legacy/**", "feeds\\legacy\\a.json", true),
            ("legacy/*", "legacy/deep/a.json", false),
            ("legacy/*", "modern/a.json", false),
            ("*.ndjson", "feeds/a.ndjson", true),
            ("old.zip", "feeds/old.zip!a/b.json", true),
            ("a/*.json", "feeds/old.zip!a/b.json", true),
            ("-", "-", true),
        ] {
            assert_eq!(SourceGlob::new(glob).unwrap().names(source), named, "{glob} {source}");
        }
        assert!(SourceGlob::new("a[").is_err());
    }
}
