//! Statistical process control: XmR limits and the four rules of "making data count".

use std::cmp::Ordering;

/// An XmR chart: the mean, natural process limits, and points that are signals.
#[derive(Clone, Debug, PartialEq)]
pub struct Xmr {
    /// Mean of the points.
    pub centre: f64,
    /// Mean minus and plus 2.66 mean moving ranges (W. A. Shewhart; D. J. Wheeler, "Understanding variation").
    pub limits: (f64, f64),
    /// Indices of points that are signals, in order.
    pub signals: Vec<usize>,
    /// Fewer than twelve points: trial limits.
    pub trial: bool,
    /// Of each point, what it belongs to.
    kinds: Vec<Variation>,
}

/// What a point belongs to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Variation {
    /// Ordinary variation: no action by itself.
    Common,
    /// A signal above the mean, or rising.
    High,
    /// A signal below the mean, or falling.
    Low,
}

impl Xmr {
    /// What a point belongs to.
    pub fn variation(&self, point: usize) -> Variation {
        self.kinds.get(point).copied().unwrap_or(Variation::Common)
    }
}

/// Points below which no limits are drawn: fewer say nothing of what is ordinary.
pub const LEAST: usize = 6;

/// Points from which limits stand; below, they are trial limits and move with each new point.
pub const LOCKED: usize = 12;

/// Points in a row on one side of the mean, or each higher (lower) than the last, that are a signal.
const RUN: usize = 7;

/// Limits and signals of a series in time order; nothing below six points.
///
/// Signals, as NHS England's "Making data count" has them in the edition of the R package NHSRplotthedots 0.2.2: a point outside
/// the limits; seven in a row on one side of the mean, where one on the mean ends the run; seven in a row of which each is higher
/// (lower) than the last, where a tie ends it; two of three on one side of the mean in the outer third between mean and limit.
/// Moving ranges are not screened, as in the Excel tool.
pub fn xmr(points: &[f64]) -> Option<Xmr> {
    if points.len() < LEAST {
        return None;
    }
    let n = points.len() as f64;
    let centre = points.iter().sum::<f64>() / n;
    let range = points.windows(2).map(|w| (w[1] - w[0]).abs()).sum::<f64>() / (n - 1.0);
    let limits = (centre - 2.66 * range, centre + 2.66 * range);
    // The mean of equal points need not be that number to the last bit.
    let side = |p: f64| if (p - centre).abs() < 1e-12 { Ordering::Equal } else { p.total_cmp(&centre) };
    let mut kinds = vec![Variation::Common; points.len()];
    for (i, p) in points.iter().enumerate() {
        if side(*p) != Ordering::Equal && (*p < limits.0 || *p > limits.1) {
            kinds[i] = if *p > centre { Variation::High } else { Variation::Low };
        }
    }
    for (beyond, way, kind) in [(Ordering::Greater, 1.0, Variation::High), (Ordering::Less, -1.0, Variation::Low)] {
        let mut run = 0;
        for (i, p) in points.iter().enumerate() {
            run = if side(*p) == beyond { run + 1 } else { 0 };
            if run >= RUN {
                mark(&mut kinds[i + 1 - run..=i], kind);
            }
        }
        let mut run = 1;
        for i in 1..points.len() {
            run = if (points[i] - points[i - 1]) * way > 0.0 { run + 1 } else { 1 };
            if run >= RUN {
                mark(&mut kinds[i + 1 - run..=i], kind);
            }
        }
        let near = |p: f64| {
            let far = (p - centre) * way;
            far > 2.66 * range * 2.0 / 3.0 && far <= 2.66 * range
        };
        for w in 0..points.len() - 2 {
            let hits: Vec<usize> = (w..w + 3).filter(|i| near(points[*i])).collect();
            if hits.len() >= 2 && points[w..w + 3].iter().all(|p| side(*p) == beyond) {
                hits.into_iter().for_each(|i| mark(&mut kinds[i..=i], kind));
            }
        }
    }
    let signals = kinds.iter().enumerate().filter(|(_, k)| **k != Variation::Common).map(|(i, _)| i).collect();
    Some(Xmr { centre, limits, signals, trial: points.len() < LOCKED, kinds })
}

/// A point beyond a limit, or in an earlier run, keeps its side: of two signals the first is as good.
fn mark(points: &mut [Variation], kind: Variation) {
    points.iter_mut().filter(|k| **k == Variation::Common).for_each(|k| *k = kind);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn known_series_give_known_limits() {
        let points = [10.0, 12.0, 11.0, 13.0, 12.0, 11.0, 12.0, 10.0, 13.0, 11.0];
        let chart = xmr(&points).unwrap();
        assert!((chart.centre - 11.5).abs() < 1e-9);
        // Mean moving range is 15 / 9.
        assert!((chart.limits.1 - (11.5 + 2.66 * 15.0 / 9.0)).abs() < 1e-9);
        assert!(chart.signals.is_empty());
        assert!(chart.trial);
        assert!(xmr(&points[..5]).is_none());
        let year: Vec<f64> = points.iter().chain(&points[..2]).copied().collect();
        assert!(!xmr(&year).unwrap().trial);
    }

    #[test]
    fn signals_follow_the_rules() {
        let mut spike = vec![5.0, 5.1, 4.9, 5.0, 5.1, 4.9, 5.0, 5.1, 4.9, 5.0, 5.1, 9.0];
        assert!(xmr(&spike).unwrap().signals.contains(&11));
        spike.truncate(11);
        let shift = [vec![5.0, 5.2, 4.8, 5.1, 4.9], vec![6.0, 6.2, 6.1, 6.0, 6.2, 6.1, 6.0]].concat();
        let signals = xmr(&shift).unwrap().signals;
        assert!((5..12).all(|i| signals.contains(&i)));
        let trend = [vec![5.0, 5.6, 4.9, 5.5], vec![4.8, 4.9, 5.0, 5.1, 5.2, 5.3, 5.4]].concat();
        assert!((4..11).all(|i| xmr(&trend).unwrap().signals.contains(&i)));
        // Six that rise are no trend, and a tie ends one.
        assert!(xmr(&trend[..10]).unwrap().signals.is_empty());
        let tied = [vec![5.0, 5.6, 4.9, 5.5], vec![4.8, 4.9, 5.0, 5.0, 5.1, 5.2, 5.3]].concat();
        assert!(xmr(&tied).unwrap().signals.is_empty());
        // Equal points are no signal, and nor are seven on the mean.
        assert!(xmr(&[0.9; 14]).unwrap().signals.is_empty());
    }

    #[test]
    fn points_beyond_a_limit_do_not_make_two_of_three() {
        let near = |a: f64, b: f64, c: f64| {
            let mut points = vec![10.0, 11.0, 10.0, 11.0, 10.0, 11.0, 10.0, 11.0, 10.0, 11.0, 10.0, 11.0];
            points.extend([a, b, c]);
            let chart = xmr(&points).unwrap();
            (12..15).filter(|i| chart.signals.contains(i)).count()
        };
        assert_eq!(near(10.5, 10.5, 10.5), 0);
        assert_eq!(near(30.0, 10.5, 10.5), 1);
    }
}
