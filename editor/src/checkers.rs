//! A checker for each folder: settings of the hallmark.toml that is nearest above a document, as on the command line.

use std::collections::HashMap;
use std::fs;
use std::path::{Path, PathBuf};
use std::time::{SystemTime, UNIX_EPOCH};

use hallmark::session::Hallmark;
use hallmark::settings::{ConfigFile, Date, read};

/// Checkers by the file of their settings, with the day and the state of the file that they were made for.
#[derive(Default)]
pub struct Checkers {
    made: HashMap<Option<PathBuf>, (Date, Option<SystemTime>, Result<Hallmark, String>)>,
}

impl Checkers {
    /// The checker of a document.
    ///
    /// # Errors
    /// Why its settings cannot be taken.
    pub fn of(&mut self, document: Option<&Path>) -> Result<Hallmark, String> {
        let file = document.and_then(Path::parent).and_then(config);
        let changed = file.as_ref().and_then(|path| fs::metadata(path).ok()?.modified().ok());
        let day = today();
        if let Some((made, state, checker)) = self.made.get(&file)
            && (*made, *state) == (day, changed)
        {
            return checker.clone();
        }
        let checker = built(file.as_deref(), day);
        self.made.insert(file, (day, changed, checker.clone()));
        checker
    }
}

fn built(file: Option<&Path>, day: Date) -> Result<Hallmark, String> {
    let mut builder = Hallmark::builder().today(day);
    if let Some(path) = file {
        let text = read(path).map_err(|e| format!("{}: {e}", path.display()))?;
        builder = builder.config(ConfigFile::read(path, &text).map_err(|e| e.to_string())?);
    }
    builder.build().map_err(|e| e.to_string())
}

/// The nearest hallmark.toml: not above the root of the repository or the user's home, and above the folder itself only where it
/// is the user's own.
fn config(folder: &Path) -> Option<PathBuf> {
    let top = top_of(folder);
    let path = ConfigFile::find(folder, top.as_deref())?;
    (path.parent() == Some(folder) || !is_of_another(&path)).then_some(path)
}

fn top_of(folder: &Path) -> Option<PathBuf> {
    let home = std::env::home_dir().and_then(|home| fs::canonicalize(home).ok());
    folder.ancestors().find(|at| at.join(".git").exists() || home.as_deref() == Some(*at)).map(Path::to_owned)
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

#[allow(clippy::disallowed_methods, reason = "an editor is where the clock is read")]
fn today() -> Date {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    Date::from_days((since / 86_400) as i64)
}
