//! Canaries over every command: what is planted in messages, file names and files given by mistake comes out nowhere.
#![allow(clippy::unwrap_used, clippy::panic, reason = "functions that tests share")]

use std::ffi::OsString;
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use hallmark::report::FORMATS;

/// Words that stand nowhere in the project, and a number that passes the check.
const WORDS: [&str; 2] = ["quorlinda", "zephyrine"];
const NUMBER: &str = "9990009996";

/// How people and machines write a number: what a scanner that knows no words must still see.
fn writings() -> Vec<String> {
    let parts = [&NUMBER[..3], &NUMBER[3..6], &NUMBER[6..]];
    let wide: String = NUMBER.chars().map(|c| char::from_u32(c as u32 - 48 + 0xFF10).unwrap()).collect();
    let separators = [" ", "-", ".", "_", "/", "\u{a0}", "\u{2013}", "\u{202f}", "\u{2011}", " - "];
    let mut all: Vec<String> = separators.iter().map(|s| parts.join(s)).collect();
    all.extend([NUMBER.to_owned(), wide, format!("NHS{NUMBER}")]);
    all
}

/// Canaries in a text, by the line that holds one; characters that a reader does not see are canaries, too.
fn found(text: &str) -> Option<String> {
    let low = text.to_lowercase();
    let shown = |line: &str| line.chars().take(300).collect::<String>();
    for line in low.lines() {
        if WORDS.iter().any(|word| line.contains(word)) || writings().iter().any(|n| line.contains(&n.to_lowercase())) {
            return Some(shown(line));
        }
        if line.chars().any(|c| matches!(c, '\u{1b}' | '\u{202e}' | '\u{200b}' | '\u{9b}')) || line.contains("\\u001b")
        {
            return Some(shown(line));
        }
    }
    None
}

/// A run of the program: what it says and leaves behind must be silent. Gives standard output.
struct Runs {
    here: tempfile::TempDir,
    leaks: Vec<String>,
    runs: usize,
}

impl Runs {
    fn new() -> Self {
        Self { here: tempfile::tempdir().unwrap(), leaks: Vec::new(), runs: 0 }
    }

    fn path(&self, name: &str) -> PathBuf {
        self.here.path().join(name)
    }

    fn run(&mut self, args: &[&str]) {
        let args: Vec<OsString> = args.iter().map(OsString::from).collect();
        let run = Command::new(env!("CARGO_BIN_EXE_hallmark"))
            .current_dir(self.here.path())
            .env("HALLMARK_HMAC_KEY", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")
            .args(&args)
            .output()
            .unwrap();
        self.runs += 1;
        assert!(run.status.code().is_some_and(|code| code <= 5), "{args:?}: {run:?}");
        for (stream, bytes) in [("standard output", &run.stdout), ("standard error", &run.stderr)] {
            if let Some(line) = found(&String::from_utf8_lossy(bytes)) {
                self.leaks.push(format!("{args:?}: {stream}: {line}"));
            }
        }
        self.left();
    }

    /// Looks at the files that runs left in `out`.
    fn left(&mut self) {
        for entry in walkdir::WalkDir::new(self.path("out")).into_iter().filter_map(Result::ok) {
            if !entry.file_type().is_file() {
                continue;
            }
            let bytes = fs::read(entry.path()).unwrap();
            let text = match bytes.starts_with(b"PK") {
                true => super::privacy::cells(&bytes),
                false => String::from_utf8_lossy(&bytes).into_owned(),
            };
            if let Some(line) = found(&text) {
                self.leaks.push(format!("{}: {line}", entry.path().display()));
            }
            fs::remove_file(entry.path()).unwrap();
        }
    }

    fn silent(self) {
        assert!(self.leaks.is_empty(), "{} of {} runs leak\n{}", self.leaks.len(), self.runs, self.leaks.join("\n"));
    }
}

/// How many: ten thousand where it is quick.
const MESSAGES: usize = if cfg!(debug_assertions) { 1_600 } else { 10_000 };

/// Messages, of shapes that bring a value to where names stand: canonicals, systems, types, elements, ids, markup.
fn feed() -> String {
    let mut out = String::new();
    let writings = writings();
    for n in 0..MESSAGES {
        let number = &writings[n % writings.len()];
        let value = format!("Quorlinda {number} \\u001b[31m\\u202e");
        let word = WORDS[n % 2];
        let message = match n % 16 {
            0 => format!(
                r#"{{"resourceType":"ConceptMap","status":"draft","sourceCanonical":"{value}","targetUri":"{value}"}}"#
            ),
            1 => format!(
                r#"{{"resourceType":"Patient","meta":{{"profile":["{value}"]}},"extension":[{{"url":"{value}","valueString":"{value}"}}]}}"#
            ),
            2 => format!(
                r#"{{"resourceType":"Observation","status":"{value}","code":{{"coding":[{{"system":"{value}","code":"{value}","display":"{value}"}}]}}}}"#
            ),
            3 => format!(
                r#"{{"resourceType":"Patient","text":{{"status":"generated","div":"<div xmlns=\"http://www.w3.org/1999/xhtml\"><{word} {word}=\"x\">{value}</{word}></div>"}}}}"#
            ),
            4 => format!(
                r#"{{"resourceType":"Patient","identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{number}"}}],"name":[{{"family":"{value}"}}]}}"#
            ),
            5 => format!(
                r#"{{"resourceType":"QuestionnaireResponse","questionnaire":"{value}","status":"completed","item":[{{"linkId":"{value}"}}]}}"#
            ),
            6 => format!(
                r#"{{"resourceType":"MessageHeader","eventCoding":{{"system":"{value}","code":"{value}"}},"source":{{"endpoint":"{value}"}}}}"#
            ),
            7 => format!(
                r#"{{"resourceType":"Observation","status":"final","code":{{"text":"{value}"}},"subject":{{"reference":"Patient/{number}"}},"valueQuantity":{{"value":1,"unit":"{value}","system":"{value}","code":"{value}"}}}}"#
            ),
            8 => format!(
                r#"{{"resourceType":"Bundle","type":"collection","entry":[{{"fullUrl":"{value}","resource":{{"resourceType":"Patient","id":"{number}"}}}},{{"fullUrl":"{value}","resource":{{"resourceType":"Patient","id":"{number}"}}}}]}}"#
            ),
            9 => format!(
                r#"{{"resourceType":"ValueSet","url":"{value}","status":"draft","compose":{{"include":[{{"system":"{value}","valueSet":["{value}"],"filter":[{{"property":"{value}","op":"=","value":"{value}"}}]}}]}}}}"#
            ),
            10 => format!(
                r#"{{"resourceType":"StructureDefinition","url":"{value}","name":"{value}","status":"draft","kind":"resource","abstract":false,"type":"{value}","baseDefinition":"{value}","differential":{{"element":[{{"id":"{value}","path":"{value}","type":[{{"code":"{value}"}}]}}]}}}}"#
            ),
            11 => format!(
                r#"{{"resourceType":"Patient","address":[{{"postalCode":"ZZ99 3VZ","line":["{value}"]}}],"telecom":[{{"system":"{value}","value":"{value}"}}],"birthDate":"{value}"}}"#
            ),
            12 => format!(
                r#"{{"resourceType":"Patient","contained":[{{"resourceType":"Patient","id":"{value}"}}],"managingOrganization":{{"reference":"{value}","display":"{value}"}}}}"#
            ),
            13 => format!(
                r#"{{"resourceType":"DocumentReference","status":"current","content":[{{"attachment":{{"contentType":"{value}","language":"{value}","url":"{value}","data":"{value}"}}}}]}}"#
            ),
            14 => format!(r#"{{"resourceType":"Patient","name":[{{"family":"{value}"}}"#),
            _ => format!(
                r#"{{"resourceType":"CapabilityStatement","url":"{value}","status":"active","fhirVersion":"4.0.1","format":["{value}"],"implementation":{{"description":"{value}"}},"rest":[{{"mode":"server","resource":[{{"type":"{value}","profile":"{value}"}}]}}]}}"#
            ),
        };
        out.push_str(&message);
        out.push('\n');
    }
    out
}

#[test]
fn messages_come_out_nowhere() {
    let mut runs = Runs::new();
    fs::create_dir(runs.path("out")).unwrap();
    fs::write(runs.path("feed.ndjson"), feed()).unwrap();
    let formats: Vec<String> = FORMATS.iter().map(|f| format!("{}=out/{}.{}", f.name, f.name, f.extension)).collect();
    let mut args = vec!["check", "feed.ndjson", "--no-config", "--today", "2026-11-21", "--fail-on", "never"];
    formats.iter().for_each(|format| args.extend(["--format", format.as_str()]));
    args.extend(["--security-checks", "--check-references", "--best-practice", "warning", "--standard", "ukcore"]);
    args.extend(["--record", "kept.json", "--write-baseline", "out/baseline", "--report", "out/report.html"]);
    let named = "Quorlinda\u{1b}[31m \u{202e}999 000 9996";
    runs.run(&args);
    let record = fs::read_to_string(runs.path("kept.json")).unwrap();
    assert!(record.contains("\"payload\""), "the record holds pseudonyms");
    assert_eq!(found(&record), None);
    #[cfg(unix)]
    {
        let mode = std::os::unix::fs::MetadataExt::mode(&fs::metadata(runs.path("kept.json")).unwrap());
        assert_eq!(mode & 0o777, 0o600);
    }
    // What people said of a run is printed, but not what nobody sees, and no number.
    let said =
        ["check", "feed.ndjson", "--no-config", "--fail-on", "never", "--format", "compact", "--rules", "HM0402"];
    let scope =
        ["--product", &named[9..], "--interface", "a\u{1b}b", "--record", "out/said.json", "--report", "out/said.html"];
    runs.run(&[&said[..], &scope[..]].concat());
    for format in ["html", "json", "markdown", "csv", "xlsx"] {
        for audience in ["developer", "dq-officer", "design-authority"] {
            let to = format!("{format}=out/report-{audience}");
            runs.run(&["report", "kept.json", "--for", audience, "--format", &to, "--disclosure", "nhs"]);
        }
    }
    runs.run(&["merge", "kept.json", "-o", "out/merged"]);
    runs.run(&["report", "kept.json", "--pages", "out/pages"]);
    runs.silent();
}

/// A message where one of our own files is expected.
#[test]
fn a_message_given_by_mistake_is_not_printed() {
    let mut runs = Runs::new();
    fs::create_dir(runs.path("out")).unwrap();
    fs::create_dir(runs.path("folder")).unwrap();
    let good = r#"{"resourceType":"Patient","active":true}"#;
    fs::write(runs.path("good.json"), good).unwrap();
    runs.run(&["check", "good.json", "--no-config", "--record", "good.rec", "--format", "compact"]);
    let json = format!(
        r#"{{"resourceType":"Patient","identifier":[{{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"{NUMBER}"}}],"quorlinda":"Quorlinda","name":[{{"family":"Quorlinda"}}]}}"#
    );
    let xml = format!(
        "<Patient xmlns=\"http://hl7.org/fhir\"><id value=\"{NUMBER}\"/><name><family value=\"Quorlinda\"/></name></Patient>\n"
    );
    for (name, text) in [
        ("whole.json", json.clone()),
        ("lines.ndjson", format!("{json}\n{json}\n")),
        ("cut.json", json[..json.len() - 9].to_owned()),
        ("pretty.json", json.replace(',', ",\n")),
        ("a.xml", xml),
        ("a.csv", format!("Quorlinda,{NUMBER}\nQuorlinda,\"{NUMBER}\n")),
        ("a.toml", format!("Quorlinda = {NUMBER}\n")),
        ("typed.json", json.replacen('{', "{\"type\":\"quorlinda\",", 1)),
    ] {
        fs::write(runs.path(name), &text).unwrap();
        let inside = format!("folder/{name}");
        fs::write(runs.path(&inside), &text).unwrap();
        for args in [
            vec!["report", name],
            vec!["merge", name, "-o", "out/merged"],
            vec!["check", "good.json", "--no-config", "--format", "compact", "--baseline", name],
            vec!["check", "good.json", "--config", name],
            vec!["check", "good.json", "--no-config", "--hmac-key-file", name],
            vec!["check", "good.json", "--no-config", "--package", name],
            vec!["check", "good.json", "--no-config", "--terminology", name],
            vec!["check", "good.json", "--no-config", "--received-list", name],
            vec!["report", "good.rec", "--previous", name],
            vec!["report", "good.rec", "--attestations", name],
            vec!["report", "good.rec", "--criteria", name],
            vec!["report", "good.rec", "--evidence", name],
            vec!["report", "good.rec", "--template", name, "--format", "html=out/page.html"],
            vec!["criteria", "check", name],
            vec!["criteria", "explain", name],
            vec!["evidence", "verify", name],
            vec!["evidence", "new", name, "-o", "out/new.json"],
            vec!["evidence", "sign", name, "--key", name],
            vec!["pack", "build", name, "-o", "out/pack"],
            vec!["snomed", "build", name, "-o", "out/index"],
            vec!["snomed", "lookup", "73211009", "--terminology", name],
        ] {
            runs.run(&args);
        }
    }
    runs.run(&["report", "folder"]);
    runs.run(&["merge", "folder", "-o", "out/merged"]);
    runs.run(&["report", "good.rec", "--attestations", "folder"]);
    runs.silent();
}

/// Two hundred names of files that hold what nobody may see.
#[test]
fn names_of_files_come_out_nowhere() {
    let mut runs = Runs::new();
    fs::create_dir(runs.path("out")).unwrap();
    fs::create_dir(runs.path("in")).unwrap();
    let mut made = 0;
    'all: for ending in 0usize.. {
        for number in writings().iter().filter(|n| !n.contains('/')) {
            let name = match ending % 4 {
                0 => format!("{number}-{ending}.json"),
                1 => format!("pat_{number}_{ending}.ndjson"),
                2 => format!("x{ending} {number}\u{1b}[2J.xml"),
                _ => format!("{ending}\u{202e}{number}.json"),
            };
            fs::write(Path::new(&runs.path("in")).join(name), r#"{"resourceType":"Patient","gender":"x"}"#).unwrap();
            made += 1;
            if made == 200 {
                break 'all;
            }
        }
    }
    let formats: Vec<String> = FORMATS.iter().map(|f| format!("{}=out/{}.{}", f.name, f.name, f.extension)).collect();
    let mut args = vec!["check", "in", "--no-config", "--today", "2026-11-21", "--fail-on", "never"];
    formats.iter().for_each(|format| args.extend(["--format", format.as_str()]));
    args.extend(["--record", "out/record", "--write-baseline", "out/baseline", "--report", "out/report.html"]);
    runs.run(&args);
    for entry in fs::read_dir(runs.path("in")).unwrap() {
        let name = entry.unwrap().path().display().to_string();
        runs.run(&["report", &name]);
        if runs.runs > 40 {
            break;
        }
        runs.run(&["check", &format!("{name}.missing"), "--no-config"]);
    }
    runs.silent();
}
