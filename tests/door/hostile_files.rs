//! Files, archives and outputs that fail: what cannot be read is named, the rest is checked, nothing half written stays.
#![allow(clippy::unwrap_used, clippy::panic, reason = "functions that tests share")]

#[path = "hostile/archives.rs"]
mod archives;
use super::hostile::run;

use std::fs;
use std::path::Path;

use archives::{gzip, tar, zip};
use run::{Run, check};

const GOOD: &str = r#"{"resourceType":"Patient","active":true}"#;

fn put(folder: &Path, name: &str, bytes: impl AsRef<[u8]>) {
    fs::write(folder.join(name), bytes).unwrap();
}

fn entries(folder: &Path) -> Vec<String> {
    let mut names: Vec<String> =
        fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().to_string_lossy().into_owned()).collect();
    names.sort();
    names
}

/// One archive, the payloads that must come of it (given, read, failed, skipped), what must be said, the exit code.
type Case = (&'static str, Vec<u8>, [u64; 4], &'static [&'static str], i32);

fn archives() -> Vec<Case> {
    let good = GOOD.as_bytes();
    let lines = format!("{GOOD}\n{GOOD}\n");
    let whole = tar(&[("a.json", good), ("b.ndjson", lines.as_bytes()), ("note.txt", b"x")]);
    let packed = gzip(&whole);
    vec![
        ("whole.tgz", packed.clone(), [3, 3, 0, 0], &[], 0),
        ("whole.tar", whole.clone(), [3, 3, 0, 0], &[], 0),
        (
            "whole.zip",
            zip(&[("a.json", good), ("b.ndjson", lines.as_bytes()), ("note.txt", b"x")]),
            [3, 3, 0, 0],
            &[],
            0,
        ),
        (
            "inner.zip",
            zip(&[("a.json.gz", &gzip(good)), ("b.ndjson.gz", &gzip(lines.as_bytes()))]),
            [3, 3, 0, 0],
            &[],
            0,
        ),
        ("inner.tar", tar(&[("a.json.gz", &gzip(good))]), [1, 1, 0, 0], &[], 0),
        ("empty.zip", zip(&[]), [0; 4], &["empty.zip: no message is in it"], 3),
        ("empty.tar", tar(&[]), [0; 4], &["empty.tar: no message is in it"], 3),
        ("zero.tgz", Vec::new(), [0; 4], &["zero.tgz"], 3),
        ("notes.zip", zip(&[("note.txt", b"x")]), [0; 4], &["notes.zip: no message is in it"], 3),
        ("cut.tgz", packed[..packed.len() / 2].to_vec(), [0; 4], &["cut.tgz"], 3),
        ("cut.tar", whole[..1024].to_vec(), [1, 1, 0, 0], &["cut.tar"], 3),
        ("cut.zip", zip(&[("a.json", good)])[..40].to_vec(), [0; 4], &["cut.zip"], 3),
        ("wrong-sum.tgz", archives::wrong_sum(&packed), [3, 3, 0, 0], &["wrong-sum.tgz"], 3),
        ("noise.zip", b"no archive at all".to_vec(), [0; 4], &["noise.zip"], 3),
        ("noise.tgz", b"no archive at all".to_vec(), [0; 4], &["noise.tgz"], 3),
        ("noise.json.gz", b"no stream at all".to_vec(), [0; 4], &["noise.json.gz"], 3),
        ("noise.ndjson.zst", b"no stream at all".to_vec(), [0; 4], &["noise.ndjson.zst"], 3),
        ("cut.ndjson.gz", gzip(lines.repeat(50).as_bytes())[..60].to_vec(), [0; 4], &["cut.ndjson.gz"], 3),
        ("damaged.zip", archives::damaged(&zip(&[("a.json", good), ("b.json", good)])), [1, 1, 0, 0], &["a.json"], 3),
        (
            "nested.zip",
            zip(&[("a.json", good), ("more.zip", &zip(&[("b.json", good)])), ("more.tar.gz", &packed)]),
            [1, 1, 0, 0],
            &["nested.zip!more.zip: an archive inside an archive is not opened", "nested.zip!more.tar.gz"],
            3,
        ),
        (
            "nested.tar",
            tar(&[("more.zip", &zip(&[("b.json", good)]))]),
            [0; 4],
            &["nested.tar!more.zip: an archive"],
            3,
        ),
        (
            "links.tar",
            archives::links(),
            [1, 1, 0, 0],
            &["links.tar!way.json: this member is not a file", "links.tar!hard.json"],
            3,
        ),
        (
            "paths.zip",
            zip(&[("../../../outside.json", good), ("/outside.json", good), ("C:\\outside.json", good)]),
            [3, 3, 0, 0],
            &[],
            0,
        ),
        ("paths.tar", archives::climbing(good), [1, 1, 0, 0], &[], 0),
        (
            "names.zip",
            zip(&[("9990000018/9990000018.json", good), ("\u{202e}\u{1b}[2Ja.json", good)]),
            [2, 2, 0, 0],
            &[],
            0,
        ),
    ]
}

#[test]
fn archives_are_read_as_far_as_they_can_be() {
    for (name, bytes, payloads, says, exit) in archives() {
        let outer = tempfile::tempdir().unwrap();
        let folder = outer.path().join("in");
        fs::create_dir(&folder).unwrap();
        put(&folder, name, &bytes);
        let run = check(&folder, &[name]);
        assert_eq!(run.read_payloads(), payloads, "{name}: {}", run.stderr);
        assert_eq!(run.exit, exit, "{name}: {}", run.stderr);
        for part in says {
            assert!(run.stderr.contains(part), "{name}: {part} in {}", run.stderr);
        }
        // Nothing is unpacked, wherever a member says that it belongs.
        assert_eq!(entries(&folder), [name]);
        assert_eq!(entries(outer.path()), ["in"]);
        assert!(!Path::new("/outside.json").exists());
        assert!(!run.stdout.contains("9990000018") && !run.stderr.contains("9990000018"), "{name}");
        assert!(!run.stdout.contains('\u{1b}') && !run.stdout.contains('\u{202e}'), "{name}");
    }
}

#[test]
fn bombs_end_at_the_limit() {
    let folder = tempfile::tempdir().unwrap();
    let blanks = vec![b' '; 40 << 20];
    let lines = b"{}\n".repeat(4 << 20);
    put(folder.path(), "limits.toml", "[limits]\nexpanded-bytes = 1000000\n");
    let bombs = [
        ("a.json.gz", gzip(&blanks)),
        ("b.ndjson.gz", gzip(&lines)),
        ("c.zip", zip(&[("a.json", &blanks), ("b.json", GOOD.as_bytes())])),
        ("d.tgz", gzip(&tar(&[("a.json", &blanks), ("b.json", GOOD.as_bytes())]))),
        ("e.zip", zip(&[("a.json.gz", &gzip(&blanks))])),
    ];
    for (name, bytes) in &bombs {
        assert!(bytes.len() < 400_000, "{name}");
        put(folder.path(), name, bytes);
        let run = check(folder.path(), &[name, "--config", "limits.toml", "--rules", "HM0001"]);
        assert!(run.stderr.contains("it expands beyond the limit (expanded-bytes)"), "{name}: {}", run.stderr);
        assert_eq!(run.exit, 3, "{name}");
    }
    // A bomb does not take the others with it.
    put(folder.path(), "z.json", GOOD);
    let run = check(folder.path(), &["a.json.gz", "z.json", "--config", "limits.toml"]);
    assert_eq!((run.read_payloads(), run.exit), ([1, 1, 0, 0], 3));
}

#[test]
fn packages_that_are_bombs_or_noise_are_refused() {
    let folder = tempfile::tempdir().unwrap();
    put(folder.path(), "m.json", GOOD);
    put(folder.path(), "noise.tgz", b"noise");
    put(folder.path(), "empty.tgz", gzip(&tar(&[])));
    put(folder.path(), "climbing.tgz", gzip(&archives::climbing(b"{}")));
    put(folder.path(), "deep.tgz", gzip(&tar(&[("package/a.json", "[".repeat(100_000).as_bytes())])));
    let deep = format!("{{\"resourceType\":\"ValueSet\",\"url\":\"urn:a\",\"compose\":{}", "{\"a\":".repeat(100_000));
    put(folder.path(), "deeper.tgz", gzip(&tar(&[("package/a.json", deep.as_bytes())])));
    put(folder.path(), "deep.xml", "<ValueSet xmlns=\"http://hl7.org/fhir\">".to_owned() + &"<a>".repeat(100_000));
    put(
        folder.path(),
        "dtd.xml",
        "<!DOCTYPE a [<!ENTITY b \"c\">]><ValueSet xmlns=\"http://hl7.org/fhir\"><url value=\"&b;\"/></ValueSet>",
    );
    for package in
        ["noise.tgz", "empty.tgz", "climbing.tgz", "deep.tgz", "deeper.tgz", "deep.xml", "dtd.xml", "none.tgz"]
    {
        let run = Run::of(folder.path(), &["check", "m.json", "--no-config", "--package", package]);
        assert_eq!(run.exit, 2, "{package}: {}", run.stderr);
        assert!(run.stderr.contains(package) || run.stderr.contains("a.json"), "{package}: {}", run.stderr);
    }
}

#[cfg(unix)]
#[path = "hostile/unix.rs"]
mod unix;
