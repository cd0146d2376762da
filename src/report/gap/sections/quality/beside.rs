//! This month beside the last: key data items, the fields that lost most, and the senders behind them.

use std::collections::BTreeMap;

use super::calendar::months;
use super::fields::short;
use crate::kitemark::Counted;
use crate::record::Part;
use crate::report::gap::model::{Report, View};
use crate::report::gap::outline::Kind::{Code, Count, Number, Share, Text};
use crate::report::gap::outline::{Block, Cell, Table, Weight, line};
use crate::report::gap::sections::is_about_people;
use crate::tally::{MeasureKey, Stage, definition};

/// Fields that are named on the first page.
const LOST: usize = 5;

/// A key data item: its name, the measure that holds it, or the end of the element's path.
struct Item {
    name: &'static str,
    measures: &'static [&'static str],
    elements: &'static [&'static str],
}

/// Items that other uses of the data hang on, in the order in which a data quality officer looks at them.
const ITEMS: &[Item] = &[
    Item { name: "NHS number", measures: &["nhs-number-valid"], elements: &[] },
    Item { name: "NHS number verified", measures: &["nhs-number-verified"], elements: &[] },
    Item { name: "birth date", measures: &[], elements: &["Patient.birthDate"] },
    Item { name: "name", measures: &[], elements: &["Patient.name", "Patient.name.family"] },
    Item { name: "address", measures: &[], elements: &["Patient.address"] },
    Item { name: "postcode", measures: &[], elements: &["Patient.address.postalCode"] },
    Item { name: "sex", measures: &[], elements: &["Patient.gender"] },
    Item { name: "ethnic category", measures: &[], elements: &["Patient.extension:ethnicCategory"] },
    Item { name: "GP practice", measures: &[], elements: &["Patient.generalPractitioner"] },
    Item { name: "coded in SNOMED CT or dm+d", measures: &["snomed-coded"], elements: &[] },
    Item { name: "SNOMED CT codes valid", measures: &["snomed-valid"], elements: &[] },
    Item { name: "times known", measures: &["event-time-known"], elements: &[] },
    Item { name: "sent within a day", measures: &["event-to-message-in-a-day"], elements: &[] },
];

impl Item {
    fn holds(&self, name: &str, key: &MeasureKey) -> bool {
        self.measures.contains(&name)
            || (name.starts_with("populated-") && self.elements.contains(&key.element.as_str()))
    }

    fn rank(name: &str, key: &MeasureKey) -> usize {
        ITEMS.iter().position(|item| item.holds(name, key)).unwrap_or(ITEMS.len())
    }
}

/// One field in two months, with what is missing of each sender in the later one.
#[derive(Default)]
struct Pair<'p> {
    last: Counted,
    this: Counted,
    missing: BTreeMap<&'p str, u64>,
}

impl Pair<'_> {
    /// Change in percentage points; nothing where one of the months has too few.
    fn change(&self, smallest: u64) -> Option<f64> {
        let enough = self.last.denominator.min(self.this.denominator) >= smallest.max(1);
        enough.then(|| 100.0 * (share(self.this) - share(self.last)))
    }

    /// Whether the loss is more than chance explains: two proportions, at 95%.
    fn is_loss(&self, smallest: u64) -> bool {
        let (n, m) = (self.last.denominator as f64, self.this.denominator as f64);
        let pooled = (self.last.numerator + self.this.numerator) as f64 / (n + m).max(1.0);
        let spread = (pooled * (1.0 - pooled) * (1.0 / n.max(1.0) + 1.0 / m.max(1.0))).sqrt();
        self.change(smallest).is_some_and(|change| change < 0.0 && -change / 100.0 > 1.96 * spread)
    }
}

fn share(c: Counted) -> f64 {
    c.numerator as f64 / c.denominator.max(1) as f64
}

/// The last two months of which there is a record with payloads.
fn last_two<'r>(report: &'r Report, view: &View) -> Option<[(String, &'r Part); 2]> {
    let mut held = months(report, view).into_iter().filter_map(|(month, part)| Some((month, part?)));
    let mut two: Vec<(String, &Part)> = held.by_ref().filter(|(_, part)| part.counts.given > 0).collect();
    let this = two.pop()?;
    Some([two.pop()?, this])
}

fn pairs<'r>(last: &'r Part, this: &'r Part) -> BTreeMap<(&'r str, MeasureKey), Pair<'r>> {
    let mut out: BTreeMap<(&str, MeasureKey), Pair<'_>> = BTreeMap::new();
    for (part, later) in [(last, false), (this, true)] {
        for ((name, key), m) in &part.measures {
            if definition(name).is_none_or(|d| d.stage == Stage::Falling) {
                continue;
            }
            let of = MeasureKey { sender: String::new(), period: String::new(), ..key.clone() };
            let pair = out.entry((name, of)).or_default();
            let counted = if later { &mut pair.this } else { &mut pair.last };
            counted.numerator += m.numerator;
            counted.denominator += m.denominator;
            if later && m.denominator > m.numerator {
                *pair.missing.entry(&key.sender).or_default() += m.denominator - m.numerator;
            }
        }
    }
    out
}

/// Key data items of this month beside the last, then the fields that lost most; nothing with one month only.
pub(super) fn beside(report: &Report, view: &View) -> Vec<Block> {
    let Some([(before, last), (now, this)]) = last_two(report, view) else { return Vec::new() };
    let pairs = pairs(last, this);
    let mut blocks = vec![items(report, &pairs, &before, &now).into()];
    let lost = lost(report, &pairs);
    if lost.rows.is_empty() {
        let words = line!["No field lost more from ", &before, " to ", &now, " than chance explains."];
        blocks.push(Block::Text(Weight::Plain, words));
    } else {
        blocks.push(lost.into());
    }
    blocks
}

fn items(report: &Report, pairs: &BTreeMap<(&str, MeasureKey), Pair<'_>>, before: &str, now: &str) -> Table {
    let caption = format!("Key data items: {now} beside {before}");
    let columns = [
        ("item", Text),
        ("this month", Share),
        ("last month", Share),
        ("change, points", Number),
        ("n this month", Count),
    ];
    let mut table = Table::new("key-items", &caption, &columns);
    for item in ITEMS {
        let mut pooled = Pair::default();
        let mut people = false;
        for ((name, key), pair) in pairs.iter().filter(|((name, key), _)| item.holds(name, key)) {
            people |= is_about_people(name, key);
            for (sum, part) in [(&mut pooled.last, pair.last), (&mut pooled.this, pair.this)] {
                sum.numerator += part.numerator;
                sum.denominator += part.denominator;
            }
        }
        let hide = report.disclosure && people;
        let cell = |c: Counted| if c.denominator == 0 { Cell::Empty } else { Cell::people(c, hide) };
        let (this, last) = (cell(pooled.this), cell(pooled.last));
        let hidden = this == Cell::Hidden || last == Cell::Hidden;
        let change = pooled.change(report.smallest).filter(|_| !hidden && !hide).map_or(Cell::Empty, Cell::Number);
        let n = if hide { Cell::Hidden } else { Cell::Count(pooled.this.denominator) };
        table.row(vec![Cell::text(item.name), this, last, change, n]);
    }
    table
}

/// Fields that lost more than chance explains: key data items first, then by how much was lost.
fn lost(report: &Report, pairs: &BTreeMap<(&str, MeasureKey), Pair<'_>>) -> Table {
    let columns = [
        ("field", Code),
        ("measure", Text),
        ("this month", Share),
        ("last month", Share),
        ("change, points", Number),
        ("most of it from", Text),
    ];
    let mut table = Table::new("lost", "Fields that lost most since the last month", &columns).at_most(LOST);
    let mut rows: Vec<(&(&str, MeasureKey), &Pair<'_>)> = pairs
        .iter()
        .filter(|((name, key), pair)| {
            pair.is_loss(report.smallest) && !(report.disclosure && is_about_people(name, key))
        })
        .collect();
    rows.sort_by(|(a, x), (b, y)| {
        let rank = (Item::rank(a.0, &a.1), Item::rank(b.0, &b.1));
        rank.0
            .cmp(&rank.1)
            .then(x.change(report.smallest).unwrap_or(0.0).total_cmp(&y.change(report.smallest).unwrap_or(0.0)))
            .then(a.cmp(b))
    });
    for ((name, key), pair) in rows {
        let field = [&key.element, &key.resource].into_iter().find(|t| !t.is_empty());
        let about =
            if key.profile.is_empty() { (*name).to_owned() } else { format!("{name}, {}", short(&key.profile)) };
        let most = pair.missing.iter().max_by_key(|(sender, n)| (**n, std::cmp::Reverse(**sender)));
        let from = most.map_or(Cell::Empty, |(sender, n)| {
            let sender = if sender.is_empty() { "sender not named" } else { sender };
            line![sender, " (", *n, ")"].into()
        });
        table.row(vec![
            Cell::code(field.map_or("whole message", String::as_str)),
            Cell::text(about),
            Cell::share(pair.this.numerator, pair.this.denominator),
            Cell::share(pair.last.numerator, pair.last.denominator),
            pair.change(report.smallest).map_or(Cell::Empty, Cell::Number),
            from,
        ]);
    }
    table
}
