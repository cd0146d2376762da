//! The one writer of files: an output appears whole or not at all, and never destroys what is not its own.

use std::fs::{self, File};
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file that is being written. A regular file, or one that is not there, is written beside its place and renamed; a link that
/// leads to one gives way to the file, and what it led to stays as it was. Anything else, a device or a pipe, is written in
/// place, as are the streams of this process that stand in `/dev`.
#[derive(Debug)]
pub struct Output {
    writer: BufWriter<File>,
    /// Where it is written, and where it goes.
    rename: Option<(PathBuf, PathBuf)>,
}

/// Names that are tried for the file beside, should one be taken.
const TRIES: u32 = 64;

impl Output {
    /// Opens `path` for writing.
    ///
    /// # Errors
    /// When its folder cannot be written to, or it is a folder itself.
    pub fn create(path: &Path) -> io::Result<Self> {
        Self::with(path, false)
    }

    /// As [`Self::create`], for its owner's eyes only.
    ///
    /// # Errors
    /// As [`Self::create`].
    pub fn private(path: &Path) -> io::Result<Self> {
        Self::with(path, true)
    }

    fn with(path: &Path, private: bool) -> io::Result<Self> {
        if in_place(path) {
            // A stream that was sent into a file goes on behind what is there.
            let file = File::options().append(true).open(path)?;
            return Ok(Self { writer: BufWriter::new(file), rename: None });
        }
        let name = path.file_name().ok_or_else(|| io::Error::from(io::ErrorKind::IsADirectory))?;
        let mut options = File::options();
        // Made anew, never followed: whoever put something there before gets nothing of it.
        options.write(true).create_new(true);
        #[cfg(unix)]
        if private {
            std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        }
        let mut tried = 0;
        let (beside, file) = loop {
            let mut beside = name.to_os_string();
            beside.push(format!(".{}-{tried}.partial", std::process::id()));
            let beside = path.with_file_name(beside);
            match options.open(&beside) {
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists && tried < TRIES => tried += 1,
                opened => break (beside, opened?),
            }
        };
        let output = Self { writer: BufWriter::new(file), rename: Some((beside, path.to_owned())) };
        if !private
            && let Ok(before) = fs::symlink_metadata(path)
            && before.is_file()
        {
            // Who may read it does not change because it is written again.
            output.writer.get_ref().set_permissions(before.permissions())?;
        }
        Ok(output)
    }

    /// Makes it appear.
    ///
    /// # Errors
    /// When the last bytes cannot be written or the file cannot be renamed.
    pub fn finish(mut self) -> io::Result<()> {
        self.writer.flush()?;
        let Some((_, path)) = &self.rename else { return Ok(()) };
        // A name must never lead to less than the whole, not even after the power went.
        self.writer.get_ref().sync_all()?;
        if in_place(path) {
            return Err(io::Error::other("a device or a pipe has come to stand there"));
        }
        let Some((beside, path)) = self.rename.take() else { return Ok(()) };
        fs::rename(&beside, &path).inspect_err(|_| {
            let _ = fs::remove_file(&beside);
        })
    }
}

impl Write for Output {
    fn write(&mut self, buffer: &[u8]) -> io::Result<usize> {
        self.writer.write(buffer)
    }

    fn flush(&mut self) -> io::Result<()> {
        self.writer.flush()
    }
}

impl Drop for Output {
    fn drop(&mut self) {
        if let Some((beside, _)) = self.rename.take() {
            let _ = fs::remove_file(beside);
        }
    }
}

/// Writes a whole file at once.
///
/// # Errors
/// As [`Output`].
pub fn write(path: &Path, bytes: &[u8]) -> io::Result<()> {
    let mut output = Output::create(path)?;
    output.write_all(bytes)?;
    output.finish()
}

/// Takes an output of an earlier run away that this one does not write. What is not a regular file or a link stays.
///
/// # Errors
/// When it cannot be removed.
pub fn remove(path: &Path) -> io::Result<()> {
    match fs::symlink_metadata(path) {
        Ok(meta) if meta.is_file() || meta.is_symlink() => fs::remove_file(path),
        _ => Ok(()),
    }
}

/// Whether bytes go into what stands there, rather than into a file that takes its place.
fn in_place(path: &Path) -> bool {
    match fs::metadata(path) {
        Ok(meta) => !meta.is_file() || is_stream(path),
        Err(_) => false,
    }
}

/// Whether a path is a link of the system to a stream of a process: `/dev/stdout`, `/dev/fd/3`, `/proc/self/fd/3`.
fn is_stream(path: &Path) -> bool {
    let mut at = path.to_owned();
    for _ in 0..32 {
        let Ok(target) = fs::read_link(&at) else { return false };
        let folder = at.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
        let Ok(folder) = fs::canonicalize(folder) else { return false };
        if folder == Path::new("/dev") || folder == Path::new("/dev/fd") || folder.starts_with("/proc") {
            return true;
        }
        at = folder.join(target);
    }
    false
}

/// What a command reads and writes, told before it begins, so that no output destroys an input or another output.
#[derive(Debug, Default)]
pub struct Paths {
    reads: Vec<PathBuf>,
    folders: Vec<(PathBuf, fn(&Path) -> bool)>,
    writes: Vec<PathBuf>,
}

/// An output that would destroy something.
#[derive(Debug, thiserror::Error)]
pub enum Clash {
    /// It is an input.
    #[error("{}: this output is an input of the same command, which it would destroy", .0.display())]
    Input(PathBuf),
    /// It is another output.
    #[error("{}: two outputs go to this file", .0.display())]
    Output(PathBuf),
}

impl Paths {
    /// A file, or a folder of which everything may be read.
    pub fn reads(&mut self, path: &Path) {
        self.reads_in(path, |_| true);
    }

    /// A file, or a folder of which those files are read that `wanted` says.
    pub fn reads_in(&mut self, path: &Path, wanted: fn(&Path) -> bool) {
        if path.is_dir() {
            self.folders.push((resolved(path), wanted));
        } else {
            self.reads.push(resolved(path));
        }
    }

    /// A file that is written. Devices and pipes lose nothing by it.
    ///
    /// # Errors
    /// When it is an input or another output, by whatever name.
    pub fn writes(&mut self, path: &Path) -> Result<(), Clash> {
        if in_place(path) {
            return Ok(());
        }
        let resolved = resolved(path);
        let within =
            |(folder, wanted): &(PathBuf, fn(&Path) -> bool)| resolved.starts_with(folder) && wanted(&resolved);
        if self.reads.contains(&resolved) || (resolved.exists() && self.folders.iter().any(within)) {
            return Err(Clash::Input(path.to_owned()));
        }
        if self.writes.contains(&resolved) {
            return Err(Clash::Output(path.to_owned()));
        }
        self.writes.push(resolved);
        Ok(())
    }
}

impl Paths {
    /// A folder that files are written to whose names are not known yet: `may` says what they are like.
    ///
    /// # Errors
    /// When an input is like them.
    pub fn writes_in(&mut self, folder: &Path, may: fn(&Path) -> bool) -> Result<(), Clash> {
        let folder = resolved(folder);
        match self.reads.iter().find(|path| path.parent() == Some(&folder) && may(path)) {
            Some(path) => Err(Clash::Input(path.clone())),
            None => Ok(()),
        }
    }
}

/// A path with its links and dots resolved; of what is not there, its folder's.
fn resolved(path: &Path) -> PathBuf {
    let folder = path.parent().filter(|f| !f.as_os_str().is_empty()).unwrap_or_else(|| Path::new("."));
    let joined = || Some(fs::canonicalize(folder).ok()?.join(path.file_name()?));
    let whole = fs::canonicalize(path).ok().or_else(joined);
    whole.or_else(|| std::path::absolute(path).ok()).unwrap_or_else(|| path.to_owned())
}

#[cfg(test)]
#[cfg(unix)]
mod tests {
    use std::os::unix::fs::{MetadataExt, PermissionsExt, symlink};

    use super::*;

    #[test]
    fn links_give_way_and_what_they_led_to_stays() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::write(at("target"), "before").unwrap();
        symlink("target", at("link")).unwrap();
        symlink("nowhere", at("broken")).unwrap();
        for name in ["link", "broken", "new"] {
            write(&at(name), b"after").unwrap();
            assert_eq!(fs::read_to_string(at(name)).unwrap(), "after", "{name}");
            assert!(fs::symlink_metadata(at(name)).unwrap().is_file(), "{name}");
        }
        assert_eq!(fs::read_to_string(at("target")).unwrap(), "before");
        assert!(!at("nowhere").exists());
        fs::set_permissions(at("target"), fs::Permissions::from_mode(0o640)).unwrap();
        write(&at("target"), b"after").unwrap();
        assert_eq!(fs::metadata(at("target")).unwrap().mode() & 0o777, 0o640);
        let mut key = Output::private(&at("key")).unwrap();
        key.write_all(b"secret").unwrap();
        key.finish().unwrap();
        assert_eq!(fs::metadata(at("key")).unwrap().mode() & 0o777, 0o600);
        assert!(write(folder.path(), b"x").is_err() && write(Path::new(".."), b"x").is_err());
    }

    #[test]
    fn what_stands_beside_is_never_followed() {
        let folder = tempfile::tempdir().unwrap();
        let victim = folder.path().join("victim");
        fs::write(&victim, "before").unwrap();
        let out = folder.path().join("out");
        for tried in 0..3 {
            symlink(&victim, folder.path().join(format!("out.{}-{tried}.partial", std::process::id()))).unwrap();
        }
        write(&out, b"after").unwrap();
        assert_eq!((fs::read(&out).unwrap(), fs::read(&victim).unwrap()), (b"after".to_vec(), b"before".to_vec()));
        // Three links of somebody else's, the victim and the output: nothing of ours is left.
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 5);
    }

    #[test]
    fn a_pipe_that_comes_while_writing_is_not_replaced() {
        let folder = tempfile::tempdir().unwrap();
        let out = folder.path().join("out");
        let mut output = Output::create(&out).unwrap();
        output.write_all(b"x").unwrap();
        assert!(std::process::Command::new("mkfifo").arg(&out).status().unwrap().success());
        assert!(output.finish().is_err());
        assert!(!fs::symlink_metadata(&out).unwrap().is_file());
        assert_eq!(fs::read_dir(folder.path()).unwrap().count(), 1);
        remove(&out).unwrap();
        assert!(fs::symlink_metadata(&out).is_ok());
    }

    #[test]
    fn clashes_are_seen_through_links_and_dots() {
        let folder = tempfile::tempdir().unwrap();
        let at = |name: &str| folder.path().join(name);
        fs::create_dir(at("in")).unwrap();
        fs::write(at("in/a.json"), "{}").unwrap();
        fs::write(at("b.json"), "{}").unwrap();
        symlink("b.json", at("link")).unwrap();
        symlink("in", at("way")).unwrap();
        let mut paths = Paths::default();
        paths.reads(&at("b.json"));
        paths.reads_in(&at("in"), |path| path.extension().is_some_and(|x| x == "json"));
        for input in ["b.json", "./b.json", "link", "in/../b.json", "in/a.json", "way/a.json"] {
            assert!(matches!(paths.writes(&at(input)), Err(Clash::Input(_))), "{input}");
        }
        for free in ["out", "in/new.json", "way/a.txt"] {
            paths.writes(&at(free)).unwrap();
            assert!(matches!(paths.writes(&at(&format!("in/../{free}"))), Err(Clash::Output(_))), "{free}");
        }
        // A pipe takes any number.
        assert!(std::process::Command::new("mkfifo").arg(at("pipe")).status().unwrap().success());
        paths.writes(&at("pipe")).and_then(|()| paths.writes(&at("./pipe"))).unwrap();
    }
}
