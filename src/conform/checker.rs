//! What every check shares: definitions, options, where findings go, and what has been decided already.

use std::collections::{HashMap, HashSet};
use std::sync::Arc;

use super::ahead::{Ahead, Once};
use crate::finding::{Draft, Meta, Origin, Severity, Sink};
use crate::message::Message;
use crate::pack::model::Release;
use crate::plan::{Plan, Plans};
use crate::settings::Severities;
use crate::text::{Canonical, Masked, Span, TextMap, TextSet, Work};
use crate::tree::{Element, NodeId, flags, names};

/// What is done with best practice invariants.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum BestPractice {
    /// Not evaluated.
    Ignore,
    /// Reported as information.
    Information,
    /// Reported as warnings.
    #[default]
    Warning,
    /// Reported as errors.
    Error,
}

/// Options of conformance.
#[derive(Clone, Debug, Default)]
pub struct Options {
    /// Best practice level.
    pub best_practice: BestPractice,
    /// URL prefixes under which unknown extensions are allowed.
    pub extension_domains: Vec<String>,
    /// References out of the message are followed as far as can be.
    pub check_references: bool,
    /// References that look RESTful are taken to exist.
    pub assume_valid_rest_references: bool,
    /// Markup in strings is an error.
    pub security_checks: bool,
    /// The date that "today" is, `YYYY-MM-DD`.
    pub today: String,
    /// Profiles every root resource is checked against.
    pub profiles: Vec<String>,
    /// Whose profiles a resource is checked against that claims none.
    pub standard: Option<Arc<Standard>>,
    /// ODS code of the partner whose feed it is, or empty.
    pub partner: String,
    /// No invariant is evaluated, which is said as not assessed: shows what invariants cost.
    pub skip_invariants: bool,
}

/// A standard: the profile of each resource type.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Standard {
    /// Canonical with `{}` for the type.
    Template {
        /// Release it is for.
        release: Release,
        /// Canonical.
        template: String,
    },
    /// Canonicals by type.
    Listed(HashMap<String, String>),
}

/// Where coded values are decided; `terminology` implements it.
pub use crate::terminology::Sets;

/// Everything that outlives one message.
#[derive(Debug)]
pub struct Context<'c> {
    /// Compiled profiles.
    pub plans: &'c Plans,
    /// Code systems and value sets.
    pub sets: &'c Sets,
    /// Options.
    pub options: &'c Options,
}

/// Which pass speaks.
#[derive(Clone, Copy)]
pub(super) struct Pass<'a> {
    /// The plan being walked.
    pub plan: &'a Plan,
    /// Base or profile.
    pub origin: Origin,
}

/// Checks one message.
pub struct Checker<'c, 't> {
    /// What outlives the message.
    pub(super) cx: &'c Context<'c>,
    /// The message.
    pub message: &'c Message<'t>,
    /// Takes findings, and what could not be checked.
    pub out: Sink,
    /// Who says which rules are in shadow: what they find keeps no resource from meeting its profile.
    pub severities: Option<&'c Severities>,
    /// Profiles that resources were checked against: (resource, canonical, whether it meets it).
    pub applied: Vec<(NodeId, Arc<str>, bool)>,
    /// Resources that claim no profile.
    pub unclaimed: u64,
    /// Threads that may check parts of a large Bundle, this one among them.
    pub threads: usize,
    /// Resources of a large Bundle that are checked ahead.
    pub(super) ahead: Option<Ahead>,
    /// Findings of `out` that are said once a message, by their place.
    pub(super) once: Vec<(usize, Once)>,
    /// (resource, profile) in `applied`.
    pub(super) asked: TextSet<(NodeId, Arc<str>)>,
    /// Profiles whose own faults have been said.
    pub(super) at_fault: HashSet<String>,
    /// (element, plan) already decided, or being decided.
    pub(super) memo: TextMap<(NodeId, usize), (bool, Vec<Draft>)>,
    /// Targets that were reported for not meeting the profiles named.
    pub(super) blamed: HashSet<(NodeId, String)>,
    /// Ids of elements met so far, by resource.
    pub(super) element_ids: HashSet<(NodeId, Box<str>)>,
    /// Ids and anchors of the resource whose narratives were asked for them last.
    pub(super) anchors: Option<(NodeId, Arc<TextSet<String>>)>,
    /// Anchors of narratives that links from data name, by resource.
    pub(super) anchors_of: TextMap<NodeId, TextMap<String, usize>>,
    /// Claims of the resource whose claims were looked for last: where each stands.
    pub(super) claimed_at: (Option<NodeId>, TextMap<&'t str, NodeId>),
    /// What the message may cost; nothing where nobody counts.
    pub work: Option<&'c Work<'c>>,
    /// Steps that are not counted yet.
    pub(super) steps: u64,
    /// There is to be no more work.
    pub(super) halted: bool,
    /// Depth of "does it conform?" questions; findings inside them are reasons, not findings.
    pub(super) asking: u32,
}

impl std::fmt::Debug for Checker<'_, '_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "Checker({} findings)", self.out.len())
    }
}

/// Reasons kept with an answer that is asked for again.
const REASONS: usize = 8;

impl<'c, 't> Checker<'c, 't> {
    /// A checker for one message.
    pub fn new(cx: &'c Context<'c>, message: &'c Message<'t>) -> Self {
        Self {
            cx,
            message,
            out: Sink::default(),
            severities: None,
            applied: Vec::new(),
            unclaimed: 0,
            threads: 1,
            ahead: None,
            once: Vec::new(),
            asked: TextSet::default(),
            at_fault: HashSet::new(),
            memo: TextMap::default(),
            blamed: HashSet::new(),
            element_ids: HashSet::new(),
            work: None,
            steps: 0,
            halted: false,
            anchors: None,
            anchors_of: TextMap::default(),
            claimed_at: (None, TextMap::default()),
            asking: 0,
        }
    }

    /// The release of the message.
    pub(super) fn release(&self) -> Release {
        self.message.release
    }

    /// Counts an element that is looked at; false when there is to be no more work. A flag is looked at, and threads meet, once in
    /// a thousand steps.
    pub(super) fn goes_on(&mut self) -> bool {
        self.steps += 1;
        if self.steps >= 1_024 {
            self.count_steps();
        }
        !self.halted
    }

    /// Counts the steps so far, those of expressions among them.
    pub(super) fn count_steps(&mut self) {
        let steps = std::mem::take(&mut self.steps) + crate::fhirpath::steps_spent();
        self.halted |= self.work.is_some_and(|work| !work.add(steps));
    }

    /// Counts something that could not be checked.
    pub(super) fn skip(&mut self, what: &'static str, canonical: impl Into<Canonical>) {
        self.out.skip(what, canonical);
    }

    /// Drafts a finding at `at`, to be completed by the caller and given to [`Self::emit`].
    pub(super) fn draft(&self, meta: &'static Meta, pass: Pass<'_>, node: u32, at: Element<'_>, says: String) -> Draft {
        let mut draft = Draft::new(meta, pass.origin, at.mark(), at.path(), says);
        draft.profile = pass.plan.canonical();
        draft.element.clone_from(&pass.plan.nodes[node as usize].id);
        draft.resource = names::text(at.resource().type_id()).to_owned();
        draft
    }

    /// As [`Self::draft`] where no profile speaks.
    pub(super) fn plain(&self, meta: &'static Meta, at: Element<'_>, span: Span, says: impl Into<String>) -> Draft {
        let mut draft = Draft::new(meta, Origin::Base, span, at.path(), says);
        draft.resource = names::text(at.resource().type_id()).to_owned();
        draft
    }

    /// Records a finding.
    pub(super) fn emit(&mut self, draft: Draft) {
        self.out.push(draft);
    }

    /// Whether `at` meets `plan` beyond its base type; the reasons when not. Loops count as met.
    pub(super) fn conforms(&mut self, at: Element<'t>, plan: &Plan) -> (bool, Vec<Draft>) {
        let key = (at.id(), std::ptr::from_ref(plan) as usize);
        if let Some((known, reasons)) = self.memo.get(&key) {
            return (*known, reasons.clone());
        }
        self.memo.insert(key, (true, Vec::new()));
        let kept = self.out.set_aside();
        self.asking += 1;
        self.profile_root(at, plan);
        self.asking -= 1;
        let mut reasons = self.out.put_back(kept);
        reasons.retain(|d| d.severity.reaches(Severity::Error));
        let met = reasons.is_empty();
        self.memo.insert(key, (met, reasons.iter().take(REASONS).cloned().collect()));
        (met, reasons)
    }
}

/// The value of an element for an excerpt.
pub(super) fn excerpt(at: Element<'_>) -> Option<Masked> {
    at.value().map(Masked::new)
}

/// Type of an element, as written for a choice, else as defined.
pub(super) fn type_name(at: Element<'_>) -> &'static str {
    names::text(at.type_id())
}

/// Whether the element is a primitive: it has a value, or only siblings of one.
pub(super) fn is_primitive(at: Element<'_>) -> bool {
    at.node().is(flags::HAS_VALUE | flags::ONLY_SIBLING)
        || names::text(at.type_id()).starts_with(|c: char| c.is_ascii_lowercase())
}
