//! Strings of messages that become names: canonicals, systems, file names, labels. Each is a type whose only ways in sanitise, so
//! that no key, label or path of an output can be raw text of a message.

use std::collections::BTreeMap;
use std::fmt;
use std::ops::Deref;
use std::sync::{Arc, Mutex, PoisonError};

use hmac::{Hmac, KeyInit, Mac};
use serde::Serialize;
use sha2::Sha256;

use super::chars::digit;
use super::sanitise;
use super::scrub::{clean, holds_number};

macro_rules! names {
    ($($(#[$doc:meta])* $name:ident),* $(,)?) => {$(
        $(#[$doc])*
        #[derive(Clone, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize)]
        pub struct $name(Box<str>);

        impl Deref for $name {
            type Target = str;

            fn deref(&self) -> &str {
                &self.0
            }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str(&self.0)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.0, f)
            }
        }

        impl PartialEq<str> for $name {
            fn eq(&self, other: &str) -> bool {
                &*self.0 == other
            }
        }

        impl PartialEq<&str> for $name {
            fn eq(&self, other: &&str) -> bool {
                &*self.0 == *other
            }
        }

        impl From<$name> for String {
            fn from(name: $name) -> Self {
                name.0.into()
            }
        }
    )*};
}

names! {
    /// What was not assessed, by canonical or key: a URL without anything that could be a value, or words of a definition.
    Canonical,
    /// The name of a source as it may be printed: a part that holds a number is `#` and a number made from the part.
    FileName,
    /// One line that people gave to be printed: a product, an interface, a name.
    Label,
}

/// Most bytes of a label or of a definition's words.
const LONGEST: usize = 400;

fn bounded(text: &str) -> Box<str> {
    let line = sanitise::line(text);
    let line = clean(&line);
    match line.char_indices().nth(LONGEST) {
        Some((at, _)) => format!("{}…", &line[..at]).into(),
        None => line.into(),
    }
}

impl Canonical {
    /// From a URL that a message holds; what is no URL is not shown.
    pub fn of_message(url: &str) -> Self {
        Self(sanitise::url(url).into())
    }

    /// From what a held definition says, or from our own words: a canonical, the id of an element, the key of an invariant, an
    /// expression.
    pub fn of_definition(text: &str) -> Self {
        Self(bounded(text))
    }
}

impl<T: AsRef<str>> From<T> for Canonical {
    /// As from a message.
    fn from(url: T) -> Self {
        Self::of_message(url.as_ref())
    }
}

impl<T: AsRef<str>> From<T> for FileName {
    /// As without a key.
    fn from(path: T) -> Self {
        FileNames::default().of(path.as_ref())
    }
}

impl Label {
    /// From what people gave.
    pub fn new(text: &str) -> Self {
        Self(bounded(text))
    }
}

/// Makes the names of sources that may be printed.
#[derive(Clone, Default)]
pub struct FileNames {
    key: Option<Hmac<Sha256>>,
    /// Whoever reads them may see the files as well.
    plain: bool,
    /// Names that stand for others, where somebody wants to know which.
    told: Option<Arc<Mutex<BTreeMap<FileName, String>>>>,
}

impl fmt::Debug for FileNames {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("FileNames(..)")
    }
}

/// Rounds for a part of a name without a key: a millisecond or so, and as long for each guess.
const ROUNDS: u32 = 1_000;

impl FileNames {
    /// Under the key of pseudonyms, or without one.
    pub fn new(key: Option<&[u8]>) -> Self {
        Self { key: key.and_then(|key| <Hmac<Sha256> as KeyInit>::new_from_slice(key).ok()), ..Self::default() }
    }

    /// The names as they are, for a terminal or a declared test environment.
    pub fn plain(self, plain: bool) -> Self {
        Self { plain, ..self }
    }

    /// Remembers which name stands for which.
    pub fn telling(self, tell: bool) -> Self {
        Self { told: tell.then(Arc::default), ..self }
    }

    /// Names that stand for others, with those, in order.
    pub fn told(&self) -> Vec<(FileName, String)> {
        let told = self.told.as_ref().map(|told| told.lock().unwrap_or_else(PoisonError::into_inner));
        told.map(|told| told.iter().map(|(name, path)| (name.clone(), path.clone())).collect()).unwrap_or_default()
    }

    /// The name of a source. Each part of its path that holds a number, and so may be a patient's, is replaced by `#` and digits that
    /// depend on that part alone (and on the key), so that a file has one name in every run, folder and shard. Without a key they are
    /// stretched and few: about sixty of the numbers that exist share each.
    pub fn of(&self, path: &str) -> FileName {
        if self.plain {
            return FileName(sanitise::line(path).into());
        }
        let parts = path.split(['/', '\\']).map(|part| match holds_ten(part) {
            true => format!("#{}", self.tag(part)),
            false => sanitise::line(part),
        });
        // A number may be spread over parts.
        let name = FileName(clean(&parts.collect::<Vec<_>>().join("/")).into());
        if let Some(told) = &self.told
            && *name != *path.replace('\\', "/")
        {
            told.lock().unwrap_or_else(PoisonError::into_inner).insert(name.clone(), path.to_owned());
        }
        name
    }

    /// Fewer than ten digits, whatever they are.
    fn tag(&self, part: &str) -> u32 {
        let number = |bytes: &[u8]| bytes.iter().take(4).fold(0u32, |n, b| n << 8 | u32::from(*b));
        match &self.key {
            Some(key) => {
                let mut mac = key.clone();
                mac.update(b"hallmark/v1/file-name");
                mac.update(part.as_bytes());
                number(&mac.finalize().into_bytes()) >> 3
            }
            None => {
                let mut sealed = [0u8; 4];
                pbkdf2::pbkdf2_hmac::<Sha256>(part.as_bytes(), b"hallmark/v1/file-name", ROUNDS, &mut sealed);
                number(&sealed) >> 8
            }
        }
    }
}

/// Whether a part of a path holds a number that may be an NHS number: ten digits whose last follows from the others, in any
/// writing, or more digits in a row that are no time.
fn holds_ten(part: &str) -> bool {
    if holds_number(part) {
        return true;
    }
    let mut rest = part;
    loop {
        let Some(start) = rest.char_indices().find(|(_, c)| digit(*c).is_some()).map(|(at, _)| at) else {
            return false;
        };
        rest = &rest[start..];
        let end = rest.char_indices().find(|(_, c)| digit(*c).is_none()).map_or(rest.len(), |(at, _)| at);
        let run: Vec<u8> = rest[..end].chars().filter_map(digit).collect();
        if run.len() > 10 && !is_time(&run) {
            return true;
        }
        rest = &rest[end..];
    }
}

/// `20261121120000` and the like: a day of this or the last century, and what may follow it.
fn is_time(digits: &[u8]) -> bool {
    let two = |at: usize| digits[at] * 10 + digits[at + 1];
    let clock = |at: usize, most: u8| digits.len() < at + 2 || two(at) <= most;
    matches!(two(0), 19 | 20)
        && (1..=12).contains(&two(4))
        && (1..=31).contains(&two(6))
        && clock(8, 24)
        && clock(10, 59)
        && clock(12, 60)
        && digits.len() <= 20
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_that_holds_a_number_is_known_by_a_number_of_its_own() {
        let names = FileNames::new(None);
        let shown = names.of("in/pat-999 000 0018.json");
        assert!(shown.starts_with("in/#") && shown.len() > 5, "{shown}");
        assert!(shown[4..].bytes().all(|b| b.is_ascii_digit()) && shown[4..].len() < 9, "{shown}");
        assert_eq!(names.of("elsewhere/pat-999 000 0018.json")[10..], shown[3..]);
        assert_ne!(names.of("in/pat-999 000 0026.json"), shown);
        let keyed = FileNames::new(Some(&[7; 32])).of("in/pat-999 000 0018.json");
        assert_ne!(keyed, shown);
        assert_ne!(FileNames::new(Some(&[8; 32])).of("in/pat-999 000 0018.json"), keyed);
        for plain in [
            "in/2026-11/a.json",
            "feed-20261121120000.ndjson",
            "feed_2026-11-21_1200.json",
            "9990000019.json",
            "é.json",
        ] {
            assert_eq!(names.of(plain), *plain);
        }
        for number in [
            "9990000018",
            "999.000.0018",
            "999_000_0018",
            "９９９０００００１８",
            "x9990000018y",
            "99900000181",
            "NHS9990000018",
        ] {
            assert!(names.of(&format!("{number}.json")).starts_with('#'), "{number}");
        }
        assert_eq!(names.of("999/000/0018/a.json"), "###/###/####/a.json");
        assert_eq!(names.of("a\u{1b}[31m.json"), "a\u{FFFD}[31m.json");
    }

    #[test]
    fn what_is_no_url_is_not_shown() {
        assert_eq!(Canonical::of_message("Testcase Alpha 9990000018 \u{1b}[31m"), "(no URL)");
        assert_eq!(Canonical::of_message("http://a/9990000018"), "http://a/9999999999");
        assert_eq!(Canonical::of_definition("Patient.name\u{1b} 999 000 0018"), "Patient.name\u{FFFD} ### ### ####");
        assert!(Label::new(&"x".repeat(999)).chars().count() == LONGEST + 1);
    }
}
