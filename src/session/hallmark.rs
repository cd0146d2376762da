//! The checker: one payload, a run over paths, a run fed by hand.

use std::path::PathBuf;
use std::sync::atomic::AtomicBool;
use std::sync::{Arc, Mutex};

use crate::engine::{self, Check, Fingerprints, Observer, Place, Run, State, Workspace, registry};
use crate::feed::Payload;
use crate::finding::{Finding, Meta, NotAssessed};
use crate::kitemark::CriteriaSet;
use crate::pack::model::Release;
use crate::record::{RecordBuilder, RecordOptions, Scope, ShardDigest, Spill, key_id};
use crate::settings::{Baseline, Date, Waivers};
use crate::tally::{PackFacts, RunOutcome};
use crate::terminology::batch;
use crate::text::on_deep_stack;

/// A checker with its definitions, rules and settings. Cheap to clone; all clones share what it holds.
#[derive(Clone, Debug)]
pub struct Hallmark {
    pub(super) inner: Arc<Inner>,
}

/// What all clones share.
#[derive(Debug)]
pub(super) struct Inner {
    pub check: Check,
    pub waivers: Waivers,
    pub baseline: Option<Baseline>,
    pub scope: Scope,
    pub key: Option<Vec<u8>>,
    pub today: Date,
    /// What single checks left behind, to be used again.
    pub spare: Mutex<Vec<Workspace>>,
}

/// What the check of one payload gave.
#[derive(Clone, Debug)]
pub struct Checked {
    /// Findings in order of place, with fingerprints, waived ones among them.
    pub findings: Vec<Finding>,
    /// What could not be checked, and how often; sorted.
    pub not_assessed: Vec<(NotAssessed, u64)>,
    /// Release that the payload was read as; nothing where it is not a message.
    pub release: Option<Release>,
    /// Whether it was read, failed to be, or was left out by a limit.
    pub state: State,
}

impl Hallmark {
    pub(super) fn of(inner: Inner) -> Self {
        Self { inner: Arc::new(inner) }
    }

    /// Checks one payload: the bytes of one message, JSON or XML. The source of its findings is an empty name.
    pub fn check(&self, bytes: &[u8]) -> Checked {
        self.check_as("", bytes)
    }

    /// Checks one payload under the name of its source, to which waivers, the baseline and `[[sources]]` may refer.
    pub fn check_as(&self, source: &str, bytes: &[u8]) -> Checked {
        on_deep_stack(|| self.check_here(source, bytes))
    }

    fn check_here(&self, source: &str, bytes: &[u8]) -> Checked {
        let inner = &*self.inner;
        // Without waiting: a process that was forked while another thread held the lock would wait for ever.
        let kept = inner.spare.try_lock().ok().and_then(|mut spare| spare.pop());
        let mut workspace = kept.unwrap_or_default();
        let asked = inner.check.asked_of(source);
        let shown = inner.check.file_names.of(source);
        let place = Place { name: &shown, index: 0, source: "", asked: &asked, stop: None };
        let received = inner.check.received.of(source, 1, None);
        let payload = Payload { number: 1, line: 1, bytes: bytes.to_vec(), too_long: false, received };
        let mut result = engine::check_one(&inner.check, &payload, &place, &mut workspace);
        if let Ok(mut spare) = inner.spare.try_lock() {
            spare.push(workspace);
        }
        let mut fingerprints = Fingerprints::default();
        let mut waivers = inner.waivers.clone();
        for finding in &mut result.findings {
            engine::settle(finding, &mut fingerprints, &mut waivers, inner.baseline.as_ref());
        }
        Checked {
            findings: result.findings,
            not_assessed: result.not_assessed.into_iter().collect(),
            release: result.release.map(|(release, _)| release),
            state: result.state,
        }
    }

    /// Runs over files and folders (`-` is standard input) with `jobs` workers, 0 for one per core. Findings go to `observer` one
    /// by one, in an order that does not depend on the number of workers.
    pub fn run(&self, paths: &[PathBuf], jobs: usize, observer: &mut dyn Observer) -> RunOutcome {
        on_deep_stack(|| {
            let never = AtomicBool::new(false);
            let stop = observer.stop();
            let jobs = if jobs == 0 { std::thread::available_parallelism().map_or(1, usize::from) } else { jobs };
            let run = Run {
                check: &self.inner.check,
                jobs,
                observe: observer.quality(),
                interrupted: stop.as_deref().unwrap_or(&never),
                baseline: self.inner.baseline.as_ref(),
            };
            let mut outcome = engine::run(&run, paths, self.inner.waivers.clone(), observer);
            outcome.keys.key_id = self.key_id();
            outcome
        })
    }

    /// Makes the record of a run from what its observer is told. `label` is as for [`Self::session`]. Pseudonyms that memory does
    /// not hold go to `spill`; without it all are held.
    pub fn recorder(&self, label: &str, spill: Option<Spill>) -> RecordBuilder {
        RecordBuilder::new(RecordOptions {
            tool: env!("CARGO_PKG_VERSION").to_owned(),
            criteria_digest: CriteriaSet::embedded_digest(CriteriaSet::DEFAULT).unwrap_or_default(),
            scope: self.inner.scope.clone(),
            label: label.to_owned(),
            shard: random_id(),
            shard_key: self.inner.key.as_deref().and_then(ShardDigest::new),
            spill,
            collected: self.inner.today.to_string(),
        })
    }

    /// The distinct codes that the runs so far could not decide, as a FHIR R4 batch of `$validate-code` for a terminology server, and
    /// how many there are; `None` when notes were not asked for. What was noted is forgotten.
    pub fn questions(&self) -> Option<(serde_json::Value, usize)> {
        let noted = self.inner.check.sets.notes()?.take();
        let count = noted.questions.len();
        Some((batch(noted.questions), count))
    }

    /// Names of sources that stand for others, with those, in order; empty when nobody asked for them.
    pub fn names_told(&self) -> Vec<(String, String)> {
        self.inner.check.file_names.told().into_iter().map(|(name, path)| (name.to_string(), path)).collect()
    }

    /// How often each (system, code) was seen by the runs so far; empty when notes were not asked for. What was noted is forgotten.
    pub fn codes_seen(&self) -> std::collections::BTreeMap<(String, String), u64> {
        self.inner.check.sets.notes().map(|notes| notes.take().seen).unwrap_or_default()
    }

    /// Every rule there is, switched on or not, in the order of the list.
    pub fn rules(&self) -> &'static [&'static Meta] {
        rules()
    }

    /// Every package in use, in order of precedence.
    pub fn packs(&self) -> Vec<PackFacts> {
        engine::packs(&self.inner.check)
    }

    /// Digest over the rules that are switched on and what they weigh.
    pub fn rules_digest(&self) -> String {
        let Check { selection, severities, .. } = &self.inner.check;
        let on = |m: &&'static Meta| selection.selects(m) && severities.of(m).is_some();
        let rules: Vec<_> = registry::all().iter().copied().filter(on).collect();
        engine::rules_digest(&rules, severities)
    }

    pub(super) fn key_id(&self) -> String {
        self.inner.key.as_deref().map(key_id).unwrap_or_default()
    }
}

/// Every rule there is, for whoever needs no checker.
pub fn rules() -> &'static [&'static Meta] {
    registry::all()
}

/// A rule by id (any case) or name.
pub fn rule(word: &str) -> Option<&'static Meta> {
    registry::find(word)
}

/// An id for a run that no key identifies.
fn random_id() -> String {
    let mut bytes = [0u8; 16];
    let _ = getrandom::fill(&mut bytes);
    hex::encode(bytes)
}
