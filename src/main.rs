//! The hallmark binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    hallmark::cli::main().into()
}
