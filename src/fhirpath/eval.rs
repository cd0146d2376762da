//! Evaluation: items are pushed to whoever wants them, so a question is answered without building collections.

use std::cell::{Cell, RefCell};

use super::compare::Distinct;
use super::error::{Cause, EvalError, Fault};
use super::host::{Env, Host};
use super::program::{Mode, Op, OpId, Program, STEPS, TypeTest};
use super::truth::truthiness;
use super::types;
use super::value::{Collection, Value};
use crate::pack::model::Release;
use crate::tree::{Element, Kind, NONE, NameId, names};
use smallvec::SmallVec;

/// Whether more items are wanted.
pub(super) type Step = Result<bool, Fault>;
/// Takes items.
pub(super) type Sink<'s, 't> = &'s mut dyn FnMut(Value<'t>) -> Step;

/// What the names `$this`, `$index` and `$total` stand for.
#[derive(Clone, Copy)]
pub(super) struct Frame<'f, 't> {
    pub this: Option<&'f Value<'t>>,
    pub index: usize,
    pub total: Option<&'f Collection<'t>>,
}

/// What an operand that depends on no item came to.
#[derive(Clone)]
pub(super) enum Kept<'t> {
    Nothing,
    Truth(Option<bool>),
    Items(Collection<'t>),
}

thread_local! {
    /// Steps of all evaluations of this thread since they were taken.
    static SPENT: Cell<u64> = const { Cell::new(0) };
}

/// Steps that this thread has spent since this was asked last.
pub fn steps_spent() -> u64 {
    SPENT.replace(0)
}

/// One evaluation.
pub(super) struct Run<'t> {
    pub program: &'t Program,
    pub focus: Element<'t>,
    pub env: &'t Env<'t>,
    pub host: &'t dyn Host,
    steps: Cell<u32>,
    /// Evaluations inside evaluations.
    depth: Cell<u32>,
    pub memo: RefCell<SmallVec<[Kept<'t>; 2]>>,
    pub variables: RefCell<Vec<(String, Collection<'t>)>>,
}

/// Evaluations inside evaluations at most: what an expression of the greatest depth needs, and no stack can overflow.
const NESTED: u32 = 260;

impl<'t> Run<'t> {
    pub fn new(program: &'t Program, focus: Element<'t>, env: &'t Env<'t>, host: &'t dyn Host) -> Self {
        Self {
            program,
            focus,
            env,
            host,
            steps: Cell::new(env.steps.unwrap_or(STEPS)),
            depth: Cell::new(0),
            memo: RefCell::default(),
            variables: RefCell::default(),
        }
    }

    pub fn whole(&self, this: &Value<'t>) -> Result<Collection<'t>, Fault> {
        self.items(self.program.root, Frame { this: Some(this), index: 0, total: None })
    }

    /// The whole as an invariant.
    pub fn outcome(&self, this: &Value<'t>) -> Result<Option<bool>, Fault> {
        let frame = Frame { this: Some(this), index: 0, total: None };
        let root = self.program.root;
        if self.is_boolean(root) {
            return self.truth(root, frame);
        }
        let mut found: Option<Value<'t>> = None;
        let mut several = false;
        self.each(root, frame, &mut |value| {
            several = found.is_some();
            found.get_or_insert(value);
            Ok(!several)
        })?;
        Ok(if several { Some(true) } else { found.and_then(|v| truthiness(&v)) })
    }

    pub fn fail(&self, id: OpId, cause: Cause, says: impl Into<String>) -> Fault {
        Box::new(EvalError { cause, says: says.into(), span: self.program.spans[id as usize] })
    }

    /// Uses up steps.
    pub fn spend(&self, id: OpId, count: usize) -> Result<(), Fault> {
        SPENT.set(SPENT.get().saturating_add(count as u64));
        match self.steps.get().checked_sub(u32::try_from(count).unwrap_or(u32::MAX)) {
            Some(left) => {
                self.steps.set(left);
                Ok(())
            }
            None => {
                self.steps.set(0);
                Err(self.fail(id, Cause::Budget, "the expression takes too many steps"))
            }
        }
    }

    /// All items of an operation.
    pub fn items(&self, id: OpId, frame: Frame<'_, 't>) -> Result<Collection<'t>, Fault> {
        let mut out = Collection::new();
        self.each(id, frame, &mut |value| {
            out.push(value);
            Ok(true)
        })?;
        Ok(out)
    }

    /// The only item, if there is one.
    pub fn one(&self, id: OpId, frame: Frame<'_, 't>) -> Result<Option<Value<'t>>, Fault> {
        let mut found: Option<Value<'t>> = None;
        self.each(id, frame, &mut |value| {
            if found.is_some() {
                return Err(self.fail(id, Cause::Several, "one item is needed here and there are several"));
            }
            found = Some(value);
            Ok(true)
        })?;
        Ok(found)
    }

    /// Whether there is any item.
    pub fn any(&self, id: OpId, frame: Frame<'_, 't>) -> Result<bool, Fault> {
        match self.program.op(id) {
            Op::Path { source: None, names } => {
                self.spend(id, 1)?;
                if let Some(Value::Element(element)) = frame.this {
                    return Ok(self.path_exists(*element, self.program.names(names)));
                }
            }
            // Equal items do not matter to existence.
            Op::Union(list) => {
                for &operand in self.program.list(list) {
                    if self.any(operand, frame)? {
                        return Ok(true);
                    }
                }
                return Ok(false);
            }
            _ => {}
        }
        let mut found = false;
        self.each(id, frame, &mut |_| {
            found = true;
            Ok(false)
        })?;
        Ok(found)
    }

    /// Whether a child is what a step of that name finds.
    pub fn is_step(&self, child: Element<'t>, name: NameId) -> bool {
        let node = child.node();
        (node.base == name || self.program.mode == Mode::Published && node.name == name)
            && name != names::OTHER
            && !(node.kind == Kind::Null && node.first == NONE)
    }

    pub fn path_exists(&self, element: Element<'t>, path: &[NameId]) -> bool {
        match path {
            [] => true,
            [name, rest @ ..] => {
                let mut children = element.children_from(*name);
                let found = children.any(|child| self.is_step(child, *name) && self.path_exists(child, rest));
                found || self.plain_value(element, path)
            }
        }
    }

    /// `value` of a primitive is its system value.
    fn plain_value(&self, element: Element<'t>, path: &[NameId]) -> bool {
        path == [names::VALUE] && element.value().is_some() && types::is_primitive(element.type_id())
    }

    fn walk(&self, id: OpId, element: Element<'t>, path: &[NameId], sink: Sink<'_, 't>) -> Step {
        let [name, rest @ ..] = path else { return sink(Value::Element(element)) };
        let (mut passed, mut found) = (0, false);
        for child in element.children_from(*name) {
            passed += 1;
            if !self.is_step(child, *name) {
                continue;
            }
            found = true;
            let more = if rest.is_empty() { sink(Value::Element(child))? } else { self.walk(id, child, rest, sink)? };
            if !more {
                return Ok(false);
            }
        }
        self.spend(id, passed)?;
        if !found && self.plain_value(element, path) {
            return Value::Element(element).system().map_or(Ok(true), sink);
        }
        Ok(true)
    }

    pub fn step(&self, id: OpId, value: &Value<'t>, path: &[NameId], sink: Sink<'_, 't>) -> Step {
        match value {
            Value::Element(element) => self.walk(id, *element, path, sink),
            Value::Type { namespace, name } => match path {
                [names::NAME] => sink(Value::text(*name)),
                [one] if names::text(*one) == "namespace" => sink(Value::text(*namespace)),
                _ => Ok(true),
            },
            Value::Quantity(quantity) => match path {
                [names::VALUE] => sink(Value::Decimal(quantity.value)),
                _ => Ok(true),
            },
            _ => Ok(true),
        }
    }

    /// Pushes the items of an operation.
    pub fn each(&self, id: OpId, frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        let depth = self.depth.get();
        if depth >= NESTED {
            return Err(self.fail(id, Cause::Budget, "the expression nests too deeply while it is evaluated"));
        }
        self.depth.set(depth + 1);
        let step = self.each_inside(id, frame, sink);
        self.depth.set(depth);
        step
    }

    fn each_inside(&self, id: OpId, frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        self.spend(id, 1)?;
        let program = self.program;
        match program.op(id) {
            Op::Nothing => Ok(true),
            Op::Constant(at) => sink(program.constants[at as usize].value()),
            Op::This => frame.this.map_or(Ok(true), |value| sink(value.clone())),
            Op::Index => sink(Value::Integer(frame.index as i64)),
            Op::Total => push_all(frame.total.into_iter().flatten().cloned(), sink),
            Op::Resource => sink(Value::Element(self.env.resource.unwrap_or_else(|| self.focus.resource()))),
            Op::RootResource => sink(Value::Element(self.env.root.unwrap_or_else(|| self.focus.root_resource()))),
            Op::Context => sink(Value::Element(self.env.context.unwrap_or(self.focus))),
            Op::Variable(at) => self.variable(id, &program.variables[at as usize], sink),
            Op::Path { source: None, names } => match frame.this {
                Some(value) => self.step(id, value, program.names(names), sink),
                None => Ok(true),
            },
            Op::Path { source: Some(source), names } => {
                let path = program.names(names);
                self.each(source, frame, &mut |value| self.step(id, &value, path, sink))
            }
            Op::Root(name) => match frame.this {
                Some(Value::Element(e)) if types::derives(program.release, e.type_id(), name) => {
                    sink(Value::Element(*e))
                }
                Some(value) => self.step(id, value, &[name], sink),
                None => Ok(true),
            },
            Op::Sign { minus, operand } => self.sign(id, minus, operand, frame, sink),
            Op::Indexer { source, index } => self.indexer(id, source, index, frame, sink),
            Op::Union(list) => {
                let mut seen = Distinct::default();
                for &operand in program.list(list) {
                    let more = self.scoped(|| {
                        self.each(operand, frame, &mut |value| {
                            if seen.add(value.clone()) { sink(value) } else { Ok(true) }
                        })
                    })?;
                    if !more {
                        return Ok(false);
                    }
                }
                Ok(true)
            }
            Op::Arithmetic { op, left, right } => self.arithmetic(id, op, (left, right), frame, sink),
            Op::As { input, test, single } => {
                let test = program.tests[test as usize];
                if single {
                    return match self.one(input, frame)? {
                        Some(value) if is_exactly(&value, test, program.release) => sink(value),
                        _ => Ok(true),
                    };
                }
                self.each(input, frame, &mut |value| {
                    if is_exactly(&value, test, program.release) { sink(value) } else { Ok(true) }
                })
            }
            Op::Where { input, criteria } => self.filter(input, criteria, frame, sink),
            Op::Select { input, projection } => {
                let mut index = 0;
                self.each(input, frame, &mut |value| {
                    let inner = Frame { this: Some(&value), index, total: frame.total };
                    index += 1;
                    self.scoped(|| self.each(projection, inner, sink))
                })
            }
            Op::Count(input) => sink(Value::Integer(self.count(input, frame)?)),
            Op::Call { fun, input, args } => self.call(id, fun, input, args, frame, sink),
            Op::Memo { slot, inner } => {
                let items = self.memoised(slot, inner, frame)?;
                push_all(items, sink)
            }
            _ => match self.truth(id, frame)? {
                Some(value) => sink(Value::Boolean(value)),
                None => Ok(true),
            },
        }
    }

    fn memoised(&self, slot: u32, inner: OpId, frame: Frame<'_, 't>) -> Result<Collection<'t>, Fault> {
        if let Some(Kept::Items(items)) = self.memo.borrow().get(slot as usize) {
            return Ok(items.clone());
        }
        let items = self.items(inner, frame)?;
        self.keep(slot, Kept::Items(items.clone()));
        Ok(items)
    }

    pub fn keep(&self, slot: u32, kept: Kept<'t>) {
        let slot = slot as usize;
        let mut memo = self.memo.borrow_mut();
        if memo.len() <= slot {
            memo.resize(slot + 1, Kept::Nothing);
        }
        memo[slot] = kept;
    }

    /// Runs something in which variables may be defined, and forgets those afterwards.
    pub fn scoped<R>(&self, body: impl FnOnce() -> R) -> R {
        if !self.program.defines {
            return body();
        }
        let held = self.variables.borrow().len();
        let result = body();
        self.variables.borrow_mut().truncate(held);
        result
    }

    fn variable(&self, id: OpId, name: &str, sink: Sink<'_, 't>) -> Step {
        let held = self.variables.borrow().iter().rev().find(|(n, _)| n == name).map(|(_, items)| items.clone());
        match held {
            Some(items) => push_all(items, sink),
            None => match self.env.variables.iter().find(|(n, _)| *n == name) {
                Some((_, element)) => sink(Value::Element(*element)),
                None => Err(self.fail(id, Cause::Argument, format!("there is no variable %{name}"))),
            },
        }
    }

    fn filter(&self, input: OpId, criteria: OpId, frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        let mut index = 0;
        self.each(input, frame, &mut |value| {
            let inner = Frame { this: Some(&value), index, total: frame.total };
            index += 1;
            match self.scoped(|| self.truth(criteria, inner))? {
                Some(true) => sink(value),
                _ => Ok(true),
            }
        })
    }

    fn indexer(&self, id: OpId, source: OpId, index: OpId, frame: Frame<'_, 't>, sink: Sink<'_, 't>) -> Step {
        let Some(index) = self.one(index, frame)? else { return Ok(true) };
        let Some(mut wanted) = index.as_integer() else {
            return Err(self.fail(id, Cause::Type, "an index must be a whole number"));
        };
        let mut found = None;
        self.each(source, frame, &mut |value| {
            if wanted == 0 {
                found = Some(value);
            }
            wanted -= 1;
            Ok(found.is_none() && wanted >= 0)
        })?;
        found.map_or(Ok(true), sink)
    }
}

/// Pushes items until no more are wanted.
pub(super) fn push_all<'t>(items: impl IntoIterator<Item = Value<'t>>, sink: Sink<'_, 't>) -> Step {
    for item in items {
        if !sink(item)? {
            return Ok(false);
        }
    }
    Ok(true)
}

/// `is`: the type or one it derives from.
pub(super) fn is(value: &Value<'_>, test: TypeTest, release: Release) -> bool {
    match value {
        Value::Element(e) => {
            let ty = match types::type_of(*e) {
                names::OTHER => return false,
                ty => ty,
            };
            test.fhir.is_some_and(|fhir| types::derives(release, ty, fhir))
        }
        other => test.system.is_some_and(|system| system == other.type_name() || system == "Any"),
    }
}

/// `as` and `ofType`: primitives must be of the very type, structures may derive from it.
fn is_exactly(value: &Value<'_>, test: TypeTest, release: Release) -> bool {
    match value {
        Value::Element(e) if types::is_primitive(e.type_id()) => {
            is(value, test, release) && test.fhir.is_some_and(|fhir| types::derives(release, fhir, types::type_of(*e)))
        }
        _ => is(value, test, release),
    }
}
