//! Statistical process control: XmR limits and the four rules of "making data count".

/// An XmR chart: the mean, natural process limits, and points that are signals.
#[derive(Clone, Debug, PartialEq)]
pub struct Xmr {
    /// Mean of the points.
    pub centre: f64,
    /// Mean minus and plus 2.66 mean moving ranges (W. A. Shewhart; D. J. Wheeler, "Understanding variation").
    pub limits: (f64, f64),
    /// Indices of points that are signals, in order.
    pub signals: Vec<usize>,
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

/// Points below which no limits are drawn.
pub const LEAST: usize = 10;

/// Limits and signals of a series in time order. Nothing below ten points: limits of fewer move too much to act on.
///
/// Signals: a point outside the limits; seven or more on one side of the mean; six or more rising or falling; two of
/// three in the outer third between mean and limit (NHS England, "Making data count").
pub fn xmr(points: &[f64]) -> Option<Xmr> {
    if points.len() < LEAST {
        return None;
    }
    let n = points.len() as f64;
    let centre = points.iter().sum::<f64>() / n;
    let range = points.windows(2).map(|w| (w[1] - w[0]).abs()).sum::<f64>() / (n - 1.0);
    let limits = (centre - 2.66 * range, centre + 2.66 * range);
    let mut kinds = vec![Variation::Common; points.len()];
    for (i, p) in points.iter().enumerate() {
        if *p < limits.0 || *p > limits.1 {
            kinds[i] = if *p > centre { Variation::High } else { Variation::Low };
        }
    }
    for (side, kind) in [(1.0, Variation::High), (-1.0, Variation::Low)] {
        let mut run = 0;
        for (i, p) in points.iter().enumerate() {
            run = if (p - centre) * side > 0.0 { run + 1 } else { 0 };
            if run >= 7 {
                mark(&mut kinds[i + 1 - run..=i], kind);
            }
        }
        // Six points that rise are five steps; the run counts the step into each point.
        let mut run = 1;
        for i in 1..points.len() {
            run = if (points[i] - points[i - 1]) * side > 0.0 { run + 1 } else { 1 };
            if run >= 6 {
                mark(&mut kinds[i + 1 - run..=i], kind);
            }
        }
        let outer = |p: f64| (p - centre) * side > 2.66 * range * 2.0 / 3.0;
        for w in 0..points.len() - 2 {
            let hits: Vec<usize> = (w..w + 3).filter(|i| outer(points[*i])).collect();
            if hits.len() >= 2 {
                hits.into_iter().for_each(|i| mark(&mut kinds[i..=i], kind));
            }
        }
    }
    let signals = kinds.iter().enumerate().filter(|(_, k)| **k != Variation::Common).map(|(i, _)| i).collect();
    Some(Xmr { centre, limits, signals, kinds })
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
        assert!(xmr(&points[..9]).is_none());
    }

    #[test]
    fn signals_follow_the_rules() {
        let mut spike = vec![5.0, 5.1, 4.9, 5.0, 5.1, 4.9, 5.0, 5.1, 4.9, 5.0, 5.1, 9.0];
        assert!(xmr(&spike).unwrap().signals.contains(&11));
        spike.truncate(11);
        let shift = [vec![5.0, 5.2, 4.8, 5.1, 4.9], vec![6.0, 6.2, 6.1, 6.0, 6.2, 6.1, 6.0]].concat();
        let signals = xmr(&shift).unwrap().signals;
        assert!((5..12).all(|i| signals.contains(&i)));
        let trend = [vec![5.0, 5.6, 4.9, 5.5], vec![4.8, 4.9, 5.0, 5.1, 5.2, 5.3]].concat();
        assert!((4..10).all(|i| xmr(&trend).unwrap().signals.contains(&i)));
    }
}
