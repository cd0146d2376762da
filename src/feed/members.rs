//! Members of an archive as streams, in the order of the archive. The archive is read on a thread of its own, a few
//! chunks ahead: neither it nor a member is ever whole in memory, and nothing is written to disk.

use std::io::{self, BufRead, Read, Seek};
use std::path::Path;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};
use std::sync::{Arc, Mutex, PoisonError};

use super::discover::is_source;
use super::open::{Capped, decompress, is_tar};

/// Bytes handed over at once.
const CHUNK: usize = 256 * 1024;
/// Chunks read ahead.
const AHEAD: usize = 2;

enum Part {
    /// A member that may hold messages begins.
    Begins(String),
    /// Some of its bytes.
    Bytes(Vec<u8>),
    /// It ends.
    Ends,
    /// The member, or without a name the archive, cannot be read on.
    Fails(Option<String>, io::Error),
}

/// Members of an archive.
pub struct Members {
    parts: Arc<Mutex<Receiver<Part>>>,
    expanded_bytes: u64,
    found: u64,
    over: bool,
}

/// One member.
pub enum Member {
    /// Name inside the archive, and its bytes, decompressed. Read it before asking for the next.
    Stream(String, Box<dyn BufRead + Send>),
    /// Name, or nothing for the archive itself, and why it is not read.
    Unreadable(Option<String>, io::Error),
}

impl Members {
    /// Members of a zip archive, which together may expand to `expanded_bytes`.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn zip<R: Read + Seek + Send + 'static>(archive: zip::ZipArchive<R>, expanded_bytes: u64) -> io::Result<Self> {
        Self::new(expanded_bytes, move |send| read_zip(archive, expanded_bytes, send))
    }

    /// Members of a tar stream, which may expand to `expanded_bytes`.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn tar<R: Read + Send + 'static>(stream: R, expanded_bytes: u64) -> io::Result<Self> {
        Self::new(expanded_bytes, move |send| {
            if let Err(error) = read_tar(Capped::new(stream, expanded_bytes), send) {
                let _ = send.send(Part::Fails(None, error));
            }
        })
    }

    fn new(expanded_bytes: u64, read: impl FnOnce(&SyncSender<Part>) + Send + 'static) -> io::Result<Self> {
        let (send, parts) = sync_channel(AHEAD);
        std::thread::Builder::new().spawn(move || read(&send))?;
        Ok(Self { parts: Arc::new(Mutex::new(parts)), expanded_bytes, found: 0, over: false })
    }

    /// The next member; what was not read of the one before is passed over. An archive without a message says so.
    pub fn next_member(&mut self) -> Option<Member> {
        while !self.over {
            let part = self.parts.lock().unwrap_or_else(PoisonError::into_inner).recv();
            match part {
                Ok(Part::Begins(name)) => {
                    self.found += 1;
                    let stream =
                        Box::new(Bytes { parts: Arc::clone(&self.parts), chunk: Vec::new(), at: 0, over: false });
                    return Some(match decompress(&name.to_ascii_lowercase(), stream, self.expanded_bytes) {
                        Ok(stream) => Member::Stream(name, stream),
                        Err(error) => Member::Unreadable(Some(name), error),
                    });
                }
                Ok(Part::Fails(name, error)) => {
                    self.found += 1;
                    return Some(Member::Unreadable(name, error));
                }
                Ok(Part::Bytes(_) | Part::Ends) => {}
                Err(_) => self.over = true,
            }
            if self.over && self.found == 0 {
                return Some(Member::Unreadable(None, io::Error::other("no message is in it")));
            }
        }
        None
    }
}

/// Bytes of the member that is being handed over.
struct Bytes {
    parts: Arc<Mutex<Receiver<Part>>>,
    chunk: Vec<u8>,
    at: usize,
    over: bool,
}

impl Read for Bytes {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        while self.at == self.chunk.len() && !self.over {
            match self.parts.lock().unwrap_or_else(PoisonError::into_inner).recv() {
                Ok(Part::Bytes(chunk)) => (self.chunk, self.at) = (chunk, 0),
                Ok(Part::Fails(_, error)) => {
                    self.over = true;
                    return Err(error);
                }
                Ok(Part::Ends | Part::Begins(_)) => self.over = true,
                Err(_) => {
                    self.over = true;
                    return Err(io::ErrorKind::UnexpectedEof.into());
                }
            }
        }
        let read = (&self.chunk[self.at..]).read(buffer)?;
        self.at += read;
        Ok(read)
    }
}

/// What a member is by its name: a source, or an archive that is not opened; anything else is passed over.
fn refusal(name: &str) -> Option<io::Error> {
    let lower = name.to_ascii_lowercase();
    (lower.ends_with(".zip") || is_tar(&lower))
        .then(|| io::Error::other("an archive inside an archive is not opened: unpack it first"))
}

/// Hands one member over; false when nobody reads any more.
fn hand_over(name: &str, stream: &mut dyn Read, send: &SyncSender<Part>) -> bool {
    if send.send(Part::Begins(name.to_owned())).is_err() {
        return false;
    }
    loop {
        let mut chunk = vec![0; CHUNK];
        let read = match stream.read(&mut chunk) {
            Ok(0) => return send.send(Part::Ends).is_ok(),
            Ok(read) => read,
            Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
            Err(error) => return send.send(Part::Fails(Some(name.to_owned()), error)).is_ok(),
        };
        chunk.truncate(read);
        if send.send(Part::Bytes(chunk)).is_err() {
            return false;
        }
    }
}

/// The name of a member; what is not text in it is replaced.
fn name_of<R: Read>(member: &zip::read::ZipFile<'_, R>) -> String {
    match member.name() {
        Ok(name) => name.into_owned(),
        Err(_) => String::from_utf8_lossy(member.name_raw()).into_owned(),
    }
}

fn read_zip<R: Read + Seek>(mut archive: zip::ZipArchive<R>, expanded_bytes: u64, send: &SyncSender<Part>) {
    // Members can overlap in the file, so what counts is what comes out of all of them.
    let mut left = expanded_bytes;
    for at in 0..archive.len() {
        let known = archive.by_index_raw(at).map(|member| (name_of(&member), member.is_dir()));
        let going = match known {
            Ok((name, dir)) if dir || !is_source(Path::new(&name)) => true,
            Ok((name, _)) => match (refusal(&name), archive.by_index(at)) {
                (Some(error), _) => send.send(Part::Fails(Some(name), error)).is_ok(),
                (None, Err(error)) => send.send(Part::Fails(Some(name), io::Error::other(error))).is_ok(),
                (None, Ok(member)) => {
                    let mut stream = Capped::new(member, left);
                    let going = hand_over(&name, &mut stream, send);
                    left = stream.left();
                    going
                }
            },
            Err(error) => send.send(Part::Fails(None, io::Error::other(error))).is_ok(),
        };
        if !going {
            return;
        }
    }
}

/// A stream that counts the zeros it ended with so far.
struct Zeros<R> {
    inner: R,
    zeros: usize,
}

impl<R: Read> Read for Zeros<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        let zeros = buffer[..read].iter().rev().take_while(|byte| **byte == 0).count();
        self.zeros = if zeros == read { self.zeros + zeros } else { zeros };
        Ok(read)
    }
}

fn read_tar(stream: impl Read, send: &SyncSender<Part>) -> io::Result<()> {
    let mut archive = tar::Archive::new(Zeros { inner: stream, zeros: 0 });
    for entry in archive.entries()? {
        let mut entry = entry?;
        let name = String::from_utf8_lossy(&entry.path_bytes()).into_owned();
        let kind = entry.header().entry_type();
        if kind.is_dir() || !is_source(Path::new(&name)) {
            continue;
        }
        let going = if let Some(error) = refusal(&name) {
            send.send(Part::Fails(Some(name), error)).is_ok()
        } else if !kind.is_file() {
            send.send(Part::Fails(Some(name), io::Error::other("this member is not a file"))).is_ok()
        } else {
            hand_over(&name, &mut entry, send)
        };
        if !going {
            return Ok(());
        }
    }
    let mut rest = archive.into_inner();
    // An archive ends in blocks of zeros: without one it is cut, even where a member happens to end.
    if rest.zeros < 512 {
        return Err(io::Error::other("the archive has no end: it is cut"));
    }
    // Compression proves its sum at its own end only.
    io::copy(&mut rest, &mut io::sink()).map(drop)
}
