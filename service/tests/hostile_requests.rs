//! Hostile requests, as many as are asked for, the same for the same number: malformed, oversized, of wrong types, cut off.

/// Numbers that are the same on every run.
pub struct Numbers(u64);

impl Numbers {
    /// From a seed.
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// The next below `end`.
    pub fn below(&mut self, end: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as usize % end.max(1)
    }

    fn of<'t, T: ?Sized>(&mut self, list: &[&'t T]) -> &'t T {
        list[self.below(list.len())]
    }
}

/// A request, and whether the peer goes away before all of it was sent.
pub struct Hostile {
    /// Its bytes.
    pub bytes: Vec<u8>,
    /// The connection is closed without reading.
    pub goes_away: bool,
}

const GOOD: [&str; 4] = [
    r#"{"resourceType":"Patient","identifier":[{"system":"https://fhir.nhs.uk/Id/nhs-number","value":"9990000018"}],"birthDate":"1970-01-01","name":[{"family":"Example","given":["A"]}]}"#,
    r#"{"resourceType":"Observation","status":"final","code":{"coding":[{"system":"http://loinc.org","code":"8867-4"}]},"valueQuantity":{"value":60.0,"unit":"/min","system":"http://unitsofmeasure.org","code":"/min"}}"#,
    r#"<Patient xmlns="http://hl7.org/fhir"><name><family value="Example"/></name><birthDate value="1970-01-01"/></Patient>"#,
    r#"{"resourceType":"Parameters","parameter":[{"name":"resource","resource":{"resourceType":"Patient","gender":"male"}},{"name":"profile","valueUri":"http://hl7.org/fhir/StructureDefinition/Patient"}]}"#,
];

/// The request of a number. Heads are right in most of them, so that bodies are reached.
pub fn hostile(number: u64) -> Hostile {
    let mut random = Numbers::new(number);
    let mut body = random.of(&GOOD).as_bytes().to_vec();
    match random.below(12) {
        // Bytes changed, taken out, doubled.
        0..=3 => {
            for _ in 0..=random.below(6) {
                let at = random.below(body.len());
                match random.below(4) {
                    0 => body[at] = random.below(256) as u8,
                    1 => drop(body.remove(at)),
                    2 => body.insert(
                        at,
                        *random.of(&[b"{", b"}", b"[", b"<", b"\"", b"\0", b"\\", b"&"]).first().unwrap_or(&0),
                    ),
                    _ => {
                        let piece = body[at..].to_vec();
                        body.extend(piece);
                    }
                }
                if body.is_empty() {
                    body.push(b'{');
                }
            }
        }
        4 => body.truncate(random.below(body.len())),
        5 => body = (0..random.below(300)).map(|_| random.below(256) as u8).collect(),
        // Nested, wide, long.
        6 => {
            let deep = random.below(3000);
            body = [
                b"{\"resourceType\":\"Patient\",\"extension\":".to_vec(),
                b"[".repeat(deep),
                b"]".repeat(random.below(deep + 1)),
            ]
            .concat();
        }
        7 => body = [b"<a>".repeat(random.below(3000)), b"<!DOCTYPE a [<!ENTITY b \"&c;\">]>&b;".to_vec()].concat(),
        8 => {
            body = format!(r#"{{"resourceType":"Patient","name":[{}{{}}]}}"#, "{},".repeat(random.below(4000)))
                .into_bytes()
        }
        9 => {
            body = format!(r#"{{"resourceType":"Patient","birthDate":"{}"}}"#, "9".repeat(random.below(20_000)))
                .into_bytes()
        }
        // Types that are wrong.
        10 => {
            let value = random.of(&["7", "null", "[]", "{}", "true", "\"\\ud800\"", "1e999999", "-0", "\"\u{202e}\""]);
            let name =
                random.of(&["resourceType", "parameter", "gender", "name", "extension", "id", "contained", "meta"]);
            body = format!(
                r#"{{"resourceType":"{}","{name}":{value}}}"#,
                random.of(&["Patient", "Parameters", "Bundle", "None"])
            )
            .into_bytes();
        }
        _ => {}
    }
    let path = match random.below(10) {
        0 => random.of(&[
            "/",
            "/%",
            "/$validate/../..",
            "/Patient/$validate?%zz",
            "/FHIR/R4/metadata",
            "//$validate",
            "/%00/$validate",
            "/$validate?profile=http%3A%2F%2Fx%2F%0d%0a",
        ]),
        1 => "/Patient/$validate",
        2 => "/FHIR/R4/$validate",
        3 => "/$validate?mode=create&profile=UKCore-Patient",
        _ => "/$validate",
    };
    let media_type = match random.below(8) {
        0 => random.of(&["text/plain", "application/fhir+turtle", "\u{fffd}", "application/json;;;;", ""]),
        1 => "application/fhir+xml",
        _ if body.first() == Some(&b'<') => "application/fhir+xml",
        _ => "application/fhir+json",
    };
    let length = body.len();
    let (framing, framed) = match random.below(14) {
        0 => (format!("content-length: {}", length + 1 + random.below(50)), body),
        1 => (format!("content-length: {}", random.below(length + 1)), body),
        2 => ("content-length: 99999999999999".to_owned(), body),
        3 => ("content-length: -1".to_owned(), body),
        4 => (format!("content-length: {length}\r\ncontent-length: {}", length + 1), body),
        5 => ("transfer-encoding: chunked".to_owned(), body),
        6 => (
            "transfer-encoding: chunked".to_owned(),
            [format!("{length:x}\r\n").into_bytes(), body, b"\r\n0\r\n\r\n".to_vec()].concat(),
        ),
        7 => ("transfer-encoding: chunked".to_owned(), [b"ffffffffffffffff\r\n".to_vec(), body].concat()),
        _ => (format!("content-length: {length}"), body),
    };
    let mut head =
        format!("POST {path} HTTP/1.1\r\nhost: x\r\nconnection: close\r\ncontent-type: {media_type}\r\n{framing}\r\n");
    match random.below(16) {
        0 => head.push_str(&"x-a: b\r\n".repeat(random.below(300))),
        1 => head.push_str(&format!("x-a: {}\r\n", "b".repeat(random.below(100_000)))),
        2 => head.push_str("accept: \u{1}\r\n"),
        3 => head.push_str("accept: application/fhir+xml;q=0.9, application/fhir+json;q=x\r\n"),
        4 => head = head.replace("HTTP/1.1", random.of(&["HTTP/9.9", "HTTP/1.0", "", "ICAP/1.0"])),
        5 => head = head.replace("POST", random.of(&["GET", "PRI", "P\0ST", "CONNECT", "post", "TRACE"])),
        _ => {}
    }
    head.push_str("\r\n");
    let mut bytes = [head.into_bytes(), framed].concat();
    let goes_away = random.below(6) == 0;
    if goes_away || random.below(10) == 0 {
        bytes.truncate(random.below(bytes.len()));
    }
    Hostile { bytes, goes_away }
}
