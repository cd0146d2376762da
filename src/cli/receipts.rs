//! When messages came in, as the command line says: one time, a list, or the times of files.

use std::collections::HashMap;
use std::path::Path;

use super::Failure;
use super::args::Check as Args;
use crate::session::Receipts;
use crate::settings::Date;

/// What the flags say.
pub fn of(args: &Args) -> Result<Receipts, Failure> {
    if let Some(text) = &args.received_at {
        let at = Date::moment(text);
        let says = "--received-at takes a time with a zone such as 2026-01-31T09:30:00Z";
        return at.map(Receipts::At).ok_or_else(|| Failure::usage(says));
    }
    match &args.received_list {
        Some(path) => {
            let text = std::fs::read_to_string(path).map_err(|e| Failure::io(&path.display().to_string(), &e))?;
            listed(path, &text)
        }
        None if args.received_file_times => Ok(Receipts::FileTimes),
        None => Ok(Receipts::Unknown),
    }
}

/// Lines of `file,received[,payload]`; a first line without a time is a heading. Names may stand in double quotes.
fn listed(path: &Path, text: &str) -> Result<Receipts, Failure> {
    let mut list = HashMap::new();
    for (number, line) in text.trim_start_matches('\u{feff}').lines().enumerate().filter(|(_, l)| !l.trim().is_empty())
    {
        let fault = |says: &str| Failure::usage(format!("{}:{}: {says}", path.display(), number + 1));
        let (name, rest) = cell(line).ok_or_else(|| fault("a line is file,received or file,received,payload"))?;
        let mut rest = rest.split(',').map(str::trim);
        let received = rest.next().and_then(Date::moment);
        let Some(received) = received else {
            if number == 0 && name.bytes().all(|b| b.is_ascii_alphanumeric() || b"_- ".contains(&b)) {
                continue;
            }
            return Err(fault("the second part is a time with a zone such as 2026-01-31T09:30:00Z"));
        };
        let payload = match rest.next().filter(|p| !p.is_empty()).map(str::parse) {
            None => 0,
            Some(Ok(payload)) => payload,
            Some(Err(_)) => return Err(fault("the third part is the number of a payload, from 1")),
        };
        if list.insert((name, payload), received).is_some_and(|before| before != received) {
            return Err(fault("this file stands here twice with two times"));
        }
    }
    Ok(Receipts::Listed(list))
}

/// The first cell of a line, and what follows its comma.
fn cell(line: &str) -> Option<(String, &str)> {
    let Some(quoted) = line.strip_prefix('"') else {
        return line.split_once(',').map(|(name, rest)| (name.trim().to_owned(), rest));
    };
    let mut from = 0;
    loop {
        let end = from + quoted[from..].find('"')?;
        let rest = &quoted[end + 1..];
        if rest.starts_with('"') {
            from = end + 2;
            continue;
        }
        return Some((quoted[..end].replace("\"\"", "\""), rest.trim_start().strip_prefix(',')?));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn lists_are_read_and_faults_have_their_line() {
        let text =
            "\u{feff}file,received\na.ndjson,2026-01-31T09:30:00Z\n\"b, \"\"c\"\".xml\",2026-01-31T10:30:00+01:00,2\n";
        let Ok(Receipts::Listed(list)) = listed(Path::new("x.csv"), text) else { panic!("no list") };
        assert_eq!(list[&("a.ndjson".to_owned(), 0)], list[&("b, \"c\".xml".to_owned(), 2)]);
        for (text, says) in [
            ("a,2026-01-31T09:30:00Z\nb,soon", "x.csv:2: the second part"),
            ("a,2026-01-31T09:30:00Z,first", "x.csv:1: the third part"),
            ("a", "x.csv:1: a line is"),
            ("a,2026-01-31T09:30:00Z\na,2026-01-31T09:31:00Z", "x.csv:2: this file"),
        ] {
            let fault = listed(Path::new("x.csv"), text).unwrap_err();
            assert!(fault.says.contains(says), "{}", fault.says);
        }
    }
}
