//! A compiled expression: flat operations, names interned, literals parsed, constant parts marked for one evaluation.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::ast::BinaryOp;
use super::compile;
use super::error::{CompileError, EvalError};
use super::eval::Run;
use super::functions::Fun;
use super::host::{Env, Host};
use super::quantity::{Quantity, Unit};
use super::value::{Collection, Value};
use crate::pack::model::Release;
use crate::text::Span;
use crate::tree::{Element, NameId};
use regex::Regex;

/// Index of an operation.
pub(super) type OpId = u32;

/// A stretch of [`Program::lists`].
#[derive(Clone, Copy, Debug)]
pub(super) struct List {
    pub start: u32,
    pub len: u32,
}

/// What a type name in an expression may mean.
#[derive(Clone, Copy, Debug)]
pub(super) struct TypeTest {
    /// System type of that name.
    pub system: Option<&'static str>,
    /// FHIR type of that name.
    pub fhir: Option<NameId>,
}

/// One operation; operands are other operations.
#[derive(Clone, Copy, Debug)]
pub(super) enum Op {
    Nothing,
    Constant(u32),
    This,
    Index,
    Total,
    Resource,
    RootResource,
    Context,
    Variable(u32),
    /// Steps down from `$this` or from a source.
    Path {
        source: Option<OpId>,
        names: List,
    },
    /// A capitalised name at the start: the type of `$this`.
    Root(NameId),
    Sign {
        minus: bool,
        operand: OpId,
    },
    Indexer {
        source: OpId,
        index: OpId,
    },
    And(List),
    Or(List),
    Xor(OpId, OpId),
    Implies(OpId, OpId),
    Union(List),
    Equal {
        negate: bool,
        left: OpId,
        right: OpId,
    },
    Equivalent {
        negate: bool,
        left: OpId,
        right: OpId,
    },
    Order {
        op: BinaryOp,
        left: OpId,
        right: OpId,
    },
    Arithmetic {
        op: BinaryOp,
        left: OpId,
        right: OpId,
    },
    /// `item in list`.
    In {
        item: OpId,
        list: OpId,
    },
    Is {
        input: OpId,
        test: u32,
    },
    /// `as` and `ofType`; `single` refuses several items.
    As {
        input: OpId,
        test: u32,
        single: bool,
    },
    Exists {
        input: OpId,
        negate: bool,
    },
    /// `where`, and the first half of `exists(criteria)`.
    Where {
        input: OpId,
        criteria: OpId,
    },
    All {
        input: OpId,
        criteria: OpId,
    },
    Select {
        input: OpId,
        projection: OpId,
    },
    Not(OpId),
    HasValue(OpId),
    Count(OpId),
    Call {
        fun: Fun,
        input: OpId,
        args: List,
    },
    /// An operand that does not depend on the items around it: evaluated once.
    Memo {
        slot: u32,
        inner: OpId,
    },
}

/// A literal as the program keeps it.
#[derive(Clone, Debug)]
pub(super) struct Constant(pub Value<'static>);

impl Constant {
    pub fn value(&self) -> Value<'_> {
        match &self.0 {
            Value::String(text) => Value::String(Cow::Borrowed(text.as_ref())),
            Value::Quantity(quantity) => {
                let unit = match &quantity.unit {
                    Unit::Ucum(code) => Unit::Ucum(Cow::Borrowed(code.as_ref())),
                    Unit::Calendar(word) => Unit::Calendar(Cow::Borrowed(word.as_ref())),
                    Unit::Local { system, code } => Unit::Local { system, code },
                };
                Value::Quantity(Box::new(Quantity { value: quantity.value, unit }))
            }
            other => other.clone(),
        }
    }
}

/// How strictly an expression is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mode {
    /// As invariants of releases before R5 need it: `as` filters several items, type names match in any case,
    /// `valueQuantity` finds `value`.
    Published,
    /// As the specification has it, for expressions that people write.
    Strict,
}

/// A compiled expression, to be shared by all workers.
#[derive(Debug)]
pub struct Program {
    pub(super) text: String,
    pub(super) ops: Vec<Op>,
    pub(super) spans: Vec<Span>,
    pub(super) lists: Vec<OpId>,
    pub(super) names: Vec<NameId>,
    pub(super) constants: Vec<Constant>,
    pub(super) tests: Vec<TypeTest>,
    pub(super) variables: Vec<String>,
    /// Patterns that are literals, by the operation of the literal.
    pub(super) patterns: Vec<(OpId, OnceLock<Option<Regex>>)>,
    pub(super) slots: u32,
    pub(super) defines: bool,
    pub(super) root: OpId,
    pub(super) mode: Mode,
    pub(super) release: Release,
}

/// What an invariant came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// True, or one item that is no boolean.
    True,
    /// False.
    False,
    /// No result. The reference validator counts it as false.
    Empty,
}

/// Steps an evaluation may take: about a second of work.
pub const STEPS: u32 = 20_000_000;

impl Program {
    /// Compiles a published expression ([`Mode::Published`]).
    ///
    /// # Errors
    /// Syntax errors; unknown functions, types and argument counts; each with its span.
    pub fn compile(expression: &str, release: Release) -> Result<Self, CompileError> {
        compile::compile(expression, release, Mode::Published)
    }

    /// Compiles an expression as the specification has it ([`Mode::Strict`]).
    ///
    /// # Errors
    /// As [`Program::compile`], and unknown escapes in strings.
    pub fn compile_strict(expression: &str, release: Release) -> Result<Self, CompileError> {
        compile::compile(expression, release, Mode::Strict)
    }

    /// The expression it was compiled from.
    pub fn text(&self) -> &str {
        &self.text
    }

    #[cfg(feature = "bench")]
    /// Release it was compiled for.
    pub fn release(&self) -> Release {
        self.release
    }

    /// Evaluates with `focus` as context.
    ///
    /// # Errors
    /// See [`super::Cause`].
    pub fn evaluate<'t>(
        &'t self,
        focus: Element<'t>,
        env: &'t Env<'t>,
        host: &'t dyn Host,
    ) -> Result<Collection<'t>, EvalError> {
        let this = Value::Element(focus);
        Run::new(self, focus, env, host).whole(&this).map_err(|fault| *fault)
    }

    /// Evaluates as an invariant: without copying items out, stopping as soon as the outcome is known.
    ///
    /// # Errors
    /// See [`super::Cause`]. Several items, none of them needed as one boolean, count as true.
    pub fn test<'t>(&'t self, focus: Element<'t>, env: &'t Env<'t>, host: &'t dyn Host) -> Result<Outcome, EvalError> {
        let this = Value::Element(focus);
        match Run::new(self, focus, env, host).outcome(&this) {
            Ok(Some(true)) => Ok(Outcome::True),
            Ok(Some(false)) => Ok(Outcome::False),
            Ok(None) => Ok(Outcome::Empty),
            Err(fault) => Err(*fault),
        }
    }

    /// The smallest part of the expression that came out false (or without a result) for `focus`: through `and`,
    /// `implies`, `all` and `where`. `None` when the whole is true or cannot be evaluated.
    pub fn blame<'t>(&'t self, focus: Element<'t>, env: &'t Env<'t>, host: &'t dyn Host) -> Option<Span> {
        let this = Value::Element(focus);
        Run::new(self, focus, env, host).blame(&this)
    }

    pub(super) fn op(&self, id: OpId) -> Op {
        self.ops[id as usize]
    }

    pub(super) fn list(&self, list: List) -> &[OpId] {
        &self.lists[list.start as usize..(list.start + list.len) as usize]
    }

    pub(super) fn names(&self, list: List) -> &[NameId] {
        &self.names[list.start as usize..(list.start + list.len) as usize]
    }
}
