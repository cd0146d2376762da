//! FHIRPath: an expression is compiled once and evaluated over the element tree, both formats and both releases.

mod arithmetic;
pub mod ast;
mod blame;
mod boundary;
mod calls;
mod check;
mod compare;
mod compile;
mod convert;
mod error;
mod eval;
mod functions;
mod host;
mod lexer;
mod model;
mod parser;
pub mod print;
mod program;
mod quantity;
mod repairs;
mod scalars;
mod strings;
mod temporal;
mod truth;
pub mod types;
mod value;

pub use check::check;
pub use error::{Cause, CompileError, EvalError, SyntaxError};
pub use host::{Env, Host, NoHost, Resolution, Tri};
pub use model::CatalogueModel;
pub use parser::{DEEPEST, parse};
pub use program::{Mode, Outcome, Program, STEPS};
pub use quantity::{Quantity, Unit};
pub use repairs::{REPAIRS, Repair, repaired};
pub use temporal::{Precision, Temporal, TemporalKind};
pub use types::{Model, ModelType};
pub use value::{Collection, Value};

#[cfg(test)]
mod tests;
