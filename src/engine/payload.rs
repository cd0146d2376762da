//! One payload from bytes to findings.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::AtomicBool;

use super::check::{Asked, Check};
use super::crew::Crew;
use super::dispatch::Known;
use super::locate;
use super::order::{self, Origin};
use crate::conform::{self, Checker};
use crate::feed::Payload;
use crate::finding::{self, Draft, Finding, NotAssessed, Origin as From, Severity, Sink, Taken};
use crate::measure::{self, Observed, SectionSeen, Seen};
use crate::message::{self, Clue, Message};
use crate::pack::model::Release;
use crate::read::{self, Fault};
use crate::rules::{Facts, Scene};
use crate::text::{FileName, Work};
use crate::tree::{Element, NONE, Node, NodeId, Tree, flags, names};

/// What became of a payload.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// It parsed, and was checked.
    Read,
    /// It is not well formed, or no FHIR.
    Failed,
    /// A limit was hit.
    Skipped,
}

/// What one worker keeps from payload to payload, so that it is not made again.
#[derive(Default)]
pub struct Workspace {
    nodes: Vec<Node>,
    known: Vec<Known>,
    /// Workers that may help with a large Bundle.
    crew: Arc<Crew>,
    /// Data quality is observed: a record is wanted.
    pub observe: bool,
    /// What the payloads so far have shown of data quality.
    pub observed: Observed,
}

/// Where a payload stands, and what is asked of it there.
#[derive(Debug)]
pub struct Place<'p> {
    /// Source name, safe to print.
    pub name: &'p FileName,
    /// Order of the source in the run.
    pub index: usize,
    /// Source name as it is.
    pub source: &'p str,
    /// What is asked of it.
    pub asked: &'p Asked,
    /// Ends the work on it from outside.
    pub stop: Option<&'p AtomicBool>,
}

impl std::fmt::Debug for Workspace {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Workspace")
    }
}

impl Workspace {
    /// Of a run that observes data quality.
    pub fn observing() -> Self {
        Self { observe: true, ..Self::default() }
    }

    /// Of a worker that others may help.
    pub(super) fn with(crew: Arc<Crew>, observe: bool) -> Self {
        Self { crew, observe, ..Self::default() }
    }
}

/// What one payload came to.
#[derive(Debug)]
pub struct PayloadResult {
    /// What became of it.
    pub state: State,
    /// Findings in order, without fingerprints.
    pub findings: Vec<Finding>,
    /// What could not be checked.
    pub not_assessed: BTreeMap<NotAssessed, u64>,
    /// Its release and what told it.
    pub release: Option<(Release, Clue)>,
    /// Resources by type.
    pub resources: BTreeMap<&'static str, u64>,
    /// Resources that claim no profile.
    pub unclaimed: u64,
    /// Profiles applied: canonical, resources, of those clean.
    pub profiles: BTreeMap<Arc<str>, (u64, u64)>,
}

impl PayloadResult {
    fn new() -> Self {
        Self {
            state: State::Failed,
            findings: Vec::new(),
            not_assessed: BTreeMap::new(),
            release: None,
            resources: BTreeMap::new(),
            unclaimed: 0,
            profiles: BTreeMap::new(),
        }
    }
}

/// What is said of a payload whose check broke off by a fault of hallmark.
pub(super) fn given_up(check: &Check, payload: &Payload, place: &Place<'_>) -> PayloadResult {
    let says = "hallmark failed while it checked this payload";
    let faults = vec![Fault::fatal(&read::faults::GIVEN_UP, 0, 0, says)];
    PayloadResult { state: State::Skipped, ..unread(check, faults, &origin(payload, place, "")) }
}

/// Whether one of the releases has the type of the outermost element; abstract ones are told apart later.
fn is_resource(check: &Check, root: Element<'_>) -> bool {
    let has = |release| check.plans.of_resource(release, root.type_id()).is_some();
    has(Release::R4) || has(Release::Stu3)
}

/// Checks one payload: text, tree, message, walk, findings in order. What it shows of data quality goes into
/// `workspace.observed`.
pub fn check(check: &Check, payload: &Payload, place: &Place<'_>, workspace: &mut Workspace) -> PayloadResult {
    if workspace.observe && !payload.too_long {
        measure::observe_payload(&payload.bytes, check.pseudonyms.as_ref(), &mut workspace.observed);
        if check.locate {
            locate::payload(check, payload, place.source, &mut workspace.observed);
        }
    }
    let mut faults = Vec::new();
    let Some(text) = decoded(check, payload, &mut faults) else {
        return unread(check, faults, &origin(payload, place, ""));
    };
    let origin = origin(payload, place, &text);
    let mut tree = parsed(check, &text, &mut faults, workspace);
    if faults.iter().any(|f| f.fatal) || tree.nodes.is_empty() {
        workspace.nodes = tree.nodes;
        return unread(check, faults, &origin);
    }
    if let Some(root) = tree.root()
        && !is_resource(check, root)
    {
        // Nothing can be said of the parts of what is no resource.
        let says = read::recognise::root(&tree);
        let (from, to) = (root.span().start, root.span().end);
        faults.retain(|fault| fault.meta.id == read::faults::CHARACTERS.id);
        faults.push(Fault::fatal(&read::faults::NOT_A_MESSAGE, from, to, says));
        workspace.nodes = tree.nodes;
        return unread(check, faults, &origin);
    }
    if place.asked.release().is_none()
        && let Some((says, at)) = tree.root().and_then(|root| message::other_release(root, &check.plans))
    {
        faults.retain(|fault| fault.meta.id == read::faults::CHARACTERS.id);
        faults.push(Fault::fatal(&read::faults::NOT_A_MESSAGE, at.start, at.end, says));
        workspace.nodes = tree.nodes;
        return unread(check, faults, &origin);
    }
    let (release, clue, _) = message::release_of(&mut tree, &check.plans, place.asked.release());
    let message = Message::new(&tree, release);
    let mut walked = walk(check, &message, place, faults, workspace);
    if walked.known {
        walked.result.release = Some((release, clue));
    }
    finish(check, &mut walked.result, walked.drafts, &origin);
    if walked.known && workspace.observe {
        let from = workspace.observed.rows.len();
        workspace.observed.behind = check.locate.then(Vec::new);
        observe(check, payload, &message, &walked.applied, &walked.result, workspace);
        if let Some(behind) = workspace.observed.behind.take() {
            locate::resources(&message, &origin, place.source, &behind, from, &mut workspace.observed);
        }
    }
    workspace.nodes = std::mem::take(&mut tree.nodes);
    walked.result
}

fn origin<'p>(payload: &Payload, place: &Place<'p>, text: &'p str) -> Origin<'p> {
    let (number, first_line) = (payload.number, payload.line);
    Origin { source: place.name, source_index: place.index, payload: number, first_line, text }
}

/// Bytes to text; `None` for what is too long or no text.
fn decoded<'p>(check: &Check, payload: &'p Payload, faults: &mut Vec<Fault>) -> Option<Cow<'p, str>> {
    if payload.too_long {
        let limit = check.limits.payload_bytes;
        let says = format!("the payload is larger than the limit of {limit} bytes (payload-bytes)");
        faults.push(Fault::fatal(&read::faults::LIMIT, 0, 0, says));
        return None;
    }
    read::text_of(&payload.bytes, &check.limits, faults)
}

/// Text to a tree, in the nodes that the worker keeps.
fn parsed<'t>(check: &Check, text: &'t str, faults: &mut Vec<Fault>, workspace: &mut Workspace) -> Tree<'t> {
    let (tree, more) = read::read_into(text, &check.limits, std::mem::take(&mut workspace.nodes));
    faults.extend(more);
    tree
}

/// What could not be read: said whatever the limit of findings is.
fn unread(check: &Check, faults: Vec<Fault>, origin: &Origin<'_>) -> PayloadResult {
    let mut result = PayloadResult { state: state_of(&faults), ..PayloadResult::new() };
    finish(check, &mut result, drafts(faults, None).collect(), origin);
    result
}

/// What the walk of one message came to.
struct Walked {
    result: PayloadResult,
    drafts: Vec<Draft>,
    /// Its type is one of FHIR.
    known: bool,
    /// Profiles that resources were checked against, and whether they meet them.
    applied: Vec<(NodeId, Arc<str>, bool)>,
}

/// Walks the message beside its plans, then asks the rules; one sink takes what reading, conformance and rules say.
fn walk(
    check: &Check,
    message: &Message<'_>,
    place: &Place<'_>,
    mut faults: Vec<Fault>,
    workspace: &mut Workspace,
) -> Walked {
    let known = check.plans.of_resource(message.release, message.root().type_id()).is_some();
    let crew = Arc::clone(&workspace.crew);
    let help = crew.help(message.root());
    let context = conform::Context { plans: &check.plans, sets: &check.sets, options: &place.asked.options };
    let mut checker = Checker::new(&context, message);
    checker.out = Sink::new(check.limits.findings as usize);
    checker.severities = Some(&check.severities);
    checker.threads = help.threads();
    let work = Work::new(check.limits.work, place.stop);
    checker.work = Some(&work);
    // What is unknown is one fault; how it is written inside is no further one.
    faults.retain(|f| f.node == NONE || !inside_unknown(message, f.node));
    for draft in drafts(faults, Some(message)) {
        checker.out.push(draft);
    }
    checker.check();
    let mut result = PayloadResult::new();
    if known {
        result.state = State::Read;
        count(&mut result, &checker);
    }
    let Checker { out: mut sink, applied, .. } = checker;
    if known && work.goes_on() {
        let scene = Scene {
            message,
            plans: &check.plans,
            sets: &check.sets,
            environment: check.environment,
            today: &place.asked.options.today,
            partner: &place.asked.options.partner,
            work: &work,
            facts: Facts::default(),
        };
        check.dispatch.walk(&scene, help.threads(), &mut workspace.known, &mut sink);
    }
    if !work.goes_on() {
        return unfinished(check, &work);
    }
    let Taken { drafts: mut said, not_assessed, left_out } = sink.finish();
    result.not_assessed = not_assessed;
    for excerpt in said.iter_mut().filter_map(|draft| draft.excerpt.as_mut()) {
        excerpt.publish(|text| text.contains(':') && check.plans.catalogue().resource_known(message.release, text));
    }
    if left_out > 0 {
        let limit = check.limits.findings;
        let says = format!("{left_out} more findings are left out (limit: findings, {limit})");
        said.extend(drafts(vec![Fault::fatal(&read::faults::LIMIT, 0, 0, says)], None));
        result.state = State::Skipped;
    }
    Walked { result, drafts: said, known, applied }
}

/// A message whose check was broken off: what was found until then depends on threads, and is not shown.
fn unfinished(check: &Check, work: &Work<'_>) -> Walked {
    let limit = check.limits.work;
    let says = format!("the payload takes more steps to check than the limit of {limit} (work)");
    let spent = work.is_spent().then(|| Fault::fatal(&read::faults::LIMIT, 0, 0, says));
    let drafts = drafts(spent.into_iter().collect(), None).collect();
    let result = PayloadResult { state: State::Skipped, ..PayloadResult::new() };
    Walked { result, drafts, known: false, applied: Vec::new() }
}

/// Adds to what the worker has seen of data quality.
fn observe(
    check: &Check,
    payload: &Payload,
    message: &Message<'_>,
    applied: &[(NodeId, Arc<str>, bool)],
    result: &PayloadResult,
    workspace: &mut Workspace,
) {
    let seen = Seen {
        message,
        plans: &check.plans,
        sets: &check.sets,
        applied,
        sections: &sections(message),
        worst: result.findings.iter().filter(|f| !f.shadow).map(|f| f.severity).min(),
        received: payload.received,
    };
    measure::observe(&seen, check.pseudonyms.as_ref(), &mut workspace.observed);
}

/// Sections that the documents of a message should or may have.
fn sections(message: &Message<'_>) -> Vec<SectionSeen> {
    let compositions = message.resources.iter().map(|node| Element::new(message.tree, *node));
    let mut all = Vec::new();
    for composition in compositions.filter(|r| r.type_id() == names::T_COMPOSITION) {
        all.extend(crate::uk::sections::sections_of(composition).map(|s| SectionSeen {
            document: composition.id(),
            title: s.title,
            mandatory: s.mandatory,
            required: s.required,
            heading: s.heading,
            present: s.present,
        }));
    }
    all
}

fn state_of(faults: &[Fault]) -> State {
    if faults.iter().any(|f| f.meta.id == read::faults::LIMIT.id) { State::Skipped } else { State::Failed }
}

fn count(result: &mut PayloadResult, checker: &Checker<'_, '_>) {
    for &node in &checker.message.resources {
        let ty = Element::new(checker.message.tree, node).type_id();
        *result.resources.entry(names::text(ty)).or_default() += 1;
    }
    result.unclaimed = checker.unclaimed;
    for (_, canonical, met) in &checker.applied {
        let entry = result.profiles.entry(canonical.clone()).or_default();
        entry.0 += 1;
        entry.1 += u64::from(*met);
    }
}

/// Faults of reading as drafts, at the path of their element when there is one.
fn drafts(faults: Vec<Fault>, message: Option<&Message<'_>>) -> impl Iterator<Item = Draft> {
    let one = move |fault: Fault| {
        let at = message
            .filter(|m| fault.node != NONE && (fault.node as usize) < m.tree.nodes.len())
            .map(|m| Element::new(m.tree, fault.node));
        let path = at.map(Element::path).unwrap_or_default();
        let mut draft = Draft::new(fault.meta, From::Reading, fault.span, path, fault.says);
        draft.key = fault.key;
        draft.resource = at.map(|e| names::text(e.resource().type_id()).to_owned()).unwrap_or_default();
        draft
    };
    faults.into_iter().map(one)
}

/// Whether a node is, or lies below, an element of FHIR's namespace that its parent's type does not define.
fn inside_unknown(message: &Message<'_>, node: NodeId) -> bool {
    let mut at = message.tree.nodes.get(node as usize).map(|_| Element::new(message.tree, node));
    while let Some(element) = at {
        let parent = element.parent();
        let typed = parent.is_some_and(|p| p.type_id() != names::OTHER);
        if typed && element.def().is_none() && !element.node().is(flags::FOREIGN) {
            return true;
        }
        at = parent;
    }
    false
}

/// Weighs drafts and turns them into findings.
fn finish(check: &Check, result: &mut PayloadResult, mut drafts: Vec<Draft>, origin: &Origin<'_>) {
    drafts.retain_mut(|draft| {
        // What could not be read is said whatever was selected: silence would pass it.
        if draft.severity == Severity::Fatal {
            return true;
        }
        match check.severities.apply(draft.meta, draft.severity) {
            Some(severity) if check.selection.selects(draft.meta) => {
                draft.severity = severity;
                true
            }
            _ => false,
        }
    });
    finding::settle(&mut drafts, |meta| check.severities.in_shadow(meta));
    result.findings = order::findings(drafts, origin);
    for finding in &mut result.findings {
        finding.shadow = check.severities.in_shadow(finding.meta);
    }
}
