//! Release in, index file out. The file is written beside its place and renamed, so that there never is half of one.

use super::collect::Tables;
use super::lay::{lay_medicines, lay_out, lay_translations};
use super::warnings::Warning;
use crate::output::Output;
use crate::terminology::snomed::SnomedError;
use crate::terminology::snomed::rf2::{Medicines, Package, ReadCodes, Release};
use std::io::Write;
use std::path::Path;
use std::sync::atomic::{AtomicBool, Ordering};

/// What a build is at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// Reading RF2 files; counted in bytes.
    Reading,
    /// Sorting rows and keeping the latest.
    Sorting,
    /// Working out the hierarchy and laying out the index.
    LayingOut,
    /// Writing; counted in bytes.
    Writing,
}

/// How far a build is.
#[derive(Clone, Copy, Debug)]
pub struct Progress {
    /// What it is at.
    pub stage: Stage,
    /// Units done in this stage.
    pub done: u64,
    /// Units of this stage.
    pub total: u64,
}

/// What a build read and wrote.
#[derive(Clone, Debug)]
pub struct BuildReport {
    /// RF2 files read.
    pub files: usize,
    /// What each package brought: its kind and date, the files read and those passed over.
    pub packages: Vec<Package>,
    /// Bytes of those read, unpacked.
    pub bytes_read: u64,
    /// Concepts, active or not.
    pub concepts: u64,
    /// Active concepts.
    pub active_concepts: u64,
    /// Descriptions, active or not.
    pub descriptions: u64,
    /// Active inferred attribute relationships.
    pub attributes: u64,
    /// Active is-a relationships.
    pub parents: u64,
    /// Refsets with concepts in them.
    pub refsets: u64,
    /// Concepts in them, counted once a refset.
    pub members: u64,
    /// Latest effective time (YYYYMMDD).
    pub effective_time: u32,
    /// Length of the index in bytes.
    pub index_bytes: u64,
    /// Entries of dm+d.
    pub medicines: u64,
    /// Date of its latest file, YYYYMMDD; 0 without any.
    pub medicines_date: u32,
    /// Read codes with a concept.
    pub translations: u64,
    /// What was wrong with the release, by kind.
    pub warnings: Vec<Warning>,
}

#[cfg(any(test, feature = "bench"))]
/// Builds the index of a release: see [`build_until`].
pub fn build(release: &Path, out: &Path, progress: &dyn Fn(Progress)) -> Result<BuildReport, SnomedError> {
    build_until(&[release], out, progress, &AtomicBool::new(false))
}

/// Builds the index of `releases` (folders, zips, .tgz, which together are one release, with dm+d and the maps of Read codes) at `out`, and stops with [`SnomedError::Stopped`] soon after
/// `stop` becomes true. A file at `out` is afterwards either what it was before or a whole index.
pub fn build_until(
    releases: &[&Path],
    out: &Path,
    progress: &dyn Fn(Progress),
    stop: &AtomicBool,
) -> Result<BuildReport, SnomedError> {
    let found = Release::find(releases)?;
    let tables = Tables::read(&found, progress, stop)?;
    if tables.concepts.is_empty() {
        return Err(SnomedError::NotARelease(releases.first().map(|path| (*path).to_owned()).unwrap_or_default()));
    }
    progress(Progress { stage: Stage::LayingOut, done: 0, total: 1 });
    let mut medicines = Medicines::default();
    for file in &found.medicines {
        medicines.read(file)?;
    }
    medicines.finish();
    let mut read_codes = ReadCodes::default();
    for file in &found.read_codes {
        read_codes.read(file)?;
    }
    let (mut sections, mut report) = lay_out(tables, found.is_full())?;
    report.medicines = medicines.entries.len() as u64;
    report.medicines_date = medicines.date;
    for (file, rows) in &medicines.unread {
        report.warnings.push(Warning {
            what: "rows of dm+d that lack an id or a name; left out",
            count: *rows,
            first: Some((file.clone(), 0)),
            concepts: Vec::new(),
            edges: Vec::new(),
        });
    }
    let pairs = read_codes.pairs();
    report.translations = pairs.len() as u64;
    lay_medicines(&mut sections, &medicines);
    lay_translations(&mut sections, &pairs);
    report.files = found.files.len();
    report.packages.clone_from(&found.packages);
    report.bytes_read = found.bytes();
    if stop.load(Ordering::Relaxed) {
        return Err(SnomedError::Stopped);
    }
    let (page, parts, total) = sections.finish();
    report.index_bytes = total;
    let tick = |done: u64| {
        progress(Progress { stage: Stage::Writing, done, total });
        if stop.load(Ordering::Relaxed) { Err(SnomedError::Stopped) } else { Ok(()) }
    };
    write(out, &page, &parts, &tick)?;
    Ok(report)
}

fn write(
    out: &Path,
    page: &[u8],
    parts: &[(usize, Vec<u8>)],
    tick: &dyn Fn(u64) -> Result<(), SnomedError>,
) -> Result<(), SnomedError> {
    let mut file = Output::create(out).map_err(SnomedError::io(out))?;
    let mut put = |bytes: &[u8]| file.write_all(bytes).map_err(SnomedError::io(out));
    put(page)?;
    let mut done = page.len() as u64;
    for (gap, bytes) in parts {
        put(&[0u8; 64][..*gap])?;
        done += *gap as u64;
        for block in bytes.chunks(8 << 20) {
            put(block)?;
            done += block.len() as u64;
            tick(done)?;
        }
    }
    // The last sections may be empty.
    tick(done)?;
    file.finish().map_err(SnomedError::io(out))
}
