//! Checks one file through the door of the library, and prints what `hallmark check FILE --no-config --format ndjson` prints:
//! `cargo run --no-default-features --example embed FILE [YYYY-MM-DD]`.

use std::error::Error;
use std::io::{self, Write};
use std::path::Path;
use std::time::{SystemTime, UNIX_EPOCH};

use hallmark::finding::Finding;
use hallmark::report::{Format, WriteOptions, Writer, open};
use hallmark::session::{Hallmark, Observer, Unreadable};
use hallmark::settings::Date;

/// Hands findings to a writer as they come, and keeps the first thing that goes wrong.
struct Printing<'o> {
    writer: Box<dyn Writer + 'o>,
    trouble: Option<Box<dyn Error>>,
}

impl Observer for Printing<'_> {
    fn finding(&mut self, finding: &Finding) {
        if let Err(error) = self.writer.finding(finding) {
            self.trouble.get_or_insert(error.into());
        }
    }

    fn unreadable(&mut self, what: &Unreadable) {
        self.trouble.get_or_insert(format!("{}: {}", what.name, what.why).into());
    }
}

/// Prints the findings of a file, as of a day.
///
/// # Errors
/// What could not be built, read or written.
pub fn print(path: &Path, day: Date, out: impl Write) -> Result<(), Box<dyn Error>> {
    let hallmark = Hallmark::builder().today(day).build()?;
    let options = WriteOptions { version: env!("CARGO_PKG_VERSION").to_owned(), ..WriteOptions::default() };
    let format = Format::named("ndjson").ok_or("there is no such format")?;
    let mut printing = Printing { writer: open(format, &options, out)?, trouble: None };
    let outcome = hallmark.run(&[path.to_owned()], 1, &mut printing);
    printing.writer.close(&outcome)?;
    printing.trouble.map_or(Ok(()), Err)
}

#[allow(clippy::disallowed_methods, dead_code, reason = "the caller is where arguments and the clock are read")]
fn main() -> Result<(), Box<dyn Error>> {
    let mut words = std::env::args_os().skip(1);
    let path = words.next().ok_or("which file?")?;
    let day = match words.next() {
        Some(word) => Date::parse(&word.to_string_lossy()).ok_or("a day is written 2026-01-31")?,
        None => Date::from_days((SystemTime::now().duration_since(UNIX_EPOCH)?.as_secs() / 86_400) as i64),
    };
    print(Path::new(&path), day, io::stdout().lock())
}
