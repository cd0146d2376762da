//! An editor that speaks over pipes.

use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Child, ChildStdin, Command, Stdio};
use std::sync::mpsc::{Receiver, channel};
use std::thread;
use std::time::Duration;

use serde_json::{Value, json};

const WAIT: Duration = Duration::from_secs(60);

pub struct Editor {
    child: Child,
    input: Option<ChildStdin>,
    messages: Receiver<Value>,
    next: i64,
    /// What came while something else was waited for.
    kept: Vec<Value>,
}

impl Editor {
    pub fn start() -> Self {
        let mut child = Command::new(env!("CARGO_BIN_EXE_hallmark-lsp"))
            .arg("--stdio")
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let (sender, messages) = channel();
        let mut output = BufReader::new(child.stdout.take().unwrap());
        thread::spawn(move || {
            while let Some(message) = read(&mut output) {
                if sender.send(message).is_err() {
                    break;
                }
            }
        });
        let input = child.stdin.take();
        let mut editor = Self { child, input, messages, next: 0, kept: Vec::new() };
        let item = json!({"completionItem": {"snippetSupport": true}});
        let answer = editor.ask("initialize", json!({"capabilities": {"textDocument": {"completion": item}}}));
        assert_eq!(answer["serverInfo"]["name"], "hallmark-lsp");
        assert_eq!(answer["capabilities"]["textDocumentSync"], 2);
        editor.tell("initialized", json!({}));
        editor
    }

    fn send(&mut self, message: &Value) {
        let text = message.to_string();
        write!(self.input.as_mut().unwrap(), "Content-Length: {}\r\n\r\n{text}", text.len()).unwrap();
    }

    pub fn tell(&mut self, method: &str, params: Value) {
        self.send(&json!({"jsonrpc": "2.0", "method": method, "params": params}));
    }

    pub fn ask(&mut self, method: &str, params: Value) -> Value {
        self.next += 1;
        let id = self.next;
        self.send(&json!({"jsonrpc": "2.0", "id": id, "method": method, "params": params}));
        loop {
            let message = self.messages.recv_timeout(WAIT).unwrap();
            if message["id"] == id {
                assert!(message["error"].is_null(), "{method}: {message}");
                return message["result"].clone();
            }
            self.kept.push(message);
        }
    }

    /// Diagnostics of a version of a document.
    pub fn diagnostics(&mut self, uri: &str, version: i64) -> Vec<Value> {
        let is = |message: &Value| {
            message["method"] == "textDocument/publishDiagnostics"
                && message["params"]["uri"] == uri
                && message["params"]["version"] == version
        };
        if let Some(at) = self.kept.iter().position(is) {
            return self.kept.remove(at)["params"]["diagnostics"].as_array().unwrap().clone();
        }
        loop {
            let message = self.messages.recv_timeout(WAIT).unwrap();
            if is(&message) {
                return message["params"]["diagnostics"].as_array().unwrap().clone();
            }
            self.kept.push(message);
        }
    }

    /// Whether anything was said of a document.
    pub fn said_of(&self, uri: &str) -> bool {
        self.kept.iter().any(|message| message["params"]["uri"] == uri)
    }

    pub fn open(&mut self, uri: &str, text: &str) {
        let language = if text.trim_start().starts_with('<') { "xml" } else { "json" };
        let document = json!({"uri": uri, "languageId": language, "version": 1, "text": text});
        self.tell("textDocument/didOpen", json!({"textDocument": document}));
    }

    /// Puts another text in place of a part of a document.
    pub fn edit(&mut self, uri: &str, version: i64, range: Value, text: &str) {
        let changes = json!([{"range": range, "text": text}]);
        self.tell(
            "textDocument/didChange",
            json!({"textDocument": {"uri": uri, "version": version}, "contentChanges": changes}),
        );
    }

    pub fn at(&mut self, method: &str, uri: &str, position: Value) -> Value {
        self.ask(method, json!({"textDocument": {"uri": uri}, "position": position}))
    }

    pub fn end(mut self) {
        self.ask("shutdown", Value::Null);
        self.tell("exit", Value::Null);
        self.input = None;
        assert!(self.child.wait().unwrap().success());
    }
}

impl Drop for Editor {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn read(output: &mut impl BufRead) -> Option<Value> {
    let (mut length, mut line) = (0, String::new());
    loop {
        line.clear();
        output.read_line(&mut line).ok().filter(|n| *n > 0)?;
        if line.trim().is_empty() {
            break;
        }
        if let Some(said) = line.strip_prefix("Content-Length:") {
            length = said.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    output.read_exact(&mut body).ok()?;
    serde_json::from_slice(&body).ok()
}

/// The position of a mark in a text, in units of UTF-16.
pub fn place(text: &str, mark: &str) -> Value {
    let byte = text.find(mark).unwrap_or_else(|| panic!("no {mark}"));
    position(text, byte)
}

pub fn position(text: &str, byte: usize) -> Value {
    let before = &text[..byte];
    let line = before.rfind('\n').map_or(0, |at| at + 1);
    json!({"line": before.matches('\n').count(), "character": before[line..].encode_utf16().count()})
}

/// The positions around a part of a text.
pub fn around(text: &str, part: &str) -> Value {
    let start = text.find(part).unwrap_or_else(|| panic!("no {part}"));
    json!({"start": position(text, start), "end": position(text, start + part.len())})
}

/// The text with the edits of a completion or an action made.
pub fn edited(text: &str, edits: &[Value]) -> String {
    let byte = |at: &Value| {
        let line = at["line"].as_u64().unwrap() as usize;
        let start: usize = text.split_inclusive('\n').take(line).map(str::len).sum();
        let mut left = at["character"].as_u64().unwrap() as usize;
        let within = text[start..].char_indices().find(|(_, c)| {
            let here = left == 0;
            left = left.saturating_sub(c.len_utf16());
            here
        });
        within.map_or(text.len(), |(at, _)| start + at)
    };
    let mut made: Vec<(usize, usize, &str)> = edits
        .iter()
        .map(|edit| (byte(&edit["range"]["start"]), byte(&edit["range"]["end"]), edit["newText"].as_str().unwrap()))
        .collect();
    made.sort();
    let mut out = text.to_owned();
    for (start, end, new) in made.into_iter().rev() {
        out.replace_range(start..end, new);
    }
    out
}

pub fn uri(path: &Path) -> String {
    format!("file://{}", path.display())
}
