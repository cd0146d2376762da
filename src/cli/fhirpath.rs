//! `hallmark fhirpath`: evaluates an expression on a message.

use super::args::Fhirpath;
use super::{Exit, Failure, print};
use crate::conform::{Context, MessageHost, Options};
use crate::fhirpath::{self, Env, Mode, Program};
use crate::message::{self, Message};
use crate::pack::catalogue::Catalogue;
use crate::pack::model::Release;
use crate::plan::{BaseModel, Plans};
use crate::read::{self, Limits};
use crate::terminology::Sets;
use crate::text::Span;

/// Evaluates and prints.
pub fn run(args: &Fhirpath) -> Result<Exit, Failure> {
    let today = super::check::today();
    let bytes = std::fs::read(&args.file).map_err(|e| Failure::io(&args.file.display().to_string(), &e))?;
    let limits = Limits::default();
    let mut faults = Vec::new();
    let text = read::text_of(&bytes, &limits, &mut faults);
    let text = text.ok_or_else(|| Failure::usage("the message is no text"))?;
    let (mut tree, more) = read::read(&text, &limits);
    if let Some(fault) = more.iter().find(|f| f.fatal) {
        return Err(Failure {
            exit: Exit::Findings,
            says: format!("hallmark: the message cannot be read: {}", fault.says),
        });
    }
    let catalogue = Catalogue::new(&args.packages).map_err(|e| Failure::usage(e.to_string()))?;
    let catalogue = std::sync::Arc::new(catalogue);
    let plans = Plans::new(std::sync::Arc::clone(&catalogue));
    let (release, ..) = message::release_of(&mut tree, &plans, Release::parse(&args.fhir_version));
    let root = tree.root().ok_or_else(|| Failure::usage("the message is empty"))?;
    let invalid = |says: &str, span: Span| shown("is not valid", &args.expression, says, span);
    let model = BaseModel::new(&plans, release);
    let context = crate::tree::names::text(root.type_id());
    fhirpath::check(&args.expression, context, &model, Mode::Strict).map_err(|e| invalid(&e.says, e.span))?;
    let program = Program::compile_strict(&args.expression, release).map_err(|e| invalid(&e.says, e.span))?;
    let snomed = args.terminology.as_deref().map(super::snomed::open).transpose()?;
    let sets = Sets::new(catalogue).with_snomed(snomed.map(std::sync::Arc::new));
    let options = Options { today: today.to_string(), ..Options::default() };
    let cx = Context { plans: &plans, sets: &sets, options: &options };
    let message = Message::new(&tree, release);
    let host = MessageHost::new(&cx, &message);
    let env = Env::default();
    let results = program.evaluate(root, &env, &host).map_err(|e| match e.is_not_assessed() {
        true => shown("cannot be decided here", &args.expression, &e.says, e.span),
        false => invalid(&e.says, e.span),
    })?;
    print(&if args.format == "json" {
        fhirpath::print::as_json(&results) + "\n"
    } else {
        fhirpath::print::as_text(&results)
    })
}

/// The fault with the expression below it, the part at fault underlined.
fn shown(what: &str, expression: &str, says: &str, span: Span) -> Failure {
    let (start, end) = (span.start as usize, span.end as usize);
    let line = expression.get(..start).map_or(0, |before| before.rfind('\n').map_or(0, |at| at + 1));
    let text = expression.get(line..).unwrap_or_default().lines().next().unwrap_or_default();
    let before = expression.get(line..start).map_or(0, |s| s.chars().count());
    let under = expression.get(start..end).map_or(1, |s| s.lines().next().unwrap_or_default().chars().count()).max(1);
    let marks = " ".repeat(before) + &"^".repeat(under);
    let says = format!("hallmark: the expression {what}: {says} (at {start}..{end})\n  {text}\n  {marks}");
    Failure { exit: Exit::Usage, says }
}
