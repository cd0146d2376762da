//! `hallmark-serve`: hallmark behind FHIR's `$validate` operation, on the loopback interface unless it is told otherwise.

mod arguments;
mod checkers;
mod figures;
mod media;
mod metadata;
mod operation;
mod outcome;
mod parameters;
mod parameters_xml;
mod routes;
mod server;
mod xml;

use std::process::ExitCode;

use clap::Parser as _;

use crate::arguments::Arguments;
use crate::checkers::Checkers;

/// Usage or configuration, as the command line's exit code.
const USAGE: u8 = 2;
/// It could not listen, or did not end in time.
const FAILED: u8 = 3;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    // A panic names its place alone: what it says could hold a value of a message.
    std::panic::set_hook(Box::new(|what| match what.location() {
        Some(place) => eprintln!("hallmark-serve: panic at {}:{}", place.file(), place.line()),
        None => eprintln!("hallmark-serve: panic"),
    }));
    if let Err(why) = arguments.exposed() {
        eprintln!("hallmark-serve: {why}");
        return ExitCode::from(USAGE);
    }
    let checkers = match Checkers::new(&arguments) {
        Ok(checkers) => checkers,
        Err(why) => {
            eprintln!("hallmark-serve: {why}");
            return ExitCode::from(USAGE);
        }
    };
    let runtime = tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        // One for each check that may run, and a few for what tokio itself does.
        .max_blocking_threads(arguments.workers() + 4)
        .build();
    let done = runtime.map_err(|e| e.to_string()).and_then(|runtime| {
        let done = runtime.block_on(server::serve(arguments, checkers));
        // A check that still runs ends with the process.
        runtime.shutdown_background();
        done
    });
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("hallmark-serve: {why}");
            ExitCode::from(FAILED)
        }
    }
}
