//! Delays and volume: curves of how soon messages come, hours and weekdays on which they come.

use std::collections::BTreeMap;

use maud::{Markup, html};

use crate::kitemark::Counted;
use crate::report::gap::charts;
use crate::report::gap::model::View;
use crate::report::gap::sections;
use crate::report::gap::table::{Cell, Table};
use crate::report::gap::words::{percent, thousands};
use crate::tally::EDGES;

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
    NAMES.iter().filter_map(move |(name, _)| Some((*name, delays(view, name)?)))
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
    pub(in crate::report::gap) fn quantile(&self, hundredths: u64) -> Option<String> {
        Some(match self.bounds(hundredths)? {
            (None, to) => format!("up to {}", to.map(duration).unwrap_or_default()),
            (Some(from), None) => format!("longer than {}", duration(from)),
            (Some(from), Some(to)) => format!("from {} to {}", duration(from), duration(to)),
        })
    }

    /// Edges with the share that came in by then.
    fn table(&self, name: &'static str, caption: &str) -> Table {
        let mut table = Table::new(name, caption, &["within", "messages", "share so far"]);
        let whole = self.timed();
        let mut sum = 0;
        for (word, n) in &self.buckets {
            sum += n;
            let label = if *word == BEYOND { BEYOND.to_owned() } else { duration(word) };
            table.row(vec![
                Cell::text(label),
                Cell::Count(*n),
                Cell::Share(Counted { numerator: sum, denominator: whole }),
            ]);
        }
        if self.before > 0 {
            table.row(vec![Cell::text("sent before the event"), Cell::Count(self.before), Cell::Empty]);
        }
        table
    }
}

/// `PT4H` as `4 hours`.
fn duration(text: &str) -> String {
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    let unit = match (text.contains('T'), text.chars().last()) {
        (true, Some('M')) => "minute",
        (true, Some('H')) => "hour",
        _ => "day",
    };
    format!("{digits} {unit}{}", if digits == "1" { "" } else { "s" })
}

const NAMES: [(&str, &str); 2] = [
    ("event-to-message", "From the event to the sending of its message"),
    ("message-to-receipt", "From the sending of a message to its receipt"),
];

/// The tables of delays.
pub(super) fn tables(view: &View) -> Vec<Table> {
    NAMES.iter().filter_map(|(name, caption)| Some(delays(view, name)?.table(name, caption))).collect()
}

/// Curves with medians and 95th percentiles as far as the edges tell them.
pub(super) fn shown(view: &View, id: &str) -> Markup {
    html! {
        @for (name, caption) in NAMES {
            h4 { (caption) }
            @if let Some(delays) = delays(view, name) {
                @let whole = delays.timed();
                p {
                    "Half of " (thousands(whole)) " messages: " b { (delays.quantile(50).unwrap_or_default()) }
                    ". 95 of 100: " b { (delays.quantile(95).unwrap_or_default()) } "."
                    @if delays.before > 0 {
                        " " (thousands(delays.before)) " were sent before what they tell of happened: clocks do not agree."
                    }
                }
                @let points = curve(&delays);
                figure {
                    (charts::curve(&format!("{id}-{name}"), caption, &points))
                    figcaption { "Share of messages that had come by then. Steps are the edges at which delays are counted." }
                }
                (sections::table(&delays.table(name, caption)))
            } @else {
                p { "Not assessed: no message has both times" @if name == "message-to-receipt" { "; give the time of receipt with --received-at, --received-list or --received-file-times" } "." }
            }
        }
    }
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
            (duration(word), sum as f64 / whole)
        })
        .collect()
}

/// Hours down, weekdays across: a table whose cells darken with their count.
pub(super) fn volume(view: &View) -> Markup {
    let days = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"];
    let mut cells = [[0u64; 24]; 7];
    let mut kinds: BTreeMap<&str, u64> = BTreeMap::new();
    for ((name, key, bucket), n) in &view.assessment.part.tallies {
        let Some((day, hour)) = bucket.split_once('T').filter(|_| name == "volume") else { continue };
        if let (Ok(day @ 1..=7), Ok(hour @ 0..=23)) = (day.parse::<usize>(), hour.parse::<usize>()) {
            cells[day - 1][hour] += n;
            *kinds.entry(&key.resource).or_default() += n;
        }
    }
    let most = cells.iter().flatten().copied().max().unwrap_or(0).max(1);
    let all: u64 = kinds.values().sum();
    html! {
        @if all == 0 {
            p { "Not assessed: no message says when it was sent." }
        } @else {
            table.heat.volume {
                caption { "Messages by weekday and hour of sending" }
                thead { tr { th scope="col" { "Hour" } @for day in days { th scope="col" { (day) } } } }
                tbody {
                    @for hour in 0..24 {
                        @if cells.iter().any(|day| day[hour] > 0) {
                            tr {
                                th scope="row" { (format!("{hour:02}")) }
                                @for day in &cells { td class={ "q" (day[hour] * 4 / most) } { (day[hour]) } }
                            }
                        }
                    }
                }
            }
            p.note {
                "Hours in which nothing was ever sent are left out. What the messages are about: "
                @for (i, (kind, n)) in kinds.iter().enumerate() { @if i > 0 { ", " } (kind) " " (thousands(*n)) " (" (percent(Counted { numerator: *n, denominator: all })) ")" }
                "."
            }
        }
    }
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
        assert_eq!(delays.quantile(50).unwrap(), "from 15 minutes to 1 hour");
        assert_eq!(delays.quantile(4).unwrap(), "up to 1 minute");
        assert_eq!(delays.quantile(95).unwrap(), "longer than 30 days");
        assert_eq!(delays.table("x", "y").rows.len(), 11);
    }
}
