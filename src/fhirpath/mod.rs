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
mod decimal;
mod error;
mod eval;
mod functions;
mod host;
mod lexer;
#[cfg(test)]
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
#[cfg(test)]
pub use error::Cause;
pub use error::EvalError;
pub use eval::steps_spent;
#[cfg(any(test, feature = "bench"))]
pub use host::NoHost;
pub use host::{Env, Host, Resolution, Tri};
#[cfg(test)]
pub use model::CatalogueModel;
#[cfg(any(test, feature = "bench"))]
pub use parser::parse;
pub use program::{Mode, Outcome, Program};
pub use quantity::Quantity;
pub use repairs::repaired;
pub use temporal::{Temporal, TemporalKind};
pub use types::{Model, ModelType};
#[cfg(test)]
pub use value::Collection;
pub use value::Value;

#[cfg(test)]
mod tests;
