//! The hallmark binary.

use std::process::ExitCode;

fn main() -> ExitCode {
    let run = std::thread::Builder::new().stack_size(hallmark::read::STACK).spawn(hallmark::cli::main);
    match run.map(std::thread::JoinHandle::join) {
        Ok(Ok(exit)) => exit.into(),
        // It panicked, and said so.
        Ok(Err(_)) => ExitCode::from(101),
        Err(_) => hallmark::cli::main().into(),
    }
}
