//! What is counted, for Prometheus; nothing of a message is among it.

use std::time::Duration;

use hallmark::finding::Severity;
use prometheus_client::encoding::text::encode;
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::metrics::info::Info;
use prometheus_client::registry::{Registry, Unit};

type Labels = [(&'static str, String); 2];
type Label = [(&'static str, &'static str); 1];

/// Upper bounds of durations, in seconds.
const BOUNDS: [f64; 14] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 60.0];

/// Counters of a process.
#[derive(Debug)]
pub struct Figures {
    registry: Registry,
    requests: Family<Labels, Counter>,
    refused: Family<Label, Counter>,
    findings: Family<Label, Counter>,
    not_assessed: Counter,
    bytes: Counter,
    panics: Counter,
    durations: Histogram,
    checks: Histogram,
    /// Requests under way.
    pub under_way: Gauge,
    /// Messages that wait for a worker or are checked.
    pub admitted: Gauge,
    /// Connections.
    pub connections: Gauge,
}

impl Figures {
    /// All at nothing.
    pub fn new() -> Self {
        let mut registry = Registry::with_prefix("hallmark_serve");
        let figures = Self {
            requests: Family::default(),
            refused: Family::default(),
            findings: Family::default(),
            not_assessed: Counter::default(),
            bytes: Counter::default(),
            panics: Counter::default(),
            durations: Histogram::new(BOUNDS),
            checks: Histogram::new(BOUNDS),
            under_way: Gauge::default(),
            admitted: Gauge::default(),
            connections: Gauge::default(),
            registry: Registry::default(),
        };
        let info = Info::new([("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "Version of the service", info);
        registry.register("requests", "Requests by route and status", figures.requests.clone());
        registry.register("refused", "Requests that were not carried out, by reason", figures.refused.clone());
        registry.register("findings", "Findings that count, by severity", figures.findings.clone());
        registry.register("not_assessed", "Times that something could not be checked", figures.not_assessed.clone());
        registry.register_with_unit("body", "Bodies taken in", Unit::Bytes, figures.bytes.clone());
        registry.register("panics", "Checks that ended in a panic", figures.panics.clone());
        let durations = figures.durations.clone();
        registry.register_with_unit("request_duration", "From head to answer", Unit::Seconds, durations);
        registry.register_with_unit("check_duration", "Checking alone", Unit::Seconds, figures.checks.clone());
        registry.register("requests_under_way", "Requests under way", figures.under_way.clone());
        registry.register("messages_admitted", "Messages waiting or being checked", figures.admitted.clone());
        registry.register("connections_open", "Connections", figures.connections.clone());
        Self { registry, ..figures }
    }

    /// One request that was answered.
    pub fn request(&self, route: &str, status: u16, took: Duration) {
        self.requests.get_or_create(&[("route", route.to_owned()), ("status", status.to_string())]).inc();
        self.durations.observe(took.as_secs_f64());
    }

    /// One that was not carried out.
    pub fn refused(&self, reason: &'static str) {
        self.refused.get_or_create(&[("reason", reason)]).inc();
    }

    /// One message that was checked.
    pub fn checked(&self, findings: [u64; 4], not_assessed: u64, took: Duration) {
        for (severity, count) in Severity::ALL.iter().zip(findings) {
            self.findings.get_or_create(&[("severity", severity.as_str())]).inc_by(count);
        }
        self.not_assessed.inc_by(not_assessed);
        self.checks.observe(took.as_secs_f64());
    }

    /// A body that was taken in.
    pub fn body(&self, bytes: usize) {
        self.bytes.inc_by(bytes as u64);
    }

    /// A check that ended in a panic.
    pub fn panic(&self) {
        self.panics.inc();
    }

    /// As text.
    pub fn text(&self) -> String {
        let mut text = String::new();
        // Writing to a text does not fail.
        let _ = encode(&mut text, &self.registry);
        text
    }
}

/// Counts one while it lives.
#[derive(Debug)]
pub struct While(Gauge<i64, std::sync::atomic::AtomicI64>);

impl While {
    /// From now on.
    pub fn new(gauge: &Gauge) -> Self {
        gauge.inc();
        Self(gauge.clone())
    }
}

impl Drop for While {
    fn drop(&mut self) {
        self.0.dec();
    }
}
