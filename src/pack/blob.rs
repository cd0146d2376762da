//! Layout of the embedded packs, shared by the build script that writes it and the program that reads it.
//!
//! `MAGIC`, then the length and text of a table of packs (a line each, fields parted by tabs), the number of blocks and
//! for each its start, compressed and plain length, the number of entries and the entries (sorted by hash), then the
//! compressed blocks. All numbers are little-endian `u32`, hashes `u64`.
//!
//! The last block names every structure, a line each: its pack, `t` type, `p` profile or `e` extension, its canonical.

/// First bytes.
pub const MAGIC: &[u8; 8] = b"HMPACKS1";

/// Bytes of one block record: start, compressed length, plain length.
pub const BLOCK: usize = 12;

/// Bytes of one entry: hash (8), block, offset, length, pack, kind, two spare.
pub const ENTRY: usize = 24;

/// Plain size that a block grows to before the next one begins.
#[allow(dead_code)] // Only the build script closes blocks.
pub const TARGET: usize = 32 * 1024;

/// Hash of a key: FNV-1a over the key's kind and text. Kinds: `s` structure, `v` value set, `c` code system and `o` other
/// by canonical; `n` structure by name; `i` structure by the last part of its canonical.
pub fn hash(kind: u8, key: &str) -> u64 {
    let mut hash = 0xcbf2_9ce4_8422_2325_u64;
    for byte in std::iter::once(kind).chain(key.bytes()) {
        hash = (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    hash
}
