//! A server that lives as long as a test, and as little of HTTP as tests need.

use std::collections::BTreeMap;
use std::io::{self, BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::{Arc, Mutex};
use std::thread;
use std::time::{Duration, Instant};

/// The binary under test.
pub const BINARY: &str = env!("CARGO_BIN_EXE_hallmark-serve");

pub struct Server {
    pub child: Child,
    pub address: SocketAddr,
    /// What it wrote to standard error.
    pub log: Arc<Mutex<String>>,
}

impl Server {
    pub fn start(more: &[&str]) -> Self {
        let mut child = Command::new(BINARY)
            .args(["--listen", "127.0.0.1:0", "--today", "2026-11-21"])
            .args(more)
            .stderr(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stderr.take().unwrap());
        let mut first = String::new();
        lines.read_line(&mut first).unwrap();
        let address = first.rsplit("http://").next().unwrap().trim().parse().unwrap_or_else(|_| panic!("{first}"));
        let log = Arc::new(Mutex::new(first));
        let kept = Arc::clone(&log);
        thread::spawn(move || {
            let mut line = String::new();
            while lines.read_line(&mut line).is_ok_and(|n| n > 0) {
                kept.lock().unwrap().push_str(&line);
                line.clear();
            }
        });
        Self { child, address, log }
    }

    pub fn connect(&self) -> TcpStream {
        let stream = TcpStream::connect(self.address).unwrap();
        stream.set_read_timeout(Some(Duration::from_secs(60))).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    }

    /// Sends bytes as they are and reads one answer.
    pub fn raw(&self, bytes: &[u8]) -> io::Result<Answer> {
        let mut stream = self.connect();
        // A server that refuses early closes while we still write.
        let _ = stream.write_all(bytes);
        Answer::read(&mut stream)
    }

    pub fn get(&self, path: &str) -> Answer {
        self.raw(format!("GET {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\n\r\n").as_bytes()).unwrap()
    }

    pub fn post(&self, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Answer {
        self.raw(&request(path, headers, body)).unwrap()
    }

    pub fn json(&self, path: &str, body: &str) -> Answer {
        self.post(path, &[("content-type", "application/fhir+json")], body.as_bytes())
    }

    pub fn xml(&self, path: &str, body: &str) -> Answer {
        self.post(path, &[("content-type", "application/fhir+xml")], body.as_bytes())
    }

    pub fn signal(&self, name: &str) {
        assert!(Command::new("kill").args([name, &self.child.id().to_string()]).status().unwrap().success());
    }

    /// Waits for its end.
    pub fn ended(&mut self, within: Duration) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().unwrap() {
                return status;
            }
            assert!(start.elapsed() < within, "it did not end");
            thread::sleep(Duration::from_millis(10));
        }
    }

    /// A figure of /metrics by the start of its line.
    pub fn figure(&self, name: &str) -> u64 {
        let text = String::from_utf8(self.get("/metrics").body).unwrap();
        let found = text
            .lines()
            .filter(|line| line.starts_with(name))
            .filter_map(|line| line.rsplit(' ').next()?.parse::<f64>().ok());
        found.sum::<f64>() as u64
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

/// The bytes of a POST.
pub fn request(path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let mut out = format!("POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-length: {}\r\n", body.len());
    for (name, value) in headers {
        out.push_str(&format!("{name}: {value}\r\n"));
    }
    out.push_str("\r\n");
    let mut out = out.into_bytes();
    out.extend_from_slice(body);
    out
}

#[derive(Debug)]
pub struct Answer {
    pub status: u16,
    pub headers: BTreeMap<String, String>,
    pub body: Vec<u8>,
}

impl Answer {
    pub fn read(stream: &mut impl Read) -> io::Result<Self> {
        let mut stream = BufReader::new(stream);
        let mut line = String::new();
        stream.read_line(&mut line)?;
        let status = line.split(' ').nth(1).and_then(|word| word.parse().ok()).ok_or(io::ErrorKind::UnexpectedEof)?;
        let mut headers = BTreeMap::new();
        loop {
            line.clear();
            stream.read_line(&mut line)?;
            match line.trim_end().split_once(':') {
                Some((name, value)) => headers.insert(name.to_ascii_lowercase(), value.trim().to_owned()),
                None => break,
            };
        }
        let length = headers.get("content-length").and_then(|text| text.parse().ok()).unwrap_or(0);
        let mut body = vec![0; length];
        stream.read_exact(&mut body)?;
        Ok(Self { status, headers, body })
    }

    pub fn text(&self) -> &str {
        std::str::from_utf8(&self.body).unwrap()
    }

    /// Of a JSON answer that is an OperationOutcome with the right media type.
    pub fn issues(&self) -> Vec<serde_json::Value> {
        assert_eq!(self.headers["content-type"], "application/fhir+json; charset=utf-8", "{self:?}");
        let value: serde_json::Value = serde_json::from_slice(&self.body).unwrap();
        assert_eq!(value["resourceType"], "OperationOutcome");
        value["issue"].as_array().unwrap().clone()
    }

    /// Rule, severity, place and path of each finding.
    pub fn findings(&self) -> Vec<(String, String, String, String)> {
        let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
        let issues = self.issues();
        let found = issues.iter().filter(|issue| issue["details"]["coding"][0]["system"] == "urn:hallmark:rule");
        found
            .map(|issue| {
                let places = issue["location"].as_array().into_iter().flatten();
                (
                    text(&issue["details"]["coding"][0]["code"]),
                    text(&issue["severity"]),
                    places.map(text).find(|place| place.starts_with("Line[")).unwrap_or_default(),
                    text(&issue["expression"][0]),
                )
            })
            .collect()
    }
}

/// No more of a request is to come.
pub fn no_more(stream: &TcpStream) {
    let _ = stream.shutdown(Shutdown::Write);
}
