//! Sightings of pseudonyms, sorted on disk where memory does not hold them, and the list of doubles and contradictions among them.

use std::io::{self, BufWriter, Read, Write};
use std::path::PathBuf;
use std::sync::Arc;

use super::Spill;
use super::merged::Merged;
use super::runs::{RunFile, open_run};
use crate::tally::{KeyKind, KeyRow, Sighting};

/// Sightings held before they are written to a temporary file.
const MOST: usize = 200_000;
/// Bytes of one text in a temporary file at most: names and ids are never longer.
const LONGEST: u32 = 1 << 20;

/// Takes sightings in any order.
pub struct SightingSorter {
    waiting: Vec<Sighting>,
    runs: Vec<PathBuf>,
    spill: Spill,
    most: usize,
}

impl SightingSorter {
    /// What memory does not hold goes to `spill`.
    pub fn new(spill: Spill) -> Self {
        Self { waiting: Vec::new(), runs: Vec::new(), spill, most: MOST }
    }

    /// Adds sightings.
    ///
    /// # Errors
    /// When they cannot be written to a temporary file.
    pub fn add(&mut self, sightings: &[Sighting]) -> io::Result<()> {
        self.waiting.extend_from_slice(sightings);
        if self.waiting.len() >= self.most {
            self.waiting.sort_unstable();
            let (path, file) = self.spill.file()?;
            let mut out = BufWriter::with_capacity(1 << 16, file);
            self.waiting.iter().try_for_each(|sighting| write(&mut out, sighting))?;
            out.flush()?;
            self.waiting.clear();
            self.runs.push(path);
        }
        Ok(())
    }

    /// Every member of a double or contradiction, in order: `take` is given its group (from 1), the number of its fact within the group
    /// (from 0), and the sighting. Returns the groups by kind.
    ///
    /// # Errors
    /// What `take` says, and when a temporary file cannot be read.
    pub fn finish(
        mut self,
        take: &mut dyn FnMut(u64, usize, &Sighting) -> io::Result<()>,
    ) -> io::Result<Vec<(KeyKind, u64)>> {
        self.waiting.sort_unstable();
        // Whether a group tells is known at its end only, and a group may be longer than memory: it is read twice.
        let mut telling = Vec::new();
        let mut last: Option<KeyRow> = None;
        for sighting in self.merged()? {
            let row = sighting?.row;
            match &last {
                Some(before) if (before.kind, before.key) == (row.kind, row.key) => {
                    if (!row.kind.has_facts() || before.fact != row.fact)
                        && let Some(of_group) = telling.last_mut()
                    {
                        *of_group = true;
                    }
                }
                _ => telling.push(false),
            }
            last = Some(row);
        }
        let mut by_kind: Vec<(KeyKind, u64)> = Vec::new();
        let (mut at, mut group, mut fact) = (0, 0, 0);
        let mut last: Option<KeyRow> = None;
        for sighting in self.merged()? {
            let sighting = sighting?;
            let row = sighting.row;
            match &last {
                Some(before) if (before.kind, before.key) == (row.kind, row.key) => {
                    fact += usize::from(before.fact != row.fact);
                }
                _ => {
                    if telling.get(at).copied().unwrap_or(false) {
                        group += 1;
                        match by_kind.last_mut() {
                            Some((kind, n)) if *kind == row.kind => *n += 1,
                            _ => by_kind.push((row.kind, 1)),
                        }
                    }
                    at += 1;
                    fact = 0;
                }
            }
            last = Some(row);
            if telling.get(at - 1).copied().unwrap_or(false) {
                take(group, fact, &sighting)?;
            }
        }
        Ok(by_kind)
    }

    fn merged(&self) -> io::Result<Merged<Sighting, Source<'_>>> {
        let mut sources = vec![Source::Held(self.waiting.iter())];
        for path in &self.runs {
            sources.push(Source::File(open_run(path)?));
        }
        Ok(Merged::new(sources))
    }
}

enum Source<'s> {
    Held(std::slice::Iter<'s, Sighting>),
    File(RunFile),
}

impl Iterator for Source<'_> {
    type Item = io::Result<Sighting>;

    fn next(&mut self) -> Option<Self::Item> {
        match self {
            Self::Held(held) => held.next().cloned().map(Ok),
            Self::File(file) => read(file).transpose(),
        }
    }
}

fn write(out: &mut impl Write, sighting: &Sighting) -> io::Result<()> {
    out.write_all(&[sighting.row.kind as u8])?;
    out.write_all(&sighting.row.key)?;
    out.write_all(&sighting.row.fact)?;
    out.write_all(&sighting.payload.to_le_bytes())?;
    out.write_all(&sighting.line.to_le_bytes())?;
    for text in [&*sighting.source, &*sighting.resource, &*sighting.id, &*sighting.message] {
        let length = u32::try_from(text.len()).map_err(|_| io::ErrorKind::InvalidInput)?;
        out.write_all(&length.to_le_bytes())?;
        out.write_all(text.as_bytes())?;
    }
    Ok(())
}

fn read(file: &mut impl Read) -> io::Result<Option<Sighting>> {
    let mut kind = [0; 1];
    if file.read(&mut kind)? == 0 {
        return Ok(None);
    }
    let kind = KeyKind::ALL.get(kind[0] as usize).copied().ok_or(io::ErrorKind::InvalidData)?;
    let (mut key, mut fact) = ([0; 16], [0; 16]);
    file.read_exact(&mut key)?;
    file.read_exact(&mut fact)?;
    let mut number = || -> io::Result<u64> {
        let mut bytes = [0; 8];
        file.read_exact(&mut bytes)?;
        Ok(u64::from_le_bytes(bytes))
    };
    let (payload, line) = (number()?, number()?);
    let mut text = || -> io::Result<String> {
        let mut length = [0; 4];
        file.read_exact(&mut length)?;
        let length = Some(u32::from_le_bytes(length)).filter(|n| *n <= LONGEST).ok_or(io::ErrorKind::InvalidData)?;
        let mut bytes = vec![0; length as usize];
        file.read_exact(&mut bytes)?;
        String::from_utf8(bytes).map_err(|_| io::ErrorKind::InvalidData.into())
    };
    let (source, resource, id, message) = (text()?, text()?, text()?, text()?);
    Ok(Some(Sighting {
        row: KeyRow { kind, key, fact, count: 1 },
        source: Arc::from(source),
        payload,
        line,
        resource: resource.into(),
        id: id.into(),
        message: message.into(),
    }))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn sighting(kind: KeyKind, key: u8, fact: u8, payload: u64) -> Sighting {
        let row = KeyRow { kind, key: [key; 16], fact: [fact; 16], count: 1 };
        let text = |t: &str| t.into();
        Sighting {
            row,
            source: "a".into(),
            payload,
            line: 1,
            resource: text("Patient"),
            id: text("é"),
            message: text(""),
        }
    }

    #[test]
    fn groups_that_tell_are_listed_whatever_fits_into_memory() {
        let mut all = Vec::new();
        for n in 0..40 {
            all.push(sighting(KeyKind::Sex, n % 8, u8::from(n % 8 == 3 && n > 8), u64::from(n)));
            all.push(sighting(KeyKind::Payload, n % 20, 0, u64::from(n)));
        }
        let list = |most: usize| {
            let folder = tempfile::tempdir().unwrap();
            let mut sorter = SightingSorter::new(Spill::new(&folder.path().join("s")));
            sorter.most = most;
            all.chunks(7).for_each(|some| sorter.add(some).unwrap());
            let mut out = Vec::new();
            let kinds = sorter.finish(&mut |group, fact, s| {
                out.push((group, fact, s.clone()));
                Ok(())
            });
            (out, kinds.unwrap())
        };
        let (whole, kinds) = list(1_000);
        assert_eq!(kinds, [(KeyKind::Payload, 20), (KeyKind::Sex, 1)]);
        assert_eq!(whole.len(), 45);
        assert_eq!(whole.iter().filter(|(_, fact, s)| s.row.kind == KeyKind::Sex && *fact == 1).count(), 4);
        assert_eq!(list(5), (whole, kinds));
    }
}
