//! Archives that a release comes in: zip, a zip within a zip, .tgz and .gz. What an archive holds within another one is unpacked
//! into temporary files for as long as the release is read.

use crate::terminology::snomed::SnomedError;
use std::fs::File;
use std::io::{BufReader, Read, Seek};
use std::path::{Path, PathBuf};

/// Where the bytes of a file are.
#[derive(Clone, Debug)]
pub(super) enum Source {
    Path(PathBuf),
    Gzip(PathBuf),
    Zip { archive: PathBuf, index: usize },
}

/// Takes the name, length and place of each file.
type Take<'t> = &'t mut dyn FnMut(&str, u64, Source);

/// Files unpacked for reading; removed with this.
#[derive(Debug, Default)]
pub(super) struct Unpacked {
    files: Vec<tempfile::NamedTempFile>,
}

impl Unpacked {
    /// One file on disk: itself, or what it holds.
    pub(super) fn file(&mut self, path: &Path, take: Take<'_>) -> Result<(), SnomedError> {
        let name = path.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default();
        let lower = name.to_ascii_lowercase();
        if lower.ends_with(".zip") {
            return self.zip(path, true, take);
        }
        if lower.ends_with(".tgz") || lower.ends_with(".tar.gz") {
            let file = File::open(path).map_err(SnomedError::io(path))?;
            return self.tar(path, flate2::read::MultiGzDecoder::new(file), take);
        }
        if lower.ends_with(".tar") {
            return self.tar(path, File::open(path).map_err(SnomedError::io(path))?, take);
        }
        let bytes = std::fs::metadata(path).map_or(0, |m| m.len());
        let gzip = lower.ends_with(".gz");
        take(&name, bytes, if gzip { Source::Gzip(path.to_owned()) } else { Source::Path(path.to_owned()) });
        Ok(())
    }

    fn zip(&mut self, path: &Path, outer: bool, take: Take<'_>) -> Result<(), SnomedError> {
        let mut zip = open_zip(path)?;
        for index in 0..zip.len() {
            let fault =
                |fault: zip::result::ZipError| SnomedError::Zip { path: path.to_owned(), detail: fault.to_string() };
            let mut entry = zip.by_index(index).map_err(fault)?;
            if !entry.is_file() {
                continue;
            }
            let whole = String::from_utf8_lossy(entry.name_raw()).into_owned();
            let name = base(&whole).to_owned();
            if outer && name.to_ascii_lowercase().ends_with(".zip") {
                let inner = self.unpack(&mut entry, path)?;
                drop(entry);
                self.zip(&inner, false, take)?;
                continue;
            }
            let bytes = entry.size();
            drop(entry);
            take(&name, bytes, Source::Zip { archive: path.to_owned(), index });
        }
        Ok(())
    }

    fn tar(&mut self, path: &Path, stream: impl Read, take: Take<'_>) -> Result<(), SnomedError> {
        let mut archive = tar::Archive::new(stream);
        let io = SnomedError::io;
        for entry in archive.entries().map_err(io(path))? {
            let mut entry = entry.map_err(io(path))?;
            let name = base(&entry.path().map_err(io(path))?.to_string_lossy()).to_owned();
            let lower = name.to_ascii_lowercase();
            if !entry.header().entry_type().is_file() || !(lower.ends_with(".txt") || lower.ends_with(".zip")) {
                continue;
            }
            let inner = self.unpack(&mut entry, path)?;
            if lower.ends_with(".zip") {
                self.zip(&inner, false, take)?;
            } else {
                let bytes = std::fs::metadata(&inner).map_or(0, |m| m.len());
                take(&name, bytes, Source::Path(inner));
            }
        }
        Ok(())
    }

    fn unpack(&mut self, from: &mut dyn Read, archive: &Path) -> Result<PathBuf, SnomedError> {
        let mut file = tempfile::NamedTempFile::new().map_err(SnomedError::io(archive))?;
        std::io::copy(from, file.as_file_mut()).map_err(SnomedError::io(archive))?;
        let path = file.path().to_owned();
        self.files.push(file);
        Ok(path)
    }
}

/// The name of a file without its folders.
fn base(name: &str) -> &str {
    name.rsplit(['/', '\\']).next().unwrap_or("")
}

pub(super) fn open_zip(path: &Path) -> Result<zip::ZipArchive<BufReader<File>>, SnomedError> {
    let file = File::open(path).map_err(SnomedError::io(path))?;
    zip_of(BufReader::with_capacity(1 << 18, file), path)
}

fn zip_of<R: Read + Seek>(reader: R, path: &Path) -> Result<zip::ZipArchive<R>, SnomedError> {
    zip::ZipArchive::new(reader).map_err(|fault| SnomedError::Zip { path: path.to_owned(), detail: fault.to_string() })
}
