//! Profiles compiled for checking: flat arrays, names interned, made once and shared by all workers.

mod asks;
mod compile;
pub mod decided;
mod delta;
mod discriminator;
mod model;
mod plans;
mod shape;

pub use compile::within;
pub use discriminator::{Asked, Step};
pub use model::{ConstraintPlan, Discriminator, DiscriminatorKind, Group, Node, Plan, Strength, TypePlan};
pub use plans::Plans;
pub use shape::BaseModel;
