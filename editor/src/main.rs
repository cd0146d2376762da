//! `hallmark-lsp`: hallmark where messages are written, as a language server over standard input and output.

mod actions;
mod checkers;
mod completion;
mod documents;
mod findings;
mod hover;
mod lines;
mod outline;
mod place;
mod references;
mod server;
mod symbols;

use std::process::ExitCode;

use lsp_server::Connection;

const HELP: &str = "hallmark-lsp: a language server for FHIR messages, spoken to over standard input and output.

  --stdio     what it does anyway; editors say it
  --version   its version

Settings come from the hallmark.toml that is nearest above each document, as for `hallmark check`.
";

fn main() -> ExitCode {
    for word in std::env::args().skip(1) {
        match word.as_str() {
            "--stdio" => {}
            "--version" => {
                println!("hallmark-lsp {}", env!("CARGO_PKG_VERSION"));
                return ExitCode::SUCCESS;
            }
            "--help" | "-h" => {
                print!("{HELP}");
                return ExitCode::SUCCESS;
            }
            _ => {
                eprint!("{HELP}");
                return ExitCode::from(2);
            }
        }
    }
    // A panic names its place alone: what it says could hold a value of a message.
    std::panic::set_hook(Box::new(|what| match what.location() {
        Some(place) => eprintln!("hallmark-lsp: panic at {}:{}", place.file(), place.line()),
        None => eprintln!("hallmark-lsp: panic"),
    }));
    let (connection, threads) = Connection::stdio();
    let done = server::serve(&connection);
    drop(connection);
    match done.and_then(|()| threads.join().map_err(|e| e.to_string())) {
        Ok(()) => ExitCode::SUCCESS,
        Err(why) => {
            eprintln!("hallmark-lsp: {why}");
            ExitCode::FAILURE
        }
    }
}
