//! The index file: a header, a table of sections, the sections, each with its own digest.
//!
//! All numbers are little-endian. Bytes 0..8 magic, 8..12 format, 12..16 number of sections, 16..24 length of the
//! file, 24..56 SHA-256 of the header page with these 32 bytes zeroed, then 32 bytes a section: kind, zero, start,
//! length, digest. Opening checks the header page and the layout; `verify` checks every section.

/// First bytes of every index.
pub(super) const MAGIC: [u8; 8] = *b"hm-sct\r\n";
/// Raised whenever the layout or the meaning of a section changes.
pub(super) const FORMAT: u32 = 4;
/// Bytes before the first section.
pub(super) const PAGE: usize = 4096;
const TABLE: usize = 56;
const ENTRY: usize = 32;

/// Sections, in the order in which they stand. The number is the kind in the file.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[repr(usize)]
pub(super) enum Section {
    /// Text: what the index was made of.
    Info,
    /// u64: identifiers, ascending.
    Ids,
    /// u32: rank of each of them.
    Ranks,
    /// u64: identifier of each rank.
    IdOf,
    /// u32: effective time of each rank.
    Time,
    /// u32: bit 0 active, bits 1 and 2 definition status, from bit 8 module.
    State,
    /// u32 lists: parents.
    ParentsAt,
    Parents,
    /// u32 lists: children.
    ChildrenAt,
    Children,
    /// Lists of u32 pairs: runs of descendants.
    BelowAt,
    Below,
    /// u32 pairs: preferred and fully specified name.
    Names,
    /// u32: first description of each rank, and one past the last.
    DescriptionsAt,
    /// u64: identifiers of descriptions.
    DescriptionIds,
    /// u32: their effective times.
    DescriptionTimes,
    /// u32: their profiles.
    DescriptionProfiles,
    /// u32: where their terms start, and one past the last.
    TermsAt,
    Terms,
    /// u32: descriptions in the order of identifiers.
    DescriptionOrder,
    /// u32: descriptions in the order of their terms, case and accents folded.
    TermOrder,
    /// u32 fours: type and active bit, language, module, preference.
    Profiles,
    /// u32 pairs in lists: language refset and acceptability.
    PreferencesAt,
    Preferences,
    /// u64: language refsets.
    LanguageRefsets,
    /// Text lines: language codes.
    Languages,
    /// u64: description types.
    Types,
    /// u64: modules.
    Modules,
    /// u64: refsets, ascending.
    Refsets,
    /// u32 lists: members of each refset, ascending ranks.
    MembersAt,
    Members,
    /// u32 lists: refsets of each rank.
    RefsetsOfAt,
    RefsetsOf,
    /// Rows of refsets, active or not, in lists by refset, ascending ranks: see `members.rs`.
    MemberRowsAt,
    MemberRows,
    /// u32: numbers of the texts of their own columns.
    Cells,
    /// Those texts: starts, and one past the last.
    CellTextsAt,
    CellTexts,
    /// Text lines: names of the columns of a layout, apart by tabs.
    Layouts,
    /// u32 pairs: rank and reason, ascending.
    Reasons,
    /// u64: inactivation reasons.
    ReasonIds,
    /// u32 fours, ascending: rank, association, low and high half of the target.
    Associations,
    /// u64: association refsets.
    AssociationKinds,
    /// u32 threes in lists by rank: attribute, value, group and (lowest bit) whether the value is concrete.
    RelationshipsAt,
    Relationships,
    /// u64: relationship types.
    Attributes,
    /// Concrete values as text: starts, and one past the last.
    ValuesAt,
    Values,
    /// u64: ids of entries of dm+d, ascending.
    MedicineIds,
    /// u32: kind, and flags from bit 8.
    MedicineRows,
    /// Their names: starts, and one past the last.
    MedicineNamesAt,
    MedicineNames,
    /// u64 pairs in lists: kind of link and id.
    MedicineLinksAt,
    MedicineLinks,
    /// u64 pairs, ascending: former id and the current one.
    FormerIds,
    /// Read codes, ascending: starts, and one past the last.
    ReadKeysAt,
    ReadKeys,
    /// u64: concept of each.
    ReadTargets,
}

/// Number of sections.
pub(super) const SECTIONS: usize = Section::ReadTargets as usize + 1;

/// Place and digest of one section.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct Entry {
    pub(super) start: u64,
    pub(super) length: u64,
    pub(super) digest: u64,
}

/// A section and the number of zero bytes in front of it.
pub(super) type Part = (usize, Vec<u8>);

/// The sections of an index to be.
pub(super) struct Sections {
    parts: Vec<Vec<u8>>,
}

impl Sections {
    pub(super) fn new() -> Self {
        Self { parts: vec![Vec::new(); SECTIONS] }
    }

    pub(super) fn bytes(&mut self, section: Section, bytes: Vec<u8>) {
        self.parts[section as usize] = bytes;
    }

    pub(super) fn u32s(&mut self, section: Section, values: impl IntoIterator<Item = u32>) {
        let part = &mut self.parts[section as usize];
        values.into_iter().for_each(|value| part.extend_from_slice(&value.to_le_bytes()));
    }

    pub(super) fn u64s(&mut self, section: Section, values: impl IntoIterator<Item = u64>) {
        let part = &mut self.parts[section as usize];
        values.into_iter().for_each(|value| part.extend_from_slice(&value.to_le_bytes()));
    }

    /// The header page, the sections, and the length of the whole file.
    pub(super) fn finish(self) -> (Vec<u8>, Vec<Part>, u64) {
        let mut entries = Vec::with_capacity(SECTIONS);
        let mut out = Vec::with_capacity(SECTIONS);
        let mut at = PAGE as u64;
        for part in self.parts {
            let gap = at.next_multiple_of(64) - at;
            at += gap;
            entries.push(Entry { start: at, length: part.len() as u64, digest: digest(&part) });
            at += part.len() as u64;
            out.push((gap as usize, part));
        }
        (header(&entries, at), out, at)
    }
}

fn header(entries: &[Entry], length: u64) -> Vec<u8> {
    let mut page = Vec::with_capacity(PAGE);
    page.extend_from_slice(&MAGIC);
    page.extend_from_slice(&FORMAT.to_le_bytes());
    page.extend_from_slice(&(entries.len() as u32).to_le_bytes());
    page.extend_from_slice(&length.to_le_bytes());
    page.extend_from_slice(&[0; 32]);
    for (kind, entry) in entries.iter().enumerate() {
        page.extend_from_slice(&(kind as u64).to_le_bytes());
        page.extend_from_slice(&entry.start.to_le_bytes());
        page.extend_from_slice(&entry.length.to_le_bytes());
        page.extend_from_slice(&entry.digest.to_le_bytes());
    }
    page.resize(PAGE, 0);
    let sum = page_digest(&page);
    page[24..56].copy_from_slice(&sum);
    page
}

fn page_digest(page: &[u8]) -> [u8; 32] {
    use sha2::{Digest, Sha256};
    let mut hasher = Sha256::new();
    hasher.update(&page[..24]);
    hasher.update([0u8; 32]);
    hasher.update(&page[56..]);
    hasher.finalize().into()
}

/// What is wrong with the head of a file.
pub(super) enum Fault {
    Magic,
    Version(u32),
    Length(u64),
    Damaged(&'static str),
}

/// Reads and checks the header page of a file. Returns the sections and the SHA-256 of the page, which stands for
/// the whole index since the page holds a digest of every section.
pub(super) fn read_header(file: &[u8]) -> Result<([Entry; SECTIONS], [u8; 32]), Fault> {
    let Some(page) = file.get(..PAGE) else {
        return Err(if file.len() >= 8 && file[..8] == MAGIC { Fault::Length(PAGE as u64) } else { Fault::Magic });
    };
    if page[..8] != MAGIC {
        return Err(Fault::Magic);
    }
    let format = u32_at(page, 8);
    if format != FORMAT {
        return Err(Fault::Version(format));
    }
    if page_digest(page) != page[24..56] {
        return Err(Fault::Damaged("header"));
    }
    let length = u64_at(page, 16);
    if length != file.len() as u64 {
        return Err(Fault::Length(length));
    }
    if u32_at(page, 12) as usize != SECTIONS {
        return Err(Fault::Damaged("section table"));
    }
    let mut entries = [Entry::default(); SECTIONS];
    let mut end = PAGE as u64;
    for (i, entry) in entries.iter_mut().enumerate() {
        let at = TABLE + i * ENTRY;
        *entry = Entry { start: u64_at(page, at + 8), length: u64_at(page, at + 16), digest: u64_at(page, at + 24) };
        let after = entry.start.checked_add(entry.length).filter(|after| *after <= length);
        match after {
            Some(after) if u64_at(page, at) == i as u64 && entry.start >= end => end = after,
            _ => return Err(Fault::Damaged("section table")),
        }
    }
    let mut sum = [0u8; 32];
    sum.copy_from_slice(&page[24..56]);
    Ok((entries, sum))
}

fn u32_at(bytes: &[u8], at: usize) -> u32 {
    bytes.get(at..at + 4).and_then(|b| b.try_into().ok()).map_or(0, u32::from_le_bytes)
}

fn u64_at(bytes: &[u8], at: usize) -> u64 {
    bytes.get(at..at + 8).and_then(|b| b.try_into().ok()).map_or(0, u64::from_le_bytes)
}

/// Digest of a section: four lanes of multiply and fold, so that it runs at the speed of memory. It finds damage;
/// no unkeyed digest of any kind could stop someone who rewrites file and digest together.
pub(super) fn digest(bytes: &[u8]) -> u64 {
    const KEYS: [u64; 4] = [0x9e37_79b9_7f4a_7c15, 0xc2b2_ae3d_27d4_eb4f, 0x1656_67b1_9e37_79f9, 0x27d4_eb2f_1656_67c5];
    let fold = |a: u64, b: u64| {
        let wide = u128::from(a) * u128::from(b);
        wide as u64 ^ (wide >> 64) as u64
    };
    let mut lanes = KEYS;
    let mut blocks = bytes.chunks_exact(64);
    for block in &mut blocks {
        for (i, lane) in lanes.iter_mut().enumerate() {
            let (a, b) = (u64_at(block, i * 16), u64_at(block, i * 16 + 8));
            *lane = fold(*lane ^ a, KEYS[i] ^ b).wrapping_add(lane.rotate_left(23)) ^ a.rotate_left(11) ^ b;
        }
    }
    let mut last = [0u8; 64];
    let rest = blocks.remainder();
    last[..rest.len()].copy_from_slice(rest);
    for (i, lane) in lanes.iter_mut().enumerate() {
        let (a, b) = (u64_at(&last, i * 16), u64_at(&last, i * 16 + 8));
        *lane = fold(*lane ^ a, KEYS[i] ^ b).wrapping_add(lane.rotate_left(23)) ^ a.rotate_left(11) ^ b;
    }
    let mut sum = fold(bytes.len() as u64 ^ KEYS[0], KEYS[1]);
    for lane in lanes {
        sum = fold(sum ^ lane, KEYS[2]) ^ lane.rotate_left(32);
    }
    sum
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn digest_sees_every_bit() {
        let bytes: Vec<u8> = (0..300u32).map(|i| (i * 7) as u8).collect();
        let whole = digest(&bytes);
        for length in 0..bytes.len() {
            assert_ne!(digest(&bytes[..length]), whole);
        }
        for at in 0..bytes.len() {
            for bit in 0..8 {
                let mut changed = bytes.clone();
                changed[at] ^= 1 << bit;
                assert_ne!(digest(&changed), whole, "byte {at} bit {bit}");
            }
        }
        assert_ne!(digest(&[0; 64]), digest(&[0; 65]));
    }
}
