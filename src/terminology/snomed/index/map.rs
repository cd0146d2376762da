//! Maps an index file into memory: the only unsafe call of the crate.

use std::fs::File;
use std::path::Path;

/// The bytes of a mapped file.
pub(super) struct Mapped(memmap2::Mmap);

impl Mapped {
    /// Maps the whole file, read-only.
    #[allow(unsafe_code)]
    pub(super) fn open(path: &Path) -> std::io::Result<Self> {
        let file = File::open(path)?;
        // SAFETY: the mapping is read-only and its bytes are only ever read as plain bytes, so any content is valid.
        // What remains is the file changing underneath. An index is never written in place: a build writes a new
        // file and renames it over the old name, which leaves a mapped one untouched. Readers take every number
        // through bounds-checked accessors, so even a file that some other program rewrites gives at worst wrong
        // numbers; one that is truncated while mapped ends the process with a signal, as for every mapped file.
        let map = unsafe { memmap2::Mmap::map(&file)? };
        Ok(Self(map))
    }

    pub(super) fn bytes(&self) -> &[u8] {
        &self.0
    }
}
