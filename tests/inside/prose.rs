//! No code reads meaning back out of words that are meant for people: what decides is an enum or a field.

use std::fs;
use std::path::{Path, PathBuf};

/// Fields and functions that hold sentences.
const SENTENCES: [&str; 12] = [
    "says",
    "notes",
    "title",
    "why",
    "remedy",
    "reason",
    ".step",
    "caption",
    "meaning",
    "plain()",
    "says_marked",
    "because",
];

/// What looks into a text.
const READS: [&str; 12] = [
    "contains",
    "starts_with",
    "ends_with",
    "find",
    "rfind",
    "matches",
    "split",
    "split_once",
    "strip_prefix",
    "strip_suffix",
    "chars",
    "bytes",
];

/// Files that read sentences of others, which are input and not ours.
const FOREIGN: [&str; 4] = [
    // Scans of testssl.sh, whose results are words.
    "kitemark/tls.rs",
    // Answers that suppliers write into a list of requirements.
    "kitemark/requirement_list.rs",
    // The text of a narrative or a note inside a message.
    "rules/gpconnect/empty_note.rs",
    // Leaves out what was said of the same place in the same words; it compares, and reads no meaning.
    "conform/repeats.rs",
];

fn sources() -> Vec<(String, String)> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    let files = walkdir::WalkDir::new(&root).sort_by_file_name().into_iter().map(|e| e.unwrap().into_path());
    files
        .filter(|path: &PathBuf| path.extension().is_some_and(|e| e == "rs"))
        .map(|path| {
            let name = path.strip_prefix(&root).unwrap().to_string_lossy().replace('\\', "/");
            let text = fs::read_to_string(&path).unwrap();
            // Tests may look at what is said.
            (name, text.split("#[cfg(test)]\nmod tests").next().unwrap().to_owned())
        })
        .filter(|(name, _)| !FOREIGN.contains(&name.as_str()))
        .collect()
}

/// Whether a line looks into a sentence: `.says.contains(`, `note.starts_with(`.
fn reads_a_sentence(line: &str) -> bool {
    READS.iter().any(|read| {
        let call = format!(".{read}(");
        line.match_indices(&call).any(|(at, _)| {
            let before = &line[..at];
            SENTENCES.iter().any(|word| {
                let whole =
                    |rest: &str| word.starts_with('.') || !rest.ends_with(|c: char| c.is_alphanumeric() || c == '_');
                before.strip_suffix(word).is_some_and(whole)
            })
        })
    })
}

/// A sentence of ours: several words in lower case.
fn is_sentence(text: &str) -> bool {
    let words: Vec<&str> = text.split(' ').collect();
    words.len() > 2 && words.iter().all(|w| w.bytes().all(|b| b.is_ascii_lowercase() || b"-,.:;'".contains(&b)))
}

/// Whether a line compares with a sentence, or matches one.
fn compares_with_a_sentence(line: &str) -> bool {
    let mut parts = line.split('"');
    let mut before = parts.next().unwrap_or_default();
    while let (Some(inside), Some(after)) = (parts.next(), parts.next()) {
        let (left, right) = (before.trim_end(), after.trim_start());
        let matched = right.starts_with("=>") || right.starts_with("| \"") || right == "|";
        let compared = ["==", "!="].iter().any(|sign| left.ends_with(sign) || right.starts_with(sign));
        if is_sentence(inside) && (matched || compared) {
            return true;
        }
        before = after;
    }
    false
}

#[test]
fn the_law_bites() {
    for line in [
        r#"if report.disclosure && gap.step.contains(|c: char| c.is_ascii_digit()) {"#,
        r#"notes.iter().filter(|n| n.says.starts_with(ALSO))"#,
        r#""change for the worse" => 0,"#,
        r#"if s.verdict() == "change for the worse" {"#,
        r#"for c in finding.says.chars() {"#,
    ] {
        assert!(reads_a_sentence(line) || compares_with_a_sentence(line), "{line}");
    }
    for line in [r#"Trend::Worse => "change for the worse","#, r#"path.contains("x")"#, r#"says.push_str("not met")"#] {
        assert!(!reads_a_sentence(line) && !compares_with_a_sentence(line), "{line}");
    }
}

#[test]
fn no_prose_decides() {
    let mut wrong = Vec::new();
    for (name, text) in sources() {
        for (i, line) in text.lines().enumerate() {
            let code = line.split("//").next().unwrap_or_default();
            if reads_a_sentence(code) || compares_with_a_sentence(code) {
                wrong.push(format!("{name}:{}: {}", i + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Words of our own enums are for people and for files: code asks the enum.
#[test]
fn no_word_of_an_enum_is_compared_in_reports() {
    let mut wrong = Vec::new();
    for (name, text) in sources().iter().filter(|(n, _)| n.starts_with("report/") || n.starts_with("kitemark/")) {
        for (i, line) in text.lines().enumerate() {
            let compared = line.contains(".as_str() == \"") || line.contains(".as_str()) == Some(\"");
            if compared || line.contains("|c| c.as_str()) {") {
                wrong.push(format!("{name}:{}: {}", i + 1, line.trim()));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
