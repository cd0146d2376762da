//! Load and hostile requests against a server that runs, and what its memory does meanwhile: figures for docs/service.md.
//!
//! `cargo run --release --example strike ADDRESS:PORT PID load|hostile COUNT THREADS [FILE...]`. Only an address of the loopback
//! interface is taken; COUNT bounds the requests, and no request waits longer than ten seconds.

#[allow(dead_code, reason = "tests use all of it")]
mod hostile_requests;

use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;
use std::time::{Duration, Instant};

use hostile_requests::hostile;

const WAIT: Duration = Duration::from_secs(10);

fn main() -> ExitCode {
    match run(&std::env::args().skip(1).collect::<Vec<_>>()) {
        Some(()) => ExitCode::SUCCESS,
        None => {
            eprintln!("strike ADDRESS:PORT PID load|hostile COUNT THREADS [FILE...]");
            ExitCode::from(2)
        }
    }
}

fn run(words: &[String]) -> Option<()> {
    let [address, pid, what, count, threads, files @ ..] = words else { return None };
    let address: SocketAddr = address.parse().ok().filter(|address: &SocketAddr| address.ip().is_loopback())?;
    let (count, threads): (u64, u64) = (count.parse().ok()?, threads.parse().ok()?);
    let bodies: Vec<Vec<u8>> =
        files.iter().map(|file| std::fs::read(file).ok().map(|body| post(&body))).collect::<Option<_>>()?;
    if what == "load" && bodies.is_empty() {
        return None;
    }
    let (next, done) = (AtomicU64::new(0), Mutex::new(Vec::new()));
    println!("requests\tresident KiB");
    let start = Instant::now();
    thread::scope(|scope| {
        for _ in 0..threads {
            scope.spawn(|| {
                let mut own = Vec::new();
                let mut open: Option<BufReader<TcpStream>> = None;
                loop {
                    let number = next.fetch_add(1, Ordering::Relaxed);
                    if number >= count {
                        break;
                    }
                    if number % (count / 10).max(1) == 0 {
                        println!("{number}\t{}", resident(pid).unwrap_or_default());
                    }
                    let begin = Instant::now();
                    let status = match bodies.get(number as usize % bodies.len().max(1)) {
                        Some(body) if what == "load" => asked(address, &mut open, body),
                        _ => struck(address, number),
                    };
                    own.push((status.unwrap_or(0), begin.elapsed()));
                }
                if let Ok(mut all) = done.lock() {
                    all.append(&mut own);
                }
            });
        }
    });
    let took = start.elapsed().as_secs_f64();
    println!("{count}\t{}", resident(pid).unwrap_or_default());
    let mut all = done.into_inner().ok()?;
    let mut statuses = std::collections::BTreeMap::<u16, u64>::new();
    for (status, _) in &all {
        *statuses.entry(*status).or_default() += 1;
    }
    println!("answers by status, 0 for none: {statuses:?}");
    all.sort_by_key(|(_, took)| *took);
    let at = |share: f64| {
        all.get(((all.len() - 1) as f64 * share) as usize).map_or(0.0, |(_, took)| took.as_secs_f64() * 1e3)
    };
    println!(
        "{count} requests, {threads} connections: {:.0} a second; p50 {:.2} ms, p99 {:.2} ms, most {:.2} ms",
        count as f64 / took,
        at(0.5),
        at(0.99),
        at(1.0)
    );
    println!("resident at most {} KiB", most(pid).unwrap_or_default());
    Some(())
}

fn post(body: &[u8]) -> Vec<u8> {
    let form = if body.first() == Some(&b'<') { "xml" } else { "json" };
    let head = format!(
        "POST /$validate HTTP/1.1\r\nhost: x\r\ncontent-type: application/fhir+{form}\r\ncontent-length: {}\r\n\r\n",
        body.len()
    );
    [head.into_bytes(), body.to_vec()].concat()
}

/// One request on a connection that is kept.
fn asked(address: SocketAddr, open: &mut Option<BufReader<TcpStream>>, request: &[u8]) -> Option<u16> {
    if open.is_none() {
        *open = Some(BufReader::new(connected(address)?));
    }
    let stream = open.as_mut()?;
    let status = stream.get_mut().write_all(request).ok().and_then(|()| answer(stream));
    if status.is_none() {
        *open = None;
    }
    status
}

fn struck(address: SocketAddr, number: u64) -> Option<u16> {
    let hostile = hostile(number);
    let mut stream = connected(address)?;
    let _ = stream.write_all(&hostile.bytes);
    if hostile.goes_away {
        return None;
    }
    let _ = stream.shutdown(Shutdown::Write);
    answer(&mut BufReader::new(stream))
}

fn connected(address: SocketAddr) -> Option<TcpStream> {
    let stream = TcpStream::connect(address).ok()?;
    stream.set_read_timeout(Some(WAIT)).ok()?;
    stream.set_write_timeout(Some(WAIT)).ok()?;
    stream.set_nodelay(true).ok()?;
    Some(stream)
}

fn answer(stream: &mut BufReader<TcpStream>) -> Option<u16> {
    let mut line = String::new();
    stream.read_line(&mut line).ok()?;
    let status = line.split(' ').nth(1)?.parse().ok()?;
    let mut length = 0;
    while line.trim_end() != "" {
        line.clear();
        stream.read_line(&mut line).ok()?;
        if let Some(said) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = said.trim().parse().ok()?;
        }
    }
    let mut body = vec![0; length];
    stream.read_exact(&mut body).ok()?;
    Some(status)
}

fn resident(pid: &str) -> Option<u64> {
    said(pid, "VmRSS:")
}

fn most(pid: &str) -> Option<u64> {
    said(pid, "VmHWM:")
}

fn said(pid: &str, name: &str) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{pid}/status")).ok()?;
    text.lines().find_map(|line| line.strip_prefix(name))?.split_whitespace().next()?.parse().ok()
}
