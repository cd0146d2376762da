//! Streams that may keep their reader waiting (standard input, pipes): read on a thread of their own, so that an
//! interrupted run ends at once and not with its input.

use std::io::{self, BufRead, Read};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{Receiver, RecvTimeoutError, sync_channel};
use std::time::Duration;

/// Bytes read at once.
const CHUNK: usize = 256 * 1024;
/// Chunks read ahead.
const AHEAD: usize = 2;
/// How often a waiting reader looks whether the run was interrupted.
const LOOK: Duration = Duration::from_millis(50);

/// A stream read by another thread.
pub(super) struct Waiting<'s> {
    chunks: Receiver<io::Result<Vec<u8>>>,
    chunk: Vec<u8>,
    at: usize,
    stop: &'s AtomicBool,
}

impl<'s> Waiting<'s> {
    /// Opens and reads a stream on a thread of its own: opening a pipe waits for its writer.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub(super) fn new<R: Read>(
        open: impl FnOnce() -> io::Result<R> + Send + 'static,
        stop: &'s AtomicBool,
    ) -> io::Result<Self> {
        let (send, chunks) = sync_channel(AHEAD);
        std::thread::Builder::new().spawn(move || {
            let mut stream = match open() {
                Ok(stream) => stream,
                Err(error) => return drop(send.send(Err(error))),
            };
            loop {
                let mut chunk = vec![0; CHUNK];
                let read = match stream.read(&mut chunk) {
                    Ok(0) => return,
                    Ok(read) => read,
                    Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                    Err(error) => return drop(send.send(Err(error))),
                };
                chunk.truncate(read);
                if send.send(Ok(chunk)).is_err() {
                    return;
                }
            }
        })?;
        Ok(Self { chunks, chunk: Vec::new(), at: 0, stop })
    }
}

impl BufRead for Waiting<'_> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        while self.at == self.chunk.len() {
            if self.stop.load(Ordering::Relaxed) {
                return Err(io::Error::other("the run was interrupted"));
            }
            match self.chunks.recv_timeout(LOOK) {
                Ok(chunk) => (self.chunk, self.at) = (chunk?, 0),
                Err(RecvTimeoutError::Timeout) => {}
                Err(RecvTimeoutError::Disconnected) => break,
            }
        }
        Ok(&self.chunk[self.at..])
    }

    fn consume(&mut self, used: usize) {
        self.at = (self.at + used).min(self.chunk.len());
    }
}

impl Read for Waiting<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.fill_buf()?.read(buffer)?;
        self.consume(read);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Never gives a byte.
    struct Silent;

    impl Read for Silent {
        fn read(&mut self, _: &mut [u8]) -> io::Result<usize> {
            std::thread::sleep(Duration::from_secs(3600));
            Ok(0)
        }
    }

    #[test]
    fn passes_bytes_and_faults_on() {
        let stop = AtomicBool::new(false);
        let mut out = Vec::new();
        let text = vec![b'x'; CHUNK * 3 + 7];
        let copy = text.clone();
        Waiting::new(move || Ok(io::Cursor::new(copy)), &stop).unwrap().read_to_end(&mut out).unwrap();
        assert_eq!(out, text);
        let mut broken = Waiting::new(|| Err::<Silent, _>(io::Error::other("gone")), &stop).unwrap();
        assert_eq!(broken.fill_buf().unwrap_err().to_string(), "gone");
    }

    #[test]
    fn an_interrupted_run_does_not_wait() {
        let stop = AtomicBool::new(true);
        let mut waiting = Waiting::new(|| Ok(Silent), &stop).unwrap();
        assert_eq!(waiting.read_to_end(&mut Vec::new()).unwrap_err().to_string(), "the run was interrupted");
    }
}
