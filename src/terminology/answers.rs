//! The hand-off to a terminology server and back: questions as a FHIR batch of `$validate-code`, and a server's answers, read as
//! evidence. Nothing here opens a connection.

use std::collections::HashMap;

use serde_json::{Map, Value, json};
use sha2::{Digest, Sha256};

use super::notes::Question;

/// Why a file of answers cannot be used.
#[derive(Debug, thiserror::Error)]
pub enum AnswersError {
    /// No JSON.
    #[error("this is no JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// No batch and no answer.
    #[error("this is no Bundle of Parameters and no Parameters resource")]
    Shape,
    /// Answers that do not say what they answer, without their questions.
    #[error(
        "the answers do not repeat what was asked; give the file of --export-codes first, then the answers to it: they pair by order"
    )]
    Unpaired,
    /// Another number of answers than of questions.
    #[error("{answers} answers to {questions} questions: they pair by order")]
    Count {
        /// Questions.
        questions: usize,
        /// Answers.
        answers: usize,
    },
}

/// What a server said of codes.
#[derive(Clone, Debug, Default)]
pub struct Answers {
    /// Whether (value set, system, code) is valid.
    known: HashMap<(String, String, String), bool>,
    /// Questions of a file whose answers are still to come.
    waiting: Vec<(String, String, String)>,
    /// SHA-256 of each file that was read, in hex.
    digests: Vec<String>,
}

/// Questions as a FHIR R4 Bundle of type batch: one `$validate-code` each, of the value set or, without one, of the code system.
pub fn batch(questions: impl IntoIterator<Item = Question>) -> Value {
    let entries: Vec<Value> = questions
        .into_iter()
        .map(|question| {
            let of_set = !question.value_set.is_empty();
            let mut coding = Map::new();
            coding.insert("system".to_owned(), json!(question.system));
            coding.insert("code".to_owned(), json!(question.code));
            if !question.display.is_empty() {
                coding.insert("display".to_owned(), json!(question.display));
            }
            let url = if of_set { &question.value_set } else { &question.system };
            let parameters =
                vec![json!({"name": "url", "valueUri": url}), json!({"name": "coding", "valueCoding": coding})];
            let operation = if of_set { "ValueSet/$validate-code" } else { "CodeSystem/$validate-code" };
            json!({
                "resource": {"resourceType": "Parameters", "parameter": parameters},
                "request": {"method": "POST", "url": operation}
            })
        })
        .collect();
    json!({"resourceType": "Bundle", "type": "batch", "entry": entries})
}

impl Answers {
    /// Takes a file: questions (a batch), or answers: a batch-response that pairs with the questions before it by order, or
    /// Parameters that say what they answer.
    ///
    /// # Errors
    /// When the file is none of them, or answers cannot be paired.
    pub fn add(&mut self, bytes: &[u8]) -> Result<(), AnswersError> {
        let value: Value = serde_json::from_slice(bytes)?;
        self.digests.push(hex::encode(Sha256::digest(bytes)));
        match (value["resourceType"].as_str(), value["type"].as_str()) {
            (Some("Parameters"), _) => {
                let key = asked(&value).ok_or(AnswersError::Unpaired)?;
                self.take(key, &value);
                Ok(())
            }
            (Some("Bundle"), kind) => {
                let none = Vec::new();
                let entries = value["entry"].as_array().unwrap_or(&none);
                if kind == Some("batch") {
                    let all: Option<Vec<_>> = entries.iter().map(|entry| asked(&entry["resource"])).collect();
                    self.waiting = all.ok_or(AnswersError::Shape)?;
                    return Ok(());
                }
                self.respond(entries)
            }
            _ => Err(AnswersError::Shape),
        }
    }

    fn respond(&mut self, entries: &[Value]) -> Result<(), AnswersError> {
        let waiting = std::mem::take(&mut self.waiting);
        if !waiting.is_empty() && waiting.len() != entries.len() {
            return Err(AnswersError::Count { questions: waiting.len(), answers: entries.len() });
        }
        let mut waiting = waiting.into_iter();
        for entry in entries {
            let own = asked(&entry["resource"]);
            let key = match (waiting.next(), own) {
                // The order is the pairing that FHIR promises; what an answer repeats must agree with it.
                (Some(key), Some((_, system, code))) if (&key.1, &key.2) != (&system, &code) => {
                    return Err(AnswersError::Unpaired);
                }
                (Some(key), _) | (None, Some(key)) => key,
                (None, None) => return Err(AnswersError::Unpaired),
            };
            self.take(key, &entry["resource"]);
        }
        Ok(())
    }

    /// An answer without a result, an OperationOutcome say, answers nothing.
    fn take(&mut self, key: (String, String, String), resource: &Value) {
        if let Some(result) = parameter(resource, "result").and_then(|p| p["valueBoolean"].as_bool()) {
            self.known.insert(key, result);
        }
    }

    /// Whether a server said that the code is valid; `None` when it was not asked or did not say.
    pub fn of(&self, value_set: &str, system: &str, code: &str) -> Option<bool> {
        if self.known.is_empty() {
            return None;
        }
        self.known.get(&(value_set.to_owned(), system.to_owned(), code.to_owned())).copied()
    }

    /// How many codes are answered.
    pub fn count(&self) -> usize {
        self.known.len()
    }

    /// SHA-256 of each file, in hex, in the order in which they were given.
    pub fn digests(&self) -> &[String] {
        &self.digests
    }
}

fn parameter<'v>(resource: &'v Value, name: &str) -> Option<&'v Value> {
    resource["parameter"].as_array()?.iter().find(|parameter| parameter["name"] == name)
}

/// What Parameters ask about, or say that they answer: value set, system, code.
fn asked(resource: &Value) -> Option<(String, String, String)> {
    let text = |name: &str, keys: &[&str]| {
        let found = parameter(resource, name)?;
        keys.iter().find_map(|key| found[*key].as_str()).map(str::to_owned)
    };
    let coding = parameter(resource, "coding").map(|p| &p["valueCoding"]);
    let of_coding = |key: &str| coding.and_then(|c| c[key].as_str()).map(str::to_owned);
    let code = of_coding("code").or_else(|| text("code", &["valueCode", "valueString"]))?;
    let system = of_coding("system").or_else(|| text("system", &["valueUri", "valueString"]))?;
    let url = text("url", &["valueUri", "valueString", "valueCanonical"]).unwrap_or_default();
    let value_set = if url == system { String::new() } else { url };
    Some((value_set, system, code))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn question(set: &str, code: &str) -> Question {
        let text = |t: &str| t.to_owned();
        Question {
            value_set: text(set),
            system: text("http://systems.test/s"),
            code: text(code),
            display: String::new(),
        }
    }

    #[test]
    fn questions_and_answers_pair() {
        let asked =
            vec![question("http://values.test/a", "1"), question("", "2"), question("http://values.test/a", "3")];
        let questions = batch(asked).to_string();
        assert!(questions.contains("CodeSystem/$validate-code") && questions.contains("ValueSet/$validate-code"));
        let answer = |result: &str| {
            format!(
                r#"{{"resource":{{"resourceType":"Parameters","parameter":[{{"name":"result","valueBoolean":{result}}}]}}}}"#
            )
        };
        let failed = r#"{"resource":{"resourceType":"OperationOutcome"}}"#.to_owned();
        let of = |entries: &[String]| {
            format!(r#"{{"resourceType":"Bundle","type":"batch-response","entry":[{}]}}"#, entries.join(","))
        };
        let mut answers = Answers::default();
        answers.add(questions.as_bytes()).unwrap();
        answers.add(of(&[answer("true"), answer("false"), failed.clone()]).as_bytes()).unwrap();
        let system = "http://systems.test/s";
        assert_eq!(answers.of("http://values.test/a", system, "1"), Some(true));
        assert_eq!(answers.of("", system, "2"), Some(false));
        assert_eq!(answers.of("http://values.test/a", system, "3"), None);
        assert_eq!(answers.of("", system, "1"), None);
        assert_eq!((answers.count(), answers.digests().len()), (2, 2));

        let mut alone = Answers::default();
        assert!(matches!(alone.add(of(&[answer("true")]).as_bytes()), Err(AnswersError::Unpaired)));
        let mut short = Answers::default();
        short.add(questions.as_bytes()).unwrap();
        assert!(matches!(
            short.add(of(&[answer("true")]).as_bytes()),
            Err(AnswersError::Count { questions: 3, answers: 1 })
        ));
        let own = r#"{"resourceType":"Parameters","parameter":[{"name":"url","valueUri":"http://values.test/a"},{"name":"system","valueUri":"http://systems.test/s"},{"name":"code","valueCode":"9"},{"name":"result","valueBoolean":true}]}"#;
        alone.add(own.as_bytes()).unwrap();
        assert_eq!(alone.of("http://values.test/a", system, "9"), Some(true));
        for bad in ["", "{}", "[]", r#"{"resourceType":"Patient"}"#] {
            assert!(Answers::default().add(bad.as_bytes()).is_err(), "{bad}");
        }
    }
}
