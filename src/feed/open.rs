//! Opens a source: plain, .gz, .zst, or every member of a .zip, .tar or .tgz. The only reader of feed files.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read, Take};
use std::path::Path;
use std::sync::atomic::AtomicBool;

use super::wait::Waiting;
use super::{Input, Members, Source};

/// What a source holds.
pub enum Opened<'s> {
    /// One stream; its name tells whether it is NDJSON.
    Stream(Box<dyn BufRead + Send + 's>),
    /// The members of an archive, one after the other.
    Members(Members),
}

/// A stream that ends with an error after `left` bytes, so that a small file cannot expand without end.
pub(super) struct Capped<R> {
    inner: R,
    left: u64,
}

impl<R> Capped<R> {
    pub(super) fn new(inner: R, left: u64) -> Self {
        Self { inner, left }
    }

    /// Bytes that may still come.
    pub(super) fn left(&self) -> u64 {
        self.left
    }
}

impl<R: Read> Read for Capped<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        if read as u64 > self.left {
            return Err(io::Error::other("it expands beyond the limit (expanded-bytes)"));
        }
        self.left -= read as u64;
        Ok(read)
    }
}

/// A regular file as it was when it was opened. A file that grows is read to where it ended then, so that no run follows
/// a log for ever; that it changed is an error at its end, because what was read is then not what is there.
struct Steady {
    file: Take<File>,
    length: u64,
    read: u64,
}

impl Steady {
    fn new(file: File) -> io::Result<Self> {
        let length = file.metadata()?.len();
        // Files of /proc and the like say 0 and hold something.
        let take = if length == 0 { u64::MAX } else { length };
        Ok(Self { file: file.take(take), length, read: 0 })
    }
}

impl Read for Steady {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.file.read(buffer)?;
        self.read += read as u64;
        if read == 0 && !buffer.is_empty() && self.length > 0 {
            let now = self.file.get_ref().metadata()?.len();
            if now != self.length || self.read != self.length {
                return Err(io::Error::other("the file changed while it was read"));
            }
        }
        Ok(read)
    }
}

/// Buffer of a stream.
pub(super) const BUFFER: usize = 256 * 1024;

/// Opens a source for reading. A compressed file may expand to `expanded_bytes`. What keeps its reader waiting ends with
/// an error once `stop` is set.
///
/// # Errors
/// When the file cannot be opened or its compression cannot be read.
pub fn open<'s>(source: &Source, expanded_bytes: u64, stop: &'s AtomicBool) -> io::Result<Opened<'s>> {
    let path = match &source.input {
        Input::Stdin => return Ok(Opened::Stream(Box::new(Waiting::new(|| Ok(io::stdin()), stop)?))),
        Input::File(path) => path,
    };
    let lower = source.name.to_ascii_lowercase();
    let regular = std::fs::metadata(path)?.is_file();
    if lower.ends_with(".zip") {
        if !regular {
            return Err(io::Error::other("a zip archive must be a regular file"));
        }
        let archive = zip::ZipArchive::new(BufReader::new(File::open(path)?)).map_err(io::Error::other)?;
        return Members::zip(archive, expanded_bytes).map(Opened::Members);
    }
    if is_tar(&lower) {
        let file = BufReader::new(File::open(path)?);
        return if lower.ends_with(".tar") {
            Members::tar(file, expanded_bytes).map(Opened::Members)
        } else {
            Members::tar(flate2::read::MultiGzDecoder::new(file), expanded_bytes).map(Opened::Members)
        };
    }
    let stream: Box<dyn Read + Send + 's> =
        if regular { Box::new(Steady::new(File::open(path)?)?) } else { Box::new(waiting(path, stop)?) };
    decompress(&lower, stream, expanded_bytes).map(Opened::Stream)
}

fn waiting<'s>(path: &Path, stop: &'s AtomicBool) -> io::Result<Waiting<'s>> {
    let path = path.to_owned();
    Waiting::new(move || File::open(path), stop)
}

/// Whether a name is that of a tar archive.
pub(super) fn is_tar(lower: &str) -> bool {
    [".tar", ".tgz", ".tar.gz"].iter().any(|ending| lower.ends_with(ending))
}

/// A stream without the compression that its name tells.
pub(super) fn decompress<'s>(
    lower: &str,
    stream: Box<dyn Read + Send + 's>,
    expanded_bytes: u64,
) -> io::Result<Box<dyn BufRead + Send + 's>> {
    Ok(if lower.ends_with(".gz") {
        let inner = flate2::read::MultiGzDecoder::new(BufReader::new(stream));
        Box::new(BufReader::with_capacity(BUFFER, Capped::new(inner, expanded_bytes)))
    } else if lower.ends_with(".zst") {
        let inner = ruzstd::decoding::StreamingDecoder::new(BufReader::new(stream)).map_err(io::Error::other)?;
        Box::new(BufReader::with_capacity(BUFFER, Capped::new(inner, expanded_bytes)))
    } else {
        Box::new(BufReader::with_capacity(BUFFER, stream))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    #[test]
    fn a_file_that_changes_is_said() {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("a.ndjson");
        let read = |change: &dyn Fn(&mut File)| {
            std::fs::write(&path, "one\n".repeat(9)).unwrap();
            let mut steady = Steady::new(File::open(&path).unwrap()).unwrap();
            let mut first = [0; 4];
            steady.read_exact(&mut first).unwrap();
            change(&mut File::options().append(true).open(&path).unwrap());
            let mut rest = Vec::new();
            (steady.read_to_end(&mut rest).map_err(|e| e.to_string()), rest.len())
        };
        let changed = Err("the file changed while it was read".to_owned());
        assert_eq!(read(&|_| {}), (Ok(32), 32));
        assert_eq!(read(&|file| file.write_all(b"more").unwrap()), (changed.clone(), 32));
        assert_eq!(read(&|file| file.set_len(16).unwrap()), (changed, 12));
        // Where the system lets an open file go, it is read to its end.
        assert_eq!(read(&|_| drop(std::fs::remove_file(&path))).1, 32);
    }
}
