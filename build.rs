//! Compresses the text facts of `schemas/packs` into one indexed blob that the program embeds.

#[path = "src/pack/blob.rs"]
mod blob;

use sha2::{Digest, Sha256};
use std::error::Error;
use std::fs;
use std::io::Write;
use std::path::{Path, PathBuf};

struct Entry {
    hash: u64,
    block: u32,
    offset: u32,
    length: u32,
    pack: u8,
    kind: u8,
}

#[derive(Default)]
struct Blob {
    packs: String,
    blocks: Vec<(u32, u32, u32)>,
    entries: Vec<Entry>,
    data: Vec<u8>,
    open: String,
    /// Names of all structures: the last block.
    names: String,
}

fn main() -> Result<(), Box<dyn Error>> {
    println!("cargo:rerun-if-changed=build.rs");
    println!("cargo:rerun-if-changed=src/pack/blob.rs");
    println!("cargo:rerun-if-changed=schemas/packs");
    // Build scripts run in the folder of the package.
    let root = PathBuf::from("schemas/packs");
    let mut blob = Blob::default();
    for (index, folder) in foundations_first(children(&root))?.iter().enumerate() {
        blob.pack(u8::try_from(index)?, folder)?;
    }
    fs::write(PathBuf::from(std::env::var_os("OUT_DIR").ok_or("no OUT_DIR")?).join("packs.bin"), blob.finish()?)?;
    Ok(())
}

fn children(folder: &Path) -> Vec<PathBuf> {
    let listing = fs::read_dir(folder).into_iter().flatten().filter_map(Result::ok);
    let mut out: Vec<PathBuf> = listing.map(|entry| entry.path()).collect();
    out.sort();
    out
}

/// Packs in the order in which they win: one stands after all that it is built on; else by name.
fn foundations_first(folders: Vec<PathBuf>) -> Result<Vec<PathBuf>, Box<dyn Error>> {
    let mut packs = Vec::new();
    for folder in folders.into_iter().filter(|folder| folder.join("pack.toml").is_file()) {
        let header = fs::read_to_string(folder.join("pack.toml"))?;
        let needs = header.lines().find_map(|line| line.strip_prefix("dependencies = ")).unwrap_or_default();
        let needs: Vec<String> = needs.split('"').filter_map(|word| Some(word.split_once('@')?.0.to_owned())).collect();
        packs.push((folder.file_name().unwrap_or_default().to_string_lossy().into_owned(), needs, folder));
    }
    let mut out: Vec<PathBuf> = Vec::new();
    while !packs.is_empty() {
        let waits = |needs: &[String]| needs.iter().any(|need| packs.iter().any(|(name, ..)| name == need));
        let (ready, rest): (Vec<_>, Vec<_>) = packs.iter().cloned().partition(|(_, needs, _)| !waits(needs));
        if ready.is_empty() {
            return Err("packs depend on each other in a circle".into());
        }
        out.extend(ready.into_iter().map(|(.., folder)| folder));
        packs = rest;
    }
    Ok(out)
}

impl Blob {
    fn pack(&mut self, pack: u8, folder: &Path) -> Result<(), Box<dyn Error>> {
        let header = fs::read_to_string(folder.join("pack.toml"))?;
        let field = |name: &str| {
            let line = header.lines().find_map(|line| line.strip_prefix(name)?.strip_prefix(" = "));
            line.map(|value| value.trim_matches('"').to_owned()).ok_or(format!("{}: no {name}", folder.display()))
        };
        let mut digest = Sha256::new();
        for file in children(folder) {
            println!("cargo:rerun-if-changed={}", file.display());
            let text = fs::read_to_string(&file)?;
            digest.update(file.file_name().unwrap_or_default().as_encoded_bytes());
            digest.update([0]);
            digest.update(&text);
            if file.extension().is_some_and(|extension| extension == "facts") {
                let mark = match file.file_stem().and_then(|stem| stem.to_str()) {
                    Some("types" | "resources") => Some('t'),
                    Some("extensions") => Some('e'),
                    Some("profiles") => Some('p'),
                    _ => None,
                };
                for name in text.lines().filter_map(|line| line.strip_prefix("structure ")?.split(' ').next()) {
                    if let Some(mark) = mark {
                        self.names.push_str(&format!("{pack} {mark} {name}\n"));
                    }
                }
                self.facts(pack, &text)?;
                self.close()?;
            }
        }
        let digest: String = digest.finalize().iter().map(|byte| format!("{byte:02x}")).collect();
        let fields = ["name", "version", "source", "sha256", "licence", "fhir"].map(field);
        for value in fields {
            self.packs.push_str(&value?);
            self.packs.push('\t');
        }
        self.packs.push_str(&digest);
        self.packs.push('\n');
        Ok(())
    }

    /// Takes in the definitions of one file: each begins at the start of a line.
    fn facts(&mut self, pack: u8, text: &str) -> Result<(), Box<dyn Error>> {
        let mut start = 0;
        while start < text.len() {
            let rest = &text[start..];
            let next = rest.match_indices('\n').map(|(at, _)| at + 1).find(|at| !rest[*at..].starts_with(' '));
            let end = next.unwrap_or(rest.len());
            self.definition(pack, &rest[..end])?;
            start += end;
        }
        Ok(())
    }

    fn definition(&mut self, pack: u8, text: &str) -> Result<(), Box<dyn Error>> {
        if !self.open.is_empty() && self.open.len() + text.len() > blob::TARGET {
            self.close()?;
        }
        let mut words = text.lines().next().unwrap_or_default().split(' ');
        let (kind, url) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
        let name = words.nth(1).unwrap_or_default();
        let kind = match kind {
            "structure" => b's',
            "valueset" => b'v',
            "codesystem" => b'c',
            "other" => b'o',
            other => return Err(format!("unknown definition {other}").into()),
        };
        let mut keys = vec![(kind, url)];
        if kind == b's' {
            let tail = url.rsplit(['/', '~']).next().unwrap_or_default();
            keys.extend([(b'n', name), (b'i', tail)]);
        }
        for (kind, key) in keys {
            self.entries.push(Entry {
                hash: blob::hash(kind, key),
                block: u32::try_from(self.blocks.len())?,
                offset: u32::try_from(self.open.len())?,
                length: u32::try_from(text.len())?,
                pack,
                kind,
            });
        }
        self.open.push_str(text);
        Ok(())
    }

    /// Compresses the open block.
    fn close(&mut self) -> Result<(), Box<dyn Error>> {
        if self.open.is_empty() {
            return Ok(());
        }
        let start = u32::try_from(self.data.len())?;
        let mut encoder = flate2::write::DeflateEncoder::new(&mut self.data, flate2::Compression::new(9));
        encoder.write_all(self.open.as_bytes())?;
        encoder.finish()?;
        let length = u32::try_from(self.data.len())? - start;
        self.blocks.push((start, length, u32::try_from(self.open.len())?));
        self.open.clear();
        Ok(())
    }

    fn finish(mut self) -> Result<Vec<u8>, Box<dyn Error>> {
        self.open = std::mem::take(&mut self.names);
        self.close()?;
        self.entries.sort_by_key(|entry| (entry.hash, entry.pack, entry.block, entry.offset));
        let mut out = blob::MAGIC.to_vec();
        let number = |out: &mut Vec<u8>, value: usize| out.extend((value as u32).to_le_bytes());
        number(&mut out, self.packs.len());
        out.extend(self.packs.as_bytes());
        number(&mut out, self.blocks.len());
        for (start, length, plain) in &self.blocks {
            for value in [start, length, plain] {
                out.extend(value.to_le_bytes());
            }
        }
        debug_assert_eq!(std::mem::size_of_val(&self.blocks[..]), self.blocks.len() * blob::BLOCK);
        number(&mut out, self.entries.len());
        for entry in &self.entries {
            let before = out.len();
            out.extend(entry.hash.to_le_bytes());
            for value in [entry.block, entry.offset, entry.length] {
                out.extend(value.to_le_bytes());
            }
            out.extend([entry.pack, entry.kind, 0, 0]);
            debug_assert_eq!(out.len() - before, blob::ENTRY);
        }
        out.extend(&self.data);
        Ok(out)
    }
}
