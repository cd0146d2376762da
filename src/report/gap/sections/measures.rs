//! Measures of one subject: every one, and the dimensions that they come to.

use std::collections::BTreeMap;

use super::findings::PAGE_ROWS;
use super::is_about_people;
use super::subject::interval;
use crate::finding::Dimension;
use crate::kitemark::{Counted, Status, dimensions};
use crate::record::Share as Held;
use crate::report::gap::disclosure;
use crate::report::gap::model::{Report, View};
use crate::report::gap::outline::Kind::{Code, Count, Interval, Share, Text};
use crate::report::gap::outline::{Cell, Table};
use crate::tally::MeasureKey;

/// Name of the table of measures.
pub(super) const MEASURES: &str = "measures";

/// Measures of one subject, the built-in ones first; people counts hidden where they must be.
pub(super) fn measures(report: &Report, view: &View) -> Table {
    let mut table = Table::new(
        MEASURES,
        "Every measure",
        &[
            ("measure", Text),
            ("dimension", Text),
            ("sender", Text),
            ("month", Text),
            ("resource", Text),
            ("profile", Code),
            ("element", Code),
            ("share", Share),
            ("95% interval", Interval),
        ],
    )
    .at_most(PAGE_ROWS);
    for ((name, key), m, shown) in shown_measures(report, view) {
        let share = shown.map_or(Cell::Hidden, Cell::Share);
        let bounds = if share == Cell::Hidden { Cell::Empty } else { interval(m.numerator, m.denominator) };
        table.row(vec![
            Cell::text(&name),
            Cell::text(m.dimension.as_str()),
            Cell::text(&key.sender),
            Cell::text(&key.period),
            Cell::text(&key.resource),
            Cell::code(&key.profile),
            Cell::code(&key.element),
            share,
            bounds,
        ]);
    }
    table
}

/// A measure by its name and place.
pub(in crate::report::gap) type Named = (String, MeasureKey);

/// Every measure with what of it may be shown. Those that differ in sender and month alone have a pooled share that is
/// known, so that none of them may be the only one hidden.
pub(in crate::report::gap) fn shown_measures(report: &Report, view: &View) -> Vec<(Named, Held, Option<Counted>)> {
    let counted = |m: &Held| Counted { numerator: m.numerator, denominator: m.denominator };
    let all = all_measures(view);
    if !report.disclosure {
        return all.into_iter().map(|(key, m)| (key, m, Some(counted(&m)))).collect();
    }
    let mut groups: BTreeMap<Named, Vec<Named>> = BTreeMap::new();
    for (name, key) in all.keys().filter(|(name, key)| is_about_people(name, key)) {
        let pooled = MeasureKey { sender: String::new(), period: String::new(), ..key.clone() };
        groups.entry((name.clone(), pooled)).or_default().push((name.clone(), key.clone()));
    }
    let mut hidden: BTreeMap<Named, Option<Counted>> = BTreeMap::new();
    for keys in groups.into_values() {
        let values: Vec<Counted> = keys.iter().map(|k| counted(&all[k])).collect();
        hidden.extend(keys.into_iter().zip(disclosure::shares(&values)));
    }
    let shown = |key: &Named, m: &Held| hidden.get(key).copied().unwrap_or_else(|| Some(counted(m)));
    all.iter().map(|(key, m)| (key.clone(), *m, shown(key, m))).collect()
}

/// Shares that every record holds, and those that the walk observed.
fn all_measures(view: &View) -> BTreeMap<Named, Held> {
    let part = &view.assessment.part;
    let c = &part.counts;
    let mut all = part.measures.clone();
    let mut add = |name: &str, dimension, key: MeasureKey, numerator, denominator| {
        all.entry((name.to_string(), key)).or_insert(Held { dimension, numerator, denominator });
    };
    let whole = MeasureKey::default;
    add("payloads-well-formed", Dimension::Validity, whole(), c.read, c.given.saturating_sub(c.skipped));
    add("messages-without-error", Dimension::Validity, whole(), c.clean, c.read);
    let resources = c.resources_total();
    add(
        "resources-claiming-profile",
        Dimension::Completeness,
        whole(),
        resources.saturating_sub(c.unclaimed),
        resources,
    );
    for (canonical, (n, clean)) in &part.profiles {
        let key = MeasureKey { profile: canonical.clone(), ..MeasureKey::default() };
        add("resources-conformant", Dimension::Validity, key, *clean, *n);
    }
    all
}

/// The six dimensions of data quality, pooled.
pub(super) fn quality(view: &View) -> Table {
    let columns = [("dimension", Text), ("share", Share), ("95% interval", Interval), ("measures", Count)];
    let mut table = Table::new("dimensions", "The six dimensions of data quality", &columns);
    let pooled = dimensions(&view.assessment.part);
    for dimension in Dimension::ALL {
        let measured = view.assessment.part.measures.values();
        let n = measured.filter(|m| m.dimension == dimension && m.denominator > 0).count();
        let (share, bounds, n) = match pooled.get(&dimension) {
            Some(c) => (Cell::Share(*c), interval(c.numerator, c.denominator), n),
            None => (Cell::Status(Status::NotAssessed), Cell::Empty, 0),
        };
        table.row(vec![Cell::text(dimension.as_str()), share, bounds, Cell::from(n)]);
    }
    table
}
