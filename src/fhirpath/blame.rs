//! Which part of an expression made it false.

use super::eval::{Frame, Run};
use super::program::{Op, OpId};
use super::value::Value;
use crate::text::Span;

impl<'t> Run<'t> {
    pub fn blame(&self, this: &Value<'t>) -> Option<Span> {
        let frame = Frame { this: Some(this), index: 0, total: None };
        match self.outcome(this) {
            Ok(Some(true)) | Err(_) => None,
            Ok(_) => Some(self.part(self.program.root, frame)),
        }
    }

    /// The smallest part of an operation that is not true; the operation itself when there is none smaller.
    fn part(&self, id: OpId, frame: Frame<'_, 't>) -> Span {
        let whole = self.program.spans[id as usize];
        match self.program.op(id) {
            Op::And(list) => {
                let operands = self.program.list(list).iter();
                let mut guilty = operands.filter(|&&o| matches!(self.truth(o, frame), Ok(v) if v != Some(true)));
                guilty.next().map_or(whole, |&operand| self.part(operand, frame))
            }
            Op::Implies(_, right) => self.part(right, frame),
            Op::Memo { inner, .. } => self.part(inner, frame),
            Op::All { input, criteria } => self.first_miss(input, criteria, frame, false).unwrap_or(whole),
            Op::Exists { input, negate: false } => match self.program.op(input) {
                Op::Where { input, criteria } => self.first_miss(input, criteria, frame, true).unwrap_or(whole),
                _ => whole,
            },
            _ => whole,
        }
    }

    /// The guilty part of a criterion for the first item that misses it; with `only` none unless that is the one item.
    fn first_miss(&self, input: OpId, criteria: OpId, frame: Frame<'_, 't>, only: bool) -> Option<Span> {
        let items = self.items(input, frame).ok()?;
        if only && items.len() != 1 {
            return None;
        }
        items.iter().enumerate().find_map(|(index, item)| {
            let inner = Frame { this: Some(item), index, total: frame.total };
            let missed = matches!(self.truth(criteria, inner), Ok(v) if v != Some(true));
            missed.then(|| self.part(criteria, inner))
        })
    }
}
