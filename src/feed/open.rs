//! Opens a source: plain, .gz, .zst, or every member of a .zip or .tgz. The only reader of feed files.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};

use super::{Input, Source, Tar};

/// A zip archive on disk.
pub type Zip = zip::ZipArchive<BufReader<File>>;

/// What a source holds.
pub enum Opened {
    /// One stream; the name tells whether it is NDJSON.
    Stream {
        /// Name as found.
        name: String,
        /// The bytes, decompressed.
        reader: Box<dyn BufRead + Send>,
    },
    /// A zip archive, whose members are read by number.
    Zip(Box<Zip>),
    /// A tar stream, decompressed.
    Tar(Tar),
}

/// A stream that ends with an error after `left` bytes, so that a small file cannot expand without end.
struct Capped<R> {
    inner: R,
    left: u64,
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

const BUFFER: usize = 256 * 1024;

/// Opens a source for reading.
///
/// # Errors
/// When the file cannot be opened or its compression cannot be read.
pub fn open(source: &Source, expanded_bytes: u64) -> io::Result<Opened> {
    match &source.input {
        Input::Stdin => Ok(Opened::Stream {
            name: source.name.clone(),
            reader: Box::new(BufReader::with_capacity(BUFFER, io::stdin())),
        }),
        Input::File(path) => {
            let file = File::open(path)?;
            let name = source.name.clone();
            let lower = name.to_ascii_lowercase();
            if lower.ends_with(".zip") {
                let archive = zip::ZipArchive::new(BufReader::new(file)).map_err(io::Error::other)?;
                return Ok(Opened::Zip(Box::new(archive)));
            }
            if lower.ends_with(".tgz") || lower.ends_with(".tar.gz") {
                let inner = flate2::read::MultiGzDecoder::new(BufReader::new(file));
                return Ok(Opened::Tar(Tar::new(Box::new(Capped { inner, left: expanded_bytes }))));
            }
            if lower.ends_with(".tar") {
                return Ok(Opened::Tar(Tar::new(Box::new(BufReader::new(file)))));
            }
            if lower.ends_with(".gz") {
                let inner = flate2::read::MultiGzDecoder::new(BufReader::new(file));
                let reader = BufReader::with_capacity(BUFFER, Capped { inner, left: expanded_bytes });
                return Ok(Opened::Stream { name, reader: Box::new(reader) });
            }
            if lower.ends_with(".zst") {
                let inner = ruzstd::decoding::StreamingDecoder::new(BufReader::new(file)).map_err(io::Error::other)?;
                let reader = BufReader::with_capacity(BUFFER, Capped { inner, left: expanded_bytes });
                return Ok(Opened::Stream { name, reader: Box::new(reader) });
            }
            Ok(Opened::Stream { name, reader: Box::new(BufReader::with_capacity(BUFFER, file)) })
        }
    }
}
