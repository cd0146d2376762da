//! Key runs: pseudonyms sorted, each once; what does not fit into memory lies in temporary files and is merged as read.

use std::fs::{self, File};
use std::io::{self, BufReader, BufWriter, Read, Write};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use super::merged::Merged;
use crate::tally::{KeyKind, KeyRow, sort_rows};

/// A folder for runs that do not fit into memory, made when the first of them is written. It and all in it go when the
/// last user goes.
#[derive(Clone, Debug)]
pub struct Spill(Arc<Folder>);

#[derive(Debug)]
struct Folder {
    path: PathBuf,
    made: Mutex<bool>,
    next: AtomicU64,
}

impl Drop for Folder {
    fn drop(&mut self) {
        if *self.made.lock().unwrap_or_else(PoisonError::into_inner) {
            let _ = fs::remove_dir_all(&self.path);
        }
    }
}

impl Spill {
    /// A folder of this name, which must not be there yet. Only its owner can look into it.
    pub fn new(path: &Path) -> Self {
        Self(Arc::new(Folder { path: path.to_owned(), made: Mutex::new(false), next: AtomicU64::new(0) }))
    }

    fn make(&self) -> io::Result<()> {
        let mut made = self.0.made.lock().unwrap_or_else(PoisonError::into_inner);
        if !*made {
            #[cfg_attr(not(unix), allow(unused_mut))]
            let mut builder = fs::DirBuilder::new();
            #[cfg(unix)]
            std::os::unix::fs::DirBuilderExt::mode(&mut builder, 0o700);
            builder.create(&self.0.path)?;
            *made = true;
        }
        Ok(())
    }

    pub(super) fn file(&self) -> io::Result<(PathBuf, File)> {
        self.make()?;
        let path = self.0.path.join(format!("run-{}", self.0.next.fetch_add(1, Ordering::Relaxed)));
        let mut options = fs::OpenOptions::new();
        options.write(true).create_new(true);
        #[cfg(unix)]
        std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
        let file = options.open(&path)?;
        Ok((path, file))
    }
}

/// A run that is read.
pub(super) type RunFile = BufReader<File>;

/// Opens a run to be read.
pub(super) fn open_run(path: &Path) -> io::Result<RunFile> {
    Ok(BufReader::with_capacity(1 << 16, File::open(path)?))
}

/// One sorted run, each row once.
#[derive(Clone, Debug)]
enum Run {
    Held(Arc<Vec<KeyRow>>),
    /// The folder is kept as long as the run.
    Spilled(Arc<(PathBuf, Spill)>),
}

/// Pseudonyms of one scope: any number of sorted runs, read as one. Equal when they hold the same rows.
#[derive(Clone, Debug, Default)]
pub struct Keys {
    runs: Vec<Run>,
}

impl PartialEq for Keys {
    fn eq(&self, other: &Self) -> bool {
        let (Ok(mut a), Ok(mut b)) = (self.rows(), other.rows()) else { return false };
        loop {
            match (a.next(), b.next()) {
                (None, None) => return true,
                (Some(Ok(a)), Some(Ok(b))) if a == b => {}
                _ => return false,
            }
        }
    }
}

impl Eq for Keys {}

impl Keys {
    /// Of rows in any order, held in memory.
    pub fn of(mut rows: Vec<KeyRow>) -> Self {
        sort_rows(&mut rows);
        if rows.is_empty() { Self::default() } else { Self { runs: vec![Run::Held(Arc::new(rows))] } }
    }

    /// Whether there is no row.
    pub fn is_empty(&self) -> bool {
        self.runs.is_empty()
    }

    /// Adds the rows of others; nothing is read or moved.
    pub fn add(&mut self, other: Self) {
        self.runs.extend(other.runs);
    }

    /// All rows by kind, key and fact, each once with its whole count.
    ///
    /// # Errors
    /// When a temporary file cannot be opened.
    pub fn rows(&self) -> io::Result<Rows<'_>> {
        let sources = self.runs.iter().map(|run| match run {
            Run::Held(held) => Ok(Source::Held(held.iter())),
            Run::Spilled(run) => open_run(&run.0).map(Source::File),
        });
        Ok(Rows(Merged::new(sources.collect::<io::Result<_>>()?)))
    }
}

enum Source<'k> {
    Held(std::slice::Iter<'k, KeyRow>),
    File(RunFile),
}

impl Iterator for Source<'_> {
    type Item = io::Result<KeyRow>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Held(rows) => rows.next().copied().map(Ok),
            Self::File(file) => read_row(file).transpose(),
        }
    }
}

/// Rows of several runs as one.
pub struct Rows<'k>(Merged<KeyRow, Source<'k>>);

impl Iterator for Rows<'_> {
    type Item = io::Result<KeyRow>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut row = match self.0.next()? {
            Ok(row) => row,
            Err(error) => return Some(Err(error)),
        };
        while self.0.peek().is_some_and(|other| other.about() == row.about()) {
            match self.0.next()? {
                Ok(other) => row.count += other.count,
                Err(error) => return Some(Err(error)),
            }
        }
        Some(Ok(row))
    }
}

const ROW: usize = 41;

fn write_row(out: &mut impl Write, row: &KeyRow) -> io::Result<()> {
    out.write_all(&[row.kind as u8])?;
    out.write_all(&row.key)?;
    out.write_all(&row.fact)?;
    out.write_all(&row.count.to_le_bytes())
}

fn read_row(file: &mut impl Read) -> io::Result<Option<KeyRow>> {
    let mut bytes = [0; ROW];
    let mut filled = 0;
    while filled < ROW {
        match file.read(&mut bytes[filled..])? {
            0 if filled == 0 => return Ok(None),
            0 => return Err(io::ErrorKind::UnexpectedEof.into()),
            n => filled += n,
        }
    }
    let kind = KeyKind::ALL.get(bytes[0] as usize).copied().ok_or(io::ErrorKind::InvalidData)?;
    let (mut key, mut fact, mut count) = ([0; 16], [0; 16], [0; 8]);
    key.copy_from_slice(&bytes[1..17]);
    fact.copy_from_slice(&bytes[17..33]);
    count.copy_from_slice(&bytes[33..]);
    Ok(Some(KeyRow { kind, key, fact, count: u64::from_le_bytes(count) }))
}

/// Takes rows in any order and makes runs of them.
#[derive(Debug)]
pub struct KeySorter {
    waiting: Vec<KeyRow>,
    done: Keys,
    spill: Option<Spill>,
    most: usize,
}

impl KeySorter {
    /// Holds at most `most` rows (48 bytes each) before it writes a run into the folder; all, without a folder.
    pub fn new(spill: Option<Spill>, most: usize) -> Self {
        Self { waiting: Vec::new(), done: Keys::default(), spill, most: most.max(1) }
    }

    /// Adds rows.
    ///
    /// # Errors
    /// When a run cannot be written.
    pub fn add(&mut self, rows: &[KeyRow]) -> io::Result<()> {
        self.waiting.extend_from_slice(rows);
        if self.waiting.len() >= self.most && self.spill.is_some() { self.write() } else { Ok(()) }
    }

    fn write(&mut self) -> io::Result<()> {
        let Some(spill) = &self.spill else { return Ok(()) };
        sort_rows(&mut self.waiting);
        let (path, file) = spill.file()?;
        let mut out = BufWriter::with_capacity(1 << 16, file);
        for row in &self.waiting {
            write_row(&mut out, row)?;
        }
        out.flush()?;
        self.waiting.clear();
        self.done.runs.push(Run::Spilled(Arc::new((path, spill.clone()))));
        Ok(())
    }

    /// The runs.
    pub fn finish(mut self) -> Keys {
        self.done.add(Keys::of(std::mem::take(&mut self.waiting)));
        self.done
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn row(key: u8, fact: u8, count: u64) -> KeyRow {
        KeyRow { kind: KeyKind::Sex, key: [key; 16], fact: [fact; 16], count }
    }

    #[test]
    fn spilled_runs_read_as_one_and_leave_nothing_behind() {
        let base = tempfile::tempdir().unwrap();
        let path = base.path().join("spill");
        let rows: Vec<KeyRow> = (0..200u16).map(|n| row((n * 7 % 31) as u8, (n % 3) as u8, 1)).collect();
        let keys = {
            let mut sorter = KeySorter::new(Some(Spill::new(&path)), 16);
            assert!(!path.exists());
            rows.chunks(5).for_each(|c| sorter.add(c).unwrap());
            // A folder that somebody else made is not taken, and not removed.
            assert!(KeySorter::new(Some(Spill::new(&path)), 1).add(&rows).is_err());
            sorter.finish()
        };
        assert!(fs::read_dir(&path).unwrap().count() > 5);
        #[cfg(unix)]
        for entry in fs::read_dir(&path).unwrap() {
            let mode = std::os::unix::fs::PermissionsExt::mode(&entry.unwrap().metadata().unwrap().permissions());
            assert_eq!(mode & 0o777, 0o600);
        }
        assert_eq!(keys, Keys::of(rows));
        let mut doubled = keys.clone();
        doubled.add(keys.clone());
        assert!(doubled != keys);
        assert!(
            doubled.rows().unwrap().zip(keys.rows().unwrap()).all(|(d, k)| d.unwrap().count == 2 * k.unwrap().count)
        );
        drop((keys, doubled));
        assert!(!path.exists());
    }

    #[test]
    fn a_run_that_breaks_off_is_an_error() {
        let base = tempfile::tempdir().unwrap();
        let path = base.path().join("spill");
        let mut sorter = KeySorter::new(Some(Spill::new(&path)), 2);
        sorter.add(&[row(1, 1, 1), row(2, 1, 1)]).unwrap();
        let keys = sorter.finish();
        let run = fs::read_dir(&path).unwrap().next().unwrap().unwrap().path();
        fs::write(&run, [1; 60]).unwrap();
        assert!(keys.rows().unwrap().any(|r| r.is_err()));
    }
}
