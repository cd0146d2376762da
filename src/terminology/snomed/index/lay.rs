//! Lays the tables of a release out as the sections of an index.

use super::build::BuildReport;
use super::collect::{ABSENT, DescriptionRow, Tables};
use super::format::{Section, Sections};
use super::hierarchy::{Hierarchy, Lists};
use crate::terminology::snomed::rf2::Medicines;
use crate::terminology::snomed::{SnomedError, fold, ids};
use std::collections::{BTreeSet, HashMap};

/// Modules that stand for editions of the UK.
const UK_EDITION: u64 = 83_821_000_000_107;
const UK_CLINICAL_EDITION: u64 = 999_000_021_000_000_109;
const UK_CLINICAL: u64 = 999_000_011_000_000_103;
const UK_DRUG: u64 = 999_000_011_000_001_104;

/// Bits of a relationship's third number.
const CONCRETE: u32 = 1;

/// Turns tables into sections.
pub(super) fn lay_out(mut tables: Tables, full: bool) -> Result<(Sections, BuildReport), SnomedError> {
    let count = tables.concepts.len();
    if count >= (u32::MAX / 8) as usize {
        return Err(SnomedError::TooMany("concepts"));
    }
    let mut sections = Sections::new();
    let is_a = |tables: &Tables, kind: u32| tables.attributes.ids.get(kind as usize) == Some(&ids::IS_A);
    let edges: Vec<(u32, u32)> = tables
        .relationships
        .iter()
        .filter(|row| !row.concrete && is_a(&tables, row.kind))
        .map(|row| (row.source, row.value))
        .collect();
    let hierarchy = Hierarchy::new(count, edges);
    let id = |number: &u32| tables.concepts[*number as usize].id;
    let circular = hierarchy.circular.iter().map(|(child, parent)| (id(child), id(parent))).collect();
    tables.warnings.left_out("is-a relationships that close a circle; left out", circular);
    let rank = &hierarchy.rank;

    concepts(&mut sections, &tables, rank);
    lists(&mut sections, Section::ParentsAt, Section::Parents, &hierarchy.parents);
    lists(&mut sections, Section::ChildrenAt, Section::Children, &hierarchy.children);
    sections.u32s(Section::BelowAt, hierarchy.below.at.iter().copied());
    sections.u32s(Section::Below, hierarchy.below.items.iter().flat_map(|(from, to)| [*from, *to]));

    let attributes = relationships(&mut sections, &tables, rank, &is_a);
    descriptions(&mut sections, &mut tables, rank)?;
    let members = refsets(&mut sections, &mut tables, rank);

    let active = tables.concepts.iter().filter(|row| row.active).count() as u64;
    let report = BuildReport {
        files: 0,
        packages: Vec::new(),
        medicines: 0,
        medicines_date: 0,
        translations: 0,
        bytes_read: 0,
        concepts: count as u64,
        active_concepts: active,
        descriptions: tables.descriptions.len() as u64,
        attributes,
        parents: hierarchy.parents.items.len() as u64,
        refsets: tables.refsets.ids.len() as u64,
        members,
        effective_time: tables.latest,
        index_bytes: 0,
        warnings: std::mem::take(&mut tables.warnings).list(),
    };
    let held = |module: &u64| tables.concept(*module) != ABSENT || tables.modules.ids.contains(module);
    // The clinical and the drug extension together are the UK Edition, whether its own module is there or not.
    let uk = [UK_CLINICAL, UK_DRUG].iter().all(held).then_some(UK_EDITION);
    let known = [UK_EDITION, UK_CLINICAL_EDITION, UK_CLINICAL, UK_DRUG, ids::CORE_MODULE];
    let edition = uk.or_else(|| known.into_iter().find(held));
    let info = format!(
        "effective-time {}\nedition {}\nkind {}\nconcepts {}\nactive-concepts {}\ndescriptions {}\nattributes {}\nparents {}\n\
         refsets {}\nmembers {}\nwarnings {}\n",
        report.effective_time,
        edition.unwrap_or(0),
        if full { "full" } else { "snapshot" },
        report.concepts,
        report.active_concepts,
        report.descriptions,
        report.attributes,
        report.parents,
        report.refsets,
        report.members,
        report.warnings.iter().map(|warning| warning.count).sum::<u64>(),
    );
    sections.bytes(Section::Info, info.into_bytes());
    Ok((sections, report))
}

fn lists(sections: &mut Sections, at: Section, items: Section, lists: &Lists<u32>) {
    sections.u32s(at, lists.at.iter().copied());
    sections.u32s(items, lists.items.iter().copied());
}

fn concepts(sections: &mut Sections, tables: &Tables, rank: &[u32]) {
    sections.u64s(Section::Ids, tables.concepts.iter().map(|row| row.id));
    sections.u32s(Section::Ranks, rank.iter().copied());
    let mut by_rank = vec![0usize; rank.len()];
    for (place, rank) in rank.iter().enumerate() {
        by_rank[*rank as usize] = place;
    }
    let rows = by_rank.iter().map(|place| &tables.concepts[*place]);
    sections.u64s(Section::IdOf, rows.clone().map(|row| row.id));
    sections.u32s(Section::Time, rows.clone().map(|row| row.time));
    sections.u32s(
        Section::State,
        rows.map(|row| {
            let status = match tables.statuses.ids.get(row.status as usize) {
                Some(&ids::PRIMITIVE) => 1,
                Some(&ids::DEFINED) => 2,
                _ => 0,
            };
            u32::from(row.active) | status << 1 | row.module << 8
        }),
    );
    sections.u64s(Section::Modules, tables.modules.ids.iter().copied());
}

/// Attribute relationships by rank of the source. Returns how many.
fn relationships(sections: &mut Sections, tables: &Tables, rank: &[u32], is_a: &dyn Fn(&Tables, u32) -> bool) -> u64 {
    let mut rows: Vec<[u32; 4]> = tables
        .relationships
        .iter()
        .filter(|row| row.concrete || !is_a(tables, row.kind))
        .map(|row| {
            let value = if row.concrete { row.value } else { rank[row.value as usize] };
            let concrete = if row.concrete { CONCRETE } else { 0 };
            [rank[row.source as usize], row.kind, value, row.group << 1 | concrete]
        })
        .collect();
    rows.sort_unstable_by_key(|[source, kind, value, group]| (*source, *group >> 1, *kind, *value, *group));
    let by_source =
        Lists::new(rank.len(), rows.iter().map(|[source, kind, value, group]| (*source, [*kind, *value, *group])));
    sections.u32s(Section::RelationshipsAt, by_source.at.iter().copied());
    sections.u32s(Section::Relationships, by_source.items.iter().flatten().copied());
    sections.u64s(Section::Attributes, tables.attributes.ids.iter().copied());
    texts(sections, Section::ValuesAt, Section::Values, tables.values.iter().map(String::as_bytes));
    rows.len() as u64
}

fn texts<'t>(sections: &mut Sections, at: Section, text: Section, items: impl Iterator<Item = &'t [u8]>) {
    let mut starts = vec![0u32];
    let mut bytes = Vec::new();
    for item in items {
        bytes.extend_from_slice(item);
        starts.push(bytes.len() as u32);
    }
    sections.u32s(at, starts);
    sections.bytes(text, bytes);
}

/// Places of terms in the order of their folded text.
fn by_term<'t>(terms: impl Iterator<Item = &'t [u8]>) -> Vec<u32> {
    use rayon::slice::ParallelSliceMut;
    let mut folded: Vec<(Box<str>, u32)> = terms
        .enumerate()
        .map(|(at, term)| (fold(std::str::from_utf8(term).unwrap_or("")).into_boxed_str(), at as u32))
        .collect();
    folded.par_sort_unstable();
    folded.into_iter().map(|(_, at)| at).collect()
}

/// Descriptions by rank of their concept, then identifier.
fn descriptions(sections: &mut Sections, tables: &mut Tables, rank: &[u32]) -> Result<(), SnomedError> {
    if tables.terms.len() as u64 >= u64::from(u32::MAX) {
        return Err(SnomedError::TooMany("bytes of terms"));
    }
    let preferences = preferences(sections, tables);
    let rows = &tables.descriptions;
    let mut order: Vec<u32> = (0..rows.len() as u32).collect();
    let at = |i: &u32| &rows[*i as usize];
    order.sort_unstable_by_key(|i| (rank[at(i).concept as usize], at(i).id));

    let mut starts = vec![0u32; rank.len() + 1];
    for i in &order {
        starts[rank[at(i).concept as usize] as usize + 1] += 1;
    }
    for i in 1..starts.len() {
        starts[i] += starts[i - 1];
    }
    sections.u64s(Section::DescriptionIds, order.iter().map(|i| at(i).id));
    sections.u32s(Section::DescriptionTimes, order.iter().map(|i| at(i).time));
    let terms = &tables.terms;
    let term = |row: &DescriptionRow| &terms[row.term as usize..row.term as usize + row.length as usize];
    texts(sections, Section::TermsAt, Section::Terms, order.iter().map(|i| term(at(i))));

    sections.u32s(Section::TermOrder, by_term(order.iter().map(|i| term(at(i)))));

    let mut profiles: HashMap<[u32; 4], u32> = HashMap::new();
    let mut table = Vec::new();
    let profile_of: Vec<u32> = order
        .iter()
        .map(|i| {
            let row = at(i);
            let kind = u32::from(row.kind) << 1 | u32::from(row.active);
            let profile = [kind, u32::from(row.language), row.module, preferences.of[*i as usize]];
            *profiles.entry(profile).or_insert_with(|| {
                table.push(profile);
                table.len() as u32 - 1
            })
        })
        .collect();
    sections.u32s(Section::DescriptionProfiles, profile_of.iter().copied());
    sections.u32s(Section::Profiles, table.iter().flatten().copied());

    // `rows` is in the order of identifiers: the inverse of `order` gives the place of each.
    let mut place = vec![0u32; order.len()];
    for (at, i) in order.iter().enumerate() {
        place[*i as usize] = at as u32;
    }
    sections.u32s(Section::DescriptionOrder, place);

    let types = &tables.types.ids;
    let is = |row: &DescriptionRow, kind: u64| types.get(row.kind as usize) == Some(&kind);
    let names = starts.windows(2).flat_map(|range| {
        let of = &order[range[0] as usize..range[1] as usize];
        let best = |kind: u64| {
            of.iter()
                .enumerate()
                .filter(|(_, i)| is(at(i), kind))
                .min_by_key(|(_, i)| (!at(i).active, preferences.standing(**i), at(i).id))
                .map_or(ABSENT, |(n, _)| range[0] + n as u32)
        };
        let fsn = best(ids::FSN);
        let preferred = best(ids::SYNONYM);
        // A concept whose synonyms are all inactive is still known by its active full name.
        let inactive = |n: u32| order.get(n as usize).is_none_or(|i| !at(i).active);
        let known_by = if preferred == ABSENT || inactive(preferred) && !inactive(fsn) { fsn } else { preferred };
        [known_by, fsn]
    });
    let names: Vec<u32> = names.collect();
    sections.u32s(Section::Names, names);
    sections.u32s(Section::DescriptionsAt, starts);
    sections.u64s(Section::Types, types.iter().copied());
    sections.bytes(Section::Languages, tables.language_codes.join("\n").into_bytes());
    Ok(())
}

/// Which language refsets hold each description, as numbers of distinct combinations.
struct Preferences {
    /// Combination of each description, by place in the table of descriptions.
    of: Vec<u32>,
    /// How good a combination is: place of the first refset of [`ids::PREFERENCE`] that prefers it, and so on.
    standing: Vec<u32>,
}

impl Preferences {
    fn standing(&self, description: u32) -> u32 {
        self.of.get(description as usize).and_then(|at| self.standing.get(*at as usize)).copied().unwrap_or(ABSENT)
    }
}

fn preferences(sections: &mut Sections, tables: &mut Tables) -> Preferences {
    let languages = &mut tables.languages;
    languages.sort_unstable_by_key(|row| (row.description, row.refset, std::cmp::Reverse(row.acceptability)));
    languages.dedup_by_key(|row| (row.description, row.refset));
    let mut numbers: HashMap<Vec<(u32, u32)>, u32> = HashMap::from([(Vec::new(), 0)]);
    let mut combinations: Vec<Vec<(u32, u32)>> = vec![Vec::new()];
    let mut of = vec![0u32; tables.descriptions.len()];
    let mut absent = 0u64;
    let mut at = 0;
    for rows in languages.chunk_by(|a, b| a.description == b.description) {
        let id = rows[0].description;
        while tables.descriptions.get(at).is_some_and(|row| row.id < id) {
            at += 1;
        }
        if tables.descriptions.get(at).is_none_or(|row| row.id != id) {
            absent += rows.len() as u64;
            continue;
        }
        let key: Vec<(u32, u32)> = rows.iter().map(|row| (row.refset, u32::from(row.acceptability))).collect();
        of[at] = match numbers.get(&key) {
            Some(number) => *number,
            None => {
                combinations.push(key.clone());
                numbers.insert(key, combinations.len() as u32 - 1);
                combinations.len() as u32 - 1
            }
        };
    }
    languages.clear();
    languages.shrink_to_fit();
    tables.warnings.many("language refset members that are no description of the release; left out", absent);

    let mut starts = vec![0u32];
    let mut total = 0;
    for combination in &combinations {
        total += combination.len() as u32;
        starts.push(total);
    }
    sections.u32s(Section::PreferencesAt, starts);
    sections.u32s(Section::Preferences, combinations.iter().flatten().flat_map(|(refset, how)| [*refset, *how]));
    sections.u64s(Section::LanguageRefsets, tables.language_refsets.ids.iter().copied());
    let place = |refset: u32| {
        let id = tables.language_refsets.ids.get(refset as usize);
        ids::PREFERENCE.iter().position(|known| Some(known) == id).unwrap_or(ids::PREFERENCE.len()) as u32
    };
    let standing = combinations
        .iter()
        .map(|rows| {
            let preferred = rows.iter().filter(|(_, how)| *how == 2).map(|(refset, _)| place(*refset)).min();
            preferred.unwrap_or(if rows.is_empty() { 200 } else { 100 })
        })
        .collect();
    Preferences { of, standing }
}

/// Entries of dm+d, by id.
pub(super) fn lay_medicines(sections: &mut Sections, medicines: &Medicines) {
    let entries = &medicines.entries;
    sections.u64s(Section::MedicineIds, entries.keys().copied());
    sections.u32s(Section::MedicineRows, entries.values().map(|entry| entry.kind | entry.flags << 8));
    let names = entries.values().map(|entry| entry.name.as_bytes());
    texts(sections, Section::MedicineNamesAt, Section::MedicineNames, names);
    let mut starts = vec![0u32];
    let mut total = 0;
    for entry in entries.values() {
        total += entry.links.len() as u32;
        starts.push(total);
    }
    sections.u32s(Section::MedicineLinksAt, starts);
    sections.u64s(Section::MedicineLinks, entries.values().flat_map(|e| &e.links).flat_map(|(link, to)| [*link, *to]));
    sections.u64s(Section::FormerIds, medicines.former.iter().flat_map(|(former, current)| [*former, *current]));
}

/// Read codes and their concepts, by code.
pub(super) fn lay_translations(sections: &mut Sections, pairs: &BTreeSet<(String, u64)>) {
    texts(sections, Section::ReadKeysAt, Section::ReadKeys, pairs.iter().map(|(key, _)| key.as_bytes()));
    sections.u64s(Section::ReadTargets, pairs.iter().map(|(_, target)| *target));
}

/// Every row of a refset with its own columns, by refset and rank.
fn member_rows(sections: &mut Sections, tables: &Tables, place: &[u32], rank: &[u32]) {
    use rayon::slice::ParallelSliceMut;
    // Texts in their own order, so that the index does not depend on how files are cut.
    let mut texts_order: Vec<u32> = (0..tables.cell_texts.len() as u32).collect();
    texts_order.par_sort_unstable_by(|a, b| tables.cell_texts[*a as usize].cmp(&tables.cell_texts[*b as usize]));
    let mut number = vec![0u32; texts_order.len()];
    for (new, old) in texts_order.iter().enumerate() {
        number[*old as usize] = new as u32;
    }
    let mut layouts: Vec<usize> = (0..tables.layouts.len()).collect();
    layouts.sort_by_key(|at| &tables.layouts[*at]);
    let mut layout_of = vec![0u32; layouts.len()];
    for (new, old) in layouts.iter().enumerate() {
        layout_of[*old] = new as u32;
    }
    let mut order: Vec<u32> = (0..tables.members.len() as u32).collect();
    let at = |i: &u32| &tables.members[*i as usize];
    order.par_sort_unstable_by_key(|i| (place[at(i).refset as usize], rank[at(i).concept as usize], at(i).key));
    let mut starts = vec![0u32; place.len() + 1];
    for row in &tables.members {
        starts[place[row.refset as usize] as usize + 1] += 1;
    }
    for i in 1..starts.len() {
        starts[i] += starts[i - 1];
    }
    sections.u32s(Section::MemberRowsAt, starts);
    let mut cells = Vec::with_capacity(tables.cells.len());
    let rows: Vec<u32> = order
        .iter()
        .flat_map(|i| {
            let row = at(i);
            let first = cells.len() as u32;
            let width = tables.layouts[row.layout as usize].len();
            let own = tables.cells.get(row.cells as usize..row.cells as usize + width).unwrap_or(&[]);
            cells.extend(own.iter().map(|text| number[*text as usize]));
            let layout = layout_of[row.layout as usize];
            [rank[row.concept as usize], row.time, row.module << 1 | u32::from(row.active), layout, first]
        })
        .collect();
    sections.u32s(Section::MemberRows, rows);
    sections.u32s(Section::Cells, cells);
    let ordered = texts_order.iter().map(|at| &*tables.cell_texts[*at as usize]);
    texts(sections, Section::CellTextsAt, Section::CellTexts, ordered);
    let names: Vec<String> = layouts.iter().map(|at| tables.layouts[*at].join("\t")).collect();
    sections.bytes(Section::Layouts, names.join("\n").into_bytes());
}

/// Membership, inactivation reasons and associations. Returns the number of memberships.
fn refsets(sections: &mut Sections, tables: &mut Tables, rank: &[u32]) -> u64 {
    // Refsets in the order of identifiers.
    let known = &tables.refsets.ids;
    let mut order: Vec<u32> = (0..known.len() as u32).collect();
    order.sort_unstable_by_key(|i| known[*i as usize]);
    let mut place = vec![0u32; known.len()];
    for (at, i) in order.iter().enumerate() {
        place[*i as usize] = at as u32;
    }
    sections.u64s(Section::Refsets, order.iter().map(|i| known[*i as usize]));
    member_rows(sections, tables, &place, rank);
    tables.members.retain(|row| row.active);
    let mut pairs: Vec<(u32, u32)> =
        tables.members.iter().map(|row| (place[row.refset as usize], rank[row.concept as usize])).collect();
    pairs.sort_unstable();
    pairs.dedup();
    let members = Lists::new(known.len(), pairs.iter().copied());
    lists(sections, Section::MembersAt, Section::Members, &members);
    let of = Lists::new(rank.len(), pairs.iter().map(|(refset, member)| (*member, *refset)));
    lists(sections, Section::RefsetsOfAt, Section::RefsetsOf, &of);

    let refset_id = |row: &super::collect::MemberRow| known[row.refset as usize];
    let with_target = tables.members.iter().filter(|row| row.has_target);
    let mut reason_ids: Vec<u64> = Vec::new();
    let mut reasons: Vec<(u32, u32, u32)> = with_target
        .clone()
        .filter(|row| refset_id(row) == ids::INACTIVATION_INDICATOR)
        .map(|row| {
            let reason = reason_ids.iter().position(|id| *id == row.target).unwrap_or_else(|| {
                reason_ids.push(row.target);
                reason_ids.len() - 1
            });
            (rank[row.concept as usize], row.time, reason as u32)
        })
        .collect();
    // The latest reason of a concept.
    reasons.sort_unstable();
    reasons.reverse();
    reasons.dedup_by_key(|(rank, _, _)| *rank);
    reasons.reverse();
    sections.u32s(Section::Reasons, reasons.iter().flat_map(|(rank, _, reason)| [*rank, *reason]));
    sections.u64s(Section::ReasonIds, reason_ids);

    let historical = |id: u64| ids::ASSOCIATIONS.iter().any(|(known, _)| *known == id);
    let mut kinds: Vec<u64> = Vec::new();
    let mut associations: Vec<(u32, u32, u64)> = Vec::new();
    for row in with_target.filter(|row| row.is_association || historical(refset_id(row))) {
        let id = refset_id(row);
        let kind = kinds.iter().position(|known| *known == id).unwrap_or_else(|| {
            kinds.push(id);
            kinds.len() - 1
        });
        associations.push((rank[row.concept as usize], kind as u32, row.target));
    }
    associations.sort_unstable();
    associations.dedup();
    let words = |(rank, kind, target): &(u32, u32, u64)| [*rank, *kind, *target as u32, (*target >> 32) as u32];
    sections.u32s(Section::Associations, associations.iter().flat_map(words));
    sections.u64s(Section::AssociationKinds, kinds);
    pairs.len() as u64
}
