//! Opening FHIR packages: archives, folders and single definition files become an index of definitions read on demand.

use super::datum::{parse_json, skim_json};
use super::error::PackError;
use super::model::{Datum, Release};
use super::xml::parse_xml;
use sha2::{Digest, Sha256};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Largest single definition file that is read.
const MAX_FILE: u64 = 256 << 20;

/// How the licence of HL7's core packages is stated.
const CC0: &str = "CC0, by the package's description";

/// A FHIR package: what its manifest says and an index of its definitions.
#[derive(Debug)]
pub struct Package {
    /// `name` of the manifest, or the name of the file or folder.
    pub name: String,
    /// `version` of the manifest, or empty.
    pub version: String,
    /// `license` of the manifest, or `none stated`.
    pub licence: String,
    /// Name of the file or folder it was read from, without its path.
    pub source: String,
    /// SHA-256 of the file; of a folder, over the sorted names, lengths and contents of what was read.
    pub digest: String,
    /// FHIR release by the manifest, when it names one that is supported.
    pub release: Option<Release>,
    /// Dependencies: name and version.
    pub dependencies: Vec<(String, String)>,
    /// Definitions, in order of their file names.
    pub entries: Vec<Entry>,
}

/// What an entry defines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum EntryKind {
    /// StructureDefinition.
    Structure,
    /// ValueSet.
    ValueSet,
    /// CodeSystem.
    CodeSystem,
    /// Any other resource with a canonical URL.
    Other,
}

/// One definition of a package: its names, and the whole on demand.
#[derive(Clone, Debug)]
pub struct Entry {
    /// What it defines.
    pub kind: EntryKind,
    /// `resourceType`.
    pub resource_type: String,
    /// Canonical.
    pub url: String,
    /// Business version, or empty.
    pub version: String,
    /// Computable name, or empty.
    pub name: String,
    /// Resource id, or empty.
    pub id: String,
    /// FHIR release: its own `fhirVersion`, else the package's.
    pub release: Option<Release>,
    /// Canonical of the code system that it supplements, or empty.
    pub supplements: String,
    /// Where it was read from, for messages.
    pub file: String,
    place: Place,
}

#[derive(Clone, Debug)]
enum Place {
    Json(Arc<[u8]>),
    File(PathBuf),
    Whole(Arc<Datum>),
}

impl Entry {
    /// Reads the whole definition.
    ///
    /// # Errors
    /// When its file is gone or not well formed.
    pub fn datum(&self) -> Result<Arc<Datum>, PackError> {
        let read = |bytes: &[u8]| parse_json(bytes).map(Arc::new).map_err(|what| malformed(&self.file, what));
        match &self.place {
            Place::Json(bytes) => read(bytes),
            Place::File(path) => read(&read_file(path)?),
            Place::Whole(datum) => Ok(Arc::clone(datum)),
        }
    }

    /// Whether the source text holds `needle` (licence wording, when a pack is built); XML sources answer false.
    ///
    /// # Errors
    /// When its file is gone.
    pub fn mentions(&self, needle: &str) -> Result<bool, PackError> {
        let find = |bytes: &[u8]| memchr::memmem::find(bytes, needle.as_bytes()).is_some();
        Ok(match &self.place {
            Place::Json(bytes) => find(bytes),
            Place::File(path) => find(&read_file(path)?),
            Place::Whole(_) => false,
        })
    }
}

fn malformed(file: &str, what: String) -> PackError {
    PackError::Malformed { file: file.to_owned(), what }
}

fn unreadable(path: &Path, error: &std::io::Error) -> PackError {
    PackError::Unreadable { file: path.display().to_string(), what: error.to_string() }
}

fn read_file(path: &Path) -> Result<Vec<u8>, PackError> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(path).map_err(|error| unreadable(path, &error))?;
    file.take(MAX_FILE).read_to_end(&mut bytes).map_err(|error| unreadable(path, &error))?;
    Ok(bytes)
}

fn file_name(path: &Path) -> String {
    path.file_name().map_or_else(|| path.display().to_string(), |name| name.to_string_lossy().into_owned())
}

/// Opens whatever `path` is: `.tgz`, a package folder (with or without `package/`), a folder of packages laid out as
/// `~/.fhir/packages`, a folder of definition files, or one definition file in JSON or XML.
///
/// # Errors
/// When nothing readable or no definition is there, or a definition is not well formed.
pub fn open(path: &Path) -> Result<Vec<Package>, PackError> {
    let meta = std::fs::metadata(path).map_err(|error| unreadable(path, &error))?;
    let packages = if meta.is_dir() { open_folder(path)? } else { vec![open_file(path)?] };
    if packages.iter().all(|package| package.entries.is_empty()) {
        return Err(PackError::Empty { file: path.display().to_string() });
    }
    Ok(packages)
}

fn is_archive(name: &str) -> bool {
    name.ends_with(".tgz") || name.ends_with(".tar.gz")
}

fn is_definition(name: &str) -> bool {
    (name.ends_with(".json") || name.ends_with(".xml")) && !name.starts_with('.') && name != "package.json"
}

fn open_file(path: &Path) -> Result<Package, PackError> {
    let bytes = read_file(path)?;
    let name = file_name(path);
    let digest = hex::encode(Sha256::digest(&bytes));
    let mut package = Contents::default();
    if is_archive(&name) {
        unpack(path, &bytes, &mut package)?;
    } else {
        package.add(&name, Source::Bytes(bytes))?;
    }
    package.finish(name, digest)
}

fn unpack(path: &Path, bytes: &[u8], contents: &mut Contents) -> Result<(), PackError> {
    let wrong = |error: std::io::Error| malformed(&path.display().to_string(), error.to_string());
    let mut archive = tar::Archive::new(flate2::read::GzDecoder::new(bytes));
    let mut files: Vec<(String, Vec<u8>)> = Vec::new();
    for entry in archive.entries().map_err(wrong)? {
        let mut entry = entry.map_err(wrong)?;
        let inner = entry.path().map_err(wrong)?.into_owned();
        let mut parts = inner.components().filter(|part| *part != std::path::Component::CurDir);
        // Definitions stand in `package/`; its subfolders hold examples and other things.
        let (Some(folder), Some(file), None) = (parts.next(), parts.next(), parts.next()) else { continue };
        if folder.as_os_str() != "package" || !entry.header().entry_type().is_file() || entry.size() > MAX_FILE {
            continue;
        }
        let file = file.as_os_str().to_string_lossy().into_owned();
        let mut inside = Vec::new();
        entry.read_to_end(&mut inside).map_err(wrong)?;
        files.push((file, inside));
    }
    files.sort_by(|a, b| a.0.cmp(&b.0));
    for (file, inside) in files {
        if file == "package.json" {
            contents.manifest(&file, &inside)?;
        } else if is_definition(&file) {
            contents.add(&file, Source::Bytes(inside))?;
        }
    }
    Ok(())
}

fn sorted_children(path: &Path) -> Result<Vec<PathBuf>, PackError> {
    let listing = std::fs::read_dir(path).map_err(|error| unreadable(path, &error))?;
    let mut children: Vec<PathBuf> = listing.filter_map(Result::ok).map(|entry| entry.path()).collect();
    children.sort();
    Ok(children)
}

/// The folder that holds `package.json`, when `path` is a package.
fn package_root(path: &Path) -> Option<PathBuf> {
    [path.join("package"), path.to_path_buf()].into_iter().find(|root| root.join("package.json").is_file())
}

fn open_folder(path: &Path) -> Result<Vec<Package>, PackError> {
    if let Some(root) = package_root(path) {
        return Ok(vec![open_root(path, &root, false)?]);
    }
    let children = sorted_children(path)?;
    let mut packages = Vec::new();
    for child in &children {
        if child.is_dir() {
            if let Some(root) = package_root(child) {
                packages.push(open_root(child, &root, false)?);
            }
        } else if is_archive(&file_name(child)) {
            packages.push(open_file(child)?);
        }
    }
    if packages.is_empty() {
        packages.push(open_root(path, path, true)?);
    }
    Ok(packages)
}

/// Reads the definitions of one folder; `deep` also those of its subfolders (loose definitions, no package).
fn open_root(path: &Path, root: &Path, deep: bool) -> Result<Package, PackError> {
    let mut contents = Contents::default();
    let mut digest = Sha256::new();
    let depth = if deep { 16 } else { 1 };
    let walk = walkdir::WalkDir::new(root).min_depth(1).max_depth(depth).sort_by_file_name();
    for entry in walk {
        let entry = entry
            .map_err(|error| PackError::Unreadable { file: root.display().to_string(), what: error.to_string() })?;
        let name = entry.file_name().to_string_lossy().into_owned();
        if !entry.file_type().is_file() || !(is_definition(&name) || name == "package.json") {
            continue;
        }
        let bytes = read_file(entry.path())?;
        let relative = entry.path().strip_prefix(root).unwrap_or(entry.path()).display().to_string();
        digest.update(relative.as_bytes());
        digest.update([0]);
        digest.update((bytes.len() as u64).to_le_bytes());
        digest.update(&bytes);
        if name == "package.json" {
            contents.manifest(&name, &bytes)?;
        } else {
            contents.add(&name, Source::File(entry.path().to_path_buf(), bytes))?;
        }
    }
    contents.finish(file_name(path), hex::encode(digest.finalize()))
}

enum Source {
    Bytes(Vec<u8>),
    File(PathBuf, Vec<u8>),
}

#[derive(Default)]
struct Contents {
    manifest: Option<Datum>,
    entries: Vec<Entry>,
}

impl Contents {
    fn manifest(&mut self, file: &str, bytes: &[u8]) -> Result<(), PackError> {
        self.manifest = Some(parse_json(bytes).map_err(|what| malformed(file, what))?);
        Ok(())
    }

    fn add(&mut self, file: &str, source: Source) -> Result<(), PackError> {
        let bytes = match &source {
            Source::Bytes(bytes) | Source::File(_, bytes) => bytes,
        };
        let first = bytes.iter().copied().find(|byte| !byte.is_ascii_whitespace() && !b"\xEF\xBB\xBF".contains(byte));
        let head = match first {
            Some(b'<') => parse_xml(bytes),
            Some(b'{') => skim_json(bytes),
            _ => Err("neither JSON nor XML".to_owned()),
        }
        .map_err(|what| malformed(file, what))?;
        let whole = if first == Some(b'<') {
            Some(head.clone())
        } else if head.str("resourceType") == Some("Bundle") {
            Some(parse_json(bytes).map_err(|what| malformed(file, what))?)
        } else {
            None
        };
        match whole {
            Some(bundle) if bundle.str("resourceType") == Some("Bundle") => {
                for entry in bundle.items("entry") {
                    if let Some(resource) = entry.get("resource") {
                        self.index(file, resource, Place::Whole(Arc::new(resource.clone())));
                    }
                }
            }
            Some(whole) => {
                self.index_contained(file, &whole);
                self.index(file, &head, Place::Whole(Arc::new(whole)));
            }
            None => {
                if memchr::memmem::find(bytes, b"\"contained\"").is_some() {
                    let whole = parse_json(bytes).map_err(|what| malformed(file, what))?;
                    self.index_contained(file, &whole);
                }
                let place = match source {
                    Source::Bytes(bytes) => Place::Json(bytes.into()),
                    Source::File(path, _) => Place::File(path),
                };
                self.index(file, &head, place);
            }
        }
        Ok(())
    }

    /// Value sets that a profile contains are known by its canonical and their id: bindings point to them.
    fn index_contained(&mut self, file: &str, whole: &Datum) {
        let Some(url) = whole.str("url").filter(|_| whole.str("resourceType") == Some("StructureDefinition")) else {
            return;
        };
        for part in whole.items("contained") {
            if part.str("resourceType") == Some("ValueSet")
                && let Some(id) = part.str("id")
            {
                self.entries.push(Entry {
                    kind: EntryKind::ValueSet,
                    resource_type: "ValueSet".to_owned(),
                    url: format!("{url}#{id}"),
                    version: String::new(),
                    name: String::new(),
                    id: id.to_owned(),
                    release: None,
                    supplements: String::new(),
                    file: file.to_owned(),
                    place: Place::Whole(Arc::new(part.clone())),
                });
            }
        }
    }

    fn index(&mut self, file: &str, head: &Datum, place: Place) {
        let text = |name: &str| head.str(name).unwrap_or_default().to_owned();
        let (resource_type, url) = (text("resourceType"), text("url"));
        // Without a canonical nothing can point to it.
        if resource_type.is_empty() || url.is_empty() {
            return;
        }
        let kind = match resource_type.as_str() {
            "StructureDefinition" => EntryKind::Structure,
            "ValueSet" => EntryKind::ValueSet,
            "CodeSystem" => EntryKind::CodeSystem,
            _ => EntryKind::Other,
        };
        self.entries.push(Entry {
            kind,
            resource_type,
            url,
            version: text("version"),
            name: text("name"),
            id: text("id"),
            release: head.str("fhirVersion").and_then(Release::parse),
            supplements: text("supplements"),
            file: file.to_owned(),
            place,
        });
    }

    fn finish(self, source: String, digest: String) -> Result<Package, PackError> {
        let manifest = self.manifest.unwrap_or(Datum::Object(Vec::new()));
        let stated = |name: &str| manifest.str(name).map(str::to_owned).filter(|text| !text.is_empty());
        let named = manifest.items("fhirVersions").iter().chain(manifest.items("fhir-version-list"));
        let release = named.filter_map(Datum::text).find_map(Release::parse);
        let dependencies = manifest.get("dependencies").map(Datum::members).unwrap_or_default();
        let mut entries = self.entries;
        for entry in &mut entries {
            entry.release = entry.release.or(release);
        }
        Ok(Package {
            name: stated("name").unwrap_or_else(|| source.clone()),
            version: stated("version").unwrap_or_default(),
            licence: stated("license")
                .or_else(|| stated("description").filter(|text| text.contains("CC0")).map(|_| CC0.to_owned()))
                .unwrap_or_else(|| "none stated".to_owned()),
            source,
            digest,
            release,
            dependencies: dependencies
                .iter()
                .map(|(name, version)| (name.clone(), version.text().unwrap_or_default().to_owned()))
                .collect(),
            entries,
        })
    }
}
