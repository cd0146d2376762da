//! String functions.

use std::borrow::Cow;
use std::sync::OnceLock;

use super::convert::whole;
use super::functions::Fun;
use super::scalars::{Problem, Results, maybe};
use super::types;
use super::value::{Collection, Value};
use regex::{Regex, RegexBuilder};
use smallvec::smallvec;

/// Memory one compiled pattern may take, in bytes.
const PATTERN: usize = 1 << 21;

pub(super) fn apply<'t>(
    fun: Fun,
    value: &Value<'t>,
    args: &[Value<'t>],
    pattern: Option<&OnceLock<Option<Regex>>>,
) -> Results<'t> {
    let text = text_of(value)?;
    let argument = |i: usize| -> Result<Cow<'_, str>, Problem> {
        args.get(i).map_or(Err(Problem::Type("an argument is missing".into())), text_of)
    };
    let boolean = |b: bool| -> Results<'t> { Ok(smallvec![Value::Boolean(b)]) };
    let string = |s: String| -> Results<'t> { Ok(smallvec![Value::text(s)]) };
    match fun {
        Fun::Length => Ok(smallvec![Value::Integer(text.chars().count() as i64)]),
        Fun::StartsWith => boolean(text.starts_with(&*argument(0)?)),
        Fun::EndsWith => boolean(text.ends_with(&*argument(0)?)),
        Fun::Contains => boolean(text.contains(&*argument(0)?)),
        Fun::IndexOf => Ok(position(&text, text.find(&*argument(0)?))),
        Fun::LastIndexOf => Ok(position(&text, text.rfind(&*argument(0)?))),
        Fun::Substring => substring(&text, args),
        Fun::Upper => string(text.to_uppercase()),
        Fun::Lower => string(text.to_lowercase()),
        Fun::Trim => string(text.trim().to_owned()),
        Fun::Replace => string(text.replace(&*argument(0)?, &argument(1)?)),
        Fun::ToChars => Ok(text.chars().map(|c| Value::text(c.to_string())).collect()),
        Fun::Split => Ok(split(&text, &argument(0)?)),
        Fun::Matches | Fun::MatchesFull => {
            let flags = args.get(1).map(text_of).transpose()?;
            let full = fun == Fun::MatchesFull;
            with_pattern(pattern, &argument(0)?, flags.as_deref(), full, |regex| Value::Boolean(regex.is_match(&text)))
        }
        Fun::ReplaceMatches => {
            let by = argument(1)?;
            let flags = args.get(2).map(text_of).transpose()?;
            let source = argument(0)?;
            if source.is_empty() {
                return string(text.into_owned());
            }
            with_pattern(pattern, &source, flags.as_deref(), false, |regex| {
                Value::text(regex.replace_all(&text, &*replacement(&by)).into_owned())
            })
        }
        Fun::Encode => coded(encode(text.as_bytes(), &argument(0)?)?),
        Fun::Decode => coded(decode(&text, &argument(0)?)?),
        Fun::Escape => string(escape(&text, &argument(0)?)?),
        Fun::Unescape => string(unescape(&text, &argument(0)?)?),
        _ => Err(Problem::Type("this function has no meaning for the value".into())),
    }
}

/// Text of a string, or of a primitive: published expressions call string functions on any of them.
fn text_of<'a>(value: &'a Value<'_>) -> Result<Cow<'a, str>, Problem> {
    if let Some(text) = value.as_text() {
        return Ok(Cow::Borrowed(text));
    }
    match value {
        Value::Element(e) if types::is_primitive(e.type_id()) => Ok(Cow::Borrowed(e.value().unwrap_or(""))),
        other => Err(Problem::Type(format!("a string is needed, not {}", other.type_name()))),
    }
}

fn coded<'t>(text: Option<String>) -> Results<'t> {
    Ok(maybe(text.map(Value::text)))
}

/// A byte offset as a count of characters, -1 for none.
fn position<'t>(text: &str, at: Option<usize>) -> Collection<'t> {
    let count = at.map_or(-1, |at| text[..at].chars().count() as i64);
    smallvec![Value::Integer(count)]
}

fn substring<'t>(text: &str, args: &[Value<'t>]) -> Results<'t> {
    let number = |v: &Value<'t>| whole(v).ok_or_else(|| Problem::Type("a position is a whole number".into()));
    let start = number(&args[0])?;
    let length = args.get(1).map(number).transpose()?.unwrap_or(i64::MAX);
    let Ok(start) = usize::try_from(start) else { return Ok(Collection::new()) };
    if start >= text.chars().count() {
        return Ok(Collection::new());
    }
    let length = usize::try_from(length).unwrap_or(0);
    Ok(smallvec![Value::text(text.chars().skip(start).take(length).collect::<String>())])
}

fn split<'t>(text: &str, separator: &str) -> Collection<'t> {
    if separator.is_empty() {
        return text.chars().map(|c| Value::text(c.to_string())).collect();
    }
    text.split(separator).map(|part| Value::text(part.to_owned())).collect()
}

/// `.` matches line ends too; `matches` finds a part, `matchesFull` the whole.
fn build(pattern: &str, flags: Option<&str>, full: bool) -> Option<Regex> {
    let pattern = pattern.replace("\\/", "/");
    let pattern = if full { format!("^(?:{pattern})$") } else { pattern };
    let flags = flags.unwrap_or("");
    RegexBuilder::new(&pattern)
        .dot_matches_new_line(true)
        .case_insensitive(flags.contains('i'))
        .multi_line(flags.contains('m'))
        .size_limit(PATTERN)
        .dfa_size_limit(PATTERN)
        .build()
        .ok()
}

fn with_pattern<'t>(
    kept: Option<&OnceLock<Option<Regex>>>,
    pattern: &str,
    flags: Option<&str>,
    full: bool,
    body: impl FnOnce(&Regex) -> Value<'t>,
) -> Results<'t> {
    let built;
    let regex = match kept {
        Some(cell) => cell.get_or_init(|| build(pattern, flags, full)).as_ref(),
        None => {
            built = build(pattern, flags, full);
            built.as_ref()
        }
    };
    match regex {
        Some(regex) => Ok(smallvec![body(regex)]),
        None => Err(Problem::Beyond("this pattern is not one this engine runs".into())),
    }
}

/// `$1` stays a group, and `$` before anything else is literal in the notation of the specification.
fn replacement(by: &str) -> String {
    let mut out = String::new();
    let mut chars = by.chars().peekable();
    while let Some(c) = chars.next() {
        match c {
            '\\' => out.extend(chars.next()),
            '$' if chars.peek().is_some_and(char::is_ascii_digit) => {
                out.push_str("${");
                while let Some(digit) = chars.next_if(char::is_ascii_digit) {
                    out.push(digit);
                }
                out.push('}');
            }
            '$' if chars.peek() == Some(&'{') => out.push('$'),
            '$' => out.push_str("$$"),
            c => out.push(c),
        }
    }
    out
}

const STANDARD: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
const FOR_URLS: &[u8; 64] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_";

fn unknown(what: &str) -> Problem {
    Problem::Argument(format!("this {what} is unknown"))
}

fn encode(bytes: &[u8], format: &str) -> Result<Option<String>, Problem> {
    match format {
        "hex" => Ok(Some(hex::encode(bytes))),
        "base64" => Ok(Some(base64(bytes, STANDARD))),
        "urlbase64" => Ok(Some(base64(bytes, FOR_URLS))),
        _ => Err(unknown("encoding")),
    }
}

fn decode(text: &str, format: &str) -> Result<Option<String>, Problem> {
    let bytes = match format {
        "hex" => hex::decode(text).ok(),
        "base64" => unbase64(text, STANDARD),
        "urlbase64" => unbase64(text, FOR_URLS),
        _ => return Err(unknown("encoding")),
    };
    Ok(bytes.and_then(|b| String::from_utf8(b).ok()))
}

/// RFC 4648, with padding.
fn base64(bytes: &[u8], alphabet: &[u8; 64]) -> String {
    let mut out = String::with_capacity(bytes.len().div_ceil(3) * 4);
    for chunk in bytes.chunks(3) {
        let word = chunk.iter().fold(0u32, |w, b| w << 8 | u32::from(*b)) << (8 * (3 - chunk.len()));
        for i in 0..4 {
            let digit = alphabet[(word >> (18 - 6 * i) & 63) as usize];
            out.push(if i <= chunk.len() { char::from(digit) } else { '=' });
        }
    }
    out
}

fn unbase64(text: &str, alphabet: &[u8; 64]) -> Option<Vec<u8>> {
    let digits: Vec<u8> = text.trim_end_matches('=').bytes().filter(|b| !b.is_ascii_whitespace()).collect();
    let mut out = Vec::with_capacity(digits.len() / 4 * 3 + 2);
    for chunk in digits.chunks(4) {
        if chunk.len() == 1 {
            return None;
        }
        let mut word = 0u32;
        for digit in chunk {
            word = word << 6 | alphabet.iter().position(|a| a == digit)? as u32;
        }
        word <<= 6 * (4 - chunk.len());
        out.extend_from_slice(&word.to_be_bytes()[1..chunk.len()]);
    }
    Some(out)
}

const ENTITIES: [(&str, char); 5] = [("&amp;", '&'), ("&lt;", '<'), ("&gt;", '>'), ("&quot;", '"'), ("&#39;", '\'')];

fn escape(text: &str, format: &str) -> Result<String, Problem> {
    match format {
        "html" => Ok(text.chars().fold(String::new(), |mut out, c| {
            match ENTITIES.iter().find(|(_, plain)| *plain == c) {
                Some((entity, _)) => out.push_str(entity),
                None => out.push(c),
            }
            out
        })),
        "json" => Ok(text.chars().fold(String::new(), |mut out, c| {
            match c {
                '"' | '\\' => out.extend(['\\', c]),
                '\n' => out.push_str("\\n"),
                '\r' => out.push_str("\\r"),
                '\t' => out.push_str("\\t"),
                c if c < ' ' => out.push_str(&format!("\\u{:04x}", u32::from(c))),
                c => out.push(c),
            }
            out
        })),
        _ => Err(unknown("notation")),
    }
}

fn unescape(text: &str, format: &str) -> Result<String, Problem> {
    match format {
        "html" => {
            let plain = ENTITIES.iter().rev().fold(text.to_owned(), |t, (e, c)| t.replace(e, &c.to_string()));
            Ok(plain)
        }
        "json" => Ok(unescape_json(text)),
        _ => Err(unknown("notation")),
    }
}

/// Escapes of a JSON string; what is no escape stands for itself.
fn unescape_json(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(c) = chars.next() {
        if c != '\\' {
            out.push(c);
            continue;
        }
        match chars.next() {
            Some('n') => out.push('\n'),
            Some('r') => out.push('\r'),
            Some('t') => out.push('\t'),
            Some('b') => out.push('\u{8}'),
            Some('f') => out.push('\u{c}'),
            Some('u') => {
                let code = chars.as_str().get(..4).and_then(|hex| u32::from_str_radix(hex, 16).ok());
                match code.and_then(char::from_u32) {
                    Some(c) => {
                        out.push(c);
                        chars.nth(3);
                    }
                    None => out.push_str("\\u"),
                }
            }
            Some(other) => out.push(other),
            None => out.push('\\'),
        }
    }
    out
}
