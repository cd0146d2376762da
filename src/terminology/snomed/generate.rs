//! Writes RF2 releases of any size for tests and benches: synthetic concepts with made-up words in a made-up
//! namespace, every file type, history and refsets. The same specification gives the same bytes.
//!
//! Only identifiers that RF2 itself is built on (root, is-a, types, language and association refsets) are real;
//! their terms are ours.

use super::{ids, sctid};
use std::fs::File;
use std::io::{BufWriter, Result, Write};
use std::path::Path;

/// The namespace of everything generated. Not an allocated one.
pub const NAMESPACE: u32 = 9_999_999;

/// File layouts.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Layout {
    /// One file of each kind.
    Monolith,
    /// Two of each, as an international and a national part.
    Split,
}

/// What to write.
#[derive(Clone, Copy, Debug)]
pub struct Spec {
    /// Seed of everything random.
    pub seed: u64,
    /// Concepts, without the metadata.
    pub concepts: usize,
    /// Descriptions of each, at least 2.
    pub descriptions: usize,
    /// How files are cut.
    pub layout: Layout,
    /// A full release, with superseded rows, instead of a snapshot.
    pub full: bool,
    /// Adds rows that cannot be read and references to nothing.
    pub faults: bool,
}

impl Spec {
    /// A Monolith snapshot with three descriptions a concept.
    pub const fn new(seed: u64, concepts: usize) -> Self {
        Self { seed, concepts, descriptions: 3, layout: Layout::Monolith, full: false, faults: false }
    }
}

/// What was written, for asking about it.
#[derive(Clone, Debug, Default)]
pub struct Generated {
    /// Tops of the five hierarchies below the root; the values of attributes are in the second.
    pub tops: Vec<u64>,
    /// Active concepts, parents before children.
    pub active: Vec<u64>,
    /// Inactive concepts.
    pub inactive: Vec<u64>,
    /// Attributes; the first is above the others.
    pub attributes: Vec<u64>,
    /// Simple refsets, largest first.
    pub refsets: Vec<u64>,
    /// Descriptions written.
    pub descriptions: usize,
    /// The module of everything.
    pub module: u64,
}

/// Reproducible random numbers (SplitMix64).
#[derive(Clone, Copy, Debug)]
pub struct Dice(pub u64);

impl Dice {
    /// 64 random bits.
    pub fn roll(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ z >> 30).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ z >> 27).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ z >> 31
    }

    /// A number below `bound`, which is at least 1.
    pub fn below(&mut self, bound: usize) -> usize {
        (self.roll() % bound.max(1) as u64) as usize
    }

    /// True `percent` times out of a hundred.
    pub fn chance(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }
}

/// An identifier of ours: item number, partition (10 concept, 11 description, 12 relationship), check digit.
pub fn identifier(item: u64, partition: u8) -> u64 {
    let front = format!("{item}{NAMESPACE}{partition:02}");
    let digit = sctid::check_digit(&front).unwrap_or(0);
    front.parse::<u64>().unwrap_or(0) * 10 + u64::from(digit)
}

const DATE: u32 = 20_250_312;
const EARLIER: u32 = 20_200_131;
const MODEL: u64 = 900_000_000_000_441_003;
const ATTRIBUTE: u64 = 410_662_002;
const CASE: u64 = 900_000_000_000_448_009;
const OUTDATED: u64 = 900_000_000_000_483_008;
const DUPLICATE: u64 = 900_000_000_000_482_003;

/// Metadata concepts and what we call them.
const METADATA: [(u64, &str); 32] = [
    (MODEL, "Made-up model"),
    (ATTRIBUTE, "Made-up attribute"),
    (ids::IS_A, "Sits below"),
    (ids::FSN, "Long name"),
    (ids::SYNONYM, "Other name"),
    (ids::DEFINITION, "Explanation"),
    (ids::PREFERRED, "First choice"),
    (ids::ACCEPTABLE, "Second choice"),
    (ids::PRIMITIVE, "Not fully said"),
    (ids::DEFINED, "Fully said"),
    (ids::INFERRED, "Worked out"),
    (ids::SOME, "At least one"),
    (ids::CORE_MODULE, "Made-up core"),
    (ids::INACTIVATION_INDICATOR, "Why it went"),
    (ids::HISTORICAL_ASSOCIATION, "Where it went"),
    (ids::SAME_AS, "Went: same"),
    (ids::REPLACED_BY, "Went: replaced"),
    (ids::POSSIBLY_EQUIVALENT_TO, "Went: perhaps same"),
    (ids::PARTIALLY_EQUIVALENT_TO, "Went: partly same"),
    (ids::POSSIBLY_REPLACED_BY, "Went: perhaps replaced"),
    (ids::WAS_A, "Went: was below"),
    (ids::ALTERNATIVE, "Went: alternative"),
    (ids::MOVED_TO, "Went: moved"),
    (ids::GB_ENGLISH, "Language: Great Britain"),
    (ids::US_ENGLISH, "Language: United States"),
    (ids::NHS_CLINICAL, "Language: wards"),
    (ids::NHS_PHARMACY, "Language: pharmacy"),
    (CASE, "Any case"),
    (OUTDATED, "Out of date"),
    (DUPLICATE, "Twice"),
    (900_000_000_000_455_006, "Lists"),
    (900_000_000_000_534_007, "Module of modules"),
];

/// Syllables of the made-up words; one with an accent.
const SYLLABLES: [&str; 20] = [
    "ba", "ko", "ri", "ten", "mu", "sal", "dor", "vi", "lé", "gan", "pho", "zu", "ner", "ti", "hob", "wex", "qua",
    "yl", "cra", "mo",
];

/// The number of made-up words.
pub const WORDS: usize = 400;

/// A made-up word by number.
pub fn word(number: usize) -> String {
    let n = number % WORDS;
    format!("{}{}{}", SYLLABLES[n % 20], SYLLABLES[n / 20 % 20], SYLLABLES[(n * 7 + 3) % 20])
}

/// The files of one release; each in one or two parts.
struct Files {
    parts: Vec<BufWriter<File>>,
}

impl Files {
    fn row(&mut self, key: usize, row: std::fmt::Arguments<'_>) -> Result<()> {
        let part = key % self.parts.len();
        self.parts[part].write_fmt(row)?;
        self.parts[part].write_all(b"\r\n")
    }

    fn every(&mut self, line: &str) -> Result<()> {
        for part in &mut self.parts {
            part.write_all(line.as_bytes())?;
            part.write_all(b"\r\n")?;
        }
        Ok(())
    }

    fn finish(self) -> Result<()> {
        self.parts.into_iter().try_for_each(|mut part| part.flush())
    }
}

fn open(folder: &Path, spec: &Spec, place: &str, name: &str, language: &str, columns: &str) -> Result<Files> {
    let kind = if spec.full { "Full" } else { "Snapshot" };
    let names = match spec.layout {
        Layout::Monolith => vec![(format!("{kind}/{place}"), format!("{name}MONO{kind}{language}_GB_{DATE}.txt"))],
        Layout::Split => vec![
            (format!("SnomedCT_One/{kind}/{place}"), format!("{name}{kind}{language}_INT_{DATE}.txt")),
            (format!("SnomedCT_Two/{kind}/{place}"), format!("{name}UKCL{kind}{language}_GB1000000_{DATE}.txt")),
        ],
    };
    let mut parts = Vec::new();
    for (place, name) in names {
        std::fs::create_dir_all(folder.join(&place))?;
        let mut part = BufWriter::with_capacity(1 << 18, File::create(folder.join(place).join(name))?);
        part.write_all(columns.as_bytes())?;
        part.write_all(b"\r\n")?;
        parts.push(part);
    }
    Ok(Files { parts })
}

/// The hierarchy: parents of each active concept as places, parents before children.
fn parents(dice: &mut Dice, active: usize) -> Vec<Vec<usize>> {
    (0..active)
        .map(|i| {
            if i < 5 {
                return Vec::new();
            }
            // A four-branched tree, its places interleaved so that the five tops share evenly, ...
            let near = ((i - 5) / 20 * 5 + (i - 5) % 5).min(i - 1);
            let mut of = vec![near];
            // ... cousins now and then, and rarely somewhere far.
            if dice.chance(30) {
                of.push((near + 5 * dice.below(3)).min(i - 1));
            }
            if dice.chance(3) {
                of.push(dice.below(i));
            }
            of.sort_unstable();
            of.dedup();
            of
        })
        .collect()
}

/// Writes a release below `folder`.
pub fn write_release(folder: &Path, spec: &Spec) -> Result<Generated> {
    let mut dice = Dice(spec.seed);
    let inactive = spec.concepts / 12;
    let active = spec.concepts - inactive;
    let id = |place: usize| identifier(place as u64 + 1, 10);
    let extra = |n: usize| identifier(spec.concepts as u64 + 1 + n as u64, 10);
    let tree = parents(&mut dice, active);
    let mut made = Generated {
        tops: (0..active.min(5)).map(id).collect(),
        active: (0..active).map(id).collect(),
        inactive: (active..spec.concepts).map(id).collect(),
        attributes: (1..7).map(extra).collect(),
        refsets: (7..15).map(extra).collect(),
        descriptions: 0,
        module: extra(0),
    };
    let writer = Writer { folder, spec, tree: &tree };
    writer.concepts(&mut dice, &made)?;
    writer.descriptions(&mut dice, &mut made)?;
    writer.relationships(&mut dice, &made)?;
    writer.refsets(&mut dice, &made)?;
    Ok(made)
}

struct Writer<'w> {
    folder: &'w Path,
    spec: &'w Spec,
    tree: &'w [Vec<usize>],
}

/// Concepts of the release that are not generated one by one: metadata, module, attributes, refsets.
fn fixed(made: &Generated) -> Vec<(u64, String)> {
    let mut all = vec![(ids::ROOT, "Made-up root".to_owned()), (made.module, "Made-up module".to_owned())];
    all.extend(METADATA.iter().map(|(id, name)| (*id, (*name).to_owned())));
    all.extend(made.attributes.iter().enumerate().map(|(i, id)| (*id, format!("Relates {}", word(i)))));
    all.extend(made.refsets.iter().enumerate().map(|(i, id)| (*id, format!("List {}", word(50 + i)))));
    all
}

impl Writer<'_> {
    fn open(&self, place: &str, name: &str, language: &str, columns: &str) -> Result<Files> {
        open(self.folder, self.spec, place, name, language, columns)
    }

    fn concepts(&self, dice: &mut Dice, made: &Generated) -> Result<()> {
        let columns = "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId";
        let mut files = self.open("Terminology", "sct2_Concept_", "", columns)?;
        let module = made.module;
        for (i, (id, _)) in fixed(made).iter().enumerate() {
            files.row(i, format_args!("{id}\t{EARLIER}\t1\t{module}\t{}", ids::PRIMITIVE))?;
        }
        for (i, id) in made.active.iter().enumerate() {
            let status = if dice.chance(30) { ids::DEFINED } else { ids::PRIMITIVE };
            let module = if i % 7 == 0 { ids::CORE_MODULE } else { module };
            let date = if i % 3 == 0 { DATE } else { EARLIER };
            if self.spec.full && date == DATE {
                files.row(i, format_args!("{id}\t{EARLIER}\t0\t{module}\t{}", ids::PRIMITIVE))?;
            }
            files.row(i, format_args!("{id}\t{date}\t1\t{module}\t{status}"))?;
        }
        for (i, id) in made.inactive.iter().enumerate() {
            files.row(i, format_args!("{id}\t{DATE}\t0\t{module}\t{}", ids::PRIMITIVE))?;
            if self.spec.full {
                files.row(i, format_args!("{id}\t{EARLIER}\t1\t{module}\t{}", ids::PRIMITIVE))?;
            }
        }
        if self.spec.faults {
            files.every("not a number\t20250312\t1\t1\t1")?;
            files.every("")?;
            files.every("22298007\t20250312\t1\t900000000000207008\t900000000000074008")?;
            files.every("138875005\t2025")?;
        }
        files.finish()
    }

    fn descriptions(&self, dice: &mut Dice, made: &mut Generated) -> Result<()> {
        let columns = "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId";
        let refset = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId\tacceptabilityId";
        let mut files = self.open("Terminology", "sct2_Description_", "-en", columns)?;
        let mut definitions = self.open("Terminology", "sct2_TextDefinition_", "-en", columns)?;
        let mut languages = self.open("Refset/Language", "der2_cRefset_Language", "-en", refset)?;
        let module = made.module;
        let mut item = 0u64;
        let mut key = Dice(self.spec.seed ^ 0x1a);
        let mut describe = |i: usize, concept: u64, names: &[(u64, String, bool)], dice: &mut Dice| -> Result<()> {
            let mut preferred = false;
            for (kind, term, active) in names {
                item += 1;
                let id = identifier(item, 11);
                let of = if *kind == ids::DEFINITION { &mut definitions } else { &mut files };
                let flag = u8::from(*active);
                if self.spec.full && dice.chance(10) {
                    of.row(i, format_args!("{id}\t20190131\t1\t{module}\t{concept}\ten\t{kind}\tOld {term}\t{CASE}"))?;
                }
                let date = if *active { EARLIER } else { DATE };
                of.row(i, format_args!("{id}\t{date}\t{flag}\t{module}\t{concept}\ten\t{kind}\t{term}\t{CASE}"))?;
                if !active {
                    continue;
                }
                let first = *kind != ids::SYNONYM || !preferred;
                preferred |= *kind == ids::SYNONYM;
                let mut tell = |refset: u64, best: bool| {
                    let how = if best { ids::PREFERRED } else { ids::ACCEPTABLE };
                    let uuid = uuid(&mut key);
                    languages.row(i, format_args!("{uuid}\t{EARLIER}\t1\t{module}\t{refset}\t{id}\t{how}"))
                };
                tell(ids::GB_ENGLISH, first)?;
                // The wards prefer another synonym than Great Britain at large for every fourth concept.
                let ward = if i.is_multiple_of(4) && *kind == ids::SYNONYM { !first } else { first };
                if i % 5 != 4 {
                    tell(ids::NHS_CLINICAL, ward)?;
                } else {
                    tell(ids::NHS_PHARMACY, first)?;
                }
            }
            Ok(())
        };
        for (i, (concept, name)) in fixed(made).into_iter().enumerate() {
            let names = [(ids::FSN, format!("{name} (made-up)"), true), (ids::SYNONYM, name, true)];
            describe(i, concept, &names, dice)?;
        }
        for (i, concept) in made.active.iter().chain(&made.inactive).enumerate() {
            let base = format!("{} {} {}", word(i), word(dice.below(WORDS)), word(dice.below(WORDS)));
            let mut names = vec![(ids::FSN, format!("{base} (synthetic)"), true), (ids::SYNONYM, base.clone(), true)];
            for n in 2..self.spec.descriptions {
                let term = format!("{} {} {n}", word(dice.below(WORDS)), base);
                names.push((ids::SYNONYM, term, !dice.chance(5)));
            }
            if i % 50 == 3 {
                names.push((ids::DEFINITION, format!("What people call {base} when they make things up."), true));
            }
            describe(i, *concept, &names, dice)?;
        }
        made.descriptions = item as usize;
        if self.spec.faults {
            let orphan = identifier(item + 1, 11);
            files.every(&format!("{orphan}\t{DATE}\t1\t{module}\t22298006\ten\t{}\tOrphan\t{CASE}", ids::SYNONYM))?;
            files.every("1\t2\t3")?;
            languages.every(&format!("x\t{DATE}\t1\t{module}\t{}\t{orphan}\t{}", ids::GB_ENGLISH, ids::PREFERRED))?;
        }
        files.finish()?;
        definitions.finish()?;
        languages.finish()
    }

    fn relationships(&self, dice: &mut Dice, made: &Generated) -> Result<()> {
        let tail = "relationshipGroup\ttypeId\tcharacteristicTypeId\tmodifierId";
        let columns = format!("id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\t{tail}");
        let mut files = self.open("Terminology", "sct2_Relationship_", "", &columns)?;
        let columns = format!("id\teffectiveTime\tactive\tmoduleId\tsourceId\tvalue\t{tail}");
        let mut values = self.open("Terminology", "sct2_RelationshipConcreteValues_", "", &columns)?;
        let (module, inferred, some, full) = (made.module, ids::INFERRED, ids::SOME, self.spec.full);
        let mut item = 0u64;
        let mut relate = |i: usize, source: u64, value: &str, group: u32, kind: u64, active: bool| -> Result<()> {
            item += 1;
            let id = identifier(item, 12);
            let flag = u8::from(active);
            let of = if value.starts_with(['#', '"']) || value == "true" { &mut values } else { &mut files };
            of.row(
                i,
                format_args!(
                    "{id}\t{EARLIER}\t{flag}\t{module}\t{source}\t{value}\t{group}\t{kind}\t{inferred}\t{some}"
                ),
            )?;
            if full && item.is_multiple_of(20) {
                // It was something else once.
                let old = 1 - flag;
                of.row(
                    i,
                    format_args!("{id}\t20190131\t{old}\t{module}\t{source}\t{value}\t0\t{kind}\t{inferred}\t{some}"),
                )?;
            }
            Ok(())
        };
        let root = ids::ROOT.to_string();
        let model = MODEL.to_string();
        for (i, (concept, _)) in fixed(made).iter().enumerate().skip(1) {
            let parent = match *concept {
                MODEL => root.clone(),
                ids::SAME_AS
                | ids::REPLACED_BY
                | ids::POSSIBLY_EQUIVALENT_TO
                | ids::PARTIALLY_EQUIVALENT_TO
                | ids::POSSIBLY_REPLACED_BY
                | ids::WAS_A
                | ids::ALTERNATIVE
                | ids::MOVED_TO => ids::HISTORICAL_ASSOCIATION.to_string(),
                id if id == made.attributes[0] => ATTRIBUTE.to_string(),
                id if made.attributes.contains(&id) => made.attributes[0].to_string(),
                _ => model.clone(),
            };
            relate(i, *concept, &parent, 0, ids::IS_A, true)?;
        }
        let active = made.active.len();
        for (i, of) in self.tree.iter().enumerate() {
            let source = made.active[i];
            if of.is_empty() {
                relate(i, source, &root, 0, ids::IS_A, true)?;
            }
            for parent in of {
                relate(i, source, &made.active[*parent].to_string(), 0, ids::IS_A, true)?;
            }
            if i % 5 == 1 || i < 5 {
                continue;
            }
            // Values come from the second hierarchy.
            let value = |dice: &mut Dice| made.active[(dice.below(active) / 5 * 5 + 1).min(active - 1)].to_string();
            for group in 0..=dice.below(3) as u32 {
                for _ in 0..1 + dice.below(2) {
                    let kind = made.attributes[dice.below(made.attributes.len())];
                    let value = value(dice);
                    relate(i, source, &value, group, kind, !dice.chance(3))?;
                }
            }
            if i % 11 == 0 {
                let number = format!("#{}.{}", dice.below(40), dice.below(10));
                relate(i, source, &number, 1, made.attributes[5], true)?;
            }
            if i % 37 == 0 {
                relate(i, source, &format!("\"{}\"", word(dice.below(9))), 0, made.attributes[4], true)?;
            }
        }
        if self.spec.faults {
            let id = identifier(item + 1, 12);
            let is_a = ids::IS_A;
            files.every(&format!(
                "{id}\t{DATE}\t1\t{module}\t{}\t22298006\t0\t{is_a}\t{inferred}\t{some}",
                made.active[0]
            ))?;
            files.every(&format!("{id}\t{DATE}\t2\t{module}\t1\t2\t0\t{is_a}\t{inferred}\t{some}"))?;
        }
        files.finish()?;
        values.finish()
    }

    fn refsets(&self, dice: &mut Dice, made: &Generated) -> Result<()> {
        let common = "id\teffectiveTime\tactive\tmoduleId\trefsetId\treferencedComponentId";
        let module = made.module;
        let mut key = Dice(self.spec.seed ^ 0x2b);
        let mut simple = self.open("Refset/Content", "der2_Refset_Simple", "", common)?;
        for (n, refset) in made.refsets.iter().enumerate() {
            let size = (made.active.len() >> (2 + n)).max(1);
            for i in 0..size {
                let member = match dice.below(20) {
                    0 if !made.inactive.is_empty() => made.inactive[dice.below(made.inactive.len())],
                    _ => made.active[dice.below(made.active.len())],
                };
                let (uuid, flag) = (uuid(&mut key), u8::from(!dice.chance(5)));
                simple.row(i, format_args!("{uuid}\t{EARLIER}\t{flag}\t{module}\t{refset}\t{member}"))?;
            }
        }
        if self.spec.faults {
            simple.every(&format!("x\t{DATE}\t1\t{module}\t22298006\t22298006"))?;
        }
        simple.finish()?;

        let mut reasons =
            self.open("Refset/Content", "der2_cRefset_AttributeValue", "", &format!("{common}\tvalueId"))?;
        let mut associations =
            self.open("Refset/Content", "der2_cRefset_Association", "", &format!("{common}\ttargetComponentId"))?;
        let kinds = [ids::SAME_AS, ids::REPLACED_BY, ids::POSSIBLY_EQUIVALENT_TO, ids::WAS_A, ids::MOVED_TO];
        for (i, concept) in made.inactive.iter().enumerate() {
            let reason = if dice.chance(50) { OUTDATED } else { DUPLICATE };
            let refset = ids::INACTIVATION_INDICATOR;
            let first = uuid(&mut key);
            reasons.row(i, format_args!("{first}\t{DATE}\t1\t{module}\t{refset}\t{concept}\t{reason}"))?;
            let kind = kinds[dice.below(kinds.len())];
            for _ in 0..if kind == ids::POSSIBLY_EQUIVALENT_TO { 2 } else { 1 } {
                let target = made.active[dice.below(made.active.len())];
                let next = uuid(&mut key);
                associations.row(i, format_args!("{next}\t{DATE}\t1\t{module}\t{kind}\t{concept}\t{target}"))?;
            }
        }
        reasons.finish()?;
        associations.finish()?;

        let mut map = self.open("Refset/Map", "der2_sRefset_SimpleMap", "", &format!("{common}\tmapTarget"))?;
        for (i, concept) in made.active.iter().enumerate().step_by(9) {
            let next = uuid(&mut key);
            map.row(i, format_args!("{next}\t{EARLIER}\t1\t{module}\t{}\t{concept}\tX{i}", made.refsets[0]))?;
        }
        map.finish()
    }
}

fn uuid(dice: &mut Dice) -> String {
    let (a, b) = (dice.roll(), dice.roll());
    format!(
        "{:08x}-{:04x}-4{:03x}-8{:03x}-{:012x}",
        a >> 32,
        a >> 16 & 0xffff,
        a & 0xfff,
        b >> 48 & 0xfff,
        b & 0xffff_ffff_ffff
    )
}
