//! A chain of evidence with one fault planted: each is refused or named. The faults are `tests/chain/faults.toml`.
#![allow(clippy::unwrap_used, reason = "functions that tests share")]

use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

use serde::Deserialize;
use serde_json::Value;
use sha2::{Digest, Sha256};

/// One planted fault.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Fault {
    name: String,
    #[serde(default)]
    plant: Vec<Plant>,
    /// Words of the command; `{key}` is the public key that signed.
    run: Vec<String>,
    exit: i32,
    /// What standard output or standard error must say.
    says: Vec<String>,
    /// Files that must not be there afterwards.
    #[serde(default)]
    leaves_no: Vec<String>,
}

/// What is done to the folder first.
#[derive(Deserialize)]
#[serde(rename_all = "kebab-case", deny_unknown_fields)]
enum Plant {
    Delete(String),
    Folder(String),
    Copy(String, String),
    Write(String, String),
    /// The first place of one text by another.
    Replace(String, String, String),
    /// Appends.
    Add(String, String),
    /// A member at a JSON pointer; no value takes it away.
    Set {
        file: String,
        at: String,
        to: Option<toml::Value>,
    },
    /// Gives a record a digest that fits.
    Seal(String),
    /// Permissions.
    Mode(String, u32),
    /// A command that must succeed.
    Run(Vec<String>),
}

fn example() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("fixtures/kite-mark")
}

fn hallmark(folder: &Path, words: &[String]) -> (i32, String) {
    let output = Command::new(env!("CARGO_BIN_EXE_hallmark")).current_dir(folder).args(words).output().unwrap();
    let says = [output.stdout, output.stderr].concat();
    (output.status.code().unwrap(), String::from_utf8_lossy(&says).into_owned())
}

fn done(folder: &Path, words: &str) -> String {
    let words: Vec<String> = words.split(' ').map(String::from).collect();
    let (code, says) = hallmark(folder, &words);
    assert_eq!(code, 0, "{words:?}: {says}");
    says
}

fn json(path: &Path) -> Value {
    serde_json::from_slice(&fs::read(path).unwrap()).unwrap()
}

fn copy(from: &Path, to: &Path) {
    fs::create_dir_all(to).unwrap();
    for entry in fs::read_dir(from).unwrap() {
        let path = entry.unwrap().path();
        let to = to.join(path.file_name().unwrap());
        if path.is_dir() { copy(&path, &to) } else { fs::copy(path, to).map(drop).unwrap() }
    }
}

const REPORT: &str = "report records --attestations statements --today 2027-01-15 --format json=out/report.json";

/// A folder with a chain that holds: three records, one of them signed by its partner; statements and evidence; a report;
/// a signed determination of it, and another that is still to be signed. Gives the public key.
fn whole(folder: &Path) -> String {
    for name in ["statements", "evidence"] {
        copy(&example().join(name), &folder.join(name));
    }
    for name in ["records", "out", "spare"] {
        fs::create_dir_all(folder.join(name)).unwrap();
    }
    for partner in ["Y9N1A", "Y9N2B", "Y9N3C"] {
        let name = format!("records/{partner}-2026-q4.json");
        fs::copy(example().join(&name), folder.join(name)).unwrap();
    }
    fs::copy(example().join("records/Y9N1A-2026-q3.json"), folder.join("spare/older.json")).unwrap();
    done(folder, "evidence sign records/Y9N1A-2026-q4.json --key-file partner.key");
    done(folder, REPORT);
    done(folder, &REPORT.replace("2027-01-15", "2027-01-14").replace("report.json", "other.json"));
    for name in ["report", "other"] {
        done(folder, &format!("evidence new out/{name}.json -o out/{name}.d.json --today 2027-01-15"));
        let path = folder.join(format!("out/{name}.d.json"));
        let mut value = json(&path);
        value["signatories"] = serde_json::json!([{"role": "chair of the design authority", "on": "2027-01-20"}]);
        for decision in value["decisions"].as_array_mut().unwrap() {
            decision["decision"] = "deferred".into();
        }
        value["decisions"][0]["decision"] = "awarded-with-conditions".into();
        value["decisions"][0]["reason"] = "Every gate is met and the supplier has a plan.".into();
        value["decisions"][0]["conditions"] = serde_json::json!([{"text": "Name version and date of every resource.", "owner": "supplier", "due": "2027-06-30"}]);
        for piece in value["evidence"].as_array_mut().unwrap() {
            piece.as_object_mut().unwrap().remove("validUntil");
        }
        fs::write(path, value.to_string()).unwrap();
    }
    fs::copy(folder.join("out/report.d.json"), folder.join("out/open.d.json")).unwrap();
    done(folder, "evidence sign out/report.d.json --key-file chair.key --today 2027-01-20");
    done(folder, "evidence sign out/other.d.json --key-file chair.key --today 2027-01-20");
    json(&folder.join("out/report.d.json.sig"))["key"].as_str().unwrap().to_owned()
}

fn plant(folder: &Path, plant: &Plant) {
    let at = |name: &String| folder.join(name);
    match plant {
        Plant::Delete(file) => fs::remove_file(at(file)).unwrap(),
        Plant::Folder(file) => fs::create_dir(at(file)).unwrap(),
        Plant::Copy(from, to) => fs::copy(at(from), at(to)).map(drop).unwrap(),
        Plant::Write(file, text) => fs::write(at(file), text).unwrap(),
        Plant::Replace(file, from, to) => {
            let text = fs::read_to_string(at(file)).unwrap();
            assert!(text.contains(from.as_str()), "{file} has no {from}");
            fs::write(at(file), text.replacen(from, to, 1)).unwrap();
        }
        Plant::Add(file, text) => {
            let held = fs::read_to_string(at(file)).unwrap();
            fs::write(at(file), held + text).unwrap();
        }
        Plant::Set { file, at: pointer, to } => {
            let mut value = json(&at(file));
            let (parent, key) = pointer.rsplit_once('/').unwrap();
            let parent = value.pointer_mut(parent).unwrap();
            match (parent, to) {
                (Value::Object(map), Some(to)) => drop(map.insert(key.into(), serde_json::to_value(to).unwrap())),
                (Value::Object(map), None) => drop(map.remove(key).unwrap()),
                (Value::Array(list), Some(to)) if key == "-" => list.push(serde_json::to_value(to).unwrap()),
                (Value::Array(list), Some(to)) => {
                    list[key.parse::<usize>().unwrap()] = serde_json::to_value(to).unwrap()
                }
                (Value::Array(list), None) => drop(list.remove(key.parse().unwrap())),
                _ => unreachable!("{pointer}"),
            }
            fs::write(at(file), value.to_string()).unwrap();
        }
        Plant::Seal(file) => {
            let text = fs::read_to_string(at(file)).unwrap();
            let (body, _) = text.rsplit_once("\"digest\":").unwrap();
            let digest = hex::encode(Sha256::digest(body.as_bytes()));
            fs::write(at(file), format!("{body}\"digest\":\"{digest}\"}}\n")).unwrap();
        }
        Plant::Mode(file, mode) => {
            #[cfg(unix)]
            fs::set_permissions(at(file), std::os::unix::fs::PermissionsExt::from_mode(*mode)).unwrap();
            #[cfg(not(unix))]
            let _ = (file, mode);
        }
        Plant::Run(words) => {
            let (code, says) = hallmark(folder, words);
            assert_eq!(code, 0, "{words:?}: {says}");
        }
    }
}

#[test]
fn every_planted_fault_is_refused_or_named() {
    #[derive(Deserialize)]
    struct Faults {
        fault: Vec<Fault>,
    }
    let faults: Faults = toml::from_str(include_str!("../chain/faults.toml")).unwrap();
    assert!(faults.fault.len() >= 25, "{}", faults.fault.len());
    let base = tempfile::tempdir().unwrap();
    let key = whole(base.path());
    let says = done(base.path(), &format!("evidence verify out/report.d.json --public-key {key} --today 2027-02-01"));
    assert!(!says.contains("FAULT") && says.contains("2 of 3 records are not signed"), "{says}");
    let mut wrong = Vec::new();
    for fault in &faults.fault {
        let folder = tempfile::tempdir().unwrap();
        copy(base.path(), folder.path());
        fault.plant.iter().for_each(|p| plant(folder.path(), p));
        let words: Vec<String> = fault.run.iter().map(|word| word.replace("{key}", &key)).collect();
        let (code, told) = hallmark(folder.path(), &words);
        let silent: Vec<&String> = fault.says.iter().filter(|says| !told.contains(says.as_str())).collect();
        let left: Vec<&String> = fault.leaves_no.iter().filter(|file| folder.path().join(file).exists()).collect();
        if code != fault.exit || !silent.is_empty() || !left.is_empty() {
            wrong.push(format!(
                "{}: exit {code}, not said {silent:?}, left behind {left:?}\n{}",
                fault.name,
                told.chars().take(800).collect::<String>()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
