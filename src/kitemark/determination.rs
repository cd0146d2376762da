//! The determination: what people decided for each partner, and what a decision must say for itself.

use serde_json::{Value, json};

use crate::schema::{Checked, Faults, Schema, Syntax};
use crate::settings::Date;

/// The schema of a determination.
pub static SCHEMA: Schema = Schema::new(include_str!("../../schemas/determination.schema.json"));

/// Months for which a determination holds unless people write another day.
const MONTHS: i32 = 12;

/// What a determination says about how to fill it in.
const GUIDE: [&str; 6] = [
    "Decide for each partner under `decisions`: awarded, awarded-with-conditions, deferred, not-supported or withdrawn.",
    "An award where `gatesMissed` is not empty, or `level` is below `criteriaSet.requiredLevel`, needs a `reason`.",
    "awarded-with-conditions needs `conditions`: {\"text\": \"...\", \"owner\": \"role\", \"due\": \"YYYY-MM-DD\"}.",
    "Write who answers for it under `signatories`: {\"role\": \"chair of the design authority\", \"on\": \"YYYY-MM-DD\"}.",
    "Leave everything else as it is: `level`, `gatesMissed`, digests and files are held against the report.",
    "Then run `hallmark evidence sign` on this file, and `hallmark evidence verify` wherever it is relied on.",
];

/// One piece of evidence.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Piece {
    /// What it is: `report`, or the kind of a material of the report.
    pub kind: String,
    /// Path relative to the determination.
    pub file: String,
    /// SHA-256 of its bytes in hex.
    pub sha256: String,
    /// Public key of its signature, where it is signed.
    pub signed_by: Option<String>,
}

/// A determination to be filled in by people: undecided for each partner, with the levels and gates of a report (its JSON
/// form, which agrees with its schema) and the digests of all that it rests on.
pub fn draft(report: &Value, today: Date, pieces: &[Piece]) -> String {
    let rows = |list: &Value, row: &dyn Fn(&Value) -> Value| -> Vec<Value> {
        list.as_array().into_iter().flatten().map(row).collect()
    };
    let decision = |s: &Value| {
        let mut value = json!({
            "partner": s["partner"], "product": s["product"], "interface": s["interface"],
            "environment": s["environment"], "level": s["level"], "gatesMissed": s["gatesMissed"],
            "decision": "undecided", "reason": "", "conditions": [],
        });
        if s["organisation"].is_string() {
            value["organisation"] = s["organisation"].clone();
        }
        value
    };
    let set = &report["criteriaSet"];
    let (rules, packs) = made_with(report);
    let value = json!({
        "type": "hallmark-determination",
        "version": 2,
        "guide": GUIDE,
        "report": report["id"],
        "day": report["day"],
        "criteriaSet": {
            "id": set["id"], "version": set["version"], "digest": set["digest"], "requiredLevel": set["requiredLevel"],
        },
        "rules": rules,
        "packs": packs,
        "decisions": rows(&report["subjects"], &decision),
        "signatories": [],
        "evidence": pieces.iter().map(|p| listed(report, p)).collect::<Vec<_>>(),
        "validUntil": today.plus_months(MONTHS).to_string(),
    });
    serde_json::to_string_pretty(&value).unwrap_or_default() + "\n"
}

/// Digests of rules and packages of a report, as a determination lists them.
pub(super) fn made_with(report: &Value) -> (Value, Value) {
    let list = |key: &str| report["scope"][key].as_array().into_iter().flatten();
    let rules: Vec<&Value> = list("groups").map(|g| &g["rulesDigest"]).collect();
    let pack = |p: &Value| json!({"name": p["name"], "version": p["version"], "digest": p["digest"]});
    let packs: Vec<Value> = list("packs").map(pack).collect();
    (json!(rules), json!(packs))
}

/// One piece with its digest, and its last day where the report knows a file of that digest.
fn listed(report: &Value, piece: &Piece) -> Value {
    let mut value = json!({"kind": piece.kind, "file": piece.file, "sha256": piece.sha256});
    let mut known = report["evidence"].as_array().into_iter().flatten();
    let until =
        known.find(|f| f["sha256"] == piece.sha256.as_str()).map(|f| &f["validUntil"]).filter(|d| d.is_string());
    if let Some(day) = until {
        value["validUntil"] = day.clone();
    }
    if let Some(key) = &piece.signed_by {
        value["signedBy"] = key.as_str().into();
    }
    value
}

/// Reads a determination.
///
/// # Errors
/// What is not well formed or breaks the schema, with its place.
pub fn read(name: &str, text: &str) -> Result<Checked, Faults> {
    Checked::read(name, text, Syntax::Json, &SCHEMA)
}

/// What decisions lack that no schema can ask: place, what is wrong, what to do.
pub(super) fn lacking(value: &Value, today: Date) -> Vec<(String, String, &'static str)> {
    let mut out = Vec::new();
    let mut add = |at: String, says: String, remedy| out.push((at, says, remedy));
    let asked = value["criteriaSet"]["requiredLevel"].as_u64().unwrap_or(1);
    let made = day(&value["day"]);
    let ends = day(&value["validUntil"]);
    let list = |value: &Value| value.as_array().cloned().unwrap_or_default();
    for (i, decision) in list(&value["decisions"]).iter().enumerate() {
        let who = decision["partner"].as_str().unwrap_or_default();
        let word = decision["decision"].as_str().unwrap_or_default();
        let at = |key: &str| format!("/decisions/{i}/{key}");
        let conditions = list(&decision["conditions"]);
        if word == "undecided" {
            add(at("decision"), format!("this is not decided yet: {who}"), "Write the decision that people took");
        }
        let missed = list(&decision["gatesMissed"]).len();
        let level = decision["level"].as_u64().unwrap_or(0);
        let written = decision["reason"].as_str().unwrap_or_default().trim().len();
        if word.starts_with("awarded") && (missed > 0 || level < asked) && written < 8 {
            let gates = crate::text::counted(missed as u64, "missed gate");
            let says = format!("{who} is awarded at level {level} of {asked} with {gates}, and no reason is given");
            add(at("reason"), says, "Write why the award goes against the evidence");
        }
        match (word, conditions.is_empty()) {
            ("awarded-with-conditions", true) => {
                let says = format!("{who} is awarded with conditions, and none is written down");
                add(at("conditions"), says, "Write each condition with its owner and day");
            }
            ("awarded", false) => {
                let says = format!("{who} is awarded without conditions, and some are written down");
                add(at("decision"), says, "Write awarded-with-conditions, or take them out");
            }
            _ => {}
        }
        for (j, condition) in conditions.iter().enumerate() {
            let Some(due) = day(&condition["due"]) else { continue };
            let at = format!("/decisions/{i}/conditions/{j}/due");
            if made.is_some_and(|made| due < made) {
                add(at, format!("a condition for {who} is due before the report was made"), "Write a later day");
            } else if ends.is_some_and(|ends| due > ends) {
                add(at, format!("a condition for {who} is due after the decision ends"), "Write an earlier day");
            }
        }
    }
    let signatories = list(&value["signatories"]);
    if signatories.is_empty() {
        add("/signatories".into(), "nobody answers for this decision".into(), "Add a role and a day");
    }
    for (i, signatory) in signatories.iter().enumerate() {
        let role = signatory["role"].as_str().unwrap_or_default();
        let on = day(&signatory["on"]);
        let at = format!("/signatories/{i}/on");
        if on.zip(made).is_some_and(|(on, made)| on < made) {
            add(at, format!("the {role} decided before the report was made"), "Write the day of the decision");
        } else if on.is_some_and(|on| on > today) {
            add(at, format!("the {role} decides on a day that is still to come"), "Write the day of the decision");
        }
    }
    out
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

pub(super) fn day(value: &Value) -> Option<Date> {
    Date::parse(value.as_str()?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn canonical_form_is_sorted_and_tight() {
        let value: Value =
            serde_json::from_str("{ \"b\": [1, true, null], \"a\": {\"z\": \"é\\u0007/\\\"\", \"y\": 2} }").unwrap();
        assert_eq!(canonical(&value), "{\"a\":{\"y\":2,\"z\":\"é\\u0007/\\\"\"},\"b\":[1,true,null]}");
    }

    #[test]
    fn pieces_carry_the_last_day_that_the_report_knows() {
        let report = json!({"evidence": [{"file": "scan.json", "sha256": "ab", "validUntil": "2027-01-31"}]});
        let piece = |sha256: &str| Piece {
            kind: "evidence".into(),
            file: "x/scan.json".into(),
            sha256: sha256.into(),
            signed_by: None,
        };
        let today = Date::parse("2026-11-21").unwrap();
        let value: Value = serde_json::from_str(&draft(&report, today, &[piece("cd"), piece("ab")])).unwrap();
        assert_eq!(value["evidence"][1]["validUntil"], "2027-01-31");
        assert!(value["evidence"][0]["validUntil"].is_null());
    }
}
