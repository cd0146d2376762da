//! Delays and volume: curves of how soon messages come, hours and weekdays on which they come.

use std::collections::BTreeMap;

use crate::report::gap::model::View;
use crate::report::gap::outline::Kind::{Count, Share, Text};
use crate::report::gap::outline::{Block, Cell, Chart, Drawn, Line, Look, Section, Table, Weight, line};
use crate::tally::EDGES;
use crate::text::agrees;

/// A distribution of delays: counts below each edge, beyond the last, and before the event.
pub(in crate::report::gap) struct Delays {
    /// Word of the upper edge and count, in order; the last is beyond all edges.
    buckets: Vec<(&'static str, u64)>,
    /// Sent before it happened: clocks that do not agree.
    pub(in crate::report::gap) before: u64,
}

/// The edges between which a quantile lies: the lower one, unless it is below the first, and the upper one, unless it
/// is beyond the last.
pub(in crate::report::gap) type Bounds = (Option<&'static str>, Option<&'static str>);

/// The distributions that a subject has, by name.
pub(in crate::report::gap) fn distributions(view: &View) -> impl Iterator<Item = (&'static str, Delays)> + '_ {
    NAMES.iter().filter_map(move |(name, ..)| Some((*name, delays(view, name)?)))
}

/// Delays of a name, pooled.
pub(in crate::report::gap) fn delays(view: &View, name: &str) -> Option<Delays> {
    let mut counts: BTreeMap<&str, u64> = BTreeMap::new();
    for ((n, _, bucket), count) in &view.assessment.part.tallies {
        if n == name {
            *counts.entry(bucket).or_default() += count;
        }
    }
    if counts.values().sum::<u64>() == 0 {
        return None;
    }
    let words = EDGES.iter().map(|(word, _)| *word).chain([BEYOND]);
    let buckets = words.map(|word| (word, counts.get(word).copied().unwrap_or(0))).collect();
    Some(Delays { buckets, before: counts.get("before-event").copied().unwrap_or(0) })
}

/// The bucket beyond the last edge.
const BEYOND: &str = "longer";

impl Delays {
    /// Messages with both times in their order.
    pub(in crate::report::gap) fn timed(&self) -> u64 {
        self.buckets.iter().map(|(_, n)| n).sum()
    }

    /// Counts by upper edge, in order; none beyond the last.
    pub(in crate::report::gap) fn by_edge(&self) -> impl Iterator<Item = (Option<&'static str>, u64)> + '_ {
        self.buckets.iter().map(|(word, n)| ((*word != BEYOND).then_some(*word), *n))
    }

    /// The edges between which a quantile lies; exact values are not kept.
    pub(in crate::report::gap) fn bounds(&self, hundredths: u64) -> Option<Bounds> {
        let rank = (self.timed() * hundredths).div_ceil(100).max(1);
        let (mut sum, mut from) = (0, None);
        for (to, n) in self.by_edge() {
            sum += n;
            if sum >= rank && n > 0 {
                return Some((from, to));
            }
            from = to;
        }
        None
    }

    /// The same in words.
    pub(in crate::report::gap) fn quantile(&self, hundredths: u64) -> Option<Line> {
        Some(match self.bounds(hundredths)? {
            (None, None) => return None,
            (None, Some(to)) => line!["up to ", duration(to)],
            (Some(from), None) => line!["longer than ", duration(from)],
            (Some(from), Some(to)) => line!["from ", duration(from), " to ", duration(to)],
        })
    }

    /// Edges with the share that came in by then.
    fn table(&self, name: &'static str, caption: &str) -> Table {
        let mut table = Table::new(name, caption, &[("within", Text), ("messages", Count), ("share so far", Share)]);
        let whole = self.timed();
        let mut sum = 0;
        for (word, n) in &self.buckets {
            sum += n;
            let label = if *word == BEYOND { Cell::text(BEYOND) } else { duration(word) };
            table.row(vec![label, Cell::Count(*n), Cell::share(sum, whole)]);
        }
        if self.before > 0 {
            table.row(vec![Cell::text("sent before the event"), Cell::Count(self.before), Cell::Empty]);
        }
        table
    }
}

/// `PT4H` as `4 hours`.
fn duration(text: &str) -> Cell {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let unit = match (text.contains('T'), text.chars().last()) {
        (true, Some('M')) => "minute",
        (true, Some('H')) => "hour",
        _ => "day",
    };
    Cell::Counted(digits.parse().unwrap_or_default(), unit)
}

/// Name, caption, and what to give where no message has both times.
const NAMES: [(&str, &str, &str); 2] = [
    ("event-to-message", "From the event to the sending of its message", ""),
    (
        "message-to-receipt",
        "From the sending of a message to its receipt",
        "; give the time of receipt with --received-at, --received-list or --received-file-times",
    ),
];

/// Curves with medians and 95th percentiles as far as the edges tell them, and their tables.
pub(super) fn section(mut section: Section, view: &View, id: &str) -> Section {
    for (name, caption, missing) in NAMES {
        let inner = Section::new(format!("{id}-{name}-delays"), caption);
        let Some(delays) = delays(view, name) else {
            let inner = inner.say(line!["Not assessed: no message has both times", missing, "."]);
            section = section.inside(inner);
            continue;
        };
        let half = delays.quantile(50).unwrap_or_default();
        let most = delays.quantile(95).unwrap_or_default();
        let mut line = line![
            "Half of ",
            Cell::Counted(delays.timed(), "message"),
            ": ",
            Cell::strong(half),
            ". 95 of 100: ",
            Cell::strong(most),
            "."
        ];
        if delays.before > 0 {
            line = line
                .and(" ")
                .and(delays.before)
                .and(agrees(delays.before, " was", " were"))
                .and(" sent before what they tell of happened: clocks do not agree.");
        }
        section = section.inside(
            inner
                .say(line)
                .with(Chart {
                    id: format!("{id}-{name}"),
                    title: caption.into(),
                    caption:
                        "Share of messages that had come by then. Steps are the edges at which delays are counted."
                            .into(),
                    drawn: Drawn::Curve(curve(&delays)),
                })
                .with(delays.table(name, caption)),
        );
    }
    section
}

fn curve(delays: &Delays) -> Vec<(String, f64)> {
    let whole = delays.timed().max(1) as f64;
    let mut sum = 0;
    delays
        .buckets
        .iter()
        .filter(|(word, _)| *word != BEYOND)
        .map(|(word, n)| {
            sum += n;
            (duration(word).plain(), sum as f64 / whole)
        })
        .collect()
}

/// Hours down, weekdays across: a table whose cells darken with their count.
pub(super) fn volume(view: &View) -> Vec<Block> {
    const DAYS: [&str; 7] = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let mut cells = [[0u64; 24]; 7];
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for ((name, key, bucket), n) in &view.assessment.part.tallies {
        let Some((day, hour)) = bucket.split_once('T').filter(|_| name == "volume") else { continue };
        if let (Ok(day @ 1..=7), Ok(hour @ 0..=23)) = (day.parse::<usize>(), hour.parse::<usize>()) {
            cells[day - 1][hour] += n;
            *kinds.entry(&key.resource).or_default() += n;
        }
    }
    let all: u64 = kinds.values().sum();
    if all == 0 {
        return vec![Block::Text(Weight::Plain, "Not assessed: no message says when it was sent.".into())];
    }
    let columns: Vec<(&str, _)> = [("Hour", Text)].into_iter().chain(DAYS.map(|day| (day, Count))).collect();
    let mut table = Table::new("volume", "Messages by weekday and hour of sending", &columns).looking(Look::Volume);
    for hour in (0..24).filter(|hour| cells.iter().any(|day| day[*hour] > 0)) {
        let counts = cells.iter().map(|day| Cell::Count(day[hour]));
        table.row([Cell::text(format!("{hour:02}"))].into_iter().chain(counts).collect());
    }
    let about = kinds.iter().map(|(kind, n)| line![*kind, " ", Cell::share(*n, all)]);
    let note = line![
        "Hours in which nothing was ever sent are left out. What the messages are about: ",
        Line::joined(about, ", "),
        "."
    ];
    vec![table.into(), Block::Text(Weight::Note, note)]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn quantiles_are_bounded_by_edges() {
        let mut buckets: Vec<(&'static str, u64)> =
            EDGES.iter().map(|(word, _)| *word).chain([BEYOND]).map(|w| (w, 0)).collect();
        buckets[0].1 = 4;
        buckets[3].1 = 90;
        buckets[9].1 = 6;
        let delays = Delays { buckets, before: 2 };
        assert_eq!(delays.bounds(50), Some((Some("PT15M"), Some("PT1H"))));
        assert_eq!(delays.bounds(4), Some((None, Some("PT1M"))));
        assert_eq!(delays.bounds(95), Some((Some("P30D"), None)));
        assert_eq!(delays.quantile(50).unwrap().plain(), "from 15 minutes to 1 hour");
        assert_eq!(delays.quantile(4).unwrap().plain(), "up to 1 minute");
        assert_eq!(delays.quantile(95).unwrap().plain(), "longer than 30 days");
        assert_eq!(delays.table("x", "y").rows.len(), 11);
    }
}
