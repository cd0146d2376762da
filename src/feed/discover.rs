//! Finds sources: the files named, and those in the folders named, in a stable order.

use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

use crate::text::{FileName, FileNames};

/// What one argument was.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Input {
    /// A file.
    File(PathBuf),
    /// Standard input.
    Stdin,
}

/// One file or stream of a run.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Source {
    /// Where its bytes are.
    pub input: Input,
    /// Name as given or found; print it only as a [`FileName`].
    pub name: String,
}

/// A path that could not be read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unreadable {
    /// The path, safe to print.
    pub name: FileName,
    /// Why, in the system's words.
    pub why: String,
}

const KNOWN: &[&str] = &["json", "xml", "ndjson", "jsonl"];
const PACKED: &[&str] = &["gz", "zst", "zip", "tgz", "tar"];

/// Whether a folder's file looks like a feed source by its name.
pub fn is_source(path: &Path) -> bool {
    let name = path.file_name().map(|n| n.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    if !name.contains('.') {
        return false;
    }
    let mut endings = name.rsplit('.');
    let last = endings.next().unwrap_or("");
    if KNOWN.contains(&last) || matches!(last, "zip" | "tgz") {
        return true;
    }
    PACKED.contains(&last) && endings.next().is_some_and(|inner| KNOWN.contains(&inner) || inner == "tar")
}

/// Files of folders that are no sources, by the end of their name.
pub type PassedOver = BTreeMap<String, u64>;

/// Lists the sources behind `paths` (`-` is standard input). Folders are walked in name order; other files in them
/// are passed over and counted by kind; symbolic links that loop are reported.
pub fn discover(paths: &[PathBuf], names: &FileNames) -> (Vec<Source>, Vec<Unreadable>, PassedOver) {
    let mut sources = Vec::new();
    let mut unreadable = Vec::new();
    let mut passed_over = PassedOver::new();
    for path in paths {
        if path.as_os_str() == "-" {
            sources.push(Source { input: Input::Stdin, name: "-".to_owned() });
            continue;
        }
        match std::fs::metadata(path) {
            Ok(meta) if meta.is_dir() => walk(path, names, &mut sources, &mut unreadable, &mut passed_over),
            Ok(_) => sources.push(file(path)),
            Err(error) => {
                unreadable.push(Unreadable { name: names.of(&path.display().to_string()), why: error.to_string() })
            }
        }
    }
    (sources, unreadable, passed_over)
}

/// The end of a file's name, where it is a plain one: letters and at most two digits.
fn kind(path: &Path) -> String {
    let end = path.extension().map(|end| end.to_string_lossy().to_ascii_lowercase()).unwrap_or_default();
    let letters = end.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
    let plain = letters && (1..=8).contains(&end.len()) && end.bytes().filter(u8::is_ascii_digit).count() <= 2;
    if plain { end } else { "other".to_owned() }
}

fn file(path: &Path) -> Source {
    Source { input: Input::File(path.to_owned()), name: path.display().to_string() }
}

fn walk(
    folder: &Path,
    names: &FileNames,
    sources: &mut Vec<Source>,
    unreadable: &mut Vec<Unreadable>,
    passed_over: &mut PassedOver,
) {
    for entry in walkdir::WalkDir::new(folder).follow_links(true).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            // Opening a pipe that nobody writes to would wait for ever.
            Ok(entry) if is_source(entry.path()) && !entry.file_type().is_file() => unreadable.push(Unreadable {
                name: names.of(&entry.path().display().to_string()),
                why: "this is not a regular file".to_owned(),
            }),
            Ok(entry) if is_source(entry.path()) => sources.push(file(entry.path())),
            Ok(entry) => *passed_over.entry(kind(entry.path())).or_default() += 1,
            Err(error) => unreadable.push(Unreadable {
                name: names.of(&error.path().map(|p| p.display().to_string()).unwrap_or_default()),
                why: match error.loop_ancestor() {
                    Some(_) => "a symbolic link leads back to a folder above it".to_owned(),
                    None => error.io_error().map_or_else(|| "not readable".to_owned(), ToString::to_string),
                },
            }),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn knows_its_files() {
        for name in ["a.json", "b.XML", "c.ndjson.gz", "d.jsonl.zst", "e.zip", "f.tgz", "g.tar.gz"] {
            assert!(is_source(Path::new(name)), "{name}");
        }
        for name in ["README.md", "x.gz", "manifest.toml", "json"] {
            assert!(!is_source(Path::new(name)), "{name}");
        }
    }

    #[test]
    fn missing_paths_are_said() {
        let (sources, unreadable, passed_over) =
            discover(&[PathBuf::from("no/such/path"), PathBuf::from("-")], &FileNames::default());
        assert_eq!((sources.len(), unreadable.len(), passed_over.len()), (1, 1, 0));
    }

    #[test]
    fn what_is_passed_over_has_a_kind() {
        for (name, expected) in [("a.CSV", "csv"), ("b.hl7", "hl7"), ("c", "other"), ("d.9990000018", "other")] {
            assert_eq!(kind(Path::new(name)), expected);
        }
    }
}
