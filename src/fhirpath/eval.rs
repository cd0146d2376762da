//! Evaluation: items are pushed to whoever wants them, so a question is answered without building collections.

use std::cell::{Cell, RefCell};
use std::cmp::Ordering;

use super::ast::BinaryOp;
use super::compare::{self, Distinct};
use super::error::{Cause, EvalError, Fault};
use super::host::{Env, Host};
use super::program::{List, Mode, Op, OpId, Program, STEPS, TypeTest};
use super::types::{self, Class};
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

/// One evaluation.
pub(super) struct Run<'t> {
    pub program: &'t Program,
    pub focus: Element<'t>,
    pub env: &'t Env<'t>,
    pub host: &'t dyn Host,
    steps: Cell<u32>,
    memo: RefCell<SmallVec<[Option<Collection<'t>>; 2]>>,
    pub variables: RefCell<Vec<(String, Collection<'t>)>>,
}

impl<'t> Run<'t> {
    pub fn new(program: &'t Program, focus: Element<'t>, env: &'t Env<'t>, host: &'t dyn Host) -> Self {
        Self {
            program,
            focus,
            env,
            host,
            steps: Cell::new(env.steps.unwrap_or(STEPS)),
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

    /// Whether an operation gives a boolean by itself.
    fn is_boolean(&self, id: OpId) -> bool {
        matches!(
            self.program.op(id),
            Op::And(_)
                | Op::Or(_)
                | Op::Xor(..)
                | Op::Implies(..)
                | Op::Equal { .. }
                | Op::Equivalent { .. }
                | Op::Order { .. }
                | Op::In { .. }
                | Op::Is { .. }
                | Op::Exists { .. }
                | Op::All { .. }
                | Op::Not(_)
                | Op::HasValue(_)
        )
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
    fn is_step(&self, child: Element<'t>, name: NameId) -> bool {
        let node = child.node();
        (node.base == name || self.program.mode == Mode::Published && node.name == name)
            && name != names::OTHER
            && !(node.kind == Kind::Null && node.first == NONE)
    }

    fn path_exists(&self, element: Element<'t>, path: &[NameId]) -> bool {
        match path {
            [] => true,
            [name, rest @ ..] => {
                let found = element.children().any(|child| self.is_step(child, *name) && self.path_exists(child, rest));
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
        let mut passed = 0;
        for child in element.children() {
            passed += 1;
            if !self.is_step(child, *name) {
                continue;
            }
            let more = if rest.is_empty() { sink(Value::Element(child))? } else { self.walk(id, child, rest, sink)? };
            if !more {
                return Ok(false);
            }
        }
        self.spend(id, passed)?;
        if passed == 0 && self.plain_value(element, path) {
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
        let slot = slot as usize;
        if let Some(Some(items)) = self.memo.borrow().get(slot) {
            return Ok(items.clone());
        }
        let items = self.items(inner, frame)?;
        let mut memo = self.memo.borrow_mut();
        if memo.len() <= slot {
            memo.resize(slot + 1, None);
        }
        memo[slot] = Some(items.clone());
        Ok(items)
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

    /// The boolean of an operation; one item of another kind counts as true.
    pub fn truth(&self, id: OpId, frame: Frame<'_, 't>) -> Result<Option<bool>, Fault> {
        let program = self.program;
        match program.op(id) {
            Op::And(list) => self.junction(list, frame, false),
            Op::Or(list) => self.junction(list, frame, true),
            Op::Xor(left, right) => {
                let left = self.scoped(|| self.truth(left, frame))?;
                let right = self.scoped(|| self.truth(right, frame))?;
                Ok(left.zip(right).map(|(a, b)| a != b))
            }
            Op::Implies(left, right) => self.implies(left, right, frame),
            Op::Equal { negate, left, right } => {
                self.spend(id, 1)?;
                Ok(self.equal(left, right, frame)?.map(|same| same != negate))
            }
            Op::Equivalent { negate, left, right } => {
                let (left, right) = (self.operand(left, frame)?, self.operand(right, frame)?);
                self.spend(id, left.len() * right.len())?;
                Ok(Some(equivalent(&left, &right) != negate))
            }
            Op::Order { op, left, right } => self.order(id, op, left, right, frame),
            Op::In { item, list } => self.membership(item, list, frame),
            Op::Is { input, test } => {
                let test = program.tests[test as usize];
                Ok(self.one(input, frame)?.map(|value| is(&value, test, program.release)))
            }
            Op::Exists { input, negate } => Ok(Some(self.any(input, frame)? != negate)),
            Op::All { input, criteria } => {
                let mut all = true;
                let mut index = 0;
                self.each(input, frame, &mut |value| {
                    let inner = Frame { this: Some(&value), index, total: frame.total };
                    index += 1;
                    all = self.scoped(|| self.truth(criteria, inner))? == Some(true);
                    Ok(all)
                })?;
                Ok(Some(all))
            }
            Op::Not(input) => Ok(self.truth(input, frame)?.map(|value| !value)),
            Op::HasValue(input) => {
                let mut count = 0;
                let mut has = false;
                self.each(input, frame, &mut |value| {
                    count += 1;
                    has = match &value {
                        Value::Element(e) => e.value().is_some() && types::class_of(*e) != Class::Complex,
                        Value::Type { .. } => false,
                        _ => true,
                    };
                    Ok(count < 2)
                })?;
                Ok(Some(has && count == 1))
            }
            _ => Ok(self.one(id, frame)?.and_then(|value| truthiness(&value))),
        }
    }

    /// `and` (`decisive` false) and `or` (`decisive` true): the decisive value wins over what is not known.
    fn junction(&self, list: List, frame: Frame<'_, 't>, decisive: bool) -> Result<Option<bool>, Fault> {
        let mut open = false;
        let mut unknown = None;
        for &operand in self.program.list(list) {
            match self.scoped(|| self.truth(operand, frame)) {
                Ok(Some(value)) if value == decisive => return Ok(Some(decisive)),
                Ok(Some(_)) => {}
                Ok(None) => open = true,
                Err(fault) if fault.cause == Cause::Unknown => unknown = Some(fault),
                Err(fault) => return Err(fault),
            }
        }
        match unknown {
            Some(fault) => Err(fault),
            None => Ok((!open).then_some(!decisive)),
        }
    }

    fn implies(&self, left: OpId, right: OpId, frame: Frame<'_, 't>) -> Result<Option<bool>, Fault> {
        let left = match self.scoped(|| self.truth(left, frame)) {
            Ok(Some(false)) => return Ok(Some(true)),
            Err(fault) if fault.cause != Cause::Unknown => return Err(fault),
            other => other,
        };
        match (left, self.scoped(|| self.truth(right, frame))) {
            (_, Ok(Some(true))) => Ok(Some(true)),
            (Err(fault), _) | (_, Err(fault)) => Err(fault),
            (Ok(Some(_)), Ok(right)) => Ok(right),
            (Ok(None), Ok(_)) => Ok(None),
        }
    }

    fn operand(&self, id: OpId, frame: Frame<'_, 't>) -> Result<Collection<'t>, Fault> {
        self.scoped(|| self.items(id, frame))
    }

    fn equal(&self, left: OpId, right: OpId, frame: Frame<'_, 't>) -> Result<Option<bool>, Fault> {
        // Comparing with a literal is the commonest shape: nothing is copied.
        if let Op::Constant(at) = self.program.op(right) {
            let wanted = &self.program.constants[at as usize].0;
            let mut count = 0;
            let mut same = None;
            self.each(left, frame, &mut |value| {
                count += 1;
                same = if count == 1 { compare::equal(&value, wanted) } else { Some(false) };
                Ok(count < 2)
            })?;
            return Ok(same);
        }
        let (left, right) = (self.operand(left, frame)?, self.operand(right, frame)?);
        if left.is_empty() || right.is_empty() {
            return Ok(None);
        }
        if left.len() != right.len() {
            return Ok(Some(false));
        }
        let mut open = false;
        for (a, b) in left.iter().zip(&right) {
            match compare::equal(a, b) {
                Some(true) => {}
                Some(false) => return Ok(Some(false)),
                None => open = true,
            }
        }
        Ok((!open).then_some(true))
    }

    fn order(
        &self,
        id: OpId,
        op: BinaryOp,
        left: OpId,
        right: OpId,
        frame: Frame<'_, 't>,
    ) -> Result<Option<bool>, Fault> {
        let left = self.scoped(|| self.one(left, frame))?;
        let right = self.scoped(|| self.one(right, frame))?;
        let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
        let order = compare::order(&left, &right).map_err(|_| {
            let says = format!("{} and {} have no order", left.type_name(), right.type_name());
            self.fail(id, Cause::Type, says)
        })?;
        Ok(order.map(|order| match op {
            BinaryOp::Less => order == Ordering::Less,
            BinaryOp::LessOrEqual => order != Ordering::Greater,
            BinaryOp::Greater => order == Ordering::Greater,
            _ => order != Ordering::Less,
        }))
    }

    fn membership(&self, item: OpId, list: OpId, frame: Frame<'_, 't>) -> Result<Option<bool>, Fault> {
        if self.program.mode == Mode::Strict {
            return match self.scoped(|| self.one(item, frame))? {
                Some(item) => self.is_member(&item, list, frame).map(Some),
                None => Ok(None),
            };
        }
        // Published expressions ask it of repeating elements (`when in ('C' | 'CM')`): each must be a member.
        let mut all = None;
        self.scoped(|| {
            self.each(item, frame, &mut |value| {
                let inside = self.is_member(&value, list, frame)?;
                all = Some(inside);
                Ok(inside)
            })
        })?;
        Ok(all)
    }

    fn is_member(&self, item: &Value<'t>, list: OpId, frame: Frame<'_, 't>) -> Result<bool, Fault> {
        let mut found = false;
        let mut look = |value: Value<'t>| {
            found = compare::equal(&value, item) == Some(true);
            Ok(!found)
        };
        // Equal members do not matter to membership.
        if let Op::Union(operands) = self.program.op(list) {
            for &operand in self.program.list(operands) {
                if !self.scoped(|| self.each(operand, frame, &mut look))? {
                    break;
                }
            }
        } else {
            self.scoped(|| self.each(list, frame, &mut look))?;
        }
        Ok(found)
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

/// What one item means where a boolean is wanted.
fn truthiness(value: &Value<'_>) -> Option<bool> {
    match value {
        Value::Boolean(b) => Some(*b),
        Value::Element(e) if types::class_of(*e) == Class::Boolean => value.as_boolean(),
        _ => Some(true),
    }
}

fn equivalent(left: &[Value<'_>], right: &[Value<'_>]) -> bool {
    let mut used = vec![false; right.len()];
    left.len() == right.len()
        && left.iter().all(|a| {
            let twin = (0..right.len()).find(|&i| !used[i] && compare::equivalent(a, &right[i]));
            twin.map(|i| used[i] = true).is_some()
        })
}

/// `is`: the type or one it derives from.
fn is(value: &Value<'_>, test: TypeTest, release: Release) -> bool {
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
