//! Every command that writes, with every kind of thing that an output path may lead to: nothing is destroyed that is not
//! the output's own.
#![cfg(unix)]
#![allow(clippy::unwrap_used, clippy::panic, reason = "functions that tests share")]

use std::fs;
use std::os::unix::fs::{FileTypeExt, symlink};
use std::path::Path;
use std::process::{Command, Output};

use hallmark::report::FORMATS;

/// A command that writes.
struct Writes {
    /// Arguments; `OUT` stands for the output.
    args: Vec<String>,
    /// Where the output that is looked at lies, from the folder of the run.
    out: String,
    /// The same command with an input in place of its output, where that can be.
    clash: Option<Vec<String>>,
}

fn writes(args: &str, out: &str, input: Option<&str>) -> Writes {
    let words = |out: &str| args.split(' ').map(|word| word.replace("OUT", out)).collect::<Vec<_>>();
    Writes { args: words(out), out: out.to_owned(), clash: input.map(words) }
}

/// All of them. A new one that is missing here fails in the test of layers: only the one writer makes files.
fn commands() -> Vec<Writes> {
    let check = "check --no-config --fail-on never --today 2026-11-21 a.json";
    let mut all: Vec<Writes> =
        FORMATS.iter().map(|f| writes(&format!("{check} --format {}=OUT", f.name), "out", Some("./a.json"))).collect();
    all.extend([
        writes(&format!("{check} --record OUT"), "out", Some("a.json")),
        writes(&format!("{check} --report OUT"), "out", Some("folder/../a.json")),
        writes(&format!("{check} --write-baseline OUT"), "out", Some("link.json")),
        writes("snomed build release -o OUT", "out", Some("release/sct2_Concept_Snapshot_INT_20250101.txt")),
        writes("pack build profile.json -o packs", "packs/profiles.facts", None),
        writes("report record.json --format json=OUT", "out", Some("record.json")),
        writes("report record.json --previous report.json --format html=OUT", "out", Some("./report.json")),
        writes("report record.json --pages pages", "pages/index.html", None),
        writes("merge record.json -o OUT", "out", Some("folder/../record.json")),
        writes("evidence new report.json -o OUT", "out", Some("report.json")),
        writes("evidence sign decided.json --key-file key", "decided.json.sig", None),
        writes("init made", "made/hallmark.toml", None),
    ]);
    all
}

fn hallmark(here: &Path, args: &[String]) -> Output {
    let mut command = Command::new(env!("CARGO_BIN_EXE_hallmark"));
    command
        .current_dir(here)
        .args(args)
        .env("HALLMARK_HMAC_KEY", "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff")
        .output()
        .unwrap()
}

/// A folder with what the commands read.
fn prepared() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    let here = folder.path();
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    fs::copy(root.join("fixtures/feeds/riverside/careconnect/patient-2.json"), here.join("a.json")).unwrap();
    symlink("a.json", here.join("link.json")).unwrap();
    for name in ["folder", "release", "packs", "pages", "made"] {
        fs::create_dir(here.join(name)).unwrap();
    }
    let concept = "id\teffectiveTime\tactive\tmoduleId\tdefinitionStatusId\r\n138875005\t20020131\t1\t900000000000207008\t900000000000074008\r\n";
    fs::write(here.join("release/sct2_Concept_Snapshot_INT_20250101.txt"), concept).unwrap();
    let description =
        "id\teffectiveTime\tactive\tmoduleId\tconceptId\tlanguageCode\ttypeId\tterm\tcaseSignificanceId\r\n";
    fs::write(here.join("release/sct2_Description_Snapshot-en_INT_20250101.txt"), description).unwrap();
    let relationship = "id\teffectiveTime\tactive\tmoduleId\tsourceId\tdestinationId\trelationshipGroup\ttypeId\tcharacteristicTypeId\tmodifierId\r\n";
    fs::write(here.join("release/sct2_Relationship_Snapshot_INT_20250101.txt"), relationship).unwrap();
    let profile = r#"{"resourceType": "StructureDefinition", "url": "https://hospital.test/StructureDefinition/Own", "name": "Own", "status": "active", "fhirVersion": "4.0.1", "kind": "resource", "abstract": false, "type": "Patient", "baseDefinition": "http://hl7.org/fhir/StructureDefinition/Patient", "derivation": "constraint", "differential": {"element": [{"id": "Patient", "path": "Patient"}, {"id": "Patient.gender", "path": "Patient.gender", "min": 1}]}}"#;
    fs::write(here.join("profile.json"), profile).unwrap();
    for args in [
        "check --no-config --quiet a.json --today 2026-11-21 --fail-on never --record record.json",
        "report record.json --format json=report.json --today 2026-11-21",
        "evidence new report.json -o decided.json --today 2026-11-26",
    ] {
        let output = hallmark(here, &args.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert!(output.status.success(), "{args}: {output:?}");
    }
    let mut value: serde_json::Value = serde_json::from_slice(&fs::read(here.join("decided.json")).unwrap()).unwrap();
    value["decisions"][0]["decision"] = "deferred".into();
    value["signatories"] = serde_json::json!([{"role": "chair of the design authority", "on": "2026-11-26"}]);
    fs::write(here.join("decided.json"), value.to_string()).unwrap();
    folder
}

fn pipe(path: &Path) {
    assert!(Command::new("mkfifo").arg(path).status().unwrap().success());
}

/// Files of a folder and below, by name, but for those that the command makes beside its output.
fn leftovers(here: &Path) -> Vec<String> {
    let all = walkdir::WalkDir::new(here).into_iter().map(|e| e.unwrap().file_name().to_string_lossy().into_owned());
    all.filter(|name| name.ends_with(".partial") || name.ends_with(".part")).collect()
}

/// What came out of a pipe that the command was given, and that it still is one.
fn through(here: &Path, command: &Writes, pipe: &Path) -> Vec<u8> {
    let reading = pipe.to_owned();
    let reader = std::thread::spawn(move || fs::read(reading).unwrap());
    let output = hallmark(here, &command.args);
    assert!(fs::symlink_metadata(pipe).unwrap().file_type().is_fifo(), "{:?} replaced the pipe", command.args);
    // Should nobody have written to it, the reader is let go.
    drop(fs::File::options().read(true).write(true).open(pipe).unwrap());
    let read = reader.join().unwrap();
    assert_eq!(output.status.code(), Some(0), "{:?}: {}", command.args, String::from_utf8_lossy(&output.stderr));
    read
}

#[test]
fn no_output_destroys_what_is_not_its_own() {
    for command in commands() {
        let said = format!("{:?}", command.args);
        let makes_nothing_anew = command.args[0] == "init";
        let folder = prepared();
        let here = folder.path();
        let out = here.join(&command.out);
        let ends = |output: &Output, code: i32| {
            assert_eq!(output.status.code(), Some(code), "{said}: {}", String::from_utf8_lossy(&output.stderr));
            assert!(leftovers(here).is_empty(), "{said}: {:?}", leftovers(here));
        };
        // Where nothing is, and over a file of an earlier run.
        ends(&hallmark(here, &command.args), 0);
        let whole = fs::read(&out).unwrap();
        assert!(!whole.is_empty(), "{said}");
        ends(&hallmark(here, &command.args), 0);
        assert_eq!(fs::read(&out).unwrap().len(), whole.len(), "{said}");
        fs::remove_file(&out).unwrap();
        // A link to somebody else's file.
        fs::write(here.join("theirs"), "theirs").unwrap();
        symlink(here.join("theirs"), &out).unwrap();
        ends(&hallmark(here, &command.args), 0);
        assert_eq!(fs::read_to_string(here.join("theirs")).unwrap(), "theirs", "{said}");
        if makes_nothing_anew {
            continue;
        }
        assert_eq!(fs::read(&out).unwrap().len(), whole.len(), "{said}");
        fs::remove_file(&out).unwrap();
        // A pipe, and a link to one.
        pipe(&out);
        assert_eq!(through(here, &command, &out).len(), whole.len(), "{said}");
        fs::remove_file(&out).unwrap();
        pipe(&here.join("pipe"));
        symlink(here.join("pipe"), &out).unwrap();
        assert_eq!(through(here, &command, &here.join("pipe")).len(), whole.len(), "{said}");
        assert!(fs::symlink_metadata(&out).unwrap().is_symlink() && leftovers(here).is_empty(), "{said}");
        // A folder.
        fs::remove_file(&out).unwrap();
        fs::create_dir(&out).unwrap();
        let output = hallmark(here, &command.args);
        assert!(matches!(output.status.code(), Some(2 | 3)) && out.is_dir(), "{said}: {output:?}");
    }
}

#[test]
fn no_output_is_an_input() {
    let folder = prepared();
    let here = folder.path();
    for args in commands().into_iter().filter_map(|command| command.clash) {
        let before: Vec<_> =
            ["a.json", "record.json", "report.json"].map(|name| fs::read(here.join(name)).unwrap()).into();
        let output = hallmark(here, &args);
        let says = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args:?}: {says}");
        assert!(says.contains("is an input"), "{args:?}: {says}");
        let after: Vec<_> =
            ["a.json", "record.json", "report.json"].map(|name| fs::read(here.join(name)).unwrap()).into();
        assert!(before == after && leftovers(here).is_empty(), "{args:?}");
    }
}

#[test]
fn two_outputs_do_not_meet() {
    let folder = prepared();
    let here = folder.path();
    let check = "check --no-config --fail-on never a.json";
    for args in [
        format!("{check} --record out --format json=./out"),
        format!("{check} --write-baseline folder/../out --report out"),
        format!("{check} --format csv=out --format xlsx=folder/../out"),
        "report record.json --format json=out --format html=./out".to_owned(),
    ] {
        let output = hallmark(here, &args.split(' ').map(str::to_owned).collect::<Vec<_>>());
        let says = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(2), "{args}: {says}");
        assert!(says.contains("two outputs go to this file") && !here.join("out").exists(), "{args}: {says}");
    }
    // A baseline may be read and written again.
    for args in [
        format!("{check} --write-baseline known.json"),
        format!("{check} --baseline known.json --write-baseline known.json"),
    ] {
        let output = hallmark(here, &args.split(' ').map(str::to_owned).collect::<Vec<_>>());
        assert_eq!(output.status.code(), Some(0), "{args}: {}", String::from_utf8_lossy(&output.stderr));
    }
}
