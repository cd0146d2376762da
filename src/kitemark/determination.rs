//! The determination: what people decided, the evidence it rests on, a detached signature, and the re-check of all.

use ed25519_dalek::{Signature, Signer, SigningKey, Verifier, VerifyingKey};
use serde_json::{Value, json};

use super::evidence::sha256;
use crate::schema::{Checked, Faults, Schema, Syntax};
use crate::settings::Date;

/// The schema of a determination.
pub static SCHEMA: Schema = Schema::new(include_str!("../../schemas/determination.schema.json"));

/// The schema of its signature.
pub static SIGNATURE_SCHEMA: Schema = Schema::new(include_str!("../../schemas/signature.schema.json"));

/// Months for which a determination holds unless people write another day.
const MONTHS: i32 = 12;

/// One piece of evidence by name, with its bytes.
#[derive(Clone, Copy, Debug)]
pub struct Piece<'b> {
    /// Path relative to the determination.
    pub file: &'b str,
    /// Content.
    pub bytes: &'b [u8],
}

/// A determination to be filled in by people: undecided, with the levels of a report (its JSON form) and the digests of
/// all evidence, the report included.
///
/// # Errors
/// What the report lacks, in one sentence.
pub fn draft(report: &Value, today: Date, evidence: &[Piece<'_>]) -> Result<String, String> {
    if report["type"] != "hallmark-report" {
        return Err("this is not a report of hallmark in JSON; write one with `hallmark report --format json`".into());
    }
    let subjects: Vec<Value> = report["subjects"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|s| {
            json!({
                "partner": s["partner"], "product": s["product"], "interface": s["interface"],
                "environment": s["environment"], "level": s["level"], "gatesMissed": s["gatesMissed"],
            })
        })
        .collect();
    let set = &report["criteriaSet"];
    let value = json!({
        "type": "hallmark-determination",
        "version": 1,
        "report": report["id"],
        "criteriaSet": {"id": set["id"], "version": set["version"], "digest": set["digest"]},
        "subjects": subjects,
        "decision": "undecided",
        "conditions": [],
        "signatories": [],
        "evidence": evidence.iter().map(|p| listed(report, p)).collect::<Vec<_>>(),
        "day": report["day"],
        "validUntil": today.plus_months(MONTHS).to_string(),
    });
    let text = serde_json::to_string_pretty(&value).map_err(|e| e.to_string())?;
    Ok(text + "\n")
}

/// One piece with its digest, and its last day where the report knows a file of that digest.
fn listed(report: &Value, piece: &Piece<'_>) -> Value {
    let digest = sha256(piece.bytes);
    let mut known = report["evidence"].as_array().into_iter().flatten();
    let until = known.find(|f| f["sha256"] == digest.as_str()).map(|f| &f["validUntil"]).filter(|d| d.is_string());
    match until {
        Some(day) => json!({"file": piece.file, "sha256": digest, "validUntil": day}),
        None => json!({"file": piece.file, "sha256": digest}),
    }
}

/// Signs a determination with a 32-byte Ed25519 seed; gives the text of the signature file.
///
/// # Errors
/// What breaks the schema; a determination that is still undecided is not signed.
pub fn sign(name: &str, text: &str, seed: &[u8; 32]) -> Result<String, Faults> {
    let checked = Checked::read(name, text, Syntax::Json, &SCHEMA)?;
    if checked.value["decision"] == "undecided" {
        let fault = checked.fault("/decision", "this is not decided yet", "Write the decision that people took");
        return Err(fault.into());
    }
    if checked.value["signatories"].as_array().is_none_or(Vec::is_empty) {
        let fault = checked.fault("/signatories", "nobody answers for this decision", "Add a role and a day");
        return Err(fault.into());
    }
    let canonical = canonical(&checked.value);
    let key = SigningKey::from_bytes(seed);
    let signature = key.sign(canonical.as_bytes());
    let value = json!({
        "type": "hallmark-signature",
        "version": 1,
        "algorithm": "ed25519",
        "key": hex::encode(key.verifying_key().as_bytes()),
        "sha256": sha256(canonical.as_bytes()),
        "signature": hex::encode(signature.to_bytes()),
    });
    Ok(serde_json::to_string_pretty(&value).unwrap_or_default() + "\n")
}

/// What a re-check found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verdict {
    /// What holds, one sentence each.
    pub holds: Vec<String>,
    /// What does not, one sentence each.
    pub faults: Vec<String>,
}

impl Verdict {
    /// Whether all holds.
    pub fn is_good(&self) -> bool {
        self.faults.is_empty()
    }
}

/// Re-checks digests, days and the signature, offline. `read` gives the bytes of a piece of evidence; `key` is the
/// public key in hex that the signature must be of, where the reader knows it.
///
/// # Errors
/// Files that are not well formed or break their schema.
pub fn verify(
    determination: (&str, &str),
    signature: Option<(&str, &str)>,
    key: Option<&str>,
    today: Date,
    read: &dyn Fn(&str) -> Option<Vec<u8>>,
) -> Result<Verdict, Faults> {
    let checked = Checked::read(determination.0, determination.1, Syntax::Json, &SCHEMA)?;
    let value = &checked.value;
    let mut verdict = Verdict::default();
    for piece in value["evidence"].as_array().into_iter().flatten() {
        let file = piece["file"].as_str().unwrap_or_default();
        match read(file) {
            None => verdict.faults.push(format!("{file} cannot be read")),
            Some(bytes) if sha256(&bytes) == piece["sha256"].as_str().unwrap_or_default() => {
                verdict.holds.push(format!("{file} is as it was"));
            }
            Some(_) => verdict.faults.push(format!("{file} was changed after the decision: its digest differs")),
        }
        if let Some(last) = day(&piece["validUntil"])
            && last < today
        {
            verdict.faults.push(format!("{file} lapsed on {last}"));
        }
    }
    match day(&value["validUntil"]) {
        Some(last) if last < today => verdict.faults.push(format!("the decision lapsed on {last}")),
        Some(last) => verdict.holds.push(format!("the decision holds until {last}")),
        None => {}
    }
    for condition in value["conditions"].as_array().into_iter().flatten() {
        if let Some(due) = day(&condition["due"])
            && due < today
        {
            let text = condition["text"].as_str().unwrap_or_default();
            verdict.faults.push(format!("a condition was due on {due}: {text}"));
        }
    }
    match signature {
        None => verdict.faults.push("there is no signature".into()),
        Some((name, text)) => {
            let signature = Checked::read(name, text, Syntax::Json, &SIGNATURE_SCHEMA)?;
            check_signature(&canonical(value), &signature.value, key, &mut verdict);
        }
    }
    Ok(verdict)
}

fn check_signature(canonical: &str, signature: &Value, known: Option<&str>, verdict: &mut Verdict) {
    let text = |key: &str| signature[key].as_str().unwrap_or_default();
    let parts = bytes::<32>(text("key")).zip(bytes::<64>(text("signature")));
    let signed = parts.is_some_and(|(key, signature)| {
        let signature = Signature::from_bytes(&signature);
        VerifyingKey::from_bytes(&key).is_ok_and(|key| key.verify(canonical.as_bytes(), &signature).is_ok())
    });
    // The digest beside the signature tells which of the two files was touched.
    match (signed, sha256(canonical.as_bytes()) == text("sha256")) {
        (true, true) => {}
        (true, false) => {
            verdict.faults.push("the signature file was changed: the digest in it is of something else".into());
            return;
        }
        (false, true) => {
            verdict
                .faults
                .push("the signature file was changed: its signature or key is not of this determination".into());
            return;
        }
        (false, false) => {
            verdict.faults.push("the determination was changed after it was signed: its digest differs".into());
            return;
        }
    }
    match known {
        Some(known) if !known.trim().eq_ignore_ascii_case(text("key")) => {
            verdict.faults.push(format!("it is signed with another key, {}", text("key")));
        }
        Some(_) => verdict.holds.push("it is signed with the key that was named".into()),
        None => {
            verdict.holds.push(format!("it is signed with key {}; whose key that is, is for you to know", text("key")))
        }
    }
}

/// JSON in canonical form (RFC 8785): members sorted, no space, shortest escapes. Our files hold integers only, so no
/// number needs another form; members are sorted by code units, which for our ASCII names is by bytes.
pub fn canonical(value: &Value) -> String {
    match value {
        Value::Object(map) => {
            let mut keys: Vec<&String> = map.keys().collect();
            keys.sort_by(|a, b| a.encode_utf16().cmp(b.encode_utf16()));
            let members: Vec<String> =
                keys.into_iter().map(|k| format!("{}:{}", Value::String(k.clone()), canonical(&map[k]))).collect();
            format!("{{{}}}", members.join(","))
        }
        Value::Array(items) => format!("[{}]", items.iter().map(canonical).collect::<Vec<_>>().join(",")),
        other => other.to_string(),
    }
}

fn day(value: &Value) -> Option<Date> {
    Date::parse(value.as_str()?)
}

/// Bytes of hex of the right length.
fn bytes<const N: usize>(text: &str) -> Option<[u8; N]> {
    let mut out = [0; N];
    hex::decode_to_slice(text, &mut out).ok().map(|()| out)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn report() -> Value {
        json!({
            "type": "hallmark-report", "id": "0123456789ab", "day": "2026-11-21",
            "criteriaSet": {"id": "s", "version": "1.0.0", "digest": format!("sha256:{}", "0".repeat(64))},
            "subjects": [{"partner": "X26", "product": "p", "interface": "i", "environment": "test", "level": 2, "gatesMissed": []}],
        })
    }

    fn decided() -> String {
        let today = Date::parse("2026-11-21").unwrap();
        let text = draft(&report(), today, &[Piece { file: "report.json", bytes: b"the report" }]).unwrap();
        assert!(sign("d.json", &text, &[7; 32]).unwrap_err().to_string().contains("not decided yet"));
        let mut value: Value = serde_json::from_str(&text).unwrap();
        value["decision"] = "awarded-with-conditions".into();
        assert!(sign("d.json", &value.to_string(), &[7; 32]).unwrap_err().to_string().contains("nobody answers"));
        value["signatories"] = json!([{"role": "chair of the design authority", "on": "2026-11-21"}]);
        value["conditions"] = json!([{"text": "trace all patients", "owner": "supplier", "due": "2027-03-01"}]);
        value.to_string()
    }

    fn check(determination: &str, signature: &str, report: &[u8], today: &str, key: Option<&str>) -> Verdict {
        let read = |file: &str| (file == "report.json").then(|| report.to_vec());
        let today = Date::parse(today).unwrap();
        verify(("d.json", determination), Some(("d.sig", signature)), key, today, &read).unwrap()
    }

    #[test]
    fn what_was_tampered_with_is_named() {
        let text = decided();
        let signature = sign("d.json", &text, &[7; 32]).unwrap();
        let good = check(&text, &signature, b"the report", "2026-12-01", None);
        assert!(good.is_good(), "{:?}", good.faults);
        // Layout does not matter, content does.
        let value: Value = serde_json::from_str(&text).unwrap();
        let pretty = serde_json::to_string_pretty(&value).unwrap();
        assert!(check(&pretty, &signature, b"the report", "2026-12-01", None).is_good());
        for (determination, signature, report, today, key, says) in [
            (text.clone(), signature.clone(), &b"the rep0rt"[..], "2026-12-01", None, "report.json was changed"),
            (
                text.replace("awarded-with-conditions", "awarded"),
                signature.clone(),
                b"the report",
                "2026-12-01",
                None,
                "changed after it was signed",
            ),
            (
                text.clone(),
                sign("d.json", &text.replace("X26", "X27"), &[7; 32]).unwrap(),
                b"the report",
                "2026-12-01",
                None,
                "changed after it was signed",
            ),
            (
                text.clone(),
                signature.replacen("\"signature\": \"", "\"signature\": \"0", 1).replacen("\"\n}", "\n}", 1),
                b"the report",
                "2026-12-01",
                Some("short"),
                "",
            ),
            (text.clone(), signature.clone(), b"the report", "2026-12-01", Some("ab"), "another key"),
            (text.clone(), signature.clone(), b"the report", "2027-11-22", None, "the decision lapsed on 2027-11-21"),
            (text.clone(), signature.clone(), b"the report", "2027-03-02", None, "a condition was due on 2027-03-01"),
        ] {
            if says.is_empty() {
                let read = |_: &str| None;
                let day = Date::parse(today).unwrap();
                assert!(verify(("d.json", &determination), Some(("d.sig", &signature)), key, day, &read).is_err());
                continue;
            }
            let verdict = check(&determination, &signature, report, today, key);
            assert!(verdict.faults.iter().any(|f| f.contains(says)), "{says}: {:?}", verdict.faults);
        }
    }

    /// One bit of each byte of each file: either a fault that names the file, or nothing but its layout was touched.
    #[test]
    fn no_byte_can_be_flipped_unseen() {
        let text = decided();
        let signature = sign("d.json", &text, &[7; 32]).unwrap();
        let today = Date::parse("2026-12-01").unwrap();
        let value: Value = serde_json::from_str(&text).unwrap();
        let (mut seen, mut layout) = (0, 0);
        let flipped = |text: &str, at: usize| {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] ^= 1;
            String::from_utf8(bytes)
        };
        let read = |bytes: &'static [u8]| move |file: &str| (file == "report.json").then(|| bytes.to_vec());
        for at in 0..text.len() {
            let Ok(changed) = flipped(&text, at) else { continue };
            match verify(("d.json", &changed), Some(("d.sig", &signature)), None, today, &read(b"the report")) {
                Err(faults) => assert!(faults.to_string().contains("d.json:"), "byte {at}: {faults}"),
                Ok(verdict) if verdict.is_good() => {
                    assert_eq!(serde_json::from_str::<Value>(&changed).unwrap(), value, "byte {at}");
                    layout += 1;
                    continue;
                }
                Ok(verdict) => {
                    assert!(verdict.faults.iter().any(|f| f.starts_with("the determination was changed")), "byte {at}");
                }
            }
            seen += 1;
        }
        let sealed: Value = serde_json::from_str(&signature).unwrap();
        for at in 0..signature.len() {
            let Ok(changed) = flipped(&signature, at) else { continue };
            match verify(("d.json", &text), Some(("d.sig", &changed)), None, today, &read(b"the report")) {
                Err(faults) => assert!(faults.to_string().contains("d.sig:"), "byte {at}: {faults}"),
                Ok(verdict) if verdict.is_good() => {
                    assert_eq!(serde_json::from_str::<Value>(&changed).unwrap(), sealed, "byte {at}");
                    layout += 1;
                    continue;
                }
                Ok(verdict) => {
                    assert!(
                        verdict.faults.iter().all(|f| f.starts_with("the signature file was changed")),
                        "byte {at}"
                    );
                }
            }
            seen += 1;
        }
        assert!(seen > text.len(), "{seen} seen, {layout} in the layout");
        let verdict =
            verify(("d.json", &text), Some(("d.sig", &signature)), None, today, &read(b"the reporu")).unwrap();
        assert_eq!(verdict.faults, ["report.json was changed after the decision: its digest differs"]);
    }

    #[test]
    fn pieces_carry_the_last_day_that_the_report_knows() {
        let mut report = report();
        report["evidence"] = json!([{"file": "scan.json", "sha256": sha256(b"a scan"), "validUntil": "2027-01-31"}]);
        let today = Date::parse("2026-11-21").unwrap();
        let pieces = [Piece { file: "report.json", bytes: b"r" }, Piece { file: "x/scan.json", bytes: b"a scan" }];
        let value: Value = serde_json::from_str(&draft(&report, today, &pieces).unwrap()).unwrap();
        assert_eq!(value["evidence"][1]["validUntil"], "2027-01-31");
        assert!(value["evidence"][0]["validUntil"].is_null());
    }

    #[test]
    fn canonical_form_is_sorted_and_tight() {
        let value: Value =
            serde_json::from_str("{ \"b\": [1, true, null], \"a\": {\"z\": \"é\\u0007/\\\"\", \"y\": 2} }").unwrap();
        assert_eq!(canonical(&value), "{\"a\":{\"y\":2,\"z\":\"é\\u0007/\\\"\"},\"b\":[1,true,null]}");
    }
}
