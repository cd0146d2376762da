//! A process from start to end: one small message, checked by the binary; wall time and peak memory.
#![allow(missing_docs, clippy::expect_used, clippy::panic, clippy::print_stdout)]

#[path = "support/measure.rs"]
mod measure;

use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use measure::fixtures;

fn main() {
    let folder = tempfile::tempdir().expect("a folder");
    let binary = env!("CARGO_BIN_EXE_hallmark");
    for (name, r4) in [("STU3", false), ("R4", true)] {
        let path = folder.path().join("patient.json");
        let patients = fixtures(r4);
        let patient = patients.iter().find(|text| text.contains("\"resourceType\":\"Patient\"")).expect("a patient");
        std::fs::write(&path, patient).expect("written");
        let mut times: Vec<Duration> = (0..31)
            .map(|_| {
                let mut command = Command::new(binary);
                command.args(["check", "--no-config"]).arg(&path).stdout(Stdio::null()).stderr(Stdio::null());
                let begun = Instant::now();
                command.status().expect("a run");
                begun.elapsed()
            })
            .collect();
        times.sort();
        let ms = |at: usize| times[at].as_secs_f64() * 1e3;
        println!("{name}: one patient of {} bytes: best {:.1} ms, median {:.1} ms", patient.len(), ms(0), ms(15));
        let timed = Command::new("/usr/bin/time")
            .args(["-f", "%M", binary, "check", "--no-config"])
            .arg(&path)
            .stdout(Stdio::null())
            .output();
        if let Ok(output) = timed {
            let says = String::from_utf8_lossy(&output.stderr).into_owned();
            let peak: f64 = says.lines().last().and_then(|line| line.trim().parse().ok()).unwrap_or(0.0);
            println!("{name}: peak memory {:.1} MB", peak / 1000.0);
        }
        let parse = measure::yardstick(std::slice::from_ref(patient));
        let (parse, times) = (parse.as_secs_f64() * 1e3, ms(0) / (parse.as_secs_f64() * 1e3));
        println!(
            "{name}: serde_json parses it in {parse:.3} ms; a process that begins cold takes {times:.0} times that"
        );
    }
}
