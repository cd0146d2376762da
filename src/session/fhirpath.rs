//! An expression evaluated on one message.

use super::hallmark::Hallmark;
use crate::conform::{Context, MessageHost};
pub use crate::fhirpath::print::{Answer, as_json, as_text};
use crate::fhirpath::{self, Env, Mode, Program};
use crate::message::{self, Message};
use crate::plan::BaseModel;
use crate::read;
use crate::text::{Span, on_deep_stack};

/// Why there is no result.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum FhirpathError {
    /// The message cannot be read.
    #[error("the message cannot be read: {0}")]
    Message(String),
    /// The expression is not valid: why, and where in its bytes.
    #[error("the expression is not valid: {0} (at {start}..{end})", start = .1.start, end = .1.end)]
    Invalid(String, Span),
    /// The expression is valid, and what decides it is not held.
    #[error("the expression cannot be decided here: {0} (at {start}..{end})", start = .1.start, end = .1.end)]
    NotAssessed(String, Span),
}

impl Hallmark {
    /// Evaluates a FHIRPath expression on the root of a message.
    ///
    /// ```
    /// use hallmark::session::Hallmark;
    /// use hallmark::settings::Date;
    ///
    /// let day = Date::parse("2026-11-21").ok_or("no day")?;
    /// let hallmark = Hallmark::builder().today(day).build()?;
    /// let answers = hallmark.fhirpath("name.given.count()", br#"{"resourceType": "Patient", "name": [{"given": ["A", "B"]}]}"#)?;
    /// assert_eq!((answers[0].kind, answers[0].value.as_str()), ("Integer", "2"));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    ///
    /// # Errors
    /// A message that cannot be read, an expression that is not valid or cannot be decided.
    pub fn fhirpath(&self, expression: &str, bytes: &[u8]) -> Result<Vec<Answer>, FhirpathError> {
        on_deep_stack(|| self.evaluate(expression, bytes))
    }

    fn evaluate(&self, expression: &str, bytes: &[u8]) -> Result<Vec<Answer>, FhirpathError> {
        let check = &self.inner.check;
        let mut faults = Vec::new();
        let text = read::text_of(bytes, &check.limits, &mut faults);
        let unread = |faults: &[read::Fault]| {
            let fatal = faults.iter().find(|f| f.fatal).map(|f| f.says.clone());
            FhirpathError::Message(fatal.unwrap_or_else(|| "it is empty".to_owned()))
        };
        let text = text.ok_or_else(|| unread(&faults))?;
        let (mut tree, more) = read::read(&text, &check.limits);
        if more.iter().any(|f| f.fatal) {
            return Err(unread(&more));
        }
        let (release, ..) = message::release_of(&mut tree, &check.plans, check.asked.release());
        let root = tree.root().ok_or_else(|| unread(&more))?;
        let invalid = |says: String, span: Span| FhirpathError::Invalid(says, span);
        let model = BaseModel::new(&check.plans, release);
        let context = crate::tree::names::text(root.type_id());
        fhirpath::check(expression, context, &model, Mode::Strict).map_err(|e| invalid(e.says, e.span))?;
        let program = Program::compile_strict(expression, release).map_err(|e| invalid(e.says, e.span))?;
        let cx = Context { plans: &check.plans, sets: &check.sets, options: &check.asked.options };
        let message = Message::new(&tree, release);
        let host = MessageHost::new(&cx, &message);
        let env = Env::default();
        let results = program.evaluate(root, &env, &host).map_err(|e| match e.is_not_assessed() {
            true => FhirpathError::NotAssessed(e.says.clone(), e.span),
            false => invalid(e.says.clone(), e.span),
        })?;
        Ok(fhirpath::print::answers(&results))
    }
}
