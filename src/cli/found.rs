//! A `hallmark.toml` that nobody named: whose it may be, and what it may write.

use std::fs;
use std::path::{Component, Path, PathBuf};

use super::{Failure, say};
use crate::settings::ConfigFile;

/// The configuration of the working directory, or the nearest above it: not above the root of the repository or the user's home,
/// and not somebody else's. One that stands above is named, since nobody asked for it.
pub(super) fn config(quiet: bool) -> Option<PathBuf> {
    let here = std::env::current_dir().ok()?;
    let top = top_of(&here);
    let path = ConfigFile::find(&here, top.as_deref())?;
    if path.parent() == Some(&here) {
        return Some(path);
    }
    if is_of_another(&path) {
        say(&format!(
            "{}: not taken, because it belongs to another user; name it with --config to take it",
            path.display()
        ));
        return None;
    }
    if !quiet {
        say(&format!("settings of {}", path.display()));
    }
    Some(path)
}

/// The root of the repository that a folder is in, or the home that it is below.
fn top_of(here: &Path) -> Option<PathBuf> {
    let home = std::env::home_dir().and_then(|home| fs::canonicalize(home).ok());
    here.ancestors().find(|folder| folder.join(".git").exists() || home.as_deref() == Some(*folder)).map(Path::to_owned)
}

#[cfg(unix)]
fn is_of_another(path: &Path) -> bool {
    use std::os::unix::fs::MetadataExt;
    fs::metadata(path).is_ok_and(|meta| meta.uid() != rustix::process::geteuid().as_raw())
}

#[cfg(not(unix))]
fn is_of_another(_: &Path) -> bool {
    false
}

/// A package that is asked for by name and version (`hl7.fhir.us.core#6.1.0`) lies in the ecosystem's cache, `.fhir/packages` of the
/// home folder; a path stays as it is.
pub(super) fn package(path: &mut PathBuf) -> Result<(), Failure> {
    let whole = path.parent().is_some_and(|folder| folder.as_os_str().is_empty());
    let asked = path.to_str().filter(|_| whole).and_then(|name| name.split_once('#'));
    // A file name may hold the sign as well.
    let Some((name, version)) = asked.filter(|_| !path.exists()) else { return Ok(()) };
    let cache = std::env::home_dir().map(|home| home.join(".fhir").join("packages"));
    match cache.map(|cache| cache.join(format!("{name}#{version}"))).filter(|held| held.is_dir()) {
        Some(held) => *path = held,
        None => {
            return Err(Failure::usage(format!(
                "the package {name} {version} is not in .fhir/packages of the home folder; `fhir install {name} {version}` puts it there, or give its .tgz with --package"
            )));
        }
    }
    Ok(())
}

/// What it has written stays below its folder: whoever only stands there has not chosen another place.
pub(super) fn outputs_below(file: &ConfigFile) -> Result<(), Failure> {
    let (folder, outputs) = file.outputs();
    let root = plain(folder);
    match outputs.iter().find(|path| !plain(path).starts_with(&root)) {
        None => Ok(()),
        Some(path) => Err(Failure::usage(format!(
            "{}: this output of a hallmark.toml that was found is not below its folder; give it on the command line, or name the file with --config",
            path.display()
        ))),
    }
}

/// A path without dots, and with the links of the folders that are there resolved.
fn plain(path: &Path) -> PathBuf {
    let mut out = std::env::current_dir().unwrap_or_default();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir => _ = out.pop(),
            part => {
                out.push(part);
                if let Ok(resolved) = fs::canonicalize(&out) {
                    out = resolved;
                }
            }
        }
    }
    out
}
