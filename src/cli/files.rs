//! Writing files so that a reader never sees half of one: beside, then renamed.

use std::fs::File;
use std::io::{self, BufWriter, Write};
use std::path::{Path, PathBuf};

/// A file that appears whole, or not at all. Devices and pipes are written in place.
pub struct Output {
    writer: BufWriter<File>,
    /// Where it is written, and where it goes.
    rename: Option<(PathBuf, PathBuf)>,
}

impl Output {
    /// Opens `path` for writing.
    ///
    /// # Errors
    /// When its folder cannot be written to.
    pub fn create(path: &Path) -> io::Result<Self> {
        let in_place = std::fs::metadata(path).is_ok_and(|m| !m.is_file());
        if in_place {
            let file = File::options().write(true).open(path)?;
            return Ok(Self { writer: BufWriter::new(file), rename: None });
        }
        let mut name = path.file_name().map(|n| n.to_os_string()).unwrap_or_default();
        name.push(format!(".{}.partial", std::process::id()));
        let beside = path.with_file_name(name);
        let file = File::create(&beside)?;
        Ok(Self { writer: BufWriter::new(file), rename: Some((beside, path.to_owned())) })
    }

    /// Makes it appear.
    ///
    /// # Errors
    /// When the last bytes cannot be written or the file cannot be renamed.
    pub fn finish(mut self) -> io::Result<()> {
        self.writer.flush()?;
        if self.rename.is_some() {
            // A name must never lead to less than the whole, not even after the power went.
            self.writer.get_ref().sync_all()?;
        }
        match self.rename.take() {
            Some((beside, path)) => std::fs::rename(&beside, path).inspect_err(|_| {
                let _ = std::fs::remove_file(&beside);
            }),
            None => Ok(()),
        }
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
            let _ = std::fs::remove_file(beside);
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
