//! Finds sources: the files named, and those in the folders named, in a stable order.

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

/// Lists the sources behind `paths` (`-` is standard input). Folders are walked in name order; other files in them
/// are skipped and counted; symbolic links that loop are reported.
pub fn discover(paths: &[PathBuf], names: &FileNames) -> (Vec<Source>, Vec<Unreadable>, u64) {
    let mut sources = Vec::new();
    let mut unreadable = Vec::new();
    let mut skipped = 0;
    for path in paths {
        if path.as_os_str() == "-" {
            sources.push(Source { input: Input::Stdin, name: "-".to_owned() });
            continue;
        }
        match std::fs::metadata(path) {
            Ok(meta) if meta.is_dir() => skipped += walk(path, names, &mut sources, &mut unreadable),
            Ok(_) => sources.push(file(path)),
            Err(error) => {
                unreadable.push(Unreadable { name: names.of(&path.display().to_string()), why: error.to_string() })
            }
        }
    }
    (sources, unreadable, skipped)
}

fn file(path: &Path) -> Source {
    Source { input: Input::File(path.to_owned()), name: path.display().to_string() }
}

fn walk(folder: &Path, names: &FileNames, sources: &mut Vec<Source>, unreadable: &mut Vec<Unreadable>) -> u64 {
    let mut skipped = 0;
    for entry in walkdir::WalkDir::new(folder).follow_links(true).sort_by_file_name() {
        match entry {
            Ok(entry) if entry.file_type().is_dir() => {}
            // Opening a pipe that nobody writes to would wait for ever.
            Ok(entry) if is_source(entry.path()) && !entry.file_type().is_file() => unreadable.push(Unreadable {
                name: names.of(&entry.path().display().to_string()),
                why: "this is not a regular file".to_owned(),
            }),
            Ok(entry) if is_source(entry.path()) => sources.push(file(entry.path())),
            Ok(_) => skipped += 1,
            Err(error) => unreadable.push(Unreadable {
                name: names.of(&error.path().map(|p| p.display().to_string()).unwrap_or_default()),
                why: match error.loop_ancestor() {
                    Some(_) => "a symbolic link leads back to a folder above it".to_owned(),
                    None => error.io_error().map_or_else(|| "not readable".to_owned(), ToString::to_string),
                },
            }),
        }
    }
    skipped
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
        let (sources, unreadable, skipped) =
            discover(&[PathBuf::from("no/such/path"), PathBuf::from("-")], &FileNames::default());
        assert_eq!((sources.len(), unreadable.len(), skipped), (1, 1, 0));
    }
}
