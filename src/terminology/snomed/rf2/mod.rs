//! Reads RF2 releases: finds the files, reads their rows. Bad rows are counted, never fatal.
//!
//! The published `snomed-rf2` crate was weighed (0.11.3, the newest that builds on this toolchain): it makes a
//! `String` and a `Vec` per row and was measured at about a fifth of the speed of the reader here on the same file
//! (figures in the bench), stops a file's row at the first identifier it doubts where we keep the row and count it,
//! and does not read zip files.

mod release;
mod rows;

pub use release::{Kind, Release, ReleaseFile, Table};
pub(super) use rows::{Columns, date, each_row, flag, member_key, number};
