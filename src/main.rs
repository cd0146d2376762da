//! The hallmark binary.

use std::process::ExitCode;

/// Main threads have 1 MB of stack on Windows: too little for a message as deep as `limits.depth` may allow.
const STACK: usize = 64 << 20;

fn main() -> ExitCode {
    let run = std::thread::Builder::new().stack_size(STACK).spawn(hallmark::cli::main);
    match run.map(std::thread::JoinHandle::join) {
        Ok(Ok(exit)) => exit.into(),
        // It panicked, and said so.
        Ok(Err(_)) => ExitCode::from(101),
        Err(_) => hallmark::cli::main().into(),
    }
}
