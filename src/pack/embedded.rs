//! The packs that are part of the program: found through an index, decompressed block by block.

use super::blob::{BLOCK, ENTRY, MAGIC, hash};
use super::error::PackError;
use super::facts;
use super::model::Release;
use std::collections::VecDeque;
use std::io::Read;
use std::sync::{Arc, Mutex, PoisonError};

static BYTES: &[u8] = include_bytes!(concat!(env!("OUT_DIR"), "/packs.bin"));

/// Blocks kept decompressed: some hundred kilobytes in all.
const KEPT: usize = 12;

/// Header of one embedded pack.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Header {
    /// Package name.
    pub name: String,
    /// Package version.
    pub version: String,
    /// File it was built from.
    pub source: String,
    /// SHA-256 of that file.
    pub source_digest: String,
    /// Licence.
    pub licence: String,
    /// FHIR release.
    pub release: Option<Release>,
    /// SHA-256 of the pack's own text.
    pub digest: String,
}

/// Where the text of a definition is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Place {
    /// Index of its pack.
    pub pack: usize,
    block: usize,
    offset: usize,
    length: usize,
}

/// The index over all embedded packs.
#[derive(Debug)]
pub struct Embedded {
    /// Packs in the order of their indexes.
    pub packs: Vec<Header>,
    blocks: &'static [u8],
    entries: &'static [u8],
    data: &'static [u8],
    open: Mutex<VecDeque<(usize, Arc<str>)>>,
}

fn damaged(what: &str) -> PackError {
    PackError::Embedded { what: what.to_owned() }
}

fn u32_at(bytes: &[u8], at: usize) -> Option<usize> {
    let four = bytes.get(at..at + 4)?;
    Some(u32::from_le_bytes(four.try_into().ok()?) as usize)
}

/// Takes a count and as many records of `size` bytes from the front.
fn records<'a>(bytes: &mut &'a [u8], size: usize) -> Option<&'a [u8]> {
    let count = u32_at(bytes, 0)?;
    let (found, rest) = bytes.get(4..)?.split_at_checked(count * size)?;
    *bytes = rest;
    Some(found)
}

impl Embedded {
    /// Opens the embedded packs.
    ///
    /// # Errors
    /// When they are damaged.
    pub fn open() -> Result<Self, PackError> {
        let mut rest = BYTES.strip_prefix(MAGIC).ok_or_else(|| damaged("no packs"))?;
        let table = records(&mut rest, 1).ok_or_else(|| damaged("table of packs"))?;
        let table = std::str::from_utf8(table).map_err(|_| damaged("table of packs"))?;
        let blocks = records(&mut rest, BLOCK).ok_or_else(|| damaged("blocks"))?;
        let entries = records(&mut rest, ENTRY).ok_or_else(|| damaged("index"))?;
        let packs = table.lines().map(|line| {
            let fields: Vec<&str> = line.split('\t').collect();
            let [name, version, source, source_digest, licence, fhir, digest] = fields[..] else {
                return Err(damaged("table of packs"));
            };
            Ok(Header {
                name: name.to_owned(),
                version: version.to_owned(),
                source: source.to_owned(),
                source_digest: source_digest.to_owned(),
                licence: licence.to_owned(),
                release: Release::parse(fhir),
                digest: digest.to_owned(),
            })
        });
        Ok(Self { packs: packs.collect::<Result<_, _>>()?, blocks, entries, data: rest, open: Mutex::default() })
    }

    fn entry(&self, index: usize) -> Option<(u64, u8, Place)> {
        let bytes = self.entries.get(index * ENTRY..(index + 1) * ENTRY)?;
        let hash = u64::from_le_bytes(bytes.get(..8)?.try_into().ok()?);
        let place = Place {
            pack: usize::from(bytes[20]),
            block: u32_at(bytes, 8)?,
            offset: u32_at(bytes, 12)?,
            length: u32_at(bytes, 16)?,
        };
        Some((hash, bytes[21], place))
    }

    /// Places of all definitions with this key (see `blob::hash` for the kinds), by pack.
    pub fn find(&self, kind: u8, key: &str) -> impl Iterator<Item = Place> + '_ {
        let wanted = hash(kind, key);
        let (mut low, mut high) = (0, self.entries.len() / ENTRY);
        while low < high {
            let middle = low + (high - low) / 2;
            if self.entry(middle).is_some_and(|(hash, ..)| hash < wanted) {
                low = middle + 1;
            } else {
                high = middle;
            }
        }
        (low..)
            .map_while(|index| self.entry(index))
            .take_while(move |(hash, ..)| *hash == wanted)
            .filter(move |(_, held, _)| *held == kind)
            .map(|(.., place)| place)
    }

    /// Places of a pack's definitions of one kind (`s`, `v`, `c`, `o`), in the order of its files.
    pub fn all(&self, pack: usize, kind: u8) -> Vec<Place> {
        let every = (0..self.entries.len() / ENTRY).filter_map(|index| self.entry(index));
        let mut out: Vec<Place> =
            every.filter(|(_, held, place)| *held == kind && place.pack == pack).map(|(.., place)| place).collect();
        out.sort_by_key(|place| (place.block, place.offset));
        out
    }

    /// Calls `read` with the text of a definition.
    ///
    /// # Errors
    /// When its block is damaged.
    pub fn text<T>(&self, place: Place, read: impl FnOnce(&str) -> T) -> Result<T, PackError> {
        let block = self.block(place.block)?;
        let text = block.get(place.offset..place.offset + place.length).ok_or_else(|| damaged("index"))?;
        Ok(read(text))
    }

    fn block(&self, index: usize) -> Result<Arc<str>, PackError> {
        {
            let open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
            if let Some((_, block)) = open.iter().find(|(held, _)| *held == index) {
                return Ok(Arc::clone(block));
            }
        }
        let at = index * BLOCK;
        let field = |offset| u32_at(self.blocks, at + offset).ok_or_else(|| damaged("blocks"));
        let (start, length, plain) = (field(0)?, field(4)?, field(8)?);
        let packed = self.data.get(start..start + length).ok_or_else(|| damaged("blocks"))?;
        let mut text = String::with_capacity(plain);
        flate2::read::DeflateDecoder::new(packed)
            .read_to_string(&mut text)
            .map_err(|error| damaged(&error.to_string()))?;
        let block: Arc<str> = text.into();
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if open.len() >= KEPT {
            open.pop_front();
        }
        open.push_back((index, Arc::clone(&block)));
        Ok(block)
    }

    /// Every structure: its pack, `t` type, `p` profile or `e` extension, and its canonical.
    ///
    /// # Errors
    /// When the block that names them is damaged.
    pub fn names(&self) -> Result<Vec<(usize, u8, String)>, PackError> {
        let last = (self.blocks.len() / BLOCK).checked_sub(1).ok_or_else(|| damaged("blocks"))?;
        let read = |line: &str| {
            let mut words = line.split(' ');
            let (pack, mark) = (words.next()?.parse().ok()?, *words.next()?.as_bytes().first()?);
            Some((pack, mark, facts::canonical_of(words.next()?)))
        };
        self.block(last)?.lines().map(|line| read(line).ok_or_else(|| damaged("names"))).collect()
    }

    /// The key of a canonical in the index.
    pub fn key(canonical: &str) -> String {
        facts::canonical_word(canonical)
    }
}
