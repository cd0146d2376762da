//! What can go wrong: with the text of an expression, and while it is evaluated.

use crate::text::Span;

/// An expression that cannot be read or has no meaning. The span is within the expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{says} (at {}..{})", span.start, span.end)]
pub struct SyntaxError {
    /// What is wrong, without values of a message.
    pub says: String,
    /// Where, in bytes of the expression.
    pub span: Span,
}

/// Errors of [`super::Program::compile`]: syntax, unknown functions, types and variables.
pub type CompileError = SyntaxError;

impl SyntaxError {
    /// An error at a place.
    pub fn new(says: impl Into<String>, span: Span) -> Self {
        Self { says: says.into(), span }
    }
}

/// Why an evaluation stopped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// One item was needed and there were several.
    Several,
    /// Items of the wrong type met.
    Type,
    /// An argument has no meaning here (a negative precision, an unknown encoding).
    Argument,
    /// Something outside the message decides it and the host does not know: not assessed, never false.
    Unknown,
    /// A number, date or pattern beyond what this engine holds: not assessed.
    Beyond,
    /// The step budget was used up: not assessed.
    Budget,
}

/// An evaluation that gave no result. The span is within the expression.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{says} (at {}..{})", span.start, span.end)]
pub struct EvalError {
    /// The kind.
    pub cause: Cause,
    /// What is wrong, without values of a message.
    pub says: String,
    /// The part of the expression that failed.
    pub span: Span,
}

impl EvalError {
    /// Whether the expression could not be decided, as opposed to being applied to what it does not fit.
    pub fn is_not_assessed(&self) -> bool {
        matches!(self.cause, Cause::Unknown | Cause::Beyond | Cause::Budget)
    }
}

/// Errors travel boxed: results stay small on the hot path.
pub(super) type Fault = Box<EvalError>;
