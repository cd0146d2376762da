//! No patient value leaves: names, numbers and free text planted at every leaf of every fixture message, and in
//! damaged ones, are in no format, record, baseline, report or line on standard error.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::io::Read;
use std::path::Path;
use std::process::Command;

use hallmark::report::{FORMATS, Format, Masking};
use serde_json::Value;

/// A name that stands nowhere in the project, and, before it, letters that tell where it was planted.
const NAME: &str = "quorlinda";
/// A number that passes modulus 11, as it may be written.
const NUMBERS: [&str; 3] = ["9990009996", "999 000 9996", "999-000-9996"];

/// Everything that a run of `hallmark check` leaves behind, by name.
fn outputs(folder: &Path, inputs: &[&str], more: &[&str]) -> BTreeMap<String, String> {
    let out = tempfile::tempdir().unwrap();
    let to = |name: &str| out.path().join(name).display().to_string();
    let mut args: Vec<String> = vec!["check".into()];
    args.extend(inputs.iter().map(ToString::to_string));
    args.extend(["--no-config", "--today", "2026-11-21", "--fail-on", "never"].map(String::from));
    for format in &FORMATS {
        args.extend(["--format".into(), format!("{}={}", format.name, to(format.name))]);
    }
    args.extend(["--format", "text", "--security-checks", "--check-references"].map(String::from));
    for (flag, name) in [("--record", "record"), ("--write-baseline", "baseline"), ("--report", "report.html")] {
        args.extend([flag.into(), to(name)]);
    }
    args.extend(more.iter().map(ToString::to_string));
    let run = Command::new(env!("CARGO_BIN_EXE_hallmark")).current_dir(folder).args(&args).output().unwrap();
    let stderr = String::from_utf8_lossy(&run.stderr).into_owned();
    assert!(run.status.code().is_some_and(|code| code == 0 || code == 3), "{stderr}");
    let mut all = BTreeMap::new();
    for entry in fs::read_dir(out.path()).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name().to_string_lossy().into_owned();
        let bytes = fs::read(entry.path()).unwrap();
        let compressed = Format::named(&name).is_some_and(|f| f.masking == Masking::Cells);
        let text = if compressed { cells(&bytes) } else { String::from_utf8(bytes).unwrap() };
        all.insert(name, text);
    }
    assert_eq!(all.len(), FORMATS.len() + 3, "{:?}\n{stderr}", all.keys());
    all.insert("standard output".into(), String::from_utf8_lossy(&run.stdout).into_owned());
    all.insert("standard error".into(), stderr);
    all
}

/// All parts of a workbook.
pub fn cells(bytes: &[u8]) -> String {
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut all = String::new();
    for number in 0..archive.len() {
        archive.by_index(number).unwrap().read_to_string(&mut all).unwrap();
    }
    all
}

/// Where canaries show: output, and the line they are in.
fn leaks(outputs: &BTreeMap<String, String>) -> Vec<String> {
    let mut found = Vec::new();
    for (name, text) in outputs {
        for line in text.lines() {
            let low = line.to_lowercase();
            let shows = |canary: &str| low.match_indices(canary).map(|(at, _)| at).next();
            if let Some(at) = shows(NAME).or_else(|| NUMBERS.iter().find_map(|number| shows(number))) {
                let start = (0..=at.saturating_sub(120)).rev().find(|n| line.is_char_boundary(*n)).unwrap_or(0);
                found.push(format!(
                    "{name}: …{}",
                    line.chars().skip(line[..start].chars().count()).take(200).collect::<String>()
                ));
            }
        }
    }
    found
}

fn assert_silent(folder: &Path, inputs: &[&str], more: &[&str]) {
    let leaks = leaks(&outputs(folder, inputs, more));
    assert!(leaks.is_empty(), "{} leaks\n{}", leaks.len(), leaks[..leaks.len().min(40)].join("\n"));
}

/// JSON messages of the feed.
fn json_messages() -> Vec<Value> {
    let feed = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/feeds/riverside");
    let mut messages = Vec::new();
    for entry in walkdir::WalkDir::new(feed).sort_by_file_name() {
        let entry = entry.unwrap();
        match entry.path().extension().and_then(|e| e.to_str()) {
            Some("json") => messages.extend(serde_json::from_slice(&fs::read(entry.path()).unwrap())),
            Some("ndjson") => {
                let text = fs::read_to_string(entry.path()).unwrap();
                messages.extend(text.lines().filter_map(|line| serde_json::from_str(line).ok()));
            }
            _ => {}
        }
    }
    messages
}

fn xml_messages() -> Vec<String> {
    let feed = Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/feeds/riverside");
    let files = walkdir::WalkDir::new(feed).sort_by_file_name().into_iter().map(Result::unwrap);
    files
        .filter(|entry| entry.path().extension().is_some_and(|e| e == "xml"))
        .map(|entry| fs::read_to_string(entry.path()).unwrap())
        .collect()
}

/// JSON pointers of all leaves. Of elements that differ only in their index one stands for all.
fn leaves(value: &Value, at: &str, out: &mut BTreeSet<String>) {
    match value {
        Value::Object(members) => {
            members.iter().for_each(|(name, inner)| leaves(inner, &format!("{at}/{name}"), out));
        }
        Value::Array(items) => items.iter().enumerate().for_each(|(n, inner)| leaves(inner, &format!("{at}/{n}"), out)),
        // Claimed profiles have a test of their own.
        _ if at.contains("/meta/profile") => {}
        _ => drop(out.insert(at.to_owned())),
    }
}

fn letters(mut number: usize) -> String {
    let mut out = String::new();
    for _ in 0..4 {
        out.push(char::from(b'a' + (number % 26) as u8));
        number /= 26;
    }
    out
}

/// Every message with one leaf after another replaced, as NDJSON.
fn planted(canary: impl Fn(usize) -> Value) -> (String, Vec<String>) {
    let (mut feed, mut places) = (String::new(), Vec::new());
    let mut done = BTreeSet::new();
    for message in json_messages() {
        let mut all = BTreeSet::new();
        leaves(&message, "", &mut all);
        for pointer in all {
            let kind = message["resourceType"].as_str().unwrap_or_default();
            let plain: String = pointer.chars().filter(|c| !c.is_ascii_digit()).collect();
            if !done.insert((kind.to_owned(), plain)) {
                continue;
            }
            let mut changed = message.clone();
            *changed.pointer_mut(&pointer).unwrap() = canary(places.len());
            feed.push_str(&changed.to_string());
            feed.push('\n');
            places.push(format!("{kind}{pointer}"));
        }
    }
    (feed, places)
}

#[test]
fn names_at_every_leaf_of_json_stay_in() {
    let folder = tempfile::tempdir().unwrap();
    let (feed, _) = planted(|n| Value::String(format!("Quorlinda {}", letters(n))));
    fs::write(folder.path().join("feed.ndjson"), feed).unwrap();
    assert_silent(folder.path(), &["feed.ndjson"], &[]);
}

#[test]
fn numbers_at_every_leaf_of_json_stay_in() {
    let folder = tempfile::tempdir().unwrap();
    for (name, canary) in NUMBERS[..2].iter().enumerate() {
        let (feed, _) = planted(|_| Value::String((*canary).to_owned()));
        fs::write(folder.path().join(format!("{name}.ndjson")), feed).unwrap();
    }
    let (feed, _) = planted(|_| serde_json::from_str("9990009996").unwrap());
    fs::write(folder.path().join("literal.ndjson"), feed).unwrap();
    assert_silent(folder.path(), &["."], &[]);
}

#[test]
fn canaries_at_every_value_of_xml_stay_in() {
    let folder = tempfile::tempdir().unwrap();
    let mut number = 0;
    for message in xml_messages() {
        let mut done = BTreeSet::new();
        for (at, _) in message.match_indices("value=\"") {
            let start = at + "value=\"".len();
            let end = start + message[start..].find('"').unwrap();
            let name: String = message[..at].chars().rev().take_while(|c| *c != '<').collect();
            if done.insert(name.clone()) && name.trim() != "eliforp" {
                for canary in ["Quorlinda", "999 000 9996"] {
                    let text = format!("{}{canary}{}", &message[..start], &message[end..]);
                    fs::write(folder.path().join(format!("{}-{number:04}.xml", letters(number))), text).unwrap();
                    number += 1;
                }
            }
        }
    }
    assert!(number > 200, "{number}");
    assert_silent(folder.path(), &["."], &[]);
}

/// Messages with canaries where only a reader sees them.
#[test]
fn damaged_messages_stay_in() {
    let patient = |body: &str| format!("<Patient xmlns=\"http://hl7.org/fhir\">{body}</Patient>");
    let xml = [
        patient("<name><family value=\"Quorlinda\"></name>"),
        patient("<name><family value=\"Quorlinda></name>"),
        patient("<name><family value=Quorlinda/></name>"),
        patient("<!-- Quorlinda 9990009996 --><active value=\"true\"/>"),
        patient("<?quorlinda 9990009996?><active value=\"maybe\"/>"),
        patient("Quorlinda 9990009996<active value=\"true\"/>"),
        patient("<active value=\"true\">Quorlinda</active>"),
        patient("<active value=\"true\" note=\"Quorlinda 9990009996\"/>"),
        patient("<active value=\"&quorlinda;\"/>"),
        patient("<active value=\"&#9990009996;\"/>"),
        patient("<![CDATA[Quorlinda 9990009996]]>"),
        patient(
            "<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\"><script>Quorlinda</script></div></text>",
        ),
        patient(
            "<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\"><a href=\"Quorlinda\">Quorlinda</a><p onclick=\"quorlinda\">9990009996</p></div></text>",
        ),
        patient(
            "<text><status value=\"generated\"/><div xmlns=\"http://www.w3.org/1999/xhtml\">Quorlinda <b>9990009996</div></text>",
        ),
        "<!DOCTYPE x [<!ENTITY quorlinda \"9990009996\">]><Patient xmlns=\"http://hl7.org/fhir\"/>".to_owned(),
        "<?xml version=\"1.0\" encoding=\"quorlinda\"?><Patient xmlns=\"http://hl7.org/fhir\"/>".to_owned(),
        "<Patient xmlns=\"http://hl7.org/fhir\"/>Quorlinda 9990009996".to_owned(),
    ];
    let json = [
        r#"{"resourceType": "Patient", "name": [{"family": "Quorlinda"#,
        r#"{"resourceType": "Patient", "name": [{"family": "Quorlinda" "given": ["9990009996"]}]}"#,
        r#"{"resourceType": "Patient", "birthDate": Quorlinda}"#,
        r#"{"resourceType": "Patient", "birthDate": 9990009996quorlinda}"#,
        r#"{"resourceType": "Patient", "birthDate": "\quorlinda"}"#,
        r#"{"resourceType": "Patient", "active": true} Quorlinda 9990009996"#,
        r#"{"resourceType": "Patient", "Miss Quorlinda, 9990009996": true}"#,
        r#"{"resourceType": "Patient", "999 000 9996": {"a": 1}, "999 000 9996": 2}"#,
        r#"{"resourceType": "Patient", "_Miss Quorlinda": {"id": "x"}}"#,
        r#"{"resourceType": "Patient", "name": [["Quorlinda"]], "active": {"Miss Quorlinda!": null}}"#,
        r#"{"resourceType": "Quorlinda 9990009996"}"#,
        r#"{"name": "Quorlinda"}"#,
        r#"["Quorlinda"]"#,
        r#""Quorlinda 9990009996""#,
        "Quorlinda 9990009996",
        r#"{"resourceType": "Patient", "photo": [{"data": "Quorlinda 9990009996", "contentType": "quorlinda"}]}"#,
    ];
    let folder = tempfile::tempdir().unwrap();
    for (number, text) in xml.iter().enumerate() {
        fs::write(folder.path().join(format!("{number:02}.xml")), text).unwrap();
    }
    for (number, text) in json.iter().enumerate() {
        fs::write(folder.path().join(format!("{number:02}.json")), text).unwrap();
    }
    let latin: Vec<u8> = b"{\"resourceType\": \"Patient\", \"name\": [{\"family\": \"Quorlinda \xe9\"}]}".to_vec();
    fs::write(folder.path().join("latin.json"), latin).unwrap();
    let utf16: Vec<u8> = patient("<gender value=\"Quorlinda\"/>").encode_utf16().flat_map(u16::to_le_bytes).collect();
    fs::write(folder.path().join("wide.xml"), [&[0xff, 0xfe][..], &utf16].concat()).unwrap();
    fs::write(folder.path().join("lines.ndjson"), json.join("\n")).unwrap();
    assert_silent(folder.path(), &["."], &[]);
}

#[test]
fn file_names_with_numbers_stay_in() {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    fs::create_dir(here.join("999 000 9996")).unwrap();
    let fault = r#"{"resourceType": "Patient", "gender": "F"}"#;
    fs::write(here.join("999 000 9996/a.json"), fault).unwrap();
    fs::write(here.join("pat_9990009996.json"), fault).unwrap();
    fs::write(here.join("9990009996.ndjson"), format!("{fault}\n{{\n")).unwrap();
    fs::write(here.join("9990009996.json.gz"), "no gzip").unwrap();
    fs::write(here.join("999-000-9996.zip"), "no archive").unwrap();
    let mut archive = zip::ZipWriter::new(fs::File::create(here.join("all.zip")).unwrap());
    for member in ["9990009996.json", "in/999-000-9996.json"] {
        archive.start_file(member, zip::write::SimpleFileOptions::default()).unwrap();
        std::io::Write::write_all(&mut archive, fault.as_bytes()).unwrap();
    }
    archive.finish().unwrap();
    assert_silent(here, &["."], &[]);
}

/// Leaks that were found and mended.
mod mended {
    use super::*;

    /// What is no URL is not shown as one.
    #[test]
    fn names_in_claimed_profiles_stay_in() {
        let folder = tempfile::tempdir().unwrap();
        let claim = r#"{"resourceType": "Patient", "meta": {"profile": ["Miss Quorlinda"]}}"#;
        fs::write(folder.path().join("a.json"), claim).unwrap();
        assert_silent(folder.path(), &["a.json"], &[]);
    }

    /// An underscore and ten digits make an element name.
    #[test]
    fn numbers_in_element_names_stay_in() {
        let folder = tempfile::tempdir().unwrap();
        let number = r#"<Patient xmlns="http://hl7.org/fhir"><_9990009996 value="x"/></Patient>"#;
        fs::write(folder.path().join("a.xml"), number).unwrap();
        assert_silent(folder.path(), &["a.xml"], &[]);
    }

    /// Names of paths that do not exist.
    #[test]
    fn numbers_in_names_of_missing_files_stay_in() {
        let folder = tempfile::tempdir().unwrap();
        assert_silent(folder.path(), &["9990009996-missing.json"], &[]);
    }
}

/// Shown on demand, but never kept.
#[test]
fn records_and_baselines_hold_no_values_whatever_the_flags() {
    let folder = tempfile::tempdir().unwrap();
    let (feed, _) = planted(|n| Value::String(format!("Quorlinda {} 9990009996", letters(n))));
    fs::write(folder.path().join("feed.ndjson"), feed).unwrap();
    fs::write(folder.path().join("key"), "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff").unwrap();
    let flags = ["--show-values", "--environment", "test", "--hmac-key-file", "key", "--partner", "Y9N1A"];
    let mut outputs = outputs(folder.path(), &["feed.ndjson"], &flags);
    assert!(outputs["record"].contains("[\"payload\","), "no pseudonym was kept");
    assert!(
        !outputs.values().any(|text| text.contains("00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")),
        "the key leaks"
    );
    assert!(!leaks(&outputs).is_empty(), "--show-values shows nothing");
    outputs.retain(|name, _| matches!(name.as_str(), "record" | "baseline" | "report.html"));
    let leaks = leaks(&outputs);
    assert!(leaks.is_empty(), "{} leaks\n{}", leaks.len(), leaks[..leaks.len().min(40)].join("\n"));
}
