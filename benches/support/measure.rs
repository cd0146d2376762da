//! What benches share: a checker, a corpus of any size, and the yardstick: serde_json parsing the same bytes to a Value.
#![allow(dead_code)]

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::Path;
use std::time::{Duration, Instant};

use hallmark::finding::Finding;
use hallmark::session::{Hallmark, Observer, Unreadable};
use hallmark::settings::Date;

/// Checkers of a bench, one for each selection of rules.
pub struct Setting {
    release: &'static str,
    made: RefCell<BTreeMap<Option<String>, Hallmark>>,
}

impl Setting {
    pub fn new() -> Self {
        Self::of("auto")
    }

    /// Of messages of one release.
    pub fn of(release: &'static str) -> Self {
        Self { release, made: RefCell::default() }
    }

    /// A checker with these rules (`fhir`: conformance alone; nothing: all).
    pub fn hallmark(&self, rules: Option<&str>) -> Hallmark {
        let make = || {
            let day = Date::parse("2026-11-21").expect("a day");
            let builder = Hallmark::builder().today(day).fhir_version(self.release).best_practice("warning");
            rules.into_iter().fold(builder, |builder, rules| builder.rules(rules)).build().expect("packs")
        };
        self.made.borrow_mut().entry(rules.map(str::to_owned)).or_insert_with(make).clone()
    }

    /// Runs over a file and says how long it took and how many findings there were.
    pub fn run(&self, rules: Option<&str>, jobs: usize, path: &Path) -> (Duration, u64) {
        let hallmark = self.hallmark(rules);
        let mut count = Count(0);
        let begun = Instant::now();
        hallmark.run(&[path.to_owned()], jobs, &mut count);
        (begun.elapsed(), count.0)
    }
}

/// Counts findings and drops them.
pub struct Count(pub u64);

impl Observer for Count {
    fn finding(&mut self, _: &Finding) {
        self.0 += 1;
    }

    fn unreadable(&mut self, what: &Unreadable) {
        panic!("{}", what.why);
    }
}

/// The shortest of several runs: what the machine can do when nothing else asks for it.
pub fn best<T>(times: u32, mut work: impl FnMut() -> T) -> Duration {
    let one = |_| {
        let begun = Instant::now();
        std::hint::black_box(work());
        begun.elapsed()
    };
    (0..times).map(one).min().unwrap_or_default()
}

/// serde_json parsing each text to a Value.
pub fn parse(texts: &[String]) {
    for text in texts {
        let value: serde_json::Value = serde_json::from_str(text).expect("JSON");
        std::hint::black_box(value);
    }
}

/// The shortest time that serde_json takes for all texts.
pub fn yardstick(texts: &[String]) -> Duration {
    best(5, || parse(texts))
}

/// Times of several works that were done turn by turn: what else the machine does strikes all of them alike.
pub struct Turns(Vec<Vec<Duration>>);

impl Turns {
    /// Does each work once uncounted, then all of them in turn, in an order that is turned about every round.
    pub fn take(rounds: usize, works: &mut [&mut dyn FnMut()]) -> Self {
        let mut times = vec![Vec::with_capacity(rounds); works.len()];
        works.iter_mut().for_each(|work| work());
        for round in 0..rounds {
            for turn in 0..works.len() {
                let which = if round % 2 == 0 { turn } else { works.len() - 1 - turn };
                let begun = Instant::now();
                works[which]();
                times[which].push(begun.elapsed());
            }
        }
        Self(times)
    }

    /// Shortest time of a work.
    pub fn best(&self, work: usize) -> Duration {
        self.0[work].iter().min().copied().unwrap_or_default()
    }

    /// How many times as fast as `other` a work was: median over the rounds.
    pub fn speed(&self, work: usize, other: usize) -> f64 {
        let pairs = self.0[work].iter().zip(&self.0[other]);
        let mut ratios: Vec<f64> =
            pairs.map(|(own, other)| other.as_secs_f64() / own.as_secs_f64().max(1e-9)).collect();
        ratios.sort_by(f64::total_cmp);
        ratios.get(ratios.len() / 2).copied().unwrap_or_default()
    }
}

/// JSON messages of the fixture feed, by whether they claim UK Core profiles (R4) or are STU3.
pub fn fixtures(r4: bool) -> Vec<String> {
    // `peers/` is a folder deeper.
    let mut above = Path::new(env!("CARGO_MANIFEST_DIR")).ancestors();
    let feeds = above.find_map(|folder| Some(folder.join("fixtures/feeds")).filter(|feeds| feeds.is_dir()));
    let feeds = feeds.expect("fixtures");
    let files = walkdir::WalkDir::new(feeds).sort_by_file_name().into_iter().map(|e| e.expect("an entry"));
    let mut texts = Vec::new();
    for file in files.filter(|e| e.path().extension().is_some_and(|x| x == "json" || x == "ndjson")) {
        let text = std::fs::read_to_string(file.path()).expect("a file");
        if file.path().extension().is_some_and(|x| x == "ndjson") {
            texts.extend(text.lines().map(str::to_owned));
        } else {
            texts.push(text);
        }
    }
    texts.retain(|text| text.contains("UKCore-") == r4);
    // One line each, and only what is JSON.
    let line = |text: String| serde_json::from_str::<serde_json::Value>(&text).ok().map(|value| value.to_string());
    texts.into_iter().filter_map(line).collect()
}

/// Messages over and over until they are `bytes` long.
pub fn corpus(messages: &[String], bytes: usize) -> Vec<String> {
    let mut out = Vec::new();
    let mut length = 0;
    for message in messages.iter().cycle() {
        if length >= bytes {
            break;
        }
        length += message.len();
        out.push(message.clone());
    }
    out
}

/// A searchset of `entries` patients and their observations, clean by UK Core.
pub fn bundle(entries: usize) -> String {
    use std::fmt::Write as _;
    let mut out = String::from(r#"{"resourceType":"Bundle","type":"collection","entry":["#);
    for n in 0..entries {
        let comma = if n == 0 { "" } else { "," };
        let patient = n / 2;
        let uuid = |kind: u32, n: usize| format!("urn:uuid:{kind:08x}-0000-4000-8000-{n:012x}");
        if n % 2 == 0 {
            let _ = write!(
                out,
                r#"{comma}{{"fullUrl":"{}","resource":{{"resourceType":"Patient","meta":{{"profile":["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Patient"]}},"identifier":[{{"system":"https://example.org/mrn","value":"M{patient}"}}],"name":[{{"use":"official","family":"Test","given":["Alpha","Beta"]}}],"gender":"female","birthDate":"1980-01-01"}}}}"#,
                uuid(1, patient)
            );
        } else {
            let _ = write!(
                out,
                r#"{comma}{{"fullUrl":"{}","resource":{{"resourceType":"Observation","meta":{{"profile":["https://fhir.hl7.org.uk/StructureDefinition/UKCore-Observation"]}},"status":"final","category":[{{"coding":[{{"system":"http://terminology.hl7.org/CodeSystem/observation-category","code":"exam","display":"Exam"}}]}}],"code":{{"coding":[{{"system":"http://snomed.info/sct","code":"27113001"}}]}},"subject":{{"reference":"{}"}},"effectiveDateTime":"2026-01-01T10:00:00Z","performer":[{{"reference":"{}"}}],"valueQuantity":{{"value":80.5,"unit":"kg","system":"http://unitsofmeasure.org","code":"kg"}}}}}}"#,
                uuid(2, patient),
                uuid(1, patient),
                uuid(1, patient)
            );
        }
    }
    out.push_str("]}");
    out
}

/// Millions of bytes a second.
pub fn rate(bytes: usize, time: Duration) -> f64 {
    bytes as f64 / 1e6 / time.as_secs_f64().max(1e-9)
}

/// One line: what, how fast, and as a share of the yardstick's speed.
pub fn say(what: &str, bytes: usize, time: Duration, share: f64) {
    println!("{what:<44} {:>9.1} MB/s  {share:>6.2} of serde_json", rate(bytes, time));
}

/// Largest memory of this process so far in MB, where the system tells.
pub fn peak_memory() -> Option<f64> {
    let status = std::fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find_map(|line| line.strip_prefix("VmHWM:"))?;
    line.trim().trim_end_matches(" kB").trim().parse::<f64>().ok().map(|kb| kb / 1000.0)
}
