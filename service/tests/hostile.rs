//! Thousands of hostile requests: every one is answered or left, and the server goes on.

use std::io::Write;
use std::thread;

use crate::client::{Answer, Server, no_more, request};
use crate::hostile_requests::hostile;

const EACH: u64 = 1500;

#[test]
fn thousands_of_hostile_requests_are_answered_or_left() {
    let server = Server::start(&["--max-body", "262144", "--queue", "16", "--quiet"]);
    let answered: Vec<[u64; 6]> = thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|of| {
                let server = &server;
                scope.spawn(move || strike(server, of * EACH..(of + 1) * EACH))
            })
            .collect();
        threads.into_iter().map(|thread| thread.join().unwrap()).collect()
    });
    let by_class = (0..6).map(|class| answered.iter().map(|of| of[class]).sum::<u64>()).collect::<Vec<_>>();
    // Both what can be checked and what cannot is among them.
    assert!(by_class[2] > 200 && by_class[4] > 1000, "{by_class:?}");
    assert_eq!(server.figure("hallmark_serve_panics_total"), 0);
    assert_eq!(server.figure("hallmark_serve_messages_admitted"), 0, "nothing is held");
    assert_eq!(server.get("/health").status, 200);
    let log = server.log.lock().unwrap().clone();
    assert_eq!(log.lines().count(), 1, "{log}");
}

/// Answers by their class.
fn strike(server: &Server, numbers: std::ops::Range<u64>) -> [u64; 6] {
    let mut classes = [0; 6];
    for number in numbers {
        let hostile = hostile(number);
        let mut stream = server.connect();
        let _ = stream.write_all(&hostile.bytes);
        if hostile.goes_away {
            continue;
        }
        no_more(&stream);
        // What is no HTTP may be left without an answer.
        let Ok(answer) = Answer::read(&mut stream) else { continue };
        assert!(matches!(answer.status, 200 | 400..=431 | 503), "request {number}: {answer:?}");
        classes[usize::from(answer.status / 100)] += 1;
        if answer.headers.get("content-type").is_some_and(|of| of.starts_with("application/fhir+json")) {
            assert!(serde_json::from_slice::<serde_json::Value>(&answer.body).is_ok(), "request {number}");
        }
    }
    classes
}

#[test]
fn a_panic_or_a_depth_of_nesting_ends_no_process() {
    let server = Server::start(&[]);
    for body in [
        "[".repeat(2_000_000),
        format!(
            "{{\"resourceType\":\"Parameters\",\"parameter\":[{{\"name\":\"resource\",\"resource\":{}",
            "{\"a\":".repeat(1_000_000)
        ),
    ] {
        let answer =
            server.raw(&request("/$validate", &[("content-type", "application/json")], body.as_bytes())).unwrap();
        assert!((400..500).contains(&answer.status), "{answer:?}");
    }
    let xml = format!(
        "<Parameters xmlns=\"http://hl7.org/fhir\"><parameter><name value=\"resource\"/><resource>{}",
        "<a>".repeat(1_000_000)
    );
    assert_eq!(server.xml("/$validate", &xml).status, 400);
    assert_eq!(server.get("/health").status, 200);
}
