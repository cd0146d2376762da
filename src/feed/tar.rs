//! Members of a tar stream one after the other, so that no more than one is held at a time.

use std::io::{self, Read};

/// A tar stream, read once from front to back.
pub struct Tar {
    inner: Box<dyn Read + Send>,
    /// Bytes of the current member and its padding that are not read yet.
    left: u64,
    padding: u64,
}

const BLOCK: u64 = 512;
/// Names of members are no longer than paths of systems.
const LONGEST_NAME: u64 = 64 * 1024;

impl Tar {
    /// Over the bytes of an archive, decompressed.
    pub fn new(inner: Box<dyn Read + Send>) -> Self {
        Self { inner, left: 0, padding: 0 }
    }

    /// Name of the next file, or nothing at the end. What of the member before was not read is passed over.
    ///
    /// # Errors
    /// What the stream says, and a header that is none.
    pub fn next_file(&mut self) -> io::Result<Option<String>> {
        let mut long_name = None;
        loop {
            self.pass_over()?;
            let mut block = [0; BLOCK as usize];
            if !self.block(&mut block)? || block.iter().all(|b| *b == 0) {
                return Ok(None);
            }
            let header = tar::Header::from_byte_slice(&block);
            let sum: u32 = block[..148].iter().chain(&block[156..]).map(|b| u32::from(*b)).sum::<u32>() + 8 * 32;
            if header.cksum().ok() != Some(sum) {
                return Err(io::Error::new(io::ErrorKind::InvalidData, "it is no tar archive, or damaged"));
            }
            self.left = header.entry_size()?;
            self.padding = (BLOCK - self.left % BLOCK) % BLOCK;
            let kind = header.entry_type();
            if kind.is_gnu_longname() || kind.is_pax_local_extensions() {
                let mut bytes = Vec::new();
                if self.left > LONGEST_NAME {
                    return Err(io::Error::new(io::ErrorKind::InvalidData, "the name of a member is too long"));
                }
                self.read_to_end(&mut bytes)?;
                let name = if kind.is_gnu_longname() { Some(bytes) } else { pax_path(&bytes) };
                long_name = name.map(|n| String::from_utf8_lossy(&n).trim_end_matches('\0').to_owned()).or(long_name);
                continue;
            }
            let name = long_name.take().unwrap_or_else(|| String::from_utf8_lossy(&header.path_bytes()).into_owned());
            if kind.is_file() {
                return Ok(Some(name));
            }
        }
    }

    /// Fills a block; `false` at the end of the stream.
    fn block(&mut self, block: &mut [u8]) -> io::Result<bool> {
        let mut filled = 0;
        while filled < block.len() {
            match self.inner.read(&mut block[filled..])? {
                0 if filled == 0 => return Ok(false),
                0 => return Err(io::ErrorKind::UnexpectedEof.into()),
                n => filled += n,
            }
        }
        Ok(true)
    }

    fn pass_over(&mut self) -> io::Result<()> {
        let rest = self.left + self.padding;
        let passed = io::copy(&mut self.inner.by_ref().take(rest), &mut io::sink())?;
        if passed < rest {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        (self.left, self.padding) = (0, 0);
        Ok(())
    }
}

/// Reads the member that [`Tar::next_file`] named last.
impl Read for Tar {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let most = buffer.len().min(usize::try_from(self.left).unwrap_or(usize::MAX));
        if most == 0 {
            return Ok(0);
        }
        let read = self.inner.read(&mut buffer[..most])?;
        if read == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        self.left -= read as u64;
        Ok(read)
    }
}

/// `path` of a pax header: records of `LENGTH KEY=VALUE\n`.
fn pax_path(bytes: &[u8]) -> Option<Vec<u8>> {
    let mut rest = bytes;
    while let Some(space) = rest.iter().position(|b| *b == b' ') {
        let length: usize = std::str::from_utf8(&rest[..space]).ok()?.parse().ok()?;
        let record = rest.get(space + 1..length)?;
        if let Some(value) = record.strip_prefix(b"path=") {
            return Some(value.strip_suffix(b"\n").unwrap_or(value).to_vec());
        }
        rest = rest.get(length..)?;
    }
    None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn members_come_one_by_one_with_long_names() {
        let long = format!("{}/b.json", "deep/".repeat(40));
        let mut builder = tar::Builder::new(Vec::new());
        for (name, size) in [("a.json", 3usize), (long.as_str(), 700), ("c.json", 0)] {
            let mut header = tar::Header::new_gnu();
            header.set_size(size as u64);
            header.set_mode(0o644);
            header.set_cksum();
            builder.append_data(&mut header, name, vec![b'x'; size].as_slice()).unwrap();
        }
        let bytes = builder.into_inner().unwrap();
        let mut tar = Tar::new(Box::new(io::Cursor::new(bytes.clone())));
        let mut seen = Vec::new();
        while let Some(name) = tar.next_file().unwrap() {
            let mut content = Vec::new();
            // The first is not read to its end.
            let most = if seen.is_empty() { 1 } else { 1000 };
            tar.by_ref().take(most).read_to_end(&mut content).unwrap();
            seen.push((name, content.len()));
        }
        assert_eq!(seen, [("a.json".to_owned(), 1), (long, 700), ("c.json".to_owned(), 0)]);
        let mut cut = Tar::new(Box::new(io::Cursor::new(bytes[..600].to_vec())));
        assert!(cut.next_file().is_ok() && cut.next_file().is_err());
        assert!(Tar::new(Box::new(io::Cursor::new(vec![7; 512]))).next_file().is_err());
    }

    #[test]
    fn pax_names_are_read() {
        assert_eq!(pax_path(b"18 path=some/name\n"), Some(b"some/name".to_vec()));
        assert_eq!(pax_path(b"11 size=90\n18 path=some/name\n"), Some(b"some/name".to_vec()));
        assert_eq!(pax_path(b"99 path=x\n"), None);
    }
}
