//! The calendar of a feed: months that were checked, those that are missing, and days on which nothing came.

use std::collections::{BTreeMap, BTreeSet};

use super::month_number;
use crate::record::Part;
use crate::report::gap::model::{Report, View};
use crate::report::gap::outline::{Block, Cell, Line, Weight, line};
use crate::text::Date;

/// A month or day with less than this share of what is usual counts as collapsed: one tenth.
const COLLAPSED: u64 = 10;
/// Days of one kind that must be known before one of them can be missed.
const USUAL: usize = 4;
/// Longer stretches between two records are taken as a mistake of a period, not as months without a message.
const YEARS: i64 = 50;
/// Days that are named one by one.
const NAMED: usize = 12;

/// Months from the first to the last that a record is of; those without a record have no part. Months are those that were checked
/// (`--period`): days inside messages may lie decades back.
pub(super) fn months<'r>(report: &'r Report, view: &View) -> Vec<(String, Option<&'r Part>)> {
    let known = report.months(view);
    let numbers = known.keys().map(|m| month_number(m)).collect::<Option<Vec<i64>>>();
    let (Some(first), Some(last)) = (
        numbers.as_ref().and_then(|n| n.iter().min().copied()),
        numbers.as_ref().and_then(|n| n.iter().max().copied()),
    ) else {
        return known.into_iter().map(|(month, part)| (month, Some(part))).collect();
    };
    if last - first > YEARS * 12 {
        return known.into_iter().map(|(month, part)| (month, Some(part))).collect();
    }
    (first..=last)
        .map(|n| {
            let name = format!("{:04}-{:02}", (n - 1).div_euclid(12), (n - 1).rem_euclid(12) + 1);
            let part = known.get(&name).copied();
            (name, part)
        })
        .collect()
}

/// What did not come, or hardly.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Outages {
    /// Months between the first and the last of which there is no record, or one without a payload.
    pub(super) months: Vec<String>,
    /// Months with less than a tenth of the median month, with their payloads.
    pub(super) collapsed: Vec<(String, u64)>,
    /// Days without a message, where such days of the week have them.
    pub(super) days: Vec<Date>,
    /// Days with less than a tenth of the median of their day of the week, with their messages.
    pub(super) thin: Vec<(Date, u64)>,
}

/// Finds what did not come.
pub(super) fn outages(months: &[(String, Option<&Part>)]) -> Outages {
    let mut out = Outages::default();
    let given: Vec<u64> = months.iter().map(|(_, part)| part.map_or(0, |p| p.counts.given)).collect();
    let usual = median(given.iter().copied().filter(|n| *n > 0).collect());
    for ((month, _), n) in months.iter().zip(&given) {
        if *n == 0 {
            out.months.push(month.clone());
        } else if n * COLLAPSED < usual {
            out.collapsed.push((month.clone(), *n));
        }
    }
    let days = by_day(months);
    let (Some(first), Some(last)) = (days.keys().next().copied(), days.keys().next_back().copied()) else { return out };
    let absent: BTreeSet<&str> = out.months.iter().map(String::as_str).collect();
    let mut of_week: [Vec<u64>; 7] = Default::default();
    let span = || (first..=last).map(Date::from_days).filter(|day| !absent.contains(&*day.month()));
    for day in span() {
        of_week[usize::from(day.weekday()) - 1].push(days.get(&day.days()).copied().unwrap_or(0));
    }
    for day in span() {
        let alike = &of_week[usize::from(day.weekday()) - 1];
        let sent = alike.iter().filter(|n| **n > 0).count();
        // Days of the week on which messages come three times in four.
        if sent < USUAL || sent * 4 < alike.len() * 3 {
            continue;
        }
        let n = days.get(&day.days()).copied().unwrap_or(0);
        if n == 0 {
            out.days.push(day);
        } else if n * COLLAPSED < median(alike.iter().copied().filter(|n| *n > 0).collect()) {
            out.thin.push((day, n));
        }
    }
    out
}

/// Messages by the day they were sent, as days since 1970, of the months that were checked.
fn by_day(months: &[(String, Option<&Part>)]) -> BTreeMap<i64, u64> {
    let mut days = BTreeMap::new();
    for (month, part) in months {
        let Some(part) = part else { continue };
        for ((name, _, bucket), n) in &part.tallies {
            if name != "activity" || !bucket.starts_with(&**month) {
                continue;
            }
            if let Some(day) = bucket.split('T').next().and_then(Date::parse) {
                *days.entry(day.days()).or_default() += n;
            }
        }
    }
    days
}

fn median(mut values: Vec<u64>) -> u64 {
    values.sort_unstable();
    values.get(values.len() / 2).copied().unwrap_or(0)
}

impl Outages {
    /// What is said of them, the first thing on the page; nothing where all came.
    pub(super) fn said(&self) -> Option<Block> {
        let mut lines: Vec<Line> = Vec::new();
        if !self.months.is_empty() {
            lines.push(line!["No payloads at all in ", Cell::strong(self.months.join(", ")), "."]);
        }
        for (month, n) in &self.collapsed {
            lines.push(line!["Hardly any in ", Cell::strong(month), ": ", Cell::Counted(*n, "payload"), "."]);
        }
        let named = |days: &[String]| {
            let more = days.len().saturating_sub(NAMED);
            let mut text = days.iter().take(NAMED).cloned().collect::<Vec<_>>().join(", ");
            if more > 0 {
                text.push_str(&format!(" and {more} more"));
            }
            text
        };
        if !self.days.is_empty() {
            let days: Vec<String> = self.days.iter().map(Date::to_string).collect();
            let count = Cell::Counted(days.len() as u64, "day");
            lines.push(line![
                "Nothing came on ",
                count,
                " on which messages usually come: ",
                Cell::strong(named(&days)),
                "."
            ]);
        }
        if !self.thin.is_empty() {
            let days: Vec<String> = self.thin.iter().map(|(day, n)| format!("{day} ({n})")).collect();
            lines.push(line!["Less than a tenth of what is usual came on ", Cell::strong(named(&days)), "."]);
        }
        (!lines.is_empty()).then(|| {
            let mut blocks = vec![Block::Text(Weight::Lead, line![Cell::strong("Outages")])];
            blocks.push(Block::List(lines));
            Block::Box(blocks)
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn part(month: &str, sent: &dyn Fn(Date) -> u64) -> Part {
        let mut part = Part::default();
        let first = Date::of_month(month).unwrap();
        for day in (0..31).map(|n| Date::from_days(first.days() + n)).filter(|day| day.month() == month) {
            let n = sent(day);
            part.counts.given += n;
            if n > 0 {
                let key = ("activity".to_owned(), crate::tally::MeasureKey::default(), format!("{day}T09"));
                part.tallies.insert(key, n);
            }
        }
        part
    }

    #[test]
    fn what_did_not_come_is_named() {
        let workday = |day: Date| u64::from(day.weekday() < 6) * 20;
        let missed = ["2026-02-10", "2026-02-11"].map(|day| Date::parse(day).unwrap());
        let thin = Date::parse("2026-05-13").unwrap();
        let days = |day: Date| {
            if missed.contains(&day) {
                0
            } else if day == thin {
                1
            } else {
                workday(day)
            }
        };
        let parts: Vec<(String, Option<Part>)> = ["2026-01", "2026-02", "2026-03", "2026-04", "2026-05"]
            .map(|month| (month.to_owned(), (month != "2026-03").then(|| part(month, &days))))
            .into();
        let months: Vec<(String, Option<&Part>)> = parts.iter().map(|(m, p)| (m.clone(), p.as_ref())).collect();
        let found = outages(&months);
        assert_eq!(found.months, ["2026-03"]);
        assert_eq!(found.days, missed);
        assert_eq!(found.thin, [(thin, 1)]);
        assert!(found.collapsed.is_empty());
        // Weekends are no outage, and a feed without a gap has none.
        let whole =
            [("2026-01".to_owned(), part("2026-01", &workday)), ("2026-02".to_owned(), part("2026-02", &workday))];
        let months: Vec<(String, Option<&Part>)> = whole.iter().map(|(m, p)| (m.clone(), Some(p))).collect();
        assert_eq!(outages(&months), Outages::default());
        assert!(Outages::default().said().is_none());
    }

    #[test]
    fn a_month_that_collapsed_is_named() {
        let many = |_: Date| 30;
        let few = |day: Date| u64::from(day.day() == 3) * 5;
        let parts = [
            ("2026-01", part("2026-01", &many)),
            ("2026-02", part("2026-02", &many)),
            ("2026-03", part("2026-03", &few)),
        ];
        let months: Vec<(String, Option<&Part>)> = parts.iter().map(|(m, p)| ((*m).to_owned(), Some(p))).collect();
        assert_eq!(outages(&months).collapsed, [("2026-03".to_owned(), 5)]);
    }
}
