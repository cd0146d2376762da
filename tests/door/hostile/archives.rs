//! Archives made for tests, sound and unsound.

use std::io::{Cursor, Write};

/// A zip archive of these members.
pub fn zip(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = zip::ZipWriter::new(Cursor::new(Vec::new()));
    for (name, bytes) in members {
        out.start_file(*name, zip::write::SimpleFileOptions::default()).unwrap();
        out.write_all(bytes).unwrap();
    }
    out.finish().unwrap().into_inner()
}

/// The same with the content of its first member damaged.
pub fn damaged(archive: &[u8]) -> Vec<u8> {
    let mut out = archive.to_vec();
    let name = out.windows(6).position(|part| part == b"a.json").unwrap();
    out[name + 8..name + 20].fill(0xFF);
    out
}

/// A tar archive of these members.
pub fn tar(members: &[(&str, &[u8])]) -> Vec<u8> {
    let mut out = tar::Builder::new(Vec::new());
    for (name, bytes) in members {
        out.append_data(&mut header(bytes.len()), name, *bytes).unwrap();
    }
    out.into_inner().unwrap()
}

fn header(size: usize) -> tar::Header {
    let mut header = tar::Header::new_gnu();
    header.set_size(size as u64);
    header.set_mode(0o644);
    header
}

/// A file, a symbolic link and a hard link, all named as messages.
pub fn links() -> Vec<u8> {
    let mut out = tar::Builder::new(Vec::new());
    let good = br#"{"resourceType":"Patient","active":true}"#;
    out.append_data(&mut header(good.len()), "a.json", &good[..]).unwrap();
    for (kind, name) in [(tar::EntryType::Symlink, "way.json"), (tar::EntryType::Link, "hard.json")] {
        let mut link = header(0);
        link.set_entry_type(kind);
        out.append_link(&mut link, name, "/etc/hostname").unwrap();
    }
    out.into_inner().unwrap()
}

/// A member whose name climbs out of any folder: written by hand, because no library writes it.
pub fn climbing(bytes: &[u8]) -> Vec<u8> {
    let mut header = header(bytes.len());
    let name = b"../../../outside.json";
    header.as_old_mut().name[..name.len()].copy_from_slice(name);
    header.set_cksum();
    let mut out = tar::Builder::new(Vec::new());
    out.append(&header, bytes).unwrap();
    out.into_inner().unwrap()
}

/// A gzip stream whose checksum does not hold.
pub fn wrong_sum(packed: &[u8]) -> Vec<u8> {
    let mut out = packed.to_vec();
    let sum = out.len() - 8;
    out[sum] ^= 0xFF;
    out
}

/// A gzip stream.
pub fn gzip(bytes: &[u8]) -> Vec<u8> {
    let mut out = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    out.write_all(bytes).unwrap();
    out.finish().unwrap()
}
