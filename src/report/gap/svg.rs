//! Charts as plain SVG: title and description for those who listen, a table beside each for those who count.

use maud::{Markup, html};

use super::outline::{Chart, Day, Drawn, Scale, Step, StepKind, Whisker, parts_of, step_text};
use super::spc::Xmr;
use super::words::{of, percent};
use crate::kitemark::{Counted, EvidenceMix};
use crate::text::thousands;

const WIDTH: f64 = 720.0;
const ROW: f64 = 26.0;
const LABEL: f64 = 270.0;

/// A coordinate with at most two digits, so that bytes do not depend on the machine.
fn at(x: f64) -> String {
    let text = format!("{x:.2}");
    text.trim_end_matches('0').trim_end_matches('.').to_string()
}

/// A chart, drawn.
pub(super) fn draw(chart: &Chart) -> Markup {
    let id = &chart.id;
    let (height, body) = match &chart.drawn {
        Drawn::Bars(rows, whole) => bars(rows, *whole),
        Drawn::Waterfall(steps, whole) => waterfall(id, steps, whole),
        Drawn::Whiskers(rows) => whiskers(rows),
        Drawn::Mix(parts) => mix(id, *parts),
        Drawn::Control(points, xmr, scale) => control(points, xmr, *scale),
        Drawn::Curve(points) => curve(points),
        Drawn::Days(points, today) => days(points, today),
    };
    html! {
        svg class="chart" role="img" aria-labelledby={ (id) "-t " (id) "-d" } viewBox={ "0 0 " (at(WIDTH)) " " (at(height)) }
            xmlns="http://www.w3.org/2000/svg" {
            title id={ (id) "-t" } { (chart.title) }
            desc id={ (id) "-d" } { (chart.described()) }
            (body)
        }
    }
}

/// Text cut to what fits before a bar.
fn label(text: &str, fits: usize) -> String {
    if text.chars().count() <= fits {
        return text.to_string();
    }
    let mut out: String = text.chars().take(fits - 1).collect();
    out.push('…');
    out
}

/// Horizontal bars, the longest first: label and count.
fn bars(rows: &[(String, u64)], whole: u64) -> (f64, Markup) {
    let height = ROW * rows.len() as f64 + 8.0;
    let room = WIDTH - LABEL - 130.0;
    let most = rows.iter().map(|r| r.1).max().unwrap_or(1).max(1);
    let body = html! {
        @for (i, (name, n)) in rows.iter().enumerate() {
            @let y = ROW * i as f64 + 4.0;
            @let w = (room * *n as f64 / most as f64).max(1.0);
            text x={ (at(LABEL - 8.0)) } y={ (at(y + 15.0)) } text-anchor="end" class="lab" { (label(name, 44)) }
            rect x={ (at(LABEL)) } y={ (at(y + 2.0)) } width={ (at(w)) } height="18" class="bar" {}
            text x={ (at(LABEL + w + 6.0)) } y={ (at(y + 15.0)) } class="num" {
                (thousands(*n))
                @if whole > 0 { " (" (percent(Counted { numerator: (*n).min(whole), denominator: whole })) ")" }
            }
        }
    };
    (height, body)
}

/// Steps from what is there to the whole, each where the last one ended.
fn waterfall(id: &str, steps: &[Step], whole: &str) -> (f64, Markup) {
    let total: u64 = steps.iter().map(|s| s.adds).sum();
    let room = WIDTH - LABEL - 110.0;
    let x = |sum: u64| LABEL + room * sum as f64 / total.max(1) as f64;
    let mut sum = 0;
    let placed: Vec<(&Step, u64, u64)> = steps
        .iter()
        .map(|step| {
            let from = sum;
            sum += step.adds;
            (step, from, sum)
        })
        .collect();
    let foot = ROW * steps.len() as f64 + 4.0;
    // From the end of each bar down to the next.
    let joints: String = placed
        .iter()
        .enumerate()
        .map(|(i, (.., to))| format!("M{} {}v{}", at(x(*to)), at(ROW * i as f64 + 24.0), at(ROW - 18.0)))
        .collect();
    let body = html! {
        @if steps.iter().any(|s| s.kind == StepKind::Rest) {
            defs {
                pattern id={ (id) "-h" } width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                    rect width="6" height="6" class="hatch-bg" {}
                    line x1="0" y1="0" x2="0" y2="6" class="hatch" {}
                }
            }
        }
        path d=(joints) class="grid" {}
        @for (i, (step, from, to)) in placed.iter().enumerate() {
            @let y = ROW * i as f64 + 4.0;
            @let width = at((x(*to) - x(*from)).max(1.0));
            text x={ (at(LABEL - 8.0)) } y={ (at(y + 15.0)) } text-anchor="end" class="lab" { (label(&step.label, 44)) }
            @match step.kind {
                StepKind::Held => { rect x={ (at(x(*from))) } y={ (at(y + 2.0)) } width=(width) height="18" class="bar" {} }
                StepKind::Move => { rect x={ (at(x(*from))) } y={ (at(y + 2.0)) } width=(width) height="18" class="move" {} }
                StepKind::Rest => { rect x={ (at(x(*from))) } y={ (at(y + 2.0)) } width=(width) height="18" class="m-open" fill={ "url(#" (id) "-h)" } {} }
            }
            text x={ (at(x(*to) + 6.0)) } y={ (at(y + 15.0)) } class="num" { (step_text(step, *to)) }
        }
        text x={ (at(LABEL - 8.0)) } y={ (at(foot + 15.0)) } text-anchor="end" class="lab" { (label(whole, 44)) }
        rect x={ (at(LABEL)) } y={ (at(foot + 2.0)) } width={ (at(room)) } height="18" class="whole" {}
        text x={ (at(LABEL + room + 6.0)) } y={ (at(foot + 15.0)) } class="num" { (thousands(total)) }
    };
    (foot + ROW + 2.0, body)
}

/// Shares with their 95% intervals and the thresholds of the levels as ticks.
fn whiskers(rows: &[Whisker]) -> (f64, Markup) {
    let height = ROW * rows.len() as f64 + 28.0;
    let room = WIDTH - LABEL - 160.0;
    // The axis starts at the ten below the lowest mark, so that shares near 100 can be told apart.
    let marks = rows.iter().flat_map(|r| r.thresholds.iter().copied().chain([r.interval.0]));
    let lowest = marks.filter(|m| *m > 0.0 || rows.len() == 1).fold(1.0, f64::min);
    let lowest = rows.iter().map(|r| r.interval.0).fold(lowest, f64::min);
    let from = ((lowest * 10.0).floor() / 10.0).clamp(0.0, 0.9);
    let x = |share: f64| LABEL + room * (share.max(from) - from) / (1.0 - from);
    let step = if from < 0.5 { 20 } else { 10 };
    let ticks: Vec<u32> = (0..=100).step_by(step).filter(|t| f64::from(*t) / 100.0 >= from - 1e-9).collect();
    let foot = ROW * rows.len() as f64 + 4.0;
    let body = html! {
        @for tick in ticks {
            @let tx = x(f64::from(tick) / 100.0);
            line x1={ (at(tx)) } x2={ (at(tx)) } y1="2" y2={ (at(foot)) } class="grid" {}
            text x={ (at(tx)) } y={ (at(foot + 15.0)) } text-anchor="middle" class="num" { (tick) "%" }
        }
        @for (i, row) in rows.iter().enumerate() {
            @let y = ROW * i as f64 + 15.0;
            @let share = row.counted.numerator as f64 / row.counted.denominator.max(1) as f64;
            text x={ (at(LABEL - 8.0)) } y={ (at(y + 4.0)) } text-anchor="end" class="lab" { (label(&row.label, 44)) }
            @for threshold in row.thresholds.iter().filter(|t| **t >= from) {
                line x1={ (at(x(*threshold))) } x2={ (at(x(*threshold))) } y1={ (at(y - 9.0)) } y2={ (at(y + 9.0)) } class="tick" {}
            }
            line x1={ (at(x(row.interval.0))) } x2={ (at(x(row.interval.1))) } y1={ (at(y)) } y2={ (at(y)) } class="span" {}
            circle cx={ (at(x(share))) } cy={ (at(y)) } r="4.5" class="dot" {}
            text x={ (at(x(1.0) + 10.0)) } y={ (at(y + 4.0)) } class="num" { (percent(row.counted)) " · " (of(row.counted)) }
        }
    };
    (height, body)
}

/// One bar of three parts, told apart by pattern and by number.
fn mix(id: &str, mix: EvidenceMix) -> (f64, Markup) {
    let [(measured, a), (attested, b), (open, c)] = parts_of(mix);
    let parts = [(measured, a, "m-measured"), (attested, b, "m-attested"), (open, c, "m-open")];
    let whole = (mix.measured + mix.attested + mix.not_assessed).max(1) as f64;
    let mut from = 0.0;
    let boxes: Vec<(f64, f64, &str, u64, &str)> = parts
        .iter()
        .map(|(name, n, class)| {
            let width = WIDTH * *n as f64 / whole;
            let start = from;
            from += width;
            (start, width, *name, *n, *class)
        })
        .collect();
    let body = html! {
        defs {
            pattern id={ (id) "-h" } width="6" height="6" patternUnits="userSpaceOnUse" patternTransform="rotate(45)" {
                rect width="6" height="6" class="hatch-bg" {}
                line x1="0" y1="0" x2="0" y2="6" class="hatch" {}
            }
        }
        @for (start, width, name, n, class) in &boxes {
            @if *n > 0 {
                @if *class == "m-open" {
                    rect x={ (at(*start)) } y="0" width={ (at(*width)) } height="30" class="m-open" fill={ "url(#" (id) "-h)" } {}
                } @else {
                    rect x={ (at(*start)) } y="0" width={ (at(*width)) } height="30" class=(class) {}
                }
                @if *width > 110.0 {
                    @if *class == "m-open" {
                        rect x={ (at(start + 4.0)) } y="5" width={ (at(20.0 + 7.2 * format!("{n} {name}").len() as f64)) } height="20" class="plate" {}
                    }
                    text x={ (at(start + 10.0)) } y="20" class={ "in-" (class) } { (n) " " (name) }
                }
            }
        }
    };
    (30.0, body)
}

/// A line over periods with its mean and natural limits.
fn control(points: &[(String, Option<f64>)], xmr: &Xmr, scale: Scale) -> (f64, Markup) {
    let (centre, limits) = (xmr.centre, xmr.limits);
    let height = 220.0;
    let (left, right, top, foot) = (56.0, 34.0, 12.0, 34.0);
    let values = || points.iter().filter_map(|p| p.1);
    let low = values().fold(limits.0.min(centre), f64::min);
    let high = values().fold(limits.1.max(centre), f64::max);
    let pad = ((high - low) * 0.08).max(0.002);
    let (low, high) = ((low - pad).max(0.0), (high + pad).min(scale.most()));
    let span = (high - low).max(1e-9);
    let step = (WIDTH - left - right) / points.len().saturating_sub(1).max(1) as f64;
    let x = |i: usize| left + step * i as f64;
    let y = |v: f64| top + (height - top - foot) * (1.0 - (v - low) / span);
    // Months without a value break the line; signals are numbered by the points that there are.
    let mut lines: Vec<Vec<String>> = vec![Vec::new()];
    let mut dots: Vec<(usize, f64, bool)> = Vec::new();
    for (i, (_, value)) in points.iter().enumerate() {
        match value {
            Some(v) => {
                if let Some(line) = lines.last_mut() {
                    line.push(format!("{},{}", at(x(i)), at(y(*v))));
                }
                dots.push((i, *v, xmr.signals.contains(&dots.len())));
            }
            None => lines.push(Vec::new()),
        }
    }
    let every = points.len().div_ceil(12).max(1);
    let body = html! {
        @for (value, class, name) in [(limits.1.min(scale.most()), "limit", "upper limit"), (centre, "centre", "mean"), (limits.0.max(0.0), "limit", "lower limit")] {
            line x1={ (at(left)) } x2={ (at(WIDTH - right)) } y1={ (at(y(value))) } y2={ (at(y(value))) } class=(class) { title { (name) " " (scale.text(value)) } }
            text x={ (at(left - 6.0)) } y={ (at(y(value) + 4.0)) } text-anchor="end" class="num" { (scale.text(value)) }
        }
        @for line in lines.iter().filter(|line| line.len() > 1) {
            polyline points=(line.join(" ")) class="trend" {}
        }
        @for (i, value, signal) in dots {
            @if signal {
                rect x={ (at(x(i) - 5.0)) } y={ (at(y(value) - 5.0)) } width="10" height="10" class="signal" {}
            } @else {
                circle cx={ (at(x(i))) } cy={ (at(y(value))) } r="4" class="dot" {}
            }
        }
        @for (i, (name, _)) in points.iter().enumerate().filter(|(i, _)| i % every == 0) {
            text x={ (at(x(i))) } y={ (at(height - 12.0)) } text-anchor="middle" class="num" { (name) }
        }
    };
    (height, body)
}

/// A rising line of shares over named steps: how much had come by when.
fn curve(points: &[(String, f64)]) -> (f64, Markup) {
    let height = 220.0;
    let (left, right, top, foot) = (56.0, 34.0, 12.0, 34.0);
    let step = (WIDTH - left - right) / points.len().saturating_sub(1).max(1) as f64;
    let x = |i: usize| left + step * i as f64;
    let y = |v: f64| top + (height - top - foot) * (1.0 - v);
    let mut line: Vec<String> = Vec::new();
    for (i, (_, v)) in points.iter().enumerate() {
        // Nothing is known between two edges, so the line steps.
        if let Some((_, before)) = i.checked_sub(1).map(|j| &points[j]) {
            line.push(format!("{},{}", at(x(i)), at(y(*before))));
        }
        line.push(format!("{},{}", at(x(i)), at(y(*v))));
    }
    let body = html! {
        @for tick in [0, 25, 50, 75, 95, 100] {
            @let ty = y(f64::from(tick) / 100.0);
            line x1={ (at(left)) } x2={ (at(WIDTH - right)) } y1={ (at(ty)) } y2={ (at(ty)) } class=(if tick == 95 || tick == 50 { "tick" } else { "grid" }) {}
            @if tick != 100 { text x={ (at(left - 6.0)) } y={ (at(ty + 4.0)) } text-anchor="end" class="num" { (tick) "%" } }
        }
        polyline points=(line.join(" ")) class="trend" {}
        @for (i, (name, v)) in points.iter().enumerate() {
            circle cx={ (at(x(i))) } cy={ (at(y(*v))) } r="4" class="dot" {}
            text x={ (at(x(i))) } y={ (at(height - 12.0)) } text-anchor="middle" class="num" { (name) }
        }
    };
    (height, body)
}

/// Days from left to right, one row each, with today as an upright line.
fn days(points: &[Day], today: &Day) -> (f64, Markup) {
    let first = points.iter().map(|p| p.at).chain([today.at]).min().unwrap_or(0);
    let last = points.iter().map(|p| p.at).chain([today.at]).max().unwrap_or(1);
    let span = (last - first).max(1) as f64;
    let (left, right) = (44.0, WIDTH - 44.0);
    let x = |day: i64| left + (right - left) * (day - first) as f64 / span;
    let foot = ROW * points.len() as f64 + 10.0;
    let anchor = |x: f64| if x > WIDTH / 2.0 { "end" } else { "start" };
    let body = html! {
        line x1={ (at(left)) } x2={ (at(right)) } y1={ (at(foot)) } y2={ (at(foot)) } class="centre" {}
        line x1={ (at(x(today.at))) } x2={ (at(x(today.at))) } y1="2" y2={ (at(foot + 5.0)) } class="tick" {}
        text x={ (at(x(today.at))) } y={ (at(foot + 18.0)) } text-anchor=(anchor(x(today.at))) class="num" { "report of " (today.name) }
        @for (i, p) in points.iter().enumerate() {
            @let y = ROW * i as f64 + 14.0;
            @let px = x(p.at);
            @let near_end = anchor(px) == "end";
            line x1={ (at(px)) } x2={ (at(px)) } y1={ (at(y)) } y2={ (at(foot)) } class="grid" {}
            @let wide = 5.7 * (p.name.len() + p.label.chars().count() + 1) as f64;
            rect x={ (at(if near_end { px - 12.0 - wide } else { px + 8.0 })) } y={ (at(y - 9.0)) } width={ (at(wide + 4.0)) } height="18" class="plate" {}
            circle cx={ (at(px)) } cy={ (at(y)) } r="5" class=(if p.full { "dot" } else { "ring" }) {}
            text x={ (at(if near_end { px - 10.0 } else { px + 10.0 })) } y={ (at(y + 4.0)) } text-anchor=(if near_end { "end" } else { "start" }) class="lab" {
                (p.name) " " (p.label)
            }
        }
    };
    (foot + 26.0, body)
}
