//! `hallmark fhirpath`: evaluates an expression on a message.

use super::args::Fhirpath;
use super::{Exit, Failure, print};
use crate::fhirpath::{Env, NoHost, Program};
use crate::message;
use crate::pack::catalogue::Catalogue;
use crate::pack::model::Release;
use crate::plan::Plans;
use crate::read::{self, Limits};

/// Evaluates and prints.
pub fn run(args: &Fhirpath) -> Result<Exit, Failure> {
    let bytes = std::fs::read(&args.file).map_err(|e| Failure::io(&args.file.display().to_string(), &e))?;
    let limits = Limits::default();
    let mut faults = Vec::new();
    let text = read::text_of(&bytes, &limits, &mut faults);
    let text = text.ok_or_else(|| Failure::usage("the message is no text"))?;
    let (mut tree, more) = read::read(&text, &limits);
    if let Some(fault) = more.iter().find(|f| f.fatal) {
        return Err(Failure { exit: Exit::Findings, says: format!("hallmark: the message cannot be read: {}", fault.says) });
    }
    let catalogue = Catalogue::new(&[]).map_err(|e| Failure::usage(e.to_string()))?;
    let plans = Plans::new(catalogue.into());
    let (release, ..) = message::release_of(&mut tree, &plans, Release::parse(&args.fhir_version));
    let program = Program::compile_strict(&args.expression, release).map_err(|e| Failure::usage(e.to_string()))?;
    let root = tree.root().ok_or_else(|| Failure::usage("the message is empty"))?;
    let env = std::mem::ManuallyDrop::new(Env::default());
    let results = program.evaluate(root, &env, &NoHost).map_err(|e| Failure::usage(e.to_string()))?;
    let _ = &results;
    print(&format!("{} results\n", results.len()))
}
