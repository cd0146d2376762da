//! Questions with a yes or no: operators, membership and existence without building collections.

use std::cmp::Ordering;

use super::ast::BinaryOp;
use super::calls::children;
use super::compare;
use super::error::{Cause, Fault};
use super::eval::{Frame, Kept, Run, is};
use super::functions::Fun;
use super::host::Resolution;
use super::program::{List, Mode, Op, OpId};
use super::types::{self, Class};
use super::value::{Collection, Value};
use crate::tree::{NameId, names};

impl<'t> Run<'t> {
    /// Whether an operation gives a boolean by itself.
    pub fn is_boolean(&self, id: OpId) -> bool {
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
        ) || matches!(self.program.op(id), Op::Memo { inner, .. } if self.is_boolean(inner))
    }

    /// The type that a reference names whose target is not at hand, where its type is all that is asked: `resolve() is Patient`.
    fn named_type(&self, input: OpId, frame: Frame<'_, 't>) -> Result<Option<NameId>, Fault> {
        let Op::Call { fun: Fun::Resolve, input: of, .. } = self.program.op(input) else { return Ok(None) };
        let Some(Value::Element(reference)) = self.one(of, frame)? else { return Ok(None) };
        let Some(text) = reference.text(names::REFERENCE) else { return Ok(None) };
        Ok(match self.host.resolve(reference, text) {
            Resolution::Unknown => self.host.type_of_reference(text),
            Resolution::Found(_) | Resolution::Absent => None,
        })
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
                match self.named_type(input, frame)? {
                    Some(ty) => Ok(Some(test.fhir.is_some_and(|fhir| types::derives(program.release, ty, fhir)))),
                    None => Ok(self.one(input, frame)?.map(|value| is(&value, test, program.release))),
                }
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
            Op::Memo { slot, inner } if self.is_boolean(inner) => self.memoised_truth(slot, inner, frame),
            Op::Call { fun: fun @ (Fun::StartsWith | Fun::EndsWith | Fun::Contains), input, args } => {
                match self.text_test(fun, input, args, frame)? {
                    Some(result) => Ok(result),
                    None => Ok(self.one(id, frame)?.and_then(|value| truthiness(&value))),
                }
            }
            Op::HasValue(input) => {
                if let (Op::This, Some(Value::Element(e))) = (program.op(input), frame.this) {
                    return Ok(Some(e.value().is_some()));
                }
                let mut count = 0;
                let mut has = false;
                self.each(input, frame, &mut |value| {
                    count += 1;
                    has = match &value {
                        Value::Element(e) => e.value().is_some(),
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
        if self.is_boolean(left) && self.is_boolean(right) {
            let left = self.scoped(|| self.truth(left, frame))?;
            let right = self.scoped(|| self.truth(right, frame))?;
            return Ok(left.zip(right).map(|(a, b)| a == b));
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
        let order = match (self.counted(left, frame)?, self.counted(right, frame)?) {
            (Some(left), Some(right)) => Some(left.cmp(&right)),
            _ => {
                let left = self.scoped(|| self.one(left, frame))?;
                let right = self.scoped(|| self.one(right, frame))?;
                let (Some(left), Some(right)) = (left, right) else { return Ok(None) };
                compare::order(&left, &right).map_err(|_| {
                    let says = format!("{} and {} have no order", left.type_name(), right.type_name());
                    self.fail(id, Cause::Type, says)
                })?
            }
        };
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
    fn memoised_truth(&self, slot: u32, inner: OpId, frame: Frame<'_, 't>) -> Result<Option<bool>, Fault> {
        if let Some(Kept::Truth(truth)) = self.memo.borrow().get(slot as usize) {
            return Ok(*truth);
        }
        let truth = self.truth(inner, frame)?;
        self.keep(slot, Kept::Truth(truth));
        Ok(truth)
    }

    /// How many items there are.
    pub fn count(&self, id: OpId, frame: Frame<'_, 't>) -> Result<i64, Fault> {
        if let Some(Value::Element(element)) = frame.this {
            match self.program.op(id) {
                Op::Path { source: None, names } if names.len == 1 => {
                    let name = self.program.names(names)[0];
                    self.spend(id, 1)?;
                    let count = element.children().filter(|child| self.is_step(*child, name)).count() as i64;
                    return Ok(count + i64::from(count == 0 && self.path_exists(*element, &[name])));
                }
                Op::Call { fun: Fun::Children, input, .. } if matches!(self.program.op(input), Op::This) => {
                    self.spend(id, 1)?;
                    return Ok(children(*element).count() as i64);
                }
                _ => {}
            }
        }
        let mut count = 0;
        self.each(id, frame, &mut |_| {
            count += 1;
            Ok(true)
        })?;
        Ok(count)
    }

    /// Operations that give one whole number by themselves.
    fn counted(&self, id: OpId, frame: Frame<'_, 't>) -> Result<Option<i64>, Fault> {
        match self.program.op(id) {
            Op::Count(input) => self.scoped(|| self.count(input, frame)).map(Some),
            Op::Constant(at) => match self.program.constants[at as usize].0 {
                Value::Integer(n) => Ok(Some(n)),
                _ => Ok(None),
            },
            _ => Ok(None),
        }
    }

    /// `startsWith`, `endsWith` and `contains` with a literal: nothing is copied. `None` when it is another shape.
    fn text_test(
        &self,
        fun: Fun,
        input: OpId,
        args: List,
        frame: Frame<'_, 't>,
    ) -> Result<Option<Option<bool>>, Fault> {
        let [arg] = self.program.list(args) else { return Ok(None) };
        let Op::Constant(at) = self.program.op(*arg) else { return Ok(None) };
        let Value::String(wanted) = &self.program.constants[at as usize].0 else { return Ok(None) };
        let Some(value) = self.one(input, frame)? else { return Ok(Some(None)) };
        let Some(text) = value.as_text() else { return Ok(None) };
        self.spend(input, text.len() / 16)?;
        Ok(match fun {
            Fun::StartsWith => Some(Some(text.starts_with(&**wanted))),
            Fun::EndsWith => Some(Some(text.ends_with(&**wanted))),
            Fun::Contains => Some(Some(text.contains(&**wanted))),
            _ => None,
        })
    }
}

/// What one item means where a boolean is wanted.
pub(super) fn truthiness(value: &Value<'_>) -> Option<bool> {
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
