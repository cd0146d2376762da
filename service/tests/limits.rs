//! Limits, backpressure, the end, and what a log may hold.

use std::io::{Read, Write};
use std::thread;
use std::time::Duration;

use crate::client::{Answer, Server, no_more, request};

#[test]
fn what_is_too_much_waits_or_is_told_to_come_again() {
    // One worker and no queue: while one body comes in, no other is admitted.
    let server = Server::start(&["--jobs", "1", "--queue", "0"]);
    let bytes = request("/$validate", &[], br#"{"resourceType": "Patient"}"#);
    let mut slow = server.connect();
    slow.write_all(&bytes[..bytes.len() - 5]).unwrap();
    while server.figure("hallmark_serve_messages_admitted") == 0 {
        thread::sleep(Duration::from_millis(5));
    }
    let refused = server.raw(&bytes).unwrap();
    assert_eq!((refused.status, refused.headers["retry-after"].as_str()), (503, "1"));
    assert_eq!(refused.issues()[0]["code"], "throttled");
    assert_eq!(server.get("/health").status, 200, "health is answered all the same");
    slow.write_all(&bytes[bytes.len() - 5..]).unwrap();
    assert_eq!(Answer::read(&mut slow).unwrap().status, 200);
    assert_eq!(server.raw(&bytes).unwrap().status, 200);
    assert!(server.figure("hallmark_serve_refused_total{reason=\"busy\"}") >= 1);
}

#[test]
fn who_is_slow_is_left() {
    let server = Server::start(&["--patience", "1"]);
    // A head that does not end.
    let mut head = server.connect();
    head.write_all(b"POST /$validate HTTP/1.1\r\nhost: x\r\n").unwrap();
    let mut rest = Vec::new();
    let _ = head.read_to_end(&mut rest);
    // A body that does not end.
    let mut body = server.connect();
    body.write_all(b"POST /$validate HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{").unwrap();
    assert_eq!(Answer::read(&mut body).unwrap().status, 408);
    // A connection on which nothing comes.
    let mut idle = server.connect();
    let _ = idle.read_to_end(&mut rest);
    assert_eq!(server.get("/health").status, 200);
}

#[test]
fn connections_beyond_the_most_wait() {
    let server = Server::start(&["--connections", "2", "--patience", "2"]);
    let held = [server.connect(), server.connect()];
    thread::sleep(Duration::from_millis(50));
    // Waits until the two are left, and is answered then.
    assert_eq!(server.get("/health").status, 200);
    drop(held);
}

#[test]
fn what_is_under_way_ends_and_nothing_else_begins() {
    for signal in ["-TERM", "-INT"] {
        let mut server = Server::start(&[]);
        let bytes = request("/$validate", &[], br#"{"resourceType": "Patient"}"#);
        let mut stream = server.connect();
        stream.write_all(&bytes[..bytes.len() - 5]).unwrap();
        while server.figure("hallmark_serve_messages_admitted") == 0 {
            thread::sleep(Duration::from_millis(5));
        }
        server.signal(signal);
        while std::net::TcpStream::connect(server.address).is_ok() {
            thread::sleep(Duration::from_millis(5));
        }
        assert!(server.child.try_wait().unwrap().is_none(), "it waits for what is under way");
        stream.write_all(&bytes[bytes.len() - 5..]).unwrap();
        assert_eq!(Answer::read(&mut stream).unwrap().status, 200);
        assert_eq!(server.ended(Duration::from_secs(30)).code(), Some(0));
    }
    // Who does not end in time is left, and that is said.
    let mut server = Server::start(&["--grace", "1"]);
    let mut stream = server.connect();
    stream.write_all(b"POST /$validate HTTP/1.1\r\nhost: x\r\ncontent-length: 100\r\n\r\n{").unwrap();
    while server.figure("hallmark_serve_messages_admitted") == 0 {
        thread::sleep(Duration::from_millis(5));
    }
    server.signal("-TERM");
    assert_eq!(server.ended(Duration::from_secs(30)).code(), Some(3));
}

#[test]
fn no_line_and_no_figure_holds_what_was_sent() {
    let server = Server::start(&[]);
    let number = "9990000018";
    let body = format!(
        r#"{{"resourceType": "Patient", "identifier": [{{"system": "https://fhir.nhs.uk/Id/nhs-number", "value": "{number}"}}], "name": [{{"family": "Sentinel"}}], "{number}": 1, "gender": "Sentinel"}}"#
    );
    let paths = [
        "/$validate",
        "/Patient/$validate?profile=Sentinel&Sentinel=Sentinel",
        "/Sentinel/$validate",
        "/Sentinel",
        "/Sentinel/$validate?mode=Sentinel",
    ];
    for path in paths {
        let headers = [("content-type", "application/fhir+json"), ("sentinel", "Sentinel"), ("user-agent", number)];
        let answer = server.post(&path.replace("/Sentinel", &format!("/Sentinel{number}")), &headers, body.as_bytes());
        assert!(!answer.text().contains(number) && !answer.text().contains("Sentinel"), "{path}: {}", answer.text());
        assert!(!answer.text().contains(number), "{path}: {}", answer.text());
    }
    server
        .raw(format!("SENTINEL /{number} HTTP/1.1\r\nhost: Sentinel\r\nconnection: close\r\n\r\n").as_bytes())
        .unwrap();
    let figures = String::from_utf8(server.get("/metrics").body).unwrap();
    while server.log.lock().unwrap().lines().count() < 1 + paths.len() + 2 {
        thread::sleep(Duration::from_millis(5));
    }
    let log = server.log.lock().unwrap().clone();
    for text in [&log, &figures] {
        let low = text.to_lowercase();
        assert!(!low.contains("sentinel") && !text.contains(number), "{text}");
    }
    assert!(log.contains("route=/$validate status=200"), "{log}");
    assert!(figures.contains("hallmark_serve_findings_total{severity=\"error\"}"), "{figures}");
    assert!(figures.trim_end().ends_with("# EOF"));
    let mut stream = server.connect();
    stream.write_all(b"GET /health HTTP/1.1\r\nhost: x\r\n\r\n").unwrap();
    no_more(&stream);
    assert_eq!(Answer::read(&mut stream).unwrap().body, b"{\"status\":\"ok\"}\n");
}
