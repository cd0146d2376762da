//! Fields: which are worst, how well each profile is filled, what each sender sends, doubles and contradictions.

use std::collections::BTreeMap;

use crate::finding::Dimension;
use crate::kitemark::{Counted, Status};
use crate::record::{Keys, key_shares};
use crate::report::gap::model::{Report, View};
use crate::report::gap::outline::Kind::{Code, Count, Interval, Number, Share, Text};
use crate::report::gap::outline::{Block, Cell, Reach, Table, line};
use crate::report::gap::sections::is_about_people;
use crate::report::gap::sections::subject::{elements as in_elements, interval};
use crate::tally::{KeyKind, MeasureKey};
use crate::tally::{Stage, definition};

/// One measure of one field, pooled over senders and months.
#[derive(Clone, Debug)]
pub(super) struct Field {
    pub(super) name: String,
    /// Resource, profile and element; sender and month are empty.
    pub(super) key: MeasureKey,
    pub(super) dimension: Dimension,
    pub(super) counted: Counted,
}

impl Field {
    /// Those that fall short.
    pub(super) fn wrong(&self) -> u64 {
        self.counted.denominator - self.counted.numerator
    }

    /// Whether it counts: what is only shown has a table of its own.
    pub(super) fn is_live(&self) -> bool {
        crate::tally::counts(&self.name)
    }
}

/// All measures by field.
pub(super) fn fields(view: &View) -> Vec<Field> {
    let mut pooled: BTreeMap<(&str, MeasureKey), (Dimension, Counted)> = BTreeMap::new();
    for ((name, key), m) in &view.assessment.part.measures {
        let key = MeasureKey { sender: String::new(), period: String::new(), ..key.clone() };
        let (_, counted) = pooled.entry((name, key)).or_insert((m.dimension, Counted { numerator: 0, denominator: 0 }));
        counted.numerator += m.numerator;
        counted.denominator += m.denominator;
    }
    let field = |((name, key), (dimension, counted)): ((&str, MeasureKey), _)| Field {
        name: name.to_owned(),
        key,
        dimension,
        counted,
    };
    pooled.into_iter().map(field).filter(|f| f.counted.denominator > 0).collect()
}

/// Last part of a canonical: enough to tell profiles of one standard apart.
pub(super) fn short(canonical: &str) -> &str {
    canonical.rsplit('/').next().unwrap_or(canonical)
}

/// Measures that hold only where several fields hold: their parts stand in the list instead.
const COMPOSITES: [&str; 3] = ["linkable", "metadata-complete", "transfer-of-care-document-valid"];

/// Fields with the most that is missing or wrong, by count.
pub(super) fn worst(report: &Report, view: &View) -> Table {
    let mut table = Table::new(
        "worst-fields",
        "Fields by how many times they are missing or wrong",
        &[
            ("field", Code),
            ("profile", Code),
            ("measure", Text),
            ("dimension", Text),
            ("missing or wrong", Count),
            ("share that holds", Share),
            ("95% interval", Interval),
        ],
    )
    .at_most(30);
    let single = |f: &Field| !COMPOSITES.contains(&f.name.as_str());
    let mut rows: Vec<Field> = fields(view).into_iter().filter(|f| f.is_live() && f.wrong() > 0 && single(f)).collect();
    rows.sort_by(|a, b| (b.wrong(), &a.name, &a.key).cmp(&(a.wrong(), &b.name, &b.key)));
    for f in rows {
        let hide = report.disclosure && is_about_people(&f.name, &f.key);
        let share = Cell::people(f.counted, hide);
        let hidden = share == Cell::Hidden;
        let field = [&f.key.element, &f.key.resource].into_iter().find(|t| !t.is_empty());
        table.row(vec![
            Cell::code(field.map_or("whole message", String::as_str)),
            Cell::code(short(&f.key.profile)),
            Cell::text(&f.name),
            Cell::text(f.dimension.as_str()),
            if hidden { Cell::Hidden } else { super::people_cell(f.wrong(), hide) },
            share,
            if hidden { Cell::Empty } else { bounds(f.counted) },
        ]);
    }
    table
}

fn bounds(c: Counted) -> Cell {
    interval(c.numerator, c.denominator)
}

/// How well the elements of each profile are filled, by how binding the profile is about them.
const KINDS: [(&str, &str); 4] = [
    ("populated-mandatory", "mandatory"),
    ("populated-required", "required in its parent"),
    ("populated-must-support", "must support"),
    ("populated-optional", "optional"),
];

/// Profiles and what of them is filled, pooled over their elements.
pub(super) fn completeness(view: &View) -> Table {
    let kinds = KINDS.map(|(_, word)| (word, Share));
    let columns = [("profile", Code), kinds[0], kinds[1], kinds[2], kinds[3]];
    let mut table = Table::new("completeness", "How well profiles are filled", &columns);
    let mut profiles: BTreeMap<String, [Counted; 4]> = BTreeMap::new();
    for f in fields(view) {
        if let Some(at) = KINDS.iter().position(|(name, _)| *name == f.name) {
            let kinds = profiles.entry(f.key.profile).or_insert([Counted { numerator: 0, denominator: 0 }; 4]);
            kinds[at].numerator += f.counted.numerator;
            kinds[at].denominator += f.counted.denominator;
        }
    }
    for (profile, kinds) in profiles {
        let mut row = vec![Cell::code(short(&profile))];
        row.extend(kinds.map(|c| Cell::share(c.numerator, c.denominator)));
        table.row(row);
    }
    table
}

/// The elements of each profile, folded away.
pub(super) fn elements(report: &Report, view: &View) -> Vec<Block> {
    let mut profiles: BTreeMap<String, Vec<Field>> = BTreeMap::new();
    for f in fields(view) {
        if KINDS.iter().any(|(name, _)| *name == f.name) {
            profiles.entry(f.key.profile.clone()).or_default().push(f);
        }
    }
    for fields in profiles.values_mut() {
        let kind = |f: &Field| KINDS.iter().position(|(name, _)| *name == f.name);
        let filled = |f: &Field| f.counted.numerator * 1000 / f.counted.denominator;
        fields.sort_by(|a, b| (kind(a), filled(a), &a.key.element).cmp(&(kind(b), filled(b), &b.key.element)));
    }
    let fold = |(profile, fields): (&String, &Vec<Field>)| {
        let title = line![short(profile), ": ", in_elements(fields.len())];
        Block::Fold(title, element_table(report, profile, fields))
    };
    profiles.iter().map(fold).collect()
}

fn element_table(report: &Report, profile: &str, fields: &[Field]) -> Table {
    let columns = [("element", Code), ("how binding", Text), ("filled", Share), ("95% interval", Interval)];
    let mut table = Table::new("elements", profile, &columns).reaching(Reach::Page);
    for f in fields {
        let kind = KINDS.iter().find(|(name, _)| *name == f.name).map_or("", |(_, word)| word);
        let hide = report.disclosure && is_about_people(&f.name, &f.key);
        let share = Cell::people(f.counted, hide);
        let interval = if share == Cell::Hidden { Cell::Empty } else { bounds(f.counted) };
        table.row(vec![Cell::code(&f.key.element), Cell::text(kind), share, interval]);
    }
    table
}

/// What senders send: messages of each, and how much of what counts in each dimension holds.
pub(super) fn senders(view: &View) -> Table {
    let mut table = Table::new(
        "senders",
        "Senders that messages name, by what holds of all live measures",
        &[("sender", Text), ("completeness", Share), ("validity", Share), ("timeliness", Share), ("accuracy", Share)],
    );
    let columns = [Dimension::Completeness, Dimension::Validity, Dimension::Timeliness, Dimension::Accuracy];
    let mut senders: BTreeMap<&str, [Counted; 4]> = BTreeMap::new();
    for ((name, key), m) in &view.assessment.part.measures {
        let live = definition(name).is_some_and(|d| d.stage == Stage::Live);
        let walked = live && !crate::tally::DERIVED.iter().any(|d| d.name == name);
        if let Some(at) = columns.iter().position(|d| *d == m.dimension).filter(|_| walked) {
            let row = senders.entry(&key.sender).or_insert([Counted { numerator: 0, denominator: 0 }; 4]);
            row[at].numerator += m.numerator;
            row[at].denominator += m.denominator;
        }
    }
    for (sender, shares) in senders {
        let mut row = vec![Cell::text(if sender.is_empty() { "not named" } else { sender })];
        row.extend(shares.map(|c| Cell::share(c.numerator, c.denominator)));
        table.row(row);
    }
    table
}

/// Doubles and contradictions: what only the messages together show.
pub(super) fn doubles(report: &Report, view: &View) -> Table {
    let heads = [("what", Text), ("doubled or contradicted", Count), ("of", Count), ("measure", Text)];
    let mut table = Table::new("doubles", "Doubles and contradictions across all messages", &heads);
    for kind in KeyKind::ALL {
        let key = (kind.measure().to_owned(), MeasureKey::default());
        let Some(m) = view.assessment.part.measures.get(&key) else { continue };
        let hide = report.disclosure && is_about_people(kind.measure(), &key.1);
        table.row(vec![
            Cell::text(words(*kind)),
            super::people_cell(m.denominator - m.numerator, hide),
            super::people_cell(m.denominator, hide),
            Cell::text(kind.measure()),
        ]);
    }
    table
}

/// Doubles and contradictions when the messages of all partners are taken together: what one partner says of a person
/// against what another says. Empty for one partner alone, without a key, and for records that are not to be pooled.
pub(in crate::report::gap::sections) fn across(report: &Report) -> Table {
    // Numbers and ids of one sender mean nothing beside those of another.
    const SHARED: [KeyKind; 5] =
        [KeyKind::Payload, KeyKind::BirthDate, KeyKind::Sex, KeyKind::FamilyName, KeyKind::Person];
    let heads =
        [("what", Text), ("doubled or contradicted", Count), ("of these within one partner", Count), ("of", Count)];
    let mut table = Table::new("across-partners", "Doubles and contradictions across all partners", &heads);
    let [group] = &report.groups[..] else { return table };
    if report.views.len() < 2 || group.header.key_id.is_empty() {
        return table;
    }
    let mut pooled = Keys::default();
    group.parts.values().for_each(|part| pooled.add(part.keys.clone()));
    let Ok(shares) = key_shares(&pooled) else {
        table.row(vec![Cell::text("temporary files could not be read"), Cell::Empty, Cell::Empty, Cell::Empty]);
        return table;
    };
    for kind in SHARED {
        let Some(all) = shares.get(&kind) else { continue };
        let key = (kind.measure().to_owned(), MeasureKey::default());
        let own = report.views.iter().filter_map(|v| v.assessment.part.measures.get(&key));
        let within: u64 = own.map(|m| m.denominator - m.numerator).sum();
        let hide = report.disclosure && is_about_people(kind.measure(), &key.1);
        table.row(vec![
            Cell::text(words(kind)),
            super::people_cell(all.denominator - all.numerator, hide),
            super::people_cell(within, hide),
            super::people_cell(all.denominator, hide),
        ]);
    }
    table
}

fn words(kind: KeyKind) -> &'static str {
    match kind {
        KeyKind::Payload => "payloads sent again, byte for byte",
        KeyKind::BirthDate => "NHS numbers seen with several birth dates",
        KeyKind::Sex => "NHS numbers seen with several sexes",
        KeyKind::FamilyName => "NHS numbers seen with several family names",
        KeyKind::Person => "persons seen with several NHS numbers",
        KeyKind::LocalNumber => "local patient numbers seen with several NHS numbers",
        KeyKind::Patient => "patients under several local numbers of one sender",
        KeyKind::Event => "clinical events under several ids of one sender",
        KeyKind::Code => "ids of clinical resources seen with several codes",
        KeyKind::Subject => "ids of clinical resources seen about several patients",
        KeyKind::Status => "versions of clinical resources seen in several statuses",
    }
}

/// Measures that are shown and do not count.
pub(super) fn shadow(report: &Report, view: &View) -> Table {
    let columns = [("measure", Text), ("share", Share), ("95% interval", Interval), ("what is counted", Text)];
    let mut table = Table::new("shadow", "Shown, not counted", &columns);
    let mut pooled: BTreeMap<String, Counted> = BTreeMap::new();
    for f in fields(view) {
        if definition(&f.name).is_some_and(|d| d.stage != Stage::Live) {
            let c = pooled.entry(f.name).or_insert(Counted { numerator: 0, denominator: 0 });
            c.numerator += f.counted.numerator;
            c.denominator += f.counted.denominator;
        }
    }
    for (name, c) in pooled {
        let definition = definition(&name);
        let hide = report.disclosure && definition.is_some_and(|d| d.people);
        let falling = definition.is_some_and(|d| d.stage == Stage::Falling);
        let share = Cell::people(c, hide);
        let interval = if share == Cell::Hidden { Cell::Empty } else { bounds(c) };
        let means = definition.map_or("", |d| d.means);
        let means = if falling { format!("{means} The lower the better.") } else { means.to_owned() };
        table.row(vec![Cell::text(&name), share, interval, Cell::text(means)]);
    }
    table
}

/// The six dimensions: pooled by counts (micro), and as the plain mean of fields (macro), which small fields move as
/// much as large ones.
pub(super) fn dimensions(view: &View) -> Table {
    let mut table = Table::new(
        "six-dimensions",
        "The six dimensions, pooled by counts and as the mean of fields",
        &[
            ("dimension", Text),
            ("pooled", Share),
            ("95% interval", Interval),
            ("mean of fields", Number),
            ("fields", Count),
        ],
    );
    let live: Vec<Field> = fields(view).into_iter().filter(Field::is_live).collect();
    for dimension in Dimension::ALL {
        let own: Vec<Counted> = live.iter().filter(|f| f.dimension == dimension).map(|f| f.counted).collect();
        let pooled = own.iter().fold(Counted { numerator: 0, denominator: 0 }, |sum, c| Counted {
            numerator: sum.numerator + c.numerator,
            denominator: sum.denominator + c.denominator,
        });
        if own.is_empty() {
            table.row(vec![
                Cell::text(dimension.as_str()),
                Cell::Status(Status::NotAssessed),
                Cell::Empty,
                Cell::Empty,
                Cell::Count(0),
            ]);
            continue;
        }
        let mean = own.iter().map(|c| c.numerator as f64 / c.denominator as f64).sum::<f64>() / own.len() as f64;
        table.row(vec![
            Cell::text(dimension.as_str()),
            Cell::Share(pooled),
            bounds(pooled),
            Cell::Percent(mean),
            Cell::from(own.len()),
        ]);
    }
    table
}
