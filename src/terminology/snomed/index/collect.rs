//! Reads the tables of a release into memory: concepts first, then what refers to them.

use super::build::{Progress, Stage};
use super::warnings::Warnings;
use crate::terminology::snomed::rf2::{
    Columns, Kind, Release, ReleaseFile, RowsEnd, Table, date, each_row, flag, member_key, number,
};
use crate::terminology::snomed::sctid::Sctid;
use crate::terminology::snomed::{SnomedError, ids};
use std::collections::HashMap;
use std::sync::atomic::{AtomicBool, Ordering};

/// No concept of the release.
pub(super) const ABSENT: u32 = u32::MAX;

/// Numbers identifiers that repeat in many rows.
#[derive(Default)]
pub(super) struct Interned {
    pub(super) ids: Vec<u64>,
    pub(super) rows: Vec<u64>,
    numbers: HashMap<u64, u32>,
    last: Option<(u64, u32)>,
}

impl Interned {
    pub(super) fn number(&mut self, id: u64) -> u32 {
        let number = match self.last {
            Some((last, number)) if last == id => number,
            _ => *self.numbers.entry(id).or_insert_with(|| {
                self.ids.push(id);
                self.rows.push(0);
                self.ids.len() as u32 - 1
            }),
        };
        self.last = Some((id, number));
        self.rows[number as usize] += 1;
        number
    }
}

impl Interned {
    /// Renumbers in the order of identifiers, so that the index does not depend on how files are cut. Returns the
    /// new number of each old one.
    fn in_order(&mut self) -> Vec<u32> {
        let order = order_of(&self.ids);
        self.rows = order.iter().map(|old| self.rows[*old as usize]).collect();
        self.ids = order.iter().map(|old| self.ids[*old as usize]).collect();
        self.numbers.clear();
        self.last = None;
        inverse(&order)
    }
}

/// Old places in the order of their values.
fn order_of<T: Ord>(values: &[T]) -> Vec<u32> {
    let mut order: Vec<u32> = (0..values.len() as u32).collect();
    order.sort_by(|a, b| values[*a as usize].cmp(&values[*b as usize]));
    order
}

fn inverse(order: &[u32]) -> Vec<u32> {
    let mut new = vec![0u32; order.len()];
    for (at, old) in order.iter().enumerate() {
        new[*old as usize] = at as u32;
    }
    new
}

pub(super) struct ConceptRow {
    pub(super) id: u64,
    pub(super) time: u32,
    pub(super) module: u32,
    pub(super) status: u32,
    pub(super) active: bool,
}

pub(super) struct DescriptionRow {
    pub(super) id: u64,
    pub(super) term: u64,
    pub(super) time: u32,
    pub(super) concept: u32,
    pub(super) module: u32,
    pub(super) length: u32,
    pub(super) kind: u16,
    pub(super) language: u16,
    pub(super) active: bool,
}

pub(super) struct RelationshipRow {
    pub(super) id: u64,
    pub(super) time: u32,
    pub(super) source: u32,
    /// Concept number, or number of a concrete value.
    pub(super) value: u32,
    /// Number of the type, which need not be a concept of the release.
    pub(super) kind: u32,
    pub(super) group: u32,
    pub(super) active: bool,
    pub(super) concrete: bool,
}

pub(super) struct LanguageRow {
    pub(super) key: u128,
    pub(super) description: u64,
    pub(super) time: u32,
    pub(super) refset: u32,
    pub(super) acceptability: u8,
    pub(super) active: bool,
}

pub(super) struct MemberRow {
    pub(super) key: u128,
    pub(super) target: u64,
    pub(super) time: u32,
    pub(super) refset: u32,
    pub(super) concept: u32,
    pub(super) module: u32,
    pub(super) layout: u32,
    /// First of its cells.
    pub(super) cells: u32,
    pub(super) active: bool,
    /// `target` is a target or value.
    pub(super) has_target: bool,
    pub(super) is_association: bool,
}

/// A release in memory. Concept numbers are places in `concepts`, which is in the order of identifiers.
#[derive(Default)]
pub(super) struct Tables {
    pub(super) concepts: Vec<ConceptRow>,
    pub(super) descriptions: Vec<DescriptionRow>,
    pub(super) terms: Vec<u8>,
    pub(super) relationships: Vec<RelationshipRow>,
    pub(super) languages: Vec<LanguageRow>,
    pub(super) members: Vec<MemberRow>,
    pub(super) modules: Interned,
    pub(super) statuses: Interned,
    pub(super) types: Interned,
    pub(super) attributes: Interned,
    pub(super) language_refsets: Interned,
    pub(super) acceptabilities: Interned,
    pub(super) refsets: Interned,
    pub(super) language_codes: Vec<String>,
    pub(super) values: Vec<String>,
    /// Columns of refsets beyond the common ones.
    pub(super) layouts: Vec<Vec<String>>,
    /// Texts of such columns, row by row, as numbers.
    pub(super) cells: Vec<u32>,
    pub(super) cell_texts: Vec<Box<[u8]>>,
    cell_numbers: HashMap<Box<[u8]>, u32>,
    pub(super) warnings: Warnings,
    pub(super) latest: u32,
    value_numbers: HashMap<String, u32>,
    absent: HashMap<(&'static str, u64), u64>,
}

const BAD_ROW: &str = "rows that cannot be read and were left out";
const BAD_DIGIT: &str = "identifiers with a wrong check digit or partition; kept";
const BAD_TEXT: &str = "terms that are not UTF-8; the bad bytes were replaced";
const BAD_KEY: &str = "refset member identifiers that are no UUID; kept";
const NO_LINE_END: &str = "files whose last line has no end: it may have been cut";
const OLD_ROW: &str = "older rows of components that a later row replaces";
const NO_HEADER: &str = "refset files whose header lacks the six common columns; left out";
const NO_CONCEPT: &str = "descriptions of concepts that are not in the release; left out";
const NO_END: &str = "relationships with an end that is not in the release; left out";
const NO_MEMBER: &str = "refset members that are no concept of the release; left out";

impl Tables {
    /// Number of a concept.
    pub(super) fn concept(&self, id: u64) -> u32 {
        self.concepts.binary_search_by_key(&id, |row| row.id).map_or(ABSENT, |at| at as u32)
    }

    /// Reads everything.
    pub(super) fn read(release: &Release, progress: &dyn Fn(Progress), stop: &AtomicBool) -> Result<Self, SnomedError> {
        let mut tables = Self::default();
        let total = release.bytes();
        let mut done = 0;
        let mut last_table = None;
        for file in &release.files {
            if last_table == Some(Table::Concept) && file.table != Table::Concept {
                tables.finish_concepts(release);
            }
            last_table = Some(file.table);
            let tick = |bytes: u64| {
                progress(Progress { stage: Stage::Reading, done: (done + bytes).min(total), total });
                if stop.load(Ordering::Relaxed) { Err(SnomedError::Stopped) } else { Ok(()) }
            };
            tick(0)?;
            match file.table {
                Table::Concept => tables.read_concepts(file, &tick)?,
                Table::Description | Table::TextDefinition => tables.read_descriptions(file, &tick)?,
                Table::Relationship => tables.read_relationships(file, false, &tick)?,
                Table::ConcreteRelationship => tables.read_relationships(file, true, &tick)?,
                Table::Refset => tables.read_refset(file, &tick)?,
            }
            done += file.bytes;
        }
        if last_table == Some(Table::Concept) {
            tables.finish_concepts(release);
        }
        for package in &release.packages {
            for table in &package.lacks {
                let what = match *table {
                    "Relationship" => {
                        "packages bring concepts without a Relationship file, so that these stand in no hierarchy"
                    }
                    "Description" => "packages bring concepts without a Description file, so that these have no term",
                    _ => "packages bring concepts without a Language refset, so that no term of theirs is preferred",
                };
                tables.warnings.at(what, &package.name, 0);
            }
        }
        progress(Progress { stage: Stage::Sorting, done: 0, total: 1 });
        tables.finish(release);
        Ok(tables)
    }

    /// A file whose last line has no end was likely cut.
    fn ended(&mut self, file: &ReleaseFile, end: RowsEnd) {
        if !end.whole {
            self.warnings.at(NO_LINE_END, &file.name, end.lines);
        }
    }

    fn absent(&mut self, what: &'static str, id: u64) {
        *self.absent.entry((what, id)).or_default() += 1;
    }

    fn saw(&mut self, time: u32) {
        self.latest = self.latest.max(time);
    }

    fn check_id(&mut self, cell: &[u8], file: &str, line: u64) {
        if std::str::from_utf8(cell).map_or(true, |text| Sctid::parse(text).is_err()) {
            self.warnings.at(BAD_DIGIT, file, line);
        }
    }

    fn read_concepts(&mut self, file: &ReleaseFile, tick: Tick<'_>) -> Result<(), SnomedError> {
        let names = ["id", "effectiveTime", "active", "moduleId", "definitionStatusId"];
        let mut rows = Ticker::new(tick);
        let end = each_row(file, &mut |row, line| {
            if line == 1 {
                return columns(row, &names, file);
            }
            rows.row(row)?;
            let read = (|| {
                Some((
                    number(row.get(0))?,
                    date(row.get(1))?,
                    flag(row.get(2))?,
                    number(row.get(3))?,
                    number(row.get(4))?,
                ))
            })();
            let Some((id, time, active, module, status)) = read else {
                self.warnings.at(BAD_ROW, &file.name, line);
                return Ok(());
            };
            self.check_id(row.get(0), &file.name, line);
            self.saw(time);
            let module = self.modules.number(module);
            let status = self.statuses.number(status);
            self.concepts.push(ConceptRow { id, time, module, status, active });
            Ok(())
        })?;
        self.ended(file, end);
        Ok(())
    }

    fn read_descriptions(&mut self, file: &ReleaseFile, tick: Tick<'_>) -> Result<(), SnomedError> {
        let names = ["id", "effectiveTime", "active", "moduleId", "conceptId", "languageCode", "typeId", "term"];
        let mut rows = Ticker::new(tick);
        let end = each_row(file, &mut |row, line| {
            if line == 1 {
                return columns(row, &names, file);
            }
            rows.row(row)?;
            let read = (|| {
                Some((
                    number(row.get(0))?,
                    date(row.get(1))?,
                    flag(row.get(2))?,
                    number(row.get(3))?,
                    number(row.get(4))?,
                    number(row.get(6))?,
                ))
            })();
            let Some((id, time, active, module, concept, kind)) = read.filter(|_| !row.get(7).is_empty()) else {
                self.warnings.at(BAD_ROW, &file.name, line);
                return Ok(());
            };
            let number = self.concept(concept);
            if number == ABSENT {
                self.warnings.at(NO_CONCEPT, &file.name, line);
                return Ok(());
            }
            self.check_id(row.get(0), &file.name, line);
            self.saw(time);
            let start = self.terms.len() as u64;
            match std::str::from_utf8(row.get(7)) {
                Ok(term) => self.terms.extend_from_slice(term.as_bytes()),
                Err(_) => {
                    self.warnings.at(BAD_TEXT, &file.name, line);
                    self.terms.extend_from_slice(String::from_utf8_lossy(row.get(7)).as_bytes());
                }
            }
            let language = self.language(row.get(5))?;
            let kind = u16::try_from(self.types.number(kind)).map_err(|_| SnomedError::TooMany("description types"))?;
            let module = self.modules.number(module);
            self.descriptions.push(DescriptionRow {
                id,
                term: start,
                time,
                concept: number,
                module,
                length: (self.terms.len() as u64 - start) as u32,
                kind,
                language,
                active,
            });
            Ok(())
        })?;
        self.ended(file, end);
        Ok(())
    }

    fn language(&mut self, cell: &[u8]) -> Result<u16, SnomedError> {
        let found = self.language_codes.iter().position(|code| code.as_bytes().eq_ignore_ascii_case(cell));
        let at = found.unwrap_or_else(|| {
            let clean = String::from_utf8_lossy(cell).to_ascii_lowercase();
            self.language_codes.push(clean.chars().filter(|c| !c.is_control()).collect());
            self.language_codes.len() - 1
        });
        u16::try_from(at).map_err(|_| SnomedError::TooMany("languages"))
    }

    fn read_relationships(&mut self, file: &ReleaseFile, concrete: bool, tick: Tick<'_>) -> Result<(), SnomedError> {
        let names = [
            "id",
            "effectiveTime",
            "active",
            "moduleId",
            "sourceId",
            if concrete { "value" } else { "destinationId" },
            "relationshipGroup",
            "typeId",
            "characteristicTypeId",
        ];
        let mut rows = Ticker::new(tick);
        let end = each_row(file, &mut |row, line| {
            if line == 1 {
                return columns(row, &names, file);
            }
            rows.row(row)?;
            let read = (|| {
                Some((
                    number(row.get(0))?,
                    date(row.get(1))?,
                    flag(row.get(2))?,
                    number(row.get(4))?,
                    number(row.get(6)).and_then(|group| u32::try_from(group).ok()).filter(|group| *group < 1 << 31)?,
                    number(row.get(7))?,
                    number(row.get(8))?,
                ))
            })();
            let Some((id, time, active, source, group, kind, characteristic)) = read else {
                self.warnings.at(BAD_ROW, &file.name, line);
                return Ok(());
            };
            if characteristic == ids::STATED {
                return Ok(());
            }
            self.saw(time);
            let value = if concrete {
                self.value(row.get(5))
            } else {
                let Some(destination) = number(row.get(5)) else {
                    self.warnings.at(BAD_ROW, &file.name, line);
                    return Ok(());
                };
                let at = self.concept(destination);
                if at == ABSENT {
                    self.absent(NO_END, destination);
                    return Ok(());
                }
                at
            };
            let at = self.concept(source);
            if at == ABSENT {
                self.absent(NO_END, source);
                return Ok(());
            }
            let (source, kind) = (at, self.attributes.number(kind));
            self.relationships.push(RelationshipRow { id, time, source, value, kind, group, active, concrete });
            Ok(())
        })?;
        self.ended(file, end);
        Ok(())
    }

    fn value(&mut self, cell: &[u8]) -> u32 {
        let text = String::from_utf8_lossy(cell).into_owned();
        if let Some(number) = self.value_numbers.get(&text) {
            return *number;
        }
        let number = self.values.len() as u32;
        self.values.push(text.clone());
        self.value_numbers.insert(text, number);
        number
    }

    fn read_refset(&mut self, file: &ReleaseFile, tick: Tick<'_>) -> Result<(), SnomedError> {
        let mut seventh = None;
        let mut layout = 0;
        let mut width = 0;
        let mut rows = Ticker::new(tick);
        let end = each_row(file, &mut |row, line| {
            if line == 1 {
                seventh = Seventh::of(row);
                if seventh.is_none() {
                    self.warnings.at(NO_HEADER, &file.name, 1);
                }
                (layout, width) = self.layout(row);
                return Ok(());
            }
            let Some(seventh) = seventh else { return Ok(()) };
            rows.row(row)?;
            let read = (|| {
                Some((
                    date(row.get(1))?,
                    flag(row.get(2))?,
                    number(row.get(3))?,
                    number(row.get(4))?,
                    number(row.get(5))?,
                    if seventh == Seventh::Other { 0 } else { number(row.get(6))? },
                ))
            })();
            let Some((time, active, module, refset, component, target)) = read else {
                self.warnings.at(BAD_ROW, &file.name, line);
                return Ok(());
            };
            let (key, uuid) = member_key(row.get(0));
            if !uuid {
                self.warnings.at(BAD_KEY, &file.name, line);
            }
            self.saw(time);
            let module = self.modules.number(module);
            if seventh == Seventh::Acceptability {
                let refset = self.language_refsets.number(refset);
                self.acceptabilities.number(target);
                let acceptability = match target {
                    ids::PREFERRED => 2,
                    ids::ACCEPTABLE => 1,
                    _ => 0,
                };
                let row = LanguageRow { key, description: component, time, refset, acceptability, active };
                self.languages.push(row);
                return Ok(());
            }
            let concept = self.concept(component);
            if concept == ABSENT {
                // Refsets of descriptions and relationships are no concern of the index.
                if matches!(component / 10 % 10, 0) {
                    self.absent(NO_MEMBER, component);
                }
                return Ok(());
            }
            let refset = self.refsets.number(refset);
            let has_target = seventh != Seventh::Other;
            let is_association = seventh == Seventh::Target;
            let cells =
                u32::try_from(self.cells.len()).map_err(|_| SnomedError::TooMany("columns of refset members"))?;
            for column in 6..6 + width {
                let number = self.cell(row.get(column));
                self.cells.push(number);
            }
            self.members.push(MemberRow {
                key,
                target,
                time,
                refset,
                concept,
                module,
                layout,
                cells,
                active,
                has_target,
                is_association,
            });
            Ok(())
        })?;
        self.ended(file, end);
        Ok(())
    }

    /// Number and width of the columns beyond the six that all refsets have. OWL axioms say in another form what relationships say.
    fn layout(&mut self, header: &Columns<'_>) -> (u32, usize) {
        let names: Vec<String> =
            (6..header.len()).map(|at| String::from_utf8_lossy(header.get(at)).replace(['\n', '\t'], " ")).collect();
        let names = if names.iter().any(|name| name == "owlExpression") { Vec::new() } else { names };
        let width = names.len();
        let at = self.layouts.iter().position(|known| *known == names).unwrap_or_else(|| {
            self.layouts.push(names);
            self.layouts.len() - 1
        });
        (at as u32, width)
    }

    fn cell(&mut self, text: &[u8]) -> u32 {
        if let Some(number) = self.cell_numbers.get(text) {
            return *number;
        }
        let number = self.cell_texts.len() as u32;
        self.cell_texts.push(text.into());
        self.cell_numbers.insert(text.into(), number);
        number
    }

    /// Latest row of each concept, in the order of identifiers.
    fn finish_concepts(&mut self, release: &Release) {
        let same = |a: &ConceptRow, b: &ConceptRow| (a.active, a.status, a.module) == (b.active, b.status, b.module);
        let dropped = latest(&mut self.concepts, |row| (row.id, row.time), same);
        self.warnings
            .contradictory("concepts with different rows of one day; the row read last counts", dropped.contradictory);
        self.superseded(release, dropped.older);
    }

    /// Latest row of everything else.
    fn finish(&mut self, release: &Release) {
        let terms = &self.terms;
        let term = |row: &DescriptionRow| terms.get(row.term as usize..row.term as usize + row.length as usize);
        let same = |a: &DescriptionRow, b: &DescriptionRow| {
            (a.active, a.concept, a.kind, term(a)) == (b.active, b.concept, b.kind, term(b))
        };
        let descriptions = latest(&mut self.descriptions, |row| (row.id, row.time), same);
        let same = |a: &RelationshipRow, b: &RelationshipRow| {
            (a.active, a.source, a.value, a.kind, a.group) == (b.active, b.source, b.value, b.kind, b.group)
        };
        let relationships = latest(&mut self.relationships, |row| (row.id, row.time), same);
        let same = |a: &LanguageRow, b: &LanguageRow| {
            (a.active, a.description, a.refset, a.acceptability) == (b.active, b.description, b.refset, b.acceptability)
        };
        let languages = latest(&mut self.languages, |row| (row.key, row.time), same);
        let same = |a: &MemberRow, b: &MemberRow| {
            (a.active, a.concept, a.refset, a.target) == (b.active, b.concept, b.refset, b.target)
        };
        let members = latest(&mut self.members, |row| (row.key, row.time), same);
        self.warnings.contradictory(
            "descriptions with different rows of one day; the row read last counts",
            descriptions.contradictory,
        );
        self.warnings.contradictory(
            "relationships with different rows of one day; the row read last counts",
            relationships.contradictory,
        );
        let contradictory = (languages.contradictory.len() + members.contradictory.len()) as u64;
        self.warnings.many("refset members with different rows of one day; the row read last counts", contradictory);
        self.superseded(release, descriptions.older + relationships.older + languages.older + members.older);
        self.relationships.retain(|row| row.active);
        self.languages.retain(|row| row.active);
        self.renumber();
        for (what, interned) in [
            ("modules that are no concept of the release", &self.modules),
            ("definition statuses that are no concept of the release", &self.statuses),
            ("description types that are no concept of the release", &self.types),
            ("relationship types that are no concept of the release", &self.attributes),
            ("acceptabilities that are no concept of the release", &self.acceptabilities),
            ("language refsets that are no concept of the release", &self.language_refsets),
            ("refsets that are no concept of the release", &self.refsets),
        ] {
            let rows = interned.ids.iter().zip(&interned.rows);
            let absent = rows.filter(|(id, _)| self.concept(**id) == ABSENT).map(|(id, rows)| (*id, *rows)).collect();
            self.warnings.absent(what, absent);
        }
        let absent = std::mem::take(&mut self.absent);
        for what in [NO_END, NO_MEMBER] {
            let of = absent.iter().filter(|((w, _), _)| *w == what).map(|((_, id), rows)| (*id, *rows)).collect();
            self.warnings.absent(what, of);
        }
    }

    fn renumber(&mut self) {
        let modules = self.modules.in_order();
        self.concepts.iter_mut().for_each(|row| row.module = modules[row.module as usize]);
        let types = self.types.in_order();
        let order = order_of(&self.language_codes);
        let languages = inverse(&order);
        self.language_codes = order.iter().map(|old| std::mem::take(&mut self.language_codes[*old as usize])).collect();
        for row in &mut self.descriptions {
            row.module = modules[row.module as usize];
            row.kind = types[row.kind as usize] as u16;
            row.language = languages[row.language as usize] as u16;
        }
        let attributes = self.attributes.in_order();
        let order = order_of(&self.values);
        let values = inverse(&order);
        self.values = order.iter().map(|old| std::mem::take(&mut self.values[*old as usize])).collect();
        for row in &mut self.relationships {
            row.kind = attributes[row.kind as usize];
            if row.concrete {
                row.value = values[row.value as usize];
            }
        }
        self.members.iter_mut().for_each(|row| row.module = modules[row.module as usize]);
        let refsets = self.language_refsets.in_order();
        self.languages.iter_mut().for_each(|row| row.refset = refsets[row.refset as usize]);
    }

    /// Older rows are what a full release is made of; in snapshots they are worth a word.
    fn superseded(&mut self, release: &Release, dropped: u64) {
        if release.packages.iter().all(|package| package.kind == Kind::Snapshot) {
            self.warnings.many(OLD_ROW, dropped);
        }
    }
}

/// What the seventh column of a refset holds.
#[derive(Clone, Copy, PartialEq)]
enum Seventh {
    Other,
    Acceptability,
    Target,
    Value,
}

impl Seventh {
    /// `None` when the header lacks the six columns that all refsets share.
    fn of(header: &Columns<'_>) -> Option<Self> {
        let common = ["id", "effectiveTime", "active", "moduleId", "refsetId", "referencedComponentId"];
        common.iter().enumerate().all(|(i, name)| header.get(i) == name.as_bytes()).then(|| match header.get(6) {
            b"acceptabilityId" => Self::Acceptability,
            b"targetComponentId" | b"targetComponent" => Self::Target,
            b"valueId" => Self::Value,
            _ => Self::Other,
        })
    }
}

/// Keeps the row with the latest time of each key, in the order of keys; of two with the same time the one read
/// last. Says what went.
fn latest<T: Send, K: Ord + Copy + Send>(
    rows: &mut Vec<T>,
    key: impl Fn(&T) -> (K, u32) + Sync,
    same_content: impl Fn(&T, &T) -> bool,
) -> Superseded<K> {
    use rayon::slice::ParallelSliceMut;
    if !rows.is_sorted_by(|a, b| key(a) <= key(b)) {
        rows.par_sort_by(|a, b| key(a).cmp(&key(b)));
    }
    let before = rows.len();
    let mut contradictory = Vec::new();
    // `dedup_by` drops the later of two neighbours: swap first, so that the later one stays.
    rows.dedup_by(|later, earlier| {
        let same = key(later).0 == key(earlier).0;
        if same {
            if key(later).1 == key(earlier).1 && !same_content(later, earlier) {
                contradictory.push(key(later).0);
            }
            std::mem::swap(later, earlier);
        }
        same
    });
    contradictory.dedup();
    Superseded { older: (before - rows.len()) as u64, contradictory }
}

/// Rows that gave way to others.
struct Superseded<K> {
    older: u64,
    /// Keys of components of which rows of one day say different things.
    contradictory: Vec<K>,
}

type Tick<'f> = &'f dyn Fn(u64) -> Result<(), SnomedError>;

/// Reports now and then how far a file was read.
struct Ticker<'f> {
    tick: Tick<'f>,
    bytes: u64,
    rows: u32,
}

impl<'f> Ticker<'f> {
    fn new(tick: Tick<'f>) -> Self {
        Self { tick, bytes: 0, rows: 0 }
    }

    fn row(&mut self, row: &Columns<'_>) -> Result<(), SnomedError> {
        self.bytes += row.bytes() as u64;
        self.rows += 1;
        if self.rows.is_multiple_of(65_536) { (self.tick)(self.bytes) } else { Ok(()) }
    }
}

/// Checks the header of a file against the columns it must have.
fn columns(header: &Columns<'_>, names: &[&'static str], file: &ReleaseFile) -> Result<(), SnomedError> {
    match names.iter().enumerate().find(|(i, name)| header.get(*i) != name.as_bytes()) {
        None => Ok(()),
        Some((_, column)) => Err(SnomedError::Header { file: file.name.clone(), column }),
    }
}
